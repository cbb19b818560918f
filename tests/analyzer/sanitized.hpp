// Whether the tests run under the sanitizers, which make everything about ten times as slow.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERLOCK_IS_SLOW 1
#endif
#endif
