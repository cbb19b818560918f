// What keeps code short: constants in their cheapest form, and ends that are written once.
#include <gtest/gtest.h>

#include <cstdint>

#include "lang/codegen/encode_constants.hpp"
#include "lang/codegen/merge_tails.hpp"
#include "lang/codegen/peephole.hpp"
#include "tests/lang/deployed.hpp"

namespace interlock::lang::codegen {
namespace {

using enum Opcode;
using vm::all_ones;

constexpr CostModel usual{}, small{.runs = 1}, fast{.runs = 1'000'000};

// The constant as the pass writes it, where the call succeeds.
std::string encoded(const Word& word, const CostModel& cost) {
    Assembly assembly;
    assembly.push(word);
    assembly.op(STOP);
    encode_constants(assembly, cost);
    return print(assembly);
}

Assembly masked(const Word& mask) {
    Assembly assembly;
    assembly.op(CALLER);
    assembly.push(mask);
    assembly.op(AND);
    assembly.op(STOP);
    return assembly;
}

TEST(Constants, of_few_bytes_stay_as_they_are) {
    for (const std::uint64_t word : {0ull, 1ull, 0xffull, 0xffffffffull})
        EXPECT_EQ(encoded(Word(word), small), "  PUSH " + vm::to_hex(Word(word)) + "\n  STOP\n");
}

TEST(Constants, are_made_by_instructions_where_that_costs_less) {
    EXPECT_EQ(encoded(Word(0x08c379a0) << 224, usual), "  PUSH 0x461bcd\n  PUSH 0xe5\n  SHL\n  STOP\n");
    EXPECT_EQ(encoded(~Word(0x8b78c6d8), usual), "  PUSH 0x8b78c6d8\n  NOT\n  STOP\n");
    EXPECT_EQ(encoded(all_ones >> 96, usual), "  PUSH 0x0\n  NOT\n  PUSH 0x60\n  SHR\n  STOP\n");
    EXPECT_EQ(encoded(all_ones << 160, usual), "  PUSH 0x0\n  NOT\n  PUSH 0xa0\n  SHL\n  STOP\n");
    EXPECT_EQ(encoded(all_ones >> 96, fast), "  PUSH " + vm::to_hex(all_ones >> 96) + "\n  STOP\n");
}

// Every way to write a constant leaves that constant: run on the machine.
TEST(Constants, have_the_same_value_however_they_are_written) {
    std::vector<Word> words{all_ones, Word(1) << 255, ~(Word(1) << 255), (all_ones >> 128) << 64,
                            ~((all_ones >> 128) << 64)};
    for (unsigned bits = 1; bits < 256; ++bits)
        for (const Word& word : {Word(1) << bits, all_ones >> bits, all_ones << bits, Word(0xdeadbeef) << bits,
                                 ~(Word(0xdeadbeef) << bits), (all_ones >> 192) << bits})
            words.push_back(word);
    for (const CostModel& cost : {small, usual, fast})
        for (const Word& word : words) {
            Assembly assembly;
            assembly.push(word);
            assembly.push(0);
            assembly.op(MSTORE);
            assembly.push(32);
            assembly.push(0);
            assembly.op(RETURN);
            encode_constants(assembly, cost);
            test::Deployed contract(Artifact{});
            contract.host().set_code(contract.address(), assemble(assembly).code);
            ASSERT_EQ(vm::word_from_big_endian(contract.call(vm::Bytes{}).output), word)
                << vm::to_hex(word) << " at " << cost.runs;
        }
}

TEST(Constants, that_mask_become_two_shifts) {
    Assembly low = masked(all_ones >> 96), high = masked(all_ones << 160), never = masked(all_ones >> 96);
    encode_constants(low, usual);
    encode_constants(high, usual);
    encode_constants(never, fast);
    EXPECT_EQ(print(low), "  CALLER\n  PUSH 0x60\n  SHL\n  PUSH 0x60\n  SHR\n  STOP\n");
    EXPECT_EQ(print(high), "  CALLER\n  PUSH 0xa0\n  SHR\n  PUSH 0xa0\n  SHL\n  STOP\n");
    EXPECT_EQ(print(never), print(masked(all_ones >> 96)));
}

TEST(Constants, are_always_short_where_the_call_fails) {
    Assembly assembly;
    assembly.push(Word(0x08c379a0) << 224);
    assembly.push(0);
    assembly.op(MSTORE);
    assembly.push(4);
    assembly.push(0);
    assembly.op(REVERT);
    encode_constants(assembly, fast);
    EXPECT_TRUE(print(assembly).starts_with("  PUSH 0x461bcd\n  PUSH 0xe5\n  SHL\n")) << print(assembly);
}

// CALLVALUE decides between two ends: `first` and `second` are written before each.
Assembly two_ends(const std::vector<Opcode>& first, const std::vector<Opcode>& second, const std::vector<Opcode>& end) {
    Assembly assembly;
    const Label other = assembly.new_label();
    assembly.op(CALLVALUE);
    assembly.push_label(other);
    assembly.op(JUMPI);
    for (const auto& ops : {first, end})
        for (const Opcode op : ops) assembly.op(op);
    assembly.mark(other);
    for (const auto& ops : {second, end})
        for (const Opcode op : ops) assembly.op(op);
    return assembly;
}

const std::vector<Opcode> failing{CALLER, ORIGIN, ADDRESS, GAS, CALLER, CALLDATASIZE, REVERT};
const std::vector<Opcode> ending{CALLER, ORIGIN, ADDRESS, GAS, CALLER, CALLDATASIZE, RETURN};

std::size_t count(const Assembly& assembly, Opcode op) {
    return static_cast<std::size_t>(std::ranges::count_if(assembly.items, [op](const Item& item) { return item.is(op); }));
}

TEST(Tails, of_failing_calls_are_written_once) {
    Assembly assembly = two_ends({NUMBER}, {TIMESTAMP}, failing);
    EXPECT_TRUE(merge_tails(assembly));
    clean_up(assembly);
    EXPECT_EQ(count(assembly, REVERT), 1u) << print(assembly);
    EXPECT_FALSE(merge_tails(assembly)) << print(assembly);
}

TEST(Tails, of_calls_that_succeed_cost_no_jump) {
    Assembly assembly = two_ends({NUMBER}, {TIMESTAMP}, ending);
    EXPECT_FALSE(merge_tails(assembly)) << print(assembly);
}

TEST(Tails, that_are_whole_blocks_become_one_for_nothing) {
    Assembly assembly;
    const Label first = assembly.new_label(), second = assembly.new_label();
    assembly.op(CALLVALUE);
    assembly.push_label(first);
    assembly.op(JUMPI);
    assembly.push_label(second);
    assembly.op(JUMP);
    for (const Label label : {first, second}) {
        assembly.mark(label);
        for (const Opcode op : ending) assembly.op(op);
    }
    EXPECT_TRUE(merge_tails(assembly));
    clean_up(assembly);
    EXPECT_EQ(count(assembly, RETURN), 1u) << print(assembly);
}

TEST(Tails, that_push_different_words_are_different) {
    Assembly assembly = two_ends({}, {}, {});
    const std::vector<Item> branch(assembly.items.begin(), assembly.items.end() - 1);
    const Item mark = assembly.items.back();
    assembly.items = branch;
    const auto fail = [&](std::uint64_t word) {
        assembly.push(word);
        assembly.push(0);
        assembly.op(MSTORE);
        assembly.push(32);
        assembly.push(0);
        assembly.op(REVERT);
    };
    fail(0x1234567890);
    assembly.items.push_back(mark);
    fail(0x1234567891);
    merge_tails(assembly);
    clean_up(assembly);
    const std::string text = print(assembly);
    EXPECT_NE(text.find("0x1234567890"), std::string::npos) << text;
    EXPECT_NE(text.find("0x1234567891"), std::string::npos) << text;
}

TEST(Runs, more_of_them_make_code_no_slower_and_fewer_no_larger) {
    const std::string source = R"(contract C {
        uint256 last;
        function shifted(uint256 a) external pure returns (uint256) { return a ^ 0xff0000000000000000000000000000000000; }
        function masked(uint256 a) external returns (uint256) { return last = (a & type(uint200).max) | ~uint256(1e18); }
        function refused(uint256 a) external pure { require(a == 0xffffffffffffffffffffffff00000000, "refused"); }
    })";
    const auto compiled = [&](std::uint32_t runs) {
        Compilation compilation = compile("a.sol", source, {}, {.runs = runs});
        if (!compilation.ok()) throw std::runtime_error(render(compilation.diagnostics, *compilation.sources, false));
        return *compilation.main();
    };
    const std::vector<std::uint32_t> counts{0, 1, usual_runs, 10'000, 1'000'000};
    for (std::size_t n = 1; n < counts.size(); ++n) {
        const Artifact fewer = compiled(counts[n - 1]), more = compiled(counts[n]);
        EXPECT_LE(fewer.runtime_code.size(), more.runtime_code.size()) << counts[n];
        for (const char* function : {"shifted(uint256)", "masked(uint256)", "refused(uint256)"}) {
            test::Deployed slow(fewer), fast(more);
            EXPECT_EQ(test::Deployed::describe(slow.call_words(function, {Word(~5ull)})),
                      test::Deployed::describe(fast.call_words(function, {Word(~5ull)})));
            EXPECT_GE(slow.gas_used(), fast.gas_used()) << function << " at " << counts[n];
        }
    }
    EXPECT_LT(compiled(1).runtime_code.size(), compiled(1'000'000).runtime_code.size());
    EXPECT_EQ(compiled(usual_runs).runtime_code, compile("a.sol", source).main()->runtime_code);
}

// Selectors: f477() 0x8c6a0b00, f495() 0x30de8a00; f1() ends with another byte.
TEST(Dispatch, call_data_of_less_than_four_bytes_names_no_function) {
    for (const char* receive : {"", "receive() external payable { last = 3; }"})
        for (const char* ambiguous : {"", "function f477() external { last = 1; } function f495() external { last = 1; }"}) {
            const Compilation compilation =
                compile("a.sol", std::string("contract C { uint256 last; function f1() external { last = 1; } ") +
                                     ambiguous + receive + " fallback() external payable { last = 2; } }");
            ASSERT_TRUE(compilation.ok()) << render(compilation.diagnostics, *compilation.sources, false);
            for (const vm::Bytes& data : {vm::Bytes{}, vm::Bytes{0x8c}, vm::Bytes{0x8c, 0x6a}, vm::Bytes{0x8c, 0x6a, 0x0b},
                                          vm::Bytes{0x30, 0xde, 0x8a}, vm::Bytes{0, 0, 0}, vm::Bytes{1, 2, 3, 4, 5}}) {
                test::Deployed contract(*compilation.main());
                EXPECT_TRUE(contract.call(data).ok());
                EXPECT_EQ(contract.slot(0), Word(data.empty() && *receive ? 3 : 2)) << data.size() << receive << ambiguous;
            }
            test::Deployed contract(*compilation.main());
            EXPECT_TRUE(contract.call("f1()").ok());
            EXPECT_EQ(contract.slot(0), Word(1));
        }
}

}  // namespace
}  // namespace interlock::lang::codegen
