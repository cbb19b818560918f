// Prints bytecode as an assembly listing, for `build --emit=asm` and for reading a contract's code.
#pragma once

#include <string>

#include "lang/codegen/artifact.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

// Prints one instruction per line: its pc, its name and the pushed value. A JUMPDEST opens a block that is named after
// its pc, and a push of a jump's target shows that name. Bytes after the first INVALID are data.
//
//     0x0012  L12:
//     0x0013  CALLVALUE
//     0x0014  PUSH1 0x3f  L3f
//     0x0016  JUMPI
[[nodiscard]] std::string list_instructions(vm::ByteView code);

// The same for an artifact, with the source line above each run of instructions that it produced.
[[nodiscard]] std::string list_instructions(const Artifact& artifact, const Sources& sources);

}  // namespace interlock::lang
