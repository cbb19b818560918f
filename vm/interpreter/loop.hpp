// The run loop. Every opcode of the list becomes one block: checks from the table's row, then the instruction.
//
// An instruction's signature says what it may touch (instruction_kind.hpp) and decides what the block does around it.
// The program counter, the top of the stack and the gas are local variables, so that the compiler keeps them in
// registers; they are stored in the frame only when another frame may run. Each block ends in its own indirect jump, so
// that the processor learns which instruction tends to follow which (Ertl and Gregg, 2003).
#pragma once

// This file uses labels as values and computed goto, which are GNU C++.
#pragma GCC diagnostic ignored "-Wpedantic"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wdangling-pointer"  // g++ takes a label for a local variable
#endif

#include <array>

#include "vm/interpreter/instruction_kind.hpp"
#include "vm/jit/native_loop.hpp"
#include "vm/translator/tiering.hpp"
#include "vm/translator/translated_loop.hpp"

namespace interlock::vm {

// Returns whether the stack has the words that the instruction takes and space for those that it leaves. If both must
// be checked, one unsigned comparison is enough: too few words wrap around to more than any stack has.
template <Opcode opcode>
[[nodiscard, gnu::always_inline]] inline bool has_room(const Word* top, const Word* bottom) {
    constexpr std::size_t in = info(opcode).stack_in, out = info(opcode).stack_out;
    if constexpr (in == 0 && out == 0) return true;
    else if constexpr (out <= in) return top >= bottom + in;
    else if constexpr (in == 0) return top <= bottom + (Core::max_stack - out);
    const std::size_t used = reinterpret_cast<std::uintptr_t>(top) - reinterpret_cast<std::uintptr_t>(bottom);
    return used - in * sizeof(Word) <= (Core::max_stack - out) * sizeof(Word);
}

enum class Next : std::uint8_t { Dispatch, Halt, Switch };

// Executes one instruction whose stack and gas have been checked, and says how the loop continues.
template <Opcode opcode, auto& function>
[[gnu::always_inline]] inline Next execute(const std::uint8_t*& pc, Word*& top, Gas& gas, Core& core, const Code& code) {
    using Function = std::remove_reference_t<decltype(function)>;
    constexpr int growth = info(opcode).stack_out - info(opcode).stack_in;

    if constexpr (std::is_same_v<Function, kind::Pure>) {
        function(top);
    } else if constexpr (std::is_same_v<Function, kind::Reading>) {
        function(top, core);
    } else if constexpr (std::is_same_v<Function, kind::GasReading>) {
        function(top, gas);
    } else if constexpr (std::is_same_v<Function, kind::Metered>) {
        Gas metered = gas;  // a copy, so that the register's address is never taken
        const Status status = function(top, core, metered);
        gas = metered;
        if (status != Status::Success) [[unlikely]] {
            core.halted_with = status;
            return Next::Halt;
        }
    } else if constexpr (std::is_same_v<Function, kind::Moving>) {
        const std::uint8_t* const next = function(top, pc, code);
        if (next == nullptr) [[unlikely]] {
            core.halted_with = Status::BadJump;
            return Next::Halt;
        }
        pc = next;
        top += growth;
        return Next::Dispatch;
    } else if constexpr (std::is_same_v<Function, kind::Halting>) {
        Gas metered = gas;
        core.halted_with = function(top, core, metered).status;
        gas = metered;
        return Next::Halt;
    } else {
        static_assert(std::is_same_v<Function, kind::Opening>, "an instruction needs one of the known signatures");
        Frame& frame = core.frame();
        frame.pc = pc + 1;
        frame.gas = gas;
        frame.stack_size = static_cast<std::size_t>(top - core.stack.data()) - frame.stack_base - info(opcode).stack_in;
        const Status status = function(top, core);
        if (status == Status::Success) return Next::Switch;
        core.halted_with = status;
        gas = frame.gas;
        return Next::Halt;
    }
    top += growth;
    pc += 1 + info(opcode).immediate;
    return Next::Dispatch;
}

// The addresses of each opcode's block in a fork. Bytes that the fork does not define lead to `undefined`.
struct Blocks {
    Targets plain;
    Targets told;  // of the same blocks where they tell the tracer first; only in the traced loop
};

// The loop itself. With `blocks_of` it only returns the addresses of its blocks, since labels have no names outside a
// function.
template <bool traced>
[[gnu::noinline]] void run_loop(Core* core_pointer, const Targets* targets, Blocks* blocks_of, Fork fork) {
    using enum Fork;
    if (blocks_of != nullptr) {
        blocks_of->plain.fill(&&undefined);
        if constexpr (traced) blocks_of->told.fill(&&told_undefined);
#define OPCODE(byte, name, immediate, in, out, price, since, effects) \
    if (info(Opcode::name).exists_in(fork)) {                         \
        blocks_of->plain[byte] = &&instruction_##name;                \
        if constexpr (traced) blocks_of->told[byte] = &&told_##name;  \
    }
#include "vm/opcode_list.hpp"
        return;
    }

    Core& core = *core_pointer;
    const BaseGas& base_gas = base_gas_table[static_cast<std::size_t>(core.fork)];
    const void* const* const dispatch = targets->data();
    const std::uint8_t* pc;
    const Code* code;
    Word* top;
    Word* bottom;
    Gas gas;
    [[maybe_unused]] Gas gas_before;  // at the start of this stretch of the frame
    [[maybe_unused]] int back_edges_left = back_edge_budget;

switched:
    if (core.activity != Activity::Running) return;
    {
        Frame& frame = core.frame();
        if constexpr (traced) frame.native = nullptr;  // it would not know how the frame came where it is then
        else if (frame.native != nullptr || frame.translation != nullptr) return;
        code = frame.code.get();
        pc = frame.pc;
        gas_before = gas = frame.gas;
        bottom = core.stack.data() + frame.stack_base;
        top = bottom + frame.stack_size;
    }
    goto* dispatch[*pc];

#define OPCODE(byte, name, immediate, in, out, price, since, effects)                             \
    [[maybe_unused]] told_##name : if constexpr (traced) core.trace_instruction(pc, gas, top);    \
    instruction_##name : {                                                                        \
        if (!has_room<Opcode::name>(top, bottom)) [[unlikely]]                                    \
            goto bad_stack;                                                                       \
        if constexpr ((price) != 0 || !has_fixed_gas(Opcode::name)) {                             \
            gas -= has_fixed_gas(Opcode::name) ? Gas{price} : Gas{base_gas[byte]};                \
            if (gas < Gas{0}) [[unlikely]]                                                        \
                goto out_of_gas;                                                                  \
        }                                                                                         \
        [[maybe_unused]] const std::uint8_t* const from = pc;                                     \
        const Next next = execute<Opcode::name, instruction::name>(pc, top, gas, core, *code);    \
        if constexpr (!traced && (Opcode::name == Opcode::JUMP || Opcode::name == Opcode::JUMPI)) \
            if (next == Next::Dispatch && pc < from && --back_edges_left == 0) [[unlikely]]       \
                goto looping;                                                                     \
        if (next == Next::Dispatch) goto* dispatch[*pc];                                          \
        if (next == Next::Switch) goto opened;                                                    \
        goto halted;                                                                              \
    }
#include "vm/opcode_list.hpp"

opened:
    if constexpr (!traced) code->add_hotness(gas_before - gas);
    goto switched;
    [[maybe_unused]] looping : {
        code->add_hotness(gas_before - gas);
        gas_before = gas;
        back_edges_left = back_edge_budget;
        Frame& frame = core.frame();
        frame.translation = worthwhile_translation(*code, core.fork, static_cast<std::size_t>(pc - code->begin()));
        if (frame.translation == nullptr) goto* dispatch[*pc];
        frame.pc = pc;
        frame.gas = gas;
        frame.stack_size = static_cast<std::size_t>(top - bottom);
        frame.memory_size = core.memory.size();
        goto switched;
    }
    [[maybe_unused]] told_undefined : if constexpr (traced) core.trace_instruction(pc, gas, top);
undefined:
    core.halted_with = Status::InvalidInstruction;
    goto halted;
bad_stack:
    core.halted_with = top - bottom < info(*pc).stack_in ? Status::StackUnderflow : Status::StackOverflow;
    goto halted;
out_of_gas:
    core.halted_with = Status::OutOfGas;
halted : {
    Frame& frame = core.frame();
    frame.gas = gas;
    if constexpr (!traced) code->add_hotness(gas_before - gas);
    core.end(frame, core.halted_with);
    goto switched;
}
}

template <bool traced>
void interpret(Core& core) {
    static const std::array<Blocks, fork_count> blocks = [] {
        std::array<Blocks, fork_count> all;
        for (std::size_t fork = 0; fork < fork_count; ++fork) run_loop<traced>(nullptr, nullptr, &all[fork], Fork(fork));
        return all;
    }();
    const Blocks& here = blocks[static_cast<std::size_t>(core.fork)];
    const Targets* targets = &here.plain;
    if constexpr (traced) targets = &core.traced_targets(here.plain, here.told);
    while (core.activity == Activity::Running) {
        if (!traced && core.frame().native != nullptr) run_native(core);
        else if (!traced && core.frame().translation != nullptr) run_translated(core);
        else run_loop<traced>(&core, targets, nullptr, core.fork);
    }
}

}  // namespace interlock::vm
