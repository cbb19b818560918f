// The part of a Flow in which a contract of the scope is called, and in which frames end.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

// Of words that a method is given, those that mean the same elsewhere: constants, accounts that call, and the key.
void Flow::pass_arguments(std::uint32_t from, const State& state, const ir::ExternalCall& call, Frame& called) {
    const std::vector<ir::Parameter>& parameters = called.function->blocks.front().parameters;
    const bool is_by_word = call.kind == CallKind::Method && !called.function->is_raw && is_plain_entry(*called.function) &&
                            parameters.size() == call.arguments.size();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Known known = nothing_known();
        const ir::Value given = is_by_word ? call.arguments.data()[i] : ir::Value{};
        if (is_by_word && frames_[from]->shape->types.at(given.index) == parameters[i].type) {
            const Known argument = get(*frames_[from], state, from, given);
            if (argument.kind == Kind::Never) known = argument;
            else if (argument.is_constant()) known = constant_of(argument.word);
            else if (argument.kind == Kind::Actor || argument.kind == Kind::Caller) known = of_kind(Kind::Actor);
            else if (argument.kind == Kind::Self && caller_ != Caller::Sister && called.storage != frames_[from]->storage) {
                known = of_kind(Kind::Made);
                known.number = frames_[from]->storage;
                known.is_inside = frames_.front()->function->kind != ir::FunctionKind::Constructor;
            } else if (argument.kind == Kind::Made && caller_ != Caller::Sister)
                known = argument.number == called.storage ? of_kind(Kind::Self) : argument;
            else if (argument.kind == Kind::Role && caller_ != Caller::Sister) known = argument;
            known.key = argument.key;
        }
        set(called, parameters[i].value, known);
    }
}

void Flow::call_known(std::uint32_t index, const State& state, const ir::Terminator& terminator, std::uint32_t target,
                      bool as_caller) {
    const Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame, block = node.block;
    const Frame& frame = *frames_[frame_index];
    const bool is_own = target == frame.storage;
    const std::uint32_t storage = as_caller ? frame.storage : target;
    const auto at = static_cast<std::uint32_t>(frame.function->blocks[block].instructions.size() + 1);
    for (const Entry& entry : receivers(frame, state, frame_index, terminator.call, target)) {
        Known sender = of_kind(is_own ? Kind::Self : caller_ == Caller::Sister ? Kind::Sister : Kind::Made);
        if (!is_own) sender.number = frame.storage;
        sender.is_inside = sender.kind == Kind::Made;  // it is there: it calls
        if (as_caller) sender = frame.sender;
        const std::uint32_t called = frame_of(frame_index, block, at, entry, storage, sender, true);
        Frame& inner = *frames_[called];
        pass_arguments(frame_index, state, terminator.call, inner);
        enter(index, called, state);
    }
    const ir::ExternalCall& call = terminator.call;
    if (call.kind == CallKind::Method && !call.tries) return;
    jump(index, frame_index, call.next, std::vector<Known>(results_of(*frame.function, call), nothing_known()), state);
}

void Flow::end_frame(std::uint32_t index, const State& state, const std::vector<Known>& results) {
    const Frame& frame = *frames_[nodes_[index]->frame];
    if (frame.caller != Frame::none && frame.is_outer && std::ranges::any_of(results, &Known::is_answer)) heed_answer(index);
    if (frame.is_outer) return end_call(index, state, results);
    for (const Frame::Place& place : frame.places()) {
        Frame& caller = *frames_[place.frame];
        const ir::Instruction& call = caller.function->blocks[place.block].instructions[place.at - 1];
        const auto is_undone = [&](const ir::Instruction* each) {
            return each->operands[0] == call.result && results.at(each->number).is_constant() &&
                   results[each->number].word.is_zero();
        };
        if (frame.again.empty() && std::ranges::any_of(caller.shape->needed, is_undone)) {
            end_undone(index);
            continue;
        }
        std::vector<Known>& held = caller.results[call.result.index];
        held.resize(results.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            const Known joined = common(held[i], results[i]);
            changed_ = changed_ || !(joined == held[i]);
            held[i] = joined;
        }
        set(caller, call.result, nothing_known());
        State behind = state;
        if (!frame.again.empty()) behind.forget_values();
        go_to(index, place.frame, place.block, place.at, behind);
    }
}

// Of the results, words that are known go on to whoever called the entry as a method.
void Flow::end_call(std::uint32_t index, const State& state, const std::vector<Known>& results) {
    const Frame* frame = frames_[nodes_[index]->frame].get();
    while (!frame->is_outer) frame = frames_[frame->caller].get();
    for (const Frame::Place& place : frame->places()) {
        if (place.frame == Frame::none) {
            nodes_[index]->ends = true;
            nodes_[index]->left = state.facts;
            State last = state;
            close_marks(last);
            continue;
        }
        const ir::Function& caller = *frames_[place.frame]->function;
        const ir::ExternalCall& call = caller.blocks[place.block].terminator.call;
        State behind = state;
        if (!frame->again.empty()) behind.forget_values();
        std::vector<Known> known(results_of(caller, call), nothing_known());
        const bool is_plain = call.kind == CallKind::Method && !call.tries && known.size() == results.size();
        for (std::size_t i = 0; i < known.size() && is_plain; ++i)
            if (results[i].is_constant()) known[i] = constant_of(results[i].word);
            else known[i].key = results[i].key;
        jump(index, place.frame, call.next, known, behind);
    }
}

// Whether somebody in the scope goes on after a failure of the frame: then it tells more than that everything is undone.
bool Flow::is_survived(std::uint32_t index) const {
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open{index};
    while (!open.empty()) {
        const Frame& frame = *frames_[open.back()];
        if (!seen.insert(open.back()).second) {
            open.pop_back();
            continue;
        }
        open.pop_back();
        for (const Frame::Place& place : frame.places()) {
            if (place.frame == Frame::none) continue;
            open.push_back(place.frame);
            if (!frame.is_outer) continue;
            const ir::ExternalCall& call = frames_[place.frame]->function->blocks[place.block].terminator.call;
            if ((call.kind != CallKind::Method || call.tries) &&
                !fails_hard(*code_.contracts.at(frames_[place.frame]->entry.contract), *frames_[place.frame]->function,
                            call))
                return true;
        }
    }
    return false;
}

// Where somebody in the scope goes on after a failure, what was undone still shows in whether it failed, and in what it said.
void Flow::end_undone(std::uint32_t index) {
    std::vector<std::uint32_t> open{nodes_[index]->frame};
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    while (!open.empty()) {
        const Frame* frame = frames_[open.back()].get();
        open.pop_back();
        while (!frame->is_outer) frame = frames_[frame->caller].get();
        for (const Frame::Place& place : frame->places()) {
            if (place.frame == Frame::none || !seen.emplace(place.frame, place.block).second) continue;
            const ir::ExternalCall& call = frames_[place.frame]->function->blocks[place.block].terminator.call;
            if (call.kind == CallKind::Method && !call.tries) {
                open.push_back(place.frame);
                continue;
            }
            const auto next = node_at_.find({place.frame, call.next.block, 0});
            if (next != node_at_.end()) nodes_[index]->next.insert(next->second);
        }
    }
}

}  // namespace interlock::analyzer::prover
