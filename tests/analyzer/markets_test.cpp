// Markets: tokens that answer other questions, too, and that anybody may bring along.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// What comes in while a market pays is a reward of its stakers. A market says what it pays in.
std::string harvester(const std::string& guard) {
    return R"(
        interface IMarket {
            function balanceOf(address) external view returns (uint256);
            function transfer(address, uint256) external returns (bool);
            function transferFrom(address, address, uint256) external returns (bool);
            function rewardTokens() external view returns (address[] memory);
            function redeem() external;
        }
        contract Harvester {
            bool busy;
            modifier once() { )" +
           guard + R"( _; busy = false; }
            mapping(address => address[]) paidIn;
            mapping(address => mapping(address => uint256)) public staked;
            mapping(address => mapping(address => uint256)) public owed;
            function add(address market) external {
                require(paidIn[market].length == 0);
                paidIn[market] = IMarket(market).rewardTokens();
            }
            function stake(address market, uint256 amount) external once {
                staked[market][msg.sender] += amount;
                IMarket(market).transferFrom(msg.sender, address(this), amount);
            }
            function leave(address market, uint256 amount) external once {
                staked[market][msg.sender] -= amount;
                IMarket(market).transfer(msg.sender, amount);
            }
            function harvest(address market) external once {
                address token = paidIn[market][0];
                uint256 before = IMarket(token).balanceOf(address(this));
                IMarket(market).redeem();
                owed[token][msg.sender] += IMarket(token).balanceOf(address(this)) - before;
            }
            function claim(address token) external once {
                uint256 amount = owed[token][msg.sender];
                owed[token][msg.sender] = 0;
                IMarket(token).transfer(msg.sender, amount);
            }
        })";
}

TEST(Markets, OfHersSayThatTheyPayInTokensOfOthers) { expect_attack(harvester("busy = true;")); }

TEST(Markets, OfHersPayWhatTheyPay) { expect_none(harvester("require(!busy); busy = true;")); }

TEST(Markets, AreHonestTokensThatAnswerWhatTheyAreAsked) {
    const auto roots = systems_of(compiled("c.ilk", harvester("busy = true;")));
    const auto& market = roots.front().world.contracts().back();
    EXPECT_EQ(market.name, "AnsweringToken");
    World world = roots.front().world;
    const auto answer = ask_view(world.state(), market.address, lang::abi::call_data(lang::abi::selector("rewardTokens()")));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->size(), 64u);  // nothing
    EXPECT_FALSE(ask_view(world.state(), market.address, lang::abi::call_data(lang::abi::selector("rewards()"))));
}

}  // namespace
}  // namespace interlock::analyzer::tests
