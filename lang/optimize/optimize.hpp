// From the IR that the prover reads to one that code is made of. Storage places become slots and words here, checks that
// cannot fail go, small functions are copied into their callers: none of it is of any use to a proof. One pass, one file:
//
//     place_words       storage places become slots, fields of a slot become shifts and masks
//     fold_constants    constants, identities, branches that are decided
//     number_values     what is computed twice, or read twice with no write between, is computed once
//     find_ranges       overflow and index checks that cannot fail
//     inline_functions  small internal functions, and those called once, into their callers
#pragma once

#include <functional>

#include "lang/ir/ir.hpp"

namespace interlock::lang::optimize {

using ir::BlockIndex;
using ir::Instruction;
using ir::Op;
using ir::TypeKind;
using ir::Value;
using vm::all_ones;
using vm::Opcode;
using vm::Word;

// For code generation; the contract given is left alone.
[[nodiscard]] ir::Contract optimize(const ir::Contract& contract);

void place_words(const ir::Contract& contract, ir::Function& function);
enum class Change : std::uint8_t { Nothing, Values, Branches /* and blocks may be unreachable now */ };
Change fold_constants(ir::Function& function);
bool number_values(ir::Function& function);  // whether it found any; blocks in reverse postorder, all reachable
bool find_ranges(ir::Function& function);    // whether a check went or a branch was decided; blocks likewise
// `shorten` is done to each function once its calls have been replaced, and before it is copied itself.
void inline_functions(ir::Contract& contract, const std::function<void(ir::Function&)>& shorten);

}  // namespace interlock::lang::optimize
