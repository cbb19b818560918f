// Where counters rise: count += 1, whoever gets the number before it or behind it.
#pragma once

#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

struct Rise {
    const ir::Instruction *load = nullptr, *sum = nullptr, *store = nullptr;
    std::vector<const ir::Instruction*> before, again;  // other loads of what it will raise for sure, and of what it left
};

[[nodiscard]] std::vector<Rise> rises_of(const ir::Contract& contract, const ir::Function& function);

}  // namespace interlock::analyzer::prover
