// Callback-freedom of tokens that sell what they took as fees: the exchange stands in the source, or the owner names it, and the
// way of the trade is an array that the function makes.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_exchanges {
namespace {

struct Token {
    std::string exchange = "Exchange constant exchange = Exchange(0x1000000000000000000000000000000000000001);";
    std::string way = "way[1] = exchange.weth();";
    std::string more = "";
    std::string sale = "exchange.sell(balanceOf[address(this)], 0, way, address(this), block.timestamp);";

    [[nodiscard]] std::string source() const {
        return "interface Exchange { function weth() external view returns (address); function sell(uint256 a, uint256 "
               "least, "
               "address[] calldata way, address to, uint256 until) external; function add(address token, uint256 a) "
               "external "
               "payable; } contract T { mapping(address => uint256) public balanceOf; bool inSale; address owner = "
               "msg.sender;" +
               exchange +
               "constructor() { balanceOf[msg.sender] = 1e24; } receive() external payable {}"
               "function transfer(address to, uint256 a) external returns (bool) { uint256 fee = a / 100;"
               "if (!inSale && balanceOf[address(this)] >= 1e18) { inSale = true; _sell(); inSale = false; }"
               "balanceOf[msg.sender] -= a; balanceOf[address(this)] += fee; balanceOf[to] += a - fee; return true; }"
               "function _sell() private { address[] memory way = new address[](2); way[0] = address(this); " +
               way + sale + "} " + more + "}";
    }
};

TEST(CallbackFreeExchanges, TheWayOfATradeMayNameWhomTheExchangeKnows) {
    EXPECT_FREE(Token{}.source());
    const CallbackFreedom found = freedom(Token{}.source());
    const std::string trusted = assumed(Assumed::Trusted, "0x1000000000000000000000000000000000000001");
    EXPECT_EQ(std::ranges::count(found.assumptions, trusted), 1);
    EXPECT_FREE((Token{.way = "way[1] = address(0x2000000000000000000000000000000000000002);"}.source()));
    EXPECT_FREE((Token{.way = "address w = exchange.weth(); if (owner != w) way[1] = w;"}.source()));
    // Somebody else may be among them, by whatever way.
    EXPECT_NOT_FREE((Token{.way = "way[1] = msg.sender;"}.source()));
    EXPECT_NOT_FREE((Token{.way = "way[1] = exchange.weth(); if (block.number > 9) way[1] = msg.sender;"}.source()));
    EXPECT_NOT_FREE(
        (Token{.way = "_put(way);", .more = "function _put(address[] memory w) private view { w[1] = msg.sender; }"}
             .source()));
    EXPECT_NOT_FREE((Token{.way = "address[] memory other = way; other[1] = msg.sender;"}.source()));
    EXPECT_NOT_FREE((Token{.way = "assembly { mstore(add(way, 64), caller()) }"}.source()));
    EXPECT_NOT_FREE(
        (Token{.way = "way = given;", .more = "address[] given; function give(address x) external { given.push(x); }"}
             .source()));
    EXPECT_NOT_FREE((Token{.way = "way[1] = Exchange(msg.sender).weth();"}.source()));
    EXPECT_NOT_FREE(
        (Token{.sale = "exchange.sell(balanceOf[address(this)], 0, way, msg.sender, block.timestamp);"}.source()));
}

TEST(CallbackFreeExchanges, TheOwnerMayNameAnother) {
    const std::string set = "function set(Exchange x) external { require(msg.sender == owner); exchange = x; }";
    EXPECT_FREE((Token{.exchange = "Exchange exchange;", .more = set}.source()));
    EXPECT_FREE((Token{.exchange = "Exchange exchange;",
                       .more = set,
                       .sale = "exchange.sell(balanceOf[address(this)] / 2, 0, way, address(this), block.timestamp);"
                               "exchange.add{value: address(this).balance}(address(this), balanceOf[address(this)] / 2);"}
                     .source()));
    EXPECT_NOT_FREE(
        (Token{.exchange = "Exchange exchange;", .more = "function set(Exchange x) external { exchange = x; }"}.source()));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_exchanges
