#include "analyzer/prover/pushed_arrays.hpp"

#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

PushedArrays::PushedArrays(const ir::Contract& contract, const std::vector<std::uint32_t>& acting) : contract_(contract) {
    for (std::uint32_t i = 0; i < contract.state.size(); ++i)
        if (!contract.state[i].is_immutable &&
            contract.storage_types[contract.state[i].type].kind == ir::StorageType::Kind::DynamicArray)
            arrays_.insert(i);
    for (const std::uint32_t f : acting) look_at(contract.functions[f]);
}

void PushedArrays::look_at(const ir::Function& function) {
    const Slots slots = slots_in(function);
    const Uses uses(function);
    const Makers made_by = makers_of(function);
    Variables others;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            const bool is_named = has_place(each) || each.op == Op::Sum;
            if (is_named || (each.op == Op::SlotOf && !each.place.steps.empty())) others.insert(each.place.variable);
        }
    for (const auto& [value, array] : slots.slots)
        for (const Uses::User& user : uses.users.at(value))
            if (!user.instruction || !is_access(*user.instruction, ir::Value{value}, slots, made_by)) others.insert(array);
    for (const auto& [value, array] : slots.data)
        for (const Uses::User& user : uses.users.at(value)) {
            const ir::Instruction* each = user.instruction;
            const bool leads_to_end = each && each->op == Op::Add && each->operands[0].index == value &&
                                      array_at(slots.lengths, each->operands[1]) == array;
            if (!leads_to_end) others.insert(array);
        }
    for (const auto& [value, array] : slots.ends)
        for (const Uses::User& user : uses.users.at(value)) {
            const ir::Instruction* each = user.instruction;
            const bool puts = each && is_evm(*each, vm::Opcode::SSTORE) && each->operands[0].index == value &&
                              each->operands[1].index != value;
            if (!puts) others.insert(array);
        }
    drop(others);
}

// Without those at which others look, by their slots or as views that somebody asks.
void PushedArrays::drop(const Variables& these) {
    for (const std::uint32_t each : these) arrays_.erase(each);
}

// What looks at lengths of these arrays, and writes them and elements.
std::set<const ir::Instruction*> PushedArrays::accesses(const std::vector<std::uint32_t>& acting) const {
    std::set<const ir::Instruction*> all;
    for (const std::uint32_t f : acting) {
        const Slots slots = slots_in(contract_.functions[f]);
        for (const ir::Block& block : contract_.functions[f].blocks)
            for (const ir::Instruction& each : block.instructions)
                if ((is_evm(each, vm::Opcode::SLOAD) || is_evm(each, vm::Opcode::SSTORE)) &&
                    (array_at(slots.slots, each.operands[0]) || array_at(slots.ends, each.operands[0])))
                    all.insert(&each);
    }
    return all;
}

// Puts a number in the place of each array, which is its length.
void PushedArrays::make_numbers_of(ir::Contract& changed, const std::vector<std::uint32_t>& acting) const {
    if (arrays_.empty()) return;
    ir::StorageType word;
    word.name = "uint256";
    word.value = ir::uint256_type;
    const auto type = static_cast<ir::StorageTypeIndex>(changed.storage_types.size());
    changed.storage_types.push_back(std::move(word));
    std::map<std::uint32_t, std::uint32_t> length_of;
    for (const std::uint32_t each : arrays_) {
        length_of[each] = static_cast<std::uint32_t>(changed.state.size());
        ir::StateVariable length = contract_.state[each];
        length.type = type;
        length.is_public = false;
        changed.state.push_back(std::move(length));
    }
    for (const std::uint32_t f : acting) {
        ir::Function& function = changed.functions[f];
        const Slots slots = slots_in(contract_.functions[f]);
        for (ir::Block& block : function.blocks) {
            std::erase_if(block.instructions, [&](const ir::Instruction& each) {
                const bool is_element = is_evm(each, vm::Opcode::SSTORE) && array_at(slots.ends, each.operands[0]);
                return is_element || (each.op == Op::Guard && is_limit(contract_.functions[f], slots, each));
            });
            for (ir::Instruction& each : block.instructions) {
                const bool loads = is_evm(each, vm::Opcode::SLOAD);
                if (!loads && !is_evm(each, vm::Opcode::SSTORE)) continue;
                const auto array = array_at(slots.slots, each.operands[0]);
                if (!array) continue;
                ir::Instruction access;
                access.op = loads ? Op::Load : Op::Store;
                access.type = ir::uint256_type;
                access.result = each.result;
                access.range = each.range;
                access.place.variable = length_of.at(*array);
                if (!loads) access.operands = {each.operands[1]};
                each = std::move(access);
            }
        }
    }
}

std::optional<std::uint32_t> PushedArrays::array_at(const Values& values, ir::Value value) const {
    const auto found = values.find(value.index);
    return found == values.end() || !arrays_.contains(found->second) ? std::nullopt : std::optional(found->second);
}

// Whether it asks whether a length has not got too great, which nobody lives to see.
bool PushedArrays::is_limit(const ir::Function& function, const Slots& slots, const ir::Instruction& guard) const {
    constexpr std::uint8_t too_great = 0x41;
    if (guard.failure.kind != ir::Failure::Kind::Panic || guard.failure.panic_code != too_great) return false;
    const Makers made_by = makers_of(function);
    const ir::Instruction* denied = made_by.at(guard.operands[0].index);
    const ir::Instruction* test = denied && denied->op == Op::Not ? made_by.at(denied->operands[0].index) : nullptr;
    return test && test->op == Op::Greater && array_at(slots.lengths, test->operands[0]) &&
           constant_in(made_by, test->operands[1]);
}

PushedArrays::Slots PushedArrays::slots_in(const ir::Function& function) const {
    Slots slots;
    for (const ir::Block& block : function.blocks) {
        std::optional<std::uint32_t> hashed;  // the array whose slot lies at the beginning of memory
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::SlotOf && each.place.steps.empty() && arrays_.contains(each.place.variable))
                slots.slots[each.result.index] = each.place.variable;
            if (is_evm(each, vm::Opcode::MSTORE)) hashed = array_at(slots.slots, each.operands[1]);
            if (is_evm(each, vm::Opcode::KECCAK256) && hashed) slots.data[each.result.index] = *hashed;
            if (is_evm(each, vm::Opcode::SLOAD))
                if (const auto array = array_at(slots.slots, each.operands[0])) slots.lengths[each.result.index] = *array;
            if (each.op == Op::Add)
                if (const auto array = array_at(slots.data, each.operands[0])) slots.ends[each.result.index] = *array;
        }
    }
    return slots;
}

// Loads the length, makes it one more, or goes on to the elements.
bool PushedArrays::is_access(const ir::Instruction& each, ir::Value slot, const Slots& slots, const Makers& made_by) {
    if (is_evm(each, vm::Opcode::SLOAD)) return true;
    if (is_evm(each, vm::Opcode::MSTORE)) {
        const auto at = constant_in(made_by, each.operands[0]);
        return each.operands[1] == slot && !(each.operands[0] == slot) && at && at->is_zero();
    }
    if (!is_evm(each, vm::Opcode::SSTORE) || !(each.operands[0] == slot)) return false;
    const ir::Instruction* sum = made_by.at(each.operands[1].index);
    if (!sum || sum->op != Op::Add || constant_in(made_by, sum->operands[1]) != ir::Word{1}) return false;
    const auto from = slots.lengths.find(sum->operands[0].index), to = slots.slots.find(slot.index);
    return from != slots.lengths.end() && from->second == to->second;
}

}  // namespace interlock::analyzer::prover
