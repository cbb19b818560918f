// What the prover finds of a contract though nobody stated it, and what it does not.
#include "lang/compile.hpp"
#include "proved_source.hpp"

namespace interlock::analyzer {
namespace {

ProofReport inferred(const std::string& source) {
    const lang::Compilation compilation = lang::compile("c.ilk", source);
    EXPECT_TRUE(compilation.ok()) << source;
    ProverOptions options;
    options.infers = true;
    return prove(*compilation.artifacts.back().ir, *compilation.sources, options);
}

std::vector<std::string> found_in(const std::string& source) {
    std::vector<std::string> sentences;
    for (const FoundInvariant& each : inferred(source).found) sentences.push_back(sentence_of(each));
    return sentences;
}

std::string bank(const std::string& more, const std::string& members = "") {
    return "contract Bank { mapping(address => uint256) b; " + members +
           " function put() external payable { b[msg.sender] += msg.value; } " + more + "}";
}
const std::string pay_out = R"((bool ok,) = msg.sender.call{value: a}(""); require(ok);)";
const std::string early = "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay_out + " }";
const std::string late = "function take() external { uint256 a = b[msg.sender]; " + pay_out + " b[msg.sender] = 0; }";
const std::string solvent = "invariant! sum(b) <= address(this).balance";
using Sentences = std::vector<std::string>;

TEST(ProverInference, WhatIsOwedIsThere) {
    EXPECT_EQ(found_in(bank(early)), Sentences{solvent});
    // Also in fields, and of two mappings and a number together.
    EXPECT_EQ(found_in("contract C { struct P { address w; uint128 n; } mapping(uint256 => P) p; "
                       "function put(uint256 i) external payable { p[i].w = msg.sender; p[i].n += uint128(msg.value); "
                       "require(msg.value < 9 ether); } function take(uint256 i) external { require(p[i].w == msg.sender);"
                       "uint256 a = p[i].n; delete p[i]; " +
                       pay_out + " } }"),
              Sentences{"invariant! sum(p[·].n) <= address(this).balance"});
    EXPECT_EQ(found_in(bank("function tip() external payable { f += msg.value; }"
                            "function get() external { uint256 a = f; f = 0; " +
                                pay_out + " }" + early,
                            "uint256 f;")),
              Sentences{"invariant! sum(b) + f <= address(this).balance"});
}

TEST(ProverInference, OnlyWhatIsKeptUnderKeysAndIsThereAtAllTimesMakesSolvent) {
    const auto solvencies = [](const std::string& source) {
        Sentences sentences;
        for (const FoundInvariant& each : inferred(source).found)
            if (each.is_solvency) sentences.push_back(sentence_of(each));
        return sentences;
    };
    EXPECT_EQ(solvencies(bank(early)), Sentences{solvent});
    const std::string total =
        "contract C { mapping(address => uint256) b; uint256 n; bool lk; function put() external payable "
        "{ require(!lk); b[msg.sender] += msg.value; n += msg.value; }";
    EXPECT_EQ(solvencies(total + "}").size(), 0u);  // nobody is paid
    EXPECT_EQ(
        solvencies("contract C { uint256 n; function put() external payable { n += msg.value; } function take() external "
                   "{ uint256 a = n; n = 0; " +
                   pay_out + " } }"),
        Sentences{});
    for (const std::string& each : solvencies(total +
                                              "function take() external { require(!lk); lk = true; uint256 a = "
                                              "b[msg.sender]; " +
                                              pay_out + " b[msg.sender] = 0; n -= a; lk = false; } }"))
        EXPECT_EQ(each.find("==>"), std::string::npos) << each;
}

TEST(ProverInference, WhatIsNotThereIsNotFound) {
    EXPECT_TRUE(found_in(bank(late)).empty());
    EXPECT_TRUE(found_in(bank(early + "function gift(uint256 n) external { b[msg.sender] += n; }")).empty());
    EXPECT_TRUE(found_in(bank(early + "function more() external { uint256 a = 1; " + pay_out + " }")).empty());
    EXPECT_TRUE(found_in(bank(early + "constructor() { b[msg.sender] = 1; }")).empty());
    EXPECT_TRUE(found_in(bank(early + "function twice(address w) external payable { b[w] += 2 * msg.value; }")).empty());
    EXPECT_TRUE(found_in(bank(early + "function raw(uint256 s) external { assembly { sstore(s, 1) } }")).empty());
    EXPECT_TRUE(found_in(bank(early + "function run(address w) external { w.delegatecall(\"\"); }")).empty());
    EXPECT_TRUE(found_in(bank(early + "function end() external { selfdestruct(payable(msg.sender)); }")).empty());
}

TEST(ProverInference, ALockMayBeTakenWhileSomethingIsMissing) {
    const std::string locked =
        "function put() external payable { require(!l); b[msg.sender] += msg.value; }"
        "function take() external { require(!l); l = true; uint256 a = b[msg.sender]; " +
        pay_out + " b[msg.sender] = 0; l = false; } }";
    const Sentences found = found_in("contract Bank { mapping(address => uint256) b; bool l; " + locked);
    EXPECT_NE(std::ranges::find(found, "invariant! !l ==> sum(b) <= address(this).balance"), found.end());
    EXPECT_EQ(std::ranges::find(found, solvent), found.end());
    // What can never be so is not worth saying.
    for (const std::string& each : found) EXPECT_EQ(each.find("l == 2"), std::string::npos) << each;
}

TEST(ProverInference, WhatIsFoundHelpsToProveWhatIsStated) {
    const std::string source = bank(
        "invariant kept: f <= address(this).balance;"
        "function tip() external payable { f += msg.value; }" +
            early,
        "uint256 f;");
    EXPECT_EQ(inferred(source).find("kept")->status, ProofStatus::Safe);
    const lang::Compilation compilation = lang::compile("c.ilk", source);
    EXPECT_EQ(prove(*compilation.artifacts.back().ir, *compilation.sources).find("kept")->status, ProofStatus::Unknown);
}

}  // namespace
}  // namespace interlock::analyzer
