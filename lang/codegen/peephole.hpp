// Peephole optimisation: short sequences become shorter ones with the same effect, until nothing changes.
//
//     SWAP1 ADD               ->  ADD                       ISZERO ISZERO PUSH L JUMPI  ->  PUSH L JUMPI
//     SWAP1 LT                ->  GT                        c PUSH L JUMPI PUSH M JUMP L: ->  c ISZERO PUSH M JUMPI L:
//     DUP1 POP, PUSH x POP    ->                            PUSH L JUMP L:              ->  L:
//     PUSH a PUSH b ADD       ->  PUSH a+b                  code after a jump or a halt, and unused marks: removed
#pragma once

#include <optional>

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

void clean_up(Assembly& assembly);

// Returns the operation that means the same with exchanged operands.
[[nodiscard]] std::optional<Opcode> mirrored(Opcode op);

}  // namespace interlock::lang::codegen
