// The loop over translated code (translation.hpp). Every form of the lists becomes one block, as in loop.hpp.
//
// `top` keeps its value from the beginning of a block of bytecode; the block's ending moves it. If a block may not run
// because gas or stack is lacking, the frame continues as bytecode from the block's first instruction, and the careful
// loop finds the instruction that fails.
//
// A block pays for a segment of its instructions before the first of them (block_builder.hpp), so an instruction with a
// price of its own may lack gas that has been paid for later instructions. The frame then fails. It would have failed
// in this segment anyway and for the same reason, since no other failure is possible before the segment's end.
#pragma GCC diagnostic ignored "-Wpedantic"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wdangling-pointer"  // g++ takes a label for a local variable
#endif

#include "vm/translator/translated_loop.hpp"
#include "vm/interpreter/instruction_kind.hpp"
#include "vm/translator/cell_forms.hpp"
#include "vm/translator/three_address.hpp"
#include "vm/translator/translation.hpp"

namespace interlock::vm {
namespace {

[[nodiscard, gnu::always_inline]] inline Word& word_at(Word* top, std::int16_t offset) {
    return *reinterpret_cast<Word*>(reinterpret_cast<char*>(top) + offset);
}

[[nodiscard, gnu::always_inline]] inline const Word& constant_at(const Cell* cell, std::int32_t distance) {
    return *std::launder(reinterpret_cast<const Word*>(cell + distance));
}

// Reads the operand in the cell's n-th slot in the form that its row wants. Constants are in `rest`, those of a third
// operand in its `c`.
template <Operand kind, int slot, bool is_third>
[[nodiscard, gnu::always_inline]] inline decltype(auto) read(const Cell* cell, Word* top) {
    if constexpr (kind == Operand::Slot || kind == Operand::Narrow) {
        const std::int16_t offset = slot == 0 ? cell->a : slot == 1 ? cell->rest.slots.b : cell->rest.slots.c;
        const Word& word = word_at(top, offset);
        if constexpr (kind == Operand::Narrow) return std::uint64_t{word.limbs[0]};
        else return static_cast<const Word&>(word);
    } else if constexpr (kind == Operand::Constant) {
        return constant_at(cell, is_third ? std::int32_t{cell->rest.slots.c} : cell->rest.distance);
    } else if constexpr (kind == Operand::Tiny) {
        return static_cast<std::uint64_t>(cell->rest.slots.b);
    } else if constexpr (kind == Operand::Limb) {
        return std::uint64_t{constant_at(cell, cell->rest.distance).limbs[0]};
    } else {
        return std::uint64_t{cell->rest.small};
    }
}

[[gnu::always_inline]] inline void load(Word& to, const std::uint8_t* bytes) {
    using instruction::load_big_endian;
    const std::uint64_t l3 = load_big_endian(bytes), l2 = load_big_endian(bytes + 8);
    const std::uint64_t l1 = load_big_endian(bytes + 16), l0 = load_big_endian(bytes + 24);
    to.limbs[0] = l0;
    to.limbs[1] = l1;
    to.limbs[2] = l2;
    to.limbs[3] = l3;
}

[[gnu::always_inline]] inline void store(std::uint8_t* bytes, const Word& word) {
    for (int limb = 0; limb < 4; ++limb) instruction::store_big_endian(bytes + 8 * (3 - limb), word.limbs[limb]);
}

// An offset into memory: a constant, a word plus a constant, or two words. It is given as a number if it and its parts
// are small, and as a word.
struct Offset {
    const Word& word;
    std::uint64_t displacement;

    [[nodiscard]] std::uint64_t number() const { return word.low64() + displacement; }
    [[nodiscard]] bool is_small() const {
        return ((word.limbs[0] >> 32) | word.limbs[1] | word.limbs[2] | word.limbs[3]) == 0;
    }
    [[nodiscard]] Word exact() const { return word + Word{displacement}; }
};
struct Sum {
    const Word &a, &b;

    [[nodiscard]] std::uint64_t number() const { return a.low64() + b.low64(); }
    [[nodiscard]] bool is_small() const {
        return (((a.limbs[0] | b.limbs[0]) >> 32) | (a.limbs[1] | b.limbs[1]) | (a.limbs[2] | b.limbs[2]) |
                (a.limbs[3] | b.limbs[3])) == 0;
    }
    [[nodiscard]] Word exact() const { return a + b; }
};
struct Constant {
    std::uint64_t value;

