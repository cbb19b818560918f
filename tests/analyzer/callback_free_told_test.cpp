// What strangers are told by hooks, and what is read for nothing else.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_tellings {
namespace {

std::string coin(const std::string& tell, const std::string& more = "") {
    return "interface Hook { function told(address from, uint256 n) external; function asked(uint256 n) external returns "
           "(uint256); }"
           "contract Coin { mapping(address => uint256) b; mapping(address => address) hook; mapping(address => bool) deaf;"
           "function set(address h) external { hook[msg.sender] = h; }"
           "function hush(bool d) external { deaf[msg.sender] = d; }"
           "function mint() external payable { b[msg.sender] += msg.value; }" +
           more + "function send(address to, uint256 n) external { b[msg.sender] -= n; b[to] += n; " + tell + " } }";
}

bool relies_on_tellings(const std::string& source) {
    const CallbackFreedom found = freedom(source);
    return found.is_proved() && std::ranges::count(found.assumptions, assumed(Assumed::Tellings, "Coin")) != 0;
}

// Two hooks, one after the other: who is told what by the second may have been changed during the first.
TEST(CallbackFreeTold, WhomAHookTellsSomethingIsNoAccess) {
    const std::string both =
        "address h = hook[msg.sender]; if (h != address(0)) Hook(h).told(msg.sender, n);"
        "address g = hook[to]; if (g != address(0)) Hook(g).told(msg.sender, n);";
    EXPECT_TRUE(relies_on_tellings(coin(both)));
    EXPECT_TRUE(
        relies_on_tellings(coin("if (hook[msg.sender] != address(0)) Hook(hook[msg.sender]).told(msg.sender, b[msg.sender]);"
                                "if (!deaf[to] && to.code.length > 0) Hook(to).told(msg.sender, b[to]);")));
}

TEST(CallbackFreeTold, ButWhatElseIsMadeOfItIs) {
    // What the hook of one decides in earnest, that of another is only told.
    const std::string first = "b[hook[msg.sender]] += 1; Hook(msg.sender).told(to, n); address g = hook[to];";
    EXPECT_TRUE(relies_on_tellings(coin(first + "if (g != address(0)) Hook(g).told(msg.sender, n);")));
    // It is required, or written, or answered.
    EXPECT_FALSE(relies_on_tellings(coin(first + "require(g != address(0)); Hook(g).told(msg.sender, n);")));
    EXPECT_FALSE(
        relies_on_tellings(coin(first + "if (g != address(0)) Hook(g).told(msg.sender, n); hook[msg.sender] = g;")));
    EXPECT_FALSE(relies_on_tellings(coin(first + "if (g != address(0)) { Hook(g).told(msg.sender, n); b[to] += 1; }")));
    EXPECT_FALSE(relies_on_tellings(coin(first + "if (g == address(0)) return; Hook(g).told(msg.sender, n); b[to] += 1;")));
    // What it says decides, or it is paid.
    EXPECT_FALSE(relies_on_tellings(coin(first + "if (g != address(0)) require(Hook(g).asked(n) == 1);")));
    EXPECT_FALSE(
        relies_on_tellings(coin(first + "if (g != address(0)) { (bool ok,) = g.call{value: n}(\"\"); require(ok); }")));
    EXPECT_FALSE(
        relies_on_tellings(coin(first + "if (g != address(0)) try Hook(g).told(msg.sender, n) { b[to] += 1; } catch {}")));
}

// What comes in while somebody is told keeps no order with that.
TEST(CallbackFreeTold, TokensMayMoveMeanwhile) {
    const auto pawn = [](const std::string& tell) {
        return "interface T { function transfer(address to, uint256 n) external returns (bool);"
               "function transferFrom(address from, address to, uint256 n) external returns (bool); }"
               "interface Watcher { function settled(uint256 n) external; function asked(uint256 n) external returns "
               "(uint256); }"
               "contract Pawn { T immutable t; mapping(address => uint256) b; constructor(T x) { t = x; }"
               "function put(uint256 n) external { require(t.transferFrom(msg.sender, address(this), n)); b[msg.sender] += "
               "n; }"
               "function take(uint256 n, address other) external { b[msg.sender] -= n; require(t.transfer(msg.sender, "
               "n)); " +
               tell + " } }";
    };
    EXPECT_FREE(pawn("if (other.code.length > 0) { try Watcher(other).settled{gas: 50000}(n) {} catch {} }"));
    EXPECT_NOT_FREE(pawn("if (other.code.length > 0) b[msg.sender] += Watcher(other).asked(n);"));
}

// The ways of a fork meet, and part again with what they brought along.
TEST(CallbackFreeTold, NotWhereWhatTheWaysBringIsUsedLater) {
    const std::string before =
        "if (deaf[msg.sender]) b[to] += 1; Hook(msg.sender).told(to, n); uint256 x = 0;"
        "if (!deaf[msg.sender]) { Hook(to).told(msg.sender, n); x = 1; }";
    EXPECT_TRUE(relies_on_tellings(coin(before)));
    EXPECT_FALSE(relies_on_tellings(coin(before + "b[to] += x;")));
    EXPECT_FALSE(relies_on_tellings(coin(before + "uint256 z = x; if (n > 5) z = x + 1; b[to] += z;")));
}

// Here somebody does something when he is told.
TEST(CallbackFreeTold, NotWhereAContractOfTheScopeListens) {
    const std::string listener =
        "contract Pot { address immutable coin; mapping(address => uint256) has; constructor(address c) { coin = c; }"
        "function told(address from, uint256 n) external { require(msg.sender == coin); has[from] += n; } }";
    const std::string tell =
        "Hook(msg.sender).told(to, n); address g = hook[to]; if (g != address(0)) Hook(g).told(msg.sender, n);";
    EXPECT_TRUE(relies_on_tellings(coin(tell)));
    EXPECT_FALSE(relies_on_tellings(listener + coin(tell)));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_tellings
