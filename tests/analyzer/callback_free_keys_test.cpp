// Locks and balances by key: what happens at the key of a call, and what at others.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_keys {
namespace {

const std::string members = "mapping(address => bool) lk;";
const std::string take =
    "function take() external { require(!lk[msg.sender]); lk[msg.sender] = true; uint256 a = b[msg.sender]; " + pay +
    " b[msg.sender] = 0; lk[msg.sender] = false; }";
// `put` of the bank needs the lock, too, or a deposit in the middle is lost.
std::string locked(const std::string& more, const std::string& extra = "") {
    return "contract Bank { mapping(address => uint256) b; " + members + extra +
           " function put() external payable { require(!lk[msg.sender]); b[msg.sender] += msg.value; } " + more + "}";
}

TEST(CallbackFreeKeys, ALockByKeyKeepsOutWhoComesWithTheKey) {
    EXPECT_FREE(locked(take));
    EXPECT_FREE(
        locked("function take(address who) external { require(!lk[who]); lk[who] = true; uint256 a = b[who]; "
               "(bool ok,) = who.call{value: a}(\"\"); require(ok); b[who] = 0; lk[who] = false; }"));
    EXPECT_FREE(locked(take + "modifier free(address k) { require(!lk[k]); lk[k] = true; _; lk[k] = false; }"
                              "function move(address to, uint256 n) external free(msg.sender) free(to) {"
                              " b[msg.sender] -= n; b[to] += n; }"));
    // By number, converted on the way.
    EXPECT_FREE(
        "contract C { mapping(uint256 => uint256) v; mapping(uint256 => bool) l;"
        "function put(uint64 i) external payable { require(!l[i]); v[i] += msg.value; }"
        "function take(uint64 i) external { require(!l[i]); l[i] = true; uint256 a = v[uint256(i)]; " +
        pay + " v[i] = 0; l[i] = false; } }");
    // In a struct, through a reference, an internal function and a modifier.
    EXPECT_FREE(
        "contract C { struct A { uint256 f; bool l; } mapping(address => A) s;"
        "modifier once(address k) { A storage x = s[k]; require(!x.l); x.l = true; _; x.l = false; }"
        "function put(address k) external payable once(k) { s[k].f += msg.value; }"
        "function take() external once(msg.sender) { _pay(msg.sender); }"
        "function _pay(address k) internal { uint256 a = s[k].f; " +
        pay + " s[k].f = 0; } }");
}

TEST(CallbackFreeKeys, WhoTouchesTheKeyWithoutItsLockIsAVisitor) {
    EXPECT_NOT_FREE(bank(take + "function add() external payable { require(n < 9); b[msg.sender] += msg.value; n += 1; }",
                         members + "uint256 n;"));
    const std::string move = "b[msg.sender] -= n; b[to] += n; }";
    EXPECT_NOT_FREE(locked(take + "function move(address to, uint256 n) external { " + move));
    EXPECT_NOT_FREE(locked(take + "function move(address to, uint256 n) external { require(!lk[msg.sender]); " + move));
    EXPECT_NOT_FREE(locked(take + "function move(address to, uint256 n) external { require(!lk[to]); " + move));
    EXPECT_NOT_FREE(locked(take + "function move(address from, uint256 n) external {"
                                  " require(!lk[msg.sender]); b[from] -= n; b[msg.sender] += n; }"));
    EXPECT_NOT_FREE(locked(take + "function move(uint160 to, uint256 n) external { require(!lk[msg.sender]); "
                                  "b[msg.sender] -= n; b[address(to)] += n; }"));
    EXPECT_NOT_FREE(locked(take + "function open(address who) external { lk[who] = false; }"));
    EXPECT_NOT_FREE(locked(take + "function open(address who) external { require(who != msg.sender); lk[who] = false; }"));
    EXPECT_NOT_FREE(locked(take + "function open(address who) external { delete lk[who]; }"));
    EXPECT_NOT_FREE(locked(take + "function raw(uint256 s) external { assembly { sstore(s, 0) } }"));
    EXPECT_NOT_FREE(locked(take + "function all() external { for (uint160 i; i < 9; ++i) lk[address(i)] = false; }"));
}

TEST(CallbackFreeKeys, WordsOfCallDataAreArguments) {
    const auto tips = [](const std::string& tip, const std::string& clear = "b[who] = 0;") {
        return "contract C { mapping(address => uint256) b; mapping(address => bool) lk;"
               "constructor() { b[msg.sender] = 9; }" +
               tip +
               "function take(string calldata note, address who) external { require(!lk[who] && bytes(note).length < 9);"
               " lk[who] = true; uint256 a = b[who]; (bool ok,) = who.call{value: a}(\"\"); require(ok); " +
               clear + " lk[who] = false; } }";
    };
    const std::string test = "require(!lk[to] && d.length < 9); ";
    EXPECT_FREE(tips("function tip(bytes calldata d, address to) external payable { " + test + "b[to] += msg.value; }"));
    EXPECT_FREE(tips("function tip(address to, uint256[] calldata d) external payable { " + test + "b[to] += d[0]; }"));
    EXPECT_NOT_FREE(tips("function tip(bytes calldata d, address to, address by) external payable { " + test +
                         "b[by] += msg.value; b[to] -= 1; }"));
    EXPECT_NOT_FREE(
        tips("function tip(bytes calldata d, uint256 raw) external payable { address to = address(uint160(raw)); " + test +
             "b[to] += msg.value; b[address(uint160(raw >> 1))] -= 1; }"));
    // The word is another one where the entry calls itself, or where it is not required to be an address.
    EXPECT_NOT_FREE(tips("function tip(bytes calldata d, address to) external payable { " + test +
                         "b[to] -= 1; if (d.length > 1) this.tip(d[1:], address(uint160(to) + 1)); }"));
    EXPECT_NOT_FREE(tips("function tip(bytes calldata d) external payable { address to; assembly { to := calldataload(4) }" +
                         test + "b[to] -= 1; }"));
    const auto by_id = [](const std::string& put) {
        return "contract C { mapping(uint256 => uint256) b; mapping(uint256 => bool) lk; constructor() { b[1] = 9; }"
               "function put(uint256 id, bytes calldata d) external payable { " +
               put + " } function take(uint256 id) external { require(!lk[id]); lk[id] = true; uint256 a = b[id]; " + pay +
               " b[id] = 0; lk[id] = false; } }";
    };
    EXPECT_FREE(by_id("require(!lk[id] && d.length > 1); b[id] += msg.value - 1;"));
    EXPECT_NOT_FREE(by_id("require(!lk[id] && d.length > 1); b[id + 1] -= 1;"));
    EXPECT_NOT_FREE(by_id("require(!lk[d.length]); b[id] -= 1;"));
}

TEST(CallbackFreeKeys, TheLockMustBeThatOfTheKey) {
    const auto by = [](const std::string& lock, const std::string& state) {
        return locked("function take(address who) external { require(!lk[" + lock + "]); lk[" + lock +
                      "] = true; uint256 a = b[" + state + "]; " + pay + " b[" + state + "] = 0; lk[" + lock +
                      "] = false; }");
    };
    EXPECT_FREE(by("who", "who"));
    EXPECT_FREE(by("msg.sender", "msg.sender"));
    EXPECT_NOT_FREE(by("who", "msg.sender"));
    EXPECT_NOT_FREE(by("msg.sender", "who"));
    EXPECT_NOT_FREE(by("tx.origin", "who"));
    EXPECT_NOT_FREE(by("address(uint160(who) + 1)", "who"));
    EXPECT_NOT_FREE(
        locked("function take(address who) external { require(!lk[who]); lk[who] = true; who = msg.sender;"
               "uint256 a = b[who]; " +
               pay + " b[who] = 0; }"));
    EXPECT_NOT_FREE(
        locked("function take(address who, address other) external { require(!lk[who]); lk[who] = true;"
               "lk[other] = false; uint256 a = b[who]; " +
               pay + " b[who] = 0; lk[who] = false; }"));
    EXPECT_NOT_FREE(locked("function take() external { require(!lk[msg.sender]); uint256 a = b[msg.sender]; " + pay +
                           " lk[msg.sender] = true; b[msg.sender] = 0; lk[msg.sender] = false; }"));
    // Two numbers may be one when they are cut.
    EXPECT_NOT_FREE(
        "contract C { mapping(uint256 => uint256) v; mapping(uint256 => bool) l;"
        "function put(uint256 i) external payable { require(!l[i]); v[uint8(i)] += msg.value; }"
        "function take(uint256 i) external { require(!l[i]); l[i] = true; uint256 a = v[uint8(i)]; " +
        pay + " v[uint8(i)] = 0; l[i] = false; } }");
    // The lock of one key of two, and of one mapping of two.
    EXPECT_NOT_FREE(
        "contract C { mapping(address => mapping(address => uint256)) v; mapping(address => bool) l;"
        "function put(address x, address y) external payable { require(!l[x]); v[x][y] += msg.value; }"
        "function take(address x, address y) external { require(!l[x]); l[x] = true; uint256 a = v[y][x]; " +
        pay + " v[y][x] = 0; l[x] = false; } }");
    EXPECT_NOT_FREE(
        "contract C { mapping(address => uint256) b; mapping(address => bool)[2] l;"
        "function put() external payable { require(!l[0][msg.sender]); b[msg.sender] += msg.value; }"
        "function take(uint256 i) external { require(!l[i][msg.sender]); l[i][msg.sender] = true;"
        "uint256 a = b[msg.sender]; " +
        pay + " b[msg.sender] = 0; l[i][msg.sender] = false; } }");
}

TEST(CallbackFreeKeys, WhatAllKeysShareIsNotLocked) {
    const auto total = [](const std::string& after) {
        return locked(
            "function take() external { require(!lk[msg.sender]); lk[msg.sender] = true;"
            "uint256 a = b[msg.sender]; uint256 old = sum; " +
                pay + " b[msg.sender] = 0; " + after + " lk[msg.sender] = false; }",
            "uint256 sum; function add() external payable { sum += msg.value; }");
    };
    EXPECT_NOT_FREE(total("sum = old - a;"));
    EXPECT_FREE(total("old;"));
    // A key that a loop changes is none.
    EXPECT_NOT_FREE(
        locked("function take(address who) external { for (uint256 i; i < 2; ++i) { lk[who] = true;"
               "uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; lk[who] = false; who = address(uint160(who) + 1); } }"));
}

TEST(CallbackFreeKeys, AHashIsAKey) {
    const auto purses = [](const std::string& key) {
        return "contract C { mapping(bytes32 => uint256) purse; mapping(bytes32 => bool) busy;"
               "function put(bytes32 k) external payable { require(!busy[" +
               key + "]); purse[k] += msg.value; } function take(bytes32 k, uint256 a) external { require(!busy[" + key +
               "]); busy[" + key + "] = true; uint256 had = purse[k]; require(had >= a); " + pay +
               " purse[k] = had - a; busy[" + key + "] = false; } }";
    };
    EXPECT_FREE(purses("k"));
    EXPECT_NOT_FREE(purses("keccak256(abi.encode(k, msg.sender))"));
    EXPECT_NOT_FREE(purses("bytes32(uint256(k) / 2)"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_keys
