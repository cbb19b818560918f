// Lowers the typed program to IR, one contract after the other, in source order.
#include "lang/lower/lower.hpp"

#include "lang/lower/contract.hpp"

namespace interlock::lang {

std::shared_ptr<const ir::Contract> lower(const Program& program, ContractId contract, Diagnostics& diagnostics) {
    return std::make_shared<const ir::Contract>(lowering::ContractLowering(program, contract, diagnostics).run());
}

std::vector<std::shared_ptr<const ir::Contract>> lower(const Program& program, Diagnostics& diagnostics) {
    std::vector<std::shared_ptr<const ir::Contract>> contracts;
    for (const ContractId contract : program.tree->top_contracts) contracts.push_back(lower(program, contract, diagnostics));
    if (diagnostics.has_errors()) contracts.clear();
    return contracts;
}

}  // namespace interlock::lang
