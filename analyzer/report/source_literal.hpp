// A value as an expression of the language, for the files that the analyzer writes.
#pragma once

#include <functional>
#include <string>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// `1 ether`, `true`, `bytes4(0x12345678)`, `hex"00ff"`. How an address is called depends on the file.
[[nodiscard]] std::string source_literal(const lang::ir::Type& type, const lang::abi::Value& value,
                                         const std::function<std::string(const Address&)>& name_of);

// Who of those that are there from the start has this address: "alice", "owner"; empty: nobody.
[[nodiscard]] std::string_view account_at(const Address& address);

}  // namespace interlock::analyzer
