// Contracts of which only the bytecode is known: their interfaces are read from the code, and the attacks are the same.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "analyzer/bytecode/abi_reader.hpp"
#include "analyzer/bytecode/assemble.hpp"
#include "analyzer/bytecode/code_text.hpp"
#include "analyzer/bytecode/interface.hpp"
#include "analyzer/check.hpp"
#include "lang/output/abi_json.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Assembly assembled(std::vector<lang::Bytecode> bytecodes) {
    auto made = assemble(std::move(bytecodes), nullptr, vm::default_fork);
    if (const auto* why = std::get_if<std::string>(&made)) throw std::runtime_error(*why);
    return std::get<Assembly>(made);
}

enum class Form { Creation, Runtime };

// The contracts of a compilation as bytecode.
std::vector<lang::Bytecode> bytecodes_of(const lang::Compilation& compilation, Form form, bool with_abi) {
    std::vector<lang::Bytecode> list;
    for (const lang::Artifact& artifact : compilation.artifacts)
        list.push_back({artifact.name, artifact.name + ".bin",
                        form == Form::Creation ? artifact.creation_code : artifact.runtime_code,
                        with_abi ? lang::abi::to_json(*artifact.ir) : ""});
    return list;
}

Report checked(const std::shared_ptr<const lang::Compilation>& compilation) {
    CheckOptions options;
    options.timeout_seconds = 2;
    return check(compilation, options);
}

std::string interface_of(const std::string& source) {
    const auto compilation = compiled("c.ilk", source);
    std::string text;
    for (const ReadFunction& each : read_interface(compilation->main()->runtime_code).functions) {
        const auto& functions = compilation->main()->ir->functions;
        const auto known = std::ranges::find(functions, each.selector, &lang::ir::Function::selector);
        text += (text.empty() ? "" : " ") + (known == functions.end() ? "?" : known->name) + "(";
        for (const std::string& type : each.parameters) text += (text.ends_with('(') ? "" : ",") + type;
        text += std::string(")") + (each.changes_nothing ? "v" : "") + (each.is_payable ? "$" : "");
    }
    return text;
}

TEST(ReadInterface, KnowsParametersByHowTheyAreRead) {
    EXPECT_EQ(interface_of("contract C { uint256 n; mapping(address => uint256) m;"
                           "  function f(address to, uint256 amount) external { m[to] += amount; } }"),
              "f(address,uint256)");
    EXPECT_EQ(interface_of("contract C { bool b; function f(bool x) external { b = x; } }"), "f(bool)");
    EXPECT_EQ(interface_of("contract C { uint8 n; function f(uint8 x) external { n = x; } }"), "f(uint8)");
    EXPECT_EQ(interface_of("contract C { bytes4 n; function f(bytes4 x) external { n = x; } }"), "f(bytes4)");
    EXPECT_EQ(interface_of("contract C { int64 n; function f(int64 x) external { n = x; } }"), "f(int64)");
    EXPECT_EQ(interface_of("contract C { bytes b; function f(uint256 x, bytes calldata y) external { if (x > 0) b = y; } }"),
              "f(uint256,bytes)");
    EXPECT_EQ(
        interface_of("contract C { mapping(address => bool) m;"
                     "  function f(address[] calldata a) external { for (uint256 i; i < a.length; ++i) m[a[i]] = true; } }"),
        "f(address[])");
}

TEST(ReadInterface, KnowsWhoTakesEtherAndWhoChangesNothing) {
    EXPECT_EQ(interface_of("contract C { uint256 n; function f() external payable { n = 1; } }"), "f()$");
    EXPECT_EQ(interface_of("contract C { uint256 public n; }"), "n()v");
}

