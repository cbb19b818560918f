// Ether that goes to wallets, and that of several contracts.
#include "analyzer/assumptions.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_purses {
namespace {

// A sale that passes on what it gets.
std::string sale(const std::string& members, const std::string& more = "") {
    return "contract S { address owner = msg.sender; uint256 raised; mapping(address => bool) known; uint256 people; " +
           members +
           " function buy() external payable { uint256 r = raised + msg.value; require(r < 1000 ether); "
           R"((bool ok,) = wallet.call{value: msg.value}(""); require(ok); if (!known[msg.sender]) people += 1; )"
           "known[msg.sender] = true; raised = r; } " +
           more + " }";
}

TEST(CallbackFreePurses, TheOwnerNamesHerWallet) {
    const std::string given = "address wallet; constructor(address w) { wallet = w; }";
    const std::string names = "function name(address w) external { require(msg.sender == owner); wallet = w; }";
    const CallbackFreedom found = freedom(sale(given, names));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::OwnersWallet, "wallet", "S")), 1);
    // The sale itself is no wallet of hers, though it takes what it is paid.
    const CallbackFreedom takes = freedom(sale(given, names + "receive() external payable { this.buy(); }"));
    EXPECT_TRUE(takes.is_proved()) << obstacles(takes);
    EXPECT_EQ(std::ranges::count(takes.assumptions, assumed(Assumed::Elsewhere, "wallet", "S")), 1);
    EXPECT_NOT_FREE(sale(given));
    EXPECT_NOT_FREE(sale(given, "function name(address w) external { require(msg.sender == wallet); wallet = w; }"));
    EXPECT_NOT_FREE(sale(given, "function name(address w) external { wallet = w; }"));
    EXPECT_NOT_FREE(sale("address immutable wallet; constructor(address w) { wallet = w; }"));
    // What a contract of the scope does there is known.
    const auto beside = [&](const std::string& paid) {
        return freedom(
                   "contract Split { address to; constructor(address x) { to = x; } function seen() external view returns "
                   "(bool) { return to != address(0); } receive() external payable { " +
                       paid + " } } " +
                       sale(given + "Split split = new Split(msg.sender); function look() external view returns (bool) { "
                                    "return split.seen(); }",
                            names),
                   "S")
            .is_proved();
    };
    EXPECT_TRUE(beside(""));
    EXPECT_FALSE(beside("(bool ok,) = to.call{value: msg.value}(\"\"); require(ok);"));
}

// A crew that pays from its own purse, and an office with another one.
std::string crew(const std::string& take, const std::string& more = "") {
    return "contract O { address immutable owner = msg.sender; receive() external payable {} " + take +
           " } contract C { O immutable office; bool busy; uint256 left; constructor(O o) { office = o; } "
           "receive() external payable {} function pay(address who) external { require(!busy); busy = true; "
           R"((bool ok,) = who.call{value: address(this).balance / 2}(""); require(ok); left = address(this).balance; )"
           "busy = false; } function ask() external view returns (uint256) { return office.sum(); } " +
           more + " }";
}

TEST(CallbackFreePurses, EachContractHasItsOwnEther) {
    const std::string sum = "function sum() external view returns (uint256) { return 1; }";
    const std::string all = R"({value: address(this).balance}(""); require(ok); })";
    EXPECT_FREE(crew(sum + "function take() external { (bool ok,) = owner.call" + all));
    EXPECT_NOT_FREE(crew(sum + "function take(address to) external { (bool ok,) = to.call" + all));
    EXPECT_NOT_FREE(crew(sum + "function take() external { (bool ok,) = owner.call" + all,
                         "function give() external { (bool ok,) = tx.origin.call" + all));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_purses
