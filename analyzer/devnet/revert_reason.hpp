// Describes revert data in words: "not enough", Panic(0x11) (arithmetic overflow), NotOwner(alice), or the bytes.
#pragma once

#include <string>

#include "lang/ir/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::analyzer {

// `contract` supplies the custom errors and may be null. Empty data gives an empty text.
[[nodiscard]] std::string describe_revert(vm::ByteView data, const lang::ir::Contract* contract);

}  // namespace interlock::analyzer
