// `interlock explain`, as a user meets it.
#include "process.hpp"

namespace interlock::tests {
namespace {

class Explain : public Command {};

TEST_F(Explain, SaysWhatADiagnosticMeansWithAWrongAndARightExample) {
    const Finished finished = interlock("explain E312");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out,
              "E312  a division by a constant zero\n"
              "\n"
              "What is made of written numbers is worked out by the compiler, and a division by\n"
              "zero has no result. The modulus of `addmod` and `mulmod` is no written zero\n"
              "either. A divisor that is computed is checked when the contract runs: zero ends\n"
              "the call with Panic(0x12).\n"
              "\n"
              "Wrong:\n"
              "\n"
              "    contract Share {\n"
              "        uint256 public share = 100 / (3 - 3);\n"
              "    }\n"
              "\n"
              "Right:\n"
              "\n"
              "    contract Share {\n"
              "        uint256 public share = 100 / (3 - 1);\n"
              "    }\n");
}

TEST_F(Explain, SaysWhatToDoWhereNoExampleIsPossible) {
    const Finished finished = interlock("explain E003");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_NE(finished.out.find("Check the path."), std::string::npos) << finished.out;
    EXPECT_EQ(finished.out.find("Wrong:"), std::string::npos) << finished.out;
}

TEST_F(Explain, SaysWhatAFindingMeans) {
    const Finished finished = interlock("explain R001");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_TRUE(finished.out.starts_with("R001  a re-entry leaves the attacker richer\n\n")) << finished.out;
}

TEST_F(Explain, SaysWhatAnAssumptionMeans) {
    const Finished finished = interlock("explain A210");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_TRUE(finished.out.starts_with(
        "A210  nobody relies on what `…` answers in the middle of a call: …\n\nWhile the contract waits"))
        << finished.out;
}

TEST_F(Explain, TakesSmallLettersForLargeOnes) {
    EXPECT_EQ(interlock("explain e301").out, interlock("explain E301").out);
    EXPECT_EQ(interlock("explain r001").out, interlock("explain R001").out);
}

TEST_F(Explain, ListsAllCodesInGroupsWhenNoneIsNamed) {
    const Finished finished = interlock("explain");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_TRUE(finished.out.starts_with("What `interlock check` finds\n  R001  a re-entry")) << finished.out;
    for (const char* line : {"\n\nWhat proofs assume\n  A101  the fork is Cancun\n", "\n\nSyntax\n  E101  a missing `;`\n",
                             "\n  E999  a fault of the compiler itself\n",
                             "\n\nWarnings\n  W103  a file that only older versions of Solidity accept\n  W201  a name that "
                             "hides another one\n"})
        EXPECT_NE(finished.out.find(line), std::string::npos) << line << finished.out;
}

TEST_F(Explain, SaysThatThereIsNoSuchCode) {
    const Finished finished = interlock("explain E300");
    EXPECT_EQ(finished.exit, 64);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.err,
              "interlock explain: there is no finding, assumption or diagnostic E300; `interlock explain` lists all\n");
}

TEST_F(Explain, IsNamedOnceBehindTheErrorsOfAFile) {
    write(folder_ / "a.ilk", "contract A { uint8 a = 256; bool b = 1; Missing c; }\n");
    for (const std::string command : {"build", "check", "scenario"}) {
        const Finished finished = interlock(command + " a.ilk");
        EXPECT_TRUE(finished.err.ends_with("errors\n`interlock explain E301` says more\n")) << finished.err;
        EXPECT_EQ(finished.err.find("interlock explain"), finished.err.rfind("interlock explain")) << finished.err;
    }
}

}  // namespace
}  // namespace interlock::tests
