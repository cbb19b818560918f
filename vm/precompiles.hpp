// Precompiled contracts: functions at fixed addresses that are built into every machine (Yellow Paper, appendix E).
//
// One table lists the addresses and since which fork each exists.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "vm/bytes.hpp"
#include "vm/fork_rules.hpp"
#include "vm/message.hpp"

namespace interlock::vm {

struct Precompile {
    Address address;
    std::string_view name;  // "ecrecover"
    Fork since;
    Gas (*gas)(ByteView input, const PrecompileRules& rules);                   // what a call costs
    std::optional<Bytes> (*run)(ByteView input, const PrecompileRules& rules);  // std::nullopt: the call fails
};

struct PrecompileResult {
    Status status = Status::Success;
    Gas cost;      // at most the limit; the whole limit after a failure
    Bytes output;  // empty after a failure
};

// Returns all of a fork's precompiles by ascending address. (They are warm from a transaction's start: EIP-2929.)
[[nodiscard]] std::span<const Precompile> precompiles(Fork fork);

// Returns null if the fork has no precompile at this address.
[[nodiscard]] const Precompile* find_precompile(const Address& address, Fork fork);
[[nodiscard]] bool is_precompile(const Address& address, Fork fork);

// Charges for the precompile and runs it. `limit` is the gas that the callee was given, stipend included.
[[nodiscard]] PrecompileResult run_precompile(const Precompile& precompile, ByteView input, Gas limit, Fork fork);

}  // namespace interlock::vm
