// Warnings: what the search remarks beside attacks by re-entry. None changes a verdict.
#include "check_fixture.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::vector<std::string> ids_of(const Report& report) {
    std::vector<std::string> ids;
    for (const Warning& warning : report.warnings) ids.push_back(warning.id);
    return ids;
}

Report checked_file(const std::string& path) { return check(compiled(path, contents(path)), {}); }

using Ids = std::vector<std::string>;

TEST(Warnings, TheAnswerPaysWhoeverEnteredLast) {
    const Report report = checked_file("contracts/block_king.ilk");
    ASSERT_EQ(ids_of(report), Ids{"W502"});
    EXPECT_EQ(report.warnings[0].contract, "BlockKing");
    EXPECT_GE(report.warnings[0].steps.size(), 3u);
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked_file("contracts/block_king_fixed.ilk")), Ids{});
}

constexpr const char* till = R"(
    contract Till {
        address payable immutable owner = payable(msg.sender);
        receive() external payable {}
        function drain() external { GUARD payable(msg.sender).transfer(address(this).balance); }
    }
)";

std::string till_with(const std::string& guard) {
    std::string source = till;
    return source.replace(source.find("GUARD"), 5, guard);
}

TEST(Warnings, AnybodyMayDrainTheTill) {
    const Report report = checked(till_with(""), 3);
    ASSERT_EQ(ids_of(report), Ids{"W501"});
    EXPECT_EQ(report.warnings[0].steps,
              (std::vector<std::string>{"alice Till.receive() with 10 ether", "mallory Till.drain()"}));
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked(till_with("require(msg.sender == owner);"))), Ids{});
}

TEST(Warnings, ThatSheIsPaidWhatAnHonestUserGivesHerIsNone) {
    EXPECT_EQ(ids_of(checked(R"(
        contract Gifts {
            mapping(address => uint256) public due;
            function give(address to) external payable { due[to] += msg.value; }
            function take() external { uint256 amount = due[msg.sender]; due[msg.sender] = 0; payable(msg.sender).transfer(amount); }
        })")),
              Ids{});
}

std::string pool_with(const std::string& before, const std::string& after) {
    return R"(
    contract Pool {
        uint256 public supply;
        mapping(address => uint256) shares;
        bool locked;
        modifier guarded() { require(!locked); locked = true; _; locked = false; }
        function join() external payable guarded { shares[msg.sender] += msg.value; supply += msg.value; }
        function leave(uint256 amount) external guarded {
            shares[msg.sender] -= amount;
            )" +
           before + R"(
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
            )" +
           after + R"(
        }
        function price() external view returns (uint256) { return supply == 0 ? 1 ether : address(this).balance * 1 ether / supply; }
    })";
}

TEST(Warnings, TheViewAnswersSomethingElseDuringTheCall) {
    const Report report = checked(pool_with("", "supply -= amount;"));
    ASSERT_EQ(ids_of(report), Ids{"W503"});
    EXPECT_NE(report.warnings[0].message.find("`Pool.price` answers 909"), std::string::npos) << report.warnings[0].message;
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked(pool_with("supply -= amount;", ""))), Ids{});
}

TEST(Warnings, ACallbackLeadsWhereNoOrderOfTheCallsDoes) {
    const Report report = checked(R"(
        contract Counted {
            uint256 rounds;
            uint256 done;
            function go() external {
                uint256 seen = rounds;
                (bool ok, ) = msg.sender.call("");
                require(ok);
                rounds = seen + 1;
                done += 1;
            }
        })");
    EXPECT_EQ(ids_of(report), Ids{"W504"});
}

}  // namespace
}  // namespace interlock::analyzer::tests
