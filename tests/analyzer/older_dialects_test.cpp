// Contracts as they were written for compilers from 0.4 to 0.7, among them the DAO of 2016: those in fixtures/older/attacked
// are attacked, those in fixtures/older/proved are proved, through our own compiler.
#include <algorithm>
#include <filesystem>

#include "analyzer/check.hpp"
#include "analyzer/prover/guarded_sums.hpp"
#include "lang/ir/ir.hpp"
#include "tests/sanitized.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

namespace ir = lang::ir;

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(INTERLOCK_SOURCE_DIR "/tests/analyzer/fixtures/older/" + folder))
        names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

Report checked(const std::string& name) {
    CheckOptions options;
    options.timeout_seconds = 30 * interlock::tests::slowness;
    const std::string path = "tests/analyzer/fixtures/older/" + name + ".sol";
    return check(compiled(path, contents(path)), options);
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }

class AttackedOlder : public testing::TestWithParam<std::string> {};

TEST_P(AttackedOlder, IsAttacked) {
    const Report report = checked("attacked/" + GetParam());
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    for (const Trace& trace : report.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
}
INSTANTIATE_TEST_SUITE_P(Contract, AttackedOlder, testing::ValuesIn(names_in("attacked")), name_of);

class ProvedOlder : public testing::TestWithParam<std::string> {};

TEST_P(ProvedOlder, IsProved) {
    const Report report = checked("proved/" + GetParam());
    EXPECT_FALSE(report.has_exploit());
    EXPECT_TRUE(report.all_safe());
}
INSTANTIATE_TEST_SUITE_P(Contract, ProvedOlder, testing::ValuesIn(names_in("proved")), name_of);

// Of a function's arithmetic on a and b: whether all of it, or none, counts as checked.
std::optional<bool> is_checked(const std::string& body) {
    const auto compilation = compiled("a.sol",
                                      "pragma solidity ^0.6.0;\ncontract C { function f(uint256 a, uint256 b) public "
                                      "pure returns (uint256 c) { " +
                                          body + " } }");
    const ir::Contract contract = prover::with_guarded_sums(*compilation->main()->ir);
    std::optional<bool> all;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != ir::Op::Add && each.op != ir::Op::Sub && each.op != ir::Op::Mul) continue;
                EXPECT_TRUE(!all || *all == each.checked) << body;
                all = each.checked;
            }
    return all;
}

TEST(GuardedSums, AreThoseThatSafeMathLooksAt) {
    for (const char* body : {"c = a + b; require(c >= a);", "c = a + b; assert(b <= c);", "c = a + b; require(c > a);",
                             "c = a + b; require(!(c < b));", "require(b <= a); c = a - b;", "assert(a >= b); return a - b;",
                             "if (a < b) revert(); c = a - b;", "if (b < a) c = a - b;",
                             "if (a == 0) return 0; c = a * b; require(c / a == b);"})
        EXPECT_EQ(is_checked(body), true) << body;
}

TEST(GuardedSums, AreNoOthers) {
    for (const char* body :
         {"c = a + b;", "c = a + b; require(c >= 7);", "c = a + b; if (c >= a) return 0;", "c = a + b; require(c <= a);",
          "c = a - b;", "require(a <= b); c = a - b;", "if (a < b) c = a - b;", "if (a < b) a = b; c = a - b;",
          "c = a - b; require(c >= b);", "c = a * b; require(c / 2 == b);", "c = a * b; require(c / a == a);",
          "c = a * b; require(c >= a);", "require(c >= a); c = a + b;", "c = a + b; require(c >= a || b == 3);"})
        EXPECT_EQ(is_checked(body), false) << body;
}

// Returns how many calls are left of a function that answers something of two numbers.
std::size_t calls_left_of(const std::string& body, const std::string& head = "internal pure returns (uint256 c)") {
    const auto compilation =
        compiled("a.sol", "pragma solidity ^0.6.0;\nlibrary L { function g(uint256 a, uint256 b) " + head + " { " + body +
                              " } } contract C { using L for uint256; uint256 n; function f(uint256 x) public { "
                              "n = n.g(x); n = x.g(n); } }");
    const ir::Contract contract = prover::with_guarded_sums(*compilation->main()->ir);
    EXPECT_EQ(ir::verify(contract), std::vector<std::string>{}) << ir::print(contract);
    std::size_t count = 0;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            count +=
                static_cast<std::size_t>(std::ranges::count(block.instructions, ir::Op::InternalCall, &ir::Instruction::op));
    return count;
}

TEST(GuardedSums, StandInThePlaceOfFunctionsThatAnswerNothingElse) {
    EXPECT_EQ(calls_left_of("c = a + b; require(c >= a);"), 0u);
    EXPECT_EQ(calls_left_of("c = a + b; assert(b <= c); return c;"), 0u);
    EXPECT_EQ(calls_left_of("require(b <= a, \"less\"); return a - b;"), 0u);
    EXPECT_EQ(calls_left_of("return a + b;"), 2u);                   // it wraps
    EXPECT_EQ(calls_left_of("require(b <= a); return b - a;"), 2u);  // that wraps
    EXPECT_EQ(calls_left_of("require(b <= a); require(b != 7); return a - b;"), 2u);
    EXPECT_EQ(calls_left_of("c = a + b; require(c >= a); c = c + 1; require(c >= 1);"), 2u);
    EXPECT_EQ(calls_left_of("if (b > a) return 0; return a - b;"), 2u);
}

}  // namespace
}  // namespace interlock::analyzer::tests
