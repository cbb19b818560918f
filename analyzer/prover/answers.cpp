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
    if (is_undone) {
        if (is_survived(nodes_[index]->frame)) heed_answer(index);
        return;
    }
    // What is read through it is an answer, too.
    const bool only_reads_it = instruction.op == Op::Evm && instruction.result && ir::writes_of(instruction).empty();
    if (halts || (instruction.op == Op::Evm && !only_reads_it)) nodes_[index]->tells_answer = true;
    if (!halts && ir::writes_of(instruction).intersects(vm::state_regions)) heed_answer(index);
    if (!halts && instruction.op != Op::Evm && !ir::writes_of(instruction).empty()) heed_answer(index);
}

// Whether all that follows, whatever lies in memory, is that constants are written, and that the entry ends. What it then
// tells whoever called it concerns nobody in the scope.
bool Flow::only_ends_after(std::uint32_t index) const {
    const std::vector<bool> after = reached({index}, true);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!after[i] || !can_end_[i]) continue;
        const Node& node = *nodes_[i];
        const auto leads_on = std::ranges::count_if(node.next, [&](std::uint32_t next) { return can_end_[next]; });
        const bool reads =
            std::ranges::any_of(node.footprint.accesses, [](const auto& each) { return !only_writes(each.second); });
        if (leads_on > 1 || reads || !node.loads.empty() || !node.codes.empty() || !node.balance_asked.empty() ||
            !node.writes_constants || node.footprint.reads_balance() || node.footprint.sends || node.is_site ||
            !node.site.hits.empty() || !node.call_footprint.accesses.empty() || node.call_footprint.sends)
            return false;
    }
    return true;
}

// A fork of which one side ends nowhere only decides whether everything is undone.
void Flow::heed_forks() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i]->forks_by_answer) continue;
        const auto goes_on = std::ranges::count_if(nodes_[i]->next, [&](std::uint32_t next) { return can_end_[next]; });
        if (goes_on > 1 || is_survived(nodes_[i]->frame)) heed_answer(i);
    }
}

// A fork that only decides words, as in `a || b` and `a ? b : c`, passes the answer on to that word.
void Flow::heed_answer(std::uint32_t index, const ir::Terminator& fork) {
    const std::uint32_t frame = nodes_[index]->frame;
    const ir::Function& function = *frames_[frame]->function;
    const bool is_survived_here = is_survived(frame);
    const ir::Contract* contract = code_.contracts.at(frames_[frame]->entry.contract);
    if (!is_survived_here &&
        (surely_reverts(function, fork.then, contract) || surely_reverts(function, fork.otherwise, contract)))
        return;
    const std::vector<std::uint32_t> decided =
        is_survived_here ? std::vector<std::uint32_t>{} : blocks_until_join(*contract, function, fork);
    if (decided.empty()) {
        nodes_[index]->forks_by_answer = true;
        return;
    }
    Known answer;
    answer.is_answer = true;
    for (const std::uint32_t block : decided)
        for (const ir::Parameter& each : function.blocks.at(block).parameters) set(*frames_[frame], each.value, answer);
}

}  // namespace interlock::analyzer::prover
