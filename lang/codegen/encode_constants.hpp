// Writes each constant in the cheapest way: as it is, or as instructions that make it.
//
//     PUSH32 08c379a0 00…00       ->  PUSH4 08c379a0 PUSH1 224 SHL        PUSH20 ff…ff AND  ->  PUSH1 96 SHL PUSH1 96 SHR
//     PUSH32 ff…ff74873927        ->  PUSH4 8b78c6d8 NOT                  PUSH20 ff…ff      ->  PUSH0 NOT PUSH1 96 SHR
#pragma once

#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

// The last pass: what it writes is folded back into constants by others.
void encode_constants(Assembly& assembly, const CostModel& cost);

}  // namespace interlock::lang::codegen
