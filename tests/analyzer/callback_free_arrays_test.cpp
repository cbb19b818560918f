// Elements of arrays: they lie in their array as long as its length is one.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_arrays {
namespace {

std::string pot(const std::string& more) {
    return "contract Pot { uint256 pot; bool lk; function put() external payable { require(!lk); pot += msg.value; }"
           "function take() external { require(!lk); lk = true; uint256 a = pot; " +
           pay + " pot = 0; lk = false; } " + more + "}";
}

TEST(CallbackFreeArrays, AnElementIsAnythingWhereALengthIsOdd) {
    const auto array = [](const std::string& more) {
        return pot("uint256[] arr; function set(uint256 i, uint256 v) external { arr[i] = v; }" + more);
    };
    EXPECT_FREE(array(""));
    EXPECT_FREE(array("constructor() { arr.push(1); }"));
    EXPECT_FREE(array("function more() external { arr.push(1); } function less() external { arr.pop(); }"));
    EXPECT_FREE(array("constructor() { assembly { sstore(arr.slot, 10) } }"));
    EXPECT_NOT_FREE(array("constructor() { assembly { sstore(arr.slot, not(0)) } }"));
    EXPECT_NOT_FREE(array("constructor(uint256 n) { uint256[] storage r = arr; assembly { sstore(r.slot, n) } }"));
    EXPECT_NOT_FREE(array("constructor(uint256 s, uint256 n) { assembly { sstore(s, n) } }"));
    EXPECT_NOT_FREE(array("constructor(address code) { (bool ok,) = code.delegatecall(\"\"); ok; }"));
    const std::string locked = "external { require(!lk); assembly { sstore(arr.slot, ";
    EXPECT_NOT_FREE(array("function less() " + locked + "sub(sload(arr.slot), 1)) } }"));
    EXPECT_NOT_FREE(array("function grow(uint256 n) " + locked + "n) } }"));
    EXPECT_NOT_FREE(
        array("function grow(uint256 n) external { require(!lk && n < 2**255); assembly { sstore(arr.slot, n) } }"));
    EXPECT_NOT_FREE(
        array("address o = msg.sender; function grow(uint256 n) external { require(msg.sender == o);"
              " assembly { sstore(arr.slot, n) } }"));
    EXPECT_NOT_FREE(
        array("function to(uint256[] storage r, uint256 n) internal { assembly { sstore(r.slot, n) } }"
              "function grow(uint256 n) external { require(!lk); to(arr, n); }"));
    EXPECT_NOT_FREE(
        array("bytes32[] other; function grow(uint256 n) external { require(!lk); bytes32[] storage r = other;"
              " assembly { r.slot := arr.slot } r.push(); assembly { sstore(r.slot, n) } }"));
}

TEST(CallbackFreeArrays, SoItIsInMappings) {
    const auto array = [](const std::string& more) {
        return pot(
            "mapping(address => uint256[]) arr; function add() external { arr[msg.sender].push(1); }"
            "function set(uint256 i, uint256 v) external { arr[msg.sender][i] = v; }" +
            more);
    };
    EXPECT_FREE(array(""));
    EXPECT_NOT_FREE(
        array("function grow(uint256 n) external { require(!lk); uint256[] storage r = arr[msg.sender];"
              " assembly { sstore(r.slot, n) } }"));
    EXPECT_NOT_FREE(
        array("function grow(uint256 k, uint256 n) external { require(!lk);"
              " assembly { mstore(0, caller()) mstore(32, arr.slot) sstore(keccak256(0, 64), n) } }"));
}

TEST(CallbackFreeArrays, ArraysAreToldFromEachOtherAndFromMappings) {
    const auto orders = [](const std::string& members, const std::string& more) {
        return "contract C { uint256[] a; uint256[] z; " + members +
               "function put() external payable { require(!lk); a.push(msg.value); }"
               "function take(uint256 i) external { require(!lk); lk = true; uint256 v = a[i];"
               "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); a[i] -= v; lk = false; } " +
               more + "}";
    };
    const std::string flag = "bool lk; mapping(address => uint256) m; ";
    EXPECT_FREE(orders(flag, ""));
    EXPECT_FREE(orders(flag, "function note(uint256 i) external { z[i] = 1; z.push(2); m[msg.sender] = 3; }"));
    EXPECT_NOT_FREE(orders(flag, "function note(uint256 i) external { a[i] = 1; }"));
    EXPECT_NOT_FREE(orders(flag, "function note() external { a.pop(); }"));
    EXPECT_NOT_FREE(orders(flag, "function note() external { delete a; }"));
    EXPECT_NOT_FREE(orders(flag, "function note(uint256 i) external { uint256[] storage r = i == 0 ? a : z; r[i] = 1; }"));
    EXPECT_NOT_FREE(orders(flag,
                           "function to(uint256[] storage r, uint256 i) internal { r[i] = 1; }"
                           "function note(uint256 i) external { to(z, i); to(a, i); }"));
    const auto raw = [](const std::string& code) {
        return "function note(uint256 i, uint256 k) external { require(i < 256); uint256 h; " + code +
               " assembly { sstore(add(h, i), 1) } }";
    };
    EXPECT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, a.slot) h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, k) h := keccak256(0, 32) }")));
    // The memory is written again, by whoever needs it.
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) mstore(1, k) h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) mstore8(31, k) h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) calldatacopy(0, 36, 32) h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders("bool lk; mapping(uint256 => uint256) m; ",
                           raw("assembly { mstore(0, z.slot) } m[k] = 1; assembly { h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) } if (k > 1) assembly { mstore(0, a.slot) }"
                                     "assembly { h := keccak256(0, 32) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) h := keccak256(0, 31) }")));
    EXPECT_NOT_FREE(orders(flag, raw("assembly { mstore(0, z.slot) h := keccak256(32, 32) }")));
}