TEST(ReadInterface, TellsReceiveFromFallback) {
    const auto interface = [](const std::string& source) {
        return read_interface(compiled("c.ilk", source)->main()->runtime_code);
    };
    const std::string f = "function f() external { n = 1; } uint256 n; ";
    EXPECT_FALSE(interface("contract C { " + f + "}").has_receive);
    EXPECT_FALSE(interface("contract C { " + f + "}").has_fallback);
    EXPECT_TRUE(interface("contract C { " + f + "receive() external payable {} }").has_receive);
    EXPECT_FALSE(interface("contract C { " + f + "receive() external payable {} }").has_fallback);
    EXPECT_TRUE(interface("contract C { " + f + "fallback() external payable {} }").has_fallback);
    EXPECT_TRUE(interface("contract C { " + f + "fallback() external payable {} }").is_payable);
    EXPECT_FALSE(interface("contract C { " + f + "fallback() external {} }").is_payable);
}

// Every contract that is shipped: all selectors, and who takes ether.
TEST(ReadInterface, FindsEveryFunctionOfTheShippedContracts) {
    std::size_t functions = 0, parameters = 0, exact = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(INTERLOCK_SOURCE_DIR) + "/contracts")) {
        if (entry.path().extension() != ".ilk") continue;
        const auto compilation = shipped(entry.path().filename().string());
        for (const lang::Artifact& artifact : compilation->artifacts) {
            if (artifact.ir->is_library) continue;
            std::map<std::uint32_t, ReadFunction> read;
            for (ReadFunction& each : read_interface(artifact.runtime_code).functions) read[each.selector] = std::move(each);
            for (const lang::ir::Function& function : artifact.ir->functions) {
                if (!function.is_entry || function.kind == lang::ir::FunctionKind::Receive ||
                    function.kind == lang::ir::FunctionKind::Fallback)
                    continue;
                const std::string name = artifact.name + "." + function.signature();
                ASSERT_TRUE(read.contains(function.selector)) << name;
                const ReadFunction& found = read[function.selector];
                EXPECT_EQ(found.is_payable, function.mutability == lang::ir::Mutability::Payable) << name;
                if (found.changes_nothing) {
                    EXPECT_TRUE(function.mutability == lang::ir::Mutability::View ||
                                function.mutability == lang::ir::Mutability::Pure || function.parameters.empty())
                        << name;
                }
                ++functions;
                for (std::size_t i = 0; i < function.parameters.size(); ++i) {
                    ++parameters;
                    exact +=
                        i < found.parameters.size() && found.parameters[i] == lang::ir::abi_name(function.parameters[i]);
                }
                read.erase(function.selector);
            }
            EXPECT_TRUE(read.empty()) << artifact.name << " has a function too many";
        }
    }
    EXPECT_GE(functions, 40u);
    EXPECT_GT(exact * 10, parameters * 8) << exact << " of " << parameters;
    RecordProperty("exact_parameters", std::to_string(exact) + " of " + std::to_string(parameters));
}

class Bytecodes : public ::testing::TestWithParam<std::tuple<Form, bool>> {};

TEST_P(Bytecodes, AreAttackedLikeTheirSource) {
    const auto& [form, with_abi] = GetParam();
    const auto compilation = shipped("bank.ilk");
    const Report report = checked(assembled(bytecodes_of(*compilation, form, with_abi)).compilation);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.attacks.front().gain, Word{1'000'000'000} * Word{1'000'000'000});
    EXPECT_EQ(report.attacks.front().script.kind, "reentrancy");
    EXPECT_TRUE(report.unconfirmed.empty()) << report.unconfirmed;
    const Replay again = replay(to_json(report.attacks.front()));
    EXPECT_TRUE(again.repeats) << (again.differences.empty() ? "" : again.differences.front());
}

TEST_P(Bytecodes, AreQuietWhereTheirSourceIs) {
    const auto& [form, with_abi] = GetParam();
    const Report report = checked(assembled(bytecodes_of(*shipped("bank_fixed.ilk"), form, with_abi)).compilation);
    EXPECT_FALSE(report.has_exploit());
    ASSERT_EQ(report.verdicts.size(), 1u);
    EXPECT_EQ(report.verdicts[0].verdict, Verdict::Unknown);
}

INSTANTIATE_TEST_SUITE_P(InEveryForm, Bytecodes,
                         ::testing::Combine(::testing::Values(Form::Creation, Form::Runtime), ::testing::Bool()));

