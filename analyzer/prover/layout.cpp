#include "analyzer/prover/layout.hpp"

namespace interlock::analyzer::prover {

using StorageKind = ir::StorageType::Kind;
using StepKind = ir::PlaceStep::Kind;

Layout::Layout(const ir::Contract& contract, bool sums_all) : contract_(contract) {
    for (std::uint32_t variable = 0; variable < contract.state.size(); ++variable) {
        add(contract.state[variable].name, contract.state[variable].type, {variable}, {}, 0);
    }
    mark_sums();
    if (!sums_all) return;
    for (Leaf& leaf : leaves_) leaf.is_summed |= leaf.keys.size() == 1 && leaf.value.kind == ir::TypeKind::Uint;
}

void Layout::add(const std::string& name, ir::StorageTypeIndex index, Route route, std::vector<ir::Type> keys,
                 std::size_t depth) {
    if (depth > max_depth || leaves_.size() >= max_leaves) return;
    const ir::StorageType& type = contract_.storage_types[index];
    switch (type.kind) {
        case StorageKind::Value:
        case StorageKind::Bytes:
            by_route_.emplace(route, static_cast<LeafIndex>(leaves_.size()));
            leaves_.push_back({name, route.front(), std::move(keys), type.value});
            return;
        case StorageKind::Mapping:
            keys.push_back(type.key);
            add(name + "[]", type.element, std::move(route), std::move(keys), depth + 1);
            return;
        case StorageKind::Struct:
            for (std::uint32_t field = 0; field < type.fields.size(); ++field) {
                Route inner = route;
                inner.push_back(field);
                add(name + "." + type.fields[field].name, type.fields[field].type, std::move(inner), keys, depth + 1);
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
