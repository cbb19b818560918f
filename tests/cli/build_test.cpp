// `interlock build`, as a user and as a tool meet it.
#include <nlohmann/json.hpp>

#include <regex>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

class Build : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "bank.ilk", contract("bank.ilk"));
        write(folder_ / "interface.sol", fixture("interface.sol"));
    }

    static std::string fixture(const std::string& name) {
        return contents(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/cli/fixtures" / name);
    }
};

// Numbers of nodes of the syntax tree, which every compiler has of its own.
Json without_ids(const Json& json) {
    const std::string text = std::regex_replace(json.dump(), std::regex("\"astId\":[0-9]+"), "\"astId\":0");
    return Json::parse(std::regex_replace(text, std::regex("\\)[0-9]+"), ")"));
}

TEST_F(Build, GivesInterfacesAndLayoutsAsSolcDoes) {
    const Json solc = Json::parse(fixture("interface.solc.json"));  // solc 0.8.28
    const Finished finished = interlock("build interface.sol --json");
    ASSERT_EQ(finished.exit, 0) << finished.out << finished.err;
    const Json made = Json::parse(finished.out)["contracts"]["interface.sol"];
    EXPECT_EQ(made.size(), solc.size());
    for (const auto& [name, contract] : solc.items()) {
        EXPECT_EQ(made[name]["abi"], contract["abi"]) << name;
        EXPECT_EQ(without_ids(made[name]["storageLayout"]), without_ids(contract["storageLayout"])) << name;
        EXPECT_EQ(made[name]["evm"]["methodIdentifiers"], contract["methodIdentifiers"]) << name;
    }
}

TEST_F(Build, PrintsCodeOpcodesAndSourceMapsOfEqualLength) {
    const Json made = Json::parse(interlock("build bank.ilk --json").out);
    EXPECT_EQ(made["sources"]["bank.ilk"]["id"], 0);
    const Json& code = made["contracts"]["bank.ilk"]["Bank"]["evm"]["deployedBytecode"];
    const std::string object = code["object"], map = code["sourceMap"], opcodes = code["opcodes"];
    EXPECT_GT(object.size(), 100u);
    EXPECT_TRUE(opcodes.starts_with("PUSH")) << opcodes.substr(0, 40);
    std::size_t instructions = 0;
    for (std::size_t at = 0; at < object.size(); at += 2, ++instructions) {
        const int op = std::stoi(object.substr(at, 2), nullptr, 16);
        if (op >= 0x60 && op <= 0x7f) at += 2 * static_cast<std::size_t>(op - 0x5f);
    }
    EXPECT_EQ(static_cast<std::size_t>(std::count(map.begin(), map.end(), ';')) + 1, instructions);
    EXPECT_EQ(code["linkReferences"], Json::object());
    EXPECT_EQ(code["immutableReferences"], Json::object());
}

TEST_F(Build, GivesErrorsInSolcsShape) {
    write(folder_ / "bad.sol", "contract A {\n    uint256 x = true;\n    function f() public { y = 1; }\n}\n");
    const Finished finished = interlock("build bad.sol --json");
    EXPECT_EQ(finished.exit, 65);
    const Json made = Json::parse(finished.out);
    EXPECT_FALSE(made.contains("contracts"));
    ASSERT_EQ(made["errors"].size(), 2u) << made;
    const Json& error = made["errors"][0];
    EXPECT_EQ(error["component"], "general");
    EXPECT_EQ(error["severity"], "error");
    EXPECT_EQ(error["type"], "TypeError");
    EXPECT_EQ(error["errorCode"], "E301");
    EXPECT_EQ(error["sourceLocation"], (Json{{"file", "bad.sol"}, {"start", 29}, {"end", 33}}));
    EXPECT_NE(error["formattedMessage"].get<std::string>().find("--> bad.sol:2:17"), std::string::npos);
    EXPECT_EQ(made["errors"][1]["type"], "DeclarationError");
}

TEST_F(Build, EmitsEveryStage) {
    const std::pair<const char*, const char*> stages[] = {{"tokens", "`pragma` pragma"},
                                                          {"ast", "(contract Bank"},
                                                          {"ir", "== Bank ir"},
                                                          {"asm", "; bank.ilk:"},
                                                          {"bin", "== Bank bin\n60"},
                                                          {"abi", "\"stateMutability\""},
                                                          {"layout", "\"encoding\":\"mapping\""},
                                                          {"srcmap", ":-"}};
    for (const auto& [stage, sign] : stages) {
        const Finished finished = interlock(std::string("build bank.ilk --emit=") + stage);
        EXPECT_EQ(finished.exit, 0) << stage << finished.err;
        EXPECT_NE(finished.out.find(sign), std::string::npos) << stage << "\n" << finished.out.substr(0, 400);
    }
    EXPECT_EQ(interlock("build bank.ilk --emit=nothing").exit, 64);
}

