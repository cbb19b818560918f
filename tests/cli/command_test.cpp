// The program's first words: commands, options and their values, help, and what it does where the system refuses something.
#include "process.hpp"

namespace interlock::tests {
namespace {

class Commands : public Command {
  protected:
    // A usage error, on stderr only, that says this.
    void expect_usage(const std::string& arguments, const std::string& message) {
        const Finished finished = interlock(arguments);
        EXPECT_EQ(finished.exit, 64) << arguments;
        EXPECT_NE(finished.err.find(message), std::string::npos) << arguments << "\n" << finished.err;
        EXPECT_EQ(finished.out, "") << arguments;
    }
};

constexpr const char* all_commands[] = {"check", "run",  "scenario", "replay", "verify",    "build",
                                        "fmt",   "demo", "explain",  "model",  "statetest", "blocktest"};

TEST_F(Commands, AnUnknownOneIsNamedWithTheNearest) {
    expect_usage("buidl bank.ilk", "there is no command `buidl`; did you mean `build`?");
}

TEST_F(Commands, AnUnknownOptionIsNamedWithTheNearestOfTheCommand) {
    expect_usage("check bank.ilk --timout 5", "there is no option `--timout`; did you mean `--timeout`?");
    expect_usage("check bank.ilk --timout=5", "there is no option `--timout`; did you mean `--timeout`?");
    expect_usage("run bank.ilk 'f()' --form alice", "did you mean `--from`?");
    expect_usage("scenario bank.ilk --sed 5", "did you mean `--seed`?");
    expect_usage("replay bank.json --quite", "did you mean `--quiet`?");
    expect_usage("build bank.ilk --emti bin", "did you mean `--emit`?");
    expect_usage("fmt bank.ilk --chek", "did you mean `--check`?");
    expect_usage("demo --colour never", "did you mean `--color`?");
    expect_usage("model EVMBank --symetry", "did you mean `--symmetry`?");
    expect_usage("statetest folder --frok Cancun", "did you mean `--fork`?");
    expect_usage("blocktest folder --jsno", "did you mean `--json`?");
    expect_usage("--versoin", "did you mean `--version`?");
}

TEST_F(Commands, EveryOneSaysWhatItTakes) {
    for (const char* command : all_commands) {
        const Finished finished = interlock(std::string(command) + " --help");
        EXPECT_EQ(finished.exit, 0) << command << finished.err;
        EXPECT_TRUE(finished.out.starts_with(std::string("interlock ") + command + ": ")) << finished.out;
        EXPECT_NE(finished.out.find("Usage: interlock " + std::string(command)), std::string::npos) << finished.out;
        EXPECT_EQ(interlock(std::string("help ") + command).out, finished.out);
        EXPECT_NE(interlock("--help").out.find(std::string("\n  ") + command + " "), std::string::npos) << command;
    }
    EXPECT_EQ(interlock("").out, interlock("--help").out);
}

TEST_F(Commands, OptionsMayStandAnywhereAndHoldTheirValueInOneWord) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    const std::string abi = interlock("build bank.ilk --emit abi").out;
    EXPECT_TRUE(abi.starts_with("== Bank abi\n")) << abi;
    EXPECT_EQ(interlock("build --emit=abi bank.ilk").out, abi);
    EXPECT_EQ(interlock("build --emit=abi -- bank.ilk").out, abi);
}

TEST_F(Commands, ValuesOutsideOfTheirRangeAreRefusedWithTheRange) {
    expect_usage("check bank.ilk --timeout nan", "--timeout is a number of seconds from 0.01 to 86,400, not `nan`");
    expect_usage("check bank.ilk --timeout inf", "from 0.01 to 86,400, not `inf`");
    expect_usage("check bank.ilk --timeout -1", "from 0.01 to 86,400, not `-1`");
    expect_usage("check bank.ilk --states -1", "--states is a whole number from 1 to 1,000,000,000, not `-1`");
    expect_usage("check bank.ilk --states 1e3", "from 1 to 1,000,000,000, not `1e3`");
    expect_usage("check bank.ilk --steps 99999999999999999999", "--steps is a whole number from 1 to 1,000,000,000");
    expect_usage("check bank.ilk --transactions 9", "--transactions is a whole number from 1 to 8, not `9`");
    expect_usage("check bank.ilk --calls 0", "--calls is a whole number from 1 to 12, not `0`");
    expect_usage("check bank.ilk --depth x", "--depth is a whole number from 1 to 16, not `x`");
    expect_usage("scenario bank.ilk --runs 0", "--runs is a whole number from 1 to 1,000,000, not `0`");
    expect_usage("statetest folder -j 0", "-j is a whole number from 1 to 256, not `0`");
    expect_usage("check bank.ilk --color sometimes", "--color is one of auto, always, never, not `sometimes`");
    expect_usage("build bank.ilk --emit=abi,lay0ut", "not `lay0ut`; did you mean `layout`?");
    expect_usage("statetest folder --jit sometimes", "--jit is one of auto, always, never, not `sometimes`");
    expect_usage("check bank.ilk --remap x", "--remap is of the form prefix=target");
}

TEST_F(Commands, MissingWordsAndOnesTooManyAreRefused) {
    expect_usage("check", "FILE is missing");
    expect_usage("check --strict", "FILE is missing");
    expect_usage("check bank.ilk --timeout", "--timeout needs a value");
    expect_usage("check bank.ilk --out --json", "--out needs a value");
    expect_usage("check bank.ilk --strict=yes", "--strict takes no value");
    expect_usage("explain E301 E302", "`E302` is one too many");
    expect_usage("demo bank.ilk", "it takes no `bank.ilk`");
    expect_usage("fmt --check --strip bank.ilk", "--check and --strip exclude each other");
    expect_usage("run bank.ilk --from alice", "--from belongs behind the call that it is for");
}

// No escape sequence out of somebody's words reaches a terminal.
TEST_F(Commands, WordsThatAreQuotedBringNoControlCharacters) {
    for (const char* arguments : {"\"$(printf 'ch\\033[31meck')\"", "check x.ilk \"$(printf -- '--a\\033[31m')\"",
                                  "check \"$(printf 'no\\033[31m.ilk')\"", "explain \"$(printf 'E\\033[31m')\"",
                                  "fmt \"$(printf 'no\\033[31m.ilk')\"", "replay \"$(printf 'no\\033[31m')\""}) {
        const Finished finished = interlock(arguments);
        EXPECT_NE(finished.exit, 0) << arguments;
        EXPECT_EQ((finished.out + finished.err).find('\033'), std::string::npos) << arguments << finished.err;
    }
}

}  // namespace
}  // namespace interlock::tests
