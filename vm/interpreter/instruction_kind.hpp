// An instruction's signature says what it may touch, and the signature decides what the loop does around it.
//
// The run loop reads the signature at compile time (loop.hpp), the translator reads the table below (block_builder.hpp).
#pragma once

#include <array>
#include <type_traits>

#include "vm/effects.hpp"
#include "vm/interpreter/arithmetic.hpp"
#include "vm/interpreter/calls.hpp"
#include "vm/interpreter/environment.hpp"
#include "vm/interpreter/exp.hpp"
#include "vm/interpreter/halting.hpp"
#include "vm/interpreter/memory.hpp"
#include "vm/interpreter/stack.hpp"
#include "vm/interpreter/storage.hpp"

namespace interlock::vm {

namespace kind {
using Pure = void(Word* top);                             // the stack only
using Reading = void(Word* top, Core& core);              // and the machine's state
using Metered = Status(Word* top, Core& core, Gas& gas);  // has a price of its own, or may fail
using GasReading = void(Word* top, Gas gas);              // GAS
using Moving = const std::uint8_t*(Word* top, const std::uint8_t* pc, const Code& code);  // returns where the code continues
using Halting = instruction::Halt(Word* top, Core& core, Gas& gas);                       // ends the frame
using Opening = Status(Word* top, Core& core);                                            // opens a frame
}  // namespace kind

enum class Kind : std::uint8_t { Pure, Reading, Metered, GasReading, Moving, Halting, Opening };

struct InstructionKind {
    Kind kind = Kind::Halting;
    void (*pure)(Word* top) = nullptr;  // the instruction itself, if it is pure
};

constexpr InstructionKind kind_of(kind::Pure* function) { return {Kind::Pure, function}; }
constexpr InstructionKind kind_of(kind::Reading*) { return {Kind::Reading}; }
constexpr InstructionKind kind_of(kind::Metered*) { return {Kind::Metered}; }
constexpr InstructionKind kind_of(kind::GasReading*) { return {Kind::GasReading}; }
constexpr InstructionKind kind_of(kind::Moving*) { return {Kind::Moving}; }
constexpr InstructionKind kind_of(kind::Halting*) { return {Kind::Halting}; }
constexpr InstructionKind kind_of(kind::Opening*) { return {Kind::Opening}; }

// Indexed by the opcode's byte.
inline constexpr std::array<InstructionKind, 256> instruction_kinds = [] {
    std::array<InstructionKind, 256> table{};
#define OPCODE(byte, name, ...) table[byte] = kind_of(instruction::name);
#include "vm/opcode_list.hpp"
    return table;
}();

// Checks that the signature and the table of effects agree.
[[nodiscard]] constexpr bool agrees(Kind kind, const Effects& effects) {
    switch (kind) {
        case Kind::Pure: return effects.is_pure();
        case Kind::Reading:
        case Kind::GasReading: return effects.has_no_effect() && !effects.is_pure();
        case Kind::Metered: return effects.flow == Flow::Next;
        case Kind::Moving: return effects.flow != Flow::Halt && effects.flow != Flow::Call && effects.writes.empty();
        case Kind::Halting: return effects.halts();
        case Kind::Opening: return effects.calls();
    }
    return false;
}
static_assert([] {
    for (std::size_t byte = 0; byte < 256; ++byte)
        if (!agrees(instruction_kinds[byte].kind, effects_of(static_cast<std::uint8_t>(byte)))) return false;
    return true;
}());

}  // namespace interlock::vm
