// What the program does where the system refuses it something: a place for its output, memory, a deep stack.
#include <algorithm>

#include "process.hpp"

namespace interlock::tests {
namespace {

#ifdef INTERLOCK_SANITIZED
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

class System : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        for (const char* name : {"bank.ilk", "bank_fixed.ilk"}) write(folder_ / name, contract(name));
        write(folder_ / "tests.ilk", "contract T { function test_nothing() external {} }\n");
        write(folder_ / "untidy.ilk", "contract  A { }\n");
        const std::filesystem::path fixtures = std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/cli/fixtures";
        write(folder_ / "state.json", contents(fixtures / "store_seven.json"));
        write(folder_ / "block.json", contents(fixtures / "one_block.json"));
    }

    // The program behind a shell's command that limits it.
    Finished limited(const std::string& limit, const std::string& arguments) {
        return shell(limit + " && exec '" INTERLOCK_BINARY "' " + arguments);
    }
};

TEST_F(System, OutputThatCannotBeWrittenIsSaidSoByEveryCommand) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "/dev/full is missing";
    ASSERT_EQ(interlock("check bank.ilk").exit, 1);
    for (const char* arguments : {"--help",
                                  "--version",
                                  "check --help",
                                  "check bank.ilk",
                                  "check bank.ilk --json",
                                  "check bank_fixed.ilk",
                                  "run bank.ilk 'deposit()'",
                                  "run bank.ilk --json 'deposit()'",
                                  "scenario tests.ilk",
                                  "scenario tests.ilk --json",
                                  "replay interlock-out/bank.Bank.solvent.trace.json",
                                  "build bank.ilk",
                                  "build bank.ilk --json",
                                  "build bank.ilk --emit=tokens,ast,ir,asm,abi,layout",
                                  "fmt --check untidy.ilk",
                                  "fmt --strip bank.ilk",
                                  "demo",
                                  "explain",
                                  "explain R001",
                                  "statetest state.json",
                                  "statetest --json state.json",
                                  "blocktest block.json"}) {
        const Finished finished = shell("'" INTERLOCK_BINARY "' " + std::string(arguments) + " >/dev/full");
        EXPECT_EQ(finished.exit, 74) << arguments;
        EXPECT_NE(finished.err.find("interlock: the output could not be written"), std::string::npos)
            << arguments << finished.err;
    }
}

TEST_F(System, AClosedOutputIsNoErrorWhereThereIsNothingToSay) {
    write(folder_ / "tidy.ilk", "contract A {}\n");
    EXPECT_EQ(shell("'" INTERLOCK_BINARY "' fmt --check tidy.ilk >&-").exit, 0);
    EXPECT_EQ(shell("'" INTERLOCK_BINARY "' --version >&-").exit, 74);
}

// However little there is: it works, or it says in one line that there is too little.
TEST_F(System, RunningOutOfMemoryIsOneLine) {
    if (is_sanitized) GTEST_SKIP() << "the sanitizer's own memory exceeds every limit";
    std::string source = "contract Large {\n";
    for (int i = 0; i < 40; ++i)
        source += "    mapping(address => uint256) public m" + std::to_string(i) + ";\n    function f" + std::to_string(i) +
                  "(uint256 a) external { m" + std::to_string(i) + "[msg.sender] += a; }\n";
    write(folder_ / "large.ilk", source + "}\n");
    int refused = 0, finished_ones = 0;
    for (const char* arguments : {"check bank_fixed.ilk", "build large.ilk", "scenario tests.ilk"})
        for (int megabytes = 56; megabytes <= 240; megabytes += megabytes < 120 ? 4 : 20) {
            const Finished finished = limited("ulimit -v " + std::to_string(megabytes * 1024), arguments);
            const std::string what = std::string(arguments) + " in " + std::to_string(megabytes) + " MB\n" + finished.err;
            if (finished.exit == 127) continue;  // not even loaded
            EXPECT_EQ(finished.err.find("E999"), std::string::npos) << what;
            if (finished.exit == 71) {
                ++refused;
                EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << what;
            } else {
                ++finished_ones;
                EXPECT_TRUE(finished.exit == 0) << finished.exit << " " << what;
            }
        }
    EXPECT_GT(refused, 0);
    EXPECT_GT(finished_ones, 0);
}

TEST_F(System, ASmallStackOfTheShellIsEnough) {
    const std::string nested = std::string(40, '(') + "1" + std::string(40, ')');
    write(folder_ / "nested.ilk", "contract C { function f() external pure returns (uint256) { return " + nested + "; } }");
    write(folder_ / "deep.ilk",
          "contract C { uint256 a = " + std::string(10000, '(') + "1" + std::string(10000, ')') + "; }");
    for (const auto& [arguments, exit] : {std::pair{"check bank.ilk", 1},
                                          {"check bank_fixed.ilk", 0},
                                          {"build nested.ilk", 0},
                                          {"build deep.ilk", 65},
                                          {"demo", 0},
                                          {"statetest -j 2 state.json", 0},
                                          {"blocktest block.json", 0},
                                          {"scenario tests.ilk", 0}}) {
        const Finished small = limited("ulimit -s 256", arguments);
        EXPECT_EQ(small.exit, exit) << arguments << small.err;
    }
}

}  // namespace
}  // namespace interlock::tests
