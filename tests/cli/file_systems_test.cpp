// Several files of one system: a vault, the pool that lends on what is in it, and the interfaces that both import.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

class FileSystems : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "src/interfaces.sol",
              "pragma solidity ^0.8.20;\n"
              "interface IVault { function collateralOf(address) external view returns (uint256); }\n"
              "interface IPool { function owed(address) external view returns (uint256); }\n");
        write(folder_ / "src/Pool.sol",
              "pragma solidity ^0.8.20;\nimport \"./interfaces.sol\";\n"
              "contract Pool is IPool {\n    IVault public immutable vault;\n    mapping(address => uint256) public owed;\n"
              "    constructor(IVault v) payable { vault = v; }\n    function fund() external payable {}\n"
              "    function borrow(uint256 a) external {\n        owed[msg.sender] += a;\n"
              "        require(vault.collateralOf(msg.sender) >= owed[msg.sender], \"too little\");\n"
              "        payable(msg.sender).transfer(a);\n    }\n"
              "    function repay() external payable { owed[msg.sender] -= msg.value; }\n}\n");
        write(folder_ / "src/Vault.sol", vault("", "collateralOf[msg.sender] = had - a;"));
    }

    static std::string vault(const std::string& before, const std::string& after) {
        return "pragma solidity ^0.8.20;\nimport \"./interfaces.sol\";\n"
               "contract Vault is IVault {\n    IPool public pool;\n    address owner = msg.sender;\n    bool locked;\n"
               "    mapping(address => uint256) public collateralOf;\n"
               "    modifier guarded() { require(!locked); locked = true; _; locked = false; }\n"
               "    function setPool(IPool p) external { require(msg.sender == owner); pool = p; }\n"
               "    function deposit() external payable guarded { collateralOf[msg.sender] += msg.value; }\n"
               "    function withdraw(uint256 a) external guarded {\n        uint256 had = collateralOf[msg.sender];\n"
               "        require(had >= a + pool.owed(msg.sender), \"needed\");\n        " +
               before + "(bool ok, ) = msg.sender.call{value: a}(\"\");\n        require(ok);\n        " + after +
               "\n    }\n}\n";
    }
};

TEST_F(FileSystems, WhatIsExpectedByOneFileAndStandsInAnotherIsCheckedTogether) {
    const Finished found = interlock("check --json src/interfaces.sol src/Pool.sol src/Vault.sol");
    EXPECT_EQ(found.exit, 1) << found.err;
    const Json report = Json::parse(found.out);
    ASSERT_EQ(report["files"].size(), 1u) << found.out;
    EXPECT_EQ(report["files"][0]["file"], "src/Pool.sol + src/Vault.sol");
    // The attack is a scenario over a file that imports both, and can be replayed.
    EXPECT_TRUE(std::filesystem::exists(folder_ / "interlock-out/Pool.system.sol"));
    std::string attack;
    for (const auto& each : std::filesystem::directory_iterator(folder_ / "interlock-out"))
        if (each.path().string().ends_with(".attack.ilk")) attack = each.path().filename().string();
    EXPECT_EQ(interlock("scenario interlock-out/" + attack).exit, 0) << attack;
    EXPECT_EQ(interlock("replay interlock-out/" + replaced(attack, "attack.ilk", "trace.json")).exit, 0);
}

TEST_F(FileSystems, ItsFixedTwinIsQuiet) {
    write(folder_ / "src/Vault.sol", vault("collateralOf[msg.sender] = had - a;\n        ", ""));
    EXPECT_EQ(interlock("check --quick src/Pool.sol src/Vault.sol").exit, 0);
}

TEST_F(FileSystems, FilesThatHaveNothingToDoWithEachOtherAreCheckedAlone) {
    for (const char* name : {"bank.ilk", "bank_fixed.ilk"}) write(folder_ / name, contract(name));
    const Json report = Json::parse(interlock("check --json --quick bank.ilk bank_fixed.ilk").out);
    EXPECT_EQ(report["files"].size(), 2u);
    const Finished alone = interlock("check src/interfaces.sol");
    EXPECT_EQ(alone.exit, 65);
    EXPECT_NE(alone.err.find("contains no contract"), std::string::npos) << alone.err;
    EXPECT_EQ(interlock("check --quick src/interfaces.sol bank_fixed.ilk").exit, 65);
}

TEST_F(FileSystems, TwoContractsOfOneNameAreCheckedApart) {
    write(folder_ / "src/Vault.sol", vault("", "collateralOf[msg.sender] = had - a;") + "contract Pool {}\n");
    const Finished apart = interlock("check --json --quick src/Pool.sol src/Vault.sol");
    EXPECT_EQ(Json::parse(apart.out)["files"].size(), 2u) << apart.out;
}

// Files are found from wherever one is: what a project has beside the file's folder may be imported, what lies outside may not.
TEST_F(FileSystems, MayImportFromTheProjectAroundThem) {
    write(folder_ / "home/contracts/Main.sol",
          "pragma solidity ^0.8.20;\nimport {Part} from \"../parts/Part.sol\";\ncontract Main is Part {}\n");
    write(folder_ / "home/parts/Part.sol",
          "pragma solidity ^0.8.20;\nabstract contract Part { uint256 public x; function set(uint256 n) external { x = n; } "
          "}\n");
    std::filesystem::create_directory(folder_ / "elsewhere");
    const auto from_elsewhere = [&](const std::string& files) {
        return shell("cd elsewhere && '" INTERLOCK_BINARY "' check --quick " + files);
    };
    const Finished outside = from_elsewhere("../home/contracts/Main.sol");
    EXPECT_EQ(outside.exit, 65);
    EXPECT_NE(outside.err.find("outside of the folders"), std::string::npos) << outside.err;
    EXPECT_EQ(from_elsewhere("../home/contracts/Main.sol ../home/parts/Part.sol").exit, 0);  // whose folder was named
    write(folder_ / "home/package.json", "{}\n");
    EXPECT_EQ(from_elsewhere("../home/contracts/Main.sol").exit, 0);
}

}  // namespace
}  // namespace interlock::tests
