#include "cli/interrupt.hpp"

namespace interlock::cli {

namespace {

std::atomic<bool> is_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

extern "C" void on_interrupt(int) { is_interrupted = true; }

}  // namespace

Interrupt::Interrupt() {
    is_interrupted = false;
    if (::sigaction(SIGINT, nullptr, &before_) != 0 || before_.sa_handler == SIG_IGN) return;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // a second signal has its default effect
    ::sigaction(SIGINT, &action, nullptr);
}

Interrupt::~Interrupt() {
    if (before_.sa_handler != SIG_IGN) ::sigaction(SIGINT, &before_, nullptr);
}

const std::atomic<bool>* Interrupt::flag() { return &is_interrupted; }

}  // namespace interlock::cli
