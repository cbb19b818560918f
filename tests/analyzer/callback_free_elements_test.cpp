// Elements of arrays by their index, as entries of mappings are by their key; and arrays that never get shorter.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_elements {
namespace {

const std::string take =
    "function take(uint256 id) external { P storage p = ps[id]; require(!p.busy); p.busy = true; uint256 a = p.money; " +
    pay + " p.money = 0; p.busy = false; }";

// Pots, each with a lock of its own; what one holds is set to zero after it was paid.
std::string pots(const std::string& more = "", const std::string& put = "require(!ps[id].busy); ps[id].money += msg.value;",
                 const std::string& members = "P[] ps;") {
    return "contract Pots { struct P { uint256 money; uint256 note; bool busy; } " + members +
           "function open() external returns (uint256 id) { id = ps.length; ps.push(P(0, 7, false)); }"
           "function put(uint256 id) external payable { " +
           put + " } " + take + more + "}";
}

TEST(CallbackFreeElements, ALockOfAnElementKeepsOutWhoComesWithItsIndex) {
    EXPECT_FREE(pots());
    EXPECT_FREE(pots("function note(uint256 id, uint256 n) external { ps[id].note = n; }"));
    EXPECT_FREE(pots("",
                     "P storage p = ps[id]; require(!p.busy); _add(p); } function _add(P storage p) private {"
                     " p.money += msg.value;"));
    EXPECT_FREE(pots("", "require(id < ps.length && !ps[id].busy); ps[id].money += msg.value;"));
    // The lock is a mapping's, and what it guards an array's.
    EXPECT_FREE(
        "contract C { uint256[] v; mapping(uint256 => bool) l; function open() external { v.push(0); }"
        "function put(uint256 i) external payable { require(!l[i]); v[i] += msg.value; }"
        "function take(uint256 i) external { require(!l[i]); l[i] = true; uint256 a = v[i]; " +
        pay + " v[i] = 0; l[i] = false; } }");
    // By row.
    EXPECT_FREE(
        "contract C { uint256[][] v; mapping(uint256 => bool) l;"
        "function put(uint256 i, uint256 j) external payable { require(!l[i]); v[i][j] += msg.value; }"
        "function take(uint256 i, uint256 j) external { require(!l[i]); l[i] = true; uint256 a = v[i][j]; " +
        pay + " v[i][j] = 0; l[i] = false; } }");
    // Two fields in a slot, of which one is the lock.
    EXPECT_FREE(
        "contract C { struct P { uint128 money; bool busy; } P[] ps; function open() external { ps.push(); }"
        "function put(uint256 i) external payable { P storage p = ps[i]; require(!p.busy); p.money += uint128(msg.value); }"
        "function take(uint256 i) external { P storage p = ps[i]; require(!p.busy); p.busy = true; uint256 a = p.money; " +
        pay + " p.money = 0; p.busy = false; } }");
}

TEST(CallbackFreeElements, WhoTouchesTheElementWithoutItsLockIsAVisitor) {
    EXPECT_NOT_FREE(
        pots("function move(uint256 id, uint256 to, uint256 n) external { require(!ps[to].busy);"
             " ps[id].money -= n; ps[to].money += n; }"));
    EXPECT_FREE(
        pots("function move(uint256 id, uint256 to, uint256 n) external { require(!ps[to].busy && !ps[id].busy);"
             " ps[id].money -= n; ps[to].money += n; }"));
    EXPECT_NOT_FREE(pots("", "require(!ps[id].busy); ps[id + 1].money += msg.value;"));
    EXPECT_NOT_FREE(pots("", "require(!ps[id + 1].busy); ps[id].money += msg.value;"));
    EXPECT_NOT_FREE(pots("function unlock(uint256 id) external { ps[id].busy = false; }"));
    EXPECT_NOT_FREE(pots("function wipe(uint256 id) external { delete ps[id]; }"));
    EXPECT_NOT_FREE(pots("function drop() external { ps.pop(); }"));
    EXPECT_NOT_FREE(pots("function all() external { for (uint256 i; i < ps.length; ++i) ps[i].busy = false; }"));
    EXPECT_NOT_FREE(pots(
        "function two(uint256 a, uint256 b) external { require(!ps[b].busy); ps[a].money = ps[b].money; ps[a].note = 1; }"));
    // Money is there until it is paid: whoever asks for it could have come first.
    EXPECT_FREE(pots("function two(uint256 a, uint256 b) external { ps[a].note = ps[b].money; }"));
    EXPECT_NOT_FREE(
        pots("function swap(uint256 a, uint256 b) external { require(!ps[a].busy); P memory p = ps[a];"
             " ps[a] = ps[b]; ps[b] = p; }"));
    // The row of one, the lock of the other.
    EXPECT_NOT_FREE(
        "contract C { uint256[][] v; mapping(uint256 => bool) l;"
        "function put(uint256 i, uint256 j) external payable { require(!l[i]); v[j][i] += msg.value; }"
        "function take(uint256 i, uint256 j) external { require(!l[i]); l[i] = true; uint256 a = v[i][j]; " +
        pay + " v[i][j] = 0; l[i] = false; } }");
}

TEST(CallbackFreeElements, APointerThatWasMovedLeadsToAnyElement) {
    const auto put = [](const std::string& pointer) {
        return pots("", "P storage p = ps[id]; require(!p.busy); " + pointer + " p.money += msg.value;");
    };
    EXPECT_FREE(put(""));
    EXPECT_NOT_FREE(put("assembly { p.slot := add(p.slot, 3) }"));
    EXPECT_NOT_FREE(put("assembly { p.slot := sub(p.slot, 3) }"));
    EXPECT_NOT_FREE(put("require(msg.value < 9); uint256 n = msg.value; assembly { p.slot := add(p.slot, n) }"));
    EXPECT_NOT_FREE(put("if (msg.value > 1) p = ps[id + 1];"));
    EXPECT_NOT_FREE(put("for (uint256 i; i < 2; ++i) { p.note += 1; p = ps[id + i]; }"));
    // No index at all: what is added may wrap around.
    EXPECT_NOT_FREE(pots(
        "function raw(uint256 i) external payable { P storage p = ps[i]; require(!p.busy); assembly { mstore(0, ps.slot) "
        "sstore(add(keccak256(0, 32), mul(add(i, 1), 3)), 1) } }"));
    EXPECT_NOT_FREE(
        pots("function raw(uint256 i) external payable { assembly { mstore(0, ps.slot) "
             "sstore(add(keccak256(0, 32), mul(i, 3)), 1) } }"));
    EXPECT_NOT_FREE(pots(
        "function raw(uint256 i) external payable { P storage p = ps[i]; require(!p.busy); assembly { mstore(0, ps.slot) "
        "sstore(add(add(keccak256(0, 32), 3), mul(i, 3)), 1) } }"));
    EXPECT_NOT_FREE(pots(
        "function raw(uint256 i) external payable { P storage p = ps[i]; require(!p.busy); assembly { mstore(0, ps.slot) "
        "sstore(add(keccak256(0, 32), mul(i, 2)), 1) } }"));
}

TEST(CallbackFreeElements, WhatIsPushedLiesBehindWhatWasFound) {
    const auto opened = [](const std::string& more, const std::string& lock = "require(!ps[id].busy); ") {
        return pots(more, lock + "ps[id].money += msg.value;");
    };
    EXPECT_FREE(opened("function more() external { P storage p = ps.push(); p.note = 1; p.money = 0; }"));
    EXPECT_FREE(opened("function more() external payable { ps.push(); ps[ps.length - 1].note = 1; }"));
    EXPECT_FREE(opened("function two() external { ps.push(); ps.push(P(1, 1, true)); }"));
    EXPECT_FREE(
        opened("mapping(uint256 => address) maker; function more() external { maker[ps.length] = msg.sender; ps.push(); }"));
    // The array may get shorter, so that what is pushed lies where something was found before.
    EXPECT_NOT_FREE(opened("function less() external { assembly { sstore(ps.slot, 0) } }"));
    EXPECT_NOT_FREE(opened("function less(uint64 n) external { assembly { sstore(ps.slot, n) } }"));
    EXPECT_NOT_FREE(opened("function less() external { delete ps; }"));
    EXPECT_NOT_FREE(
        opened("function less() external { assembly { let n := sload(ps.slot) if n { sstore(ps.slot, sub(n, 1)) } } }"));
    EXPECT_NOT_FREE(
        opened("function more() external { uint256 n = ps.length; ps.push(); assembly { sstore(ps.slot, n) } }"));
    EXPECT_NOT_FREE(
        opened("P[] zs; function to(P[] storage r, uint256 n) private { assembly { sstore(r.slot, and(n, 255)) } }"
               "function less(uint256 n) external { to(zs, n); to(ps, n); }"));
}

// A list that only grows: whoever finds an element there would find it in a longer one.
TEST(CallbackFreeElements, WhatIsBelowALengthIsBelowAGreaterOne) {
    const auto stall = [](const std::string& asked, const std::string& more = "") {
        return "contract Stall { struct I { address who; uint256 price; } I[] items; mapping(address => uint256) sold;"
               "function offer(uint256 p) external { items.push(I(msg.sender, p)); }" +
               more + "function buy(uint256 i) external payable { " + asked +
               " I storage it = items[i]; require(msg.value == it.price); (bool ok,) = it.who.call{value: msg.value}(\"\");"
               "require(ok); sold[it.who] += 1; } }";
    };
    EXPECT_FREE(stall(""));
    EXPECT_FREE(stall("require(i < items.length);"));
    EXPECT_FREE(stall("require(i + 1 == items.length);"));
    EXPECT_NOT_FREE(stall("", "function drop() external { items.pop(); }"));
    EXPECT_NOT_FREE(stall("", "function hand(uint256 i, address to) external { items[i].who = to; }"));
}

TEST(CallbackFreeElements, TextInAnElementStaysBehindItsSlot) {
    const auto texts = [](const std::string& more, const std::string& members = "") {
        return "contract C { struct S { address by; string text; uint256 n; } S[] s; uint256 pot; bool lk; " + members +
               "function add(string calldata t) external { s.push(S(msg.sender, t, 0)); }"
               "function set(uint256 i, string calldata t) external { s[i].text = t; }"
               "function put() external payable { require(!lk); pot += msg.value; }"
               "function take() external { require(!lk); lk = true; uint256 a = pot; " +
               pay + " pot = 0; lk = false; } " + more + "}";
    };
    EXPECT_FREE(texts(""));
    EXPECT_FREE(texts("event E(string t); function tell(uint256 i) external { emit E(s[i].text); delete s[i]; }"));
    EXPECT_FREE(
        texts("function grow(uint256 i) external { b.push(0x01); d[i].push(0x02); d[i].pop(); }", "bytes b; bytes[] d;"));
    // A length that assembly wrote may be so great that the text is all of storage.
    const std::string pops = "function less(uint256 i) external { bytes(s[i].text).pop(); bytes storage r = b; r.pop(); } ";
    const auto raw = [&](const std::string& code) {
        return texts(pops + "function raw(uint256 i, uint256 n) external { S storage r = s[i]; " + code + " }", "bytes b;");
    };
    EXPECT_FREE(raw("assembly { sstore(add(r.slot, 2), n) }"));
    EXPECT_FREE(raw("assembly { sstore(add(r.slot, 1), 0) }"));
    EXPECT_NOT_FREE(raw("assembly { sstore(add(r.slot, 1), n) }"));
    EXPECT_NOT_FREE(raw("string storage t = r.text; assembly { sstore(t.slot, n) }"));
    EXPECT_NOT_FREE(raw("require(n < 3); assembly { sstore(add(r.slot, n), not(0)) }"));
    EXPECT_NOT_FREE(raw("assembly { sstore(add(r.slot, 4), n) }"));
    EXPECT_NOT_FREE(raw("bytes storage t = b; assembly { sstore(t.slot, n) }"));
    EXPECT_NOT_FREE(raw("r.n = n; assembly { sstore(b.slot, n) }"));
    EXPECT_NOT_FREE(texts(pops + "constructor(uint256 n) { assembly { sstore(b.slot, n) } }", "bytes b;"));
    // The text itself, for which there is no lock.
    EXPECT_NOT_FREE(
        texts("function twice(uint256 i) external { string memory t = s[i].text; (bool ok,) = msg.sender.call(\"\");"
              " require(ok); s[i].text = string.concat(t, t); }"));
}

// Who joins meanwhile can only have come before, since the entry lowers what it asks of them; the entry has read an element.
std::string fund(const std::string& join, const std::string& find = "P storage p = parts[partOf[k]];",
                 const std::string& more = "") {
    return "contract Fund { struct P { address who; uint256 sum; } P[] parts; mapping(uint256 => uint256) partOf; uint256 "
           "cap;"
           "function raise(uint256 n) external { cap += n; } function join() external payable { require(msg.value < cap); " +
           join + " } function pay(uint256 k) external { " + find +
           " (bool ok,) = p.who.call{value: p.sum}(\"\"); require(ok); cap -= 1; } " + more + " }";
}

TEST(CallbackFreeElements, WhatIsPushedIsNoneOfThoseThatWereThere) {
    const std::string push = "parts.push(P(msg.sender, msg.value));";
    EXPECT_FREE(fund(push));
    EXPECT_FREE(fund("uint256 n = parts.length; " + push + " partOf[n + 1] += 0;"));
    EXPECT_NOT_FREE(fund("parts[0] = P(msg.sender, msg.value);"));
    EXPECT_NOT_FREE(fund(push + " parts[0].sum += 1;"));
    EXPECT_NOT_FREE(
        fund("parts[0].sum += 1;", "P storage p = parts[0];", "function add() external payable { " + push + " }"));
    EXPECT_NOT_FREE(fund("parts[0].sum++;", "P storage p = parts[k];", "function add() external payable { " + push + " }"));
    EXPECT_NOT_FREE(fund(push, "P storage p = parts[partOf[k]];", "function leave() external { parts.pop(); }"));
    EXPECT_NOT_FREE(fund(push, "P storage p = parts[parts.length - 1];"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_elements
