// Interfaces, what the comments say, and where variables lie, in our standard JSON against solc's.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "lang/output/standard_json.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {
namespace {

using Json = nlohmann::json;

Json answer_about(const std::filesystem::path& file) {
    return Json::parse(lang::standard_json(file.filename().string(), read_file(file), {}));
}

class Outputs : public testing::Test {
  protected:
    void SetUp() override {
        if (!Oracle::get().is_there()) GTEST_SKIP() << "differential tests skipped: " << Oracle::get().why_absent();
    }
};

TEST_F(Outputs, EveryContractIsDocumentedAsSolcDocumentsIt) {
    std::size_t texts = 0;
    for (const auto& path : tree_files()) {
        const std::string file = path.filename().string();
        const Json ours = answer_about(path);
        for (const auto& [name, theirs] : Oracle::get().contracts(file).items()) {
            SCOPED_TRACE(file + ": " + name);
            const Json& contract = ours["contracts"][file][name];
            EXPECT_EQ(contract["userdoc"], theirs["userdoc"]);
            EXPECT_EQ(contract["devdoc"], theirs["devdoc"]);
            texts += theirs["devdoc"]["methods"].size() + theirs["userdoc"]["methods"].size();
            const Json made = Json::parse(contract["metadata"].get<std::string>()),
                       other = Json::parse(theirs["metadata"].get<std::string>());
            EXPECT_EQ(made["sources"][file]["keccak256"], other["sources"][file]["keccak256"]);
            EXPECT_EQ(made["sources"][file].value("license", ""), other["sources"][file].value("license", ""));
            EXPECT_EQ(made["settings"]["compilationTarget"], other["settings"]["compilationTarget"]);
            EXPECT_EQ(made["output"]["devdoc"], other["output"]["devdoc"]);
        }
    }
    EXPECT_GE(texts, 10u);
}

TEST_F(Outputs, EveryInterfaceListsWhatSolcListsInItsOrder) {
    std::size_t entries = 0;
    for (const auto& path : tree_files()) {
        const std::string file = path.filename().string();
        const Json ours = answer_about(path);
        for (const auto& [name, theirs] : Oracle::get().contracts(file).items()) {
            SCOPED_TRACE(file + ": " + name);
            EXPECT_EQ(ours["contracts"][file][name]["abi"], theirs["abi"]);
            EXPECT_EQ(ours["contracts"][file][name]["evm"]["methodIdentifiers"], theirs["methodIdentifiers"]);
            entries += theirs["abi"].size();
        }
    }
    EXPECT_GE(entries, 100u);
}

// "struct Account)12" is "struct Account)".
std::string without_number(const std::string& name) {
    std::string made;
    for (std::size_t i = 0; i < name.size(); ++i) {
        made += name[i];
        if (name[i] != ')') continue;
        while (i + 1 < name.size() && std::isdigit(static_cast<unsigned char>(name[i + 1]))) ++i;
    }
    return made;
}

// The numbers of nodes differ: as values, and behind the names of types.
Json without_numbers(Json layout) {
    if (layout.is_string()) return without_number(layout.get<std::string>());
    if (layout.is_array())
        for (Json& each : layout) each = without_numbers(each);
    if (!layout.is_object()) return layout;
    Json made = Json::object();
    for (const auto& [key, value] : layout.items())
        if (key != "astId") made[without_number(key)] = without_numbers(value);
    return made;
}

TEST_F(Outputs, EveryVariableLiesWhereSolcPutsIt) {
    std::size_t variables = 0;
    for (const auto& path : tree_files()) {
        const std::string file = path.filename().string();
        const Json ours = answer_about(path);
        for (const auto& [name, theirs] : Oracle::get().contracts(file).items()) {
            SCOPED_TRACE(file + ": " + name);
            for (const char* layout : {"storageLayout", "transientStorageLayout"}) {
                const Json made = without_numbers(ours["contracts"][file][name][layout]);
                const Json other = without_numbers(theirs[layout]);
                EXPECT_EQ(made["storage"], other["storage"]);
                EXPECT_EQ(made["types"].size(), other["types"].size());
                for (const auto& [type, described] : other["types"].items())
                    EXPECT_EQ(made["types"].value(type, Json()), described);
                variables += other["storage"].size();
            }
        }
    }
    fmt::print("{} variables compared\n", variables);
    EXPECT_GE(variables, 50u);
}

}  // namespace
}  // namespace interlock::differential
