// Reads the bytecode and the ABIs that the options --bytecode and --abi name.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lang/compile.hpp"

namespace interlock::cli {

// An ABI belongs to the code of the same base name ("Bank.abi", "Bank.json" to "Bank.bin"), the others to the remaining
// codes in their order. The string says which file is wrong, and why.
[[nodiscard]] std::variant<std::vector<lang::Bytecode>, std::string> read_bytecodes(const std::vector<std::string>& codes,
                                                                                    const std::vector<std::string>& abis);

}  // namespace interlock::cli
