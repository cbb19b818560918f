// What each opcode reads and writes besides the stack, and where control goes from it: the one table that optimisers,
// checkers and provers ask.
//
//     effects_of(Opcode::SLOAD).reads.contains(Region::Storage)
//     effects_of(Opcode::CALL).changes_state()
//     effects_of(Opcode::CODECOPY).memory_written->bytes_operand     // 2
//
// The rows are the last column of vm/opcode_list.hpp, written in the words of `effect` below. There is no default, so
// an opcode without a row does not compile. Gas costs do not count as effects, nor do failures for lack of gas or stack
// or for a state change in a static frame. An instruction that reads or writes memory may also extend it; only MSIZE
// and the price of later instructions show that.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "vm/opcodes.hpp"

namespace interlock::vm {

enum class Region : std::uint8_t {
    Memory,
    Storage,
    Transient,    // storage that lasts for the transaction (EIP-1153)
    Accounts,     // balances, nonces, code: everything of any account except storage
    Logs,         // written only
    Environment,  // the block, the transaction, sender and value: fixed while a frame runs
    CallData,     // fixed while a frame runs
    RunningCode,  // fixed while a frame runs
    ReturnData,   // of the frame's last call
    GasLeft,
};

// A set of regions.
class Regions {
  public:
    constexpr Regions() = default;
    template <class... Each>
    explicit constexpr Regions(Each... each) : bits_(static_cast<std::uint16_t>((0u | ... | bit(each)))) {}

    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr bool contains(Region region) const { return (bits_ & bit(region)) != 0; }
    [[nodiscard]] constexpr bool intersects(Regions other) const { return (bits_ & other.bits_) != 0; }

    friend constexpr Regions operator|(Regions a, Regions b) {
        a.bits_ = static_cast<std::uint16_t>(a.bits_ | b.bits_);
        return a;
    }
    friend constexpr bool operator==(Regions, Regions) = default;

  private:
    static constexpr unsigned bit(Region region) { return 1u << static_cast<unsigned>(region); }

    std::uint16_t bits_ = 0;
};

// What outlives the frame and is visible to its caller, except logs.
inline constexpr Regions state_regions{Region::Storage, Region::Transient, Region::Accounts};

// A range of memory, given by operands (0 is the stack's top). A call writes at most this many bytes.
struct MemoryRange {
    std::uint8_t address_operand = 0;
    std::optional<std::uint8_t> bytes_operand = std::nullopt;  // std::nullopt: always `bytes`
    std::uint8_t bytes = 0;
};

enum class Flow : std::uint8_t {
    Next,    // continues with the next instruction
    Jump,    // continues where an operand says
    Branch,  // continues where an operand says, or with the next instruction
    Call,    // another frame runs first, then the next instruction
    Halt,    // the frame ends
};

struct Effects {
    Regions reads;
    Regions writes;
    Flow flow = Flow::Next;
    std::optional<MemoryRange> memory_read = std::nullopt;
    std::optional<MemoryRange> memory_written = std::nullopt;

    // The results depend on the operands alone, and the instruction has no effect besides them.
    [[nodiscard]] constexpr bool is_pure() const { return reads.empty() && has_no_effect(); }
    // The instruction does nothing but produce its results: if they are unused, it can be dropped.
    [[nodiscard]] constexpr bool has_no_effect() const { return writes.empty() && flow == Flow::Next; }
    // The instruction, or a frame that it opens, may write storage, transient storage or accounts.
    [[nodiscard]] constexpr bool changes_state() const { return writes.intersects(state_regions); }
    [[nodiscard]] constexpr bool halts() const { return flow == Flow::Halt; }
    [[nodiscard]] constexpr bool calls() const { return flow == Flow::Call; }
};

// The vocabulary of the rows; `|` combines effects.
namespace effect {

using enum Region;

inline constexpr Effects pure{};
inline constexpr Effects jumps{.flow = Flow::Jump};
inline constexpr Effects branches{.flow = Flow::Branch};
inline constexpr Effects halts{.flow = Flow::Halt};

// The effects of opening a frame that may not change the state, and of one that may.
inline constexpr Effects calls_static{
    .reads = state_regions | Regions(Environment, GasLeft), .writes = Regions(ReturnData), .flow = Flow::Call};
inline constexpr Effects calls{
    .reads = calls_static.reads, .writes = calls_static.writes | state_regions | Regions(Logs), .flow = Flow::Call};

[[nodiscard]] constexpr Effects reads(Region region) { return {.reads = Regions(region)}; }
template <class... Each>
[[nodiscard]] constexpr Effects writes(Each... regions) {
    return {.writes = Regions(regions...)};
}
[[nodiscard]] constexpr Effects reads_memory(std::uint8_t address, std::uint8_t bytes) {
    return {.reads = Regions(Memory), .memory_read = MemoryRange{address, bytes}};
}
[[nodiscard]] constexpr Effects writes_memory(std::uint8_t address, std::uint8_t bytes) {
    return {.writes = Regions(Memory), .memory_written = MemoryRange{address, bytes}};
}
[[nodiscard]] constexpr Effects reads_word(std::uint8_t address) {
    return {.reads = Regions(Memory), .memory_read = MemoryRange{.address_operand = address, .bytes = 32}};
}
[[nodiscard]] constexpr Effects writes_word(std::uint8_t address) {
    return {.writes = Regions(Memory), .memory_written = MemoryRange{.address_operand = address, .bytes = 32}};
}
[[nodiscard]] constexpr Effects writes_byte(std::uint8_t address) {
    return {.writes = Regions(Memory), .memory_written = MemoryRange{.address_operand = address, .bytes = 1}};
}

[[nodiscard]] constexpr Effects operator|(const Effects& a, const Effects& b) {
    return {.reads = a.reads | b.reads,
            .writes = a.writes | b.writes,
            .flow = a.flow == Flow::Next ? b.flow : a.flow,
            .memory_read = a.memory_read ? a.memory_read : b.memory_read,
            .memory_written = a.memory_written ? a.memory_written : b.memory_written};
}

// Indexed by the opcode's byte. A byte that no fork defines ends the frame.
inline constexpr std::array<Effects, 256> rows = [] {
    std::array<Effects, 256> table{};
    table.fill(halts);
#define OPCODE(byte, name, immediate, in, out, gas, since, effects) table[byte] = effects;
#include "vm/opcode_list.hpp"
    return table;
}();

}  // namespace effect

[[nodiscard]] constexpr const Effects& effects_of(std::uint8_t byte) { return effect::rows[byte]; }
[[nodiscard]] constexpr const Effects& effects_of(Opcode opcode) { return effects_of(static_cast<std::uint8_t>(opcode)); }

}  // namespace interlock::vm
