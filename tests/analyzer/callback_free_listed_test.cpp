// Callback-freedom of contracts that call only whom they find on a list of theirs: who may put somebody there knows whom.
#include <algorithm>

#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_lists {
namespace {

struct Pool {
    std::string list = "function list(Plan p, bool yes) external { require(msg.sender == owner); listed[p] = yes; }";
    std::string check = "require(listed[p]);";
    std::string call = "p.invest{value: a}(7)";
    std::string more = "";

    [[nodiscard]] std::string source() const {
        return "interface Plan { function invest(uint256 n) external payable returns (uint256);"
               "function give(address to) external payable returns (uint256); function see() external returns (uint256); }"
               "contract Pool { address immutable owner = msg.sender; mapping(Plan => bool) listed;"
               "mapping(address => uint256) idle; mapping(address => uint256) got;"
               "function fund() external payable { idle[msg.sender] += msg.value; }"
               "function take() external { uint256 a = idle[msg.sender]; idle[msg.sender] = 0;"
               "(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); }"
               "function invest(Plan p, Plan other, uint256 a) external { " +
               check + " uint256 have = idle[msg.sender]; require(have >= a); uint256 r = " + call +
               "; idle[msg.sender] = have - a; got[msg.sender] += r; }" + list + more + "}";
    }
};

TEST(CallbackFreeLists, WhoeverStandsThereCallsNobody) {
    EXPECT_FREE(Pool{}.source());
    const CallbackFreedom found = freedom(Pool{}.source());
    const std::string trusted = assumed(Assumed::TrustedRole, "whoever stands in `listed`", "Pool");
    EXPECT_EQ(std::ranges::count(found.assumptions, trusted), 1);
    EXPECT_FREE((Pool{.check = "if (!listed[p]) revert();"}.source()));
    EXPECT_FREE(
        (Pool{.check = "_check(p);", .more = "function _check(Plan x) private view { require(listed[x]); }"}.source()));
    EXPECT_FREE((Pool{.call = "p.see()"}.source()));
    // Another one, or nobody, was looked for, or one of two.
    EXPECT_NOT_FREE((Pool{.check = ""}.source()));
    EXPECT_NOT_FREE((Pool{.check = "require(!listed[p]);"}.source()));
    EXPECT_NOT_FREE((Pool{.check = "require(listed[other]);"}.source()));
    EXPECT_NOT_FREE((Pool{.check = "require(listed[p]); p = other;"}.source()));
    EXPECT_NOT_FREE((Pool{.check = "require(listed[p] || a == 7);"}.source()));
    EXPECT_NOT_FREE((Pool{.check = "if (listed[p]) a = 0;"}.source()));
    // It is told of a user, or paid by what takes nothing.
    EXPECT_NOT_FREE((Pool{.call = "p.give(msg.sender)"}.source()));
    EXPECT_NOT_FREE((Pool{.call = "p.give(address(p))"}.source()));
}

TEST(CallbackFreeLists, AreThoseOfWhoeverDeploysAndOfNoUsers) {
    EXPECT_NOT_FREE((Pool{.list = "function list(Plan p, bool yes) external { listed[p] = yes; }"}.source()));
    EXPECT_NOT_FREE(
        (Pool{.list = "function list(Plan p) external payable { require(msg.value == 1); listed[p] = true; }"}.source()));
    // Who is let in by it may be anybody.
    EXPECT_NOT_FREE(
        (Pool{.more = "function hello() external { require(listed[Plan(msg.sender)]); got[msg.sender] = 1; }"}.source()));
    EXPECT_NOT_FREE((Pool{.more = "function hello() external { require(_has(msg.sender)); got[msg.sender] = 1; }"
                                  "function _has(address x) private view returns (bool) { return listed[Plan(x)]; }"}
                         .source()));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_lists
