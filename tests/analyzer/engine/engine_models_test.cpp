// The engines of the simulation under the explorer. Names begin with the row of the protocols' table that asks for them.
// Larger sizes, with commands and times, stand in docs/protocols.md.
#include <gtest/gtest.h>

#include "analyzer/engine/search.hpp"
#include "analyzer/models/engines/engine_model.hpp"

namespace interlock::analyzer::engine {
namespace {

using namespace models::engines;
using Bounds = EngineModel::Bounds;

// Of one block. A council has a share for each node at the start.
Setting votes_of(std::string_view engine, std::uint32_t nodes, std::uint32_t liars = 0, std::uint32_t quorum = 0) {
    Setting setting = setting_of(engine);
    setting.nodes = setting.options.council = nodes;
    setting.liars = liars;
    setting.options.quorum = quorum;
    setting.options.most_blocks = 1;
    return setting;
}

Setting pbft_of(std::uint32_t nodes, std::uint32_t liars = 0, std::uint32_t quorum = 0) {
    return votes_of("pbft", nodes, liars, quorum);
}

Setting paxos_of(std::uint32_t nodes, std::uint32_t liars = 0) { return votes_of("multipaxos", nodes, liars); }

Setting work_of(std::uint32_t nodes, bool pushes = true) {
    Setting setting = setting_of("pow");
    setting.nodes = nodes;
    setting.transactions = 0;
    setting.options.pushes = pushes;
    return setting;
}

Report searched(const Setting& setting, const Bounds& bounds, std::uint64_t most_states = 1'000'000) {
    Options options;
    options.most_states = most_states;
    return search(EngineModel(std::make_shared<Actors>(setting), bounds), options);
}

// All states, in which every invariant holds; both orders of the search find as many.
std::uint64_t sound(const Setting& setting, const Bounds& bounds) {
    const EngineModel start(std::make_shared<Actors>(setting), bounds);
    const Report report = search(start, {});
    EXPECT_EQ(report.end, End::Complete);
    for (const Broken& broken : report.broken) ADD_FAILURE() << EngineModel::properties[broken.property].name;
    Options deep;
    deep.order = Order::Depth;
    EXPECT_EQ(search(start, deep).states, report.states);
    return report.states;
}

const Broken* find(const Report& report, std::string_view property) {
    const auto is_it = [&](const Broken& broken) { return EngineModel::properties[broken.property].name == property; };
    const auto found = std::ranges::find_if(report.broken, is_it);
    return found == report.broken.end() ? nullptr : &*found;
}

// What happens on a trace, step by step; the property is false at its end and not before.
std::vector<std::string> told(EngineModel model, const Broken& broken) {
    std::vector<std::string> steps;
    for (const std::uint32_t position : broken.trace) {
        EXPECT_EQ(model.broken() >> broken.property & 1, 0U);
        std::vector<EngineModel::Choice> choices;
        model.choices([&choices](const EngineModel::Choice& choice) { choices.push_back(choice); });
        steps.push_back(model.describe(choices.at(position)));
        (void)model.apply(choices[position]);
    }
    EXPECT_EQ(model.broken() >> broken.property & 1, 1U);
    return steps;
}

TEST(EngineModels, Row76ThePbftEngineOfThreeNodesAgreesInEveryState) { EXPECT_EQ(sound(pbft_of(3), {}), 260U); }

TEST(EngineModels, Row76ThePbftEngineOfFourNodesAgreesInEveryState) {
    const Report report = searched(pbft_of(4), {});
    EXPECT_EQ(report.end, End::Complete);
    EXPECT_EQ(report.states, 254'885U);
    EXPECT_TRUE(report.broken.empty());
}

// The leader tells one node of one block and the other of another; either of them and the leader are two of three.
TEST(EngineModels, Row72TheMultiPaxosEngineDecidesTwiceUnderALyingLeader) {
    const EngineModel start(std::make_shared<Actors>(paxos_of(3, 1)), {.timers = 2});
    const Report report = search(start, {});
    const Broken* agreement = find(report, "agreement");
    ASSERT_NE(agreement, nullptr);
    EXPECT_EQ(told(start, *agreement).size(), 9U);
}

TEST(EngineModels, Row73ThePbftEngineWithTwoOfThreeDecidesTwiceUnderALyingPrimary) {
    const EngineModel start(std::make_shared<Actors>(pbft_of(3, 1, 2)), {});
    const Report report = search(start, {});
    const Broken* agreement = find(report, "agreement");
    ASSERT_NE(agreement, nullptr);
    const std::vector<std::string> steps = told(start, *agreement);
    ASSERT_EQ(steps.size(), 5U);
    EXPECT_NE(steps[0].find("n0 → n1: pre-prepare"), std::string::npos) << steps[0];
    EXPECT_NE(steps[1].find("n0 → n2: pre-prepare"), std::string::npos) << steps[1];
    EXPECT_NE(find(report, "refinement"), nullptr);
}

TEST(EngineModels, Row77ThePbftEngineOfFourNodesAgreesUnderALyingPrimaryAsFarAsIsSearched) {
    const Report report = searched(pbft_of(4, 1), {}, 100'000);
    EXPECT_EQ(report.end, End::States);
    EXPECT_TRUE(report.broken.empty());
}

// A message that came too early is kept once, however often it comes: otherwise these are a hundred times as many.
TEST(EngineModels, Row79ThePbftEngineOfTwoNodesAgreesOverChangesOfViewInEveryState) {
    EXPECT_EQ(sound(pbft_of(2), {.timers = 1}), 367U);
    EXPECT_EQ(sound(pbft_of(2), {.timers = 2}), 6'892U);
}

TEST(EngineModels, Row79ThePbftEngineAgreesOverAChangeOfViewAsFarAsIsSearched) {
    Options options;
    options.order = Order::Depth;
    options.most_states = 100'000;
    const Report report = search(EngineModel(std::make_shared<Actors>(pbft_of(4)), {.timers = 2}), options);
    EXPECT_TRUE(report.broken.empty());
}

// Five messages a node where PBFT has all that nodes say to each other: the same agreement in fewer states.
TEST(EngineModels, Row78TheLinearPbftEngineAgreesInEveryState) {
    EXPECT_EQ(sound(votes_of("linear-pbft", 3), {}), 40U);
    EXPECT_EQ(sound(votes_of("linear-pbft", 4), {}), 16'492U);
}

TEST(EngineModels, Row78TheLinearPbftEngineAgreesInEveryStateUnderALyingPrimary) {
    EXPECT_EQ(sound(votes_of("linear-pbft", 4, 1), {}), 17'099U);
}

TEST(EngineModels, Row79TheLinearPbftEngineAgreesOverChangesOfViewInEveryState) {
    EXPECT_EQ(sound(votes_of("linear-pbft", 2), {.timers = 2}), 934U);
    EXPECT_EQ(sound(votes_of("linear-pbft", 3), {.timers = 1}), 2'968U);
}

// Two nodes are asked for one block and two for another; the primary certifies both, as often as it takes.
TEST(EngineModels, Row74TheLinearPbftEngineWithTwoOfFourDecidesTwiceUnderALyingPrimary) {
    for (const char* engine : {"linear-pbft", "byzcoin"}) {
        const EngineModel start(std::make_shared<Actors>(votes_of(engine, 4, 1, 2)), {});
        Options options;
        options.most_states = 150'000;  // of 532,524
        const Report report = search(start, options);
        const Broken* agreement = find(report, "agreement");
        ASSERT_NE(agreement, nullptr) << engine;
        const std::vector<std::string> steps = told(start, *agreement);
        ASSERT_EQ(steps.size(), 14U) << engine;
        EXPECT_NE(steps[0].find("n0 → n1: propose 0/1"), std::string::npos) << steps[0];
        EXPECT_NE(steps[13].find("n0 → n2: committed 0/1"), std::string::npos) << steps[13];
        EXPECT_NE(find(report, "refinement"), nullptr) << engine;
    }
}

// Timers find key blocks, which change the council, and suspect leaders.
TEST(EngineModels, Row92TheByzCoinEngineAgreesInEveryStateWhileItsCouncilChanges) {
    EXPECT_EQ(sound(votes_of("byzcoin", 4), {}), 16'492U);
    EXPECT_EQ(sound(votes_of("byzcoin", 2), {.timers = 2}), 1'692U);
    EXPECT_EQ(sound(votes_of("byzcoin", 3), {.timers = 1}), 3'448U);
    Setting elections = votes_of("byzcoin", 3);
    elections.transactions = 0;
    elections.options.most_blocks = 2;
    const Report report = searched(elections, {.timers = 2});
    EXPECT_EQ(report.end, End::Complete);
    EXPECT_EQ(report.states, 70'351U);
    EXPECT_TRUE(report.broken.empty());
}

TEST(EngineModels, Row57TheMultiPaxosEngineAgreesInEveryState) { EXPECT_EQ(sound(paxos_of(3), {.timers = 1}), 94U); }

TEST(EngineModels, Row58TwoLeadersOfTheMultiPaxosEngineAgreeInEveryState) {
    EXPECT_EQ(sound(paxos_of(3), {.timers = 2}), 34'147U);
}

TEST(EngineModels, Row53TheMultiPaxosEngineForgetsNothingOverARestart) {
    Setting setting = paxos_of(3);
    setting.keeps_disks = true;
    const Report report = searched(setting, {.timers = 2, .restarts = 1}, 60'000);
    EXPECT_TRUE(report.broken.empty());
    setting.nodes = 2;
    EXPECT_GT(sound(setting, {.timers = 1, .restarts = 1}), 20U);
}

TEST(EngineModels, Row36AndRow37BlocksOfTheWorkEngineAreKnownOrUnderWayAndQuietNodesAgree) {
    EXPECT_EQ(sound(work_of(3), {.timers = 2, .is_once = true}), 12'448U);
    EXPECT_EQ(sound(work_of(2, false), {.timers = 2, .is_once = true}), 83U);
}

TEST(EngineModels, Row37WithoutATieBreakQuietNodesMayDisagree) {
    Setting setting = work_of(2);
    setting.options.tie_break = chain::consensus::TieBreak::FirstSeen;
    const Report report = searched(setting, {.timers = 2, .is_once = true});
    EXPECT_NE(find(report, "quiescence"), nullptr);
    EXPECT_EQ(find(report, "conservation"), nullptr);
}

Setting leaders_of(std::string_view engine, std::uint32_t nodes) {
    Setting setting = setting_of(engine);
    setting.nodes = nodes;
    setting.options.pushes = true;
    return setting;
}

TEST(EngineModels, Row91BlocksOfTheBitcoinNgEngineAreKnownOrUnderWayAndQuietNodesAgree) {
    EXPECT_EQ(sound(leaders_of("bitcoin-ng", 3), {.timers = 2, .is_once = true}), 21'456U);
    Setting first_seen = leaders_of("bitcoin-ng", 2);
    first_seen.options.tie_break = chain::consensus::TieBreak::FirstSeen;
    EXPECT_NE(find(searched(first_seen, {.timers = 2, .is_once = true}), "quiescence"), nullptr);
}

// An authority whose clock is behind refuses a block as too early. Where that comes again nothing is lost.
TEST(EngineModels, Row48SlotsAreUsedOnceAndTakeClocksThatAgree) {
    for (const char* engine : {"poa", "stake"}) {
        EXPECT_EQ(sound(leaders_of(engine, 2), {.timers = 2}), 9U) << engine;
        Setting restarted = leaders_of(engine, 2);
        restarted.keeps_disks = true;
        EXPECT_GT(sound(restarted, {.timers = 2, .restarts = 1}), 9U) << engine;
        const Report once = searched(leaders_of(engine, 3), {.timers = 2, .is_once = true});
        EXPECT_EQ(once.states, 361U) << engine;
        EXPECT_NE(find(once, "conservation"), nullptr) << engine;
    }
}

TEST(EngineModels, BlocksOfTheInstantEngineReachEverybody) {
    EXPECT_EQ(sound(leaders_of("instant", 3), {.timers = 2, .is_once = true}), 14U);
}

// With every message in flight for ever there is nothing that losses and duplications could add.
TEST(EngineModels, Row35MessagesMayBeReorderedLostAndDoubledOneByOneInstead) {
    const std::uint64_t once = sound(pbft_of(2), {.is_once = true});
    EXPECT_GT(sound(pbft_of(2), {.is_once = true, .losses = 1}), once);
    EXPECT_GT(sound(pbft_of(2), {.is_once = true, .losses = 1, .duplicates = 1}), once);
}

TEST(EngineModels, OneSearchAfterAnotherFindsTheSame) {
    EXPECT_EQ(searched(pbft_of(3, 1), {}).states, searched(pbft_of(3, 1), {}).states);
}

}  // namespace
}  // namespace interlock::analyzer::engine
