// The numbered forms of cells: one for every opcode, those of the list, and a few that only move words.
#pragma once

#include <array>
#include <cstdint>

#include "vm/opcodes.hpp"

namespace interlock::vm {

// The first 256 are cells that call the function of the opcode with that byte.
enum class Form : std::uint16_t {
    first_fused = 256,
    before_fused = first_fused - 1,
#define FORM(name, ...) name,
#define BRANCH(name, ...) name, exit_if_##name, exit_unless_##name,
#include "vm/translator/cell_list.hpp"
    copy,             // to = a
    copy_two,         // to = a, then b = c
    exchange,         // to and a
    load_small,       // to = small
    load_constant,    // to = the constant at `distance`
    read_gas,         // to = gas + small
    store,            // SSTORE of a and b, then pays `small` for what follows
    pay,              // pays `small` for what follows
    jump,             // jumps by `small`
    leave,            // ends an exit's stub and jumps by `small`, or to the other loop if gas is lacking
    jump_to_value,    // to the pc in a
    branch_to_value,  // to the pc in b if a is not zero
    bad_jump,
    undefined,
    count,
};

inline constexpr std::size_t form_count = static_cast<std::size_t>(Form::count);

[[nodiscard]] constexpr Form form_of(Opcode opcode) { return static_cast<Form>(opcode); }

// By form: the label in the loop that executes it.
using Handlers = std::array<const void*, form_count>;
[[nodiscard]] const Handlers& translated_handlers();

// The kinds of operands in the list's rows.
enum class Operand : std::uint8_t { None, Slot, Narrow, Tiny, Small, Limb, Constant, Shift0, Shift1, Shift2, Shift3 };

[[nodiscard]] constexpr bool is_slot(Operand operand) { return operand == Operand::Slot || operand == Operand::Narrow; }

}  // namespace interlock::vm
