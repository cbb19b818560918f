#include "cli/interrupt.hpp"

#include <time.h>

#include <cstdint>

namespace interlock::cli {

namespace {

// timeout(1) signals the program and then its group: of two signals so close together the second is the first again.
constexpr std::int64_t kOneKey = 50'000'000;  // nanoseconds

std::atomic<bool> is_interrupted{false};
std::atomic<std::int64_t> first_at{0};  // nanoseconds of the monotonic clock
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free,
              "a signal handler sets them");

std::int64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

extern "C" void on_interrupt(int) {
    std::int64_t first = 0;
    if (first_at.compare_exchange_strong(first, now())) {
        is_interrupted = true;
    } else if (now() - first > kOneKey) {
        ::signal(SIGINT, SIG_DFL);
        ::raise(SIGINT);  // delivered when this returns
    }
}

}  // namespace

Interrupt::Interrupt() {
    is_interrupted = false;
    first_at = 0;
    if (::sigaction(SIGINT, nullptr, &before_) != 0 || before_.sa_handler == SIG_IGN) return;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
}

Interrupt::~Interrupt() {
    // Once it has come, what may still come along with it is caught to the end.
    if (before_.sa_handler != SIG_IGN && !has_come()) ::sigaction(SIGINT, &before_, nullptr);
}

const std::atomic<bool>* Interrupt::flag() { return &is_interrupted; }

}  // namespace interlock::cli
