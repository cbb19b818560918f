// One line of progress on stderr, over and over; only on a terminal, and only when something takes long.
#pragma once

#include <chrono>
#include <string_view>

namespace interlock::cli {

class Progress {
  public:
    void show(std::string_view line);
    void clear();
    ~Progress() { clear(); }

  private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    bool is_shown_ = false;
};

}  // namespace interlock::cli
