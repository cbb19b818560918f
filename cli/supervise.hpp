// Handles what the operating system may refuse a program: memory, a deep stack, a place for its output.
//
// Whatever the shell's limits are, the work gets a stack that is deep enough. Running out of memory or threads ends
// with one line on stderr and exit_resources, never with a signal.
#pragma once

#include <functional>

namespace interlock::cli {

// Runs the work to its end and writes out what it printed. Returns the exit code: the work's own; exit_output if
// standard output could not be written; exit_internal, with a line on stderr, after an exception.
[[nodiscard]] int supervise(const std::function<int()>& work);

}  // namespace interlock::cli
