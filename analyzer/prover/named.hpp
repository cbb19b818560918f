// Accounts that whoever calls an entry names there, only to have them called: where an owner sends what was left, a token
// that came by mistake.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// Values, by function and index.
using NamedValues = std::set<std::pair<const ir::Function*, std::uint32_t>>;

// Returns the values in the entry, and in functions that it calls itself, that are always arguments of the entry, and that
// nothing depends on but whom it calls, what it tells in events, and whether it is undone.
[[nodiscard]] NamedValues named_in(const ir::Contract& contract, const ir::Function& entry);

}  // namespace interlock::analyzer::prover
