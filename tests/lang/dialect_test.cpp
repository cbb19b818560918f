// What older dialects allow and newer ones explain, one row for each rule; and which dialect a file has.
#include <gtest/gtest.h>

#include <map>

#include "lang/compile.hpp"
#include "lang/syntax/dialect.hpp"

namespace interlock::lang {
namespace {

Compilation compiled(std::string_view version, std::string_view code) {
    return compile("test.sol", "pragma solidity " + std::string(version) + ";\n" + std::string(code));
}

std::string told(const Compilation& compilation) { return render(compilation.diagnostics, *compilation.sources, false); }

struct Row {
    std::string_view what;
    std::string_view last;   // series that accepts it; the next one refuses it
    std::string_view error;  // what 0.8 says; empty: it means something else there
    std::string_view code;
};

constexpr Row rows[] = {
    {"a literal is cut off", "^0.7.0", "E302",
     "contract C { function f() public pure returns (uint8) { return uint8(300); } }"},
    {"a cast changes sign and width", "^0.7.0", "E302",
     "contract C { function f(int8 a) public pure returns (uint256) { return uint256(a); } }"},
    {"a number is cast to an address", "^0.7.0", "E302",
     "contract C { function f(uint256 a) public pure returns (address) { return address(a); } }"},
    {"an unsigned number is negated", "^0.7.0", "E303",
     "contract C { function f(uint256 a) public pure returns (uint256) { return -a; } }"},
    {"msg.sender may be paid", "^0.7.0", "E408", "contract C { function f() public { msg.sender.transfer(1); } }"},
    {"byte is a type", "^0.7.0", "E108", "contract C { byte b; }"},
    {"the id of the chain is pure", "^0.7.0", "E407",
     "contract C { function f() public pure returns (uint256 r) { assembly { r := chainid() } } }"},
    {"an override has its arguments elsewhere", "^0.7.0", "E430",
     "abstract contract A { function f(bytes memory a) public virtual; }"
     "contract C is A { function f(bytes calldata a) public override {} }"},
    {"an address that is written may be paid", "^0.7.0", "E301",
     "contract C { address payable a = 0x52908400098527886E0F7030069857D2E4169EE7; }"},
    {"a wider signed type takes unsigned numbers", "^0.7.0", "E301",
     "contract C { function f(uint8 a) public pure returns (int16) { return a; } }"},
    {"`now`", "^0.6.0", "E201", "contract C { function f() public view returns (uint256) { return now; } }"},
    {"options are called", "^0.6.0", "E202",
     "contract C { function f(address a) public { (bool ok, ) = a.call.value(1).gas(2)(\"\"); require(ok); } }"},
    {"options without a call", "^0.6.0", "E202",
     "contract C { function f(address a) public { a.call.value(1); a.call.value(1).gas(2); } }"},
    {"small units", "^0.6.0", "E101", "contract C { uint256 a = 1 finney; }"},
    {"a constructor is internal", "^0.6.0", "E410", "contract C { constructor() internal {} }"},
    {"`using` is inherited", "^0.6.0", "E202",
     "library L { function twice(uint256 a) internal pure returns (uint256) { return 2 * a; } }"
     "contract A { using L for uint256; }"
     "contract C is A { function f(uint256 a) public pure returns (uint256) { return a.twice(); } }"},
    {"a struct is made without its mapping", "^0.6.0", "E418",
     "contract C { struct S { uint256 a; mapping(uint256 => uint256) m; } S s; function f() public { s = S(1); } }"},
    {"assembly has suffixes", "^0.6.0", "E201",
     "contract C { uint256 a; function f() public view returns (uint256 r) { assembly { r := sload(a_slot) } } }"},
    {"an event is inherited twice", "^0.6.0", "E204",
     "interface I { event E(uint256 a); }"
     "contract C is I { event E(uint256 a); function f() public { emit E(1); } }"},
    {"a variable overrides a pure function", "^0.6.0", "E430",
     "interface I { function a() external pure returns (uint256); } contract C is I { uint256 public override a; }"},
    {"instructions without parentheses", "^0.5.0", "E201",
     "contract C { function f() public view returns (uint256 r) { assembly { r := add(chainid, caller) } } }"},
    {"`override` is not said", "^0.5.0", "E431",
     "contract A { function f() public {} } contract C is A { function f() public {} }"},
    {"a fallback has no name", "^0.5.0", "E102", "contract C { function () external payable {} }"},
    {"a length is written", "^0.5.0", "E306",
     "contract C { uint256[] a; function f() public { a.length = 3; a.length--; } }"},
    {"push gives the length", "^0.5.0", "E315",
     "contract C { uint256[] a; function f() public returns (uint256) { return a.push(3); } }"},
    {"`abstract` is not said", "^0.5.0", "E406", "contract C { function f() public; }"},
    {"a variable hides an inherited one", "^0.5.0", "E204", "contract A { uint256 a; } contract C is A { uint256 a; }"},
    {"a name that is a word today", "^0.5.0", "E102",
     "contract C { uint256 virtual; uint256 override; uint256 unchecked; }"},
    {"a constructor has the contract's name", "^0.4.0", "E204", "contract C { function C() public {} }"},
    {"public is not said", "^0.4.0", "E401", "contract C { function f() {} }"},
    {"a function is constant", "^0.4.0", "E102", "contract C { function f() public constant {} }"},
    {"`var`", "^0.4.0", "E101", "contract C { function f() public { var a = 1; a = 2; } }"},
    {"`var` of several", "^0.4.0", "E108",
     "contract C { function f() public { var (a, , b) = (1, 2, true); a = 2; b = false; } }"},
    {"`throw`", "^0.4.0", "E201", "contract C { function f() public { throw; } }"},
    {"a variable is of its function", "^0.4.0", "E201",
     "contract C { function f() public { a = 1; if (a > 0) { uint256 a; } a = 2; } }"},
    {"a location is not said", "^0.4.0", "E402", "contract C { function f(string s) public { uint256[] memory a; s; a; } }"},
    {"a reference has no place", "^0.4.0", "E420",
     "contract C { struct S { uint256 a; } function f() public { S storage s; s.a = 1; } }"},
    {"an event is called", "^0.4.0", "E421", "contract C { event E(uint256 a); function f() public { E(1); } }"},
    {"`sha3`, `suicide`", "^0.4.0", "E201", "contract C { function f() public { sha3(\"a\"); suicide(msg.sender); } }"},
    {"`msg.gas`, `block.blockhash`", "^0.4.0", "E202",
     "contract C { function f() public { uint256 a = msg.gas; bytes32 b = block.blockhash(a); b; } }"},
    {"years", "^0.4.0", "E101", "contract C { uint256 a = 1 years; }"},
    {"a call gives a bool", "^0.4.0", "E307", "contract C { function f(address a) public { bool ok = a.call(\"\"); ok; } }"},
    {"arguments are packed", "^0.4.0", "E304",
     "contract C { function f(address a) public returns (bytes32) { a.call(bytes4(1), 2); return keccak256(a, uint8(1)); } "
     "}"},
    {"an address is a number", "^0.4.0", "E301", "contract C { address a = 0; }"},
    {"an address is compared with a number", "^0.4.0", "E303",
     "contract C { function f(address a) public { require(a != 0x0); } }"},
    {"bytes take a number of any width", "^0.4.0", "E301", "contract C { bytes32 a = 5; }"},
    {"a contract is an address", "^0.4.0", "E202", "contract C { function f() public { this.balance; } }"},
    {"a checksum is advice", "^0.4.0", "E309", "contract C { address a = 0x1234567890abcdef1234567890abcdef12345678; }"},
    {"`return` lacks a value", "^0.4.0", "E315", "contract C { function f() public returns (uint256) { return; } }"},
    {"a view writes", "^0.4.0", "E407", "contract C { uint256 a; function f() public view { a = 1; } }"},
    {"a base is given arguments twice", "^0.4.0", "E436",
     "contract A { constructor(uint256 a) public { a; } } contract B is A(1) { constructor() A(2) public {} }"},
    {"a base is only named", "^0.4.0", "E436",
     "contract A { constructor() public {} } contract B is A { constructor() A public {} }"},
    {"a function without a body has modifiers", "^0.4.0", "E406",
     "contract C { modifier m() { _; } function f() m public; } contract D is C { function f() public { } }"},
    {"a struct is empty", "^0.4.0", "E443", "contract C { struct S { } }"},
};

constexpr std::string_view series[] = {"^0.4.0", "^0.5.0", "^0.6.0", "^0.7.0", "^0.8.0"};

TEST(Dialect, EachRuleHoldsUntilItsLastSeries) {
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        const auto last = std::ranges::find(series, row.last);
        const Compilation accepted = compiled(*last, row.code);
        EXPECT_TRUE(accepted.ok()) << told(accepted);
        EXPECT_FALSE(compiled(*(last + 1), row.code).ok());
    }
}

TEST(Dialect, TodaysIsExplainedAsBefore) {
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        const Compilation refused = compiled("^0.8.0", row.code);
        EXPECT_TRUE(refused.diagnostics.has_errors_of(row.error)) << told(refused);
    }
}

