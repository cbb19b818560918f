// Arrays that never get shorter: see given.hpp.
#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/uses.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Where a slot gets what it held and a number more, checked to fit or of a number of 64 bits: as push does it.
std::set<const ir::Instruction*> pushes_of(const ir::Function& function) {
    constexpr unsigned small_bits = 64;
    std::set<const ir::Instruction*> pushes;
    for (const ir::Block& block : function.blocks) {
        std::map<std::uint32_t, const ir::Instruction*> made, loads;  // loads: since which nothing was written
        for (const ir::Instruction& each : block.instructions) {
            if (is_evm(each, vm::Opcode::SSTORE)) {
                const auto sum = made.find(each.operands[1].index);
                const auto rises = [&](std::size_t side) {
                    if (sum == made.end() || sum->second->op != Op::Add || sum->second->type.kind != ir::TypeKind::Uint)
                        return false;
                    const auto load = loads.find(sum->second->operands[side].index);
                    const auto more = made.find(sum->second->operands[1 - side].index);
                    return load != loads.end() && load->second->operands[0] == each.operands[0] && more != made.end() &&
                           more->second->op == Op::Constant && vm::bit_length(more->second->word) <= small_bits;
                };
                if (rises(0) || rises(1)) pushes.insert(&each);
            }
            if (each.op == Op::InternalCall || ir::writes_of(each).intersects(vm::state_regions)) loads.clear();
            if (each.result) made[each.result.index] = &each;
            if (is_evm(each, vm::Opcode::SLOAD)) loads[each.result.index] = &each;
        }
    }
    return pushes;
}

// What the function writes by name.
std::vector<Area> named_by(const ir::Contract& contract, std::uint32_t index, const ir::Function& function) {
    std::vector<Area> areas;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::Store || each.op == Op::Clear) areas.push_back(area_of(contract, index, each.place));
    return areas;
}

}  // namespace

std::set<Area> find_growing(const CodeInScope& code) {
    std::set<Area> growing;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i) {
            const ir::StateVariable& variable = contract.state[i];
            if (contract.storage_types.at(variable.type).kind != ir::StorageType::Kind::DynamicArray) continue;
            growing.insert({Area::Kind::Slots, at, 0, {}, variable.slot, {}, 0, 32});
        }
    }
    // No number of which a push makes one more is so great that the sum is less.
    const auto is_odd = [&](const Area& each) {
        return std::ranges::any_of(code.odd_lengths, [&](const Area& odd) { return overlap(odd, each); });
    };
    std::erase_if(growing, is_odd);
    if (growing.empty()) return growing;
    std::set<const ir::Instruction*> pushes;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions) {
            pushes.merge(pushes_of(function));
            for (const Area& written : named_by(*code.contracts[at], at, function))
                std::erase_if(growing, [&](const Area& length) { return overlap(written, length); });
        }
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot()) {
            if (instruction->opcode != vm::Opcode::SSTORE || pushes.contains(instruction)) continue;
            std::erase_if(growing, [&places = areas](const Area& length) {
                return std::ranges::any_of(places, [&](const Area& each) { return overlap(each, length); });
            });
        }
    }
    return growing;
}

}  // namespace interlock::analyzer::prover
