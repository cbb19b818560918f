// The SARIF files of `check`, as code hosts and editors read them.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path sources = fs::path(INTERLOCK_SOURCE_DIR) / "tests/cli/sarif";
const fs::path work = INTERLOCK_CLI_WORK;  // keeps the packages

bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

// Installs the schema and its validator into the build folder, unless they are there. Why not; empty: they are.
std::string install() {
    if (!succeeds("command -v node >/dev/null && command -v npm >/dev/null"))
        return "node and npm are missing (apt-get install nodejs npm)";
    fs::create_directories(work);
    fs::copy_file(sources / "validate.mjs", work / "validate.mjs", fs::copy_options::overwrite_existing);
    const std::string lock = contents(sources / "package-lock.json");
    if (fs::exists(work / "node_modules/ajv/package.json") && contents(work / "package-lock.json") == lock) return {};
    for (const char* name : {"package.json", "package-lock.json"})
        fs::copy_file(sources / name, work / name, fs::copy_options::overwrite_existing);
    const std::string log = (work / "npm.log").string();
    if (succeeds("cd '" + work.string() + "' && npm ci --ignore-scripts --no-audit --no-fund >'" + log + "' 2>&1"))
        return {};
    return "npm could not install the schema: see " + log;
}

class Sarif : public Command {
  protected:
    Json log(const std::string& arguments) {
        interlock("check " + arguments + " --sarif out.sarif");
        return Json::parse(contents(folder_ / "out.sarif"), nullptr, false);
    }
};

TEST_F(Sarif, IsValidBySarifsOwnSchema) {
    if (const std::string why_not = install(); !why_not.empty()) GTEST_SKIP() << "the schema is skipped: " << why_not;
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    write(folder_ / "bank_fixed.ilk", contract("bank_fixed.ilk"));
    write(folder_ / "an ümlaut & more/bad%.ilk", "contract C { uint256 x = true; }");
    write(folder_ / "open.ilk", "contract Open { uint256 public n; function f() external { n += 1; } }");
    for (const char* arguments :
         {"bank.ilk", "bank_fixed.ilk", "open.ilk", "'an ümlaut & more/bad%.ilk'", "nowhere.ilk",
          "bank.ilk bank_fixed.ilk open.ilk 'an ümlaut & more/bad%.ilk' nowhere.ilk", "\"$PWD/bank.ilk\""}) {
        EXPECT_TRUE(log(arguments).is_object()) << arguments;
        const Finished valid = shell("node '" + (work / "validate.mjs").string() + "' out.sarif");
        EXPECT_EQ(valid.exit, 0) << arguments << "\n" << valid.out << valid.err << contents(folder_ / "out.sarif");
    }
    write(folder_ / "out.sarif", "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {}}]}");
    const Finished invalid = shell("node '" + (work / "validate.mjs").string() + "' out.sarif");
    EXPECT_EQ(invalid.exit, 1) << "the validator takes everything" << invalid.err;
}

TEST_F(Sarif, NamesFilesByPercentEncodedUris) {
    const std::string bad = "contract C { uint256 x = true; }";
    write(folder_ / "a b/ü#1?.ilk", bad);
    write(folder_ / "c:d.ilk", bad);
    const auto uri = [&](const std::string& file) {
        return log(file)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    };
    EXPECT_EQ(uri("'a b/ü#1?.ilk'"), "a%20b/%C3%BC%231%3F.ilk");
    EXPECT_EQ(uri("./c:d.ilk"), "./c%3Ad.ilk");
    EXPECT_EQ(uri("\"$PWD/c:d.ilk\""), "file://" + fs::canonical(folder_).string() + "/c%3Ad.ilk");
}

TEST_F(Sarif, CountsColumnsInCharacters) {
    write(folder_ / "a.ilk", "contract C { /* üü */ uint256 x = true; }");
    const Json run = log("a.ilk")["runs"][0];
    EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
    EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"], 35) << run.dump(1);
}

TEST_F(Sarif, DescribesItsRulesAndSaysWhatCouldNotBeChecked) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    const Json run = log("bank.ilk nowhere.ilk")["runs"][0];
    EXPECT_EQ(run["tool"]["driver"]["rules"][0]["id"], "R001");
    EXPECT_EQ(run["tool"]["driver"]["rules"][0]["shortDescription"]["text"], "a re-entry leaves the attacker richer");
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
    EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"].size(), 1u);
    EXPECT_EQ(log("bank.ilk")["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

}  // namespace
}  // namespace interlock::tests
