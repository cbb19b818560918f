// The part of a Flow that knows numbers which counters give out.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// The number that the result is, if a counter gives it out.
const FreshValue* Flow::number_in(const Frame& frame, const ir::Instruction& instruction) {
    for (const auto* values : {&frame.shape->fresh, &frame.shape->reserved}) {
        const auto found = std::ranges::find(*values, instruction.result.index, &FreshValue::value);
        if (found != values->end()) return &*found;
    }
    return nullptr;
}

// Returns the counter that gives out the result, if one does.
std::optional<Counter> Flow::giver_of(const Frame& frame, const ir::Instruction& instruction) const {
    const FreshValue* number = number_in(frame, instruction);
    if (!number) return std::nullopt;
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    return Counter{area_of(contract, frame.storage, {number->counter, {}}), number->is_after};
}

bool Flow::is_own(const Counter& giver) const { return code_.numbering.contains(giver) || code_.reserved.contains(giver); }

// What a number that is given out is to the key.
std::optional<Key> Flow::key_of_number(std::uint32_t frame, const ir::Instruction& instruction) {
    const auto giver = giver_of(*frames_[frame], instruction);
    if (!giver) return std::nullopt;
    if (given_.contains(*giver)) return Key::Other;
    if (own_ != giver) return std::nullopt;
    const std::pair taken{frame, number_in(*frames_[frame], instruction)->taken};
    takes_one_number_ &= !own_at_ || *own_at_ == taken;
    own_at_ = taken;
    return Key::This;
}

// What a hash is to the key: if it is the key itself, it must be made at one place only.
Key Flow::key_of_hash(std::uint32_t frame, const std::pair<const ir::Instruction* const, Key>& hash) {
    if (hash.second != Key::This) return hash.second;
    if (hash_at_.try_emplace(hash.first, frame).first->second != frame) hashed_again_.insert(hash.first);
    return Key::This;
}

// Whether it is the length of an array, of which an element below it was found at the key before.
bool Flow::is_later_length(std::uint32_t frame, const State& state, const ir::Instruction& instruction) const {
    const auto origin = state.origins.find({frame, instruction.result.index});
    if (!is_load(instruction) || origin == state.origins.end()) return false;
    const Counter counter{origin->second, false};
    return code_.growing.contains(origin->second) && (given_.contains(counter) || state.given.contains(counter));
}

// The word is not zero, nor what it is a part of: if that was read at the key that is looked at, a counter has given that
// out, once and for all.
void Flow::learn_given(std::uint32_t frame, State& state, ir::Value value) const {
    if (code_.given.empty()) return;
    const auto keeps_zero = [](const ir::Instruction& each) {
        const bool is_cut = each.op == Op::And || is_evm(each, vm::Opcode::AND);
        return is_cut || each.op == Op::Shr || each.op == Op::Convert || each.op == Op::Reinterpret;
    };
    auto origin = state.origins.find({frame, value.index});
    while (origin == state.origins.end()) {
        const ir::Instruction* made = frames_[frame]->shape->made_by.at(value.index);
        if (!made || !keeps_zero(*made) || made->operands.empty()) return;
        const bool is_mask_first =
            made->operands.size() == 2 && frames_[frame]->values.at(made->operands[0].index).is_constant();
        value = made->operands[is_mask_first ? 1 : 0];
        origin = state.origins.find({frame, value.index});
    }
    if (origin->second.key != Key::This) return;
    if (const auto counter = counter_of(origin->second)) state.given.insert(*counter);
}

// Returns the counter that has given out the key, whatever it is, if the word there is not zero.
std::optional<Counter> Flow::counter_of(const Area& area) const {
    Area field = area;
    field.key = Key::Any;
    field.is_one = false;
    field.within.reset();
    if (const auto counter = code_.given.find(field); counter != code_.given.end()) return counter->second;
    const auto slot = slot_in_entry(code_, area);
    const auto counter = slot ? code_.given.find(*slot) : code_.given.end();
    return counter == code_.given.end() ? std::nullopt : std::optional(counter->second);
}