TEST(CallbackFreeArrays, TheHashOfAChosenWordMayBeTheSlotOfTheLock) {
    // keccak256 of the number 12345.
    const std::string slot = "0xe546b0a52c2879744f6def0fb483d581dc6d205de83af8440456804dd8b62380";
    const auto locked = [&](const std::string& more) {
        return "contract Pot { uint256 pot; mapping(uint256 => uint256) m; struct S { mapping(uint256 => uint256) m; }"
               "modifier free() { assembly { if sload(" +
               slot + ") { revert(0, 0) } sstore(" + slot + ", 1) } _; assembly { sstore(" + slot +
               ", 0) } } function put() external payable free { pot += msg.value; }"
               "function take() external free { uint256 a = pot; " +
               pay + " pot = 0; } function set(uint256 k, uint256 v) external { " + more + " } }";
    };
    EXPECT_FREE(locked("m[k] = v;"));
    EXPECT_FREE(locked("assembly { mstore(0, k) mstore(32, m.slot) sstore(keccak256(0, 64), v) }"));
    EXPECT_FREE(locked("assembly { mstore(0, 1) sstore(keccak256(0, 32), v) }"));
    EXPECT_NOT_FREE(locked("assembly { mstore(0, k) sstore(keccak256(0, 32), v) }"));
    EXPECT_NOT_FREE(locked("assembly { mstore(0, 12345) sstore(keccak256(0, 32), v) }"));
    EXPECT_NOT_FREE(locked("assembly { mstore(0, m.slot) mstore(32, k) sstore(keccak256(0, 64), v) }"));
    EXPECT_NOT_FREE(locked("assembly { mstore(0, k) mstore(32, m.slot) sstore(keccak256(0, 63), v) }"));
    EXPECT_NOT_FREE(locked("assembly { calldatacopy(0, 4, 64) sstore(keccak256(0, 64), v) }"));
    EXPECT_NOT_FREE(locked("S storage s; assembly { s.slot := k } s.m[k] = v;"));
}