TEST_F(Build, ShowsTheInterfacesOfWhatHasNoCode) {
    write(folder_ / "only.sol",
          "interface I { function f() external; }\n"
          "abstract contract A { function g() external virtual; error Bad(uint256 x); }\n"
          "library L { function h(uint256 x) internal pure returns (uint256) { return x; } }\n");
    const Finished plain = interlock("build only.sol");
    EXPECT_EQ(plain.exit, 0);
    EXPECT_EQ(plain.out, "");
    EXPECT_NE(plain.err.find("nothing to deploy in only.sol"), std::string::npos) << plain.err;
    const Finished abi = interlock("build only.sol --emit=abi");
    EXPECT_EQ(abi.exit, 0);
    for (const char* sign :
         {"== I abi\n[{\"inputs\":[],\"name\":\"f\"", "== A abi\n[{\"inputs\":[{\"name\":\"x\"", "== L abi\n[]\n"})
        EXPECT_NE(abi.out.find(sign), std::string::npos) << sign << "\n" << abi.out;
    const Finished one = interlock("build only.sol --emit=abi --contract A");
    EXPECT_EQ(one.out.find("== I"), std::string::npos) << one.out;
    EXPECT_NE(one.out.find("== A"), std::string::npos) << one.out;
    EXPECT_EQ(interlock("build only.sol --contract Missing").exit, 65);
    const Finished json = interlock("build only.sol --json");
    EXPECT_EQ(json.exit, 0);
    const Json made = Json::parse(json.out)["contracts"]["only.sol"];
    for (const char* name : {"I", "A", "L"}) EXPECT_EQ(made[name]["evm"]["bytecode"]["object"], "") << name;
    EXPECT_EQ(made["A"]["abi"].size(), 2u);
    EXPECT_EQ(interlock("run only.sol").exit, 65);
}

TEST_F(Build, FindsPackagesAndRemappingsAsTheProjectAroundTheFileSays) {
    write(folder_ / "node_modules/@lib/a.sol", "interface A {}");
    write(folder_ / "lib/b-contracts/src/b.sol", "interface B {}");
    write(folder_ / "remappings.txt", "b/=lib/b-contracts/src/\r\n\nno remapping\n");
    write(folder_ / "src/deep/c.sol", "import \"@lib/a.sol\"; import \"b/b.sol\"; contract C is A, B {}");
    for (const std::string command : {"build src/deep/c.sol", "check src/deep/c.sol", "build --json src/deep/c.sol"}) {
        const Finished finished = interlock(command);
        EXPECT_EQ(finished.exit, 0) << command << finished.err << finished.out;
        EXPECT_EQ(finished.err, "interlock: remappings.txt: `no remapping` is not of the form prefix=target\n") << command;
    }
}

TEST_F(Build, PrefersWhatTheCommandLineSaysOfImports) {
    write(folder_ / "node_modules/lib/a.sol", "interface Installed {}");
    write(folder_ / "mine/lib/a.sol", "interface Mine {}");
    write(folder_ / "theirs/a.sol", "interface Theirs {}");
    write(folder_ / "remappings.txt", "other/=theirs/\n");
    write(folder_ / "c.sol", "import \"lib/a.sol\"; contract C is Mine {}");
    write(folder_ / "d.sol", "import \"other/a.sol\"; contract D is Mine {}");
    EXPECT_EQ(interlock("build c.sol --include-path mine").exit, 0);
    EXPECT_EQ(interlock("build d.sol --remap other/=mine/lib/").exit, 0);
    EXPECT_EQ(interlock("build c.sol").exit, 65);
}

TEST_F(Build, TakesSeveralFiles) {
    const Finished finished = interlock("build bank.ilk interface.sol --emit=abi");
    EXPECT_EQ(finished.exit, 0);
    EXPECT_NE(finished.out.find("== Bank abi"), std::string::npos);
    EXPECT_NE(finished.out.find("== Everything abi"), std::string::npos);
}

TEST_F(Build, MakesShorterCodeWhereItIsToldThatItSeldomRuns) {
    write(folder_ / "m.sol",
          "contract M { function f(uint256 x) external pure returns (uint256) { return x & type(uint200).max; } }");
    const auto runtime = [&](const std::string& options) {
        return Json::parse(interlock("build m.sol --json" + options).out)["contracts"]["m.sol"]["M"];
    };
    const auto code = [](const Json& made) { return made["evm"]["deployedBytecode"]["object"].get<std::string>(); };
    const Json usual = runtime(""), once = runtime(" --optimize-runs 1"), often = runtime(" --optimize-runs=1000000");
    EXPECT_EQ(code(runtime(" --optimize-runs 200")), code(usual));
    EXPECT_LE(code(once).size(), code(usual).size());
    EXPECT_LT(code(usual).size(), code(often).size());
    EXPECT_EQ(Json::parse(often["metadata"].get<std::string>())["settings"]["optimizer"]["runs"], 1'000'000);
    EXPECT_EQ(interlock("build m.sol --optimize-runs -1").exit, 64);
}

}  // namespace
}  // namespace interlock::tests
