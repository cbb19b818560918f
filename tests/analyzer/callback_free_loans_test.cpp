// What is capped, and what is lent for the time of a call.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

const std::string hook = R"((bool ok,) = msg.sender.call(""); require(ok);)";

// Who buys more cannot come later, since the entry asks for what was sold.
std::string edition(const std::string& takes, const std::string& buys, const std::string& others = "") {
    return "contract C { uint256 n; uint256 constant top = 100; uint256 cap; uint256 immutable most = 100; uint256 sold;"
           " mapping(address => uint256) b; function mint(uint256 q) external { " +
           takes + hook + " require(sold != 7); } function buy(uint256 q) external { " + buys + " sold += 1; } " + others +
           " }";
}
std::string edition(const std::string& takes) { return edition(takes, takes); }

TEST(CallbackFreeCaps, WhatIsCappedAlikeFitsInAnyOrder) {
    EXPECT_FREE(edition("require(n + q <= 100); n += q;"));
    EXPECT_FREE(edition("require(n + q <= top); n += q;", "require(q <= 100 - n); n += q;"));
    EXPECT_FREE(edition("n += q; require(n <= 100);", "require(n + q < 101); n += q;"));
    EXPECT_FREE(edition("n += q; require(q > 0 && n <= 100);"));
    EXPECT_FREE(edition("uint256 all = n + q; if (all > 100) revert(); n = all;"));
    EXPECT_FREE(edition("require(n < 100); n += 1;"));
    EXPECT_FREE(edition("require(q > 0 && n + block.timestamp <= 100); n += block.timestamp;"));
    EXPECT_FREE(edition("require(n < cap); n += 1;", "require(n + q <= cap); n += q;"));
    EXPECT_FREE(edition("require(n + q <= most); n += q;"));
    // One by one, by an internal function that checks each.
    EXPECT_FREE(edition("for (uint256 i = 0; i < q; ++i) one();", "one();",
                        "function one() internal { if (n >= 100) revert(); n += 1; }"));
    // By account.
    EXPECT_FREE(edition("b[msg.sender] += q; require(b[msg.sender] <= 3);"));
    // Who only asks may come before what is added, but not before what is taken.
    EXPECT_FREE(edition("require(n + q <= 100); n += q;", "require(n <= 50);"));
    EXPECT_FREE(edition("n += q;", "require(n <= 50);"));
    EXPECT_NOT_FREE(edition("require(n + q <= 100); n += q; b[msg.sender] += 1;", "require(n <= 50); b[msg.sender] -= 1;",
                            "function burn(uint256 q) external { n -= q; }"));
}

TEST(CallbackFreeCaps, ButNotUnderAnotherCapNorBehindWhatWasTaken) {
    const std::string plain = "require(n + q <= 100); n += q;";
    EXPECT_NOT_FREE(edition(plain, "n += q;"));
    EXPECT_NOT_FREE(edition(plain, "require(n + q <= 200); n += q;"));
    EXPECT_NOT_FREE(edition(plain, "require(n + q != 7); n += q;"));
    EXPECT_NOT_FREE(edition("require(n + 1 <= 100); n += q;"));
    EXPECT_NOT_FREE(edition("require(n <= 100); n += q;"));
    EXPECT_NOT_FREE(edition("if (q > 5) require(n + q <= 100); n += q;"));
    EXPECT_NOT_FREE(edition("require(n + q <= 100); n += q; n += q;"));
    EXPECT_NOT_FREE(edition("require(n + q <= 100); if (q > 5) n += q;"));
    EXPECT_NOT_FREE(edition("n -= q;", plain, "function put(uint256 q) external { n += q; }"));
    EXPECT_NOT_FREE(edition(plain + " n -= q;", plain));
    EXPECT_NOT_FREE(edition("require(n < cap); n += 1;", "require(n < cap); n += 1; cap = q;"));
    EXPECT_NOT_FREE(edition("b[msg.sender] += q; require(n <= 3); n += q;"));
    // The room was there before others came.
    EXPECT_NOT_FREE(edition("require(n + q <= 100); (bool o,) = msg.sender.call(\"\"); require(o); n += q;", plain));
}

std::string note(const std::string& repays, const std::string& others = "",
                 const std::string& lends = "b[msg.sender] += v;") {
    return "contract C { uint256 lent; uint256 votes; mapping(address => uint256) b; "
           "function put() external payable { b[msg.sender] += msg.value; }"
           "function take(uint256 a) external { votes += 1; b[msg.sender] -= a; " +
           pay +
           " } function move(address to, uint256 v) external { b[msg.sender] -= v; b[to] += v; }"
           "function flash(uint256 v, address to) external { lent += v; require(lent <= 1000);" +
           lends + hook + repays + " lent -= v; require(votes != 1); } function seen() external { require(lent < 9); }" +
           others + " }";
}

TEST(CallbackFreeLoans, WhatIsTakenBackIsNothingToOthers) {
    const CallbackFreedom found = freedom(note("b[msg.sender] -= v;"));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Lent, "flash")), 1);
    EXPECT_FREE(note("burn(msg.sender, v);", "function burn(address who, uint256 v) internal { b[who] -= v; }"));
    EXPECT_FREE(note("uint256 has = b[msg.sender]; require(has >= v); b[msg.sender] = has - v;"));
}

TEST(CallbackFreeLoans, ButOnlyIfAllOfItIsAndNobodyLooks) {
    EXPECT_NOT_FREE(note("b[msg.sender] -= v - 1;"));
    EXPECT_NOT_FREE(note("unchecked { b[msg.sender] -= v; }"));
    EXPECT_NOT_FREE(note("if (v > 5) b[msg.sender] -= v;"));
    EXPECT_NOT_FREE(note("b[to] -= v;"));
    EXPECT_NOT_FREE(note("if (b[msg.sender] >= v) b[msg.sender] -= v;"));
    EXPECT_NOT_FREE(note("b[msg.sender] -= v;", "function vote() external { require(b[msg.sender] > 100); votes += 1; }"));
    EXPECT_NOT_FREE(note("b[msg.sender] -= v;",
                         "function all() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + " }"));
    EXPECT_NOT_FREE(note("b[msg.sender] -= v;", "function reset(uint256 to) external { b[msg.sender] = to; }"));
    EXPECT_NOT_FREE(note("b[msg.sender] = 7; b[msg.sender] -= v;"));
    EXPECT_NOT_FREE(
        note("b[msg.sender] -= v;", "", "b[msg.sender] += v; require(b[msg.sender] & 1 == 0); b[msg.sender] |= 1;"));
    EXPECT_NOT_FREE(note("b[msg.sender] -= v;",
                         "function any(bytes calldata d) external { (bool ok,) = address(this).call(d);"
                         " require(ok); } function set(uint256 x) external"
                         " { require(msg.sender == address(this)); b[msg.sender] = x; }",
                         "b[msg.sender] += v; (bool o,) = to.call(\"\"); require(o);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
