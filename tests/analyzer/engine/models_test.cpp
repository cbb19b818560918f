// The numbers of states that TLC finds in the models' TLA+ texts, and the properties that it finds false.
#include <gtest/gtest.h>

#include "analyzer/engine/search.hpp"
#include "analyzer/models/dao_5a.hpp"
#include "analyzer/models/dao_5b.hpp"
#include "analyzer/models/evm_bank.hpp"

namespace interlock::analyzer::engine {
namespace {

using models::Dao5a, models::Dao5b, models::EvmBank;

struct Count {
    EvmBank::Parameters parameters;
    std::uint64_t states, generated;
};

void expect_counts(const Count& expected) {
    for (const Order order : {Order::Breadth, Order::Depth})
        for (const bool is_reduced : {false, true}) {
            if (is_reduced && expected.parameters.is_symmetric) continue;
            Options options;
            options.order = order;
            options.is_reduced = is_reduced;
            const Report report = search(EvmBank(expected.parameters), options);
            EXPECT_EQ(report.states, expected.states);
            EXPECT_EQ(report.generated, expected.generated);
            EXPECT_EQ(report.end, End::Complete);
            if (is_reduced) EXPECT_LE(report.taken, report.generated - 1);
            else EXPECT_EQ(report.taken, report.generated - 1);
        }
}

TEST(EvmBank, SmallOnesHaveTheStatesThatTlcFinds) {
    expect_counts({{2, 2, 2, 2, 3, 2}, 5'464, 16'329});
    expect_counts({{2, 2, 2, 3, 3, 2}, 10'400, 32'379});
    expect_counts({{2, 2, 2, 2, 3, 2, true}, 755, 1'969});
    expect_counts({{2, 3, 3, 3, 5, 2}, 179'858, 627'187});
}

TEST(EvmBank, TheUsualOneHasTheStatesAndTheDepthThatTlcFinds) {
    expect_counts({{3, 2, 2, 3, 3, 2}, 504'849, 1'894'483});
    EXPECT_EQ(search(EvmBank({}), {}).depth, 28U);
}

TEST(EvmBank, ALargeOneHasTheStatesThatTlcFinds) {
    const Report report = search(EvmBank({3, 2, 2, 3, 4, 2}), {.order = Order::Depth, .is_reduced = false});
    EXPECT_EQ(report.states, 2'226'192U);
    EXPECT_EQ(report.generated, 9'039'739U);
    EXPECT_LE(static_cast<double>(report.table_bytes) / static_cast<double>(report.states), 13.0);
}

TEST(EvmBank, WithSymmetryHasTheStatesThatTlcFinds) { expect_counts({{3, 2, 2, 3, 3, 2, false, true}, 85'351, 320'531}); }

TEST(EvmBank, SeveralThreadsComeToTheSameResult) {
    const Report alone = search(EvmBank({}), {.is_reduced = false});
    for (const unsigned threads : {2u, 3u}) {
        Options options;
        options.threads = threads;
        const Report report = search(EvmBank({}), options);
        EXPECT_EQ(report.states, 504'849U);
        EXPECT_EQ(report.generated, 1'894'483U);
        EXPECT_EQ(report.taken, 1'894'482U);
        EXPECT_EQ(report.depth, 28U);
        ASSERT_EQ(report.broken.size(), 1U);
        EXPECT_EQ(report.broken[0].trace, search(EvmBank({}), {}).broken[0].trace);
        EXPECT_EQ(report.broken[0].trace.size(), alone.broken[0].trace.size());
    }
}

TEST(EvmBank, IsRobbedUnlessItDebitsFirst) {
    const Report robbed = search(EvmBank({}), {});
    ASSERT_EQ(robbed.broken.size(), 1U);
    EXPECT_EQ(EvmBank::properties[robbed.broken[0].property].name, "NoTheft");
    EvmBank::Parameters fixed;
    fixed.fixed = true;
    EXPECT_TRUE(search(EvmBank(fixed), {}).broken.empty());
}

TEST(EvmBank, UndoRestoresEveryStateToTheBit) {
    chain::SeededChooser chooser(1);
    for (const bool is_symmetric : {false, true}) {
        EvmBank bank({3, 2, 2, 3, 3, 2, false, is_symmetric});
        for (int step = 0; step < 2000; ++step) {
            std::vector<EvmBank::Choice> choices;
            bank.choices([&](const EvmBank::Choice& choice) { choices.push_back(choice); });
            if (choices.empty()) {
                bank = EvmBank({3, 2, 2, 3, 3, 2, false, is_symmetric});
                continue;
            }
            const std::uint64_t fingerprint = bank.fingerprint();
            const auto variables = bank.variables();
            for (const EvmBank::Choice& choice : choices) {
                const EvmBank::Undo undo = bank.apply(choice);
                EXPECT_NE(bank.variables(), variables);
                EXPECT_NE(bank.fingerprint(), fingerprint);
                bank.undo(choice, undo);
                ASSERT_EQ(bank.variables(), variables);
                ASSERT_EQ(bank.fingerprint(), fingerprint);
            }
            (void)bank.apply(choices[chooser.choose("step", static_cast<std::uint32_t>(choices.size()))]);
        }
    }
}

// How many states the trace to a property has; zero: it holds.
template <class M>
std::size_t states_to(const Report& report, std::string_view property) {
    for (const Broken& broken : report.broken)
        if (M::properties[broken.property].name == property) return broken.trace.size() + 1;
    return 0;
}

TEST(Dao5a, TheRobberyIsTheEighthState) {
    for (const Order order : {Order::Breadth, Order::Depth}) {
        const Report report = search(Dao5a({}), {.order = order});
        EXPECT_EQ(report.states, 22U);
        EXPECT_EQ(report.depth, 22U);
        EXPECT_EQ(states_to<Dao5a>(report, "SafeWithdrawal"), 8U);
    }
}

TEST(Dao5a, MoneyInFlightIsCountedTwiceInAnHonestRun) {
    const Report report = search(Dao5a({.attack = 0}), {});
    EXPECT_EQ(states_to<Dao5a>(report, "Invariant"), 5U);
    EXPECT_EQ(states_to<Dao5a>(report, "SafeWithdrawal"), 0U);
}

TEST(Dao5b, EverythingHoldsWhereAllIsWithdrawn) {
    const Report report = search(Dao5b({}), {});
    EXPECT_EQ(report.states, 8U);
    EXPECT_TRUE(report.broken.empty());
}

TEST(Dao5b, SafeWithdrawalIsTooTightForTwoWithdrawals) {
    const Report report = search(Dao5b({.amount = 4}), {});
    EXPECT_EQ(report.states, 13U);
    EXPECT_NE(states_to<Dao5b>(report, "SafeWithdrawal"), 0U);
    EXPECT_EQ(states_to<Dao5b>(report, "Invariant"), 0U);
    EXPECT_EQ(states_to<Dao5b>(report, "EndState"), 0U);
}

}  // namespace
}  // namespace interlock::analyzer::engine
