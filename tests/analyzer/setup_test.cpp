// Checks that start where a scenario ends, because the user named it.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

constexpr const char* source = R"(
    contract Desk {
        bool open;
        mapping(address => uint256) public due;
        uint256 immutable key;
        constructor(uint256 k) { key = k; }
        function start(uint256 k) external { require(uint256(keccak256(abi.encode(k))) == key); open = true; }
        function pay() external payable { require(open); due[msg.sender] += msg.value; }
        function leave() external {
            (bool ok, ) = msg.sender.call{value: due[msg.sender]}("");
            require(ok);
            due[msg.sender] = 0;
        }
    }
    contract Office { Desk public desk; constructor(uint256 k) { desk = new Desk(k); } }

    scenario opened {
        deploy office = Office(uint256(keccak256(abi.encode(uint256(12)))));
        office.desk().start(12) by owner;
        office.desk().pay{value: 5 ether}() by carol;
    }
    scenario closed { deploy desk = Desk(7); }
    scenario fails { deploy desk = Desk(7); desk.start(1) by owner; }
    scenario hers { deploy desk = Desk(7); desk.leave() by mallory; }
    scenario many { deploy desk = Desk(7); interleave { { desk.leave(); } || { desk.leave(); } } }
)";

Report checked_from(const std::string& setup) {
    CheckOptions options;
    options.setup = setup;
    options.timeout_seconds = 3;
    return check(compiled("c.ilk", source), options);
}

TEST(Setup, IsWhereTheCheckStarts) {
    const Report report = checked_from("opened");
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    EXPECT_EQ(report.attacks[0].script.recipe.steps.front().plays, "opened");
    EXPECT_TRUE(replay(to_json(report.attacks[0])).repeats);
    EXPECT_FALSE(checked_from("closed").has_exploit());
}

// A function of that name makes no test of a contract that users pay.
TEST(Setup, IsNotEveryFunctionOfThatName) {
    for (const char* const kind : {"external payable", "external"})
        expect_attack(std::string("contract Shop { mapping(uint256 => uint256) price; mapping(uint256 => address) seller;"
                                  "uint256 count; function pay() external payable { price[count] = msg.value;"
                                  "seller[count++] = msg.sender; } function setUp() ") +
                      kind +
                      " { seller[count++] = msg.sender; } function leave(uint256 n) external {"
                      "require(seller[n] == msg.sender); (bool ok, ) = msg.sender.call{value: price[n]}(\"\");"
                      "require(ok); price[n] = 0; } }");
}

TEST(Setup, SaysWhyItCannotStart) {
    const auto why = [](const std::string& setup) {
        const Report report = checked_from(setup);
        EXPECT_EQ(report.stats.end, SearchEnd::NotSearched);
        return report.verdicts.front().reasons.back();
    };
    EXPECT_NE(why("fails").find("this reverts"), std::string::npos);
    EXPECT_NE(why("hers").find("mallory"), std::string::npos);
    EXPECT_NE(why("many").find("interleave"), std::string::npos);
}

}  // namespace
}  // namespace interlock::analyzer::tests
