// `interlock check --bytecode`: contracts without their sources, of our compiler and of old ones.
#include <fcntl.h>
#include <sys/file.h>

#include "process.hpp"

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

const fs::path fixtures = fs::path(INTERLOCK_SOURCE_DIR) / "tests/cli/bytecode";
const fs::path work = fs::path(INTERLOCK_CLI_WORK) / "old-solc";  // keeps the packages

bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

// Installs an old solc into the build folder, unless it is there. Why not; empty: it is.
std::string install() {
    if (!succeeds("command -v node >/dev/null && command -v npm >/dev/null"))
        return "node and npm are missing (apt-get install nodejs npm)";
    fs::create_directories(work);
    const int alone = ::open((work / "lock").c_str(), O_CREAT | O_RDWR, 0600);  // tests run side by side
    if (alone < 0 || ::flock(alone, LOCK_EX) != 0) return "the folder of the packages cannot be locked";
    const std::string lock = contents(fixtures / "package-lock.json");
    if (fs::exists(work / "node_modules/solc/package.json") && contents(work / "package-lock.json") == lock) return {};
    for (const char* name : {"package.json", "package-lock.json"})
        fs::copy_file(fixtures / name, work / name, fs::copy_options::overwrite_existing);
    const std::string log = (work / "npm.log").string();
    if (succeeds("cd '" + work.string() + "' && npm ci --ignore-scripts --no-audit --no-fund >'" + log + "' 2>&1"))
        return {};
    return "npm could not install an old solc: see " + log;
}

// Once for a program: it keeps its lock until it ends, so that a second attempt would wait for the first.
const std::string& installed() {
    static const std::string why_not = install();
    return why_not;
}

class BytecodeCheck : public Command {
  protected:
    // Writes Bank.bin, Bank.bin-runtime and Bank.json.
    void build(const std::string& source) {
        write(folder_ / "bank.ilk", source);
        for (const std::string what : {"bin", "bin-runtime", "abi"}) {
            const std::string out = interlock("build bank.ilk --contract Bank --emit=" + what).out;
            write(folder_ / ("Bank." + (what == "abi" ? std::string("json") : what)), out.substr(out.find('\n') + 1));
        }
    }

    // The attack is found, repeats from its trace, and runs as a scenario.
    void expect_attack(const std::string& arguments, const std::string& name) {
        const Finished found = interlock("check " + arguments);
        EXPECT_EQ(found.exit, 1) << found.out << found.err;
        EXPECT_NE(found.out.find("EXPLOIT  " + name + ".reentrancy"), std::string::npos) << found.out;
        EXPECT_NE(found.out.find("slot 0[Attacker]"), std::string::npos) << found.out;
        const std::string base = "interlock-out/" + name + "." + name + ".reentrancy.";
        const Finished replayed = interlock("replay " + base + "trace.json");
        EXPECT_EQ(replayed.exit, 0) << replayed.out << replayed.err;
        const Finished run = interlock("scenario " + base + "attack.ilk");
        EXPECT_EQ(run.exit, 0) << run.out << run.err;
        EXPECT_NE(run.out.find("1 passed"), std::string::npos) << run.out;
    }

    void expect_refusal(const std::string& arguments, int exit, const std::string& why) {
        const Finished finished = interlock("check " + arguments);
        EXPECT_EQ(finished.exit, exit) << finished.out;
        EXPECT_NE(finished.err.find(why), std::string::npos) << finished.err;
    }
};

TEST_F(BytecodeCheck, FindsTheTheftWithAndWithoutTheAbi) {
    build(contract("bank.ilk"));
    expect_attack("--bytecode Bank.bin --abi Bank.json", "Bank");
    expect_attack("--bytecode Bank.bin", "Bank");
    expect_attack("--bytecode Bank.bin-runtime --abi Bank.json", "Bank");
    expect_attack("--bytecode Bank.bin-runtime", "Bank");
}

TEST_F(BytecodeCheck, ReadsTheBytesThemselves) {
    build(contract("bank.ilk"));
    if (!succeeds("command -v xxd >/dev/null")) GTEST_SKIP() << "xxd is missing";
    ASSERT_EQ(shell("mkdir raw && xxd -r -p Bank.bin raw/Bank.bin").exit, 0);
    expect_attack("--bytecode raw/Bank.bin", "Bank");
}

TEST_F(BytecodeCheck, IsQuietAboutTheFixedBank) {
    build(contract("bank_fixed.ilk"));
    const Finished finished = interlock("check --bytecode Bank.bin --abi Bank.json --timeout 3");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_NE(finished.out.find("nothing is proved of bytecode"), std::string::npos) << finished.out;
}

TEST_F(BytecodeCheck, RefusesWhatIsNoBytecodeAndNoAbi) {
    write(folder_ / "text.bin", "hello");
    write(folder_ / "odd.bin", "60606");
    write(folder_ / "unlinked.bin", "73__lib.sol:Lib____________________________63");
    write(folder_ / "good.bin", "6000");
    write(folder_ / "bad.json", "{\"abi\": 7}");
    expect_refusal("--bytecode nowhere.bin", 65, "nowhere.bin cannot be read");
    expect_refusal("--bytecode text.bin", 65, "text.bin is no bytecode: it is not hexadecimal");
    expect_refusal("--bytecode odd.bin", 65, "odd number");
    expect_refusal("--bytecode unlinked.bin", 65, "link it first");
    expect_refusal("--bytecode good.bin --abi bad.json", 65, "bad.json is no ABI: it is no list of functions");
    expect_refusal("--bytecode good.bin --abi bad.json --abi bad.json", 64, "more --abi than --bytecode");
    expect_refusal("", 64, "FILE is missing");
}

