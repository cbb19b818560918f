// Functions that the lowering writes itself, once for each contract: routines by their names, and those of assembly.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lang/lower/data_builder.hpp"
#include "lang/lower/functions.hpp"

namespace interlock::lang::lowering {

class Routines {
  public:
    explicit Routines(ContractLowering& contract, Functions& functions) : contract_(contract), functions_(functions) {}

    // Their parameters and results are words. `body` and `build` write their code, the first time.
    [[nodiscard]] std::uint32_t routine(const std::string& name, std::size_t parameters, std::size_t results,
                                        SourceRange range, const DataBuilder::Body& body);
    [[nodiscard]] std::uint32_t yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                             const std::function<void(ir::Function&)>& build);

  private:
    ContractLowering& contract_;
    Functions& functions_;
    std::map<std::string, std::uint32_t> by_name_;
    std::map<YulStmtId, std::uint32_t> of_assembly_;
};

}  // namespace interlock::lang::lowering
