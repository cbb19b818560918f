// What `check` says of several files, and the files that it writes.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Output : public Command {
  protected:
    std::vector<std::string> written(const std::string& folder = "interlock-out") {
        std::vector<std::string> names;
        if (!fs::exists(folder_ / folder)) return names;
        for (const auto& entry : fs::directory_iterator(folder_ / folder)) names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }

    // The bank with a label of somebody's choice.
    static std::string labelled(const std::string& label) { return replaced(contract("bank.ilk"), "solvent:", label); }
};

TEST_F(Output, NamesTheFileOnEachVerdictWhereThereAreSeveral) {
    write(folder_ / "a/Bank.ilk", contract("bank.ilk"));
    write(folder_ / "b/Bank.ilk", contract("bank_fixed.ilk"));
    const Finished finished = interlock("check a/Bank.ilk b/Bank.ilk");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE(finished.out.find("\nEXPLOIT  a/Bank.ilk: Bank.solvent  R001"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("\nSAFE     b/Bank.ilk: Bank.solvent  S001"), std::string::npos) << finished.out;
    const Finished one = interlock("check a/Bank.ilk");
    EXPECT_NE(one.out.find("\nEXPLOIT  Bank.solvent  R001"), std::string::npos) << one.out;
}

TEST_F(Output, IsOneJsonDocumentForAllFiles) {
    write(folder_ / "a/Bank.ilk", contract("bank.ilk"));
    write(folder_ / "b/Bank.ilk", contract("bank_fixed.ilk"));
    write(folder_ / "bad.ilk", "contract C { uint256 x = true; }");
    const Finished finished = interlock("check a/Bank.ilk bad.ilk nowhere.ilk b/Bank.ilk --json");
    EXPECT_EQ(finished.exit, 65);
    const Json json = Json::parse(finished.out, nullptr, false);
    ASSERT_TRUE(json.is_object()) << finished.out;
    ASSERT_EQ(json["verdicts"].size(), 3u);
    EXPECT_EQ(json["verdicts"][0]["file"], "a/Bank.ilk");
    EXPECT_EQ(json["verdicts"][0]["verdict"], "EXPLOIT");
    for (const std::size_t i : {1u, 2u}) {
        EXPECT_EQ(json["verdicts"][i]["file"], "b/Bank.ilk");
        EXPECT_EQ(json["verdicts"][i]["verdict"], "SAFE");
    }
    EXPECT_EQ(json["verdicts"][2]["property_kind"], "views");
    ASSERT_EQ(json["errors"].size(), 2u) << json["errors"];
    EXPECT_EQ(json["errors"][0]["file"], "bad.ilk");
    EXPECT_EQ(json["errors"][0]["code"], "E301");
    EXPECT_EQ(json["errors"][1]["file"], "nowhere.ilk");
    const std::vector<std::string> status{"checked", "not compiled", "unreadable", "checked"};
    for (std::size_t i = 0; i < status.size(); ++i) EXPECT_EQ(json["files"][i]["status"], status[i]);
    EXPECT_EQ(json["stats"]["states"],
              json["files"][0]["stats"]["states"].get<int>() + json["files"][3]["stats"]["states"].get<int>());
}

TEST_F(Output, KeepsTheTracesOfFilesWithOneNameApart) {
    write(folder_ / "a/Bank.ilk", contract("bank.ilk"));
    write(folder_ / "b/Bank.ilk", contract("bank.ilk"));
    interlock("check a/Bank.ilk b/Bank.ilk");
    const std::vector<std::string> expected{"a.Bank.Bank.solvent.attack.ilk", "a.Bank.Bank.solvent.trace.json",
                                            "b.Bank.Bank.solvent.attack.ilk", "b.Bank.Bank.solvent.trace.json"};
    EXPECT_EQ(written(), expected);
    for (const std::string file : {"a", "b"}) {
        EXPECT_EQ(interlock("replay interlock-out/" + file + ".Bank.Bank.solvent.trace.json").exit, 0);
        EXPECT_EQ(interlock("scenario interlock-out/" + file + ".Bank.Bank.solvent.attack.ilk").exit, 0);
        const Json trace = Json::parse(contents(folder_ / ("interlock-out/" + file + ".Bank.Bank.solvent.trace.json")));
        EXPECT_EQ(trace["source"]["path"], file + "/Bank.ilk");
    }
}

TEST_F(Output, StaysInItsFolderWhateverALabelSays) {
    write(folder_ / "deep/bank.ilk", labelled("\"/../../x\""));
    const Finished finished = interlock("check deep/bank.ilk --out deep/out --json");
    EXPECT_EQ(finished.exit, 1) << finished.err;
    EXPECT_EQ(written("deep/out"),
              (std::vector<std::string>{"bank.Bank._.__.__x.attack.ilk", "bank.Bank._.__.__x.trace.json"}));
    EXPECT_EQ(written("deep").size(), 2u);
    EXPECT_EQ(interlock("replay deep/out/bank.Bank._.__.__x.trace.json").exit, 0);
}

TEST_F(Output, KeepsTracesOfLabelsApartThatBecomeOneName) {
    write(folder_ / "a.ilk",
          "contract C {\n  uint256 public n;\n  uint256 public m;\n  invariant \"a b\" n < 1;\n  invariant \"a/b\" m < 1;\n"
          "  function f() external { n += 1; }\n  function g() external { m += 1; }\n}\n");
    EXPECT_EQ(interlock("check a.ilk").exit, 1);
    EXPECT_EQ(written().size(), 4u) << written().size();
}

TEST_F(Output, ReplacesAnOlderTraceAndLeavesNothingElseBehind) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    write(folder_ / "interlock-out/bank.Bank.solvent.trace.json", "old");
    fs::permissions(folder_ / "interlock-out/bank.Bank.solvent.trace.json", fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(interlock("check bank.ilk").exit, 1);
    EXPECT_EQ(written().size(), 2u);
    EXPECT_EQ(interlock("replay interlock-out/bank.Bank.solvent.trace.json").exit, 0);
}

TEST_F(Output, IsNeverWrittenThroughASymbolicLink) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    write(folder_ / "precious", "mine");
    fs::create_directories(folder_ / "interlock-out");
    fs::create_symlink("../precious", folder_ / "interlock-out/bank.Bank.solvent.trace.json");
    fs::create_symlink("precious", folder_ / "out.sarif");
    const Finished finished = interlock("check bank.ilk --sarif out.sarif");
    EXPECT_EQ(finished.exit, 74);
    EXPECT_NE(finished.err.find("out.sarif cannot be written: it is a symbolic link"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("trace.json cannot be written: it is a symbolic link"), std::string::npos) << finished.err;
    EXPECT_EQ(contents(folder_ / "precious"), "mine");

    fs::remove_all(folder_ / "interlock-out");
    fs::create_directories(folder_ / "elsewhere");
    fs::create_symlink("elsewhere", folder_ / "interlock-out");
    EXPECT_EQ(interlock("check bank.ilk").exit, 74);
    EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
}

TEST_F(Output, ThatCannotBeWrittenIsSaidSo) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    write(folder_ / "file", "");
    const Finished finished = interlock("check bank.ilk --out file --json");
    EXPECT_EQ(finished.exit, 74);
    EXPECT_NE(finished.err.find("cannot be written: Not a directory"), std::string::npos) << finished.err;
    EXPECT_TRUE(Json::parse(finished.out)["verdicts"][0]["trace"].is_null());
    EXPECT_EQ(interlock("check bank.ilk --sarif missing/out.sarif").exit, 74);
}

