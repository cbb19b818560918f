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

// Each attack that is found repeats.
inline void expect_attack(const std::string& source) {
    const Report report = checked(source);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    for (const Trace& trace : report.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
}

inline void expect_none(const std::string& source, double seconds = 4) {
    const Report report = checked(source, seconds);
    EXPECT_FALSE(report.has_exploit()) << report.attacks.size();
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

}  // namespace interlock::analyzer::tests
