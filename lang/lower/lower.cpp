// Typed program to IR: one contract after the other, in source order.
#include "lang/lower.hpp"

#include "lang/lower/contract.hpp"

namespace interlock::lang {

std::vector<std::shared_ptr<const ir::Contract>> lower(const Program& program, Diagnostics& diagnostics) {
    std::vector<std::shared_ptr<const ir::Contract>> contracts;
    for (const ContractId contract : program.tree->top_contracts) {
        lowering::ContractLowering lowering(program, contract, diagnostics);
        contracts.push_back(std::make_shared<const ir::Contract>(lowering.run()));
    }
    if (diagnostics.has_errors()) contracts.clear();
    return contracts;
}

}  // namespace interlock::lang
