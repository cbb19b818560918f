// Interludes: calls that work only while another one waits, and plans of which the numbers are changed until they pay.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& steps) {
    const std::string place = "STEPS";
    return source.replace(source.find(place), place.size(), steps);
}

// A basket of ether and coins, locked, and a pawnshop that takes its shares for what the basket says they are worth.
const std::string pawnshop = R"(
    contract Coin {
        mapping(address => uint256) public balanceOf;
        mapping(address => mapping(address => uint256)) public allowance;
        constructor(uint256 supply) { balanceOf[msg.sender] = supply; }
        function approve(address spender, uint256 amount) external returns (bool) {
            allowance[msg.sender][spender] = amount;
            return true;
        }
        function transfer(address to, uint256 amount) external returns (bool) {
            balanceOf[msg.sender] -= amount;
            balanceOf[to] += amount;
            return true;
        }
        function transferFrom(address from, address to, uint256 amount) external returns (bool) {
            allowance[from][msg.sender] -= amount;
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
            return true;
        }
    }
    contract Basket {
        Coin immutable coin; uint256 public coins; uint256 public shares; bool open = true;
        mapping(address => uint256) public balanceOf;
        mapping(address => mapping(address => uint256)) public allowance;
        constructor(Coin coin_) { coin = coin_; }
        function fill(uint256 amount) external payable {
            require(open && amount > 0 && amount == msg.value);
            coin.transferFrom(msg.sender, address(this), amount);
            coins += amount;
            shares += amount;
            balanceOf[msg.sender] += amount;
        }
        function empty(uint256 amount) external {
            require(open);
            open = false;
            uint256 ethers = address(this).balance * amount / shares;
            uint256 part = coins * amount / shares;
            balanceOf[msg.sender] -= amount;
            shares -= amount;
            STEPS
            coin.transfer(msg.sender, part);
            open = true;
        }
        function approve(address spender, uint256 amount) external returns (bool) {
            allowance[msg.sender][spender] = amount;
            return true;
        }
        function transferFrom(address from, address to, uint256 amount) external returns (bool) {
            require(open);
            allowance[from][msg.sender] -= amount;
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
            return true;
        }
        function worth(uint256 amount) external view returns (uint256) {
            return amount == 0 ? 0 : amount * (address(this).balance + coins) / shares;
        }
    }
    contract Pawnshop {
        Basket immutable basket; mapping(address => uint256) public pledged; mapping(address => uint256) public owed;
        constructor(Basket basket_) payable { basket = basket_; }
        function pledge(uint256 amount) external {
            basket.transferFrom(msg.sender, address(this), amount);
            pledged[msg.sender] += amount;
        }
        function lend(uint256 amount) external {
            owed[msg.sender] += amount;
            require(owed[msg.sender] * 2 <= basket.worth(pledged[msg.sender]));
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
        }
    })";

// What she pledges is hardly worth anything, but for a moment.
TEST(Interludes, APriceIsTooHighWhileABasketIsEmptied) {
    const std::string pay = "(bool ok, ) = msg.sender.call{value: ethers}(\"\"); require(ok);", write = "coins -= part;";
    const Report late = checked(with(pawnshop, pay + write));
    ASSERT_TRUE(late.has_exploit());
    EXPECT_EQ(late.stats.unconfirmed, 0u) << late.unconfirmed;
    for (const Trace& trace : late.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(with(pawnshop, write + pay), 5).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
