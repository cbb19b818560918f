// Loops through arrays that the caller passes: where each round settles its own element, a call is as good as several with parts
// of the arrays. Each contract that is callback-free stands beside twins of which the rounds depend on each other.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_rounds {
namespace {

const std::string members =
    "uint256 pot; uint256 rate = 1; address owner; mapping(address => bool) done;"
    "function more() external { rate += 1; } function see() external { require(pot != 7); } function fill() external "
    "payable { pot += msg.value; }"
    "constructor() { owner = msg.sender; }";

std::string batch(const std::string& body, const std::string& parameters = "address[] calldata to",
                  const std::string& head = "") {
    return bank("function pay(" + parameters + ") external " + head + " { " + body + " }", members);
}
std::string rounds(const std::string& round) { return batch("for (uint256 i; i < to.length; ++i) {" + round + "}"); }

const std::string settle = R"(uint256 a = b[to[i]]; b[to[i]] = 0; (bool ok,) = to[i].call{value: a}(""); require(ok);)";

TEST(CallbackFreeRounds, EachRoundMaySettleItsElement) {
    EXPECT_FREE(rounds(settle));
    EXPECT_FREE(rounds("uint256 a = b[to[i]]; if (a == 0) continue; " + settle.substr(settle.find("b[to[i]] = 0"))));
    EXPECT_FREE(
        rounds(R"(uint256 a = b[to[i]]; b[to[i]] = 0; (bool ok,) = to[i].call{value: a}(""); if (!ok) b[to[i]] += a;)"));
    EXPECT_FREE(rounds("require(!done[to[i]]); done[to[i]] = true;" + settle));
    EXPECT_FREE(batch("for (uint256 i = 0; i < to.length; i++) {" + settle + "}", "address[] memory to"));
    EXPECT_FREE(
        batch("require(to.length == v.length); for (uint256 i; i < to.length; ++i) { b[to[i]] -= v[i];"
              R"((bool ok,) = to[i].call{value: v[i]}(""); require(ok); })",
              "address[] calldata to, uint256[] calldata v"));
    const CallbackFreedom found = freedom(rounds(settle));
    EXPECT_EQ(std::ranges::count(found.assumptions,
                                 "who calls `pay` may as well call it for part of its rounds, and then for the rest"),
              1);
}

TEST(CallbackFreeRounds, ARoundMayCallFunctionsThatLookNowhere) {
    const auto asks = [](const std::string& body, const std::string& more = "") {
        return bank(
            "function pay(address[] calldata to) external { for (uint256 i; i < to.length; ++i) { settle(to[i]); } }"
            "function settle(address who) internal { uint256 a = b[who]; " +
                body + " b[who] = 0; (bool ok,) = who.call{value: a}(\"\"); require(ok); } " + more,
            members + "mapping(address => uint256[]) notes;");
    };
    EXPECT_FREE(asks(""));
    EXPECT_FREE(asks("check(a);", "function check(uint256 a) private pure { require(a != 7); }"));
    // Words that are hashed as they were put there.
    EXPECT_FREE(asks("uint256[] storage list = notes[who]; list.push(1);"));
    EXPECT_FREE(asks("assembly { mstore(0, who) mstore(32, b.slot) a := sload(keccak256(0, 64)) }"));
    EXPECT_NOT_FREE(asks("assembly { mstore(32, b.slot) a := sload(keccak256(0, 64)) mstore(0, who) }"));
    EXPECT_NOT_FREE(asks("assembly { mstore(0, who) a := sload(keccak256(0, 64)) mstore(32, b.slot) }"));
    EXPECT_NOT_FREE(asks("assembly { if mload(0) { a := 0 } mstore(0, 1) }"));
    EXPECT_NOT_FREE(asks("assembly { mstore(128, a) }"));
    EXPECT_NOT_FREE(asks("require(msg.data.length < 999 + a);"));
    EXPECT_NOT_FREE(asks("check(a);", "function check(uint256 a) private pure { require(msg.data.length < 999 + a); }"));
}

// As wrappers of tokens write call data over the free-memory pointer, and put it back.
TEST(CallbackFreeRounds, ARoundMayUseScratchMemoryThatItHasWritten) {
    const auto pays = [](const std::string& code) {
        return "contract C { mapping(address => mapping(address => uint256)) b; address[] all;"
               "function fill(address to, address t) external payable { b[to][t] += msg.value; }"
               "function send(address t, address to, uint256 v) private returns (bool ok) { assembly { " +
               code +
               " } } function pay(address[] calldata ts) external { for (uint256 i; i < ts.length; ++i) {"
               "uint256 v = b[msg.sender][ts[i]]; b[msg.sender][ts[i]] = 0; require(send(ts[i], msg.sender, v)); } } }";
    };
    const std::string name = "0xa9059cbb" + std::string(56, '0');
    const std::string begin = "let free := mload(0x40) mstore(0, " + name + ") mstore(4, to) mstore(0x24, v) ",
                      call = "ok := call(gas(), t, 0, 0, 0x44, 0, 0x20) ", back = "mstore(0x40, free)",
                      check = "if iszero(and(ok, eq(mload(0), 1))) { ok := and(ok, iszero(returndatasize())) } ";
    EXPECT_FREE(pays(begin + call + check + back));
    // What another round left there is looked at, or sent, or what another call answered.
    EXPECT_NOT_FREE(pays("let free := mload(0x40) mstore(4, to) mstore(0x24, v) " + call + check + back));
    EXPECT_NOT_FREE(pays("let was := mload(0x10) " + begin + call + "ok := and(ok, was) " + back));
    EXPECT_NOT_FREE(pays("let was := returndatasize() " + begin + call + "ok := and(ok, was) " + back));
    EXPECT_NOT_FREE(pays(begin + "ok := call(gas(), t, 0, 0, 0x64, 0, 0x20) " + back));
    EXPECT_NOT_FREE(pays(begin + "mstore(0x40, free) ok := call(gas(), t, 0, 0, 0x44, 0x30, 0x20) "));
    // The pointer is lost, or what was written over it is taken for one.
    EXPECT_NOT_FREE(pays(begin + call + check));
    EXPECT_NOT_FREE(pays(begin + call + check + "let other := mload(0x40) mstore(0x40, other)"));
}

// Tickets in a queue, of which as many are paid as somebody says.
std::string queue(const std::string& loop, const std::string& parameters = "uint256 most", const std::string& more = "",
                  const std::string& returned = "") {
    return "contract Queue { struct Ticket { address by; uint96 worth; } mapping(uint256 => Ticket) tickets; uint256 head;"
           "uint256 tail; mapping(address => uint256) stake; mapping(address => uint256) owed; uint256 seen; Ticket[] line;"
           "function enter() external payable { stake[msg.sender] += msg.value; }"
           "function ask(uint96 a) external { stake[msg.sender] -= a; tickets[tail++] = Ticket(msg.sender, a); }"
           "function fetch() external { uint256 a = owed[msg.sender]; owed[msg.sender] = 0;"
           "(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); } function add() external { "
           "line.push(Ticket(msg.sender, 1)); } function look() external { require(seen != 7); }"
           "function serve(" +
           parameters + ") external " + returned + " { " + loop + " } " + more + " }";
}

TEST(CallbackFreeRounds, SoMayAsManyAsTheCallerSays) {
    const std::string one =
        "Ticket memory t = tickets[head]; delete tickets[head++];"
        "(bool ok,) = t.by.call{value: t.worth}(\"\"); if (!ok) owed[t.by] += t.worth; ";
    EXPECT_FREE(queue("for (uint256 i; i < most && head < tail; ++i) { " + one + "}"));
    EXPECT_FREE(queue("for (uint256 i; head < tail && most > i; i++) { " + one + "}"));
    EXPECT_FREE(queue("for (uint256 i; i != most; ++i) { if (head == tail) break; " + one + "}"));
    EXPECT_FREE(queue("uint256 n; while (head < tail && n < most) { " + one + "n++; }"));
    EXPECT_FREE(queue("while (n < most && isOpen() && head < tail) { " + one + "n++; }", "uint256 most",
                      "function isOpen() private view returns (bool) { return head != 7; }", "returns (uint256 n)"));
    EXPECT_FREE(queue("for (; most > 0 && head < tail; --most) { " + one + "}"));
    EXPECT_FREE(queue("while (most != 0) { if (head < tail) { " + one + "} --most; }"));
    // Something is done before or behind the rounds, or carried through them, or the count is used, or asked for too late.
    EXPECT_NOT_FREE(queue("seen = tail; for (uint256 i; i < most && head < tail; ++i) { " + one + "}"));
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most && head < tail; ++i) { " + one + "} seen = tail;"));
    EXPECT_NOT_FREE(queue("uint256 end = tail; for (uint256 i; i < most && head < end; ++i) { " + one + "}"));
    EXPECT_NOT_FREE(
        queue("uint256 s; for (uint256 i; i < most && head < tail; ++i) { s += tail; " + one + "} require(s < 99);"));
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most && head < tail; ++i) { " + one + "seen = i; }"));
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most && head < tail; i += 2) { " + one + "}"));
    EXPECT_NOT_FREE(queue("for (uint256 i = 1; i < most && head < tail; ++i) { " + one + "}"));
    EXPECT_NOT_FREE(queue("uint256 i; do { " + one + "i++; } while (i < most && head < tail);"));
    EXPECT_NOT_FREE(queue("for (uint256 i; head < tail; ++i) { seen += 1; if (i >= most) break; " + one + "}"));
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most || head < tail; ++i) { " + one + "}"));
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most; ++i) { " + one + "if (most > 3) seen = tail; }"));
    EXPECT_NOT_FREE(queue("for (; most > 1 && head < tail; --most) { " + one + "}"));
    // Only who may do this twice may as well do it in parts.
    EXPECT_NOT_FREE(queue("require(msg.sender == boss); for (uint256 i; i < most && head < tail; ++i) { " + one + "}",
                          "uint256 most",
                          "address boss; function set(address to) external { require(boss != to); boss = to; }"));
    EXPECT_FREE(queue("require(msg.sender == boss); for (uint256 i; i < most && head < tail; ++i) { " + one + "}",
                      "uint256 most",
                      "address boss; function set(address to) external { require(boss == address(0)); boss = to; }"));
    // The rest of a round follows its payment.
    EXPECT_NOT_FREE(queue("for (uint256 i; i < most && head < tail; ++i) { " + one + "seen = tail; }"));
}