TEST_F(BytecodeCheck, FindsTheTheftFromCodeOfAnOldCompiler) {
    if (const std::string& why_not = installed(); !why_not.empty()) GTEST_SKIP() << "old compilers are skipped: " << why_not;
    const Finished compiled = shell("node '" + (fixtures / "compile.mjs").string() + "' '" + work.string() + "' '" +
                                    (fixtures / "simple_dao.sol").string() + "' .");
    ASSERT_EQ(compiled.exit, 0) << compiled.err;
    expect_attack("--bytecode Fund.bin --abi Fund.json", "Fund");
    expect_attack("--bytecode Fund.bin", "Fund");
    expect_attack("--bytecode Fund.bin-runtime", "Fund");
}

// Neither node nor npm is asked.
TEST_F(BytecodeCheck, IsNotNeededForSourcesOfOldCompilers) {
    write(folder_ / "fund.sol", contents(fixtures / "simple_dao.sol"));
    const Finished found = interlock("check fund.sol");
    EXPECT_EQ(found.exit, 1) << found.out << found.err;
    EXPECT_NE(found.out.find("--> fund.sol:13:"), std::string::npos) << found.out;
    EXPECT_NE(found.out.find("EXPLOIT  Fund.reentrancy"), std::string::npos) << found.out;
    EXPECT_EQ(interlock("replay interlock-out/fund.Fund.reentrancy.trace.json").exit, 0);
    const Finished run = interlock("scenario interlock-out/fund.Fund.reentrancy.attack.ilk");
    EXPECT_EQ(run.exit, 0) << run.out << run.err;
}

// What our compiler does not read: assembly as a list of instructions.
class OldSolidity : public BytecodeCheck {
  protected:
    void SetUp() override {
        Command::SetUp();
        if (const std::string& why_not = installed(); !why_not.empty())
            GTEST_SKIP() << "old compilers are skipped: " << why_not;
    }
    static std::string unread() {
        return replaced(contents(fixtures / "simple_dao.sol"), "contract Fund {",
                        "contract Fund { function nothing() { assembly { 1 pop } }");
    }
    void place_packages() { fs::create_directory_symlink(work / "node_modules", folder_ / "node_modules"); }
};

TEST_F(OldSolidity, IsCompiledByTheSolcThatIsInstalledAndShownInItsSource) {
    place_packages();
    write(folder_ / "src/fund.sol", unread());
    const Finished found = interlock("check src/fund.sol");
    EXPECT_EQ(found.exit, 1) << found.out << found.err;
    EXPECT_NE(found.out.find("--> src/fund.sol:13:"), std::string::npos) << found.out;
    EXPECT_NE(found.out.find("msg.sender.call.value(amount)()"), std::string::npos) << found.out;
    EXPECT_NE(found.out.find("EXPLOIT  Fund.reentrancy"), std::string::npos) << found.out;
    const Finished replayed = interlock("replay interlock-out/fund.Fund.reentrancy.trace.json");
    EXPECT_EQ(replayed.exit, 0) << replayed.out;
    const Finished run = interlock("scenario interlock-out/fund.Fund.reentrancy.attack.ilk");
    EXPECT_EQ(run.exit, 0) << run.out << run.err;
}

TEST_F(OldSolidity, IsCompiledByTheSolcThatTheOptionNames) {
    write(folder_ / "fund.sol", unread());
    const Finished missing = interlock("check fund.sol");
    EXPECT_EQ(missing.exit, 65);
    EXPECT_NE(missing.err.find("`npm install 'solc@^0.4.2'`"), std::string::npos) << missing.err;
    EXPECT_EQ(interlock("check fund.sol --solc '" + (work / "node_modules/solc").string() + "'").exit, 1);
    const Finished nowhere = interlock("check fund.sol --solc ./nowhere");
    EXPECT_EQ(nowhere.exit, 65);
    EXPECT_NE(nowhere.err.find("solc cannot be run"), std::string::npos) << nowhere.err;
}

TEST_F(OldSolidity, MayImportAndCallLibraries) {
    place_packages();
    write(folder_ / "books.sol",
          "pragma solidity ^0.4.19;\n"
          "library Books { function minus(uint a, uint b) public pure returns (uint) { return a - b; } }\n"
          "contract Unrelated { uint public n; }\n");
    write(folder_ / "fund.sol",
          replaced(replaced(unread(), "contract Fund", "import \"./books.sol\";\ncontract Fund"),
                   "credit[msg.sender] -= amount;", "credit[msg.sender] = Books.minus(credit[msg.sender], amount);"));
    const Finished found = interlock("check fund.sol");
    EXPECT_EQ(found.exit, 1) << found.out << found.err;
    EXPECT_NE(found.out.find("EXPLOIT  Fund.reentrancy"), std::string::npos) << found.out;
    EXPECT_EQ(found.out.find("Unrelated"), std::string::npos) << found.out;
    EXPECT_EQ(interlock("replay interlock-out/fund.Fund.reentrancy.trace.json").exit, 0);
}

TEST_F(OldSolidity, ShowsTheErrorsOfItsCompiler) {
    place_packages();
    write(folder_ / "wrong.sol", "pragma solidity ^0.4.19;\ncontract C { function f() { g(); } }\n");
    const Finished finished = interlock("check wrong.sol");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_NE(finished.err.find("wrong.sol: solc does not compile it"), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("Undeclared identifier"), std::string::npos) << finished.err;
}

}  // namespace
}  // namespace interlock::tests
