// The one function by which the machine asks the module, libinterlock_jit.so, for native code.
#pragma once

#include <cstddef>
#include <cstdint>

#include "vm/code.hpp"
#include "vm/jit/registers.hpp"
#include "vm/opcodes.hpp"

namespace interlock::vm::jit {

// A hash (FNV-1a) of what both sides must have in common: layouts, opcodes and prices. A module that was built with
// others makes nothing.
[[nodiscard]] inline std::uint64_t agreement() {
    constexpr std::uint64_t version = 2;  // of the functions below
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
    add(version);
    for (const std::size_t each :
         {sizeof(Code), sizeof(Registers), offsetof(Registers, gas), offsetof(Registers, bottom),
          offsetof(Registers, memory), offsetof(Registers, memory_size), offsetof(Registers, memory_words_end),
          offsetof(Registers, input), offsetof(Registers, input_size), offsetof(Registers, input_words_end),
          offsetof(Registers, instructions), offsetof(Registers, grow), offsetof(Registers, pc),
          offsetof(Registers, stack_size), offsetof(Registers, status)})
        add(each);
    for (unsigned byte = 0; byte < 256; ++byte) {
        const OpcodeInfo& row = info(static_cast<std::uint8_t>(byte));
        add(std::uint64_t{row.stack_in} << 16 | std::uint64_t{row.stack_out} << 8 | row.immediate);
        for (std::size_t fork = 0; fork < fork_count; ++fork) {
            add(row.exists_in(Fork(fork)));
            add(static_cast<std::uint64_t>(base_gas(Opcode(byte), Fork(fork)).units));
        }
    }
    return hash;
}

// What comes of a compilation: this head, the entries, and an object file of the processor.
struct Head {
    static constexpr std::uint64_t expected_magic = 0x3174696a6b6c6974;

    std::uint64_t magic = expected_magic;
    std::uint32_t entries = 0;
    std::uint32_t object_bytes = 0;
};
struct Entry {
    std::uint32_t pc = 0, height = 0;  // `any_height`: every one
};

// What a compilation may cost. Little: few passes, as for what is large; a third of the time, for code half as fast.
enum class Effort : std::uint32_t { Usual, Little };

using Emit = void(void* receiver, const void* bytes, std::size_t size);

// `code` is a vm::Code, `agreed` the caller's agreement(). Calls `emit` with the pieces, or not at all if there is to be no
// native code; returns zero then.
using Compile = int(std::uint64_t agreed, const void* code, std::uint32_t fork, std::uint32_t effort, Emit* emit,
                    void* receiver);
inline constexpr char compile_symbol[] = "interlock_jit_compile";

// Returns what has a part in the result beside code, fork and the module's own bytes: LLVM's version, the processor. The
// text lives for ever.
using Identify = const char*();
inline constexpr char identify_symbol[] = "interlock_jit_identify";

inline constexpr char function_symbol[] = "native";

}  // namespace interlock::vm::jit
