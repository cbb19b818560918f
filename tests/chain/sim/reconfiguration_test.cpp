// Change of the nodes that vote: it begins some heights behind the block that says so, and nothing decided is lost by it.
#include "chain/consensus/byzcoin/byzcoin.hpp"
#include "chain/consensus/members.hpp"
#include "chain/consensus/multipaxos/multipaxos.hpp"
#include "chain/sim/workload_script.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::Members;

struct Change {
    Nanoseconds time = 0;
    std::vector<NodeId> members;
};

// Transfers for three seconds while the members change.
SimulationOptions changing(std::string_view engine, std::uint32_t nodes, std::uint64_t seed, std::vector<NodeId> first,
                           const std::vector<Change>& changes, std::string_view faults = "") {
    SimulationOptions options = run_of(engine, nodes, seed, faults);
    WorkloadBuilder builder;
    builder.transfers(40, 75 * millisecond, 75 * millisecond, 10);
    builder.begin_with(std::move(first));
    for (const Change& change : changes) builder.change_members(change.time, change.members);
    options.workload = std::make_shared<const Workload>(builder.take());
    options.checks_progress = true;
    return options;
}

// The height from which the members are others, as an honest node says it.
std::optional<std::uint64_t> begins_at(SimulationOptions options, const std::vector<std::uint32_t>& weights) {
    std::optional<std::uint64_t> least;
    options.on_ghost = [&](NodeId, const consensus::Ghost& ghost) {
        if (ghost.kind == consensus::Ghost::Council && *ghost.weights == weights)
            least = std::min(least.value_or(UINT64_MAX), ghost.instance);
    };
    (void)expect_all_final(options);
    return least;
}

std::uint64_t height_of_change(const SimulationOptions& options) {
    Simulation simulation(options);
    (void)simulation.run();
    for (consensus::BlockRef at = simulation.engine(0).head(); at; at = simulation.engine(0).find(at->parent()))
        for (const consensus::TransactionRef& tx : at->transactions)
            if (tx->transaction.to == consensus::members_address()) return at->height();
    ADD_FAILURE() << "there is no change of members in the chain";
    return 0;
}

TEST(Reconfiguration, Row62BeginsSoManyHeightsBehindItsBlock) {
    const SimulationOptions paxos = changing("multipaxos", 7, 1, {0, 1, 2}, {{second, {2, 3, 4, 5, 6}}});
    EXPECT_EQ(begins_at(paxos, {0, 0, 1, 1, 1, 1, 1}), height_of_change(paxos) + paxos.engine_options.window);
    const SimulationOptions pbft = changing("linear-pbft", 9, 1, {0, 1, 2, 3}, {{second, {2, 3, 4, 5, 6, 7, 8}}});
    EXPECT_EQ(begins_at(pbft, {0, 0, 1, 1, 1, 1, 1, 1, 1}), height_of_change(pbft) + 1);
}

// The steward alone may say who votes, and not what makes no sense.
TEST(Reconfiguration, Row62NobodyElseChangesMembers) {
    SimulationOptions options = changing("multipaxos", 5, 1, {0, 1, 2}, {});
    WorkloadBuilder builder;
    builder.begin_with({0, 1, 2});
    (void)builder.send(second, "mallory", consensus::members_address(), 0,
                       consensus::members_data(std::array<NodeId, 1>{4}));
    for (const std::vector<NodeId>& wrong : {std::vector<NodeId>{}, {1, 1}, {9}}) builder.change_members(second, wrong);
    options.workload = std::make_shared<const Workload>(builder.take());
    std::uint64_t others = 0;
    options.on_ghost = [&](NodeId, const consensus::Ghost& ghost) {
        others += ghost.kind == consensus::Ghost::Council && *ghost.weights != std::vector<std::uint32_t>{1, 1, 1, 0, 0};
    };
    (void)expect_all_final(options);
    EXPECT_EQ(others, 0U);
}

// Once the new members vote the old ones may all be gone, which is more than any majority of them survives; and before,
// the new ones.
TEST(Reconfiguration, Row62OldMembersAreNotNeededAfterwardsNorNewOnesBefore) {
    for (const char* engine : {"multipaxos", "linear-pbft"}) {
        const std::vector<Change> change{{second, {4, 5, 6, 7}}};
        for (const char* faults : {"at 4s crash 0 1 2 3", "from 0s to 900ms crash 4 5 6 7", "from 500ms to 8s crash 0"}) {
            SCOPED_TRACE(std::string(engine) + " " + faults);
            SimulationOptions options = changing(engine, 8, 2, {0, 1, 2, 3}, change, faults);
            options.checks_progress = std::string_view(faults).find("to") != std::string_view::npos;
            (void)expect_all_final(options);
        }
        SimulationOptions unchanged = changing(engine, 8, 2, {0, 1, 2, 3}, {}, "at 2s crash 0 1 2");
        unchanged.checks_progress = false;
        const Outcome stuck = outcome_of(unchanged);
        EXPECT_TRUE(stuck.holds()) << first_violation(stuck);
        EXPECT_LT(stuck.finalised, stuck.submitted);
    }
}

// Several changes in sequence, to sets that share few nodes or none, while nodes crash, are cut off and messages are lost.
TEST(Reconfiguration, Row62HoldsWhileNodesFailDuringTheChange) {
    for (const char* engine : {"multipaxos", "linear-pbft"})
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const std::vector<Change> changes{{800 * millisecond, {3, 4, 5, 6}},
                                              {1700 * millisecond, {0, 1, 5, 6, 7}},
                                              {2500 * millisecond, {1, 2, 3, 4}}};
            SimulationOptions options = changing(engine, 8, seed, {0, 1, 2, 3}, changes);
            Random random(seed, 0xee);
            options.faults = draw_faults({3, 0, true, false}, 8, 4 * second, random);
            const Outcome outcome = outcome_of(options);
            ASSERT_TRUE(outcome.holds()) << engine << " seed " << seed << ": " << first_violation(outcome);
        }
}

// A leader of the new members tells them two things.
TEST(Reconfiguration, Row62LiarsAmongTheNewMembersDivideNobody) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed)
        (void)expect_all_final(
            changing("linear-pbft", 8, seed, {0, 1, 2, 3}, {{second, {3, 4, 5, 6}}}, "at 0s equivocate 4"));
}

TEST(Reconfiguration, Row62IsWrittenInWorkloads) {
    const auto parsed = parse_workload("members 0 1 2\ntransfers 20 every 100ms\nat 1s members 1 2 3 4\n", {});
    ASSERT_TRUE(std::holds_alternative<Workload>(parsed));
    SimulationOptions options = run_of("multipaxos", 5, 1);
    options.workload = std::make_shared<const Workload>(std::get<Workload>(parsed));
    EXPECT_TRUE(begins_at(options, {0, 1, 1, 1, 1}).has_value());
    for (const char* wrong : {"members", "at 1s members", "members 0 0", "members x"})
        EXPECT_TRUE(std::holds_alternative<ScriptError>(parse_workload(wrong, {}))) << wrong;
}

}  // namespace
}  // namespace interlock::chain::sim
