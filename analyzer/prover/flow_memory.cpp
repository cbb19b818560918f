// The part of a Flow that follows what calls answer into scratch memory, the bytes that no object uses: assembly has it put
// there, and looks at it. Elsewhere in memory it is not followed: there a call's answer counts as heeded.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using CallKind = ir::ExternalCall::Kind;

namespace {

constexpr std::uint64_t scratch_bytes = 64, word_bytes = 32;

// The bytes from `from` on, as far as they are scratch memory, bit by bit.
std::uint64_t part_of_scratch(const ir::Word& from, const std::optional<ir::Word>& size) {
    if (from >= ir::Word{scratch_bytes} || (size && size->is_zero())) return 0;
    const std::uint64_t first = from.low64(), left = scratch_bytes - first;
    const std::uint64_t count = size && *size < ir::Word{left} ? size->low64() : left;
    const std::uint64_t bits = count == scratch_bytes ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    return bits << first;
}

}  // namespace

// Each call from outside of a contract has its own memory.
std::uint32_t Flow::memory_of(std::uint32_t frame) const {
    while (!frames_[frame]->is_outer) frame = frames_[frame]->caller;
    return frame;
}

bool Flow::keeps_free_memory_in(const Frame& frame) const {
    const auto [place, is_new] = keeps_free_memory_.try_emplace(frame.entry.contract, false);
    if (is_new) place->second = keeps_free_memory(*code_.contracts.at(frame.entry.contract));
    return place->second;
}

namespace {

// Whether the distance is that of an element of an array in memory whose index was compared with the length that lies there: all
// of an object in memory lies near where it begins.
bool is_distance_of_element(const ir::Function& function, const Makers& made_by, ir::Value array, ir::Value distance) {
    const ir::Instruction* made = made_by.at(distance.index);
    if (!made || made->op != Op::Mul) return false;
    const auto size = constant_in(made_by, made->operands[1]);
    constexpr unsigned most_bits = 16;
    if (!size || vm::bit_length(*size) > most_bits) return false;
    const auto is_length = [&](ir::Value value) {
        const ir::Instruction* load = made_by.at(value.index);
        return load && is_evm(*load, vm::Opcode::MLOAD) && load->operands[0] == array;
    };
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
            return each.op == Op::Less && each.operands[0] == made->operands[0] && is_length(each.operands[1]);
        });
    });
}

}  // namespace

// Whether the result is where the free-memory pointer points, or a little behind an address in free memory.
bool Flow::leads_to_free_memory(std::uint32_t frame, const ir::Instruction& instruction,
                                const std::vector<Known>& operands) const {
    if (is_evm(instruction, vm::Opcode::MLOAD)) return is_free_memory_pointer(frames_[frame]->shape->made_by, &instruction);
    if (instruction.op == Op::Reinterpret) return operands.at(0).is_in_memory;
    if (instruction.op != Op::Add && !is_evm(instruction, vm::Opcode::ADD)) return false;
    const auto is_little = [](const Known& each) {
        const auto most = bound_of(each);
        return most && most->fits_u64();
    };
    const auto is_element = [&] {
        return instruction.op == Op::Add && is_distance_of_element(*frames_[frame]->function, frames_[frame]->shape->made_by,
                                                                   instruction.operands[0], instruction.operands[1]);
    };
    return (operands.at(0).is_in_memory && (is_little(operands.at(1)) || is_element())) ||
           (operands.at(1).is_in_memory && is_little(operands.at(0)));
}

bool Flow::may_hold_answer(const State& state, std::uint32_t frame, ir::Value from, std::optional<ir::Value> size) const {
    const auto answers = state.answers.find(memory_of(frame));
    if (answers == state.answers.end() || answers->second == 0) return false;
    const Frame& here = *frames_[frame];
    const Known start = get(here, state, frame, from);
    if (start.kind == Known::Kind::Coded || start.kind == Known::Kind::Text) return false;
    if (!start.is_constant()) return !start.is_in_memory || !keeps_free_memory_in(here);
    const Known count = size ? get(here, state, frame, *size) : nothing_known();
    return (answers->second & part_of_scratch(start.word, count.is_constant() ? std::optional(count.word) : std::nullopt)) !=
           0;
}

