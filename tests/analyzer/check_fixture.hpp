// Checks a contract that a test holds.
#pragma once

#include "analyzer/check.hpp"
#include "tests/sanitized.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {

inline Report checked(const std::string& source, double seconds = 20 * interlock::tests::slowness) {
    CheckOptions options;
    options.timeout_seconds = seconds;
    return check(compiled("c.ilk", source), options);
}

}  // namespace interlock::analyzer::tests