TEST(Bytecode, StoriesShowWhatWasHashedIntoASlot) {
    const auto compilation = shipped("bank.ilk");
    const Report report = checked(assembled(bytecodes_of(*compilation, Form::Creation, true)).compilation);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_THAT(to_json(report.attacks.front()), HasSubstr("slot 0[Attacker]"));
}

TEST(Bytecode, IsNotTakenForCreationCodeWhereItDeploysNothingOfItself) {
    const auto compilation = compiled("c.ilk", "contract C { uint256 n; fallback() external payable { n = 1; } }");
    const auto& artifact = *compilation->main();
    EXPECT_EQ(assembled({{"C", "C.bin", artifact.creation_code}}).compilation->main()->runtime_code, artifact.runtime_code);
    EXPECT_EQ(assembled({{"C", "C.bin", artifact.runtime_code}}).compilation->main()->runtime_code, artifact.runtime_code);
}

TEST(Bytecode, OfAConstructorWithArgumentsIsCreationCode) {
    const auto compilation = compiled("c.ilk",
                                      "contract C { address o; uint256 n;"
                                      "  constructor(address a, uint256 b) { require(a != address(0)); o = a; n = b; }"
                                      "  function f() external { n += 1; } }");
    const auto made = assembled({{"C", "C.bin", compilation->main()->creation_code}});
    const auto& ir = *made.compilation->main()->ir;
    ASSERT_NE(ir.constructor, lang::ir::Contract::none);
    std::vector<std::string> types;
    for (const auto& each : ir.functions[ir.constructor].parameters) types.push_back(lang::ir::abi_name(each));
    EXPECT_THAT(types, ElementsAre("address", "uint256"));
}

TEST(Bytecode, OfAConstructorThatWantsEtherIsCreationCode) {
    const auto compilation = compiled("c.ilk", R"(
        contract C {
            uint256 n;
            constructor() payable { require(msg.value >= 1 ether); }
            function f() external { n += 1; }
        })");
    const auto& artifact = *compilation->main();
    const auto made = assembled({{"C", "C.bin", artifact.creation_code}});
    EXPECT_EQ(made.compilation->main()->runtime_code, artifact.runtime_code);
    const auto& ir = *made.compilation->main()->ir;
    ASSERT_NE(ir.constructor, lang::ir::Contract::none);
    EXPECT_EQ(ir.functions[ir.constructor].mutability, lang::ir::Mutability::Payable);
}

// As with its source: of a token that can only be moved, and of which there is nothing, nobody ever has any.
TEST(Bytecode, ABaseOfTokensStandsForNoToken) {
    const auto compilation = compiled("c.ilk", R"(
        contract Shares {
            uint256 public totalSupply;
            mapping(address => uint256) public balanceOf;
            function transfer(address to, uint256 amount) external returns (bool) { return move(msg.sender, to, amount); }
            function transferFrom(address from, address to, uint256 amount) external returns (bool) { return move(from, to, amount); }
            function move(address from, address to, uint256 amount) internal returns (bool) {
                balanceOf[from] -= amount;
                balanceOf[to] += amount;
                return true;
            }
        }
        contract Vault is Shares {
            Shares immutable asset;
            constructor(Shares a) { asset = a; }
            function enter(uint256 amount) external {
                asset.transferFrom(msg.sender, address(this), amount);
                balanceOf[msg.sender] += amount;
                totalSupply += amount;
            }
        })");
    const auto roots = systems_of(assembled(bytecodes_of(*compilation, Form::Creation, true)).compilation);
    std::vector<std::string> names;
    for (const DeployedContract& each : roots.front().world.contracts()) names.push_back(each.name);
    EXPECT_THAT(names, ElementsAre("Shares", "Token", "Vault"));
}

TEST(Bytecode, WarnsOfFunctionsThatTheCodeDoesNotHave) {
    const auto compilation = shipped("bank.ilk");
    const Assembly made = assembled({{"Bank", "Bank.bin", compilation->main()->creation_code,
                                      R"([{"type":"function","name":"withdraw","inputs":[{"type":"uint256","name":"a"}],)"
                                      R"("outputs":[],"stateMutability":"nonpayable"},)"
                                      R"({"type":"function","name":"other","inputs":[]}])"}});
    EXPECT_THAT(made.warnings, ElementsAre("the ABI of Bank has other(), and its code has no such function"));
}

