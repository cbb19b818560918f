// One line of progress on stderr, over and over; only on a terminal, only when something takes long, and at most ten
// times a second.
#pragma once

#include <chrono>
#include <string_view>

namespace interlock::cli {

class Progress {
  public:
    static constexpr std::chrono::milliseconds patience{300}, interval{100};

    void show(std::string_view line);
    void clear();
    ~Progress() { clear(); }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point next_ = Clock::now() + patience;  // before which nothing is shown
    bool is_shown_ = false;
};

}  // namespace interlock::cli
