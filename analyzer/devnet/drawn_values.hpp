// Values of a type, drawn from a Chooser: half of them are the ones that break things, half are anything.
#pragma once

#include "chain/chooser.hpp"
#include "lang/abi.hpp"

namespace interlock::analyzer {

// False: no value of such a type can be drawn (arrays and structs).
[[nodiscard]] bool can_draw(const std::vector<lang::ir::NamedType>& types);

// `addresses`: who an address is, most of the time; not empty.
[[nodiscard]] lang::abi::Value draw(const lang::ir::Type& type, chain::Chooser& chooser,
                                    const std::vector<vm::Address>& addresses);

}  // namespace interlock::analyzer