std::string why_no_code(std::string_view text) {
    const auto read = read_code(text);
    return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "";
}

TEST(Bytecode, IsRefusedWithTheReason) {
    EXPECT_EQ(why_no_code("0x6000"), "");
    EXPECT_EQ(why_no_code(std::string_view("\x60\x00\x01", 3)), "");
    EXPECT_THAT(why_no_code(""), HasSubstr("empty"));
    EXPECT_THAT(why_no_code("hello"), HasSubstr("not hexadecimal: `h`"));
    EXPECT_THAT(why_no_code("600"), HasSubstr("odd number"));
    EXPECT_THAT(why_no_code("73__$1234567890123456789012345678901234$__63"), HasSubstr("library"));
    EXPECT_THAT(why_no_code(std::string(200'000, '0')), HasSubstr("too large"));
}

std::string why_no_abi(std::string_view text) {
    const auto read = read_abi(text);
    return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "";
}

TEST(AbiReader, RefusesWhatIsNoAbi) {
    EXPECT_EQ(why_no_abi("[]"), "");
    EXPECT_EQ(why_no_abi("{\"abi\": []}"), "");
    EXPECT_THAT(why_no_abi("6060"), HasSubstr("no list"));
    EXPECT_THAT(why_no_abi("[{"), HasSubstr("not JSON"));
    EXPECT_THAT(why_no_abi("[7]"), HasSubstr("entry 1 is no object"));
    EXPECT_THAT(why_no_abi(R"([{"type":"function","name":"f","inputs":[{"type":"quint"}]}])"), HasSubstr("no type `quint`"));
    EXPECT_THAT(why_no_abi(R"([{"type":"function","name":"f; }","inputs":[]}])"), HasSubstr("no name"));
    EXPECT_THAT(why_no_abi(R"([{"type":"function","inputs":[]}])"), HasSubstr("has no name"));
    EXPECT_THAT(why_no_abi(std::string(1000, '[')), HasSubstr("deep"));
}

TEST(AbiReader, KnowsTheAbisOfOldCompilers) {
    const auto read =
        read_abi(R"([{"constant":true,"inputs":[],"name":"a","outputs":[{"name":"","type":"uint256"}],"type":"function"},
        {"constant":false,"inputs":[],"name":"b","outputs":[],"payable":false,"type":"function"},
        {"constant":false,"inputs":[],"name":"c","outputs":[],"type":"function"},
        {"inputs":[{"name":"x","type":"address"}],"type":"constructor"}])");
    const auto& contract = std::get<lang::ir::Contract>(read);
    EXPECT_EQ(contract.functions[0].mutability, lang::ir::Mutability::View);
    EXPECT_EQ(contract.functions[1].mutability, lang::ir::Mutability::NonPayable);
    EXPECT_EQ(contract.functions[2].mutability, lang::ir::Mutability::Payable);
    EXPECT_EQ(contract.constructor, 3u);
}

TEST(AbiReader, ReadsStructsAndLists) {
    const auto read = read_abi(R"([{"type":"function","name":"f","inputs":[{"name":"p","type":"tuple[]","components":
        [{"name":"to","type":"address"},{"name":"data","type":"bytes"}]}],"outputs":[],"stateMutability":"nonpayable"}])");
    EXPECT_EQ(std::get<lang::ir::Contract>(read).functions[0].signature(), "f((address,bytes)[])");
}

// Code from anybody is read to an end, whatever it is.
TEST(ReadInterface, EndsForAnyCode) {
    std::uint64_t state = 1;
    for (int round = 0; round < 200; ++round) {
        Bytes code(400);
        for (std::uint8_t& byte : code) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::uint8_t>(state >> 56u);
            if (byte % 5 == 0) byte = 0x5b;
            if (byte % 7 == 0) byte = 0x60;
        }
        EXPECT_LE(read_interface(code).functions.size(), 512u);
    }
}

}  // namespace
}  // namespace interlock::analyzer::tests
