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