// What a function answers in a round, and what is put together to be sent, lies where no other round has anything.
TEST(CallbackFreeRounds, EachMayUseMemoryOfItsOwn) {
    const std::string loop = "for (uint256 i; i < most && line.length > 0; ++i) { ";
    const auto popping = [&](const std::string& pay, const std::string& begin = "") {
        return queue(
            begin + loop + "Ticket memory t = pop(line); " + pay + " }", "uint256 most",
            "function pop(Ticket[] storage all) private returns (Ticket memory t) { t = all[all.length - 1]; all.pop(); }"
            "mapping(uint256 => Ticket) put; uint256 puts;");
    };
    EXPECT_FREE(popping("(bool ok,) = t.by.call{value: t.worth}(\"\"); if (!ok) owed[t.by] += t.worth;"));
    EXPECT_FREE(
        popping("(bool ok,) = t.by.call{value: t.worth}(abi.encodeWithSignature(\"paid(uint256)\", t.worth));"
                "require(ok);"));
    EXPECT_NOT_FREE(popping("last.worth += t.worth; (bool ok,) = t.by.call{value: last.worth}(\"\"); require(ok);",
                            "Ticket memory last;"));
    EXPECT_NOT_FREE(popping("(bool ok,) = last.by.call{value: t.worth}(\"\"); require(ok); last = t;",
                            "Ticket memory last = Ticket(msg.sender, 1);"));
    EXPECT_NOT_FREE(
        popping("assembly { mstore(64, sub(mload(64), 64)) } (bool ok,) = t.by.call{value: t.worth}(\"\");"
                "require(ok);"));
    EXPECT_NOT_FREE(
        popping("uint256 at; assembly { at := mload(64) } (bool ok,) = t.by.call{value: at}(\"\"); require(ok);"));
}

