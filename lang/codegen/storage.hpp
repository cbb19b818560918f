// Reads and writes values in storage slots, which several values may share. (Solidity documentation, "Layout of State
// Variables in Storage".)
#pragma once

#include "lang/codegen/emitter.hpp"
#include "lang/codegen/routines.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::lang::codegen {

// [slot] -> [value]; `offset` counts bytes from the low end.
void load_packed(Emitter& e, Routines& routines, const ir::Type& type, unsigned offset);
void store_packed(Emitter& e, const ir::Type& type, unsigned offset);  // [value, slot] ->
void clear_packed(Emitter& e, const ir::Type& type, unsigned offset);  // [slot] ->

}  // namespace interlock::lang::codegen
