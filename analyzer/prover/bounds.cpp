#include "analyzer/prover/bounds.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

// Returns what the constructor leaves in the variable at most, or nothing.
std::optional<ir::Word> most_at_first(const ir::Contract& contract, std::uint32_t variable) {
    ir::Word most;
    for (const ir::Function& function : contract.functions) {
        if (function.kind != ir::FunctionKind::Constructor) continue;
        std::map<std::uint32_t, ir::Word> constants;
        for (const ir::Block& block : function.blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::External && ir::runs_foreign_code(contract, end.call)) return std::nullopt;
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == ir::Op::Constant) constants[each.result.index] = each.word;
                if (!ir::writes_of(each).contains(vm::Region::Storage)) continue;
                if (each.op != ir::Op::Store) return std::nullopt;
                if (each.place.variable != variable) continue;
                const auto found = constants.find(each.operands.back().index);
                if (found == constants.end()) return std::nullopt;
                most = std::max(most, found->second);
            }
        }
    }
    return most;
}

}  // namespace

// Lengths of arrays that assembly may have set. As long as none is odd, an element lies in its array, so the first write of
// an odd one is found; with what it may reach, the next.
void find_odd_lengths(CodeInScope& code) {
    const auto is_array = [](const ir::StorageType& each) {
        return each.kind == ir::StorageType::Kind::DynamicArray || each.kind == ir::StorageType::Kind::Bytes;
    };
    const std::vector<Entry> writers = runs_of(code);
    const bool has_arrays = std::ranges::any_of(
        code.contracts, [&](const ir::Contract* each) { return std::ranges::any_of(each->storage_types, is_array); });
    for (bool changed = has_arrays; changed;) {
        const std::size_t before = code.odd_lengths.size();
        for (const Entry& writer : writers) {
            try {
                const Flow flow(code, writer, Flow::Caller::Anybody, {}, nothing_survives);
                code.odd_lengths.insert(flow.odd_lengths().begin(), flow.odd_lengths().end());
            } catch (const NotCovered&) {
                code.odd_lengths.insert({Area::Kind::Storage, writer.contract, 0, {}, {}, {}, 0, 32});
            }
        }
        changed = code.odd_lengths.size() != before;
    }
}

// Numbers of which every write is bounded. What the constructor leaves and all entries write is within the bound.
void find_bounds(CodeInScope& code) {
    std::map<Area, ir::Word> most;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i) {
            const ir::StorageType& type = contract.storage_types.at(contract.state[i].type);
            if (contract.state[i].is_immutable || type.kind != ir::StorageType::Kind::Value ||
                (type.value.kind != ir::TypeKind::Uint && type.value.kind != ir::TypeKind::Enum))
                continue;
            if (const auto first = most_at_first(contract, i)) most[area_of(contract, at, {i, {}})] = *first;
        }
    }
    for (const Entry& entry : entries_of(code)) {
        if (most.empty()) return;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [area, bound] : flow.stored())
            for (auto each = most.begin(); each != most.end();) {
                if (!overlap(each->first, area)) {
                    ++each;
                } else if (each->first == area && bound) {
                    each->second = std::max(each->second, *bound);
                    ++each;
                } else {
                    each = most.erase(each);
                }
            }
    }
    code.most = std::move(most);
}

}  // namespace interlock::analyzer::prover
