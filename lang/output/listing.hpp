// An assembly listing of bytecode: for `build --emit=asm` and for whoever wants to see what was made of a contract.
#pragma once

#include <string>

#include "lang/codegen/artifact.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

// One instruction a line: its pc, its name and what it pushes; a JUMPDEST opens a block named after its pc, and a push of
// a jump's target shows that name. What follows the first INVALID is data.
//
//     0x0012  L12:
//     0x0013  CALLVALUE
//     0x0014  PUSH1 0x3f  L3f
//     0x0016  JUMPI
[[nodiscard]] std::string list_instructions(vm::ByteView code);

// The same for an artifact, with the source line above each run of instructions that came from it.
[[nodiscard]] std::string list_instructions(const Artifact& artifact, const Sources& sources);

}  // namespace interlock::lang