TEST_F(Output, BringsNoControlCharactersOfASourceToTheTerminal) {
    std::string source = labelled("\"sol\\x1b[31mvent\"");
    source = replaced(source, "\"not enough\"", "\"not\\x1b[31m enough\"");
    source.insert(0, "// a comment with \033[31m in it\n");
    write(folder_ / "bank.ilk", source);
    for (const char* arguments :
         {"check bank.ilk", "replay interlock-out/*.trace.json", "run bank.ilk 'withdraw(uint256)' 1ether",
          "scenario bank.ilk", "build bank.ilk --emit=tokens,ast,ir,asm,abi,layout"}) {
        const Finished finished = interlock(arguments);
        EXPECT_EQ((finished.out + finished.err).find('\033'), std::string::npos) << arguments << "\n" << finished.out;
    }
}

TEST_F(Output, NamesTheAttackedFileInTheAttackWhateverItIsCalled) {
    write(folder_ / "a \"quoted\" \\ bank.ilk", contract("bank.ilk"));
    EXPECT_EQ(interlock("check 'a \"quoted\" \\ bank.ilk'").exit, 1);
    const Finished finished = interlock("scenario interlock-out/*.attack.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
}

// The attack imports a copy that says of which series it is.
TEST_F(Output, AttacksOfFilesThatAreReadAsOlderOnesCanBeRun) {
    write(folder_ / "bank.sol",
          "contract Bank { mapping(address => uint) b; function put() { b[msg.sender] += msg.value; }"
          "function get() { if (!msg.sender.call.value(b[msg.sender])()) throw; b[msg.sender] = 0; } }");
    EXPECT_EQ(interlock("check bank.sol").exit, 1);
    const Finished finished = interlock("scenario interlock-out/bank.Bank.reentrancy.attack.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_EQ(interlock("replay interlock-out/bank.Bank.reentrancy.trace.json").exit, 0);
}

}  // namespace
}  // namespace interlock::tests
