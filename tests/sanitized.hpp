// Whether the tests run under the sanitizers, which make everything about ten times as slow.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERLOCK_IS_SLOW 1
#endif
#endif

namespace interlock::tests {

// So many times what a test may take otherwise.
#ifdef INTERLOCK_IS_SLOW
inline constexpr int slowness = 4;
#else
inline constexpr int slowness = 1;
#endif

}  // namespace interlock::tests
