// What code costs: gas each time it runs, and gas for every byte once, when it is deployed.
#pragma once

#include <cstdint>
#include <vector>

#include "lang/codegen/assembly.hpp"
#include "lang/codegen/generate.hpp"

namespace interlock::lang::codegen {

struct CostModel {
    std::uint64_t runs = usual_runs;   // how often an instruction is expected to run over the life of the contract
    std::uint64_t gas_per_byte = 200;  // Yellow Paper, appendix G: G_codedeposit
    std::uint64_t cold_runs = 1;       // of an instruction that only runs when the call is about to fail

    [[nodiscard]] std::uint64_t of(std::uint64_t gas, std::uint64_t bytes, bool is_cold) const {
        return gas * (is_cold ? cold_runs : runs) + bytes * gas_per_byte;
    }
};

// Returns for each item whether every path from it ends with REVERT or INVALID.
[[nodiscard]] std::vector<bool> find_cold_items(const Assembly& assembly);

}  // namespace interlock::lang::codegen