TEST(Dialect, IsTheNewestThatThePragmasAllow) {
    const std::map<std::string_view, Level> levels{
        {"^0.8.0", Level::V08}, {">=0.4.22 <0.9.0", Level::V08}, {">=0.6.0 <0.8.0", Level::V07},    {"^0.5.0", Level::V05},
        {"0.4.x", Level::V04},  {"0.4.26", Level::V04},          {"^0.4.11 || ^0.6.2", Level::V06}, {">=0.5.0", Level::V08},
        {"~0.6.4", Level::V06}};
    for (const auto& [range, level] : levels) EXPECT_EQ(Levels::allowed_by(range).newest(), level) << range;
    EXPECT_FALSE(Levels::allowed_by("^0.9.0").newest());
}

class Files : public Loader {
  public:
    explicit Files(std::map<std::string, std::string> files) : files_(std::move(files)) {}
    File read(const std::string& path) override {
        const auto found = files_.find(path);
        return found == files_.end() ? File{} : File{found->second, {}};
    }

  private:
    std::map<std::string, std::string> files_;
};

TEST(Dialect, IsAnOlderOneWhereTheNewestOfThemRefusesTheFile) {
    const Compilation read = compiled(">=0.5.0 <0.9.0", "contract C { function () external payable {} uint8 a = 1; }");
    EXPECT_TRUE(read.ok()) << told(read);
    EXPECT_NE(told(read).find("[W103]: Solidity 0.8 refuses this file: read as 0.5"), std::string::npos) << told(read);
    const Compilation refused = compiled(">=0.5.0 <0.9.0", "contract C { uint8 a = b; }");
    EXPECT_NE(told(refused).find("E201"), std::string::npos) << told(refused);
    EXPECT_EQ(told(refused).find("W103"), std::string::npos) << told(refused);
    for (const std::string pragma : {"", "pragma experimental ABIEncoderV2; "}) {
        const std::string code = pragma + "contract C { function () external payable {} }";
        const Compilation old = compile("test.sol", code);
        EXPECT_TRUE(old.ok()) << told(old);
        EXPECT_NE(told(old).find("[W103]: Solidity 0.8 refuses this file: read as 0.5"), std::string::npos) << told(old);
        EXPECT_FALSE(compile("test.ilk", code).ok()) << pragma;
    }
}

