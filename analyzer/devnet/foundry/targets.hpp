// Which functions an invariant test calls, and in whose name: what the contract with the test says, as forge-std's
// StdInvariant writes it down (targetContracts(), excludeSenders(), …), and otherwise whatever setUp() has created.
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

// `accounts`: who calls where nobody is named. A contract that is no forge-std test is a target itself.
[[nodiscard]] Targets find_targets(TestContract& test, const std::vector<vm::Address>& accounts);

}  // namespace interlock::analyzer::foundry
