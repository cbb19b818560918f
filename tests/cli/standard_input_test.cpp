// `interlock build --standard-json`: solc's input document in, its output document out.
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

class StandardInput : public Command {
  protected:
    Json answer_to(const std::string& text, const std::string& how = "build --standard-json input.json") {
        write(folder_ / "input.json", text);
        const Finished finished = interlock(how);
        EXPECT_EQ(finished.exit, 0) << finished.err;
        EXPECT_EQ(finished.err, "");
        return Json::parse(finished.out);
    }
    Json answer_to(const Json& input) { return answer_to(input.dump()); }

    std::string refusal_of(const std::string& text) {
        const Json answer = answer_to(text);
        EXPECT_FALSE(answer.contains("contracts")) << text;
        if (!answer.contains("errors") || answer["errors"].size() != 1) return "no refusal: " + answer.dump();
        EXPECT_EQ(answer["errors"][0]["type"], "JSONError");
        EXPECT_EQ(answer["errors"][0]["severity"], "error");
        return answer["errors"][0]["message"];
    }

    Json input_ = {
        {"language", "Solidity"},
        {"sources",
         {{"src/a.sol", {{"content", "import 'lib/b.sol'; contract A is B { uint public x; }"}}},
          {"deps/b.sol", {{"content", "contract B { function f() external pure returns (uint) { return 1; } }"}}}}},
        {"settings",
         {{"remappings", {"lib/=deps/"}},
          {"optimizer", {{"enabled", true}, {"runs", 1}}},
          {"outputSelection", {{"*", {{"*", {"abi", "evm.bytecode.object"}}, {"", {"ast"}}}}}}}}};
};

TEST_F(StandardInput, CompilesTheSourcesThatItContains) {
    const Json answer = answer_to(input_);
    EXPECT_FALSE(answer.contains("errors")) << answer["errors"];
    const Json& a = answer["contracts"]["src/a.sol"]["A"];
    EXPECT_EQ(a["abi"].size(), 2u);
    EXPECT_FALSE(a["evm"]["bytecode"]["object"].get<std::string>().empty());
    EXPECT_EQ(answer["sources"]["src/a.sol"]["ast"]["absolutePath"], "src/a.sol");
    EXPECT_TRUE(answer["contracts"]["deps/b.sol"].contains("B"));
}

TEST_F(StandardInput, IsReadFromStandardInputWithoutAFile) {
    EXPECT_EQ(answer_to(input_.dump(), "build --standard-json < input.json"), answer_to(input_));
    EXPECT_EQ(answer_to(input_.dump(), "build --standard-json - < input.json"), answer_to(input_));
    write(folder_ / "input.json", input_.dump());
    const Finished piped = shell("cat input.json | '" INTERLOCK_BINARY "' build --standard-json");
    EXPECT_EQ(Json::parse(piped.out), answer_to(input_));
}

