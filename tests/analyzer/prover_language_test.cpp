// The whole language in proofs of invariants: loops, arrays, storage by slot, transient storage, recursion, calls in assembly.
// Each proof stands beside a twin in which the property is false.
#include <gmock/gmock.h>

#include "proved_source.hpp"

namespace interlock::analyzer {
namespace {

using testing::obstacles;
using testing::prove_text;
using testing::status_of;

constexpr const char* head =
    "pragma solidity ^0.8.24;\n"
    "interface Stranger { function notify(uint256 x) external payable returns (uint256); "
    "function told(bytes calldata x) external payable; function ask() external view returns (uint256[] memory); }\n"
    "contract C {\n";

void expect(ProofStatus status, const std::string& members, const char* property = "i") {
    const ProofReport report = prove_text(head + members + "\n}\n");
    EXPECT_EQ(status_of(report, property), status) << members << "\n" << obstacles(report);
}
void expect_proved(const std::string& members, const char* property = "i") { expect(ProofStatus::Safe, members, property); }
void expect_open(const std::string& members, const char* property = "i") { expect(ProofStatus::Unknown, members, property); }

// --- loops ---

TEST(ProverLoops, KeepWhatEveryRoundKeeps) {
    const char* bank =
        "mapping(address => uint256) owed; uint256 total; address[] members; invariant i: total <= address(this).balance;"
        "function join() external payable { members.push(msg.sender); owed[msg.sender] += msg.value; total += msg.value; }"
        "function pay() external { for (uint256 k = 0; k < members.length; k++) { uint256 n = owed[members[k]];"
        "owed[members[k]] = 0; DEBIT members[k].call{value: n}(\"\"); } }";
    expect_proved(testing::replaced(bank, {{"DEBIT", "total -= n;"}}));
    expect_open(testing::replaced(bank, {{"DEBIT", ""}}));
    expect_open(testing::replaced(bank, {{"DEBIT", "if (k % 2 == 0) total -= n;"}}));
}

TEST(ProverLoops, MayBreakWhatIsMendedBehindThem) {
    expect_proved(
        "uint256 x; uint256 y; invariant i: x == y;"
        "function f(uint256 n) external { for (uint256 k = 0; k < n; k++) x += k; y = x; }");
    expect_open(
        "uint256 x; uint256 y; invariant i: x == y;"
        "function f(uint256 n) external { for (uint256 k = 0; k < n; k++) { x += k; if (k == 7) return; } y = x; }");
    expect_open(
        "uint256 x; invariant i: x == 0; function f(uint256 n) external { for (uint256 k = 0; k < n; k++) x += k; }");
    expect_open(
        "uint256 x; invariant i: x == 0; function f() external { uint256 k; while (true) { x = k; if (++k > 2) break; } }");
    expect_open("uint256 x; invariant i: x < 2; function f() external { do { x++; } while (x < 2); }");
    expect_proved("uint256 x; invariant i: x < 2; function f() external { do { x = 1; } while (x < 1); }");
}

TEST(ProverLoops, OfOneAnother) {
    expect_proved(
        "uint256 x; uint256 y; invariant i: x == y; function f(uint256 n) external {"
        "for (uint256 k = 0; k < n; k++) { x++; for (uint256 j = 0; j < k; j++) { x++; y++; } y++; } }");
    expect_open(
        "uint256 x; uint256 y; invariant i: x == y; function f(uint256 n) external {"
        "for (uint256 k = 0; k < n; k++) { x++; for (uint256 j = 0; j < k; j++) { x++; y++; } if (n < 9) y++; } }");
}

TEST(ProverLoops, AreInternalFunctionsToo) {
    expect_proved(
        "uint256 x; uint256 y; invariant i: x == y; function both(uint256 n) internal { while (n > 0) { x++; y++; n--; } }"
        "function f(uint256 n) external { both(n); for (uint256 k = 0; k < n; k++) both(k); }");
    expect_open(
        "uint256 x; uint256 y; invariant i: x == y; function both(uint256 n) internal { while (n > 0) { x++; y++; n--; } }"
        "function f(uint256 n) external { both(n); for (uint256 k = 0; k < n; k++) { both(k); x = y + n; } }");
}

TEST(ProverLoops, LetStrangersInEachRound) {
    const char* members =
        "bool locked; uint256 x; invariant! i: x == 0; modifier lock() { require(!locked); locked = true; _; locked = "
        "false; }"
        "function f(Stranger[] calldata all) external lock { for (uint256 k = 0; k < all.length; k++) all[k].notify(k); }"
        "function g() external GUARD { x = 1; x = 0; }"
        "function h(Stranger s) external GUARD { x = 1; s.notify(1); x = 0; }";
    expect_open(testing::replaced(std::string(members),
                                  {{"function g() external GUARD", "function g() external lock"},
                                   {"function h(Stranger s) external GUARD", "function h(Stranger s) external lock"}}));
    expect_proved(
        "bool locked; uint256 x; invariant i: x == 0; modifier lock() { require(!locked); locked = true; _; locked = false; "
        "}"
        "function f(Stranger[] calldata all) external lock { x = 1; for (uint256 k = 0; k < all.length; k++) "
        "all[k].notify(k);"
        "require(x == 1); x = 0; } function g() external lock { require(x == 0); }");
    expect_open(
        "bool locked; uint256 x; invariant i: x == 0; modifier lock() { require(!locked); locked = true; _; locked = false; "
        "}"
        "function f(Stranger[] calldata all) external lock { x = 1; for (uint256 k = 0; k < all.length; k++) "
        "all[k].notify(k);"
        "x -= 1; } function g() external { x += 1; }");
}

TEST(ProverLoops, RiseOrFall) {
    expect_proved(
        "uint256 x; function f(uint256 n) external ensures x >= old(x) { for (uint256 k = 0; k < n; k++) x += k; }",
        "f: ensures 1");
    expect_open("uint256 x; function f(uint256 n) external ensures x > old(x) { for (uint256 k = 0; k < n; k++) x += k; }",
                "f: ensures 1");
    expect_proved(
        "mapping(uint256 => uint256) m; function f(uint256 n) external ensures sum(m) >= old(sum(m))"
        "{ for (uint256 k = 0; k < n; k++) m[k] += 2; }",
        "f: ensures 1");
}

TEST(ProverLoops, OfConstructors) {
    expect_proved("uint256 x; uint256 y; invariant i: x == y; constructor(uint256 n) { while (n > 0) { n--; x++; y++; } }");
    expect_open("uint256 x; uint256 y; invariant i: x == y; constructor(uint256 n) { while (n > 0) { n--; x++; y = 5; } }");
}

TEST(ProverRecursion, MayLeaveAnything) {
    expect_proved("uint256 x; invariant i: x == 0; function f(uint256 n) public { if (n > 0) f(n - 1); x = 0; }");
    expect_open("uint256 x; invariant i: x == 0; function f(uint256 n) public { x = 0; if (n > 0) f(n - 1); else x = 1; }");
    expect_proved("uint256 x; uint256 y; invariant i: y == 0; function f(uint256 n) public { x++; if (n > 0) f(n - 1); }");
    expect_open(
        "uint256 x; invariant i: x < 2; function f(uint256 n) internal returns (uint256) { return n == 0 ? 7 : f(n - 1); }"
        "function g(uint256 n) external { x = f(n) % 3; }");
}

// --- arrays and slots ---

TEST(ProverArrays, AreApartFromEverythingElse) {
    const char* members =
        "uint256 x; uint256[] a; uint256[4] b; mapping(uint256 => uint256[]) c; struct S { uint256 n; bool f; } S[] d; "
        "uint256 z;"
        "invariant i: x == z; function f(uint256 n) external { a.push(n); a[n] = 7; b[n] = 7; c[n].push(n); c[n][n] = 1;"
        "d.push(S(n, true)); d[n].f = false; S storage s = d[n]; s.n = 5; a.pop(); delete c[n]; WRITE }";
    expect_proved(testing::replaced(members, {{"WRITE", ""}}));
    expect_open(testing::replaced(members, {{"WRITE", "x = a[0];"}}));
}

TEST(ProverArrays, HaveLengths) {
    expect_proved(
        "uint256[] a; invariant i: a.length <= 3; function f() external { require(a.length < 3); a.push(1); }"
        "function g() external { a.pop(); }");
    expect_open("uint256[] a; invariant i: a.length <= 3; function f() external { require(a.length <= 3); a.push(1); }");
    expect_open("uint256[] a; invariant i: a.length <= 3; function f() external { a = [1, 2, 3, 4]; }");
    expect_open(
        "uint256[] a; uint256 n; invariant i: a.length == n; function f() external { a.push(1); n++; }"
        "function g() external { delete a; }");
}

TEST(ProverSlots, OfAssemblyAreVariables) {
    expect_proved("uint256 x; invariant i: x < 9; function f() external { assembly { sstore(x.slot, 5) } }");
    expect_open("uint256 x; invariant i: x < 9; function f() external { assembly { sstore(x.slot, 15) } }");
    expect_open("uint128 y; uint128 x; invariant i: x < 9; function f() external { assembly { sstore(x.slot, 5) } }");
    expect_open("uint256 x; invariant i: x < 9; function f(uint256 s) external { assembly { sstore(s, 5) } }");
    expect_open(
        "uint256 y; uint256 x; invariant i: x < 9; function f() external { assembly { sstore(add(y.slot, 1), 15) } }");
    expect_open(
        "mapping(uint256 => uint256) m; invariant i: sum(m) == 0; function f() external { assembly { mstore(0, 5)"
        "mstore(32, m.slot) sstore(keccak256(0, 64), 15) } }");
    expect_proved(
        "uint256 x; invariant i: x == 0; function f() external { assembly { sstore(0x1234567890abcdef1234567890abcdef, 5) } "
        "}");
    expect_open("bool x; invariant i: !x; function f() external { assembly { sstore(x.slot, 6) } }");
}

TEST(ProverSlots, OfStructsAreHandedOn) {
    const char* members =
        "struct S { uint256 n; uint256 k; } mapping(uint256 => S) m; S one; uint256 x; invariant i: x == one.k;"
        "function set(S storage s) internal { s.n = 5; s.k = 6; } function f(uint256 n) external { set(m[n]); WRITE }";
    expect_proved(testing::replaced(members, {{"WRITE", ""}}));
    expect_open(testing::replaced(members, {{"WRITE", "set(one);"}}));
}

TEST(ProverSlots, OfALock) {
    const char* members =
        "uint256 x; invariant i: x == 0; modifier lock() { assembly { if eq(sload(0x8e94fed4), 2) { revert(0, 0) }"
        "sstore(0x8e94fed4, 2) } _; assembly { sstore(0x8e94fed4, 1) } }"
        "function f(Stranger s) external lock { x = 1; s.notify(1); x -= 1; } function g() external LOCK { x += 1; x -= 1; }"
        "function h() external LOCK { x = 5; x = 0; }";
    std::string locked = members;
    for (std::size_t at; (at = locked.find("LOCK")) != std::string::npos;) locked.replace(at, 4, "lock");
    expect_proved(locked);
    std::string unlocked = members;
    for (std::size_t at; (at = unlocked.find("LOCK")) != std::string::npos;) unlocked.replace(at, 4, "");
    expect_open(unlocked);
}

TEST(ProverSlots, OfTransientStorageEndWithTheTransaction) {
    expect_open(
        "uint256 x; invariant i: x == 0; constructor() { assembly { tstore(0, 1) } }"
        "function f() external { assembly { if tload(0) { revert(0, 0) } } x = 1; }");
    expect_open(
        "uint256 x; invariant i: x == 0; function f() external { assembly { tstore(0, 1) } }"
        "function g() external { assembly { if iszero(tload(0)) { revert(0, 0) } } x = 1; }");
    expect_proved(
        "uint256 x; invariant i: x == 0; function f() external { assembly { tstore(0, 0) } }"
        "function g() external { assembly { if iszero(tload(0)) { revert(0, 0) } } x = 1; }");
    expect_proved("uint256 x; invariant i: x == 0; function f(uint256 s) external { assembly { tstore(s, 1) } }");
}

// --- memory and calls ---

TEST(ProverMemory, HoldsAnything) {
    expect_proved(
        "uint256 x; uint256 y; invariant i: x == y; function f(uint256[] memory a) external {"
        "uint256[] memory b = new uint256[](a.length); for (uint256 k; k < a.length; k++) b[k] = a[k]; x = b[0]; y = x; }");
    expect_open(
        "uint256 x; invariant i: x < 5; function f() external { uint256[2] memory b = [uint256(1), 2]; b[1] = 9; x = b[1]; "
        "}");
    expect_open(
        "uint256 x; invariant i: x == 0; function f() external { bytes memory b = \"abc\"; assembly { mstore(b, 2) }"
        "if (b.length == 2) x = 1; }");
}

TEST(ProverCalls, InAssemblyOrOfEncodedDataHandOver) {
    expect_open(
        "uint256 x; invariant i: x == 0; function f(Stranger s, bytes calldata d) external { x = 1; s.told(d); x -= 1; }"
        "function g() external { x = 2; x = 0; } function h() external { x += 1; x -= 1; }"
        "function k() external { x *= 2; }");
    expect_proved("uint256 x; invariant i: x == 0; function f(Stranger s, bytes calldata d) external { s.told(d); }");
    expect_proved("uint256 x; invariant i: x == 0; function f(Stranger s) external { x = s.ask().length; x = 0; }");
    expect_open("uint256 x; invariant i: x == 0; function f(Stranger s) external { x = s.ask().length; }");
    expect_open(
        "uint256 owed; invariant i: owed <= address(this).balance; function f() external payable { owed += msg.value; }"
        "function g(Stranger s, bytes calldata d) external { s.told{value: 1}(d); }");
    expect_open(
        "uint256 owed; invariant i: owed <= address(this).balance; function f() external payable { owed += msg.value; }"
        "function g(address s) external { assembly { pop(call(gas(), s, 1, 0, 0, 0, 0)) } }");
    expect_proved(
        "uint256 owed; invariant i: owed <= address(this).balance; function f() external payable { owed += msg.value; }"
        "function g(address s) external { owed -= 1; assembly { if iszero(call(gas(), s, 1, 0, 0, 0, 0)) { revert(0, 0) } } "
        "}");
    expect_open(
        "uint256 x; invariant i: x == 0; function f(address s) external { assembly { pop(delegatecall(gas(), s, 0, 0, 0, "
        "0)) } }");
}

}  // namespace
}  // namespace interlock::analyzer
