// The part of a Flow in which a contract of the scope is called, and in which frames end.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

// Of a word that a contract is given, what means the same there: constants, accounts, and the key.
Known Flow::as_given(const Known& word, std::uint32_t from, std::uint32_t to) const {
    Known known = nothing_known();
    if (word.kind == Kind::Never) known = word;
    else if (word.is_constant()) known = constant_of(word.word);
    else if (word.kind == Kind::Actor || word.kind == Kind::Caller) known = of_kind(Kind::Actor);
    else if (word.kind == Kind::Self && caller_ != Caller::Sister && to != from) {
        known = of_kind(Kind::Made);
        known.number = from;
        known.is_inside = frames_.front()->function->kind != ir::FunctionKind::Constructor;
    } else if (word.kind == Kind::Made && caller_ != Caller::Sister) known = word.number == to ? of_kind(Kind::Self) : word;
    else if (word.kind == Kind::Role && caller_ != Caller::Sister) known = word;
    known.key = word.key;
    return known;
}

void Flow::pass_arguments(std::uint32_t from, const State& state, const ir::ExternalCall& call, Frame& called) {
    const Frame& frame = *frames_[from];
    const std::vector<ir::Parameter>& parameters = called.function->blocks.front().parameters;
    const bool is_plain = !called.function->is_raw && is_plain_entry(*called.function);
    const bool is_by_word = call.kind == CallKind::Method && is_plain && parameters.size() == call.arguments.size();
    const std::vector<Known> words = words_of(frame, state, from, call);
    const auto given = [&](std::size_t i) {
        if (is_by_word) {
            const ir::Value argument = call.arguments.data()[i];
            const bool is_same_type = frame.shape->types.at(argument.index) == parameters[i].type;
            return is_same_type ? as_given(get(frame, state, from, argument), frame.storage, called.storage)
                                : nothing_known();
        }
        // Of a smaller type, more might be cut off.
        const bool is_whole_word =
            is_plain && parameters[i].type.kind == ir::TypeKind::Uint && parameters[i].type.bits == 256;
        return is_whole_word && i < words.size() ? as_given(words[i], frame.storage, called.storage) : nothing_known();
    };
    for (std::size_t i = 0; i < parameters.size(); ++i) set(called, parameters[i].value, given(i));
    constexpr std::size_t most_words = 8;  // as many each time that it is called
    called.words.resize(most_words);
    for (std::size_t i = 0; i < called.words.size(); ++i) {
        const Known word = i < words.size() ? as_given(words[i], frame.storage, called.storage) : nothing_known();
        const Known joined = common(called.words[i], word);
        changed_ = changed_ || !(joined == called.words[i]);
        called.words[i] = joined;
    }
}

// What is known of a word of the call data, where the entry decodes them itself and is called in the scope.
Known Flow::word_given(std::uint32_t frame, const Known& place) const {
    while (!frames_[frame]->is_outer) frame = frames_[frame]->caller;
    constexpr std::uint64_t selector_bytes = 4, word_bytes = 32;
    const std::vector<Known>& words = frames_[frame]->words;
    if (!place.is_constant() || !place.word.fits_u64() || place.word.low64() < selector_bytes) return nothing_known();
    const std::uint64_t at = place.word.low64() - selector_bytes;
    return at % word_bytes == 0 && at / word_bytes < words.size() ? words[at / word_bytes] : nothing_known();
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
