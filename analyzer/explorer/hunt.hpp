// The hunt: what all searches of one check look for, their limits, and what they counted.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <utility>

#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

inline constexpr double steps_per_second = 100'000;
inline constexpr std::uint64_t steps_of_an_order = 10;

// What is looked for, by all threads of one check.
struct Quarry {
    explicit Quarry(bool is_theft_open) : theft_is_open(is_theft_open) {}

    std::mutex mutex;  // guards the open properties; whoever has an attack confirmed holds it
    std::set<PropertyId> open_properties;
    std::set<PropertyId> false_at_start;  // is complete before the searches begin
    std::atomic<bool> theft_is_open;
    std::atomic<bool> stop = false;             // everything is found, or a limit was reached
    std::atomic<std::uint64_t> macro_steps{0};  // of all, told from time to time

    [[nodiscard]] bool is_open(const PropertyId& property) {
        const std::lock_guard lock(mutex);
        return open_properties.contains(property);
    }
    // Call it with the mutex held, or while no other thread is there.
    void settle() {
        if (open_properties.empty() && !theft_is_open) stop = true;
    }
};

// What the searches of one thread share.
struct Hunt {
    Hunt(const SearchBounds& the_bounds, const ExplorerHooks& the_hooks, Quarry& the_quarry)
        : bounds(the_bounds), hooks(the_hooks), quarry(the_quarry) {}

    const SearchBounds& bounds;
    const ExplorerHooks& hooks;
    Quarry& quarry;
    bool tells_progress = true;
    bool phase_over = false;   // this part of the search has had its time
    double phase_end = 1e300;  // seconds since the beginning
    SearchStats stats;
    double seconds_serialising = 0;
    std::uint64_t serial_orders = 0;  // calls one after the other, to which a run was compared
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

    [[nodiscard]] bool is_stopped() const { return quarry.stop.load(std::memory_order_relaxed); }
    [[nodiscard]] bool halted() const { return phase_over || is_stopped(); }
    void begin_phase(double until) {
        phase_over = false;
        phase_end = until;
    }
    // Returns the steps of all threads, as far as they were told.
    std::uint64_t tell_steps() {
        const std::uint64_t more = stats.macro_steps - std::exchange(steps_told_, stats.macro_steps);
        return quarry.macro_steps.fetch_add(more, std::memory_order_relaxed) + more;
    }
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

  private:
    std::uint64_t steps_told_ = 0;
};

}  // namespace interlock::analyzer
