// Parts that all functions of one code share: one block for each way to fail, and routines for code that is too long to
// repeat. Each is emitted once, at the end, and only if its label was requested.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lang/codegen/emitter.hpp"

namespace interlock::lang::codegen {

// Solidity's panic codes. (Solidity documentation, "Panic via assert and Error via require".)
namespace panic {
inline constexpr std::uint8_t overflow = 0x11, division_by_zero = 0x12, enum_range = 0x21, storage_encoding = 0x22,
                              index = 0x32, memory = 0x41;
}

// Memory in solc's layout: scratch space, the free memory pointer, and a word that stays zero (the empty byte string).
namespace memory {
inline constexpr std::uint64_t scratch = 0x00, free_pointer = 0x40, zero = 0x60, first_free = 0x80;
}

enum class Routine : std::uint8_t {
    PackBytes,          // (target, bytes) -> end: only the bytes
    CopyCalldata,       // () -> bytes: msg.data
    CopyCalldataSlice,  // (start, length) -> bytes: part of msg.data, which must contain it
    CopyReturnData,     // () -> bytes
};

class Routines {
  public:
    Routines(Assembly& assembly, const ir::Conventions& conventions) : conventions(conventions), assembly_(assembly) {}

    const ir::Conventions& conventions;

    [[nodiscard]] Label revert_empty();
    [[nodiscard]] Label forward();  // reverts with the callee's return data
    [[nodiscard]] Label panic(std::uint8_t code);
    [[nodiscard]] Label error_string(const std::string& message);
    [[nodiscard]] Label routine(Routine routine);
    [[nodiscard]] Label power(const ir::Type& type);  // (base, exponent) -> base ** exponent, checked

    void emit_requested();

  private:
    void emit_failures();
    void emit_routine(Routine routine, Label label);
    void emit_power(const ir::Type& type, Label label);
    void emit_small_power(Emitter& e, const ir::Type& type, Entry base, Entry exponent, Label slow);

    Assembly& assembly_;
    Label revert_empty_, forward_;
    std::map<std::uint8_t, Label> panics_;
    std::map<std::string, Label> errors_;
    std::map<Routine, Label> routines_;
    std::map<std::pair<bool, unsigned>, Label> powers_;  // by sign and bits
    std::vector<Routine> pending_;
};

// --- pieces that routines and functions share ---

// Rounds the top up to a multiple of 32.
void round_up(Emitter& e);
// Allocates a byte string of `length` bytes, writes its length, and pushes its address.
Entry allocate_bytes(Emitter& e, Entry length);
// Writes the four bytes of a selector to memory at the address on top, which it consumes.
void store_selector(Emitter& e, std::uint32_t selector);

}  // namespace interlock::lang::codegen
