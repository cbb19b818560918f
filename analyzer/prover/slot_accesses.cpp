#include "analyzer/prover/slot_accesses.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/not_covered.hpp"

namespace interlock::analyzer::prover {

namespace {

bool names_slots(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, SlotAccesses::names_slot);
        });
    });
}

}  // namespace

bool SlotAccesses::names_slot(const ir::Instruction& instruction) {
    using enum vm::Opcode;
    const vm::Opcode opcode = instruction.opcode;
    return instruction.op == ir::Op::Evm && (opcode == SLOAD || opcode == SSTORE || opcode == TLOAD || opcode == TSTORE);
}

SlotAccesses::SlotAccesses(const ir::Contract& contract, const Deadline& deadline) {
    if (!names_slots(contract) || contract.is_library) return;
    try {
        const CodeInScope code = code_alone(contract, deadline);
        for (const Entry& entry : runs_of(code)) {
            const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
            for (const auto& [instruction, areas] : flow.by_slot()) areas_[instruction].insert(areas.begin(), areas.end());
        }
        is_known_ = true;
    } catch (const NotCovered&) {
        areas_.clear();
    } catch (const OutOfTime&) {
        areas_.clear();
    }
}

}  // namespace interlock::analyzer::prover
