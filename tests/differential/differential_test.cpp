// Every contract of the suite, compiled by us and by solc, called alike: return data, revert data, logs, storage and
// balances must be equal after each call. A difference is reported with the shortest sequence of calls that shows it.
//
// INTERLOCK_DIFFERENTIAL_SEED and INTERLOCK_DIFFERENTIAL_CALLS (of each function) make it look elsewhere, and longer.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/differential/oracle.hpp"
#include "tests/differential/suite.hpp"

namespace interlock::differential {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Difference {
    std::size_t call = 0;
    std::string ours, theirs;
};

struct Comparison {
    std::size_t calls = 0, reverted = 0, ran_out = 0;
    std::optional<Difference> difference;
};

bool ran_out_of_gas(const Effect& effect) { return effect.outcome.status == vm::Status::OutOfGas; }

std::string everything(const Effect& effect, const World& world) { return describe(effect) + world.state(); }

// Both worlds, call by call. Where either runs out of gas the sequence ends: how much it takes is not compared here.
Comparison compare(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls) {
    Comparison comparison;
    World our_world, their_world;
    const Effect our_start = our_world.deploy(each.ours.creation_code, each.arguments);
    const Effect their_start = their_world.deploy(theirs, each.arguments);
    if (our_start.outcome.status != their_start.outcome.status || our_world.state() != their_world.state()) {
        comparison.difference = {0, everything(our_start, our_world), everything(their_start, their_world)};
        return comparison;
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const Effect ours = our_world.call(calls[i]), other = their_world.call(calls[i]);
        if (ran_out_of_gas(ours) != ran_out_of_gas(other)) {
            ++comparison.ran_out;
            break;
        }
        ++comparison.calls;
        comparison.reverted += !ours.outcome.ok();
        const std::string left = everything(ours, our_world), right = everything(other, their_world);
        if (left != right) {
            comparison.difference = {i, left, right};
            return comparison;
        }
    }
    return comparison;
}

// Leaves calls out as long as the rest still shows a difference.
std::vector<Call> shortest(const Case& each, const vm::Bytes& theirs, std::vector<Call> calls) {
    for (std::size_t i = calls.size(); i-- > 0;) {
        std::vector<Call> fewer = calls;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (compare(each, theirs, fewer).difference) calls = std::move(fewer);
    }
    return calls;
}

std::string reproduction(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls, std::size_t until) {
    const std::vector<Call> few = shortest(
        each, theirs, {calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(std::min(until + 1, calls.size()))});
    std::string text = fmt::format("{}: {} deployed with {}, then\n", each.file, each.contract, vm::to_hex(each.arguments));
    for (const Call& call : few)
        text += fmt::format("  {} with {} wei: {}\n", call.function, vm::to_decimal(call.value), vm::to_hex(call.input));
    const Comparison comparison = compare(each, theirs, few);
    return text + fmt::format("ours:\n{}solc's:\n{}", comparison.difference->ours, comparison.difference->theirs);
}

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
