#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace interlock::cli {

void Progress::show(std::string_view line) {
    const Clock::time_point now = Clock::now();
    if (now < next_ || !isatty(STDERR_FILENO)) return;
    next_ = now + interval;
    std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(line.size()), line.data());
    is_shown_ = true;
}

void Progress::clear() {
    if (is_shown_) std::fputs("\r\033[K", stderr);
    is_shown_ = false;
}

}  // namespace interlock::cli
