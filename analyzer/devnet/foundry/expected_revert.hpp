// expectRevert, expectPartialRevert and assumeNoRevert: what the next call has to end with.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedRevert {
    std::uint32_t depth = 0;              // of the calls that are meant
    std::optional<vm::Bytes> data;        // none: any
    bool is_partial = false;              // only the first four bytes count
    std::optional<vm::Address> reverter;  // who has to revert first
    std::uint64_t count = 1;              // of calls; 0: none of them may end so

    std::uint64_t met = 0;                   // so far
    std::optional<vm::Address> reverted_by;  // the innermost of the call under way
};

// Whether revert data are what was asked for: byte by byte, or the text that they hold.
[[nodiscard]] bool is_same_revert(vm::ByteView actual, vm::ByteView expected, bool is_partial);

// Turns the end of a call (nobody's cheatcode) into what its caller shall see. `told`: puts a failure into words.
// Returns whether the expectation is settled.
[[nodiscard]] bool settle(ExpectedRevert& expected, const vm::Message& message, vm::Outcome& outcome,
                          const std::function<std::string(const vm::Outcome&)>& told);

}  // namespace interlock::analyzer::foundry
