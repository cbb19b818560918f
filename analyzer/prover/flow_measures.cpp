// The part of a Flow that knows how numbers compare with the clock, with places in storage and with constants.
#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// Returns the place that the number was read from, also as a part of a slot, or of which it is a wider form.
std::optional<Area> Flow::place_of(std::uint32_t frame, const State& state, ir::Value value) const {
    const Frame& here = *frames_[frame];
    const auto width_of = [&](ir::Value each) { return here.shape->types.at(each.index).bits; };
    const auto is_plain = [&](ir::Value each) { return here.shape->types.at(each.index).kind == ir::TypeKind::Uint; };
    const ir::Instruction* made = here.shape->made_by.at(value.index);
    for (; made && (made->op == Op::Convert || made->op == Op::Reinterpret); made = here.shape->made_by.at(value.index)) {
        const ir::Value from = made->operands[0];
        const bool is_cut = made->op == Op::Convert && width_of(from) > width_of(value);
        if (!is_plain(value) || !is_plain(from) || is_cut) return std::nullopt;
        value = from;
    }
    if (const auto origin = state.origins.find({frame, value.index}); origin != state.origins.end()) return origin->second;
    ir::Word mask = vm::all_ones, shift;
    if (made && (made->op == Op::And || is_evm(*made, vm::Opcode::AND))) {
        const Known left = get(here, state, frame, made->operands[0]), right = get(here, state, frame, made->operands[1]);
        if (left.is_constant() == right.is_constant()) return std::nullopt;
        mask = left.is_constant() ? left.word : right.word;
        value = made->operands[left.is_constant() ? 1 : 0];
        made = here.shape->made_by.at(value.index);
    }
    if (made && made->op == Op::Shr) {
        const Known by = get(here, state, frame, made->operands[1]);
        if (!by.is_constant()) return std::nullopt;
        shift = by.word;
        value = made->operands[0];
        made = here.shape->made_by.at(value.index);
    }
    const auto seen = made ? here.shape->parts_seen.find(made) : here.shape->parts_seen.end();
    const auto origin = state.origins.find({frame, value.index});
    if (seen == here.shape->parts_seen.end() || origin == state.origins.end()) return std::nullopt;
    const BitRange& range = seen->second;
    const bool is_whole = range.first + range.bits == 256 ? mask == vm::all_ones || mask == vm::all_ones >> range.first
                                                          : mask == vm::all_ones >> (256 - range.bits);
    return is_whole && shift == ir::Word{range.first} ? std::optional(origin->second) : std::nullopt;
}

// What a number is measured by: the clock, which stands still in a transaction, a number in storage, or one that is written out.
std::optional<Known> Flow::measure_of(std::uint32_t frame, const State& state, ir::Value value) const {
    if (frames_[frame]->shape->types.at(value.index).is_signed()) return std::nullopt;
    const Known known = get(*frames_[frame], state, frame, value);
    Known measure = of_kind(Known::Kind::Timed);
    if (known.kind == Known::Kind::Clock) {
        measure.number = known.number;
    } else if (known.is_constant()) {
        if (known.word.is_zero()) return std::nullopt;
        measure.number = Known::by_constant;
        measure.mask = known.word;
    } else {
        const auto place = place_of(frame, state, value);
        if (!place) return std::nullopt;
        measure.number = Known::by_place;
        measure.area = *place;
    }
    return measure;
}

// As long as nobody writes the number, nor what it was compared with, it stays before or behind it.
void Flow::learn_order(std::uint32_t frame, State& state, const ir::Instruction& comparison, bool holds) {
    const auto orders = orders_of(comparison.op);
    if (!orders) return;
    for (const bool is_first : {true, false}) {
        const ir::Value number = comparison.operands[is_first ? 1 : 0];
        const auto measure = measure_of(frame, state, comparison.operands[is_first ? 0 : 1]);
        if (!measure) continue;
        const std::uint8_t passed = holds ? *orders : static_cast<std::uint8_t>(any_order & ~*orders);
        Known fact = *measure;
        fact.word = ir::Word{is_first ? passed : reversed(passed)};
        if (!fact.is_measured_by_place()) state.measured[source_of(frame, number)] = fact;
        learn_measured(frame, state, number, fact);
    }
}