// Parts of a range are ranges, in which each round may look at where it is.
TEST(CallbackFreeRounds, MayGoFromOneNumberToAnother) {
    const auto range = [](const std::string& loop, const std::string& more = "") {
        return bank("function pay(uint256 from, uint256 to) external { " + loop +
                        " { address who = line[i]; uint256 a = b[who]; if (a == 0) continue; b[who] = 0;"
                        "(bool ok,) = who.call{value: a}(\"\"); if (!ok) b[who] += a; } " +
                        more +
                        "} function join() external { line.push(msg.sender); }"
                        "function pass(uint256 i) external { line[i] = msg.sender; }",
                    members + "address[] line;");
    };
    EXPECT_FREE(range("for (uint256 i = from; i < to; i++)"));
    EXPECT_FREE(range("for (uint256 i = from; i < to && i < line.length; i++)"));
    EXPECT_FREE(range("require(from < to); for (uint256 i = from; to > i; ++i)"));
    EXPECT_NOT_FREE(range("require(to - from == 7); for (uint256 i = from; i < to; i++)"));
    EXPECT_NOT_FREE(range("require(from == 0); for (uint256 i = from; i < to; i++)"));
    EXPECT_NOT_FREE(range("require(to < line.length); for (uint256 i = from; i < to; i++)"));
    EXPECT_NOT_FREE(range("for (uint256 i = from; i < to + 2; i++)"));
    EXPECT_NOT_FREE(range("for (uint256 i = from; i < to; i += 2)"));
    EXPECT_NOT_FREE(range("uint256 i = from; for (; i < to; i++)", "pot = i;"));
    EXPECT_NOT_FREE(range("for (uint256 i = from; i != to; i++)"));
    EXPECT_NOT_FREE(range("uint256 i = from; for (; i < to; i++)", "require(i == 7);"));
    EXPECT_NOT_FREE(range("uint256 n; for (uint256 i = from; i < to; i++)", "if (from == 7) revert();"));
    EXPECT_NOT_FREE(range("uint256 last; for (uint256 i = from; i < to; i = (last = i) + 1)", "require(last == 7);"));
}

