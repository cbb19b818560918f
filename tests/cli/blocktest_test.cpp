// `interlock blocktest`, as a user meets it. The fixture is a block of Shanghai, and before it one that is not valid.
#include <algorithm>

#include "process.hpp"

namespace interlock::tests {
namespace {

class BlockTest : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        good_ = contents(std::string(INTERLOCK_SOURCE_DIR) + "/tests/cli/fixtures/one_block.json");
        write(folder_ / "good.json", good_);
    }

    std::string good_;
};

TEST_F(BlockTest, CountsWhatPassed) {
    const Finished finished = interlock("blocktest good.json");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, "1 passed, 0 failed, 0 unavailable\n");
}

TEST_F(BlockTest, ShowsWhichAccountsDifferWhereATestFails) {
    write(folder_ / "bad.json", replaced(good_, "\"balance\": \"0x7\"", "\"balance\": \"0x8\""));
    const Finished finished = interlock("blocktest bad.json");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("failed: one_block[Shanghai] in bad.json: the accounts differ\n"
                                "    0x5b00000000000000000000000000000000000000: balance is 0x7, expected 0x8\n"),
              std::string::npos)
        << finished.out;
}

TEST_F(BlockTest, SaysWhichRuleRefusedABlockThatShouldBeValid) {
    write(folder_ / "bad.json", replaced(good_, "\"expectException\"", "\"blockHeader\""));
    const Finished finished = interlock("blocktest bad.json");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("block 0 is refused: the gas limit is out of bounds"), std::string::npos) << finished.out;
}

TEST_F(BlockTest, ABlockThatIsRefusedForAnotherReasonHasFailed) {
    write(folder_ / "other.json", replaced(good_, "INVALID_GASLIMIT", "INVALID_STATE_ROOT"));
    const Finished finished = interlock("blocktest other.json");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("failed: one_block[Shanghai] in other.json: block 0 is refused: the gas limit is out of "
                                "bounds; expected BlockException.INVALID_STATE_ROOT\n"),
              std::string::npos)
        << finished.out;
}

TEST_F(BlockTest, ANetworkThatThisMachineDoesNotKnowIsUnavailable) {
    write(folder_ / "later.json", replaced(good_, "\"Shanghai\"", "\"ShanghaiToAtlantisAtTime15k\""));
    const Finished finished = interlock("blocktest later.json");
    EXPECT_EQ(finished.exit, 0);
    EXPECT_EQ(finished.out, "1 unavailable: network ShanghaiToAtlantisAtTime15k\n0 passed, 0 failed, 1 unavailable\n");
}

TEST_F(BlockTest, ATestThatIsNotWhatItShouldBeHasFailedAndTheOthersAreRun) {
    const std::vector<std::pair<std::string, std::string>> flaws = {
        {replaced(good_, "\"blocks\": [", "\"blocks\": null, \"stones\": ["), "`blocks` is no list"},
        {replaced(good_, "\"blocks\": [", "\"blocks\": [7,"), "there is no object"},
        {replaced(good_, "\"lastblockhash\": \"0x", "\"lastblockhash\": \"0y"), "is not a hash"},
        {replaced(good_, "\"network\": \"", "\"network\": [], \"net\": \""), "a string was expected"},
        {replaced(good_, "\"pre\": {", "\"pre\": {\"0x12\": {},"), "is not an address"},
    };
    for (const auto& [text, reason] : flaws) {
        write(folder_ / "flawed.json", text);
        const Finished finished = interlock("blocktest flawed.json good.json");
        EXPECT_EQ(finished.exit, 1) << reason;
        EXPECT_NE(finished.out.find("failed: one_block"), std::string::npos) << finished.out;
        EXPECT_NE(finished.out.find(reason), std::string::npos) << reason << ": " << finished.out;
        EXPECT_NE(finished.out.find("1 passed, 1 failed"), std::string::npos) << finished.out;
    }
}

TEST_F(BlockTest, AnEmptySelectionIsNoSuccess) {
    const Finished finished = interlock("blocktest good.json --fork Osaka");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.err, "interlock: there is no blockchain test of Osaka to run\n");
}

TEST_F(BlockTest, AFileThatIsNoJsonIsOneErrorLine) {
    write(folder_ / "broken.json", "{");
    const Finished finished = interlock("blocktest broken.json good.json");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1);
    EXPECT_NE(finished.out.find("1 passed"), std::string::npos);
}

}  // namespace
}  // namespace interlock::tests
