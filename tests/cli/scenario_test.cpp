// `interlock scenario`, as a user meets it.
#include <nlohmann/json.hpp>

#include <regex>

#include "process.hpp"
#include "tests/expectation.hpp"

namespace interlock::tests {
namespace {

class Scenario : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "scenarios.ilk", fixture("scenarios.ilk"));
    }

    static std::string fixture(const std::string& name) {
        return contents(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/cli/fixtures" / name);
    }

    nlohmann::json results(const std::string& arguments) {
        const Finished finished = interlock("scenario --json " + arguments);
        return nlohmann::json::parse(finished.out, nullptr, false);
    }
};

// Gas is what the code generator makes of it; everything else is ours.
std::string without_gas(const std::string& text) { return std::regex_replace(text, std::regex("[0-9,]+ gas"), "N gas"); }

TEST_F(Scenario, TellsWhatPassedAndWhatFailedAndWhy) {
    const Finished finished = interlock("scenario scenarios.ilk");
    EXPECT_EQ(finished.exit, 1);
    expect_file(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/cli/fixtures/scenarios.expected",
                without_gas(finished.out));
}

TEST_F(Scenario, GivesTheSameForTheSameSeed) {
    const Finished once = interlock("scenario scenarios.ilk --seed 7");
    EXPECT_EQ(once.out, interlock("scenario scenarios.ilk --seed 7").out);
    EXPECT_NE(once.out.find("seed 7"), std::string::npos) << once.out;
}

TEST_F(Scenario, FiltersByName) {
    const auto json = results("scenarios.ilk --filter fails_");
    ASSERT_EQ(json["results"].size(), 5u) << json;
    EXPECT_EQ(json["passed"], 0);
    EXPECT_EQ(interlock("scenario scenarios.ilk --filter deposits_and").exit, 0);
}

TEST_F(Scenario, RefusesAFilterThatNothingMatches) {
    write(folder_ / "other.ilk", "contract T { function test_other() external {} }\n");
    const Finished finished = interlock("scenario scenarios.ilk --filter nosuch");
    EXPECT_EQ(finished.exit, 64);
    EXPECT_NE(finished.err.find("nothing has `nosuch` in its name; there is "), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("deposits_and"), std::string::npos) << finished.err;
    EXPECT_EQ(interlock("scenario scenarios.ilk --filter nosuch --json").exit, 64);
    EXPECT_EQ(interlock("scenario scenarios.ilk other.ilk --filter test_other").exit, 0) << "one file has it";
}

TEST_F(Scenario, RunsTheOtherFilesWhereOneDoesNotCompile) {
    write(folder_ / "bad.ilk", "scenario s { deploy x = Nothing(); }");
    write(folder_ / "good.ilk", "contract T { function test_good() external {} }\n");
    const Finished text = interlock("scenario bad.ilk good.ilk missing.ilk");
    EXPECT_EQ(text.exit, 65);
    EXPECT_NE(text.out.find("1 passed, 0 failed"), std::string::npos) << text.out;
    const Finished finished = interlock("scenario --json bad.ilk good.ilk missing.ilk");
    EXPECT_EQ(finished.exit, 65);
    const auto json = nlohmann::json::parse(finished.out, nullptr, false);
    ASSERT_TRUE(json.is_object()) << finished.out;
    EXPECT_EQ(json["passed"], 1);
    EXPECT_GE(json["errors"].size(), 2u);
}

TEST_F(Scenario, GivesFailuresAsDataWithJson) {
    const auto json = results("scenarios.ilk --filter invariant_small");
    ASSERT_EQ(json["results"].size(), 1u) << json;
    const auto& result = json["results"][0];
    EXPECT_EQ(result["kind"], "invariant");
    EXPECT_EQ(result["passed"], false);
    EXPECT_EQ(result["failure"]["file"], "scenarios.ilk");
    EXPECT_EQ(result["failure"]["sequence"].size(), 2u) << "as few calls as there can be";
    EXPECT_EQ(result["seed"], 1);
}

TEST_F(Scenario, RefusesWhatDoesNotCompileAndWhatIsNotThere) {
    write(folder_ / "bad.ilk", "scenario s { deploy x = Nothing(); }");
    EXPECT_EQ(interlock("scenario bad.ilk").exit, 65);
    EXPECT_EQ(interlock("scenario missing.ilk").exit, 65);
    EXPECT_EQ(interlock("scenario").exit, 64);
    EXPECT_EQ(interlock("scenario scenarios.ilk --runs 0").exit, 64);
}

TEST_F(Scenario, RunsTestsOfPlainSolidity) {
    write(folder_ / "a.sol",
          "pragma solidity ^0.8.0; contract T { uint256 n; function setUp() public { n = 1; } function test_one() public "
          "view { "
          "require(n == 1); } function test_two() public { n = 2; } function test_isolated() public view { assert(n == 1); "
          "} }");
    const Finished finished = interlock("scenario a.sol");
    EXPECT_EQ(finished.exit, 0) << finished.out;
    EXPECT_NE(finished.out.find("3 passed, 0 failed"), std::string::npos) << finished.out;
}

