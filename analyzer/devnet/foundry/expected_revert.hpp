// expectRevert, expectPartialRevert and assumeNoRevert: how the next call must end.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedRevert {
    std::uint32_t depth = 0;              // depth of the calls that are meant
    std::optional<vm::Bytes> data;        // std::nullopt: any data
    bool is_partial = false;              // only the first four bytes are compared
    std::optional<vm::Address> reverter;  // the account that must revert first
    std::uint64_t count = 1;              // number of calls; 0: no call may end so

    std::uint64_t met = 0;                   // calls that did, so far
    std::optional<vm::Address> reverted_by;  // the innermost frame of the current call that reverted
};

// Returns whether revert data match the expectation, byte by byte or by the text that they hold.
[[nodiscard]] bool is_same_revert(vm::ByteView actual, vm::ByteView expected, bool is_partial);

// Turns the outcome of a call (not to a cheatcode) into what its caller sees. `told` describes a failure in words.
// Returns whether the expectation is settled.
[[nodiscard]] bool settle(ExpectedRevert& expected, const vm::Message& message, vm::Outcome& outcome,
                          const std::function<std::string(const vm::Outcome&)>& told);

}  // namespace interlock::analyzer::foundry