// Nobody can call for a part of what is always there as a whole.
TEST(CallbackFreeRounds, AreThoseOfWhoeverCalls) {
    const auto till = [](const std::string& entry) {
        return "contract C { uint256 price; receive() external payable {} function set(uint256 p) external { price = p; }" +
               entry +
               "function times(uint256 n) private { for (uint256 i; i < n; ++i) { pay(msg.sender); } }"
               "function each(address[] memory to) private { for (uint256 i; i < to.length; ++i) { pay(to[i]); } }"
               "function some(address[] calldata to) private { for (uint256 i; i < to.length; ++i) { pay(to[i]); } }"
               "function pay(address to) private { (bool ok,) = to.call{value: price}(\"\"); require(ok); } }";
    };
    EXPECT_FREE(till("function go(uint256 n) external { times(n); }"));
    EXPECT_FREE(till("function go(address[] calldata to) external { for (uint256 i; i < to.length; ++i) { pay(to[i]); } }"));
    EXPECT_NOT_FREE(till("function go() external { times(2); }"));
    EXPECT_NOT_FREE(till("function go(uint256 n) external { times(n + 2); }"));
    EXPECT_NOT_FREE(till("function go(uint256 n) external { require(n == 2); times(n); }"));
    EXPECT_NOT_FREE(
        till("function go(address a) external { address[] memory to = new address[](2); to[0] = to[1] = a; each(to); }"));
    EXPECT_NOT_FREE(till("function go(address[] memory to) external { require(to.length == 2); each(to); }"));
    EXPECT_NOT_FREE(till("function go(address[] memory to) external { to[0] = msg.sender; each(to); }"));
    EXPECT_NOT_FREE(till("function go(address[] calldata to) external { require(to.length == 2); some(to); }"));
    EXPECT_NOT_FREE(till("function go(address[] calldata to) external { require(to[0] != to[1]); some(to); }"));
}

