// Turns the IR that the prover reads into IR from which code is made: storage places become slots and words, checks
// that cannot fail are removed, and small functions are inlined. Proofs would gain nothing from this. Each pass has its
// own file:
//
//     place_words       storage places become slots, fields of a slot become shifts and masks
//     fold_constants    constants, identities, branches that are decided
//     number_values     what is computed twice, or read twice with no write between, is computed once
//     find_ranges       overflow and index checks that cannot fail
//     fold_calls        calls with known arguments that only compute are run
//     drop_undone       writes before a certain failure are removed
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

// Returns a copy for code generation; the given contract stays unchanged.
[[nodiscard]] ir::Contract optimize(const ir::Contract& contract);

void place_words(const ir::Contract& contract, ir::Function& function);
enum class Change : std::uint8_t { Nothing, Values, Branches /* and blocks may be unreachable now */ };
Change fold_constants(ir::Function& function);
// Returns whether it found any; blocks must be in reverse postorder, all reachable.
bool number_values(ir::Function& function);
bool find_ranges(ir::Function& function);  // returns whether a check was removed or a branch decided; blocks likewise
void drop_undone(ir::Function& function);
void fold_calls(const ir::Contract& contract, ir::Function& function);
// `shorten` is applied to each function after its calls have been inlined, and before it is copied itself.
void inline_functions(ir::Contract& contract, const std::function<void(ir::Function&)>& shorten);

}  // namespace interlock::lang::optimize