bool Flow::reads_answer(const State& state, std::uint32_t frame, const ir::Instruction& instruction) const {
    if (is_evm(instruction, vm::Opcode::RETURNDATASIZE)) return !frames_[frame]->shape->accepted.contains(&instruction);
    if (frames_[frame]->shape->taken_words.contains(&instruction)) return true;
    if (!ir::reads_of(instruction).intersects(vm::Regions(vm::Region::Memory)) || instruction.op == Op::InternalCall)
        return false;
    const auto answers = state.answers.find(memory_of(frame));
    if (answers == state.answers.end() || answers->second == 0) return false;
    // What the language itself reads are objects.
    if (instruction.op != Op::Evm) return !keeps_free_memory_in(*frames_[frame]);
    const auto operand = [&](std::size_t i) { return instruction.operands.data()[i]; };
    switch (instruction.opcode) {
        case vm::Opcode::MLOAD: {
            const Known from = get(*frames_[frame], state, frame, operand(0));
            if (!from.is_constant()) return may_hold_answer(state, frame, operand(0), std::nullopt);
            return (answers->second & part_of_scratch(from.word, ir::Word{word_bytes})) != 0;
        }
        case vm::Opcode::MCOPY: return may_hold_answer(state, frame, operand(1), operand(2));
        case vm::Opcode::KECCAK256:
        case vm::Opcode::RETURN:
        case vm::Opcode::REVERT:
        case vm::Opcode::LOG0:
        case vm::Opcode::LOG1:
        case vm::Opcode::LOG2:
        case vm::Opcode::LOG3:
        case vm::Opcode::LOG4: return may_hold_answer(state, frame, operand(0), operand(1));
        default: return true;
    }
}

bool Flow::sends_answer(const State& state, std::uint32_t frame, const ir::ExternalCall& call) const {
    if (call.kind != CallKind::Raw) {
        const auto answers = state.answers.find(memory_of(frame));
        const bool holds = answers != state.answers.end() && answers->second != 0;
        return holds && !call.arguments.empty() && !keeps_free_memory_in(*frames_[frame]);
    }
    const bool has_value = call.opcode == vm::Opcode::CALL || call.opcode == vm::Opcode::CALLCODE;
    const bool creates = call.opcode == vm::Opcode::CREATE || call.opcode == vm::Opcode::CREATE2;
    const std::size_t data = creates ? 1 : has_value ? 3 : 2;
    if (frames_[frame]->shape->sent_bytes.contains(&call) &&
        get(*frames_[frame], state, frame, frames_[frame]->shape->sent_bytes.at(&call)).kind == Known::Kind::Coded)
        return false;
    return may_hold_answer(state, frame, call.arguments.data()[data], call.arguments.data()[data + 1]);
}

void Flow::pass_memory(State& state, std::uint32_t frame, const ir::Instruction& instruction, bool is_answer) const {
    // Where a function calls itself, frames of different memories are one.
    if (!is_evm(instruction, vm::Opcode::MSTORE) || is_answer || recurses_) return;
    const auto answers = state.answers.find(memory_of(frame));
    const Known to = get(*frames_[frame], state, frame, instruction.operands[0]);
    if (answers != state.answers.end() && to.is_constant())
        answers->second &= ~part_of_scratch(to.word, ir::Word{word_bytes});
}

bool Flow::leaves_answer_in_scratch(State& state, std::uint32_t frame, const ir::ExternalCall& call) const {
    const std::size_t count = call.arguments.size();
    const Known from = get(*frames_[frame], state, frame, call.arguments.data()[count - 2]),
                size = get(*frames_[frame], state, frame, call.arguments.data()[count - 1]);
    if (size.is_constant() && size.word.is_zero()) return true;
    const bool is_inside = from.is_constant() && size.is_constant() && from.word <= ir::Word{scratch_bytes} &&
                           size.word <= ir::Word{scratch_bytes} - from.word;
    if (is_inside) state.answers[memory_of(frame)] |= part_of_scratch(from.word, size.word);
    return is_inside;
}

}  // namespace interlock::analyzer::prover
