// When work has to end: at a moment in time, or as soon as somebody requests it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace interlock::analyzer {

class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    Deadline() = default;  // never
    // The deadline is `seconds` from now. Another thread may set `stop` to end the work early; `stop` may be null.
    explicit Deadline(double seconds, const std::atomic<bool>* stop = nullptr) : moment_(moment_in(seconds)), stop_(stop) {}

    // Returns the same deadline, but at most `seconds` from now.
    [[nodiscard]] Deadline within(double seconds) const {
        Deadline sooner = *this;
        sooner.moment_ = std::min(moment_, moment_in(seconds));
        return sooner;
    }

    [[nodiscard]] bool is_interrupted() const { return stop_ && stop_->load(std::memory_order_relaxed); }
    [[nodiscard]] bool has_passed() const { return is_interrupted() || Clock::now() >= moment_; }
    [[nodiscard]] double seconds_left() const {
        return std::max(0.0, std::chrono::duration<double>(moment_ - Clock::now()).count());
    }

  private:
    static Clock::time_point moment_in(double seconds) {
        constexpr double most = 1e9;  // more than 30 years, and still small enough for the clock's addition
        const std::chrono::duration<double> from_now{std::clamp(seconds, 0.0, most)};
        return Clock::now() + std::chrono::duration_cast<Clock::duration>(from_now);
    }

    Clock::time_point moment_ = Clock::time_point::max();
    const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace interlock::analyzer
