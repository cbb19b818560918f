// Two codes for one contract, called alike in two worlds: what they return, log, store and pay must be equal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/differential/suite.hpp"

namespace interlock::differential {

// A number in the environment.
[[nodiscard]] std::uint64_t setting(const char* name, std::uint64_t otherwise);

struct Difference {
    std::size_t call = 0;
    std::string ours, theirs;
};

struct Comparison {
    std::size_t calls = 0, reverted = 0, ran_out = 0;
    std::optional<Difference> difference;
};

// Both worlds, call by call. Where either runs out of gas the sequence ends: how much it takes is not compared here.
[[nodiscard]] Comparison compare(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls);

// Returns the difference with the shortest sequence of calls that shows it, as text.
[[nodiscard]] std::string reproduction(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls,
                                       std::size_t until);

}  // namespace interlock::differential
