// Whether there are enough tokens, asked right before they are moved; and what accounts only say of themselves.
#include "analyzer/assumptions.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_holdings {
namespace {

const std::string token =
    "interface T { function transfer(address to, uint256 v) external returns (bool); "
    "function transferFrom(address from, address to, uint256 v) external returns (bool); "
    "function balanceOf(address who) external view returns (uint256); "
    "function allowance(address owner, address by) external view returns (uint256); }";
const std::string pull = "require(t.transferFrom(msg.sender, address(this), v));";

std::string stake(const std::string& body, const std::string& more = "") {
    return token + "contract C { T t; T other; address owner = msg.sender; constructor(T x, T y) { t = x; other = y; } " +
           "mapping(address => uint256) b; event E(); function stake(uint256 v) external { " + body +
           " } function leave(uint256 v) external { b[msg.sender] -= v; require(t.transfer(msg.sender, v)); } " + more + "}";
}

bool relies_on_enough(const std::string& source) {
    return std::ranges::count(freedom(source).assumptions, assumed(Assumed::Enough)) != 0;
}

TEST(CallbackFreeHoldings, AMoveFindsOutWhetherThereIsEnough) {
    const std::string has = "require(t.balanceOf(msg.sender) >= v);",
                      lets = "require(t.allowance(msg.sender, address(this)) >= v);", book = "b[msg.sender] += v;";
    EXPECT_FREE(stake(has + book + pull));
    EXPECT_FREE(stake(lets + book + pull));
    EXPECT_FREE(stake(lets + has + book + "emit E();" + pull));
    EXPECT_FREE(stake("if (t.balanceOf(msg.sender) < v) revert(); " + book + pull));
    EXPECT_TRUE(relies_on_enough(stake(has + book + pull)));
    EXPECT_FALSE(relies_on_enough(stake(book + pull)));
    EXPECT_FREE(stake(book + pull));
}

TEST(CallbackFreeHoldings, OnlyOfWhatIsMovedNext) {
    const auto asking = [](const std::string& asks, const std::string& moves = pull) {
        return stake("require(" + asks + "); b[msg.sender] += v; " + moves);
    };
    EXPECT_FREE(asking("t.balanceOf(msg.sender) >= v"));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) > v"));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) >= v + 1"));
    EXPECT_NOT_FREE(asking("t.balanceOf(owner) >= v"));
    EXPECT_NOT_FREE(asking("other.balanceOf(msg.sender) >= v"));
    EXPECT_NOT_FREE(asking("t.allowance(msg.sender, owner) >= v"));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) <= v"));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) >= v", "other.transferFrom(msg.sender, address(this), v);" + pull));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) >= v", "if (v != 7) " + pull));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) >= v", "try t.transferFrom(msg.sender, address(this), v) {} catch {}"));
    EXPECT_NOT_FREE(asking("t.balanceOf(msg.sender) >= v",
                           "(bool ok,) = address(t).call(abi.encodeCall(T.transferFrom, (msg.sender, address(this), v)));"
                           "if (!ok) emit E();"));
    EXPECT_FREE(asking("t.balanceOf(msg.sender) >= v",
                       "(bool ok,) = address(t).call(abi.encodeCall(T.transferFrom, (msg.sender, address(this), v)));"
                       "require(ok);"));
}

TEST(CallbackFreeHoldings, ARoundAsksForItsOwnAmount) {
    const auto rounds = [](const std::string& asks) {
        return token + "contract C { T immutable t; constructor(T x) { t = x; } mapping(address => uint256) b; " +
               "function stake(uint256[] calldata a) external { for (uint256 i = 0; i < a.length; ++i) { uint256 v = "
               "a[i]; " +
               asks + "b[msg.sender] += v; " + pull + " } } }";
    };
    EXPECT_FREE(rounds(""));
    EXPECT_FREE(rounds("require(t.balanceOf(msg.sender) >= v);"));
    EXPECT_NOT_FREE(rounds("require(t.balanceOf(msg.sender) >= v); if (v == 7) continue;"));
}

// A token that tells whoever asked for it of what it gets.
std::string vault(const std::string& hooks, const std::string& more = "") {
    return "interface R { function got(uint256 v) external; } contract T { mapping(address => uint256) b; "
           "mapping(address => bool) told; " +
           hooks +
           "function transfer(address to, uint256 v) external { b[msg.sender] -= v; b[to] += v; if (told[to]) R(to).got(v); "
           "}"
           "function transferFrom(address from, address to, uint256 v) external { b[from] -= v; b[to] += v; "
           "if (told[to]) R(to).got(v); } }"
           "contract V { T immutable t; uint256 all; mapping(address => uint256) s; constructor(T x) { t = x; } "
           "function put(uint256 v) external { uint256 n = all == 0 ? v : v * 2 / all; "
           "t.transferFrom(msg.sender, address(this), v); all += n; s[msg.sender] += n; } "
           "function got(uint256) external { (bool ok,) = tx.origin.call(\"\"); require(ok); }" +
           more + "}";
}

TEST(CallbackFreeHoldings, WhatAContractNeverSaysOfItself) {
    const std::string own = "function tell(bool on) external { told[msg.sender] = on; }";
    EXPECT_FREE(vault(own));
    EXPECT_NOT_FREE(vault("function tell(address who, bool on) external { told[who] = on; }"));
    EXPECT_NOT_FREE(vault(own, "function hear() external { t.tell(true); }"));
    EXPECT_NOT_FREE(
        vault(own, "function run(address a, bytes calldata d) external { (bool ok,) = a.call(d); require(ok); }"));
}

TEST(CallbackFreeHoldings, WhoMadeItMayBeTheReceiver) {
    const auto spring = [](const std::string& keeper) {
        return "interface R { function got(uint256 v) external; } contract T { mapping(address => uint256) b; "
               "mapping(address => bool) told; function tell(bool on) external { told[msg.sender] = on; } "
               "function transfer(address to, uint256 v) external { b[msg.sender] -= v; b[to] += v; "
               "if (told[to]) R(to).got(v); } }"
               "contract S { T immutable t; address immutable keeper; constructor(T x, address k) { t = x; keeper = " +
               keeper +
               "; } function flow() external returns (uint256) { require(msg.sender == keeper); t.transfer(keeper, 5); "
               "return 5; } }"
               "contract V { T immutable t; S immutable s; uint256 all; constructor(T x, address k) { t = x; s = new S(x, "
               "k); "
               "} function take() external { uint256 n = all; n += s.flow(); all = n; } }";
    };
    EXPECT_FREE(spring("msg.sender"));
    EXPECT_NOT_FREE(spring("k"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_holdings
