// Ctrl-C while something long runs: the first asks it to stop, so that what is known by then can be said; the second ends
// the program at once.
#pragma once

#include <signal.h>

#include <atomic>

namespace interlock::cli {

class Interrupt {
  public:
    // From here on, until its end. There is one at a time. Where the signal is ignored, as in the background of a shell
    // script, it stays so.
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
