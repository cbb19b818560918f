// A compilation of contracts that were given as bytecode: the analyzer then knows them as it knows compiled ones, except
// that their functions have no bodies. Without an ABI the interface is read from the code.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "lang/compile.hpp"
#include "vm/fork.hpp"

namespace interlock::analyzer {

struct Assembly {
    std::shared_ptr<const lang::Compilation> compilation;
    std::vector<std::string> warnings;  // "the ABI of Bank has withdraw(uint256), and the code has no such function"
};

// `sources` has a file for each contract that has a source map; if it is null, an empty file stands for each contract.
// Whether a code is creation or runtime code is decided by running it. The string says what is wrong with the input.
[[nodiscard]] std::variant<Assembly, std::string> assemble(std::vector<lang::Bytecode> bytecodes,
                                                           std::shared_ptr<lang::Sources> sources, vm::Fork fork);

// Returns a name for the contract in a file: "Bank" for "out/Bank.bin". It is an identifier.
[[nodiscard]] std::string contract_name_of(const std::string& path);

}  // namespace interlock::analyzer
