#include "vm/jit/native_loop.hpp"

#include <exception>

#include "vm/interpreter/instruction_kind.hpp"
#include "vm/jit/native_code.hpp"
#include "vm/translator/tiering.hpp"

namespace interlock::vm {
namespace {

// Native code knows nothing of exceptions: they wait here until it has come back.
thread_local std::exception_ptr thrown;

void look_at_memory(jit::Registers& registers, Core& core) {
    registers.memory = core.memory.data();
    registers.memory_size = core.memory.size();
    registers.memory_words_end = jit::words_end(core.memory.size());
    registers.input = core.memory.input().data();
}

void look_at_input(jit::Registers& registers, Core& core) {
    registers.input_size = core.memory.input().size();
    registers.input_words_end = jit::words_end(core.memory.input().size());
}

std::int64_t fail(jit::Registers* registers, Status status) {
    registers->status = static_cast<std::uint32_t>(status);
    return -1;
}

// The functions that native code calls, made of the instructions' own.
template <Opcode opcode, auto& function>
std::int64_t execute(jit::Registers* registers, Word* top, std::int64_t units) noexcept {
    using Function = std::remove_reference_t<decltype(function)>;
    if constexpr (std::is_same_v<Function, kind::Pure>) {
        function(top);
        return units;
    } else {
        Core& core = *registers->core;
        try {
            if constexpr (std::is_same_v<Function, kind::Reading>) {
                function(top, core);
            } else if constexpr (std::is_same_v<Function, kind::Metered>) {
                Gas gas{units};
                const Status status = function(top, core, gas);
                if (status != Status::Success) return fail(registers, status);
                units = gas.units;
                look_at_memory(*registers, core);
            } else if constexpr (std::is_same_v<Function, kind::Halting>) {
                Gas gas{units};
                registers->status = static_cast<std::uint32_t>(function(top, core, gas).status);
                units = gas.units;
            }
            return units;
        } catch (...) {
            thrown = std::current_exception();
            return fail(registers, Status::OutOfGas);
        }
    }
}

[[gnu::noinline]] std::int64_t grow_anyhow(jit::Registers* registers, std::uint64_t offset, std::int64_t units,
                                           std::uint64_t bytes) noexcept {
    Core& core = *registers->core;
    try {
        Gas gas{units};
        if (offset >> 32 != 0 || !core.memory.extend_here(offset + bytes, gas)) return fail(registers, Status::OutOfGas);
        registers->memory_size = core.memory.size();
        registers->memory_words_end = core.memory.size() - 31;  // there is a word now
        if (registers->memory != core.memory.data()) look_at_memory(*registers, core);
        return gas.units;
    } catch (...) {
        thrown = std::current_exception();
        return fail(registers, Status::OutOfGas);
    }
}

// Programs allocate from below, so mostly it is the first word behind memory that is wanted.
std::int64_t grow(jit::Registers* registers, std::uint64_t offset, std::int64_t units, std::uint64_t bytes) noexcept {
    Memory& memory = registers->core->memory;
    Gas gas{units};
    if (offset != memory.size() || !memory.extend_by_word(gas)) return grow_anyhow(registers, offset, units, bytes);
    registers->memory_size = memory.size();
    registers->memory_words_end = memory.size() - 31;
    return gas.units;
}

using Opening = kind::Opening;

constexpr std::array<jit::Instruction*, 256> instructions = [] {
    std::array<jit::Instruction*, 256> table{};
#define OPCODE(byte, name, ...) table[byte] = execute<Opcode::name, instruction::name>;
#include "vm/opcode_list.hpp"
    return table;
}();

template <auto& function>
constexpr Opening* opening() {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(function)>, kind::Opening>) return &function;
    else return nullptr;
}

constexpr std::array<Opening*, 256> openings = [] {
    std::array<Opening*, 256> table{};
#define OPCODE(byte, name, ...) table[byte] = opening<instruction::name>();
#include "vm/opcode_list.hpp"
    return table;
}();

// The frame goes on as bytecode, and for good: how it came here is not what native code was made for.
void go_on_as_bytecode(Core& core, Frame& frame) {
    frame.native = nullptr;
    frame.memory_size = core.memory.size();
    frame.translation =
        worthwhile_translation(*frame.code, core.fork, static_cast<std::size_t>(frame.pc - frame.code->begin()));
}

// Whether the instruction at the frame's pc is one that opens a frame, and has its operands.
bool opens_frame(const Core& core, const Frame& frame) {
    const OpcodeInfo& row = info(*frame.pc);
    return openings[*frame.pc] != nullptr && row.exists_in(core.fork) && frame.stack_size >= row.stack_in;
}

void open_frame(Core& core, Frame& frame) {
    const std::uint8_t opcode = *frame.pc;
    frame.gas -= base_gas(Opcode{opcode}, core.fork);
    if (frame.gas < Gas{0}) return core.end(frame, Status::OutOfGas);
    Word* const top = core.stack.data() + frame.stack_base + frame.stack_size;
    ++frame.pc;
    frame.stack_size -= info(opcode).stack_in;
    const Status status = openings[opcode](top, core);
    if (status != Status::Success) core.end(frame, status);
}

}  // namespace

void run_native(Core& core) {
    while (core.activity == Activity::Running) {
        Frame& frame = core.frame();
        if (frame.native == nullptr) return;
        const std::uint32_t entry =
            frame.native->entry(static_cast<std::size_t>(frame.pc - frame.code->begin()), frame.stack_size);
        if (entry == NativeCode::no_entry) return go_on_as_bytecode(core, frame);
        jit::Registers registers;
        registers.gas = frame.gas.units;
        registers.stack_size = static_cast<std::uint32_t>(frame.stack_size);
        registers.bottom = core.stack.data() + frame.stack_base;
        registers.instructions = instructions.data();
        registers.grow = grow;
        registers.core = &core;
        look_at_memory(registers, core);
        look_at_input(registers, core);
        const jit::Exit exit = frame.native->run(registers, entry);
        if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
        frame.gas = {registers.gas};
        if (exit == jit::Exit::Ended) {
            core.end(frame, Status(registers.status));
            continue;
        }
        frame.pc = frame.code->begin() + registers.pc;
        frame.stack_size = registers.stack_size;
        if (!opens_frame(core, frame)) return go_on_as_bytecode(core, frame);
        open_frame(core, frame);
    }
}

}  // namespace interlock::vm
