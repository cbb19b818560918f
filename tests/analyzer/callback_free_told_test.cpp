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
// Who is told may have to accept it, with a word that is written out.
TEST(CallbackFreeTold, WhomItTellsMayAcceptIt) {
    const auto asked = [](const std::string& returns, const std::string& ask) {
        return "interface Ear { function hear(address from, uint256 n) external returns (" + returns +
               "); } contract Coin { mapping(address => uint256) b; bytes32 constant OK = keccak256(\"ok\"); uint256 n;"
               "function send(address to, address also, uint256 v) external { b[msg.sender] -= v; b[to] += v; " +
               ask + " b[also] += 0; " + ask + " n += 1; } function look() external { require(n != 7); } }";
    };
    EXPECT_TRUE(relies_on_tellings(asked("bytes32", "require(Ear(to).hear(msg.sender, v) == OK);")));
    EXPECT_TRUE(relies_on_tellings(asked("bool", "require(Ear(to).hear(msg.sender, v));")));
    EXPECT_TRUE(relies_on_tellings(asked("bytes4", "if (Ear(to).hear(msg.sender, v) != Ear.hear.selector) revert();")));
    EXPECT_FALSE(relies_on_tellings(asked("uint256", "require(Ear(to).hear(msg.sender, v) == 1);")));
    EXPECT_FALSE(relies_on_tellings(asked("bool", "if (Ear(to).hear(msg.sender, v)) n += 2;")));
    EXPECT_FALSE(relies_on_tellings(asked("bytes32", "require(Ear(to).hear(msg.sender, v) == bytes32(n));")));
}

// Who borrows gets what is lent, and gives it back.
TEST(CallbackFreeTold, BorrowersAreTold) {
    const auto lender = [](const std::string& call, const std::string& back) {
        return "interface T { function transfer(address to, uint256 v) external returns (bool); function "
               "transferFrom(address from, "
               "address to, uint256 v) external returns (bool); function balanceOf(address who) external view returns "
               "(uint256); } "
               "interface B { function onFlashLoan(address from, address token, uint256 v, uint256 fee, bytes calldata d) "
               "external "
               "returns (bytes32); function onLoan(address from, address token, uint256 v, uint256 fee, bytes calldata d) "
               "external "
               "returns (bytes32); } contract Coin { T immutable t; constructor(T x) { t = x; } uint256 cash; uint256 all;"
               "mapping(address => uint256) b; function put(uint256 v) external { require(t.transferFrom(msg.sender, "
               "address(this), v));"
               "uint256 s = v * (all + 1) / (cash + 1); cash += v; all += s; b[msg.sender] += s; }"
               "function take(uint256 s) external { uint256 v = s * (cash + 1) / (all + 1); b[msg.sender] -= s; all -= s; "
               "cash -= v;"
               "require(t.transfer(msg.sender, v)); }"
               "function lend(B to, uint256 v, bytes calldata d) external { require(t.transfer(address(to), v)); "
               "require(to." +
               call + "(msg.sender, address(t), v, v / 100, d) == keccak256(\"ok\")); " + back + " cash += v / 100; } }";
    };
    const std::string pull = "require(t.transferFrom(address(to), address(this), v + v / 100));";
    EXPECT_TRUE(relies_on_tellings(lender("onFlashLoan", pull)));
    EXPECT_NOT_FREE(lender("onLoan", pull));
    EXPECT_NOT_FREE(lender("onFlashLoan", "require(t.balanceOf(address(this)) >= cash);"));
}

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
