// The hunt: what all searches of one check look for, their limits, and what they counted.
#pragma once

#include <algorithm>
#include <chrono>
#include <set>

#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

inline constexpr double steps_per_second = 100'000;
inline constexpr std::uint64_t steps_of_an_order = 10;

// What all searches of one check share.
struct Hunt {
    Hunt(const SearchBounds& the_bounds, const ExplorerHooks& the_hooks)
        : bounds(the_bounds), hooks(the_hooks), theft_is_open(the_hooks.is_theft_open) {}

    const SearchBounds& bounds;
    const ExplorerHooks& hooks;
    std::set<PropertyId> open_properties, false_at_start;
    bool theft_is_open;
    bool stop = false;         // everything is found, or a limit was reached
    bool phase_over = false;   // this part of the search has had its time
    double phase_end = 1e300;  // seconds since the beginning
    SearchStats stats;
    double seconds_serialising = 0;
    std::uint64_t serial_orders = 0;  // calls one after the other, to which a run was compared
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

    [[nodiscard]] bool halted() const { return stop || phase_over; }
    void begin_phase(double until) {
        phase_over = false;
        phase_end = until;
    }
    void settle() { stop |= open_properties.empty() && !theft_is_open; }
    // Returns the time since the beginning. If time is counted, a step takes as long as on a usual machine, always.
    [[nodiscard]] double seconds() const {
        if (bounds.is_counted)
            return static_cast<double>(stats.macro_steps + serial_orders * steps_of_an_order) / steps_per_second;
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }
    // Returns how long the search may take.
    [[nodiscard]] double most_seconds() const {
        if (bounds.is_counted) return static_cast<double>(bounds.macro_steps) / steps_per_second;
        return std::min(hooks.deadline.seconds_left(), 1e9);
    }
};

}  // namespace interlock::analyzer
