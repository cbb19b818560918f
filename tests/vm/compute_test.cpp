// Computing with constants gives what a program gives.
#include "vm/compute.hpp"

#include <gtest/gtest.h>

#include "tests/vm/program.hpp"
#include "vm/effects.hpp"

namespace interlock::vm::test {
namespace {

Word run(Opcode opcode, const std::vector<Word>& operands) {
    std::string program;
    for (auto operand = operands.rbegin(); operand != operands.rend(); ++operand) program += push(*operand);
    return word_of(World(program + std::string(info(opcode).name) + return_top, Fork::Osaka).run());
}

TEST(Compute, GivesWhatTheInstructionLeavesOnTheStack) {
    const std::vector<Word> words{0, 1, 3, 31, 200, Word(1) << 255, ~Word(), Word(0x1234) << 100};
    int computed = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto opcode = static_cast<Opcode>(byte);
        const OpcodeInfo& of = info(opcode);
        if (!of.exists() || of.immediate > 0 || of.stack_in > 3 || of.stack_in == 0 || of.stack_out != 1) continue;
        for (std::size_t n = 0; n < words.size() * words.size(); ++n) {
            std::vector<Word> operands{words[n % words.size()], words[n / words.size()], words[(n + 3) % words.size()]};
            operands.resize(of.stack_in);
            const auto word = compute(opcode, operands);
            ASSERT_EQ(word.has_value(), effects_of(opcode).is_pure()) << of.name;
            if (!word) break;
            ++computed;
            ASSERT_EQ(to_hex(*word), to_hex(run(opcode, operands))) << of.name;
        }
    }
    EXPECT_GT(computed, 25 * 64 / 2);
}

TEST(Compute, HasNothingToSayOfTheSurroundings) {
    EXPECT_FALSE(compute(Opcode::CALLER, {}));
    EXPECT_FALSE(compute(Opcode::PUSH0, {}));
    EXPECT_FALSE(compute(Opcode::BALANCE, std::vector<Word>{1}));
}

}  // namespace
}  // namespace interlock::vm::test
