// Projects on OpenZeppelin's contracts, 100 to 200 lines in several files, that state nothing of what must hold: a bug that
// was planted is found, by an attack that replays, and the same project without it is left alone.
//
//   staking   a hook: the ERC-721 token of a position is minted, with its callback, before its shares are counted
//   vault     accounting: shares are burned after they were paid for, and meanwhile ERC-4626's own deposit is open
//   auction   across functions: credit is cleared after it was paid out, and meanwhile it may be assigned to somebody else
//
// Each project has one file twice, below planted/ and fixed/. The library comes from npm, into the build folder; without it
// the tests are skipped.
#include <algorithm>
#include <vector>

#include "tests/cli/process.hpp"

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

const fs::path suite = fs::path(INTERLOCK_SOURCE_DIR) / "tests/projects";
const fs::path work = INTERLOCK_PROJECTS_WORK;

bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// Why the library cannot be had; empty: it is there.
std::string install() {
    const fs::path lock = work / "package-lock.json";
    const bool is_there = fs::exists(work / "node_modules/@openzeppelin/contracts/package.json") &&
                          contents(lock) == contents(suite / "package-lock.json");
    if (is_there) return {};
    if (!succeeds("command -v node >/dev/null && command -v npm >/dev/null"))
        return "node and npm are missing (apt-get install nodejs npm)";
    fs::create_directories(work);
    for (const char* const name : {"package.json", "package-lock.json"})
        fs::copy_file(suite / name, work / name, fs::copy_options::overwrite_existing);
    const fs::path log = work / "npm.log";
    if (succeeds("cd " + quoted(work) + " && npm ci --ignore-scripts --no-audit --no-fund >" + quoted(log) + " 2>&1"))
        return {};
    fs::remove_all(work / "node_modules");  // the next run tries again
    return "npm could not install OpenZeppelin's contracts: see " + log.string();
}

// All files of Solidity below a folder, as arguments.
std::string files_below(const fs::path& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".sol") files.push_back(quoted(entry.path()));
    std::ranges::sort(files);
    std::string line;
    for (const std::string& file : files) line += file + " ";
    return line;
}

struct Project {
    std::string name, main;  // main: the contract that the bug is in, and its file
    bool is_proved = true;   // with its repair, without any annotation
    friend void PrintTo(const Project& project, std::ostream* out) { *out << project.name; }
};

class Projects : public Command, public ::testing::WithParamInterface<Project> {
  protected:
    void SetUp() override {
        Command::SetUp();
        if (const std::string why = install(); !why.empty()) GTEST_SKIP() << "check of projects skipped: " << why;
        fs::create_directory_symlink(work / "node_modules", folder_ / "node_modules");
    }

    // The project with one version of its main file, as its authors would have it.
    void lay_out(const std::string& version) {
        const fs::path from = suite / GetParam().name;
        fs::copy(from, folder_ / "src", fs::copy_options::recursive);
        for (const char* const each : {"planted", "fixed"})
            if (each != version) fs::remove_all(folder_ / "src" / each);
    }

    Finished check(const std::string& files, int seconds = 20) {
        return interlock("check --timeout " + std::to_string(seconds) + " --color never " + files);
    }

    std::string main_file(const std::string& version) const { return "src/" + version + "/" + GetParam().main + ".sol"; }

    void expect_attack(const std::string& files) {
        const Finished found = check(files, 60);  // the vault takes most of the usual time
        EXPECT_EQ(found.exit, 1) << found.out << found.err;
        EXPECT_NE(found.out.find(GetParam().main + ".reentrancy  R001"), std::string::npos) << found.out;
        const Finished again = interlock("replay interlock-out/" + GetParam().main + ".*.trace.json");
        EXPECT_EQ(again.exit, 0) << again.out << again.err;
    }

    void expect_quiet(const std::string& files) {
        const Finished found = check(files);
        EXPECT_EQ(found.exit, 0) << found.out << found.err;
        EXPECT_EQ(found.out.find("EXPLOIT"), std::string::npos) << found.out;
        EXPECT_NE(found.out.find(GetParam().main + ".reentrancy"), std::string::npos) << found.out;
    }
};

TEST_P(Projects, BugIsFoundWhenAllFilesAreChecked) {
    lay_out("planted");
    expect_attack(files_below(folder_ / "src"));
}

TEST_P(Projects, BugIsFoundWhenTheMainFileIsChecked) {
    lay_out("planted");
    expect_attack(main_file("planted"));
}

TEST_P(Projects, RepairIsQuietWhenAllFilesAreChecked) {
    lay_out("fixed");
    expect_quiet(files_below(folder_ / "src"));
}

TEST_P(Projects, RepairIsQuietWhenTheMainFileIsChecked) {
    lay_out("fixed");
    expect_quiet(main_file("fixed"));
}

TEST_P(Projects, RepairIsProvedWhereItIsSaidToBe) {
    lay_out("fixed");
    const std::string found = check(main_file("fixed")).out;
    const bool is_proved = found.find("SAFE     " + GetParam().main + ".reentrancy  S001") != std::string::npos;
    EXPECT_EQ(is_proved, GetParam().is_proved) << found;
}

INSTANTIATE_TEST_SUITE_P(OpenZeppelin, Projects,
                         ::testing::Values(Project{"staking", "PositionStaking"}, Project{"vault", "NativeFeeVault", false},
                                           Project{"auction", "LotAuction"}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace interlock::tests
