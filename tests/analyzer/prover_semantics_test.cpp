// The prover's picture of the world, one aspect a test: who may call when, what money may do, what a call can change.
// Small contracts; each proof stands beside a twin in which exactly the aspect makes the property false.
#include <gmock/gmock.h>
#include <signal.h>

#include "proved_source.hpp"

namespace interlock::analyzer {
namespace {

using testing::obstacles;
using testing::prove_file;
using testing::prove_text;
using testing::status_of;

constexpr ProofStatus safe = ProofStatus::Safe, unknown = ProofStatus::Unknown;

#define EXPECT_PROVED(members, property)                                   \
    do {                                                                   \
        const ProofReport report = contract(members);                      \
        EXPECT_EQ(status_of(report, property), safe) << obstacles(report); \
    } while (false)
#define EXPECT_NOT_PROVED(members, property)                                  \
    do {                                                                      \
        const ProofReport report = contract(members);                         \
        EXPECT_EQ(status_of(report, property), unknown) << obstacles(report); \
    } while (false)

ProofReport contract(const std::string& members) {
    return prove_text(
        "pragma solidity ^0.8.24;\n"
        "interface Stranger { function notify(uint256 x) external payable returns (uint256); function ask() external "
        "view returns (uint256); }\n"
        "contract C {\n" +
        members + "\n}\n");
}

bool blocked_with(const ProofReport& report, const std::string& property, const std::string& words) {
    const PropertyProof* proof = report.find(property);
    if (proof == nullptr) return false;
    for (const Obstacle& obstacle : proof->blocked_by) {
        if (obstacle.sentence.find(words) != std::string::npos) return true;
    }
    return false;
}

// --- creation ---

TEST(ProverCreation, ConstructorEstablishesTheInvariant) {
    EXPECT_PROVED(
        "uint256 x; invariant i: x > 2; constructor() { x = 3; } function f(uint256 y) external { require(y > 5); x = "
        "y; }",
        "i");
    EXPECT_NOT_PROVED(
        "uint256 x; invariant i: x > 3; constructor() { x = 3; } function f(uint256 y) external { require(y > 5); x = "
        "y; }",
        "i");
}

TEST(ProverCreation, WithoutAConstructorEverythingIsZero) {
    EXPECT_PROVED("uint256 x; invariant i: x == 0; function f() external {}", "i");
    EXPECT_NOT_PROVED("uint256 x; invariant i: x == 1; function f() external {}", "i");
}

TEST(ProverCreation, InitialValuesCount) {
    EXPECT_PROVED("uint256 x = 7; invariant i: x == 7; function f() external {}", "i");
}

TEST(ProverCreation, AnAddressMayHoldEtherBeforeItHasCode) {
    EXPECT_NOT_PROVED("invariant i: address(this).balance == 0; function f() external {}", "i");
}

TEST(ProverCreation, AConstructorThatAlwaysRevertsProvesNothing) {
    const ProofReport report =
        contract("uint256 x; invariant i: x == 5; constructor() { require(x > 0); } function f() external {}");
    EXPECT_EQ(status_of(report, "i"), unknown);
    EXPECT_TRUE(blocked_with(report, "i", "no run of it that succeeds")) << obstacles(report);
}

TEST(ProverCreation, ImmutablesKeepTheirValue) {
    EXPECT_PROVED(
        "uint256 immutable limit; uint256 x; invariant i: x <= limit; constructor(uint256 l) { limit = l; } function "
        "f(uint256 y) external { require(y <= limit); x = y; }",
        "i");
}

// --- the environment ---

TEST(ProverEnvironment, EtherCanBeForcedIn) {
    EXPECT_PROVED("uint256 n; invariant i: n <= address(this).balance; function f() external payable { n += msg.value; }",
                  "i");
    EXPECT_NOT_PROVED(
        "uint256 n; invariant i: n == address(this).balance; function f() external payable { n += msg.value; }", "i");
}

TEST(ProverEnvironment, TimePassesForwards) {
    EXPECT_PROVED("uint256 t; invariant i: t <= block.timestamp; function f() external { t = block.timestamp; }", "i");
    EXPECT_NOT_PROVED(
        "uint256 t; invariant i: t >= block.timestamp; constructor() { t = block.timestamp; } function f() external { "
        "t = block.timestamp; }",
        "i");
}

TEST(ProverEnvironment, AFunctionThatIsNotPayableReceivesNothing) {
    EXPECT_PROVED(
        "uint256 n; invariant i: n == 0; function f() external { n = address(this).balance - address(this).balance; } "
        "function g() external payable { n += msg.value - msg.value; }",
        "i");
    EXPECT_NOT_PROVED("uint256 n; invariant i: n == 0; function f() external payable { n += msg.value; }", "i");
}

TEST(ProverEnvironment, ReceiveIsAnEntryToo) {
    EXPECT_NOT_PROVED("uint256 n; invariant i: n == 0; receive() external payable { n = 1; }", "i");
}

// --- who may do what at a call ---

const std::string ledger =
    "mapping(address => uint256) b; function deposit() external payable { b[msg.sender] += msg.value; } ";

TEST(ProverCalls, AStrangerMayCallBackThroughAnInterface) {
    EXPECT_NOT_PROVED(
        "uint256 x; invariant i: x == 0; function f(Stranger s) external { x = 1; s.notify(x); x -= 1; } function g() "
        "external { require(x == 0); x = 1; x = 0; } function h() external { if (x == 1) x = 2; }",
        "i");
    EXPECT_PROVED(
        "uint256 x; invariant i: x == 0; function f(Stranger s) external { x = 1; x -= 1; s.notify(x); } function h() "
        "external { if (x == 1) x = 2; }",
        "i");
}

TEST(ProverCalls, AViewOfAStrangerChangesNothing) {
    EXPECT_PROVED(
        "uint256 x; uint256 y; invariant i: x == 0; function f(Stranger s) external { x = 1; y = s.ask(); x = 0; } "
        "function h() external { if (x == 1) { x = 2; } }",
        "i");
}

TEST(ProverCalls, WhatAStrangerAnswersIsAnything) {
    EXPECT_NOT_PROVED("uint256 y; invariant i: y < 1000; function f(Stranger s) external { y = s.ask(); }", "i");
}

TEST(ProverCalls, TransferGivesTooLittleGasToCallBackWithEffect) {
    const std::string pay = "payable(msg.sender).transfer(a);";
    EXPECT_PROVED(ledger +
                      "invariant i: sum(b) <= address(this).balance; function w(uint256 a) external { "
                      "require(b[msg.sender] >= a); " +
                      pay + " unchecked { b[msg.sender] -= a; } }",
                  "i");
    EXPECT_NOT_PROVED(ledger +
                          "invariant! i: sum(b) <= address(this).balance; function w(uint256 a) external { "
                          "require(b[msg.sender] >= a); " +
                          pay + " unchecked { b[msg.sender] -= a; } }",
                      "i");
}

TEST(ProverCalls, AFailedSendKeepsTheMoney) {
    EXPECT_NOT_PROVED(
        ledger +
            "uint256 paid; uint256 got; invariant i: got <= address(this).balance + paid; receive() external payable { "
            "got += msg.value; } function w(uint256 a) external { payable(msg.sender).send(a); }",
        "i");
    EXPECT_PROVED(ledger +
                      "uint256 paid; uint256 got; invariant i: got <= address(this).balance + paid; receive() external "
                      "payable { got += msg.value; } function w(uint256 a) external { bool ok = "
                      "payable(msg.sender).send(a); if (ok) paid += a; }",
                  "i");
}

TEST(ProverCalls, AFailedCallLeavesTheStateAsItWas) {
    EXPECT_PROVED(ledger +
                      "invariant i: sum(b) <= address(this).balance; function w(uint256 a) external { b[msg.sender] -= "
                      "a; (bool ok, ) = msg.sender.call{value: a}(\"\"); if (!ok) b[msg.sender] += a; }",
                  "i");
    EXPECT_NOT_PROVED(
        ledger +
            "invariant i: sum(b) <= address(this).balance; function w(uint256 a) external { b[msg.sender] -= a; (bool "
            "ok, ) = msg.sender.call{value: a}(\"\"); if (ok) b[msg.sender] += a; }",
        "i");
}

TEST(ProverCalls, TheContractMayCallItself) {
    // Through `kick`, f runs with the contract itself as the caller.
    EXPECT_NOT_PROVED(
        "uint256 x; invariant i: x == 0; function f() external { if (msg.sender == address(this)) x = 1; } function "
        "kick(address a, bytes calldata d) external { a.call(d); }",
        "i");
}

TEST(ProverCalls, PayingOneselfMovesNoMoney) {
    EXPECT_PROVED(ledger +
                      "receive() external payable {} invariant i: sum(b) <= address(this).balance; function w(address "
                      "payable to, uint256 a) external { require(b[msg.sender] >= a); unchecked { b[msg.sender] -= a; "
                      "} to.transfer(a); }",
                  "i");
}

TEST(ProverCalls, WhomAConstructorCallsCannotCallBack) {
    EXPECT_PROVED("uint256 x; invariant i: x == 5; constructor(address a) { x = 5; a.call(\"\"); } function f() external {}",
                  "i");
}

// --- strong invariants ---

TEST(ProverLayers, APlainInvariantMayBeBrokenWhileTheLockIsHeld) {
    const std::string members =
        "bool locked; uint256 x; invariant i: x == 0; function f(Stranger s) external { require(!locked); locked = "
        "true; x = 1; s.notify(1); x -= 1; locked = false; } "
        "function g() external { require(!locked); if (x == 1) x = 2; }";
    EXPECT_PROVED(members, "i");
    EXPECT_NOT_PROVED(members + " function h() external { if (x == 1) x = 2; }", "i");
}

TEST(ProverLayers, AStrongInvariantMustHoldAtTheCall) {
    EXPECT_NOT_PROVED(
        "bool locked; uint256 x; invariant! i: x == 0; function f(Stranger s) external { require(!locked); locked = "
        "true; x = 1; s.notify(1); x -= 1; locked = false; }",
        "i");
}

TEST(ProverLayers, ALockThatACallbackCanOpenProtectsNothing) {
    EXPECT_NOT_PROVED(
        "bool locked; uint256 x; invariant i: x == 0; function f(Stranger s) external { require(!locked); locked = "
        "true; x = 1; s.notify(1); x -= 1; locked = false; } "
        "function g() external { require(!locked); if (x == 1) x = 2; } function open() external { locked = false; }",
        "i");
}

TEST(ProverLayers, ALockLeftShutIsNotTakenForOpen) {
    // f never opens again what it shut; nothing may then be concluded from "open between transactions".
    EXPECT_NOT_PROVED(
        "bool locked; invariant i: !locked; function f(Stranger s) external { require(!locked); locked = true; "
        "s.notify(1); }",
        "i");
}

TEST(ProverLayers, ACounterLockWithTwoNumbersWorksToo) {
    EXPECT_PROVED(
        "uint256 status = 1; uint256 x; invariant i: x == 0; modifier exclusive() { require(status == 1); status = 2; "
        "_; status = 1; } "
        "function f(Stranger s) external exclusive { x = 1; s.notify(1); x -= 1; } function g() external exclusive { "
        "if "
        "(x == 1) x = 2; }",
        "i");
}

// --- storage ---

TEST(ProverStorage, SumsOfAStructFieldAreFollowed) {
    const std::string members =
        "struct A { uint256 held; uint256 other; } mapping(address => A) a; uint256 total; invariant i: sum(a.held) == "
        "total; ";
    EXPECT_PROVED(
        members + "function f(uint256 x) external { a[msg.sender].held += x; total += x; a[msg.sender].other = 9; }", "i");
    EXPECT_NOT_PROVED(members + "function f(uint256 x) external { a[msg.sender].other += x; total += x; }", "i");
}

TEST(ProverStorage, DeletingAnEntryLowersTheSum) {
    const std::string members =
        "mapping(address => uint256) b; uint256 total; invariant i: sum(b) == total; function f(uint256 x) external { "
        "b[msg.sender] += x; total += x; } ";
    EXPECT_PROVED(members + "function g() external { total -= b[msg.sender]; delete b[msg.sender]; }", "i");
    EXPECT_NOT_PROVED(members + "function g() external { delete b[msg.sender]; }", "i");
}

TEST(ProverStorage, EntriesOfDifferentKeysAreIndependent) {
    const std::string members = "mapping(address => uint256) b; uint256 total; invariant i: sum(b) == total; ";
    EXPECT_PROVED(members + "function f(address p, address q, uint256 x) external { b[p] += x; b[q] += x; total += 2 * x; }",
                  "i");
    EXPECT_NOT_PROVED(members +
                          "function f(address p, address q, uint256 x) external { uint256 old = b[q]; b[p] += x; b[q] "
                          "= old + x; total += 2 * x; }",
                      "i");
}

TEST(ProverStorage, PhasesOnlyGoForwards) {
    EXPECT_PROVED(
        "enum P { Open, Closed, Paid } P phase; uint256 n; invariant i: phase == P.Open ==> n == 0; function "
        "close(uint256 x) external { require(phase == P.Open); n = x; phase = P.Closed; } function pay() external { "
        "require(phase == P.Closed); phase = P.Paid; }",
        "i");
    EXPECT_NOT_PROVED(
        "enum P { Open, Closed, Paid } P phase; uint256 n; invariant i: phase == P.Open ==> n == 0; function "
        "close(uint256 x) external { require(phase == P.Open); n = x; phase = P.Closed; } function again() external { "
        "phase = P.Open; }",
        "i");
}

TEST(ProverStorage, NarrowAndSignedNumbersWrapWhereTheyShould) {
    EXPECT_PROVED("int8 x; invariant i: x >= -5; function f() external { require(x > -5); x -= 1; }", "i");
    EXPECT_NOT_PROVED("int8 x; invariant i: x >= 0; function f() external { unchecked { x += 1; } }", "i");
    EXPECT_PROVED("int8 x; invariant i: x >= 0; function f() external { x += 1; }", "i");
}

// --- clauses and checks ---

TEST(ProverClauses, EnsuresComparesWithTheOldState) {
    EXPECT_PROVED("uint256 x; function f(uint256 y) external ensures x == old(x) + y { x += y; }", "f: ensures 1");
    EXPECT_NOT_PROVED("uint256 x; function f(uint256 y) external ensures x == old(x) + y { unchecked { x += y; } }",
                      "f: ensures 1");
}

TEST(ProverClauses, EnsuresSeesTheResult) {
    EXPECT_PROVED("function f(uint256 y) external pure returns (uint256 z) ensures z > y { z = y + 1; }", "f: ensures 1");
    EXPECT_NOT_PROVED("function f(uint256 y) external pure returns (uint256 z) ensures z > y { z = y; }", "f: ensures 1");
}

TEST(ProverClauses, ACallbackMayUndoWhatTheFunctionDid) {
    EXPECT_NOT_PROVED(
        "uint256 x; function f(Stranger s) external ensures x == 1 { x = 1; s.notify(1); } function g() external { x = "
        "2; }",
        "f: ensures 1");
    EXPECT_PROVED(
        "uint256 x; function f(Stranger s) external ensures x == 1 { s.notify(1); x = 1; } function g() external { x = "
        "2; }",
        "f: ensures 1");
}

TEST(ProverClauses, RequiresIsAssumedForTheFunctionsOwnEnsures) {
    const ProofReport report =
        contract("uint256 x; function f(uint256 y) external requires y < 10 ensures x < 10 { x = y; }");
    EXPECT_EQ(status_of(report, "f: ensures 1"), safe) << obstacles(report);
    EXPECT_THAT(report.assumptions, ::testing::Contains(::testing::HasSubstr("callers of f keep its requires (y < 10)")));
}

TEST(ProverClauses, RequiresIsNotAssumedForInvariants) {
    EXPECT_NOT_PROVED("uint256 x; invariant i: x < 10; function f(uint256 y) external requires y < 10 { x = y; }", "i");
}

TEST(ProverClauses, ContradictoryRequiresProveNothing) {
    EXPECT_NOT_PROVED("uint256 x; function f(uint256 y) external requires y < 10 requires y > 10 ensures x == 77 { x = y; }",
                      "f: ensures 1");
}

TEST(ProverClauses, AFunctionCalledInsideMayFindTheInvariantBroken) {
    EXPECT_NOT_PROVED(
        "uint256 x; invariant i: x == 0; function f() public ensures x == 0 { } function g() external { x = 1; f(); x "
        "= 0; }",
        "f: ensures 1");
    EXPECT_PROVED(
        "uint256 x; invariant i: x == 0; function f() public ensures x == 0 { } function g() external { x = 1; x = 0; "
        "}",
        "f: ensures 1");
}

// --- what is not covered ---

TEST(ProverCoverage, ALoopThatOnlyReadsDoesNotMatter) {
    EXPECT_PROVED(
        "uint256 x; invariant i: x == 0; function f(uint256 n) external view returns (uint256 s) { for (uint256 k = 0; "
        "k < n; k++) s += x; }",
        "i");
}

TEST(ProverCoverage, ForeignCodeOnOwnStorageLeavesNothingProvable) {
    const ProofReport report = contract(
        "uint256 x; function f(Stranger s) external ensures x == old(x) { s.notify(1); } "
        "function run(address code, bytes calldata d) external { code.delegatecall(d); }");
    EXPECT_EQ(status_of(report, "f: ensures 1"), unknown);
    EXPECT_TRUE(blocked_with(report, "f: ensures 1", "run: delegatecall at test.ilk:4 is not covered")) << obstacles(report);
}

TEST(ProverCoverage, RecursionIsNamed) {
    const ProofReport report = contract(
        "uint256 x; invariant i: x == 0; function f(uint256 n, Stranger s) public { if (n > 0) f(n - 1, s); s.notify(n); x "
        "= 0; }");
    EXPECT_EQ(status_of(report, "i"), unknown);
    EXPECT_TRUE(blocked_with(report, "i", "f: recursion")) << obstacles(report);
}

TEST(ProverCoverage, TimeThatRunsOutIsUnknown) {
    ProverOptions options;
    options.timeout_ms = 0;
    const ProofReport report = prove_text(
        "contract C { uint256 x; invariant i: x < 10; function f(uint256 y) external { require(y < 9); x = y; } }", options);
    EXPECT_EQ(status_of(report, "i"), unknown);
    EXPECT_TRUE(blocked_with(report, "i", "time")) << obstacles(report);
}

TEST(ProverCoverage, WorkBeyondItsLimitIsUnknown) {
    ProverOptions options;
    options.rlimit = 1;
    const ProofReport report = prove_text(
        "contract C { uint256 x; invariant i: x < 10; function f(uint256 y) external { require(y < 9); x = y; } "
        "function g(uint256 y) external { require(y < 8); x = y + 1; } }",
        options);
    EXPECT_EQ(status_of(report, "i"), unknown);
    EXPECT_TRUE(blocked_with(report, "i", "the proof reached its limit of work")) << obstacles(report);
}

TEST(ProverCoverage, AQueryThatIsCutShortIsUnknown) {
    ProverOptions options;
    options.rlimit_per_query = 1;
    const ProofReport report = prove_text(
        "contract C { uint256 x; invariant i: x < 10; function f(uint256 y) external { require(y * y < 100); x = y; } "
        "}",
        options);
    EXPECT_EQ(status_of(report, "i"), unknown);
}

// Z3 would put its own handler in place of the program's during each query, and restore it without its flags.
TEST(ProverCoverage, AnInterruptDuringAQueryIsTheProgramsOwn) {
    struct sigaction ours {
    }, before{}, behind{};
    ours.sa_sigaction = [](int, siginfo_t*, void*) {};
    ours.sa_flags = SA_SIGINFO;
    ASSERT_EQ(sigaction(SIGINT, &ours, &before), 0);
    prove_file("contracts/bank_fixed.ilk");
    ASSERT_EQ(sigaction(SIGINT, &before, &behind), 0);
    EXPECT_NE(behind.sa_flags & SA_SIGINFO, 0);
    EXPECT_EQ(behind.sa_sigaction, ours.sa_sigaction);
}

}  // namespace
}  // namespace interlock::analyzer
