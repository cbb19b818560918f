// How a fuzz target says that something is wrong: the fuzzer, or the test driver, keeps the input.
#pragma once

#include <cstdio>

namespace interlock::fuzz {

inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "wrong: %s\n", what);
    __builtin_trap();
}

}  // namespace interlock::fuzz