// Bytes that are passed on are put into new memory, from where the call takes them.
TEST(CallbackFreeRounds, EachMayPassBytesOn) {
    const auto giving = [](const std::string& give, const std::string& begin = "") {
        return "interface IItems { function give(address from, address to, uint256 id, bytes calldata data) external; }"
               "contract C { function all(IItems items, address[] calldata to, uint256[] calldata id) external { " +
               begin + " for (uint256 i; i < to.length; ++i) { " + give + " } } }";
    };
    EXPECT_FREE(giving("items.give(msg.sender, to[i], id[i], \"\");"));
    EXPECT_FREE(giving("items.give(msg.sender, to[i], id[i], hex\"0102\");"));
    EXPECT_NOT_FREE(giving("items.give(msg.sender, to[i], id[i], last); last = abi.encode(to[i]);", "bytes memory last;"));
    EXPECT_NOT_FREE(giving("uint256 at; assembly { at := mload(64) } items.give(msg.sender, to[i], at, \"\");"));
}

TEST(CallbackFreeRounds, WhatOneRoundLeavesToItselfAfterTheCallCounts) {
    EXPECT_NOT_FREE(rounds(R"(uint256 a = b[to[i]]; (bool ok,) = to[i].call{value: a}(""); require(ok); b[to[i]] = 0;)"));
    EXPECT_NOT_FREE(rounds("require(!done[to[i]]);" + settle + "done[to[i]] = true;"));
}

// Sums of what was done are carried through the rounds for events and records alone.
TEST(CallbackFreeRounds, WhatOnlyRecordsGetMayBeCarried) {
    const auto summed = [](const std::string& carry, const std::string& behind, const std::string& more = "") {
        return bank("event Ran(uint256 n, uint256 sum); uint256 paid; uint256 runs; " + more +
                        "function pay(address[] calldata to) external { uint256 s; uint256 n; "
                        "for (uint256 i; i < to.length; ++i) {" +
                        settle + carry + "} " + behind + " }",
                    members);
    };
    EXPECT_FREE(summed("s += a; n++;", "paid += s; runs++; emit Ran(n, s);"));
    EXPECT_FREE(summed("if (a > 7) { s += a; n++; }", "paid += s; emit Ran(to.length, s);"));
    EXPECT_NOT_FREE(
        summed("s += a;", "paid += s;", "function odd() external { require(paid % 2 == 1); b[msg.sender] = 0; } "));
    EXPECT_NOT_FREE(summed("s += a;", "require(s > 0);"));
    EXPECT_NOT_FREE(summed("s += a; if (s > 9) break;", "paid += s;"));
    EXPECT_NOT_FREE(summed("s += a; b[to[i]] = s;", ""));
    EXPECT_NOT_FREE(summed("s += a;", "b[msg.sender] += s;"));
    EXPECT_NOT_FREE(summed("s += a;", "payable(msg.sender).transfer(s);"));
}

TEST(CallbackFreeRounds, NothingIsCarriedFromRoundToRound) {
    EXPECT_NOT_FREE(batch("uint256 s; for (uint256 i; i < to.length; ++i) {" + settle + "s += a; } pot -= s;"));
    EXPECT_NOT_FREE(
        batch("uint256 a; for (uint256 i; i < to.length; ++i) { a += b[to[i]]; b[to[i]] = 0;"
              R"((bool ok,) = to[i].call{value: a}(""); require(ok); })"));
    // Also by memory, or in the other direction.
    EXPECT_NOT_FREE(
        batch("uint256[1] memory s; for (uint256 i; i < to.length; ++i) {"
              R"(s[0] += b[to[i]]; b[to[i]] = 0; (bool ok,) = to[i].call{value: s[0]}(""); require(ok); })"));
    EXPECT_NOT_FREE(
        batch("for (uint256 i = to.length; i > 0; --i) { uint256 a = b[to[i - 1]]; b[to[i - 1]] = 0;"
              R"((bool ok,) = to[i - 1].call{value: a}(""); require(ok); })"));
    EXPECT_NOT_FREE(rounds(R"(uint256 a = b[to[0]]; b[to[0]] = 0; (bool ok,) = to[i].call{value: a}(""); require(ok);)"));
    EXPECT_NOT_FREE(
        rounds("uint256 a = b[to[i]] / (i + 1); b[to[i]] = 0;"
               R"((bool ok,) = to[i].call{value: a}(""); require(ok);)"));
}