TEST_F(StandardInput, IsReadFromASocket) {  // as Node.js hands it to the programs that it starts
    const Json expected = answer_to(input_);
    const std::string text = input_.dump();
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    ASSERT_EQ(send(ends[0], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    shutdown(ends[0], SHUT_WR);
    constexpr int known = 9;
    dup2(ends[1], known);
    const Finished finished = shell("'" INTERLOCK_BINARY "' build --standard-json <&9");
    for (const int each : {ends[0], ends[1], known}) close(each);
    EXPECT_EQ(finished.err, "");
    EXPECT_EQ(Json::parse(finished.out), expected);
}

TEST_F(StandardInput, KnowsSourcesByAnyName) {
    input_["sources"] = {
        {"https://example.com//lib/a.sol", {{"content", "import './inner/../b.sol'; contract A is B {}"}}},
        {"https://example.com//lib/b.sol", {{"content", "contract B {}"}}},
        {"./c.sol", {{"content", "import 'https://example.com//lib/b.sol'; contract C is B {}"}}},
        {"c.sol", {{"content", "contract Other {}"}}},
        {"up//d.sol", {{"content", "import '../c.sol'; contract D is Other {}"}}},
    };
    const Json answer = answer_to(input_);
    EXPECT_FALSE(answer.contains("errors")) << answer["errors"];
    EXPECT_EQ(answer["sources"].size(), 5u);
    EXPECT_TRUE(answer["contracts"]["./c.sol"].contains("C"));
    EXPECT_TRUE(answer["contracts"]["c.sol"].contains("Other"));
    EXPECT_TRUE(answer["contracts"]["up//d.sol"].contains("D"));
    EXPECT_TRUE(answer["contracts"]["https://example.com//lib/a.sol"].contains("A"));
    EXPECT_TRUE(answer["contracts"]["https://example.com//lib/b.sol"].contains("B"));
}

TEST_F(StandardInput, TakesSourcesWithoutCode) {
    input_["sources"] = {
        {"a.sol", {{"content", ""}}}, {"b.sol", {{"content", "// nothing\n"}}}, {"c.sol", {{"content", "contract C {}"}}}};
    const Json answer = answer_to(input_);
    for (const Json& each : answer["errors"]) EXPECT_EQ(each["severity"], "warning") << each;
    EXPECT_EQ(answer["sources"]["a.sol"]["ast"]["src"], "0:0:0");
    EXPECT_EQ(answer["sources"]["b.sol"]["ast"]["src"], "11:0:1");
    EXPECT_TRUE(answer["contracts"]["c.sol"].contains("C"));
}

TEST_F(StandardInput, LinksLibraries) {
    input_["sources"] = {{"l.sol",
                          {{"content",
                            "library L { function f() external pure returns (uint) { return 7; } }"
                            "library M { function f() external pure returns (uint) { return 8; } }"}}},
                         {"a.sol",
                          {{"content",
                            "import 'l.sol'; contract A { function f() external pure returns (uint) {"
                            " return L.f() + M.f(); } }"}}}};
    input_["settings"]["outputSelection"] = {{"*", {{"*", {"evm.bytecode", "evm.deployedBytecode", "metadata"}}}}};
    const std::string address = "00112233445566778899aabbccddeeff00112233";
    const Json before = answer_to(input_)["contracts"]["a.sol"]["A"];
    EXPECT_EQ(before["evm"]["bytecode"]["linkReferences"]["l.sol"].size(), 2u);
    input_["settings"]["libraries"] = {{"l.sol", {{"L", "0x" + address}}}, {"elsewhere.sol", {{"L", "0x" + address}}}};
    const Json after = answer_to(input_)["contracts"]["a.sol"]["A"];
    for (const char* code : {"bytecode", "deployedBytecode"}) {
        const Json& links = before["evm"][code]["linkReferences"]["l.sol"];
        EXPECT_EQ(after["evm"][code]["linkReferences"], Json({{"l.sol", {{"M", links["M"]}}}}));
        std::string expected = before["evm"][code]["object"];
        for (const Json& link : links["L"]) expected.replace(2 * link["start"].get<std::size_t>(), 40, address);
        EXPECT_EQ(after["evm"][code]["object"], expected);
    }
    EXPECT_EQ(Json::parse(after["metadata"].get<std::string>())["settings"]["libraries"],
              Json({{"l.sol:L", "0x" + address}, {"elsewhere.sol:L", "0x" + address}}));
}

TEST_F(StandardInput, StopsAfterParsing) {
    input_["settings"]["stopAfter"] = "parsing";
    input_["settings"]["outputSelection"] = {{"*", {{"*", {"abi"}}}}};
    input_["sources"]["src/a.sol"]["content"] = "import 'lib/b.sol'; contract A is Unknown { uint x = true; }";
    const Json answer = answer_to(input_);
    EXPECT_FALSE(answer.contains("errors")) << answer["errors"];
    EXPECT_FALSE(answer.contains("contracts"));
    EXPECT_EQ(answer["sources"], Json({{"deps/b.sol", {{"id", 0}}}, {"src/a.sol", {{"id", 1}}}}));
    input_["sources"]["src/a.sol"]["content"] = "contract A {";
    EXPECT_EQ(answer_to(input_)["errors"][0]["type"], "ParserError");
}

TEST_F(StandardInput, ComparesTheHashesOfSources) {
    Json& source = input_["sources"]["deps/b.sol"];
    source = {{"content", ""}, {"keccak256", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"}};
    EXPECT_EQ(answer_to(input_)["errors"].back()["type"], "DeclarationError");  // B is unknown
    source["content"] = " ";
    EXPECT_EQ(answer_to(input_)["errors"][0]["type"], "IOError");
}

TEST_F(StandardInput, GivesOnlyWhatIsSelected) {
    Json& selection = input_["settings"]["outputSelection"];
    selection = {{"src/a.sol", {{"A", {"evm.methodIdentifiers"}}}}};
    Json answer = answer_to(input_);
    EXPECT_EQ(
        answer["contracts"],
        Json::parse(R"json({"src/a.sol":{"A":{"evm":{"methodIdentifiers":{"f()":"26121ff0","x()":"0c55699c"}}}}})json"));
    EXPECT_EQ(answer["sources"]["src/a.sol"].size(), 1u);  // its id
    selection = {{"*", {{"*", {"*"}}}}};
    answer = answer_to(input_);
    for (const char* output : {"abi", "devdoc", "evm", "metadata", "storageLayout", "userdoc"})
        EXPECT_TRUE(answer["contracts"]["src/a.sol"]["A"].contains(output)) << output;
    input_["settings"].erase("outputSelection");
    EXPECT_TRUE(answer_to(input_)["contracts"].empty());
}

TEST_F(StandardInput, ObeysTheSettings) {
    const auto code = [&] {
        return answer_to(input_)["contracts"]["src/a.sol"]["A"]["evm"]["bytecode"]["object"].get<std::string>();
    };
    input_["sources"]["src/a.sol"]["content"] =
        "contract A { function f(uint x) external pure returns (uint) {"
        " return x & 0xffffffffffffffffffffffff000000000000000000000000; } }";
    input_["settings"]["evmVersion"] = "cancun";
    const std::string cancun = code();
    EXPECT_NE(cancun.find("5f"), std::string::npos);
    input_["settings"]["evmVersion"] = "london";  // has no PUSH0
    EXPECT_NE(code(), cancun);
    input_["settings"]["evmVersion"] = "cancun";
    input_["settings"]["optimizer"]["runs"] = 1'000'000;
    EXPECT_NE(code(), cancun);
    input_["settings"]["remappings"] = {"lib/=elsewhere/"};
    input_["sources"]["src/a.sol"]["content"] = "import 'lib/b.sol';";
    EXPECT_EQ(answer_to(input_)["errors"][0]["sourceLocation"]["file"], "src/a.sol");
}

TEST_F(StandardInput, ReadsFilesOnlyBelowItsFolder) {
    write(folder_ / "project/near.sol", "contract Near {}");
    write(folder_ / "far.sol", "contract Far {}");
    const auto ask = [&](const std::string& url) {
        write(folder_ / "project/input.json", Json{{"language", "Solidity"},
                                                   {"sources", {{"a.sol", {{"urls", {url}}}}}},
                                                   {"settings", {{"outputSelection", {{"*", {{"*", {"abi"}}}}}}}}}
                                                  .dump());
        return Json::parse(shell("cd project; '" INTERLOCK_BINARY "' build --standard-json input.json").out);
    };
    EXPECT_TRUE(ask("near.sol")["contracts"]["a.sol"].contains("Near"));
    for (const std::string url : {"../far.sol", "/etc/passwd", "nowhere.sol"})
        EXPECT_NE(ask(url)["errors"][0]["message"].get<std::string>().find("cannot be read"), std::string::npos) << url;
    Json remapped = input_;
    remapped["settings"]["remappings"] = {"lib/=/etc/"};
    remapped["sources"]["src/a.sol"]["content"] = "import 'lib/passwd';";
    EXPECT_NE(answer_to(remapped).dump().find("outside of the folders"), std::string::npos);
}

TEST_F(StandardInput, TellsErrorsInTheAnswer) {
    input_["sources"]["src/a.sol"]["content"] = "contract A { uint x = true; }";
    const Json answer = answer_to(input_);
    ASSERT_EQ(answer["errors"].size(), 1u);
    EXPECT_EQ(answer["errors"][0]["sourceLocation"]["file"], "src/a.sol");
    EXPECT_EQ(answer["errors"][0]["type"], "TypeError");
}

TEST_F(StandardInput, NamesTheTypesOfErrorsAsSolcDoes) {
    const auto type_of = [&](const std::string& body) {
        input_["sources"] = {{"a.sol", {{"content", "contract A { " + body + " }"}}}};
        return answer_to(input_)["errors"][0]["type"].get<std::string>();
    };
    EXPECT_EQ(type_of("uint x = ;"), "ParserError");
    EXPECT_EQ(type_of("function f() public { y; }"), "DeclarationError");
    EXPECT_EQ(type_of("function f() public {} function f() public {}"), "DeclarationError");
    EXPECT_EQ(type_of("function f() public { uint x; x.foo; }"), "TypeError");
    EXPECT_EQ(type_of("uint x = true;"), "TypeError");
    EXPECT_EQ(type_of("function f() public { break; }"), "SyntaxError");
}

TEST_F(StandardInput, RefusesWhatIsNoInput) {
    EXPECT_EQ(refusal_of(""), "the input is not JSON");
    EXPECT_EQ(refusal_of(std::string(100'000, '[')), "the input is not JSON");
    EXPECT_EQ(refusal_of("{\"language\": \"\xff\"}"), "the input is not JSON");
    EXPECT_EQ(refusal_of("[]"), "the input is not an object");
    EXPECT_EQ(refusal_of("{}"), "the language must be \"Solidity\"");
    EXPECT_EQ(refusal_of(R"({"language": "Yul", "sources": {}})"), "the language must be \"Solidity\"");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "extra": 1})"), "the input has an unknown key `extra`");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "sources": {}})"), "there are no sources");
    const auto with_source = [&](const std::string& source) {
        return refusal_of(R"({"language": "Solidity", "sources": {"a.sol": )" + source + "}}");
    };
    EXPECT_EQ(with_source("1"), "the source `a.sol` is not an object");
    EXPECT_EQ(with_source("{}"), "the source `a.sol` has neither content nor urls");
    EXPECT_EQ(with_source(R"({"content": 1})"), "the source `a.sol`'s content is not a string");
    const auto with_settings = [&](const std::string& settings) {
        return refusal_of(R"({"language": "Solidity", "sources": {"a.sol": {"content": ""}}, "settings": )" + settings +
                          "}");
    };
    EXPECT_EQ(with_settings("1"), "settings is not an object");
    EXPECT_EQ(with_settings(R"({"viaIr": true})"), "settings has an unknown key `viaIr`");
    EXPECT_EQ(with_settings(R"({"remappings": ["x"]})"), "the remapping `x` is not of the form context:prefix=target");
    EXPECT_EQ(with_settings(R"({"evmVersion": "rome"})"), "settings.evmVersion `rome` is unknown");
    EXPECT_EQ(with_settings(R"({"optimizer": {"runs": -1}})"),
              "settings.optimizer.runs is not a number from 0 to 4294967295");
    EXPECT_EQ(with_settings(R"({"outputSelection": {"*": ["abi"]}})"),
              "a file of settings.outputSelection is not an object");
    EXPECT_EQ(with_settings(R"({"libraries": {"a.sol": {"L": "0x00"}}})"),
              "the address of the library `a.sol:L` is not 0x and 40 hexadecimal digits");
    EXPECT_EQ(with_settings(R"({"libraries": {"a.sol": 1}})"), "a file of settings.libraries is not an object");
    EXPECT_EQ(with_settings(R"({"stopAfter": "lexing"})"), "settings.stopAfter can only be \"parsing\"");
    EXPECT_EQ(with_settings(R"({"stopAfter": "parsing", "outputSelection": {"*": {"*": ["evm.bytecode.object"]}}})"),
              "settings.stopAfter is \"parsing\", but more than that is selected");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "sources": {"": {"content": ""}}})"),
              "a source has no path of 1 to 1024 bytes");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "sources": {"a\u0000b": {"content": ""}}})"),
              "a source has no path of 1 to 1024 bytes");
}

TEST_F(StandardInput, TakesNoOptionsThatItsInputHas) {
    for (const char* option : {"--emit=abi", "--json", "--remap a=b", "--contract A", "--optimize-runs 1", "a b"}) {
        const Finished finished = interlock(std::string("build --standard-json ") + option);
        EXPECT_EQ(finished.exit, 64) << option;
    }
    EXPECT_EQ(interlock("build").exit, 64);
}

}  // namespace
}  // namespace interlock::tests
