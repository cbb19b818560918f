// The opcode table: one row per opcode, made from vm/opcode_list.hpp, and how the forks changed the base prices.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "vm/fork.hpp"
#include "vm/gas.hpp"

namespace interlock::vm {

enum class Opcode : std::uint8_t {
#define OPCODE(byte, name, ...) name = byte,
#include "vm/opcode_list.hpp"
};

struct OpcodeInfo {
    std::string_view name;       // empty for a byte that no fork defines
    std::uint8_t immediate = 0;  // bytes that follow the opcode in the code
    std::uint8_t stack_in = 0;   // words that it takes
    std::uint8_t stack_out = 0;  // words that it leaves in their place
    std::int16_t base_gas = 0;   // in the fork that introduced it
    Fork since = Fork::Frontier;

    [[nodiscard]] constexpr bool exists() const { return !name.empty(); }
    [[nodiscard]] constexpr bool exists_in(Fork fork) const { return exists() && since <= fork; }
};

// Indexed by the opcode's byte.
inline constexpr std::array<OpcodeInfo, 256> opcode_table = [] {
    using enum Fork;
    std::array<OpcodeInfo, 256> table{};
#define OPCODE(byte, name, immediate, in, out, gas, since, effects) table[byte] = {#name, immediate, in, out, gas, since};
#include "vm/opcode_list.hpp"
    return table;
}();

[[nodiscard]] constexpr const OpcodeInfo& info(Opcode opcode) { return opcode_table[static_cast<std::uint8_t>(opcode)]; }
[[nodiscard]] constexpr const OpcodeInfo& info(std::uint8_t byte) { return opcode_table[byte]; }

// Each fork lists the prices that it changes against the fork before it.
struct GasChange {
    Fork fork;
    Opcode opcode;
    std::int16_t base_gas;
};

inline constexpr auto gas_changes = [] {
    using enum Fork;
    using enum Opcode;
    return std::to_array<GasChange>({
        // EIP-150: reading other accounts and storage had been far too cheap.
        {TangerineWhistle, EXTCODESIZE, 700},
        {TangerineWhistle, EXTCODECOPY, 700},
        {TangerineWhistle, BALANCE, 400},
        {TangerineWhistle, SLOAD, 200},
        {TangerineWhistle, CALL, 700},
        {TangerineWhistle, CALLCODE, 700},
        {TangerineWhistle, DELEGATECALL, 700},
        {TangerineWhistle, SELFDESTRUCT, 5000},
        // EIP-1884: these were still too cheap.
        {Istanbul, SLOAD, 800},
        {Istanbul, BALANCE, 700},
        {Istanbul, EXTCODEHASH, 700},
        // EIP-2929: the price of a warm access; the surcharge for a cold one is in vm/fork_rules.hpp.
        {Berlin, BALANCE, 100},
        {Berlin, EXTCODESIZE, 100},
        {Berlin, EXTCODECOPY, 100},
        {Berlin, EXTCODEHASH, 100},
        {Berlin, SLOAD, 100},
        {Berlin, CALL, 100},
        {Berlin, CALLCODE, 100},
        {Berlin, DELEGATECALL, 100},
        {Berlin, STATICCALL, 100},
    });
}();

using BaseGas = std::array<std::int16_t, 256>;  // by opcode byte; zero where the fork has no such opcode

inline constexpr std::array<BaseGas, fork_count> base_gas_table = [] {
    std::array<BaseGas, fork_count> table{};
    for (std::size_t fork = 0; fork < fork_count; ++fork) {
        if (fork > 0) table[fork] = table[fork - 1];
        for (std::size_t byte = 0; byte < 256; ++byte)
            if (opcode_table[byte].exists() && opcode_table[byte].since == Fork(fork))
                table[fork][byte] = opcode_table[byte].base_gas;
        for (const GasChange& change : gas_changes)
            if (change.fork == Fork(fork)) table[fork][static_cast<std::uint8_t>(change.opcode)] = change.base_gas;
    }
    return table;
}();

[[nodiscard]] constexpr Gas base_gas(Opcode opcode, Fork fork) {
    return {base_gas_table[static_cast<std::size_t>(fork)][static_cast<std::uint8_t>(opcode)]};
}

// Returns whether no fork ever changed the price. Such a price is a constant in the interpreter's code.
[[nodiscard]] constexpr bool has_fixed_gas(Opcode opcode) {
    for (const GasChange& change : gas_changes)
        if (change.opcode == opcode) return false;
    return true;
}

}  // namespace interlock::vm
