// Sums and differences that are not checked where they are written: of what was checked before.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_sums {
namespace {

// As OpenZeppelin's ERC-20 moves shares. Who gives during `mint` cannot have come before it, which has looked at `n`.
std::string shares(const std::string& take, const std::string& add) {
    return "contract Shares { uint256 n; bool busy; uint256 total; mapping(address => uint256) b; error Few(address, "
           "uint256, uint256);"
           "function update(address from, address to, uint256 v) internal {"
           "  if (from == address(0)) { total += v; } else { " +
           take + " } if (to == address(0)) { unchecked { total -= v; } } else { " + add +
           " } }"
           "function give(address to, uint256 v) external { require(to != address(0)); n += 1; update(msg.sender, to, v); }"
           "function mint(uint256 v) external { require(!busy && n % 2 == v % 2); busy = true;"
           "  (bool ok,) = msg.sender.call(\"\"); require(ok); update(address(0), msg.sender, v); busy = false; } }";
}
const std::string take = "uint256 x = b[from]; if (x < v) revert Few(from, x, v); unchecked { b[from] = x - v; }";
const std::string add = "unchecked { b[to] += v; }";

TEST(CallbackFreeSums, WhatIsSubtractedMayHaveBeenCheckedBefore) {
    EXPECT_FREE(shares(take, add));
    EXPECT_FREE(shares("uint256 x = b[from]; require(x >= v); unchecked { b[from] = x - v; }", add));
    EXPECT_FREE(shares("uint256 x = b[from]; require(!(v > x)); unchecked { b[from] = x - v; }", add));
    EXPECT_FREE(shares("b[from] -= v;", add));
    EXPECT_FREE(shares("unchecked { b[from] -= v; }", add));  // which comes out the same in each order
    // Not checked, checked for another number, or of what was read before something else was written.
    EXPECT_NOT_FREE(shares("uint256 x = b[from]; require(x >= total); unchecked { b[from] = x - v; }", add));
    EXPECT_NOT_FREE(shares("uint256 x = b[from]; require(x <= v); unchecked { b[from] = x - v; }", add));
    EXPECT_NOT_FREE(shares("uint256 x = b[from]; if (x < v) v = 1; unchecked { b[from] = x - v; }", add));
    EXPECT_NOT_FREE(shares("uint256 x = b[from]; require(x >= v); b[to] = 7; unchecked { b[from] = x - v; }", add));
    EXPECT_NOT_FREE(shares("uint256 x = b[from]; require(x >= v); total = x; unchecked { b[from] = x - v; }", add));
}

TEST(CallbackFreeSums, WhatIsAddedWithoutACheckWasCheckedBefore) {
    EXPECT_NOT_FREE(shares(take, "unchecked { b[to] += v + 1; }"));
    EXPECT_NOT_FREE(shares(take, "unchecked { b[to] += v; b[to] *= 1; }"));
    // Who mints adds to the total first, and what is given away without being taken concerns nobody.
    EXPECT_FREE(shares("if (v > 5) { b[from] -= v; }", add));
}

TEST(CallbackFreeSums, AReadThatIsHeededIsNoPartOfADifference) {
    const auto bank_of = [](const std::string& body) {
        return bank("function take(uint256 v) external { uint256 x = b[msg.sender]; " + body +
                    " } uint256 last; function look() external { require(last != 9); }");
    };
    const std::string call = "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); ";
    EXPECT_FREE(bank_of("require(x >= v); unchecked { b[msg.sender] = x - v; } " + call));
    EXPECT_NOT_FREE(bank_of("require(x >= v); " + call + "unchecked { b[msg.sender] = x - v; }"));
    EXPECT_NOT_FREE(bank_of("require(x >= v); unchecked { b[msg.sender] = x - v; } " + call + "last = x;"));
    EXPECT_NOT_FREE(bank_of("if (x < v) revert(); " + call + "unchecked { b[msg.sender] = x - v; }"));
}

// What was found there is taken off again behind a call, during which others only add.
TEST(CallbackFreeSums, WhatWasSeenMayBeTakenOffBehindACall) {
    const auto funnel = [](const std::string& sweep, const std::string& more = "") {
        return "contract Funnel { address immutable boss; address immutable label; uint256 due; bool busy; "
               "constructor(address b, "
               "address l) { boss = b; label = l; } function play() external payable { due += msg.value; }"
               "function sweep() external { require(!busy); busy = true; uint256 a = due; " +
               sweep + " busy = false; } " + more + "}";
    };
    const std::string send = "(bool ok,) = label.call{value: a}(\"\"); require(ok);";
    EXPECT_FREE(funnel(send + "due -= a;"));
    EXPECT_FREE(funnel("require(a > 0); " + send + "due -= a;"));
    EXPECT_NOT_FREE(funnel(send + "due -= a;", "function less(uint256 n) external { due -= n; }"));
    EXPECT_NOT_FREE(funnel(send + "due -= a;", "function none() external { due = 0; }"));
    EXPECT_NOT_FREE(funnel("due -= 1; " + send + "due -= a;"));
    EXPECT_NOT_FREE(funnel(send + "due = due - a - 0 * due;"));
    EXPECT_NOT_FREE(funnel("for (uint256 i; i < 2; ++i) { " + send + "due -= a; }"));
    EXPECT_NOT_FREE(funnel(send + "due -= 2 * a;"));
}

// It may have been read for that alone.
TEST(CallbackFreeSums, WhatIsSubtractedMayHaveBeenAskedForBefore) {
    EXPECT_FREE(shares("if (b[from] < v) revert(); unchecked { b[from] -= v; }", add));
    EXPECT_FREE(shares("require(b[from] >= v); unchecked { b[from] -= v; }", add));
    EXPECT_NOT_FREE(
        shares("require(b[from] >= total); unchecked { b[from] -= v; }", "unchecked { b[to] += v; b[to] *= 1; }"));
    EXPECT_NOT_FREE(shares("require(b[from] >= v); b[to] = 7; unchecked { b[from] -= v; }", add));
    const auto gives = [](const std::string& take) {  // more than there is to nobody's loss, or what is there
        return bank("function give(address to, uint256 v) external { " + take +
                    "(bool ok,) = to.call(\"\"); require(ok);"
                    "unchecked { b[to] += v; } }");
    };
    EXPECT_FREE(gives("require(b[msg.sender] >= v); unchecked { b[msg.sender] -= v; }"));
    EXPECT_NOT_FREE(gives("if (b[msg.sender] >= v) { unchecked { b[msg.sender] -= v; } }"));
    EXPECT_NOT_FREE(gives("require(b[to] >= v); unchecked { b[msg.sender] -= v; }"));
}

// Also checked, and among other conditions.
TEST(CallbackFreeSums, WhatWasReadMayBeAskedForAndSubtracted) {
    const auto tries = [](const std::string& take) {
        return bank("function pay(uint256 v, uint256 w) external { uint256 had = b[msg.sender]; " + take +
                    "(bool told,) = msg.sender.call(\"\"); require(told || w > 1);"
                    "(bool ok,) = msg.sender.call{value: v}(\"\"); if (!ok) b[msg.sender] += v; }");
    };
    EXPECT_FREE(tries("require(v <= had); b[msg.sender] = had - v; "));
    EXPECT_FREE(tries("require(v > 0 && had >= v); b[msg.sender] = had - v; "));
    EXPECT_FREE(tries("if (v == 0 || v > had) revert(); b[msg.sender] = had - v; "));
    EXPECT_FREE(tries("if (v == 0 || had < v) revert(); unchecked { b[msg.sender] = had - v; } "));
    EXPECT_NOT_FREE(tries("if (v == 0 && had < v) revert(); unchecked { b[msg.sender] = had - v; } "));
    EXPECT_NOT_FREE(tries("if (!(v == 0 && had < v)) revert(); unchecked { b[msg.sender] = had - v; } "));
    EXPECT_NOT_FREE(tries("if (v == 0 || v < had) revert(); unchecked { b[msg.sender] = had - v; } "));
    EXPECT_NOT_FREE(tries("require(w <= had && had < 9); b[msg.sender] = had - v; "));
    EXPECT_NOT_FREE(tries("require(v <= had); b[address(1)] += 1; b[msg.sender] = had - v; "));
}

// What is passed on from hand to hand was there before others brought some.
TEST(CallbackFreeSums, WhatIsPassedOnNeedsNothingThatComesMeanwhile) {
    const std::string coin =
        "interface H { function moved() external; } contract Coin { mapping(address => uint256) b;"
        "mapping(address => mapping(address => uint256)) allowed; mapping(address => H) h;"
        "function set(H x) external { h[msg.sender] = x; } function mint() external payable { b[msg.sender] += msg.value; }"
        "function approve(address to, uint256 n) external { allowed[msg.sender][to] = n; }"
        "function send(address from, address to, uint256 n) external { allowed[from][msg.sender] -= n;"
        "if (address(h[from]) != address(0)) h[from].moved(); ";
    EXPECT_TRUE(pays_what_is_at_hand(coin + "b[from] -= n; b[to] += n; } }", "send"));
    EXPECT_NOT_FREE(coin + "b[from] -= n; b[to] += n; (bool ok,) = from.call{value: 1}(\"\"); require(ok); } }");
    EXPECT_NOT_FREE(coin + "b[from] -= n; b[to] = n; } }");
}

// Of a number that is only weighed against others all that matters is that it is at most, or at least, something.
TEST(CallbackFreeSums, NumbersAreWeighedAsBalancesAre) {
    const auto sale = [](const std::string& ask, const std::string& grow = "made += q; ") {
        return "contract Sale { uint256 made; uint256 kept; mapping(address => uint256) done; function grow(uint256 q) "
               "external {" +
               grow + "(bool ok,) = msg.sender.call(\"\"); require(ok); " + grow +
               "} function keep(uint256 q) external { kept += q; } function book(uint256 v) external { require(" + ask +
               " && done[msg.sender] == 0); done[msg.sender] = v; } }";
    };
    EXPECT_FREE(sale("made + v <= 500 - kept"));
    EXPECT_FREE(sale("v <= 500 - made - kept"));
    EXPECT_FREE(sale("kept >= v + made && made < 77"));
    EXPECT_FREE(sale("made - v >= kept + 3"));
    EXPECT_FREE(sale("made + v <= kept", "made += q; require(kept >= q); kept -= q; "));
    EXPECT_NOT_FREE(sale("made + v == 500 - kept"));
    EXPECT_NOT_FREE(sale("made + v <= 500 - kept && made >= v"));
    EXPECT_NOT_FREE(sale("made + v <= 500 - kept", "made += q; require(kept >= q); kept -= q; "));
    EXPECT_NOT_FREE(sale("made * v <= kept ** made"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_sums