// What is written at the key that is looked at, and is not surely zero.
void Flow::note_given(const State& state, const ir::Instruction& writer, const Area& area, const Known& value) {
    if (value.is_constant() && value.word.is_zero()) return;
    if (area.kind != Area::Kind::Entries && area.kind != Area::Kind::AnyEntry && area.kind != Area::Kind::Storage) return;
    const std::set<Counter> given = area.key == Key::This ? state.given : std::set<Counter>{};
    const auto [found, is_new] = written_at_given_.try_emplace({&writer, area}, given);
    if (!is_new) std::erase_if(found->second, [&](const Counter& each) { return !given.contains(each); });
}

// Who pushes to an array that never gets shorter does not touch what lies below its length now.
void Flow::learn_index(std::uint32_t frame, State& state, ir::Value index, ir::Value length) const {
    const auto origin = state.origins.find({frame, length.index});
    const bool is_the_key = frames_[frame]->values.at(index.index).key == Key::This;
    if (is_the_key && origin != state.origins.end() && code_.growing.contains(origin->second))
        state.given.insert({origin->second, false});
}

// Whether all that is asked is what surely is so: that the key is below the length.
bool Flow::is_below_length(std::uint32_t frame, const State& state, const ir::Instruction& load, const Area& length) const {
    const auto index = frames_[frame]->shape->below_length.find(&load);
    const Counter counter{length, false};
    return index != frames_[frame]->shape->below_length.end() && code_.growing.contains(length) &&
           frames_[frame]->values.at(index->second.index).key == Key::This &&
           (given_.contains(counter) || state.given.contains(counter));
}

// Returns who gave out the number, if the entry got it since it last handed control over: nobody else has it, and nothing was
// written at it before.
std::optional<Counter> Flow::giver_of_own(std::uint32_t frame, const State& state, ir::Value value) const {
    const ValueInFrame source = source_of(frame, value);
    if (!state.unshared.contains(source)) return std::nullopt;
    return giver_of(*frames_[source.first], *frames_[source.first]->shape->made_by.at(source.second));
}

// Notes that the result is a number that was just given out.
void Flow::note_own(std::uint32_t frame, State& state, const ir::Instruction& instruction) const {
    if (!instruction.result || is_survived(frame)) return;
    const auto giver = giver_of(*frames_[frame], instruction);
    if (giver && is_own(*giver)) state.unshared.insert({frame, instruction.result.index});
}

// Whether the instruction is a part of x = counter++ or x = ++counter, of which the numbers are as good as any others.
bool Flow::is_numbering(std::uint32_t frame, const ir::Instruction& access) const {
    const Frame& here = *frames_[frame];
    if (code_.numbering.empty() || !here.shape->numbering.contains(&access) || is_survived(frame)) return false;
    const Area counter = area_of(*code_.contracts.at(here.entry.contract), here.storage, {access.place.variable, {}});
    return code_.numbering.contains({counter, false}) || code_.numbering.contains({counter, true});
}

// Whether it is a field at a number that the entry was given, where nothing was written yet.
bool Flow::is_untouched(const State& state, const Area& area) {
    return area.made_by > by_creation && area.found == Found::Claimed && !state.written.contains(area.variable) &&
           !state.written.contains(Area::no_variable);
}

// Of a mapping by one key that is such a number: the key is nobody else's, and what tells that a number was given out was
// found there by nobody.
void Flow::mark_own(std::uint32_t frame, const State& state, const ir::Instruction& access, Area& area) const {
    const std::size_t key = access.place.steps.empty() ? 0 : access.place.steps[0].operand;
    if (area.kind != Area::Kind::Entries || access.place.steps[0].kind != ir::PlaceStep::Kind::Key) return;
    const auto giver = giver_of_own(frame, state, access.operands[key]);
    if (!giver || giver->first.contract != area.contract) return;
    const bool is_reserved = !code_.numbering.contains(*giver);
    const std::set<Counter>& givers = is_reserved ? code_.reserved : code_.numbering;
    const auto place = static_cast<std::size_t>(std::distance(givers.begin(), givers.find(*giver)));
    area.made_by = by_creation + 1 + static_cast<std::uint32_t>(place + (is_reserved ? code_.numbering.size() : 0));
    const Area field = area_of(*code_.contracts.at(frames_[frame]->entry.contract), area.contract, access.place);
    if (counter_of(field) == giver) area.found = Found::Claimed;
}

}  // namespace interlock::analyzer::prover
