// Finds the functions that an invariant test calls, and the callers. The test contract may name them with the functions
// of forge-std's StdInvariant (targetContracts(), excludeSenders(), …); otherwise everything that setUp() has created
// is a target.
#pragma once

#include "analyzer/devnet/foundry/test_contract.hpp"

namespace interlock::analyzer::foundry {

struct Target {
    vm::Address address;
    const lang::ir::Function* function = nullptr;
    std::vector<lang::abi::DataType> types;  // of its parameters
};

struct Targets {
    std::vector<Target> functions;
    std::vector<vm::Address> senders;  // not empty
};

// `accounts` are the callers if the test names none. A contract that is not a forge-std test is a target itself.
[[nodiscard]] Targets find_targets(TestContract& test, const std::vector<vm::Address>& accounts);

}  // namespace interlock::analyzer::foundry