// Before 0.4 there was no `payable`: a file without a pragma that takes ether and never says so is of then.
TEST(Dialect, BeforePayableEveryFunctionTakesEther) {
    const std::string bank =
        "contract C { modifier m { if (msg.value > 9) throw; _ } uint x; function f() m { x += msg.value; }"
        "function () { x += 1; } }";
    const Compilation made = compile("test.sol", bank);
    ASSERT_TRUE(made.ok()) << told(made);
    EXPECT_EQ(made.older_series, "0.3");
    EXPECT_NE(told(made).find("[W103]: Solidity 0.8 refuses this file: read as 0.3"), std::string::npos) << told(made);
    for (const ir::Function& each : made.artifacts.front().ir->functions) {
        const bool is_closed = each.is_entry && each.mutability != ir::Mutability::Payable;
        EXPECT_FALSE(is_closed) << each.name;
    }
    EXPECT_TRUE(compile("test.sol", "pragma solidity ^0.3.0; " + bank).ok());
    EXPECT_FALSE(compile("test.sol", "pragma solidity ^0.4.0; " + bank).ok());
    EXPECT_EQ(compile("test.sol", "contract C { uint x; function f() payable { x += msg.value; } }").older_series, "0.4");
    EXPECT_EQ(compile("test.sol", "contract C { uint x; function f() { if (x == 0) throw; } }").older_series, "0.4");
    // What only 0.4 accepts is of then all the same.
    EXPECT_EQ(compile("test.sol",
                      "library L { function f(uint a) { } } contract C { uint x; function f() { if (msg.value > 0) "
                      "throw; } }")
                  .older_series,
              "0.4");
}

