// The list of cells as a table: which form computes which opcode for which operands.
#pragma once

#include <span>

#include "vm/translator/block_builder.hpp"
#include "vm/translator/cell_forms.hpp"

namespace interlock::vm {

struct Row {
    Opcode opcode;
    Form form;  // for a branch, the forms of its two exits follow
    std::array<Operand, 3> operands;
};

// Returns the rows in the list's order: the first that fits is the best.
[[nodiscard]] std::span<const Row> rows_of(Opcode opcode);
[[nodiscard]] std::span<const Row> branch_rows();

// Returns whether a value fits a row's operand. `is_low` says that only the value's lowest limb is wanted.
[[nodiscard]] bool fits(Operand operand, const Value& value, bool is_low);

}  // namespace interlock::vm
