// `interlock build` with many files at once: every file gets what it gets alone.
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

class BuildMany : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "shared.sol", R"(
            library Sums { function sum(uint a, uint b) external pure returns (uint) { return a + b; } }
            contract Made { uint public x = 1; }
            abstract contract Base {
                event Used(address who);
                function twice(uint a) internal pure returns (uint) { return 2 * a; }
                function text() public view virtual returns (string memory) { return "base"; }
            })");
        write(folder_ / "first.sol", R"(
            import "./shared.sol";
            contract Same { function f() external pure returns (uint) { return 1; } }
            contract First is Base {
                function thrice(uint a) internal pure returns (uint) { return 3 * a; }
                function g(bool both) external returns (uint) {
                    function(uint) pure returns (uint) h = both ? thrice : twice;
                    new Same();
                    emit Used(address(new Made()));
                    return Sums.sum(h(1), 2);
                }
            })");
        write(folder_ / "second.sol", R"(
            import {Base, Sums} from "./shared.sol";
            contract Same { function f() external pure returns (uint) { return 2; } }
            contract Second is Base {
                function text() public view override returns (string memory) { return super.text(); }
                function g() external returns (uint) { return Sums.sum(new Same().f(), twice(4)); }
            })");
        write(folder_ / "both.sol", R"(
            import {Same as One} from "./first.sol";
            import {Same as Two} from "./second.sol";
            contract Both { function g() external { new One(); new Two(); } })");
        write(folder_ / "hidden.sol", "contract Hidden { uint x; function f(uint x) external pure {} }");
        write(folder_ / "hiding.sol", "import './hidden.sol'; contract Hiding is Hidden {}");
        write(folder_ / "wrong.sol", "import './shared.sol'; contract Wrong is Base { uint x = true; }");
        write(folder_ / "worse.sol", "import './wrong.sol'; contract Worse is Wrong { uint y = true; }");
        write(folder_ / "circle.sol", R"(
            import './shared.sol';
            contract Egg is Base { function f() external { new Hen(); } }
            contract Hen is Base { function f() external { new Egg(); } })");
        write(folder_ / "astray.sol", "import './nowhere.sol'; contract Astray {}");
        write(folder_ / "bank.ilk", contract("bank.ilk"));
    }

    static std::string fixture(const std::string& name) {
        return contents(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/cli/fixtures" / name);
    }

    static constexpr const char* everything = "--emit=bin,bin-runtime,abi,layout,asm,ir,srcmap,ast,tokens ";

    std::string alone(std::initializer_list<const char*> files) {
        std::string out;
        for (const char* file : files) out += interlock(std::string("build ") + everything + file).out;
        return out;
    }
};