// Two libraries that need each other's addresses.
const char* const linked = R"(library Odd {
    function isOdd(uint256 n) external pure returns (bool) { return n == 0 ? false : Even.isEven(n - 1); }
}
library Even {
    function isEven(uint256 n) external pure returns (bool) { return n == 0 ? true : Odd.isOdd(n - 1); }
}
contract Numbers {
    uint256 public asked;
    function ask(uint256 n) external returns (bool) { asked += 1; return Even.isEven(n); }
    function test_is_linked() external { assert(this.ask(4)); }
}
scenario linked {
    deploy numbers = Numbers();
    numbers.ask(4) expect result;
    numbers.ask(3) expect !result;
    check Even.isEven(2) && !Odd.isOdd(2);
}
)";

TEST_F(Scenario, LetsTimePassAsFarAsABlockCanSay) {
    const auto scene = [&](const std::string& steps) {
        write(folder_ / "clock.ilk",
              "contract Clock { uint256 public at; function look() external { at = block.timestamp; } }\n"
              "scenario late { deploy c = Clock(); " +
                  steps + " c.look() by alice; check c.at() > 9; }\n");
        return interlock("scenario clock.ilk");
    };
    EXPECT_EQ(scene("warp 9000000000000000000;").exit, 0);
    const Finished twice = scene("warp 9000000000000000000; warp 9000000000000000000;");
    EXPECT_EQ(twice.exit, 1);
    EXPECT_NE((twice.out + twice.err).find("time cannot pass that far"), std::string::npos) << twice.out << twice.err;
    EXPECT_EQ(scene("warp 2**255;").exit, 1);
}

TEST_F(Scenario, LinksLibrariesAlsoThoseThatCallEachOther) {
    write(folder_ / "linked.ilk", linked);
    const Finished finished = interlock("scenario linked.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_NE(finished.out.find("2 passed, 0 failed"), std::string::npos) << finished.out;
    const Finished run = interlock("run linked.ilk 'ask(uint256)' 6");
    EXPECT_EQ(run.exit, 0) << run.out << run.err;
    EXPECT_NE(interlock("check linked.ilk").exit, 65);
}

TEST_F(Scenario, ShowsTheInvariantThatAStepBreaks) {
    write(folder_ / "counter.ilk",
          "contract Counter {\n  uint256 public count;\n  mapping(address => uint256) by;\n"
          "  invariant few: count < 3;\n  invariant books: sum(by) == count;\n"
          "  function add() external { count += 1; by[msg.sender] += 1; }\n}\n"
          "scenario fine { deploy c = Counter(); c.add() by alice; c.add() by bob; }\n"
          "scenario too_many { deploy c = Counter(); c.add(); c.add() by bob; c.add(); check c.count() == 3; }\n");
    const Finished finished = interlock("scenario counter.ilk");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("passed  scenario  fine"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("FAILED  scenario  too_many"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("`few` of c does not hold after this"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("it says `count < 3`"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("`count` is 3"), std::string::npos) << finished.out;
}

TEST_F(Scenario, KeepsArraysAndStructsThatCallsReturn) {
    write(folder_ / "lists.ilk", fixture("lists.ilk"));
    const Finished finished = interlock("scenario lists.ilk");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("passed  scenario  lists_and_structs"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("`(result).length` is 1"), std::string::npos) << finished.out;
}

TEST_F(Scenario, RunsTheAttackThatCheckWroteOut) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    EXPECT_EQ(interlock("check bank.ilk").exit, 1);
    const Finished finished = interlock("scenario interlock-out/bank.Bank.solvent.attack.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_NE(finished.out.find("passed  scenario  attack"), std::string::npos) << finished.out;
}

TEST_F(Scenario, RunsAnAttackThatTakesTwoParties) {
    write(folder_ / "purses.ilk", contract("lessons/two_parties.ilk"));
    EXPECT_EQ(interlock("check purses.ilk").exit, 1);
    const std::filesystem::path attack = "interlock-out/purses.JointPurses.reentrancy.attack.ilk";
    const Finished finished = interlock("scenario " + attack.string());
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    const std::string text = contents(folder_ / attack);
    EXPECT_NE(text.find("theColluder.act(address(theJointPurses), abi.encodeCall(IJointPurses.empty, ("), std::string::npos)
        << text;
    EXPECT_EQ(text.find("contract Token"), std::string::npos);  // only what the attack needs is written out
}

TEST_F(Scenario, ReplaysAnAttackOnAContractOfSeveralFiles) {
    std::filesystem::create_directories(folder_ / "lib");
    write(folder_ / "lib/ledger.ilk",
          "abstract contract Ledger { mapping(address => uint256) public balances; "
          "invariant solvent: sum(balances) <= address(this).balance; }");
    write(folder_ / "bank.ilk",
          "import {Ledger} from \"@lib/ledger.ilk\";\ncontract Bank is Ledger {\n"
          "  function deposit() external payable { balances[msg.sender] += msg.value; }\n"
          "  function withdraw(uint256 amount) external {\n    require(balances[msg.sender] >= amount);\n"
          "    (bool ok, ) = msg.sender.call{value: amount}(\"\");\n    require(ok);\n"
          "    unchecked { balances[msg.sender] -= amount; }\n  }\n}\n");
    ASSERT_EQ(interlock("check bank.ilk --remap @lib/=lib/").exit, 1);
    std::filesystem::remove_all(folder_ / "lib");
    std::filesystem::remove(folder_ / "bank.ilk");
    const Finished finished = interlock("replay interlock-out/bank.Bank.solvent.trace.json");
    EXPECT_EQ(finished.exit, 0) << finished.out;
}

}  // namespace
}  // namespace interlock::tests
