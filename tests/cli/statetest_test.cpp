// `interlock statetest`, as a user and a differential fuzzer meet it.
#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

class StateTest : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        good_ = contents(std::string(INTERLOCK_SOURCE_DIR) + "/tests/cli/fixtures/store_seven.json");
        write(folder_ / "good.json", good_);
    }

    // With other code: it stores 8.
    void write_bad() {
        std::string bad = good_;
        for (std::size_t at = bad.find("0x600760005500"); at != bad.npos; at = bad.find("0x600760005500"))
            bad.replace(at, 14, "0x600860005500");
        write(folder_ / "bad.json", bad);
    }

    std::string good_;
};

TEST_F(StateTest, CountsWhatPassed) {
    const Finished finished = interlock("statetest good.json");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, "5 passed, 0 failed, 0 unavailable\n");
}

TEST_F(StateTest, RunsOneForkOnly) {
    EXPECT_EQ(interlock("statetest good.json --fork Cancun").out, "2 passed, 0 failed, 0 unavailable\n");
}

TEST_F(StateTest, ShowsWhichFieldsDifferWhereACaseFails) {
    write_bad();
    const Finished finished = interlock("statetest bad.json --fork Cancun");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("failed: store_seven[Cancun][0,0,0] in bad.json: state root is 0x"), std::string::npos)
        << finished.out;
    EXPECT_NE(finished.out.find("0x5b00000000000000000000000000000000000000: slot 0x0 is 0x8, expected 0x7"),
              std::string::npos)
        << finished.out;
    EXPECT_NE(finished.out.find("\n0 passed, 2 failed, 0 unavailable\n"), std::string::npos) << finished.out;
}

TEST_F(StateTest, FailsWhenATransactionIsRefusedForAnotherReasonThanExpected) {
    write(folder_ / "other.json", replaced(good_, "INTRINSIC_GAS_TOO_LOW", "SENDER_NOT_EOA"));
    const Finished finished = interlock("statetest other.json");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("refused: the gas limit does not cover the intrinsic gas; expected "), std::string::npos)
        << finished.out;
}

TEST_F(StateTest, WalksFoldersInTheOrderOfTheirPathsOnAnyNumberOfThreads) {
    write_bad();
    std::filesystem::create_directories(folder_ / "suite" / "deep");
    for (const char* name : {"b.json", "deep/c.json", "a.json", "z.json"})
        std::filesystem::copy_file(folder_ / "bad.json", folder_ / "suite" / name);
    write(folder_ / "suite" / "index.json", "{}");
    write(folder_ / "suite" / "readme.txt", "not JSON");
    const Finished one = interlock("statetest suite -j 1");
    const Finished eight = interlock("statetest suite -j 8");
    EXPECT_EQ(one.out, eight.out);
    EXPECT_LT(one.out.find("suite/a.json"), one.out.find("suite/b.json"));
    EXPECT_LT(one.out.find("suite/b.json"), one.out.find("suite/deep/c.json"));
    EXPECT_LT(one.out.find("suite/deep/c.json"), one.out.find("suite/z.json"));
    EXPECT_NE(one.out.find("1 file holds no state tests\n"), std::string::npos);
    EXPECT_NE(one.out.find("0 passed, 20 failed, 0 unavailable\n"), std::string::npos);
}

TEST_F(StateTest, PrintsJsonInTheShapeOfGoEthereum) {
    write_bad();
    const Finished finished = interlock("statetest good.json bad.json --json --fork Cancun");
    EXPECT_EQ(finished.exit, 1);
    const auto json = nlohmann::json::parse(finished.out);
    ASSERT_EQ(json.size(), 4u);
    EXPECT_EQ(json[0]["name"], "store_seven");
    EXPECT_EQ(json[0]["fork"], "Cancun");
    EXPECT_EQ(json[0]["pass"], true);
    EXPECT_EQ(json[0]["stateRoot"], nlohmann::json::parse(good_)["store_seven"]["post"]["Cancun"][0]["hash"]);
    EXPECT_FALSE(json[0].contains("error"));
    EXPECT_EQ(json[2]["pass"], false);
    EXPECT_NE(json[2]["error"].get<std::string>().find("expected"), std::string::npos);
}

TEST_F(StateTest, TracesEveryInstructionAndClosesWithTheStateRoot) {
    const Finished finished = interlock("statetest good.json --trace --json --fork Cancun");
    EXPECT_EQ(finished.exit, 0);
    std::istringstream lines(finished.err);
    std::vector<nlohmann::json> trace;
    for (std::string line; std::getline(lines, line);) trace.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(trace.size(), 2 * (4u + 1 + 1));  // instructions, output, root; of two cases
    EXPECT_EQ(trace[2]["opName"], "SSTORE");
    EXPECT_EQ(trace[4]["gasUsed"], "0x565a");  // without the intrinsic gas
    EXPECT_EQ(trace[5]["stateRoot"], nlohmann::json::parse(finished.out)[0]["stateRoot"]);
}

