// Precompiled contracts: functions at fixed addresses that every machine has built in (Yellow Paper, appendix E).
//
// One table says which address is what, since which fork. A precompile that a fork has but this machine does not is in
// the table all the same: calling it fails by name (Status::PrecompileUnavailable) instead of answering wrongly.
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
    std::optional<Bytes> (*run)(ByteView input, const PrecompileRules& rules);  // the output; nullopt: the call fails

    [[nodiscard]] bool is_available() const { return run != nullptr; }
};

struct PrecompileResult {
    Status status = Status::Success;
    Gas cost;      // at most the limit; the whole limit after anything but success
    Bytes output;  // empty after anything but success
};

// All of a fork's precompiles, by ascending address. (They are warm from a transaction's start on: EIP-2929.)
[[nodiscard]] std::span<const Precompile> precompiles(Fork fork);

// Null where the fork has none at this address.
[[nodiscard]] const Precompile* find_precompile(const Address& address, Fork fork);
[[nodiscard]] bool is_precompile(const Address& address, Fork fork);

// Charges and runs. `limit` is the gas that the callee was given, stipend included.
[[nodiscard]] PrecompileResult run_precompile(const Precompile& precompile, ByteView input, Gas limit, Fork fork);

}  // namespace interlock::vm
