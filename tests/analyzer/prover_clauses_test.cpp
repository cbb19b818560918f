// What a clause may rely on: the value of its call, the construction, the moments at which somebody looks. Each false
// clause here is false on the VM; beside it stands a twin that is true and proved.
#include <gtest/gtest.h>

#include "proved_source.hpp"

namespace interlock::analyzer {
namespace {

using testing::obstacles;
using testing::prove_text;

ProofReport prove_members(const std::string& members) {
    return prove_text(
        "interface H { function hook() external; function ask() external view returns (uint256); }\n"
        "contract C {\n" +
        members + "\n}\n");
}

void expect_only(const ProofReport& report, const std::vector<std::string>& safe) {
    ASSERT_FALSE(report.properties.empty());
    for (const PropertyProof& proof : report.properties) {
        const bool is_true = std::find(safe.begin(), safe.end(), proof.property) != safe.end();
        EXPECT_EQ(proof.status, is_true ? ProofStatus::Safe : ProofStatus::Unknown) << proof.property << '\n'
                                                                                    << obstacles(report);
    }
}

// --- the value of a call ---

TEST(ProverClauses, AnInternalFunctionSeesTheValueOfWhoeverCalledFromOutside) {
    const std::string functions =
        "uint256 x; function f() external payable { _in(); }"
        "function _in() internal ensures same: x == old(x) ensures grown: x == old(x) + msg.value { x += msg.value; }";
    expect_only(prove_members(functions), {"_in: grown"});
}

TEST(ProverClauses, APrivateFunctionOfAPayableConstructorSeesItsValue) {
    expect_only(prove_members("uint256 x; constructor() payable { _in(); }"
                              "function _in() private ensures same: x == old(x) ensures kept: x >= old(x) "
                              "{ x += msg.value; }"),
                {"_in: kept"});
}

TEST(ProverClauses, AFunctionThatIsNotPayableAndOnlyCalledFromOutsideHasNoValue) {
    const std::string body = "uint256 x; function g() internal view returns (uint256) { return msg.value; }";
    expect_only(prove_members(body + "function f() external ensures same: x == old(x) { x += g(); }"), {"f: same"});
    expect_only(prove_members(body + "function f() public ensures same: x == old(x) { x += g(); }"
                                     "function p() external payable { f(); }"),
                {});
}

TEST(ProverClauses, APayableFunctionThatIsCalledInsideIsNotCreditedASecondTime) {
    const std::string spender =
        "function q() external payable { payable(msg.sender).transfer(address(this).balance); r(); }";
    const std::string paid = "function r() public payable ensures held: address(this).balance >= msg.value {}";
    expect_only(prove_members(paid), {"r: held"});
    expect_only(prove_members(spender + paid), {});
}

TEST(ProverClauses, SuperIsNoCallFromOutside) {
    expect_only(prove_text("contract B { function f() public payable virtual ensures held: address(this).balance >= "
                           "msg.value {} }\n"
                           "contract C is B { function f() public payable override { "
                           "payable(msg.sender).transfer(msg.value); super.f(); } }"),
                {});
}

TEST(ProverClauses, ALibraryRunsInTheCallOfWhoeverUsesIt) {
    expect_only(prove_text("library L { function v() external view returns (uint256) ensures none: result == 0 "
                           "ensures it: result == msg.value { return msg.value; } }"),
                {"v: it"});
    expect_only(prove_text("library L { function v() internal view returns (uint256) ensures none: result == 0 "
                           "ensures it: result == msg.value { return msg.value; } }\n"
                           "contract C { uint256 x; function f() external payable { x = L.v(); } }"),
                {"L.v: it"});
}

TEST(ProverClauses, AFreeFunctionHasClausesToo) {
    expect_only(prove_text("function twice(uint256 a) pure returns (uint256) ensures right: result == a + a "
                           "ensures wrong: result == a { return 2 * a; }\n"
                           "contract C { uint256 x; function f() external { x = twice(x); } }"),
                {"twice: right"});
}

TEST(ProverClauses, AFunctionWithoutABodyHasAVerdict) {
    expect_only(
        prove_text("abstract contract B { function g() public virtual returns (uint256) ensures one: result == 1; }\n"
                   "contract C is B { function g() public override returns (uint256) { return 1; } }"),
        {});
}

// --- construction ---

TEST(ProverClauses, DuringTheConstructionNoFactHolds) {
    const std::string variables = "uint256 a; uint256 b; invariant same: a == b;";
    const std::string hook = "function _f(H h) internal ensures agree: a == b { h.hook(); }";
    expect_only(prove_members(variables + hook + "function g(H h) external { a += 1; b += 1; _f(h); }"),
                {"same", "_f: agree"});
    expect_only(prove_members(variables + hook + "constructor(H h) { a = 1; _f(h); b = 1; }"), {"same"});
    expect_only(
        prove_members(variables + hook + "constructor(H h) { a = 1; _g(h); b = 1; } function _g(H h) private { _f(h); }"),
        {"same"});
}

TEST(ProverClauses, DuringTheConstructionNobodyCanChangeTheState) {
    expect_only(prove_members("uint256 a; function f() external { a += 1; } "
                              "constructor(H h) ensures one: a == 1 ensures two: a == 2 { a = 1; h.hook(); }"),
                {"constructor: one"});
}

TEST(ProverClauses, AConstructorWithArraysHasVerdicts) {
    const std::string parts = "uint256 x; invariant low: x <= 9; function f() external {}";
    const std::string body = ") ensures none: a.length == 0 { x = a.length; }";
    for (const char* parameters : {"uint256[] memory a", "bool n, uint256[] memory a", "H[] memory a"})
        expect_only(prove_members(parts + "constructor(" + parameters + body), {});
    expect_only(prove_members(parts + "constructor(uint256[2] memory a" + body), {"low"});
}

TEST(ProverClauses, ResultsThatAreArraysOrStructsHaveVerdicts) {
    expect_only(prove_members("struct S { uint256 q; } function f() external returns (uint256[] memory) ensures "
                              "none: (result).length == 0 { return new uint256[](3); } "
                              "function g() external returns (S memory s) ensures q: (result).q == 0 { s.q = 1; }"),
                {});
}

// --- static frames ---

constexpr const char* two = "uint256 a; uint256 b; uint256 x; invariant same: a == b;";
constexpr const char* look = "function look() external view returns (bool agree) ensures agree: result { return a == b; }";

TEST(ProverClauses, AViewCanBeAskedInTheMiddleOfAStaticCall) {
    const std::string before = "function f(H h) external { x = h.ask(); a += 1; b += 1; }";
    const std::string between = "function f(H h) external { a += 1; x = h.ask(); b += 1; }";
    expect_only(prove_members(std::string(two) + look + before), {"same", "look: agree"});
    expect_only(prove_members(std::string(two) + look + between), {"same"});
}

TEST(ProverClauses, AViewCanBeAskedWhileTransferAndSendRun) {
    for (const char* pay : {"payable(msg.sender).transfer(1)", "require(payable(msg.sender).send(1))"}) {
        const std::string payment = std::string(pay) + "; ";
        expect_only(prove_members(std::string(two) + look + "function f() external { " + payment + "a += 1; b += 1; }"),
                    {"same", "look: agree"});
        expect_only(prove_members(std::string(two) + look + "function f() external { a += 1; " + payment + "b += 1; }"),
                    {"same"});
    }
}

TEST(ProverClauses, AStaticFrameCanBeLeftAndEnteredByAnyFunction) {
    const std::string entered = "function g(H h) external returns (bool) ensures agree: result { h.hook(); return a == b; }";
    expect_only(prove_members(std::string(two) + entered + "function f(H h) external { a += 1; b += 1; x = h.ask(); }"),
                {"same", "g: agree"});
    expect_only(prove_members(std::string(two) + entered + "function f(H h) external { a += 1; x = h.ask(); b += 1; }"),
                {"same"});
}

TEST(ProverClauses, ACheckRestsOnWhatHoldsAtEveryCall) {
    const std::string checked = "function g() external { check a == b; }";
    expect_only(prove_members(std::string(two) + checked + "function f(H h) external { a += 1; b += 1; x = h.ask(); }"),
                {"same", "check at test.ilk:3"});
    expect_only(prove_members(std::string(two) + checked + "function f(H h) external { a += 1; x = h.ask(); b += 1; }"),
                {"same"});
}

// --- time ---

TEST(ProverClauses, AHardInvariantLeavesTimeForTheRest) {
    ProverOptions options;
    options.timeout_ms = 1'500;
    const ProofReport report = prove_text(
        "contract C { uint256 x; uint256 y; uint256 z; invariant hard: x == 0 || x * x * x + y * y * y != z * z * z;"
        "function f(uint256 a, uint256 b, uint256 c) external { unchecked { require(a * a * a * b + b * b * b * c == "
        "c * c * c * a); x = a * b % 1000003; y = b * c % 1000033; z = c * a % 1000037; } }"
        "function g() external ensures easy: true { x = x / 2 * 2; } }",
        options);
    expect_only(report, {"g: easy"});
}

}  // namespace
}  // namespace interlock::analyzer