TEST_F(StateTest, AnEmptySelectionIsNoSuccess) {
    std::filesystem::create_directories(folder_ / "empty");
    const Finished empty = interlock("statetest empty");
    EXPECT_EQ(empty.exit, 65);
    EXPECT_EQ(empty.err, "interlock: there is no state test to run\n");
    const Finished fork = interlock("statetest good.json --fork Osaka");
    EXPECT_EQ(fork.exit, 65);
    EXPECT_EQ(fork.err, "interlock: there is no state test of Osaka to run\n");
}

TEST_F(StateTest, RefusesAForkThatThereIsNot) {
    const Finished finished = interlock("statetest good.json --fork Atlantis");
    EXPECT_EQ(finished.exit, 64);
    EXPECT_NE(finished.err.find("there is no fork Atlantis"), std::string::npos);
}

// Whatever the file holds, the answer is one line, and the other files are run.
TEST_F(StateTest, AFileThatIsNoJsonIsOneErrorLine) {
    const std::vector<std::pair<std::string, std::string>> flaws = {
        {good_.substr(0, good_.size() / 2), "is not JSON"},
        {std::string(1'000'000, '['), "nested too deeply"},
        {"\"\\", "is not JSON"},
        {"{\"t\": " + std::string(400, '9') + "}", "JSON"},
        {std::string("\0\x01\xff", 3), "is not JSON"},
        {"", "is not JSON"},
    };
    for (const auto& [text, reason] : flaws) {
        write(folder_ / "flawed.json", text);
        const Finished finished = interlock("statetest flawed.json good.json");
        EXPECT_EQ(finished.exit, 65) << reason;
        EXPECT_TRUE(finished.err.starts_with("interlock: flawed.json: ")) << finished.err;
        EXPECT_NE(finished.err.find(reason), std::string::npos) << reason << ": " << finished.err;
        EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
        EXPECT_NE(finished.out.find("5 passed"), std::string::npos) << finished.out;
    }
}

TEST_F(StateTest, ACaseThatIsNotWhatItShouldBeHasFailedAndTheOthersAreRun) {
    struct Flaw {
        std::string text, reason;
        int passed;
    };
    const std::vector<Flaw> flaws = {
        {replaced(good_, "\"0x1000000\"", "{}"), "a string was expected", 0},
        {replaced(good_, "\"0x1000000\"", "\"0x1" + std::string(70, '0') + "\""), "more than 256 bits", 0},
        {replaced(good_, "\"0x1000000\"", "\"ten\""), "is not a number", 0},
        {replaced(good_, "\"pre\": {", "\"pre\": {\"0x12\": {},"), "is not an address", 0},
        {replaced(good_, "\"gas\": 1", "\"gas\": 7"), "no list with an element 7", 4},
        {replaced(good_, "\"gas\": 1", "\"gas\": -1"), "an index is not a number", 4},
        {replaced(good_, "\"hash\"", "\"hush\""), "`hash` is missing", 4},
        {replaced(good_, "\"London\": [", "\"London\": [3,"), "there is no object", 5},
        {replaced(good_, "\"post\": {", "\"post\": {\"Berlin\": 5,"), "there are no cases", 5},
    };
    for (const Flaw& flaw : flaws) {
        write(folder_ / "flawed.json", flaw.text);
        const Finished finished = interlock("statetest flawed.json");
        EXPECT_EQ(finished.exit, 1) << flaw.reason;
        EXPECT_EQ(finished.err, "");
        EXPECT_NE(finished.out.find(flaw.reason), std::string::npos) << flaw.reason << ": " << finished.out;
        EXPECT_NE(finished.out.find(std::to_string(flaw.passed) + " passed"), std::string::npos) << finished.out;
    }
}

TEST_F(StateTest, AForkThatThisMachineDoesNotKnowIsUnavailable) {
    write(folder_ / "later.json", replaced(good_, "\"London\": [", "\"Atlantis\": ["));
    const Finished finished = interlock("statetest later.json");
    EXPECT_EQ(finished.exit, 0);
    EXPECT_NE(finished.out.find(" unavailable: fork Atlantis\n"), std::string::npos) << finished.out;
}

TEST_F(StateTest, AFileThatIsNotThereIsOneErrorLine) {
    const Finished finished = interlock("statetest nowhere.json good.json");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.err, "interlock: nowhere.json cannot be read: No such file or directory\n");
    EXPECT_EQ(finished.out, "5 passed, 0 failed, 0 unavailable\n");
}

TEST_F(StateTest, APipeIsNoFileAndIsNotWaitedFor) {
    const std::string pipe = (folder_ / "pipe.json").string();
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    const Finished finished = interlock("statetest pipe.json good.json");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.err, "interlock: pipe.json is neither a file nor a folder\n");
    EXPECT_EQ(finished.out, "5 passed, 0 failed, 0 unavailable\n");
}

TEST_F(StateTest, HelpSaysWhatThereIs) {
    const Finished finished = interlock("statetest --help");
    EXPECT_EQ(finished.exit, 0);
    for (const char* word : {"--fork", "--json", "--trace", "-j", "Exit codes", "unavailable"})
        EXPECT_NE(finished.out.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace interlock::tests