    [[nodiscard]] std::uint64_t number() const { return value; }
    [[nodiscard]] bool is_small() const { return true; }
    [[nodiscard]] Word exact() const { return value; }
};

// Makes 32 bytes of memory usable. Returns false if the gas is not enough. A sum of large words may still be a small
// number, since sums of words wrap.
[[nodiscard, gnu::noinline]] bool grow(Memory& memory, std::uint64_t offset, Gas& gas) {
    return memory.extend_to(offset + 32, gas);
}
[[nodiscard, gnu::noinline]] bool grow_to_word(Memory& memory, const auto& offset, Gas& gas) {
    const Word exact = offset.exact();
    return exact.fits_u64() && exact.low64() >> 32 == 0 && memory.extend_to(exact.low64() + 32, gas);
}

[[nodiscard, gnu::always_inline]] inline bool is_present(const auto& offset, const Memory& memory) {
    return offset.is_small() && offset.number() + 32 <= memory.size();
}

enum class After : std::uint8_t { Next, EnterNextBlock, Switch, Halt };

// Calls an opcode's own function on copies of its operands. If it has too many operands or opens a frame, calls it on
// the stack itself, which the block has brought into order.
template <Opcode opcode, auto& function>
[[gnu::always_inline]] inline After call(const Cell* cell, Word*& top, Word* bottom, Gas& gas, Core& core) {
    using Function = std::remove_reference_t<decltype(function)>;
    constexpr std::size_t in = info(opcode).stack_in, out = info(opcode).stack_out;
    if constexpr (std::is_same_v<Function, kind::Opening>) {
        Frame& frame = core.frame();
        top = &word_at(top, cell->to);
        frame.pc =
            frame.code->begin() + head_at(data_behind<BranchTargets>(cell).otherwise.load(std::memory_order_acquire)).pc;
        frame.gas = gas;
        frame.stack_size = static_cast<std::size_t>(top - bottom) - in;
        core.halted_with = function(top, core);
        if (core.halted_with == Status::Success) return After::Switch;
        gas = frame.gas;
        return After::Halt;
    } else if constexpr (std::is_same_v<Function, kind::Metered> && in > 3) {
        top = &word_at(top, cell->to);
        Gas metered = gas;
        core.halted_with = function(top, core, metered);
        gas = metered;
        top -= in - out;
        return core.halted_with == Status::Success ? After::EnterNextBlock : After::Halt;
    } else if constexpr (in <= 3) {
        Word words[5];
        Word* const last = words + in;  // words[0] is below the operands
        if constexpr (in > 0) instruction::copy(last[0], word_at(top, cell->a));
        if constexpr (in > 1) instruction::copy(last[-1], word_at(top, cell->rest.slots.b));
        if constexpr (in > 2) instruction::copy(last[-2], word_at(top, cell->rest.slots.c));
        After after = After::Next;
        if constexpr (std::is_same_v<Function, kind::Pure>) {
            function(last);
        } else if constexpr (std::is_same_v<Function, kind::Reading>) {
            function(last, core);
        } else if constexpr (std::is_same_v<Function, kind::Metered>) {
            Gas metered = gas;
            const Status status = function(last, core, metered);
            gas = metered;
            if (status != Status::Success) [[unlikely]] {
                core.halted_with = status;
                after = After::Halt;
            }
        } else if constexpr (std::is_same_v<Function, kind::Halting>) {
            Gas metered = gas;
            core.halted_with = function(last, core, metered).status;
            gas = metered;
            after = After::Halt;
        }
        if constexpr (out == 1) instruction::copy(word_at(top, cell->to), words[1]);
        return after;
    } else {
        return After::Halt;  // no cell is made for DUP and SWAP
    }
}

[[gnu::noinline]] void run(Core* core_pointer, Handlers* handlers) {
    if (handlers != nullptr) {
        handlers->fill(&&form_undefined);
#define OPCODE(byte, name, ...) (*handlers)[byte] = &&opcode_##name;
#include "vm/opcode_list.hpp"
#define FORM(name, ...) (*handlers)[static_cast<std::size_t>(Form::name)] = &&form_##name;
#define BRANCH(name, ...) FORM(name) FORM(exit_if_##name) FORM(exit_unless_##name)
#include "vm/translator/cell_list.hpp"
#define FORM(name) (*handlers)[static_cast<std::size_t>(Form::name)] = &&form_##name;
        FORM(copy)
        FORM(copy_two)
        FORM(exchange)
        FORM(load_small)
        FORM(load_constant)
        FORM(read_gas)
        FORM(store)
        FORM(pay)
        FORM(jump)
        FORM(leave)
        FORM(jump_to_value)
        FORM(branch_to_value)
        FORM(bad_jump)
#undef FORM
        return;
    }

    Core& core = *core_pointer;
    const Cell* cell;
    const Translation* translation;
    std::uint32_t pc;  // pc where the frame continues as bytecode
    Word* top;
    Word* bottom;
    Gas gas;

// Goes to the next cell of the block.
#define NEXT()                \
    do {                      \
        ++cell;               \
        goto * cell->handler; \
    } while (false)

// Goes to the block with this head.
#define ENTER(block)                                                                                                  \
    do {                                                                                                              \
        cell = (block);                                                                                               \
        const BlockHead head = head_at(cell);                                                                         \
        gas -= Gas{head.gas};                                                                                         \
        const auto used = static_cast<std::uint32_t>(reinterpret_cast<char*>(top) - reinterpret_cast<char*>(bottom)); \
        if (gas < Gas{0} || used - head.need > head.range) [[unlikely]]                                               \
            goto refused;                                                                                             \
        NEXT();                                                                                                       \
    } while (false)

switched:
    if (core.activity != Activity::Running) return;
    {
        Frame& frame = core.frame();
        translation = frame.translation;
        if (translation == nullptr) return;
        cell = translation->at(static_cast<std::size_t>(frame.pc - frame.code->begin()));
        gas = frame.gas;
        bottom = core.stack.data() + frame.stack_base;
        top = bottom + frame.stack_size;
    }
    ENTER(cell);

refused : {
    const BlockHead head = head_at(cell);
    gas += Gas{head.gas};
    pc = head.pc;
    if (head.need == BlockHead::never)
        if (const Cell* const block = translation->at(pc); block != cell) ENTER(block);  // now it is wanted
}
as_bytecode : {
    Frame& frame = core.frame();
    frame.translation = nullptr;
    frame.pc = frame.code->begin() + pc;
    frame.gas = gas;
    frame.stack_size = static_cast<std::size_t>(top - bottom);
    frame.memory_size = core.memory.size();
    return;
}

#define READ(kind, slot, is_third) read<Operand::kind, slot, is_third>(cell, top)
#define READ_OPERANDS(A, B)                                \
    [[maybe_unused]] decltype(auto) a = READ(A, 0, false); \
    [[maybe_unused]] decltype(auto) b = READ(B, is_slot(Operand::A) ? 1 : 0, false);

#define FORM(name, opcode, A, B, C, ...)                      \
    form_##name : {                                           \
        READ_OPERANDS(A, B)                                   \
        [[maybe_unused]] decltype(auto) c = READ(C, 2, true); \
        Word& to = word_at(top, cell->to);                    \
        __VA_ARGS__;                                          \
        NEXT();                                               \
    }
#define REACH(offset)                                                                                                     \
    if (!is_present(offset, core.memory)) [[unlikely]] {                                                                  \
        Gas metered = gas;                                                                                                \
        const bool is_paid =                                                                                              \
            offset.is_small() ? grow(core.memory, offset.number(), metered) : grow_to_word(core.memory, offset, metered); \
        gas = metered;                                                                                                    \
        if (!is_paid) goto out_of_gas;                                                                                    \
    }
#define MLOAD(to, where)       \
    const auto offset = where; \
    REACH(offset)              \
    load(to, core.memory.data() + offset.number())
#define MSTORE(where, word)    \
    const auto offset = where; \
    REACH(offset)              \
    store(core.memory.data() + offset.number(), word)
#define MEMORY(name, opcode, A, B, C, ...)                                                         \
    form_##name : {                                                                                \
        READ_OPERANDS(A, B)                                                                        \
        [[maybe_unused]] decltype(auto) c = READ(C, 2, true);                                      \
        [[maybe_unused]] const auto displacement = static_cast<std::uint64_t>(cell->rest.slots.c); \
        [[maybe_unused]] Word& to = word_at(top, cell->to);                                        \
        __VA_ARGS__;                                                                               \
        NEXT();                                                                                    \
    }
#define BRANCH(name, opcode, A, B, ...)                                                          \
    form_##name : {                                                                              \
        READ_OPERANDS(A, B)                                                                      \
        const bool is_taken = __VA_ARGS__;                                                       \
        top = &word_at(top, cell->to);                                                           \
        const auto& targets = data_behind<BranchTargets>(cell);                                  \
        if (is_taken) ENTER(targets.taken.load(std::memory_order_acquire));                      \
        ENTER(targets.otherwise.load(std::memory_order_acquire));                                \
    }                                                                                            \
    form_exit_if_##name : {READ_OPERANDS(A, B) STAY_UNLESS(__VA_ARGS__)} form_exit_unless_##name \
        : {READ_OPERANDS(A, B) STAY_UNLESS(!(__VA_ARGS__))}