// What only an event tells, also a part of a word that was taken out of a slot, is no look at the state.
TEST(CallbackFreeArrays, WhatOnlyAnEventTellsIsNotRead) {
    const auto paid = [](const std::string& after) {
        return "contract C { struct S { uint128 n; uint64 t; bool d; } mapping(uint256 => S[]) s; uint256 z; event "
               "E(uint256 n);"
               "function add(uint256 i) external payable { s[i].push(S(uint128(msg.value), 1, false)); }"
               "function twice(uint256 i) external payable { s[i][0].n += uint128(msg.value); }"
               "function take(uint256 i) external { S storage m = s[i][0]; require(!m.d); m.d = true; "
               R"((bool ok,) = msg.sender.call{value: m.n}(""); require(ok); )" +
               after + " } }";
    };
    EXPECT_FREE(paid(""));
    EXPECT_FREE(paid("emit E(m.n);"));
    EXPECT_FREE(paid("emit E(m.t);"));
    EXPECT_NOT_FREE(paid("emit E(m.n); z += m.n;"));
    EXPECT_NOT_FREE(paid("uint256 n = m.n; emit E(n); z = n;"));
    EXPECT_NOT_FREE(paid("uint256 n = m.n; if (n > 5) z = 1; emit E(n);"));
    EXPECT_NOT_FREE(paid("require(m.n > 0); emit E(m.n);"));
}

// The first element's number is written out, those of the others are below the length.
TEST(CallbackFreeArrays, ALoopThatHandsOnItsCounterStaysInTheArray) {
    const auto pools = [](const std::string& all) {
        return "contract C { address owner = msg.sender; bool busy; struct P { uint256 a; uint256 b; uint256 c; } P[] p;"
               "mapping(address => uint256) due; function add() external { require(msg.sender == owner); p.push(P(1, 2, "
               "3)); }"
               "function touch(uint256 i) internal { p[i].b = block.number; }"
               "function refresh(uint256 k) external { require(!busy); " +
               all +
               " } function open() external { require(msg.sender == owner); busy = false; }"
               "function take(uint256 v) external { require(!busy); busy = true; require(due[msg.sender] >= v); "
               "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); due[msg.sender] -= v; busy = false; } }";
    };
    EXPECT_FREE(pools("touch(k);"));
    EXPECT_FREE(pools("for (uint256 i = 0; i < p.length; ++i) touch(i);"));
    EXPECT_FREE(pools("uint256 n = p.length; for (uint256 i = 0; i < n; ++i) touch(i);"));
    EXPECT_NOT_FREE(
        pools("for (uint256 i = 0; i < k; ++i) { uint256 s; assembly { s := p.slot "
              "sstore(add(s, mul(i, 3)), 0) } }"));
}

// A loop through an array of fixed length stays in its slots, several elements in one of them or not.
TEST(CallbackFreeArrays, ALoopThroughAFixedArrayStaysInIt) {
    const auto shares = [](const std::string& type, const std::string& loop) {
        return "contract C { " + type + "[4] w; uint256 n; uint256 sum; constructor(" + type +
               "[4] memory x) { w = x; } function book() external { n *= 2; }"
               "function set(uint256 i) external { require(i < 4); sum += i; }"
               "function share() external { " +
               loop + " } }";
    };
    const std::string call = "(bool ok,) = msg.sender.call(\"\"); require(ok);";
    for (const std::string type : {"uint16", "uint256"}) {
        EXPECT_FREE(shares(type, "for (uint256 i = 0; i < 4; i++) { " + call + " sum += w[i]; }"));
        EXPECT_FREE(shares(type, "for (uint256 i = 0; i < 3; ++i) { sum += w[i] / 2; " + call + " }"));
        EXPECT_NOT_FREE(shares(type, "for (uint256 i = 0; i < 4; i++) { " + call + " sum += w[i]; n = n + 1; }"));
        EXPECT_NOT_FREE(shares(type, "for (uint256 i = 0; i < 4; i++) { " + call +
                                         " uint256 s; assembly { s := sload(add(w.slot, mul(i, 2))) } sum += s; }"));
    }
    // How far the loop goes is not known: it may come to any slot.
    EXPECT_NOT_FREE(shares("uint256", "uint256 end = n; for (uint256 i = 0; i < end; i++) { " + call +
                                          " assembly { sstore(add(w.slot, i), 0) } }"));
}