TEST(CallbackFreeRounds, EachPartFindsTheSameBeforeTheLoop) {
    const std::string loop =
        "for (uint256 i; i < to.length; ++i) { uint256 a = b[to[i]] / r; b[to[i]] = 0;"
        R"((bool ok,) = to[i].call{value: a}(""); require(ok); })";
    EXPECT_FREE(batch("uint256 r = 2;" + loop));
    EXPECT_NOT_FREE(batch("uint256 r = rate;" + loop));           // strangers raise it
    EXPECT_NOT_FREE(batch("uint256 r = b[msg.sender];" + loop));  // the loop may set it to zero
    EXPECT_NOT_FREE(batch("uint256 r = to.length;" + loop));      // parts are shorter
    EXPECT_NOT_FREE(batch("require(to.length > 1); uint256 r = 2;" + loop));
    EXPECT_NOT_FREE(batch("uint256 r = address(this).balance;" + loop));
    EXPECT_NOT_FREE(batch("pot += 1; uint256 r = 2;" + loop));
    EXPECT_NOT_FREE(batch("uint256 r = 2;" + loop + "rate = 1;"));
    EXPECT_NOT_FREE(batch("uint256 r = msg.value;" + loop, "address[] calldata to", "payable"));
}

TEST(CallbackFreeRounds, WhoCanCallOnlyOnceCannotCallWithParts) {
    const std::string loop = "for (uint256 i; i < to.length; ++i) {" + settle + "}";
    EXPECT_NOT_FREE(batch("require(msg.sender == owner);" + loop));
    EXPECT_NOT_FREE(batch("require(!done[msg.sender]); done[msg.sender] = true;" + loop));
    // Of holders in storage there are no parts.
    EXPECT_NOT_FREE(
        bank("address[] to; function join() external { to.push(msg.sender); }"
             "function pay() external { for (uint256 i; i < to.length; ++i) {" +
             settle + "} }"));
}

// Entries that only make calls which their caller can make.

// What is paid depends on the balance, so the next payment looks at what others do meanwhile.
std::string purses(const std::string& members) {
    return "contract C { address[] list; uint256 total; bool shut; mapping(address => uint256) paid; address owner = "
           "msg.sender;"
           "receive() external payable {} function join() external { list.push(msg.sender); }"
           "function give(address who) internal { uint256 v = (address(this).balance + total) / 2 - paid[who]; total += v;"
           "paid[who] += v; (bool ok,) = who.call{value: v}(\"\"); require(ok); } " +
           members + "}";
}
const std::string all_of = "address[] memory some = list; for (uint256 i; i < some.length; ++i) ";

TEST(CallbackFreeScripts, MayBeTakenApart) {
    const std::string pay = "function pay(address who) public { give(who); }";
    const std::string all = "function all() external { " + all_of + "{ if (paid[some[i]] < 7) pay(some[i]); } }";
    EXPECT_FREE(purses(pay));
    EXPECT_FREE(purses(pay + all));
    EXPECT_EQ(std::ranges::count(freedom(purses(pay + all)).assumptions, assumed(Assumed::Scripts, "all")), 1);
    EXPECT_EQ(std::ranges::count(freedom(purses(pay)).assumptions, assumed(Assumed::Scripts, "all")), 0);
    EXPECT_FREE(
        purses("function pay(address who) external { give(who); }"
               "function all() external { " +
               all_of + "give(some[i]); }"));
    const std::string own = "function pay(address who) public { require(!shut); give(who); }";
    EXPECT_FREE(purses(own + "function all() external { " + all_of + "pay(some[i]); }"));
    EXPECT_NOT_FREE(purses(own + "function all() external payable { " + all_of + "pay(some[i]); }"));
    EXPECT_FREE(purses(pay + "function two(address a, address b) external { pay(a); pay(b); }"));
    EXPECT_FREE(purses(pay + "function two(address a) internal { pay(a); pay(msg.sender); }"
                             "function more(address a) external { require(!shut); two(a); two(a); require(total > 9); }"));
}