// If control stays, the block pays for its instructions up to the next exit. If it cannot pay, it leaves with negative gas.
#define STAY_UNLESS(leaves)                                 \
    const bool is_left = leaves;                            \
    const ExitStub stub = std::bit_cast<ExitStub>(cell[1]); \
    if (!is_left) {                                         \
        gas -= Gas{stub.gas_to_stay};                       \
        if (gas >= Gas{0}) [[likely]] {                     \
            ++cell;                                         \
            NEXT();                                         \
        }                                                   \
    }                                                       \
    cell += stub.distance;                                  \
    goto * cell->handler;
#include "vm/translator/cell_list.hpp"
#undef MLOAD
#undef MSTORE
#undef REACH

form_copy:
    instruction::copy(word_at(top, cell->to), word_at(top, cell->a));
    NEXT();
form_copy_two:
    instruction::copy(word_at(top, cell->to), word_at(top, cell->a));
    instruction::copy(word_at(top, cell->rest.slots.b), word_at(top, cell->rest.slots.c));
    NEXT();
form_exchange:
    instruction::exchange(word_at(top, cell->a), word_at(top, cell->to));
    NEXT();
form_load_small:
    word_at(top, cell->to) = Word{cell->rest.small};
    NEXT();
form_load_constant:
    instruction::copy(word_at(top, cell->to), constant_at(cell, cell->rest.distance));
    NEXT();
