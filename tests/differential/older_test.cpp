// Contracts for compilers before 0.8, compiled by us and by the last compiler of the series that each asks for, called alike.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/comparison.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {
namespace {

TEST(OlderDialects, EveryContractDoesWhatTheCompilerOfItsTimeMakesOfIt) {
    const Oracle& oracle = Oracle::of_older();
    if (!oracle.is_there()) GTEST_SKIP() << "differential tests skipped: " << oracle.why_absent();
    for (const auto& path : older_files()) {
        const std::string file = path.filename().string();
        SCOPED_TRACE(file);
        ASSERT_EQ(oracle.error("legacy", file), "");
        try {
            const Case each = prepare(path, setting("INTERLOCK_DIFFERENTIAL_SEED", first_seed),
                                      setting("INTERLOCK_DIFFERENTIAL_CALLS", 2 * calls_of_each_function));
            const auto theirs = oracle.code("legacy", file, each.contract);
            ASSERT_TRUE(theirs) << "solc knows no contract " << each.contract;
            // Where spoilt input says that it is very long, one of both runs out of gas: that call is left out.
            std::vector<Call> calls = each.calls;
            Comparison comparison = compare(each, theirs->creation, calls);
            for (; comparison.ran_out > 0; comparison = compare(each, theirs->creation, calls))
                calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(comparison.calls));
            fmt::print("{:24} {:5} calls, {:4} of them reverted, {} left out\n", file, comparison.calls, comparison.reverted,
                       each.calls.size() - calls.size());
            if (comparison.difference)
                ADD_FAILURE() << reproduction(each, theirs->creation, calls, comparison.difference->call);
        } catch (const std::exception& problem) {
            ADD_FAILURE() << problem.what();
        }
    }
}

}  // namespace
}  // namespace interlock::differential
