// Engines as processes of their own, killed and started again.
#include "chain/process/cluster.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "chain/process/durable_file.hpp"

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
