#include "vm/compute.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "vm/interpreter/instruction_kind.hpp"

namespace interlock::vm {

std::optional<Word> compute(Opcode opcode, std::span<const Word> operands) {
    constexpr std::size_t most_operands = 3;
    const OpcodeInfo& of = info(opcode);
    assert(operands.size() == of.stack_in);
    if (opcode == Opcode::EXP) return power(operands[0], operands[1]);  // pure, but its instruction also takes the gas
    const auto pure = instruction_kinds[static_cast<std::uint8_t>(opcode)].pure;
    if (pure == nullptr || of.stack_out != 1 || operands.empty() || operands.size() > most_operands) return std::nullopt;
    std::array<Word, most_operands> stack;
    std::reverse_copy(operands.begin(), operands.end(), stack.begin());
    pure(&stack[operands.size() - 1]);
    return stack[0];
}

}  // namespace interlock::vm
