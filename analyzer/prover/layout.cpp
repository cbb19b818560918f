#include "analyzer/prover/layout.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using StorageKind = ir::StorageType::Kind;
using StepKind = ir::PlaceStep::Kind;

namespace {

Area area_in(const ir::Contract& contract, const ir::Place& place) {
    if (contract.state[place.variable].is_immutable) return {Area::Kind::Immutable, 0, place.variable, {}, {}, {}, 0, 32};
    return area_of(contract, 0, place);
}

bool is_whole_slot(const Area& area) {
    return area.kind == Area::Kind::Transient ||
           (area.kind == Area::Kind::Slots && area.last.is_zero() && area.offset == 0 && area.bytes == 32);
}

std::string name_of_slot(const ir::Contract& contract, const Area& area) {
    const auto is_there = [&](const ir::StateVariable& each) { return !each.is_immutable && each.slot == area.slot; };
    const auto variable = std::ranges::find_if(contract.state, is_there);
    if (area.kind == Area::Kind::Slots && variable != contract.state.end()) return variable->name + ".length";
    return (area.kind == Area::Kind::Slots ? "slot " : "transient slot ") + vm::to_hex(area.slot);
}

}  // namespace

Layout::Layout(const ir::Contract& contract, bool sums_all, const SlotAccesses& by_slot) : contract_(contract) {
    for (std::uint32_t variable = 0; variable < contract.state.size(); ++variable) {
        add(contract.state[variable].name, contract.state[variable].type, {variable, {}}, {variable}, {}, 0);
    }
    add_slots(by_slot);
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& instruction : block.instructions) note(instruction, by_slot);
    mark_sums();
    if (!sums_all) return;
    for (Leaf& leaf : leaves_) leaf.is_summed |= leaf.keys.size() == 1 && leaf.value.kind == ir::TypeKind::Uint;
}

void Layout::add(const std::string& name, ir::StorageTypeIndex index, const ir::Place& place, Route route,
                 std::vector<ir::Type> keys, std::size_t depth) {
    if (depth > max_depth || leaves_.size() >= max_leaves) return;
    const ir::StorageType& type = contract_.storage_types[index];
    switch (type.kind) {
        case StorageKind::Value:
        case StorageKind::Bytes:
            by_route_.emplace(route, static_cast<LeafIndex>(leaves_.size()));
            leaves_.push_back({name, area_in(contract_, place), contract_.state[place.variable].is_immutable,
                               std::move(keys), type.value});
            return;
        case StorageKind::Mapping: {
            keys.push_back(type.key);
            ir::Place inside = place;
            inside.steps.push_back({StepKind::Key, static_cast<std::uint32_t>(keys.size() - 1)});
            add(name + "[]", type.element, inside, std::move(route), std::move(keys), depth + 1);
            return;
        }
        case StorageKind::Struct:
            for (std::uint32_t field = 0; field < type.fields.size(); ++field) {
                Route inner = route;
                inner.push_back(field);
                ir::Place inside = place;
                inside.steps.push_back({StepKind::Field, field});
                add(name + "." + type.fields[field].name, type.fields[field].type, inside, std::move(inner), keys,
                    depth + 1);
            }
            return;
        case StorageKind::FixedArray:
        case StorageKind::DynamicArray: return;
    }
}

namespace {

// Returns the fields on the way to a place, or std::nullopt if the way leads through an array.
std::optional<std::vector<std::uint32_t>> route_of(const ir::Place& place) {
    std::vector<std::uint32_t> route{place.variable};
    for (const ir::PlaceStep& step : place.steps) {
        if (step.kind == StepKind::Element) return std::nullopt;
        if (step.kind == StepKind::Field) route.push_back(step.operand);
    }
    return route;
}

}  // namespace

std::optional<LeafIndex> Layout::find(const ir::Place& place) const {
    const auto route = route_of(place);
    if (!route) return std::nullopt;
    const auto found = by_route_.find(*route);
    if (found == by_route_.end()) return std::nullopt;
    return found->second;
}

void Layout::collect(ir::StorageTypeIndex index, const Route& route, std::vector<LeafIndex>& out, std::size_t depth) const {
    const ir::StorageType& type = contract_.storage_types[index];
    if (type.kind == StorageKind::Value || type.kind == StorageKind::Bytes) {
        if (const auto found = by_route_.find(route); found != by_route_.end()) out.push_back(found->second);
        return;
    }
    if (type.kind != StorageKind::Struct || depth > max_depth) return;
    for (std::uint32_t field = 0; field < type.fields.size(); ++field) {
        Route inner = route;
        inner.push_back(field);
        collect(type.fields[field].type, inner, out, depth + 1);
    }
}

