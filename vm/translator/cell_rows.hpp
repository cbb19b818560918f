// The list of cells as a table: which form computes what, of which operands.
#pragma once

#include <span>

#include "vm/translator/block_builder.hpp"
#include "vm/translator/cell_forms.hpp"

namespace interlock::vm {

struct Row {
    Opcode opcode;
    Form form;  // of a branch: its two exits' forms follow
    std::array<Operand, 3> operands;
};

// In the list's order: the first that fits is the best.
[[nodiscard]] std::span<const Row> rows_of(Opcode opcode);
[[nodiscard]] std::span<const Row> branch_rows();

// Whether a value can be what a row wants. `is_low`: all that is wanted of it is its lowest limb.
[[nodiscard]] bool fits(Operand operand, const Value& value, bool is_low);

}  // namespace interlock::vm
