// What is known of a word, and on which way it is.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_facts {
namespace {

// Whether a claim may be entered depends on a number that is zero where there is none.
std::string grants(const std::string& due, const std::string& needed) {
    return "contract Grants { struct G { uint96 length; uint256 total; uint256 taken; } mapping(address => G) gs; bool on;"
           "modifier once() { require(!on); on = true; _; on = false; }"
           "function grant(address to, uint96 n) external payable { require(gs[to].total == 0 && n > 0 && msg.value > 0);"
           "gs[to] = G(n, msg.value, 0); }" +
           due + "function take() external once { G storage g = gs[msg.sender]; uint256 a = due(msg.sender) - g.taken;" +
           needed + pay + " g.taken += a; } }";
}

TEST(CallbackFreeFacts, AResultThatMustNotBeZeroSaysWhichWayWasTaken) {
    const std::string due =
        "function due(address to) public view returns (uint256) { G storage g = gs[to];"
        "if (g.total == 0) return 0; if (block.timestamp >= g.length) return g.total; return g.total / g.length; }";
    EXPECT_FREE(grants(due, "require(a > 0);"));
    EXPECT_FREE(grants(due, "require(a != 0);"));
    EXPECT_FREE(grants(due, "if (a == 0) revert();"));
    // Who has none yet may be granted some while nothing is paid.
    EXPECT_NOT_FREE(grants(due, ""));
    EXPECT_NOT_FREE(grants(due, "if (a == 0) on = true;"));
    EXPECT_NOT_FREE(
        grants("function due(address to) public view returns (uint256) { G storage g = gs[to];"
               "if (g.total == 0) return 1; if (block.timestamp >= g.length) return g.total; return g.total / g.length; }",
               "require(a > 0);"));
}

// The outcome is not decided twice.
std::string poll(const std::string& needed, const std::string& decide = "require(outcome == 0 && way > 0);",
                 const std::string& way = "outcome == 0 || b[who].way != outcome") {
    return "contract Poll { struct B { uint8 way; uint248 n; } mapping(address => B) b; uint8 outcome; uint256[3] tally;"
           "mapping(address => bool) on; address immutable one = msg.sender;"
           "function vote(uint8 way) external payable { require(outcome == 0 && b[msg.sender].n == 0 && msg.value > 0 && "
           "way "
           "> 0);"
           "b[msg.sender] = B(way, uint248(msg.value)); tally[way] += msg.value; }"
           "function decide(uint8 way) external { require(msg.sender == one); " +
           decide +
           " outcome = way; }"
           "function worth(address who) public view returns (uint256) { if (" +
           way +
           ") return 0; return b[who].n * (tally[1] + tally[2]) / tally[outcome]; }"
           "function claim() external { require(!on[msg.sender]); on[msg.sender] = true; uint256 a = worth(msg.sender); " +
           needed + pay + " b[msg.sender].n = 0; on[msg.sender] = false; } }";
}

TEST(CallbackFreeFacts, EachWayIntoAForkIsOfItsOwn) {
    EXPECT_FREE(poll("require(a > 0);"));
    EXPECT_NOT_FREE(poll(""));
    EXPECT_NOT_FREE(poll("require(a > 0);", "require(outcome == 0 && way > 0);", "b[who].way != outcome"));
}

// A number that is never great is known where it was asked for, too: in every round of a loop.
TEST(CallbackFreeFacts, APhaseIsKnownWhereItWasAskedFor) {
    const auto fund = [](const std::string& asked, const std::string& finish) {
        return "contract Fund { enum Phase { Open, Paid, Over } Phase phase; uint256 all; address[] backers;"
               "mapping(address => uint256) b; function pledge() external payable { require(phase == Phase.Open); "
               "backers.push(msg.sender); b[msg.sender] += msg.value; all += msg.value; } function finish() external { " +
               finish +
               " if (all > 9) phase = Phase.Paid; else phase = Phase.Over; } function refund(uint256 most) external { " +
               asked +
               " for (uint256 i; i < most; ++i) { address who = backers[backers.length - 1]; backers.pop();"
               "uint256 a = b[who]; b[who] = 0; all -= a; (bool ok,) = who.call{value: a}(\"\"); require(ok); } } }";
    };
    const std::string open = "require(phase == Phase.Open);";
    EXPECT_FREE(fund("require(phase == Phase.Over);", open));
    EXPECT_NOT_FREE(fund("require(phase == Phase.Over);", ""));
    EXPECT_NOT_FREE(fund("require(phase != Phase.Paid);", open));
}

// Two numbers, or one and a constant, compare as they did as long as nobody writes them.
TEST(CallbackFreeFacts, WhatWasComparedComparesAsBefore) {
    const auto sale = [](const std::string& won, const std::string& lost, const std::string& open = "require(!done);",
                         const std::string& more = "") {
        return "contract Sale { uint256 immutable goal; uint256 cap; mapping(address => uint256) given; uint256 raised;"
               "mapping(address => uint256) won; mapping(address => uint256) lost; bool done; constructor(uint256 g) { goal "
               "= g; cap = g; }"
               "function reached() public view returns (bool) { return raised >= goal; }"
               "function buy() external payable { " +
               open +
               " given[msg.sender] += msg.value; raised += msg.value; } function end() external { require(!done); done = "
               "true; }"
               "function claim(address to) external { require(done); require(" +
               won +
               "); won[to] += given[msg.sender]; given[msg.sender] = 0; require(won[to] < 2 ** 99); }"
               "function refund(address to) external { require(done); require(" +
               lost + "); uint256 a = won[to]; (bool ok,) = msg.sender.call(\"\"); require(ok); lost[to] += a + won[to]; }" +
               more + " }";
    };
    EXPECT_FREE(sale("raised >= goal", "raised < goal"));
    EXPECT_FREE(sale("goal <= raised", "!(raised >= goal)"));
    EXPECT_FREE(sale("reached()", "!reached()"));
    EXPECT_FREE(sale("raised >= cap", "raised < cap"));
    EXPECT_FREE(sale("raised >= 5 ether", "raised < 5 ether"));
    EXPECT_FREE(sale("raised == goal", "raised > goal"));
    EXPECT_NOT_FREE(sale("raised >= goal", "raised <= goal"));
    EXPECT_NOT_FREE(sale("raised >= goal", "raised < cap"));
    EXPECT_NOT_FREE(sale("raised >= 5 ether", "raised < 6 ether"));
    // Somebody can write one of the two in between.
    EXPECT_NOT_FREE(sale("raised >= goal", "raised < goal", ""));
    EXPECT_NOT_FREE(sale("raised >= cap", "raised < cap", "require(!done);", "function less() external { cap /= 2; }"));
}

// What was found of a word holds where it is written.
// What lay there is known behind the write of one more.
TEST(CallbackFreeFacts, ALockMayCountWhoIsInside) {
    const auto box = [](const std::string& enter, const std::string& leave, const std::string& more = "") {
        return "contract C { uint256 inside; mapping(bytes4 => uint8) depth; mapping(address => uint256) b;"
               "modifier single() { " +
               enter + " _; " + leave +
               " } function put() external payable single { b[msg.sender] += msg.value; } function take() external single {"
               "uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } " + more + "}";
    };
    EXPECT_FREE(box("require(inside++ == 0);", "inside = 0;"));
    EXPECT_FREE(box("require(inside++ == 0);", "inside--;"));
    EXPECT_FREE(box("require(++inside == 1);", "inside--;"));
    EXPECT_FREE(box("require(depth[0x12345678]++ == 0);", "depth[0x12345678] = 0;"));
    EXPECT_NOT_FREE(box("require(inside++ < 9);", "inside--;"));
    EXPECT_NOT_FREE(box("if (inside++ == 0) b[msg.sender] += 0;", "inside--;"));
    EXPECT_NOT_FREE(box("require(inside++ == 0); inside = 0;", ""));
    EXPECT_NOT_FREE(box("require(depth[msg.sig]++ == 0);", "depth[msg.sig] = 0;"));
    EXPECT_NOT_FREE(box("require(inside++ == 0);", "inside--;", "function open() external { inside = 0; }"));
    // It begins anew.
    EXPECT_NOT_FREE(box("unchecked { require(inside++ == type(uint256).max); }", "inside--;"));
}

// What was written in an earlier round is one more than what was read then.
TEST(CallbackFreeFacts, ASumIsOfWhatWasReadForIt) {
    const auto box = [](const std::string& round) {
        return "contract C { uint256 inside; mapping(uint256 => uint256) kept; mapping(address => uint256) b;"
               "function keep(uint256 i, uint256 v) external { require(inside != 1); kept[i] = v; }"
               "function put() external payable { require(inside != 1); b[msg.sender] += msg.value; }"
               "function take() external { require(inside != 1); for (uint256 i; i < 2; ++i) { uint256 x = kept[i]; " +
               round + " } inside = 0; } }";
    };
    const std::string settle = "uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; break;";
    EXPECT_NOT_FREE(box("if (i == 1) { require(x == 0); " + settle + " } inside = x + 1;"));
    EXPECT_FREE(box("inside = x + 1; if (i == 1) { require(x == 0); " + settle + " }"));
}

// Each for a function of its own.
TEST(CallbackFreeFacts, ALockMayCountByFunction) {
    const auto box = [](const std::string& one) {
        return "contract C { mapping(bytes4 => uint256) depth; mapping(address => uint256) b;"
               "modifier single() { require(depth[msg.sig]++ == 0); _; depth[msg.sig] = 0; }"
               "function put() external payable { b[msg.sender] += msg.value; } function take() external single {"
               "uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } " + one + "}";
    };
    EXPECT_FREE(box(""));
    EXPECT_NOT_FREE(
        box("function half() external single { uint256 a = b[msg.sender] / 2; " + pay + " b[msg.sender] -= a; }"));
}

TEST(CallbackFreeFacts, WhatNobodyMaySendIsALock) {
    const auto relay = [](const std::string& asks, const std::string& writes = "by = from;") {
        return "contract C { address constant nobody = address(1); address by = nobody; uint256 n; mapping(uint256 => bool) "
               "done;"
               " function deliver(address from, uint256 id, address to) external { require(by == nobody); "
               "require(!done[id]); " +
               asks + " " + writes + " (bool ok,) = to.call(\"\"); by = nobody; if (ok) done[id] = true; } }";
    };
    EXPECT_FREE(relay("require(from != nobody);"));
    EXPECT_FREE(relay("if (to == address(this) || from == nobody) revert();"));
    EXPECT_NOT_FREE(relay(""));
    EXPECT_NOT_FREE(relay("require(from != address(2));"));
    EXPECT_NOT_FREE(relay("if (n > 0) require(from != nobody);"));
    EXPECT_NOT_FREE(relay("require(to != nobody);"));
    EXPECT_NOT_FREE(
        relay("for (uint256 i; i < 2; ++i) { if (i == 0) require(from != nobody); from = address(uint160(i)); }"));
}

// Who only goes on to a later phase leaves it known that the first one is over.
TEST(CallbackFreeFacts, APhaseMayGoOnMeanwhile) {
    const auto sale = [](const std::string& others, const std::string& phase = "phase == 2") {
        return "contract C { uint8 phase; uint256 all; mapping(address => uint256) b; mapping(address => uint256) n;"
               " function bid() external payable { require(phase == 0); b[msg.sender] += msg.value; all += msg.value; }"
               " function take() external { require(" +
               phase + "); uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay +
               " if (all > 9) n[msg.sender] += 1; } function seen() external { require(n[msg.sender] != 1); } function "
               "close() external { require(phase == 2); phase = 3; } " +
               others + " }";
    };
    EXPECT_FREE(sale(""));
    EXPECT_FREE(sale("function again() external { require(phase == 3); phase = 2; }"));
    EXPECT_NOT_FREE(sale("function again() external { require(phase == 3); phase = 0; }"));
    EXPECT_NOT_FREE(sale("function set(uint8 to) external { require(phase == 3); phase = to; }"));
    EXPECT_NOT_FREE(sale("", "phase != 1"));
}

// What was found to be not zero keeps out whoever requires that it is.
TEST(CallbackFreeFacts, WhatIsNotZeroKeepsOutWhoNeedsZero) {
    const auto box = [](const std::string& asked, const std::string& fill) {
        return "contract Box { mapping(address => uint256) b; function fill() external payable { " + fill +
               " } function take() external { uint256 a = b[msg.sender]; " + asked + pay + " delete b[msg.sender]; } }";
    };
    const std::string lock =
        "contract C { uint64 n; bool on; uint256 all; function put() external payable { require(n == 0 && msg.value > 0);"
        "n = uint64(msg.value); all += msg.value; } function take() external { require(!on); on = true; uint256 a = n; ";
    EXPECT_FREE(lock + "require(a > 0); " + pay + " n = 0; on = false; } }");
    EXPECT_FREE(lock + "if (a != 0) { " + pay + " n = 0; } on = false; } }");
    EXPECT_NOT_FREE(lock + pay + " n = 0; on = false; } }");
    // A stranger takes twice, whatever is required.
    EXPECT_NOT_FREE(box("require(a > 0);", "require(b[msg.sender] == 0); b[msg.sender] = msg.value;"));
    // What somebody writes in between is known no longer.
    EXPECT_NOT_FREE(lock + "require(a > 0); " + pay + " n = 0; on = false; } function clear() external { n = 0; } }");
}

// Of several words that somebody may write there, none is zero.
TEST(CallbackFreeFacts, WhatMayBecomeOneOfSeveralIsNeverZero) {
    const auto shop = [](const std::string& sent, const std::string& received, const std::string& more = "") {
        return "contract Shop { enum State { Offered, Sold, Sent, Received } struct Item { State state; address seller; "
               "address buyer; uint256 price; } mapping(uint256 => Item) items; uint256 count;"
               "function offer(uint256 p) external { items[count] = Item(State.Offered, msg.sender, address(0), p); "
               "count++; }"
               "function buy(uint256 id) external payable { Item storage i = items[id]; require(i.seller != address(0) && "
               "i.state == State.Offered && msg.value >= i.price); i.state = State.Sold; i.buyer = msg.sender;"
               "(bool ok,) = i.seller.call{value: i.price}(\"\"); require(ok); (ok,) = i.buyer.call{value: msg.value - "
               "i.price}(\"\"); require(ok); }"
               "function send(uint256 id) external { require(items[id].state == State.Sold && msg.sender == "
               "items[id].seller);"
               "items[id].state = " +
               sent +
               "; } function receive_(uint256 id) external { require(items[id].state == State.Sent && msg.sender == "
               "items[id].buyer); items[id].state = " +
               received + "; } " + more + "}";
    };
    EXPECT_FREE(shop("State.Sent", "State.Received"));
    EXPECT_NOT_FREE(shop("State.Sent", "State.Offered"));
    EXPECT_NOT_FREE(shop("State.Offered", "State.Received"));
    EXPECT_NOT_FREE(
        shop("State.Sent", "State.Received", "function set(uint256 id, State s) external { items[id].state = s; }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_facts
