// Lowers the typed program to IR, one contract after the other, in source order.
#include "lang/lower/lower.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/lower/contract.hpp"

namespace interlock::lang {

std::shared_ptr<const ir::Contract> lower(const Program& program, ContractId contract, Diagnostics& diagnostics,
                                          Linked linked) {
    return std::make_shared<const ir::Contract>(lowering::ContractLowering(program, contract, diagnostics, linked).run());
}

namespace {

// Whether the instruction looks at the current call, or ends it with success.
bool tells_calls_apart(const ir::Instruction& each) {
    if (each.op == ir::Op::InternalCall) return false;
    const bool ends = each.op == ir::Op::Evm && (each.opcode == vm::Opcode::RETURN || each.opcode == vm::Opcode::STOP ||
                                                 each.opcode == vm::Opcode::SELFDESTRUCT);
    return ends || ir::reads_of(each).contains(vm::Region::CallData);
}

}  // namespace

std::shared_ptr<const ir::Contract> lower_with_libraries(const Program& program, ContractId contract,
                                                         const ir::Contract& lowered) {
    if (lowered.libraries.empty()) return nullptr;
    Diagnostics unsupported;
    auto whole = lower(program, contract, unsupported, Linked::TakenIn);
    if (unsupported.has_errors() || !ir::verify(*whole).empty()) return nullptr;
    const auto count = [](const ir::Contract& of) {
        std::size_t found = 0;
        for (const ir::Function& function : of.functions)
            for (const ir::Block& block : function.blocks)
                found += static_cast<std::size_t>(std::ranges::count_if(block.instructions, tells_calls_apart));
        return found;
    };
    return count(*whole) == count(lowered) ? whole : nullptr;
}

std::vector<std::shared_ptr<const ir::Contract>> lower(const Program& program, Diagnostics& diagnostics) {
    std::vector<std::shared_ptr<const ir::Contract>> contracts;
    for (const ContractId contract : program.tree->top_contracts) contracts.push_back(lower(program, contract, diagnostics));
    if (diagnostics.has_errors()) contracts.clear();
    return contracts;
}

}  // namespace interlock::lang