// Who was on the list when the length was read stays there, whoever joins meanwhile.
TEST(CallbackFreeArrays, WhatIsBelowALengthOfAListStaysThere) {
    const auto list = [](const std::string& loop, const std::string& more = "", const std::string& element = "address") {
        return "contract C { struct P { uint256 share; address who; } " + element +
               "[] p; mapping(address => uint256) got; mapping(address => bool) on; uint256 total;" + more +
               " function pay() external payable { " + loop + " } }";
    };
    const std::string join =
        "function join() external { require(!on[msg.sender]); on[msg.sender] = true; p.push(msg.sender); }";
    const std::string call = "(bool ok,) = p[i].call{value: 1}(\"\"); require(ok); got[p[i]] += 1;";
    EXPECT_FREE(list("uint256 n = p.length; for (uint256 i; i < n; ++i) { " + call + " }", join));
    EXPECT_FREE(list("uint256 n = p.length; for (uint256 i; n > i; ++i) { " + call + " }", join));
    EXPECT_FREE(list(
        "uint256 n = p.length; for (uint256 i; i < n; ++i) { (bool ok,) = p[i].who.call{value: 1}(\"\");"
        "require(ok); got[p[i].who] += p[i].share; }",
        "function join() external { require(!on[msg.sender]); on[msg.sender] = true; p.push(P(1, msg.sender)); }", "P"));
    // Rounds are added, the length is no bound, somebody else is put there, or takes the place of who left.
    EXPECT_NOT_FREE(list("for (uint256 i; i < p.length; ++i) { " + call + " }", join));
    EXPECT_NOT_FREE(list("uint256 n = p.length; for (uint256 i; i <= n; ++i) { " + call + " }", join));
    EXPECT_NOT_FREE(list("uint256 n = p.length; for (uint256 i; i < n; ++i) { " + call + " }",
                         join + "function move(uint256 k) external { p[k] = msg.sender; }"));
    EXPECT_NOT_FREE(list("uint256 n = p.length; for (uint256 i; i < n; ++i) { " + call + " }",
                         join + "function leave() external { p.pop(); }"));
    // What copies a struct to where it is pushed copies it to other places, too.
    const std::string each =
                          "uint256 n = p.length; for (uint256 i; i < n; ++i) { (bool ok,) = p[i].who.call{value: 1}(\"\");"
                          "require(ok); got[p[i].who] += p[i].share; }",
                      put =
                          "function join() external { require(!on[msg.sender]); on[msg.sender] = true; "
                          "p.push(P(1, msg.sender)); }";
    EXPECT_FREE(list(each, put, "P"));
    EXPECT_NOT_FREE(list(each, put + "function move(uint256 k) external { p[k] = P(9, msg.sender); }", "P"));
    EXPECT_NOT_FREE(list(each,
                         put + "function move(uint256 k) external { P storage q = p[k]; set(q); }"
                               "function set(P storage q) private { q.who = msg.sender; }",
                         "P"));
    EXPECT_NOT_FREE(list("uint256 n = p.length; for (uint256 i; i < n; ++i) { " + call + " } total = p.length;", join));
    EXPECT_NOT_FREE(list(
        "uint256 n = p.length; for (uint256 i; i < n; ++i) { uint256 k = i + 1; " + call + " if (k < 9) got[p[k]] += 1; }",
        join));
}

// An event may tell where in a list something was put.
TEST(CallbackFreeArrays, AnEventMayTellTheLastIndex) {
    const auto row = [](const std::string& put) {
        return "contract C { address[] all; uint256 n; event E(uint256 at); function make() external { n = 2 * n + 1; "
               "(bool ok,) = msg.sender.call(\"\"); require(ok); " +
               put + " } }";
    };
    EXPECT_FREE(row("all.push(msg.sender); emit E(all.length - 1);"));
    EXPECT_FREE(row("all.push(msg.sender); emit E(all.length);"));
    EXPECT_NOT_FREE(row("emit E(all.length - 1); all.push(msg.sender);"));
    EXPECT_NOT_FREE(row("all.push(msg.sender); n = all.length - 1;"));
    EXPECT_NOT_FREE(row("all.push(msg.sender); emit E(all.length - 2);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_arrays
