// Where a Flow depends on what others answered: on more than whether everything is undone.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// What an answer decides, other than that everything is undone, depends on others.
void Flow::heed_answer(std::uint32_t index) { touch(index, {Area::Kind::World, 0, 0, {}, {}, {}, 0, 32}, Access::Read); }

void Flow::heed_answer(std::uint32_t index, const ir::Instruction& instruction, const std::vector<Known>& operands) {
    if (std::ranges::none_of(operands, &Known::is_answer)) return;
    if (instruction.op == Op::Guard || instruction.op == Op::InternalCall || instruction.op == Op::Result) return;
    const bool halts = instruction.op == Op::Evm && vm::effects_of(instruction.opcode).halts();
    const bool is_undone = halts && (instruction.opcode == vm::Opcode::REVERT || instruction.opcode == vm::Opcode::INVALID);
    if (!is_undone && (halts || !ir::writes_of(instruction).empty())) heed_answer(index);
}

// A fork that only decides a word, as in `a || b`, passes the answer on to that word.
void Flow::heed_answer(std::uint32_t index, const ir::Terminator& fork) {
    const std::uint32_t frame = nodes_[index]->frame;
    const ir::Function& function = *frames_[frame]->function;
    if (surely_reverts(function, fork.then) || surely_reverts(function, fork.otherwise)) return;
    for (const bool is_then : {true, false}) {
        const std::uint32_t join = (is_then ? fork.then : fork.otherwise).block;
        if (!only_computes_until(function, (is_then ? fork.otherwise : fork.then).block, join)) continue;
        Known answer;
        answer.is_answer = true;
        for (const ir::Parameter& each : function.blocks.at(join).parameters) set(*frames_[frame], each.value, answer);
        return;
    }
    heed_answer(index);
}

}  // namespace interlock::analyzer::prover