form_read_gas:
    word_at(top, cell->to) = static_cast<std::uint64_t>(gas.units) + cell->rest.small;
    NEXT();
form_store:
    if (call<Opcode::SSTORE, instruction::SSTORE>(cell, top, bottom, gas, core) == After::Halt) [[unlikely]]
        goto halted;
    ++cell;
    gas -= Gas{head_at(cell).gas};
    if (gas < Gas{0}) [[unlikely]]
        goto out_of_gas;
    NEXT();
form_pay:
    gas -= Gas{cell->rest.small};
    if (gas < Gas{0}) [[unlikely]]
        goto out_of_gas;
    NEXT();

form_jump:
    top = &word_at(top, cell->to);
    ENTER(data_behind<BranchTargets>(cell).taken.load(std::memory_order_acquire));
form_leave : {
    top = &word_at(top, cell->to);
    const auto& target = data_behind<LeaveTarget>(cell);
    if (gas >= Gas{0}) [[likely]]
        ENTER(target.block.load(std::memory_order_acquire));
    gas += Gas{target.gas};
    pc = target.pc;
    goto as_bytecode;
}
form_branch_to_value : {
    const bool is_taken = !word_at(top, cell->a).is_zero();
    const Word& target = word_at(top, cell->rest.slots.b);
    top = &word_at(top, cell->to);
    if (!is_taken) ENTER(data_behind<BranchTargets>(cell).otherwise.load(std::memory_order_acquire));
    const Cell* const block = translation->jump(target);
    if (block == nullptr) goto form_bad_jump;
    ENTER(block);
}
form_jump_to_value : {
    const Word& target = word_at(top, cell->a);
    top = &word_at(top, cell->to);
    const Cell* const block = translation->jump(target);
    if (block == nullptr) goto form_bad_jump;
    ENTER(block);
}

#define OPCODE(byte, name, ...)                                                                  \
    opcode_##name : {                                                                            \
        const After after = call<Opcode::name, instruction::name>(cell, top, bottom, gas, core); \
        if (after == After::Halt) [[unlikely]]                                                   \
            goto halted;                                                                         \
        if (after == After::Switch) goto switched;                                               \
        if (after == After::EnterNextBlock)                                                      \
            ENTER(data_behind<BranchTargets>(cell).otherwise.load(std::memory_order_acquire));   \
        NEXT();                                                                                  \
    }
#include "vm/opcode_list.hpp"

form_undefined:
    core.halted_with = Status::InvalidInstruction;
    goto halted;
form_bad_jump:
    core.halted_with = Status::BadJump;
    goto halted;
out_of_gas:
    core.halted_with = Status::OutOfGas;
halted : {
    Frame& frame = core.frame();
    frame.gas = gas;
    core.end(frame, core.halted_with);
    goto switched;
}
}

}  // namespace

const Handlers& translated_handlers() {
    static const Handlers handlers = [] {
        Handlers all;
        run(nullptr, &all);
        return all;
    }();
    return handlers;
}

void run_translated(Core& core) { run(&core, nullptr); }

}  // namespace interlock::vm
