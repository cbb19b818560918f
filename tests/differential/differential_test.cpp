// Every contract of the suite, compiled by us and by solc, called alike: return data, revert data, logs, storage and
// balances must be equal after each call. A difference is reported with the shortest sequence of calls that shows it.
//
// INTERLOCK_DIFFERENTIAL_SEED and INTERLOCK_DIFFERENTIAL_CALLS (of each function) make it look elsewhere, and longer.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/comparison.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {
namespace {

class Differential : public testing::Test {
  protected:
    void SetUp() override {
        if (!Oracle::get().is_there()) GTEST_SKIP() << "differential tests skipped: " << Oracle::get().why_absent();
    }
};

TEST_F(Differential, EveryContractDoesWhatSolcsDoes) {
    const std::uint64_t seed = setting("INTERLOCK_DIFFERENTIAL_SEED", first_seed);
    const std::uint64_t each_function = setting("INTERLOCK_DIFFERENTIAL_CALLS", calls_of_each_function);
    std::size_t functions = 0, calls = 0, reverted = 0;
    for (const auto& path : contract_files()) {
        SCOPED_TRACE(path.filename().string());
        const std::string file = path.filename().string();
        ASSERT_EQ(Oracle::get().error("ir", file), "");
        try {
            const Case each = prepare(path, seed, each_function);
            const auto theirs = Oracle::get().code("ir", file, each.contract);
            ASSERT_TRUE(theirs) << "solc knows no contract " << each.contract;
            const Comparison comparison = compare(each, theirs->creation, each.calls);
            for (const auto& entry : each.abi) functions += entry.at("type") == "function";
            calls += comparison.calls;
            reverted += comparison.reverted;
            fmt::print("{:24} {:5} calls, {:4} of them reverted{}\n", file, comparison.calls, comparison.reverted,
                       comparison.ran_out > 0 ? "; then one ran out of gas" : "");
            if (comparison.difference)
                ADD_FAILURE() << reproduction(each, theirs->creation, each.calls, comparison.difference->call);
        } catch (const std::exception& problem) {
            ADD_FAILURE() << problem.what();
        }
    }
    fmt::print("{} functions, {} calls compared, {} of them reverted\n", functions, calls, reverted);
    EXPECT_GE(functions, 200u);
}

// What both say about parameters' internal types, and solc alone, is left out.
nlohmann::json without_internal_types(nlohmann::json abi) {
    if (abi.is_object()) abi.erase("internalType");
    for (auto& part : abi)
        if (part.is_structured()) part = without_internal_types(part);
    return abi;
}

TEST_F(Differential, EveryInterfaceIsDescribedAsSolcDescribesIt) {
    for (const auto& path : contract_files()) {
        const std::string file = path.filename().string();
        const Case each = prepare(path);
        const auto theirs = Oracle::get().code("ir", file, each.contract);
        ASSERT_TRUE(theirs);
        EXPECT_EQ(each.abi, without_internal_types(theirs->abi)) << file;
    }
}

}  // namespace
}  // namespace interlock::differential
