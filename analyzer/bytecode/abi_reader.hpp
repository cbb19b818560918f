// Reads a contract's interface from an ABI as compilers write it, of any age.
//
// Before 0.5 `constant` and `payable` stood for `stateMutability`; before 0.4 every function took ether. The text may come
// from anybody, so everything is checked.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

inline constexpr std::size_t max_abi_bytes = 4u << 20;

// Returns a contract with functions that have no bodies. `text` is the ABI, or an object that has it as `abi`. The string
// says why the text is no ABI.
[[nodiscard]] std::variant<lang::ir::Contract, std::string> read_abi(std::string_view text);

}  // namespace interlock::analyzer
