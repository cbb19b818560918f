// Writes a value as an expression of the language, for the files that the analyzer writes.
#pragma once

#include <functional>
#include <string>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// Returns `1 ether`, `true`, `bytes4(0x12345678)`, `hex"00ff"`. The name of an address depends on the file.
[[nodiscard]] std::string source_literal(const lang::ir::Type& type, const lang::abi::Value& value,
                                         const std::function<std::string(const Address&)>& name_of);

// Returns the predefined account that has this address: "alice", "owner"; empty if there is none.
[[nodiscard]] std::string_view account_at(const Address& address);

}  // namespace interlock::analyzer
