// What is owed, and what may fail to be paid: credits where a payment failed, claims of all that was credited, lists.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_owed {
namespace {

bool assumes(const std::string& source, const std::string& what) {
    const CallbackFreedom found = freedom(source);
    return found.is_proved() && std::ranges::count(found.assumptions, what) != 0;
}

// Two payments, of which each may fail, and a function that claims what could not be paid.
std::string payers(const std::string& claim, const std::string& credit = "if (!ok) owed[to] += a;",
                   const std::string& more = "") {
    return "contract Payer { mapping(address => uint256) owed; uint256 left; uint256 total;"
           "function fill() external payable { left += msg.value; }"
           "function all(address x, address y, address z, uint256 a) external { require(left >= 3 * a); left -= 3 * a;"
           "_pay(x, a); _pay(y, a); _pay(z, a); }"
           "function _pay(address to, uint256 a) private { (bool ok,) = to.call{value: a}(\"\"); " +
           credit + " } " + claim + more + "}";
}

const std::string claim = "function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; " + pay + "}";

TEST(CallbackFreeOwed, WhatIsCreditedMayBeTakenBeforeOrAfterwards) {
    EXPECT_FREE(payers(claim));
    EXPECT_TRUE(assumes(payers(claim), assumed(Assumed::TakenAgain, "Payer")));
    EXPECT_TRUE(is_covered(payers(claim), "all"));
    EXPECT_FREE(payers("function claim() external { uint256 a = owed[msg.sender]; require(a > 0); owed[msg.sender] = 0; " +
                       pay + "}"));
    EXPECT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender]; if (a == 0) revert(); delete "
               "owed[msg.sender]; " +
               pay + "}"));
    EXPECT_FREE(payers(
        "function claim(address payable to) external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; _send(to, a); }"
        "function _send(address to, uint256 a) private { if (a == 0) return; (bool ok,) = to.call{value: a}(\"\"); "
        "require(ok); }"));
    EXPECT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; total -= a; " + pay + "}",
               "if (!ok) { owed[to] += a; total += a; }"));
}

// How much it was may be given back, if nobody heeds that.
TEST(CallbackFreeOwed, WhatIsTakenMayBeGivenBackAsWell) {
    const auto tells = [](const std::string& body, const std::string& more = "") {
        return payers("function claim() external returns (uint256 a) { a = owed[msg.sender]; owed[msg.sender] = 0; " + body +
                      "}" + more);
    };
    EXPECT_FREE(tells(pay));
    EXPECT_TRUE(assumes(tells(pay), assumed(Assumed::TakenAgain, "Payer")));
    EXPECT_TRUE(assumes(tells(pay), assumed(Assumed::Returns, "claim", "Payer")));
    EXPECT_NOT_FREE(tells("if (a > 7) a = 7; " + pay));
    EXPECT_NOT_FREE(tells("if (a > 7) return a; " + pay));
    EXPECT_NOT_FREE(tells(pay, "function twice() external { left += this.claim(); }"));
    EXPECT_NOT_FREE(
        payers("function claim() external { left += _claim(); } function _claim() private returns (uint256 a) {"
               "a = owed[msg.sender]; owed[msg.sender] = 0; " +
               pay + "}"));
}

// Of what lies there for one whom a variable names, too.
TEST(CallbackFreeOwed, FeesMayBeCollectedBeforeOrAfterwards) {
    const auto shop = [](const std::string& collect) {
        return "contract Shop { bool busy; uint256 fees; address immutable house; address till;"
               " constructor(address h) { house = h; till = h; }"
               " function buy(address to) external payable { require(!busy && fees != 7); busy = true; uint256 fee = "
               "msg.value / 9;"
               " (bool ok,) = to.call{value: msg.value - fee}(\"\"); require(ok); fees += fee; busy = false; }"
               " function collect() external { uint256 a = fees; fees = 0; " +
               collect +
               " } function _send(address to, uint256 a) private { (bool ok,) = to.call{value: a}(\"\"); require(ok); }"
               " function name() external { till = msg.sender; } }";
    };
    EXPECT_FREE(shop("(bool ok,) = house.call{value: a}(\"\"); require(ok);"));
    EXPECT_FREE(shop("_send(house, a);"));
    EXPECT_FREE(shop("_send(till, a);"));
    EXPECT_NOT_FREE(shop(pay));
    EXPECT_NOT_FREE(shop("_send(msg.sender, a);"));
    EXPECT_NOT_FREE(shop("_send(house, a / 2);"));
}

