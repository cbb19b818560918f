// The part of a Flow that finds what an entry asks before its calls and asks once more behind them.
#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/uses.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether it says the same, or undoes everything, wherever it is called with the same words and finds the same in storage.
bool only_depends_on_storage(const ir::Contract& contract, std::uint32_t function) {
    return std::ranges::all_of(with_callees(contract, {&contract.functions.at(function)}), [](const ir::Function* each) {
        return std::ranges::all_of(each->blocks, [](const ir::Block& block) {
            return block.terminator.kind != ir::Terminator::Kind::External &&
                   std::ranges::all_of(block.instructions, [](const ir::Instruction& step) {
                       const bool looks_elsewhere = step.op == Op::SelfBalance || step.op == Op::Balance ||
                                                    step.op == Op::CodeLength || step.op == Op::CodeHash ||
                                                    is_evm(step, vm::Opcode::MLOAD) || is_evm(step, vm::Opcode::GAS);
                       return step.op == Op::InternalCall ||
                              (!looks_elsewhere && !ir::writes_of(step).intersects(vm::state_regions));
                   });
        });
    });
}

}  // namespace

// Returns the internal call that made the frame, or null.
const ir::Instruction* Flow::call_of(const Frame& frame) const {
    if (frame.is_outer || frame.caller == Frame::none || frame.at == 0 || !frame.again.empty()) return nullptr;
    const ir::Instruction& call = frames_[frame.caller]->function->blocks.at(frame.block).instructions.at(frame.at - 1);
    return call.op == Op::InternalCall ? &call : nullptr;
}

// Whether all that is done with what it answers is to require the one thing, or the other.
std::optional<bool> Flow::required_answer(const Frame& frame) const {
    const ir::Function& caller = *frames_[frame.caller]->function;
    const ir::Instruction* call = call_of(frame);
    if (frame.function->returns.empty() && std::ranges::all_of(frame.function->blocks, [](const ir::Block& block) {
            return block.terminator.kind != ir::Terminator::Kind::Return || block.terminator.values.empty();
        }))
        return true;
    const Uses uses(caller);
    const auto& results = uses.users.at(call->result.index);
    if (results.size() != 1 || !results[0].instruction || results[0].instruction->op != Op::Result) return std::nullopt;
    for (const bool answer : {true, false})
        if (uses.only_required(results[0].instruction->result, answer)) return answer;
    return std::nullopt;
}

// Whether the word that is loaded has to be one, or everything is undone, also where a function of that answers whether it is.
bool Flow::has_to_be_one(std::uint32_t frame_index, const ir::Instruction& load) const {
    const Frame& frame = *frames_[frame_index];
    if (load.type.kind != ir::TypeKind::Uint || is_survived(frame_index)) return false;
    const Uses uses(*frame.function);
    const auto& users = uses.users.at(load.result.index);
    const ir::Instruction* test = users.size() == 1 ? users[0].instruction : nullptr;
    if (!test || test->op != Op::Equal) return false;
    const ir::Value other = test->operands[test->operands[0] == load.result ? 1 : 0];
    if (constant_in(frame.shape->made_by, other) != ir::Word{1}) return false;
    if (uses.only_required(test->result, true)) return true;
    const auto& answers = uses.users.at(test->result.index);
    const bool is_answer = answers.size() == 1 && !answers[0].instruction &&
                           answers[0].block->terminator.kind == ir::Terminator::Kind::Return &&
                           answers[0].block->terminator.values.size() == 1;
    return is_answer && call_of(frame) && required_answer(frame) == true;
}

// Whether both are calls of the same function with the same words, which are not computed anew, and must answer the same.
bool Flow::asks_the_same(std::uint32_t one, std::uint32_t other) const {
    const Frame &first = *frames_[one], &second = *frames_[other];
    if (first.entry != second.entry || first.storage != second.storage || first.storage != first.entry.contract)
        return false;
    const ir::Instruction *call = call_of(first), *again = call_of(second);
    for (std::size_t i = 0; i < call->operands.size(); ++i)
        if (source_of(first.caller, call->operands.data()[i]) != source_of(second.caller, again->operands.data()[i]))
            return false;
    const auto answer = required_answer(first);
    return answer && answer == required_answer(second);
}

std::uint32_t Flow::entrance_of(std::uint32_t frame) const {
    const auto found = node_at_.find({frame, 0, 0});
    return found == node_at_.end() ? Frame::none : found->second;
}

bool Flow::is_inside(std::uint32_t frame, std::uint32_t of) const {
    while (frame != of && frame != Frame::none) frame = frames_[frame]->is_outer ? Frame::none : frames_[frame]->caller;
    return frame == of;
}

// Whether every run that goes on after the call comes there, before it writes what is asked, by itself or by what it calls.
bool Flow::always_comes_to(std::uint32_t site, std::uint32_t there, const Footprint& asked) const {
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open(nodes_[site]->next.begin(), nodes_[site]->next.end());
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        if (at == there || !can_end_[at] || !seen.insert(at).second) continue;
        const Node& node = *nodes_[at];
        const bool writes =
            std::ranges::any_of(asked.accesses, [&](const auto& each) { return node.footprint.writes(each.first); });
        if (node.ends || writes || !node.site.hits.empty()) return false;
        open.insert(open.end(), node.next.begin(), node.next.end());
    }
    return true;
}

// Returns what is asked before the call and asked once more behind it: strangers may as well have come before that.
std::set<std::uint32_t> Flow::asked_again(std::uint32_t site, const std::vector<bool>& until) const {
    std::set<std::uint32_t> frames;
    // What it calls of the scope itself may change what it has asked.
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if ((i == site || until[i]) && can_end_[i] && !nodes_[i]->site.hits.empty()) return frames;
    const auto is_once = [&](std::uint32_t frame) {
        const std::uint32_t at = entrance_of(frame);
        return at != Frame::none && can_end_[at] && !reached(nodes_[at]->next, true)[at];
    };
    std::vector<std::uint32_t> asking;
    for (std::uint32_t i = 0; i < frames_.size(); ++i)
        if (call_of(*frames_[i]) &&
            only_depends_on_storage(*code_.contracts.at(frames_[i]->entry.contract), frames_[i]->entry.function) &&
            is_once(i))
            asking.push_back(i);
    for (const std::uint32_t first : asking) {
        if (!until[entrance_of(first)]) continue;
        Footprint asked, before;
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            if (can_end_[i] && is_inside(nodes_[i]->frame, first)) asked.add(footprint_of(i));
            else if (can_end_[i] && until[i]) before.add(nodes_[i]->footprint);
        }
        const bool is_changed =
            std::ranges::any_of(asked.accesses, [&](const auto& each) { return before.writes(each.first); });
        if (is_changed || asked.accesses.empty()) continue;
        for (const std::uint32_t again : asking)
            if (again != first && asks_the_same(first, again) && always_comes_to(site, entrance_of(again), asked)) {
                for (std::uint32_t i = 0; i < frames_.size(); ++i)
                    if (is_inside(i, first)) frames.insert(i);
            }
    }
    return frames;
}

}  // namespace interlock::analyzer::prover
