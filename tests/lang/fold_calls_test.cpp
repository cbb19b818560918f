// Calls that are run while compiling give what running them gives: for each type and operation a contract in which the
// same function is called with known arguments, and with those of the caller.
#include <algorithm>

#include <gtest/gtest.h>

#include "deployed.hpp"
#include "lang/compile.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang {
namespace {

struct Kind {
    std::string type;
    std::vector<std::string> values;  // in Solidity
    std::vector<std::string> operations, comparisons;
};

const std::vector<std::string> arithmetic{"a + b", "a - b", "a * b", "a / b", "a % b", "a & b", "a | b", "a ^ b", "~a"};
const std::vector<std::string> comparisons{"a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b"};

std::vector<std::string> with(std::vector<std::string> some, const std::vector<std::string>& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

Kind unsigned_of(unsigned bits) {
    const std::string type = "uint" + std::to_string(bits);
    return {type,
            {"0", "1", "2", "7", "100", "type(" + type + ").max", "type(" + type + ").max - 1"},
            with(arithmetic, {"a << (b & 15)", "a >> (b & 15)", "a ** (b & 15)", type + "(uint8(a))"}),
            comparisons};
}

Kind signed_of(unsigned bits) {
    const std::string type = "int" + std::to_string(bits);
    return {type,
            {"0", "1", "-1", "-2", "7", "-100", "type(" + type + ").max", "type(" + type + ").min"},
            with(arithmetic, {"-a", "a << 3", "a >> 3", "a ** 5", "a ** 2", type + "(int8(a))"}),
            comparisons};
}

class FoldedCalls : public testing::TestWithParam<Kind> {};

void compare(const std::string& type, const std::string& result, const std::string& operation, bool is_unchecked,
             const std::vector<std::string>& values) {
    std::string text = "contract C { function o(" + type + " a, " + type + " b) internal pure returns (" + result + ") { " +
                       (is_unchecked ? "unchecked { " : "") + "return " + operation + ";" + (is_unchecked ? " }" : "") +
                       " } function asked(uint256 n) external pure returns (" + result + ") { " + type + " a; " + type +
                       " b;";
    std::string known;
    int n = 0;
    for (const std::string& a : values)
        for (const std::string& b : values) {
            text += " if (n == " + std::to_string(n) + ") { a = " + a + "; b = " + b + "; }";
            known += " function k" + std::to_string(n++) + "() external pure returns (" + result + ") { return o(" + a +
                     ", " + b + "); }";
        }
    const Compilation compilation = compile("c.sol", text + " return o(a, b); }" + known + " }");
    ASSERT_TRUE(compilation.ok()) << render(compilation.diagnostics, *compilation.sources, false);
    test::Deployed contract(*compilation.main());
    for (int i = 0; i < n; ++i) {
        const std::string asked = test::Deployed::describe(contract.call_words("asked(uint256)", {vm::Word(i)}));
        EXPECT_EQ(test::Deployed::describe(contract.call("k" + std::to_string(i) + "()")), asked)
            << type << ": " << operation << " with pair " << i;
    }
}

TEST_P(FoldedCalls, GiveWhatRunningThemGives) {
    const Kind& kind = GetParam();
    for (const std::string& operation : kind.operations)
        for (const bool is_unchecked : {false, true}) compare(kind.type, kind.type, operation, is_unchecked, kind.values);
    for (const std::string& comparison : kind.comparisons) compare(kind.type, "bool", comparison, false, kind.values);
}

INSTANTIATE_TEST_SUITE_P(
    Types, FoldedCalls,
    testing::Values(unsigned_of(8), unsigned_of(128), unsigned_of(256), signed_of(8), signed_of(128), signed_of(256),
                    Kind{"bytes4",
                         {"bytes4(0)", "bytes4(0x12345678)", "bytes4(0xffffffff)", "bytes4(0x80000001)"},
                         {"a & b", "a | b", "a ^ b", "~a", "a << 5", "a >> 5", "bytes4(bytes2(a))", "bytes4(uint32(b))"},
                         comparisons},
                    Kind{"bool", {"true", "false"}, {"a && b", "a || b", "!a"}, {"a == b", "a != b"}}),
    [](const auto& each) { return each.param.type; });

bool only_returns(const ir::Contract& contract, std::string_view name) {
    for (const ir::Function& function : contract.functions) {
        if (function.name != name) continue;
        const auto is_call = [](const ir::Instruction& each) { return each.op == ir::Op::InternalCall; };
        return function.blocks.size() == 1 && std::ranges::none_of(function.blocks[0].instructions, is_call);
    }
    return false;
}

TEST(FoldCalls, GivesUpOnLongRuns) {
    const Compilation compilation = compile("c.sol", R"(contract C {
        function sum(uint256 n) internal pure returns (uint256 s) { for (uint256 i; i < n; ++i) s += i; }
        function deep(uint256 n) internal pure returns (uint256) { return n == 0 ? 0 : 1 + deep(n - 1); }
        function short() external pure returns (uint256) { return sum(10) + deep(10); }
        function forever() external pure returns (uint256) { return sum(type(uint256).max) + sum(1); }
        function abyss() external pure returns (uint256) { return deep(type(uint256).max); }
    })");
    ASSERT_TRUE(compilation.ok());
    const ir::Contract optimized = optimize::optimize(*compilation.main()->ir);
    EXPECT_TRUE(only_returns(optimized, "short"));
    EXPECT_FALSE(only_returns(optimized, "forever"));
    EXPECT_FALSE(only_returns(optimized, "abyss"));
}

}  // namespace
}  // namespace interlock::lang
