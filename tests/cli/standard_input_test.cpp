// `interlock build --standard-json`: solc's input document in, its output document out.
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
    EXPECT_EQ(with_settings(R"({"libraries": {"a.sol": {"L": "0x00"}}})"), "settings.libraries is not supported");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "sources": {"": {"content": ""}}})"),
              "a source has no path of 1 to 1024 bytes");
    EXPECT_EQ(refusal_of(R"({"language": "Solidity", "sources": {"a\u0000b": {"content": ""}}})"),
              "a source has no path of 1 to 1024 bytes");
    input_["sources"]["./a//b.sol"] = {{"content", ""}};
    EXPECT_EQ(refusal_of(input_.dump()), "the source `./a//b.sol` has a path that is not in its short form, `a/b.sol`");
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