TEST(Dialect, OfFilesThatImportEachOtherIsOne) {
    Files files(
        {{"old.sol",
          "pragma solidity ^0.5.0; contract Old { function f(uint8 a) public pure returns (uint8) { return a + 1; } }"},
         {"none.sol", "contract None { function () external payable {} }"}});
    const auto with = [&](std::string_view pragma) {
        return compile("test.sol", std::string(pragma) + " import 'old.sol'; import 'none.sol'; contract C is Old { }",
                       {.loader = &files});
    };
    const Compilation both = with("pragma solidity >=0.4.0 <0.9.0;");
    EXPECT_TRUE(both.ok()) << told(both);
    const Compilation neither = with("pragma solidity ^0.6.0;");
    EXPECT_TRUE(neither.diagnostics.has_errors_of("E444")) << told(neither);
}

TEST(Dialect, ExplainsVariablesWithoutAType) {
    const auto refused = [](std::string_view body, std::string_view error) {
        const Compilation made = compiled("^0.4.0", "contract C { function f() { " + std::string(body) + " } }");
        EXPECT_TRUE(made.diagnostics.has_errors_of(error)) << body << "\n" << told(made);
        EXPECT_FALSE(made.diagnostics.has_errors_of("E999")) << told(made);
    };
    refused("var a;", "E203");
    refused("a = 2; var a = 1;", "E201");
    refused("var a = uint;", "E207");
    refused("var (a, b) = (uint, 1); b = a;", "E207");
    refused("var (a, b) = 1;", "E307");
    refused("uint a; if (true) { uint a; }", "E204");
}

TEST(Dialect, IsTodaysWithoutAPragma) {
    EXPECT_FALSE(compile("test.ilk", "contract C { function f() {} }").ok());
    EXPECT_FALSE(compile("test.sol", "contract C { function f() { throw; } uint8 a = b; }").ok());
    EXPECT_TRUE(compile("test.sol", "contract C { uint8 a = 1; }").diagnostics.all().empty());
}

TEST(Dialect, TakesTheExperimentalCoder) {
    const Compilation made = compile(
        "test.sol",
        "pragma solidity ^0.5.0; pragma experimental ABIEncoderV2;\n"
        "contract C { struct S { uint256 a; } function f(S memory s) public pure returns (uint256) { return s.a; } }");
    EXPECT_TRUE(made.ok()) << told(made);
}

}  // namespace
}  // namespace interlock::lang
