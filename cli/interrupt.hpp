// Ctrl-C during long work: the first one asks the work to stop, so that its results so far can be reported; another one,
// if it does not come along with the first, ends the program at once.
#pragma once

#include <signal.h>

#include <atomic>

namespace interlock::cli {

class Interrupt {
  public:
    // Catches the signal during the object's lifetime. Only one object may exist at a time. If the signal is ignored,
    // as in the background of a shell script, it stays ignored.
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    [[nodiscard]] static const std::atomic<bool>* flag();  // set by the first Ctrl-C
    [[nodiscard]] static bool has_come() { return flag()->load(); }

  private:
    struct sigaction before_ {};
};

}  // namespace interlock::cli