TEST_F(BuildMany, GivesEachFileWhatItGetsAlone) {
    const std::string expected = alone({"shared.sol", "first.sol", "second.sol", "both.sol", "hiding.sol", "bank.ilk"});
    EXPECT_GT(expected.size(), 10'000u);
    const Finished finished =
        interlock(std::string("build ") + everything + "shared.sol first.sol second.sol both.sol hiding.sol bank.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, expected);
}

TEST_F(BuildMany, GivesTheFilesInTheGivenOrder) {
    const std::string expected = alone({"both.sol", "second.sol", "first.sol", "shared.sol"});
    const Finished finished = interlock(std::string("build ") + everything + "both.sol second.sol first.sol shared.sol");
    EXPECT_EQ(finished.out, expected);
}

TEST_F(BuildMany, GivesAFileThatIsNamedTwiceTwice) {
    const std::string once = interlock("build first.sol").out;
    EXPECT_EQ(interlock("build first.sol ./first.sol").out, once + once);
}

TEST_F(BuildMany, GivesTheSameWithAnyNumberOfThreads) {
    const std::string files = "first.sol wrong.sol second.sol both.sol hiding.sol shared.sol bank.ilk circle.sol";
    const Finished one = interlock(std::string("build -j 1 ") + everything + files);
    const Finished four = interlock(std::string("build -j 4 ") + everything + files);
    EXPECT_EQ(one.out, four.out);
    EXPECT_EQ(one.err, four.err);
}

TEST_F(BuildMany, GivesTheOthersIfAFileHasErrors) {
    const std::string expected = alone({"first.sol", "second.sol", "shared.sol"});
    const Finished finished = interlock(std::string("build ") + everything +
                                        "wrong.sol first.sol circle.sol second.sol astray.sol worse.sol shared.sol");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.out, expected);
    EXPECT_NE(finished.err.find("--> wrong.sol:1:"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("--> worse.sol:1:"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("closes a circle"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("`./nowhere.sol` cannot be imported"), std::string::npos) << finished.err;
}

TEST_F(BuildMany, TellsADiagnosticOnce) {
    const auto count = [](const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    };
    const Finished warned = interlock("build hiding.sol hidden.sol hiding.sol");
    EXPECT_EQ(count(warned.err, "warning["), 1u) << warned.err;
    const Finished refused = interlock("build wrong.sol worse.sol wrong.sol");
    EXPECT_EQ(count(refused.err, "--> wrong.sol"), 1u) << refused.err;
    EXPECT_EQ(count(refused.err, "--> worse.sol"), 1u) << refused.err;
    EXPECT_NE(refused.err.find("wrong.sol does not compile: see above"), std::string::npos) << refused.err;
}

TEST_F(BuildMany, KeepsProjectsApart) {
    std::filesystem::create_directories(folder_ / "one/lib");
    std::filesystem::create_directories(folder_ / "two/lib");
    for (const char* project : {"one", "two"}) {
        write(folder_ / project / "remappings.txt", "@lib/=lib/\n");
        write(folder_ / project / "lib/name.sol", std::string("contract Of_") + project + " { }");
        write(folder_ / project / "use.sol", std::string("import '@lib/name.sol'; contract Use is Of_") + project + " {}");
    }
    const Finished finished = interlock("build --emit=ir one/use.sol two/use.sol");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, interlock("build --emit=ir one/use.sol").out + interlock("build --emit=ir two/use.sol").out);
}

TEST_F(BuildMany, CompilesAFileWithScenariosAsIfItWereAlone) {
    write(folder_ / "scene.ilk", fixture("scenarios.ilk"));
    const std::string expected = alone({"first.sol", "scene.ilk", "second.sol"});
    const Finished finished = interlock(std::string("build ") + everything + "first.sol scene.ilk second.sol");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, expected);
}

// Returns the numbers of the files that a source map names.
std::set<int> files_of(const std::string& map) {
    std::set<int> files;
    std::istringstream entries(map);
    for (std::string entry; std::getline(entries, entry, ';');) {
        std::istringstream fields(entry);
        std::string field;
        for (int i = 0; i < 3; ++i)
            if (!std::getline(fields, field, ':')) field.clear();
        if (!field.empty() && field != "-1") files.insert(std::stoi(field));
    }
    return files;
}

TEST_F(BuildMany, GivesOneJsonDocument) {
    const Finished finished = interlock("build --json first.sol second.sol both.sol hiding.sol");
    ASSERT_EQ(finished.exit, 0) << finished.err;
    const Json made = Json::parse(finished.out);
    std::set<int> numbers;
    for (const auto& [path, source] : made["sources"].items()) {
        numbers.insert(source["id"].get<int>());
        EXPECT_EQ(source["ast"]["absolutePath"], path);
        const std::string place = source["ast"]["src"];
        EXPECT_TRUE(place.ends_with(":" + std::to_string(source["id"].get<int>()))) << place;
    }
    EXPECT_EQ(numbers, (std::set{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(made["errors"].size(), 1u);  // the warning
    for (const char* file : {"first.sol", "second.sol", "both.sol", "hiding.sol"}) {
        const Json alone = Json::parse(interlock(std::string("build --json ") + file).out);
        for (const auto& [path, contracts] : alone["contracts"].items())
            for (const auto& [name, contract] : contracts.items()) {
                const Json& here = made["contracts"][path][name];
                for (const char* part : {"abi", "metadata", "devdoc", "userdoc"})
                    EXPECT_EQ(here[part], contract[part]) << path << ":" << name << " " << part;
                const Json &code = here["evm"]["deployedBytecode"], &code_alone = contract["evm"]["deployedBytecode"];
                EXPECT_EQ(code["object"], code_alone["object"]) << path << ":" << name;
                for (const int number : files_of(code["sourceMap"])) EXPECT_TRUE(numbers.contains(number)) << number;
            }
    }
    EXPECT_TRUE(files_of(made["contracts"]["second.sol"]["Same"]["evm"]["deployedBytecode"]["sourceMap"])
                    .contains(made["sources"]["second.sol"]["id"].get<int>()));
}

TEST_F(BuildMany, GivesErrorsAndTheContractsOfTheOthersInOneJsonDocument) {
    const Finished finished = interlock("build --json wrong.sol first.sol worse.sol circle.sol bank.ilk");
    EXPECT_EQ(finished.exit, 65);
    const Json made = Json::parse(finished.out);
    std::multiset<std::string> places;
    for (const Json& error : made["errors"])
        if (error["severity"] == "error") places.insert(error["sourceLocation"]["file"]);
    EXPECT_EQ(places, (std::multiset<std::string>{"circle.sol", "circle.sol", "worse.sol", "wrong.sol"}));
    std::set<std::string> files;
    for (const auto& [path, contracts] : made["contracts"].items()) files.insert(path);
    EXPECT_EQ(files, (std::set<std::string>{"bank.ilk", "first.sol", "shared.sol"}));
    EXPECT_TRUE(made["sources"].contains("worse.sol"));
}

TEST_F(BuildMany, GoesOnAfterAFileThatCannotBeRead) {
    const Finished finished = interlock("build first.sol absent.sol second.sol");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.out, interlock("build first.sol").out + interlock("build second.sol").out);
    EXPECT_NE(finished.err.find("absent.sol"), std::string::npos);
}

}  // namespace
}  // namespace interlock::tests