std::vector<LeafIndex> Layout::cleared_by(const ir::Place& place) const {
    const auto route = route_of(place);
    if (!route) return {};
    ir::StorageTypeIndex index = contract_.state[place.variable].type;
    for (const ir::PlaceStep& step : place.steps) {
        const ir::StorageType& type = contract_.storage_types[index];
        index = step.kind == StepKind::Field ? type.fields[step.operand].type : type.element;
    }
    std::vector<LeafIndex> leaves;
    collect(index, *route, leaves, 0);
    return leaves;
}

// --- by slot ---

std::vector<LeafIndex> Layout::overlapping(const Area& area) const {
    std::vector<LeafIndex> found;
    for (LeafIndex leaf = 0; leaf < leaves_.size(); ++leaf)
        if (overlap(leaves_[leaf].area, area)) found.push_back(leaf);
    return found;
}

void Layout::add_slots(const SlotAccesses& by_slot) {
    for (const auto& [instruction, areas] : by_slot.areas()) {
        if (areas.size() != 1 || !is_whole_slot(*areas.begin()) || leaves_.size() >= max_leaves) continue;
        const Area& area = *areas.begin();
        const std::vector<LeafIndex> there = overlapping(area);
        if (there.empty()) leaves_.push_back({name_of_slot(contract_, area), area, false, {}, ir::uint256_type});
        else if (leaves_[there.front()].area != area) continue;
        // A variable of another type has other numbers than the slot.
        const LeafIndex leaf = there.empty() ? static_cast<LeafIndex>(leaves_.size() - 1) : there.front();
        if (leaves_[leaf].value == ir::uint256_type) at_slot_[instruction] = leaf;
    }
}

void Layout::note(const ir::Instruction& instruction, const SlotAccesses& by_slot) {
    if (ir::writes_of(instruction).empty()) return;
    std::vector<LeafIndex> others;
    if (ir::info(instruction.op).group == ir::Group::Storage) {
        std::vector<LeafIndex> named = cleared_by(instruction.place);
        if (const auto leaf = find(instruction.place)) named.push_back(*leaf);
        for (const LeafIndex leaf : overlapping(area_in(contract_, instruction.place)))
            if (std::ranges::find(named, leaf) == named.end()) others.push_back(leaf);
    } else if (SlotAccesses::names_slot(instruction) && !at_slot_.contains(&instruction)) {
        const bool is_transient = instruction.opcode == vm::Opcode::TSTORE;
        const auto found = by_slot.areas().find(&instruction);
        for (LeafIndex leaf = 0; leaf < leaves_.size(); ++leaf) {
            const auto touches = [&](const Area& area) { return overlap(area, leaves_[leaf].area); };
            const bool is_written = found != by_slot.areas().end()
                                        ? std::ranges::any_of(found->second, touches)
                                        : !by_slot.is_known() && leaves_[leaf].is_transient() == is_transient;
            if (!is_written || leaves_[leaf].is_immutable) continue;
            others.push_back(leaf);
            // Whoever writes a slot may write a number that is no member.
            if (leaves_[leaf].value.kind == ir::TypeKind::Enum) leaves_[leaf].value = {ir::TypeKind::Uint, 8};
        }
    }
    if (!others.empty()) others_written_[&instruction] = std::move(others);
}

const std::vector<LeafIndex>& Layout::others_written_by(const ir::Instruction& instruction) const {
    static const std::vector<LeafIndex> none;
    const auto found = others_written_.find(&instruction);
    return found == others_written_.end() ? none : found->second;
}

std::optional<LeafIndex> Layout::at_slot(const ir::Instruction& instruction) const {
    const auto found = at_slot_.find(&instruction);
    if (found == at_slot_.end()) return std::nullopt;
    return found->second;
}

std::optional<LeafIndex> Layout::at_slot(const ir::Word& slot) const {
    for (const auto& [instruction, leaf] : at_slot_)
        if (leaves_[leaf].area.kind == Area::Kind::Slots && leaves_[leaf].area.slot == slot) return leaf;
    return std::nullopt;
}

std::optional<LeafIndex> Layout::summed_by(const ir::Place& place) const {
    for (const ir::PlaceStep& step : place.steps) {
        if (step.kind != StepKind::Field) return std::nullopt;  // this would sum over one entry of an outer mapping
    }
    const auto leaf = find(place);
    if (!leaf || leaves_[*leaf].keys.size() != 1) return std::nullopt;
    const ir::TypeKind kind = leaves_[*leaf].value.kind;
    if (kind != ir::TypeKind::Uint && kind != ir::TypeKind::Int) return std::nullopt;
    return leaf;
}

void Layout::mark_sums() {
    for (const ir::Function& function : contract_.functions) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.op != ir::Op::Sum) continue;
                if (const auto leaf = summed_by(instruction.place)) leaves_[*leaf].is_summed = true;
            }
        }
    }
}

}  // namespace interlock::analyzer::prover
