// What the prover takes an instruction to mean, compared with the machine's words: a function is told two arguments,
// and must (exact) or must not (sound) be able to prove that the operation gives what the machine gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "analyzer/prover.hpp"
#include "ir_builder.hpp"

namespace interlock::analyzer {
namespace {

using testing::FunctionBuilder;
using testing::Op;
using testing::Value;
namespace ir = lang::ir;
using vm::Word;

constexpr ir::Type uint8_type{ir::TypeKind::Uint, 8}, int8_type{ir::TypeKind::Int, 8};
constexpr ir::Type uint128_type{ir::TypeKind::Uint, 128}, int256_type{ir::TypeKind::Int, 256};
constexpr ir::Type bytes4_type{ir::TypeKind::FixedBytes, 32}, bytes32_type{ir::TypeKind::FixedBytes, 256};

// Cuts or extends a word to what the type holds.
Word fit(const Word& word, const ir::Type& type) {
    if (type.kind == ir::TypeKind::FixedBytes) return word & ~(~Word{} >> type.bits);
    const Word cut = type.bits == 256 ? word : word & ((Word{1} << type.bits) - Word{1});
    return type.kind == ir::TypeKind::Int ? vm::sign_extend(cut, Word{type.bits / 8u - 1}) : cut;
}

// The machine's answer to an unchecked operation; nullopt where it reverts.
std::optional<Word> machine(Op op, const ir::Type& type, const Word& a, const Word& b) {
    const bool is_signed = type.kind == ir::TypeKind::Int;
    switch (op) {
        case Op::Add: return fit(a + b, type);
        case Op::Sub: return fit(a - b, type);
        case Op::Mul: return fit(a * b, type);
        case Op::Div:
            if (b.is_zero()) return std::nullopt;
            return fit(is_signed ? vm::sdiv(a, b) : a / b, type);
        case Op::Mod:
            if (b.is_zero()) return std::nullopt;
            return fit(is_signed ? vm::smod(a, b) : a % b, type);
        case Op::And: return a & b;
        case Op::Or: return a | b;
        case Op::Xor: return a ^ b;
        default: return std::nullopt;
    }
}

std::vector<Word> edges(const ir::Type& type) {
    const Word one{1}, top = one << (type.bits - 1u);
    std::vector<Word> words;
    for (const Word& word : {Word{}, one, Word{3}, Word{7}, Word{100}, top - one, top, ~Word{}})
        words.push_back(fit(word, type));
    return words;
}

struct Case {
    Op op;
    ir::Type type;
    Word a, b, expected;
};

std::vector<Case> cases(const std::vector<Op>& ops, const std::vector<ir::Type>& types) {
    std::vector<Case> all;
    for (const Op op : ops) {
        for (const ir::Type& type : types) {
            for (const Word& a : edges(type)) {
                for (const Word& b : edges(type)) {
                    if (const auto expected = machine(op, type, a, b)) all.push_back({op, type, a, b, *expected});
                }
            }
        }
    }
    return all;
}

// One function a case: `op(a, b) == expected`, or `!=`. The arguments are parameters, so that nothing is precomputed.
ProofReport prove_all(const std::vector<Case>& all, Op comparison) {
    ir::Contract contract = testing::empty_contract();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const Case& each = all[i];
        FunctionBuilder f("f");
        const Value a = f.parameter(each.type);
        f.guard(f.add(Op::Equal, ir::bool_type, {a, f.constant(each.a, each.type)}));
        const Value b = f.parameter(each.type);
        f.guard(f.add(Op::Equal, ir::bool_type, {b, f.constant(each.b, each.type)}));
        const Value result = f.add(each.op, each.type, {a, b});
        f.check(f.add(comparison, ir::bool_type, {result, f.constant(each.expected, each.type)}));
        f.function().blocks.back().instructions.back().range = {i, i};
        f.finish();
        contract.functions.push_back(f.function());
    }
    return prove(contract, lang::Sources{});
}

std::string describe(const Case& each) {
    return "op " + std::to_string(static_cast<int>(each.op)) + " of " + abi_name(each.type) + ": " + vm::to_hex(each.a) +
           ", " + vm::to_hex(each.b) + " -> " + vm::to_hex(each.expected);
}

void expect_proved(const std::vector<Case>& all) {
    const ProofReport report = prove_all(all, Op::Equal);
    ASSERT_EQ(report.properties.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(report.properties[i].status, ProofStatus::Safe) << describe(all[i]);
    }
}

// Z3 knows a run in which the operation gives the machine's result.
void expect_possible(const std::vector<Case>& all) {
    const ProofReport report = prove_all(all, Op::NotEqual);
    ASSERT_EQ(report.properties.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        ASSERT_FALSE(report.properties[i].blocked_by.empty()) << describe(all[i]);
        EXPECT_THAT(report.properties[i].blocked_by[0].sentence, ::testing::EndsWith("it may be false")) << describe(all[i]);
    }
}

TEST(ProverOperations, WrappingArithmeticIsExact) {
    const auto all = cases({Op::Add, Op::Sub}, {uint8_type, int8_type, uint128_type, ir::uint256_type, int256_type});
    expect_proved(all);
}

TEST(ProverOperations, WrappingArithmeticNeverExcludesTheTrueResult) {
    const auto all = cases({Op::Add, Op::Sub}, {uint8_type, int8_type, uint128_type, ir::uint256_type, int256_type});
    expect_possible(all);
}

TEST(ProverOperations, MultiplicationIsExact) {
    const auto all = cases({Op::Mul}, {uint8_type, int8_type, uint128_type, ir::uint256_type});
    expect_proved(all);
}

TEST(ProverOperations, DivisionIsExact) {
    const auto all = cases({Op::Div, Op::Mod}, {uint8_type, int8_type, uint128_type, ir::uint256_type, int256_type});
    expect_proved(all);
}

TEST(ProverOperations, MultiplicationAndDivisionNeverExcludeTheTrueResult) {
    const auto all = cases({Op::Mul, Op::Div, Op::Mod}, {uint8_type, int8_type, uint128_type, int256_type});
    expect_possible(all);
}

TEST(ProverOperations, BitwiseOperationsNeverExcludeTheTrueResult) {
    const auto all = cases({Op::And, Op::Or, Op::Xor}, {uint8_type, int8_type, ir::uint256_type, bytes4_type, bytes32_type});
    expect_possible(all);
}

TEST(ProverOperations, CheckedAdditionRulesOverflowOut) {
    FunctionBuilder f("f");
    const Value a = f.parameter(ir::uint256_type), b = f.parameter(ir::uint256_type);
    const Value sum = f.add(Op::Add, ir::uint256_type, {a, b}, true);
    f.check(f.add(Op::GreaterEqual, ir::bool_type, {sum, a}));
    f.finish();
    ir::Contract contract = testing::empty_contract();
    contract.functions.push_back(f.function());
    EXPECT_EQ(prove(contract, lang::Sources{}).properties.at(0).status, ProofStatus::Safe);
}

TEST(ProverOperations, UncheckedAdditionMayWrap) {
    FunctionBuilder f("f");
    const Value a = f.parameter(ir::uint256_type), b = f.parameter(ir::uint256_type);
    const Value sum = f.add(Op::Add, ir::uint256_type, {a, b}, false);
    f.check(f.add(Op::GreaterEqual, ir::bool_type, {sum, a}));
    f.finish();
    ir::Contract contract = testing::empty_contract();
    contract.functions.push_back(f.function());
    EXPECT_EQ(prove(contract, lang::Sources{}).properties.at(0).status, ProofStatus::Unknown);
}

struct Conversion {
    ir::Type from, to;
    Word value, expected;
};

// As the machine does it on words.
const std::vector<Conversion>& conversions() {
    static const std::vector<Conversion> all{
        {ir::uint256_type, uint8_type, Word{0x1ff}, Word{0xff}},
        {int256_type, int8_type, Word{0xff}, ~Word{}},
        {int8_type, uint8_type, ~Word{}, Word{0xff}},
        {uint8_type, int8_type, Word{0x80}, ~Word{} << 7},
        {int256_type, ir::uint256_type, ~Word{}, ~Word{}},
        {ir::uint256_type, ir::address_type, ~Word{}, ~Word{} >> 96},
        {bytes32_type, bytes4_type, ~Word{}, ~Word{} << 224},
        {bytes4_type, bytes32_type, Word{0xabcd} << 224, Word{0xabcd} << 224},
        {bytes32_type, ir::uint256_type, Word{77}, Word{77}},
        {{ir::TypeKind::Uint, 32}, bytes4_type, Word{0xabcd}, Word{0xabcd} << 224},
        {bytes4_type, {ir::TypeKind::Uint, 32}, Word{0xabcd} << 224, Word{0xabcd}},
    };
    return all;
}

TEST(ProverOperations, ConversionsAreExact) {
    for (const Conversion& each : conversions()) {
        FunctionBuilder f("f");
        const Value a = f.parameter(each.from);
        f.guard(f.add(Op::Equal, ir::bool_type, {a, f.constant(each.value, each.from)}));
        const Value result = f.add(Op::Convert, each.to, {a});
        f.check(f.add(Op::Equal, ir::bool_type, {result, f.constant(each.expected, each.to)}));
        f.finish();
        ir::Contract contract = testing::empty_contract();
        contract.functions.push_back(f.function());
        EXPECT_EQ(prove(contract, lang::Sources{}).properties.at(0).status, ProofStatus::Safe)
            << abi_name(each.from) << " to " << abi_name(each.to);
    }
}

TEST(ProverOperations, ShiftsByConstantsAreExact) {
    const auto proved = [](Op op, ir::Type type, Word value, std::uint64_t bits, Word expected) {
        FunctionBuilder f("f");
        const Value a = f.parameter(type);
        f.guard(f.add(Op::Equal, ir::bool_type, {a, f.constant(value, type)}));
        const Value result = f.add(op, type, {a, f.constant(Word{bits}, uint8_type)});
        f.check(f.add(Op::Equal, ir::bool_type, {result, f.constant(expected, type)}));
        f.finish();
        ir::Contract contract = testing::empty_contract();
        contract.functions.push_back(f.function());
        return prove(contract, lang::Sources{}).properties.at(0).status == ProofStatus::Safe;
    };
    EXPECT_TRUE(proved(Op::Shl, uint8_type, Word{0x81}, 1, Word{2}));
    EXPECT_TRUE(proved(Op::Shl, int8_type, Word{0x40}, 1, ~Word{} << 7));
    EXPECT_TRUE(proved(Op::Shr, ir::uint256_type, ~Word{}, 255, Word{1}));
    EXPECT_TRUE(proved(Op::Shr, int8_type, fit(Word{0xfd}, int8_type), 1, fit(Word{0xfe}, int8_type)));  // -3 >> 1 == -2
}

}  // namespace
}  // namespace interlock::analyzer
