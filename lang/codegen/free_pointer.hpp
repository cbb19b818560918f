#pragma once

#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

// Adds the code that makes the free memory pointer `first_free`: at the start, or at those of the entries from which it can
// be read, if that is cheaper.
void set_free_pointer(Assembly& assembly, const std::vector<Label>& entries, std::uint64_t first_free,
                      const CostModel& cost);

}  // namespace interlock::lang::codegen
