// `interlock run`, bad inputs and the demo, as a user meets them.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

class Run : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "bank.ilk", contract("bank.ilk"));
        write(folder_ / "accounting.ilk", contract("accounting.ilk"));
    }
};

TEST_F(Run, PrintsReceiptsAndBalances) {
    const Finished finished =
        interlock("run bank.ilk 'deposit()' --from alice --value 2ether 'withdraw(uint256)' 1ether --from alice --json");
    ASSERT_EQ(finished.exit, 0) << finished.out << finished.err;
    const auto json = nlohmann::json::parse(finished.out);
    ASSERT_EQ(json["receipts"].size(), 3u);
    EXPECT_EQ(json["receipts"][1]["status"], "success");
    EXPECT_GT(json["receipts"][1]["gas_used"], 21000);
    EXPECT_EQ(json["balances"]["Bank"], "1000000000000000000");
    EXPECT_EQ(json["balances"]["alice"], "999000000000000000000");
}

TEST_F(Run, ShowsEventsAndReturnValuesByName) {
    const Finished finished = interlock("run accounting.ilk 'contribute()' --value 3ether --from bob 'assets()' 'owner()'");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_NE(finished.out.find("Contributed(from: bob, amount: 3 ether)"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("→ 3 ether"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("→ owner"), std::string::npos) << finished.out;
}

TEST_F(Run, ShowsEventsOfLibraries) {
    write(folder_ / "library.sol",
          "library L { event Seen(uint256 x); function note(uint256 x) external { emit Seen(x); } }\n"
          "contract C { function f() external { L.note(7); } }\n");
    const Finished finished = interlock("run library.sol 'f()'");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_NE(finished.out.find("event Seen(x: 7"), std::string::npos) << finished.out;
}

TEST_F(Run, SaysWhyACallReverted) {
    const Finished finished = interlock("run bank.ilk 'withdraw(uint256)' 1ether --from bob");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_NE(finished.out.find("not enough"), std::string::npos) << finished.out;
    const Finished custom = interlock("run accounting.ilk 'invest(address)' bob --from mallory");
    EXPECT_EQ(custom.exit, 65);
    EXPECT_NE(custom.out.find("NotOwner("), std::string::npos) << custom.out;
}

TEST_F(Run, RefusesToSpendWhatNobodyHas) {
    const Finished finished = interlock("run bank.ilk 'deposit()' --value 2000ether");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_NE(finished.err.find("1000 ether"), std::string::npos) << finished.err;
}

TEST_F(Run, NamesTheFunctionsThereAreWhenOneIsUnknown) {
    const Finished finished = interlock("run bank.ilk 'withdrawAll()'");
    EXPECT_EQ(finished.exit, 64);
    EXPECT_NE(finished.err.find("withdraw(uint256)"), std::string::npos) << finished.err;
}

TEST_F(Run, SaysWhatIsWrongWithACallBeforeAnythingIsSent) {
    write(folder_ / "two.sol",
          "contract One { function at(address, uint256) external {} }\ncontract Two { function f() external {} }");
    for (const std::string wrong : {"'g()'", "'f()' 1", "'f()' --from nobody", "'f()' --value much",
                                    "'One.at(address,uint256)' Three 1", "'One.at(address,uint256)' Two"}) {
        const Finished finished = interlock("run two.sol 'f()' " + wrong);
        EXPECT_EQ(finished.exit, 64) << wrong;
        EXPECT_EQ(finished.out, "") << wrong;
    }
    EXPECT_EQ(interlock("run two.sol 'One.at(address,uint256)' Two 1").exit, 0) << "a contract that is deployed by then";
}

TEST_F(Run, RefusesWrongArguments) {
    EXPECT_EQ(interlock("run bank.ilk 'withdraw(uint256)'").exit, 64);
    EXPECT_EQ(interlock("run bank.ilk 'withdraw(uint256)' 1 2").exit, 64);
    EXPECT_EQ(interlock("run bank.ilk 'withdraw(uint256)' many").exit, 64);
    EXPECT_EQ(interlock("run bank.ilk 'deposit()' --from nobody").exit, 64);
    EXPECT_EQ(interlock("run bank.ilk --from alice").exit, 64);
}

class Inputs : public Command {
  protected:
    // Wrong input: one clear error, quickly, whatever the command.
    void expect_one_error(const std::string& text) {
        write(folder_ / "bad.ilk", text);
        for (const std::string command : {"check bad.ilk", "build bad.ilk", "run bad.ilk"}) {
            const Finished finished = interlock(command);
            EXPECT_EQ(finished.exit, 65) << command;
            std::size_t errors = 0;
            for (auto at = finished.err.find("error["); at != std::string::npos; at = finished.err.find("error[", at + 1))
                ++errors;
            EXPECT_EQ(errors, 1u) << command << "\n" << finished.err.substr(0, 2000);
            EXPECT_LT(finished.err.size(), 4000u);
            EXPECT_LT(finished.seconds, 1.0);
        }
    }
};

TEST_F(Inputs, AnEmptyFileHasNoContract) {
    write(folder_ / "empty.ilk", "");
    const Finished finished = interlock("run empty.ilk");
    EXPECT_EQ(finished.exit, 65) << finished.err;
    EXPECT_NE(finished.err.find("empty.ilk contains no contract"), std::string::npos) << finished.err;
}

TEST_F(Inputs, BinaryRubbishIsOneError) {
    std::string text;
    std::uint32_t x = 2463534242u;
    for (int i = 0; i < 20000; ++i) text.push_back(static_cast<char>((x ^= x << 13, x ^= x >> 17, x ^= x << 5) & 0xff));
    expect_one_error(text);
}

TEST_F(Inputs, AMegabyteInOneLineIsOneError) {
    expect_one_error("contract C { uint256 " + std::string(1 << 20, 'x') + " }");
}

TEST_F(Inputs, TenThousandParenthesesAreOneError) {
    expect_one_error("contract C { function f() external { uint256 a = " + std::string(10000, '(') + "1" +
                     std::string(10000, ')') + "; } }");
}

TEST_F(Inputs, FiveMistakesAreFiveErrors) {
    write(folder_ / "five.ilk",
          "contract C {\n"
          "    uint256 total\n"
          "    function f(uint256 a) external { total = \"many\"; }\n"
          "    function g() external { unknown += 1; }\n"
          "    function h() external returns (bool) { return 5; }\n"
          "    function i() external { total.foo(); }\n"
          "}\n");
    const Finished finished = interlock("check five.ilk --json");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(nlohmann::json::parse(finished.out)["errors"].size(), 5u) << finished.out;
}

TEST_F(Inputs, AMissingFileIsSaidSo) {
    const Finished finished = interlock("check nowhere.ilk");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_NE(finished.err.find("nowhere.ilk"), std::string::npos);
}

TEST_F(Inputs, UnknownCommandsAndFlagsAreUsageErrors) {
    EXPECT_EQ(interlock("frobnicate").exit, 64);
    EXPECT_EQ(interlock("check").exit, 64);
    EXPECT_EQ(interlock("check --frob x.ilk").exit, 64);
    EXPECT_EQ(interlock("--version").exit, 0);
    EXPECT_NE(interlock("--help").out.find("interlock demo"), std::string::npos);
}

TEST_F(Command, TheDemoTellsTheWholeStoryInOrder) {
    const Finished finished = interlock("demo");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    std::size_t at = 0;
    for (const char* part : {"contract Bank {", "error[R001]", "unchecked { balances[msg.sender] -= amount; }", "mallory",
                             "Bank.withdraw(1 ether)", "↻ Bank.withdraw(1 ether)", "mallory gains 1 ether",
                             "invariant solvent", "before", "VIOLATED", "  + ", "SAFE", "assuming", "replay"}) {
        at = finished.out.find(part, at);
        ASSERT_NE(at, std::string::npos) << part << "\n" << finished.out;
    }
}

}  // namespace
}  // namespace interlock::tests