// The number compares like that with what measures it; so does what it is the sum of, if the sum is no more.
void Flow::learn_measured(std::uint32_t frame, State& state, ir::Value number, Known fact, int depth) {
    constexpr int most_depth = 4;
    if (const auto place = place_of(frame, state, number)) {
        if (code_.most.contains(*place)) return;
        const auto before = state.facts.find(*place);
        if (before != state.facts.end()) {
            if (!before->second.is_measured_as(fact)) return;
            fact.word = fact.word & before->second.word;
        }
        state.facts[*place] = fact;
        return;
    }
    const Frame& here = *frames_[frame];
    const ir::Instruction* made = here.shape->made_by.at(number.index);
    while (made && made->op == Op::Convert && made->type.kind == ir::TypeKind::Uint &&
           here.shape->types.at(made->operands[0].index).kind == ir::TypeKind::Uint &&
           here.shape->types.at(made->operands[0].index).bits <= made->type.bits)
        made = here.shape->made_by.at(made->operands[0].index);
    const auto orders = static_cast<std::uint8_t>(fact.word.low64());
    if (!made || made->op != Op::Add || !made->checked || made->type.kind != ir::TypeKind::Uint || depth == most_depth ||
        (orders & less_order) != 0)
        return;
    for (const std::size_t side : {0u, 1u}) {
        const Known more = get(here, state, frame, made->operands[1 - side]);
        Known part = fact;
        if (more.is_constant() && !more.word.is_zero()) part.word = ir::Word{greater_order};
        learn_measured(frame, state, made->operands[side], part, depth + 1);
    }
}

// How what measures the number may compare with it: as it was seen before. A sum is no less than its parts, if it is checked, or
// what is little is added to the clock.
std::uint8_t Flow::possible_orders(std::uint32_t frame, const State& state, ir::Value number, const Known& measure,
                                   int depth) const {
    if (const auto place = place_of(frame, state, number)) {
        const auto fact = state.facts.find(*place);
        if (fact == state.facts.end() || !fact->second.is_measured_as(measure)) return any_order;
        return static_cast<std::uint8_t>(fact->second.word.low64());
    }
    constexpr int most_depth = 4;
    const Frame& here = *frames_[frame];
    const ir::Instruction* made = here.shape->made_by.at(number.index);
    if (!made || made->op != Op::Add || made->type.kind != ir::TypeKind::Uint || depth == most_depth) return any_order;
    for (const std::size_t side : {0u, 1u}) {
        const std::uint8_t part = possible_orders(frame, state, made->operands[side], measure, depth + 1);
        const Known more = get(here, state, frame, made->operands[1 - side]);
        const bool is_little =
            part == equal_order && measure.number < Known::by_place && more.is_constant() && more.word.fits_u64();
        if ((part & greater_order) != 0 || !(made->checked || (is_little && made->type.bits == 256))) continue;
        const bool is_more = (more.is_constant() && !more.word.is_zero()) || (part & equal_order) == 0;
        return is_more ? less_order : less_order | equal_order;
    }
    return any_order;
}

// What a comparison says of which the same two numbers were compared before.
std::optional<bool> Flow::compared_as_before(std::uint32_t frame, const State& state,
                                             const ir::Instruction& instruction) const {
    const auto orders = orders_of(instruction.op);
    if (!orders || instruction.operands.size() != 2) return std::nullopt;
    for (const bool is_first : {true, false}) {
        const auto measure = measure_of(frame, state, instruction.operands[is_first ? 1 : 0]);
        if (!measure) continue;
        const std::uint8_t possible = possible_orders(frame, state, instruction.operands[is_first ? 0 : 1], *measure);
        const std::uint8_t asked = is_first ? reversed(*orders) : *orders;  // how the measure compares
        if ((possible & asked) == 0) return false;
        if ((possible & ~asked) == 0) return true;
    }
    return std::nullopt;
}

}  // namespace interlock::analyzer::prover