TEST(CallbackFreeOwed, WhoDoesMoreThanToTakeAllKeepsHerPlace) {
    // What is left after the call, paid twice, paid in part, or counted otherwise.
    EXPECT_NOT_FREE(payers("function claim() external { uint256 a = owed[msg.sender]; " + pay + " owed[msg.sender] = 0; }"));
    EXPECT_NOT_FREE(payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 1; " + pay + "}"));
    EXPECT_NOT_FREE(payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; " + pay +
                           " (ok,) = msg.sender.call{value: a}(\"\"); require(ok); }"));
    EXPECT_NOT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender] / 2; owed[msg.sender] = 0; " + pay + "}"));
    EXPECT_NOT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; left += a; " + pay + "}"));
    EXPECT_NOT_FREE(
        payers("function claim(bool yes) external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; if (yes) { " + pay +
               "} }"));
    EXPECT_NOT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; (bool ok,) = "
               "msg.sender.call{value: a}(\"\"); total += ok ? 1 : 2; }"));
    EXPECT_NOT_FREE(
        payers("function claim() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0; if (a > 5) left = "
               "0; " +
               pay + "}"));
    // Who looks at what is owed, or sets it, is no creditor.
    EXPECT_NOT_FREE(payers(claim, "if (!ok) owed[to] = a;"));
    EXPECT_NOT_FREE(payers(claim, "if (!ok && owed[to] == 0) owed[to] += a;"));
    EXPECT_NOT_FREE(payers(claim, "if (!ok) { owed[to] += a; require(owed[to] < 9); }"));
}

// Who takes all behind the call finds less if others take first, and what she claims then may fail.
TEST(CallbackFreeOwed, NobodyTakesWhatComesLater) {
    const auto behind = [](const std::string& take) {
        return "contract C { mapping(address => uint256) owed; address last; function f(address x) external {"
               "last = x; owed[x] += 1; (bool told,) = msg.sender.call(\"\"); require(told); " +
               take +
               "} function claim() external { require(last != address(9)); uint256 a = owed[msg.sender];"
               "owed[msg.sender] = 0; (bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); } }";
    };
    EXPECT_FREE(behind("owed[x] += 1;"));
    EXPECT_NOT_FREE(behind("uint256 a = owed[x]; require(a > 0); owed[x] = 0; " + pay));
}

// Who is credited while she is paid may not be taken to be credited before, if what she is owed then is looked at.
TEST(CallbackFreeOwed, WhatIsOwedBehindATakingIsNotLookedAt) {
    const auto twice = [](const std::string& more) {
        return "contract C { mapping(address => uint256) due; uint256[2] p; bool on;"
               "function put() external payable { due[msg.sender] += msg.value; }"
               "function take() external { require(!on); on = true; uint256 v = due[msg.sender]; due[msg.sender] = 0;"
               "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); " +
               more + " on = false; } }";
    };
    EXPECT_FREE(twice(""));
    EXPECT_NOT_FREE(twice("(ok,) = msg.sender.call{value: due[msg.sender]}(\"\"); require(ok);"));
}

// Nor by somebody who comes at a later call.
TEST(CallbackFreeOwed, NorDuringAnyCallBehindIt) {
    const auto counted = [](const std::string& between, const std::string& look) {
        return "contract C { mapping(address => uint256) due; mapping(address => uint256) seen; uint256 count; uint256 last;"
               "bool on; function put() external payable { due[msg.sender] += msg.value; count += 1; }"
               "function take() external { require(!on); on = true; uint256 v = due[msg.sender]; due[msg.sender] = 0;"
               "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); " +
               between +
               "on = false; (ok,) = msg.sender.call(\"\"); require(ok); }"
               "function look() external { require(!on && seen[msg.sender] != 7 && last != 7); " +
               look + " } }";
    };
    EXPECT_FREE(counted("last = count; ", "seen[msg.sender] += 1;"));
    EXPECT_FREE(counted("", "seen[msg.sender] = due[msg.sender];"));
    EXPECT_NOT_FREE(counted("last = count; ", "seen[msg.sender] = due[msg.sender];"));
}

