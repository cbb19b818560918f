// The part of a Flow that writes variables by their names.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using ir::Op;

// What was written to a variable is what lies there.
void Flow::note_stored(std::uint32_t frame, State& state, const ir::Instruction& store, const Area& area) const {
    const ir::Value value = store.operands.data()[store.operands.size() - 1];
    const ir::Type& type = frames_[frame]->shape->types.at(value.index);
    if (!is_place(area) || !(type == store.type) || type.is_signed() || lies_left(type)) return;
    if (store.place.steps.empty() || is_place(area)) state.origins.try_emplace({frame, value.index}, area);
    const ValueInFrame source = source_of(frame, value);
    const auto is_it = [&](const auto& each) {
        return each.first.first == source.first &&
               frames_[source.first]->shape->is_same_value(ir::Value{each.first.second}, ir::Value{source.second});
    };
    const auto measured = std::ranges::find_if(state.measured, is_it);
    const bool is_measured = measured != state.measured.end();
    if (code_.most.contains(area) || (!is_measured && !is_surely_used(frame, state, value))) return;
    const Known told = is_measured ? measured->second : of_kind(Kind::NotZero);
    const auto [fact, is_new] = state.facts.try_emplace(area, told);
    // That a number has no bits beyond those of its type is nothing.
    const ir::Word unknown = ~fact->second.mask;
    const bool is_only_short = fact->second.kind == Kind::Bits && fact->second.word.is_zero() && !unknown.is_zero() &&
                               (unknown & (unknown + ir::Word{1})).is_zero();
    if (!is_new && is_only_short) fact->second = told;
}

// The place from which the key was read, if it still holds that number, and it is the only key.
const Area* Flow::number_of_key(std::uint32_t frame, const State& state, const ir::Instruction& access) const {
    if (access.place.steps.size() != 1 || access.place.steps[0].kind != ir::PlaceStep::Kind::Key) return nullptr;
    const ir::Value key = access.operands.data()[access.place.steps[0].operand];
    const auto origin = state.origins.find({frame, key.index});
    return origin != state.origins.end() && origin->second.is_one_number() ? &origin->second : nullptr;
}

// The fact that a field, of which nobody ever writes zero, is not zero at the number that a place holds: what was written at the
// next number is there until that is taken. Who has to find nothing there waits until then.
Area Flow::at_number(Area field) {
    constexpr std::uint32_t nobody = 0xffffffff;
    field.made_by = nobody;
    return field;
}
void Flow::note_at_number(std::uint32_t frame, State& state, const ir::Instruction& store, const Area& field) const {
    const Area* number = number_of_key(frame, state, store);
    if (!number) return;
    Known& fact = state.facts[at_number(field)] = of_kind(Kind::NotZero);
    fact.number = 1;
    fact.area = *number;
}
bool Flow::is_known_at_number(std::uint32_t frame, const State& state, const ir::Instruction& load) const {
    const Area* number = load.op == Op::Load ? number_of_key(frame, state, load) : nullptr;
    const auto field = number ? kept_field(frame, load) : std::nullopt;
    const auto fact = field ? state.facts.find(at_number(*field)) : state.facts.end();
    return fact != state.facts.end() && fact->second.is_by_number() && fact->second.area == *number;
}

// What the sum adds to the place if one side of it is what is there: the other side. It is checked, or so little that nobody can
// make the sum overflow.
std::optional<ir::Value> Flow::added_to(std::uint32_t frame, const State& state, const Area& place, ir::Value sum) const {
    constexpr unsigned wide_bits = 128;
    const Frame& here = *frames_[frame];
    const ir::Instruction* made = here.shape->made_by.at(sum.index);
    if (!made || made->op != Op::Add || made->type.kind != ir::TypeKind::Uint) return std::nullopt;
    const auto is_there = [&](const ValueInFrame& value) {
        const auto origin = state.origins.find(value);
        return origin != state.origins.end() && origin->second == place;
    };
    for (const std::size_t side : {0u, 1u}) {
        const ir::Value more = made->operands[1 - side];
        const auto bound = made->checked ? std::nullopt : bound_of(get(here, state, frame, more));
        const bool is_little = made->type.bits >= wide_bits && bound && *bound < ir::Word{1} << few_bits;
        if (!made->checked && !is_little) continue;
        const ValueInFrame found = source_of(frame, made->operands[side]);
        const bool is_it = (is_little && is_there(found)) || std::ranges::any_of(state.equal, [&](const auto& pair) {
                               return pair.first == found && is_there(pair.second);
                           });
        if (is_it) return more;
    }
    return std::nullopt;
}

