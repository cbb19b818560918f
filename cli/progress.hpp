// Shows one line of progress on stderr, which is overwritten again and again. It appears only on a terminal, only if
// something takes long, and at most ten times a second.
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
    Clock::time_point next_ = Clock::now() + patience;  // nothing is shown before this
    bool is_shown_ = false;
};

}  // namespace interlock::cli