TEST(CallbackFreeScripts, ButNotIfTheyDoMore) {
    const std::string pay = "function pay(address who) public { give(who); }", all = all_of + "give(some[i]);";
    EXPECT_NOT_FREE(purses(pay + "function all() external payable { " + all + " }"));
    EXPECT_NOT_FREE(purses(pay + "function all() external { " + all + " shut = false; }"));
    EXPECT_NOT_FREE(purses(pay + "function all() external { " + all + " payable(owner).transfer(1); }"));
    EXPECT_NOT_FREE(purses("function all() external { " + all + " }"));
    EXPECT_NOT_FREE(purses("function all() public { " + all + " } function twice() external { all(); all(); }"));
    // Who calls one by one cannot do that.
    const std::string whole = "function all() external { " + all + " }";
    EXPECT_NOT_FREE(purses("function pay(address who) external { require(!shut); give(who); }" + whole));
    EXPECT_NOT_FREE(purses("function pay() external { give(owner); }" + whole));
    EXPECT_NOT_FREE(purses("function pay(address who) external { give(who); give(who); }" + whole));
    EXPECT_NOT_FREE(purses("function pay(address who) external payable { give(who); }" + whole));
    EXPECT_NOT_FREE(purses(pay + whole + "function mark() external { assembly { tstore(7, 1) } }"));
}

// Nobody can call with a number that the entry has no place for.
TEST(CallbackFreeScripts, PassWhatTheirCallerCanPass) {
    const auto pays = [](const std::string& pay, const std::string& all, const std::string& number = "uint256") {
        return purses("function part(address who, " + number + " v) internal { require(v < 2**100); give(who); }" + pay +
                      " function all() external { " + all_of + all + " }");
    };
    const std::string pay = "function pay(address who, uint256 v) external { part(who, v); }";
    EXPECT_FREE(pays(pay, "part(some[i], paid[some[i]]);"));
    EXPECT_FREE(pays("function pay(address who, uint8 v) external { part(who, v); }", "part(some[i], uint8(i));"));
    EXPECT_FREE(pays("function pay(address who, uint8 v) external { part(who, v); }", "part(some[i], uint8(i));", "uint8"));
    EXPECT_NOT_FREE(pays("function pay(address who, uint8 v) external { part(who, v); }", "part(some[i], i);"));
    EXPECT_NOT_FREE(pays("function pay(address who, uint256 v) external { part(who, uint8(v)); }", "part(some[i], i);"));
    EXPECT_NOT_FREE(pays("function pay(address who, uint256 v) external { part(who, v & 0xff); }", "part(some[i], i);"));
    EXPECT_NOT_FREE(pays("function pay(address who, uint256 v) external { part(who, v + 1); }", "part(some[i], i);"));
    EXPECT_NOT_FREE(pays("function pay(address who) external { part(who, 7); }", "part(some[i], i);"));
    EXPECT_NOT_FREE(pays("function pay(address who) external { part(who, uint160(who)); }", "part(some[i], i);"));
}

TEST(CallbackFreeScripts, MayBeSentAsData) {
    const auto many = [](const std::string& call, const std::string& how = "") {
        return purses(
            "function pay(address who) public { give(who); } function many(bytes[] calldata d) external " + how +
            " { for (uint256 i; i < d.length; ++i) " + call +
            " } function run(address to, bytes memory d) internal { (bool ok,) = to.delegatecall(d); require(ok); }");
    };
    EXPECT_FREE(many("{ (bool ok,) = address(this).delegatecall(d[i]); require(ok); }"));
    EXPECT_FREE(many("run(address(this), d[i]);"));
    EXPECT_NOT_FREE(many("run(list[0], d[i]);"));
    EXPECT_NOT_FREE(many("run(address(this), d[i]);", "payable"));
    EXPECT_NOT_FREE(many("{ run(address(this), d[i]); total = i; }"));
    EXPECT_NOT_FREE(many("{ (bool ok,) = address(this).call(d[i]); require(ok); }"));
}

TEST(CallbackFreeScripts, WhoCallsIsTheSame) {
    const auto claims = [](const std::string& who) {
        return purses(
            "function take(address who, address by) internal { require(paid[by] < 9); give(who); }"
            "function pay(address who) external { take(who, msg.sender); }"
            "function all() external { " +
            all_of + "take(some[i], " + who + "); }");
    };
    EXPECT_FREE(claims("msg.sender"));
    EXPECT_NOT_FREE(claims("some[0]"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_rounds
