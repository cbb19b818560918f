// Engines as processes of their own, killed and started again.
#include "chain/process/cluster.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "chain/process/durable_file.hpp"
#include "chain/process/replay.hpp"
#include "chain/process/zookeeper/external_order.hpp"
#include "chain/process/zookeeper/servers.hpp"
#include "chain/sim/scenario.hpp"

namespace interlock::chain::process {
namespace {

ClusterOutcome outcome_of(std::string_view engine, std::optional<std::uint32_t> kills = std::nullopt, bool forgets = false) {
    ClusterOptions options;
    options.engine = consensus::find_engine(engine);
    options.transactions = 24;
    options.kills = kills;
    options.forgets = forgets;
    options.most_time = (forgets ? 4 : 60) * consensus::second;
    return run_cluster(options);
}

TEST(Processes, Row51KillingAMinorityLosesNothingAcknowledged) {
    for (const char* engine : {"pbft", "multipaxos"}) {
        const ClusterOutcome outcome = outcome_of(engine);
        EXPECT_TRUE(outcome.holds()) << engine << " " << outcome.error << " missing " << outcome.missing;
        EXPECT_EQ(outcome.killed, 1U);
        EXPECT_EQ(outcome.restarted, 1U);
        EXPECT_EQ(outcome.acknowledged, 24U);
    }
}

// Then only their files remember what was acknowledged.
TEST(Processes, KillingAllAtTheSameTimeLosesNothingAcknowledged) {
    for (const char* engine : {"pbft", "multipaxos"}) {
        const ClusterOutcome outcome = outcome_of(engine, 4);
        EXPECT_TRUE(outcome.holds()) << engine << " " << outcome.error << " missing " << outcome.missing;
        EXPECT_EQ(outcome.restarted, 4U);
    }
}

TEST(Processes, WithoutTheirFilesWhatWasAcknowledgedIsMissed) {
    const ClusterOutcome outcome = outcome_of("pbft", 4, true);
    EXPECT_FALSE(outcome.holds());
    EXPECT_GT(outcome.missing, 0U);
}

// An order that is none of ours, behind the same interface: a node and the servers' likely leader are killed on the way.
TEST(Processes, Row66ZooKeeperOrdersAndLosesNothingAcknowledged) {
    if (const std::string missing = ZooKeeperServers::what_is_missing(); !missing.empty()) GTEST_SKIP() << missing;
    ZooKeeperServers servers;
    ASSERT_EQ(servers.error(), "");
    ClusterOptions options;
    options.engine = &zookeeper_entry();
    options.engine_options.ordering_service = servers.addresses();
    options.nodes = 3;
    options.transactions = 24;
    options.kills = 1;
    options.when_killed = [&servers] { servers.kill(2); };
    options.when_restarted = [&servers] { servers.start(2); };
    options.most_time = 60 * consensus::second;
    const ClusterOutcome outcome = run_cluster(options);
    EXPECT_TRUE(outcome.holds()) << outcome.error << " missing " << outcome.missing;
    EXPECT_EQ(outcome.restarted, 1U);
    EXPECT_EQ(outcome.acknowledged, 24U);
}

// A minority of its servers decides nothing, and forgets nothing.
TEST(Processes, Row66WithoutAMajorityOfItsServersNothingIsAcknowledged) {
    if (const std::string missing = ZooKeeperServers::what_is_missing(); !missing.empty()) GTEST_SKIP() << missing;
    ZooKeeperServers servers;
    ASSERT_EQ(servers.error(), "");
    ClusterOptions options;
    options.engine = &zookeeper_entry();
    options.engine_options.ordering_service = servers.addresses();
    options.nodes = 2;
    options.transactions = 6;
    options.kills = 0;
    options.most_time = 3 * consensus::second;
    servers.kill(0);
    servers.kill(1);
    EXPECT_EQ(run_cluster(options).acknowledged, 0U);
    servers.start(0);
    options.most_time = 60 * consensus::second;
    EXPECT_TRUE(run_cluster(options).holds());
}

// What a simulated run told each node leads its process through the same messages to the same states, also where it crashed,
// was cut off or lied to.
TEST(Processes, ASimulatedRunIsTheSameInProcesses) {
    for (const char* engine : {"pbft", "multipaxos", "byzcoin", "linear-pbft"}) {
        sim::SimulationOptions options = sim::usual(*consensus::find_engine(engine), 4, 3);
        options.faults = std::get<0>(sim::parse_faults(
            "from 300ms to 1s crash 0 torn\nfrom 1200ms to 2s crash 1 durable\nfrom 1s to 3s drop 10%\nat 0s equivocate 3\n",
            4));
        if (std::string_view(engine) == "multipaxos") options.faults.pop_back();  // nobody lies there
        const ReplayOutcome outcome = replay_in_processes(options);
        EXPECT_TRUE(outcome.holds()) << engine << ": " << outcome.error << outcome.difference;
        EXPECT_GT(outcome.steps, 300U) << engine;
        EXPECT_GT(outcome.height, 1U) << engine;
        EXPECT_EQ(outcome.restarts, 2U) << engine;
    }
}

TEST(Processes, AReplayThatLeavesATransactionOutDiffers) {
    const ReplayOutcome outcome = replay_in_processes(
        sim::usual(*consensus::find_engine("pbft"), 4, 1),
        [](sim::Trace& trace) { trace.erase(std::ranges::find(trace, sim::TraceStep::Submit, &sim::TraceStep::kind)); });
    EXPECT_EQ(outcome.error, "");
    EXPECT_NE(outcome.difference, "");
}

TEST(Processes, ATornRecordIsCutOffAndWhatCameBeforeIsKept) {
    const std::string path = (std::filesystem::temp_directory_path() / "interlock-durable-XXXXXX").string();
    std::string name = path;
    const int made = mkstemp(name.data());
    ASSERT_GE(made, 0);
    close(made);
    const auto value = [](std::uint8_t byte) { return std::make_shared<const vm::Bytes>(vm::Bytes(100, byte)); };
    {
        DurableFile file(name);
        EXPECT_TRUE(file.append({{{1, 2}, value(7)}, {{1, 3}, value(8)}}));
        EXPECT_TRUE(file.append({{{1, 2}, value(9)}}));
    }
    const auto whole = std::filesystem::file_size(name);
    for (std::uintmax_t missing = 0; missing < 130; missing += 13) {
        std::filesystem::resize_file(name, whole - missing);
        DurableFile file(name);
        ASSERT_TRUE(file.is_open());
        ASSERT_EQ(file.content().size(), 2U);
        EXPECT_EQ(file.content().at({1, 2})->front(), missing == 0 ? 9 : 7);
        if (missing == 0) continue;
        EXPECT_TRUE(file.append({{{1, 2}, value(9)}}));
    }
    std::filesystem::remove(name);
}

}  // namespace
}  // namespace interlock::chain::process