// A payment that fails goes another way, also for lack of ether.
TEST(CallbackFreeOwed, PaymentsThatMayFailAreTakenToBeCovered) {
    const std::string soft =
        "contract C { uint256 failed; function fill() external payable {} function both(address x) external {"
        "(bool p,) = x.call{value: 1}(\"\"); (bool q,) = x.call{value: 1}(\"\"); if (!p || !q) failed += 1; } }";
    EXPECT_TRUE(is_covered(soft, "both"));
    EXPECT_NOT_FREE(
        "contract C { uint256 failed; function fill() external payable {} function both(address x) external {"
        "(bool p,) = x.call{value: 1}(\"\"); p; if (address(this).balance < 5) failed += 1; } }");
}

// Who looks at `last` cannot come before the call, but only behind all of it.
std::string factory(const std::string& more, const std::string& last = "total += 1;") {
    return "contract F { address[] all; mapping(address => bool) known; uint256 total; address last; modifier late() {"
           "require(last != address(9)); _; } function look() external late { require(total != 9); } function make(address "
           "x) external { last = x;"
           "(bool ok,) = x.call(\"\"); require(ok); known[x] = true; all.push(x); " +
           last + " } " + more + "}";
}

TEST(CallbackFreeOwed, ListsThatOnlyViewsReadHaveNoOrder) {
    EXPECT_FREE(factory(""));
    EXPECT_TRUE(assumes(factory(""), assumed(Assumed::OrderOfLists, "F")));
    EXPECT_FREE(
        factory("function at(uint256 i) external view returns (address) { return all[i]; }"
                "function count() external view returns (uint256) { return all.length; }"));
    EXPECT_FREE(
        "contract F { struct One { address a; uint256 n; } One[] all; address last; function make(address x) external "
        "{ last = x; (bool ok,) = x.call(\"\"); require(ok); all.push(One(x, 7)); } }");
}

// Also of texts, of which a view may tell the length by the same code.
TEST(CallbackFreeOwed, ListsMayHoldTexts) {
    const auto logged = [](const std::string& more) {
        return "contract Log { struct Message { address by; string text; uint256 n; } Message[] public history; string "
               "title;"
               "function add(address a, string calldata t, uint256 n) external { history.push(Message(a, t, n)); } " +
               more +
               "} contract Bank { mapping(address => uint256) b; uint256 n; Log log; constructor(Log l) { log = l; }"
               "function put() external payable { b[msg.sender] += msg.value; n += 1; log.add(msg.sender, \"put\", "
               "msg.value); }"
               "function take(uint256 a) external { require(n != 7); b[msg.sender] -= a; (bool ok,) = "
               "msg.sender.call{value: a}(\"\"); "
               "require(ok);"
               "log.add(msg.sender, \"take\", a); } }";
    };
    EXPECT_FREE(logged(""));
    EXPECT_FREE(
        logged("function length(uint256 i) external view returns (uint256) { return bytes(history[i].text).length; }"));
    EXPECT_NOT_FREE(
        logged("function first() external { require(bytes(history[0].text).length == 3); title = history[0].text; }"));
    EXPECT_NOT_FREE(logged("function drop() external { history.pop(); }"));
}

TEST(CallbackFreeOwed, ListsAtWhichSomebodyLooksHaveAnOrder) {
    EXPECT_NOT_FREE(factory("function drop() external late { all.pop(); }"));
    EXPECT_NOT_FREE(factory("function tell() external late { (bool ok,) = all[0].call{value: 1}(\"\"); require(ok); }"));
    EXPECT_NOT_FREE(factory("function set(uint256 i) external late { all[i] = msg.sender; }"));
    EXPECT_NOT_FREE(factory("function wipe() external late { delete all; }"));
    EXPECT_NOT_FREE(factory("", "total = all.length;"));
    EXPECT_NOT_FREE(factory("", "if (all.length > 3) total = 0;"));
    EXPECT_NOT_FREE(factory("mapping(address => uint256) lastOf;", "lastOf[x] = all.length;"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_owed