namespace {

// Checked, of an unsigned number.
Access access_of_addition(const ir::Type& type) {
    constexpr unsigned wide_bits = 128;
    return type.bits >= wide_bits ? Access::Add : Access::SmallAdd;
}

}  // namespace

// What the store does to the place.
Access Flow::access_of(std::uint32_t frame, const ir::Instruction& store) const {
    const Shape& shape = *frames_[frame]->shape;
    if (takes_all(frame, store)) return Access::Take;
    if (code_.restoring.contains(&store)) return Access::Restore;
    if (is_numbering(frame, store)) return Access::Number;
    const auto increment = shape.increments.find(&store);
    return increment != shape.increments.end() ? increment->second : Access::Write;
}

void Flow::store(std::uint32_t index, State& state, const ir::Instruction& store, const std::vector<Known>& operands) {
    Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame;
    const Frame& frame = *frames_[frame_index];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    if (is_always_zero(frame, store.place)) return;
    const Known& value = operands.back();
    const ir::Value stored = store.operands.data()[store.operands.size() - 1];
    if (type_at(contract, store.place).kind == ir::StorageType::Kind::DynamicArray && !is_length(value))
        odd_lengths_.insert(area_of(contract, frame.storage, store.place));
    const auto addend = frame.shape->addends.find(&store);
    if (addend != frame.shape->addends.end()) {
        const Known added = get(frame, state, frame_index, addend->second);
        if (added.is_constant() && added.word.is_zero()) return;  // it writes what was there
    }
    Area area = area_of_access(frame, state, store, operands);
    mark_own(frame_index, state, store, area);
    note_keyed(frame_index, store, operands);
    if (!is_surely_used(frame_index, state, stored)) zeroed_.insert(area);
    const bool has_key = !store.place.steps.empty() && store.place.steps[0].kind == ir::PlaceStep::Kind::Key;
    if (!has_key || !is_surely_used(frame_index, state, store.operands[store.place.steps[0].operand]))
        written_at_zero_.insert(area);
    const std::optional<Area> field = area.found == Found::Any ? kept_field(frame_index, store) : std::nullopt;
    const auto added = is_place(area) ? added_to(frame_index, state, area, stored) : std::nullopt;
    is_marking_ = field.has_value();
    const bool is_settled_later = addend != frame.shape->addends.end() || frame.shape->bit_stores.contains(&store);
    if (!field && is_settled_later && !is_survived(frame_index)) sum_ = &store;
    write(index, state, area,
          added ? access_of_addition(frame.shape->types.at(stored.index)) : access_of(frame_index, store), value);
    is_marking_ = false;
    sum_ = nullptr;
    note_stored(frame_index, state, store, area);
    if (frame.shape->rechecks.contains(&store)) node.stamps[&store] = area;
    if (own_ && own_->first == area) state.given.insert(*own_);
    note_given(state, store, area, value);
    if (field) mark_store(index, state, store, area, *field);
    if (field && code_.kept.contains(*field)) note_at_number(frame_index, state, store, *field);
    const Known more = added ? get(frame, state, frame_index, *added) : nothing_known();
    const bool counts = frame.shape->counts.contains(&store) || (more.is_constant() && !more.word.is_zero()) ||
                        (added && is_surely_used(frame_index, state, *added));
    if (counts && !is_survived(frame_index) && area.is_one_number()) node.counted.insert(area);
}

void Flow::clear(std::uint32_t index, State& state, const ir::Instruction& clear, const std::vector<Known>& operands) {
    const std::uint32_t frame_index = nodes_[index]->frame;
    const Frame& frame = *frames_[frame_index];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    if (is_always_zero(frame, clear.place)) return;
    const bool is_value = type_at(contract, clear.place).kind == ir::StorageType::Kind::Value;
    const Area area = area_of_access(frame, state, clear, operands);
    zeroed_.insert(area);
    const std::optional<Area> field = kept_field(frame_index, clear);
    is_marking_ = field.has_value();
    const bool is_taking = takes_all(frame_index, clear);
    write(index, state, area, is_taking ? Access::Take : Access::Write,
          is_value ? constant_of(ir::Word{}) : nothing_known());
    is_marking_ = false;
    if (field) mark_store(index, state, clear, area, *field);
}

}  // namespace interlock::analyzer::prover
