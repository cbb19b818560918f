// A run told in a few aligned lines.
#pragma once

#include "chain/sim/simulation.hpp"

namespace interlock::chain::sim {

[[nodiscard]] std::string summary(const Simulation& simulation);
[[nodiscard]] std::string readable(Nanoseconds duration);  // "1.25 s", "340 ms"
[[nodiscard]] std::string grouped(std::uint64_t number);   // "200,000"

}  // namespace interlock::chain::sim
