// Our syntax tree in solc's shape against solc's own, and what the comments say. Every attribute that we print must be
// equal; what we leave out on purpose is listed. The numbers of nodes are our own: they are compared through the nodes
// that have them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "lang/output/standard_json.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {
namespace {

using Json = nlohmann::json;

// What only solc's own analysis gives.
const std::set<std::string> left_out{"usedErrors", "usedEvents", "internalFunctionIDs", "isSimpleCounterLoop"};

bool is_number_of_node(const std::string& key) {
    static const std::set<std::string> keys{"scope",
                                            "referencedDeclaration",
                                            "functionReturnParameters",
                                            "declaration",
                                            "linearizedBaseContracts",
                                            "contractDependencies",
                                            "baseFunctions",
                                            "baseModifiers",
                                            "assignments",
                                            "overloadedDeclarations",
                                            "function"};
    return keys.contains(key);
}

// Numbers of built-in names are negative, printed as unsigned ones.
bool is_builtin(std::uint64_t number) { return number > 0xffff'0000; }

class Comparison {
  public:
    void compare(const Json& ours, const Json& theirs, const std::string& where) {
        if (ours.is_object() && theirs.is_object()) return compare_objects(ours, theirs, where);
        if (ours.is_array() && theirs.is_array()) {
            if (ours.size() != theirs.size()) return differ(where + ": another number of parts", ours, theirs);
            for (std::size_t i = 0; i < ours.size(); ++i) compare(ours[i], theirs[i], where);
            return;
        }
        if (ours != theirs) differ(where, ours, theirs);
    }

    // When all nodes are known.
    void compare_numbers() {
        for (const auto& [ours, theirs, where] : numbers_) {
            std::vector<std::uint64_t> left, right;
            collect(ours, left, true);
            collect(theirs, right, false);
            std::ranges::sort(left);
            std::ranges::sort(right);
            if (left != right) differ(where, ours, theirs);
        }
        static const std::regex numbered(R"((t_(contract|struct|enum|userDefinedValueType|super)\$_\w+?_\$)(\d+))");
        for (const auto& [ours, theirs, where] : identifiers_) {
            std::string text = ours, made;
            std::smatch found;
            while (std::regex_search(text, found, numbered)) {
                made += found.prefix().str() + found[1].str() + std::to_string(theirs_of(std::stoull(found[3].str())));
                text = found.suffix().str();
            }
            if (made + text != theirs.get<std::string>()) differ(where, ours, theirs);
        }
    }

    std::size_t nodes = 0, attributes = 0;

  private:
    struct Pair {
        Json ours, theirs;
        std::string where;
    };

    void differ(const std::string& where, const Json& ours, const Json& theirs) {
        ADD_FAILURE() << where << "\nours:   " << ours.dump().substr(0, 400) << "\nsolc's: " << theirs.dump().substr(0, 400);
    }

    void compare_objects(const Json& ours, const Json& theirs, const std::string& where) {
        nodes += theirs.contains("nodeType");
        const std::string here =
            theirs.contains("src") ? fmt::format("{} at {}", theirs.value("nodeType", ""), theirs.value("src", "")) : where;
        for (const auto& [key, value] : ours.items()) {
            ++attributes;
            const std::string place = here + ", " + key;
            if (!theirs.contains(key)) differ(place + ": solc has no such attribute", value, nullptr);
            else if (key == "id") known_[value.get<std::uint64_t>()] = theirs[key].get<std::uint64_t>();
            else if (key == "exportedSymbols") compare_symbols(value, theirs[key], place);
            else if (key == "externalReferences") compare(sorted(value), sorted(theirs[key]), place);
            else if (is_number_of_node(key) && !theirs[key].is_object()) numbers_.push_back({value, theirs[key], place});
            else if (key == "typeIdentifier") identifiers_.push_back({value, theirs[key], place});
            else if (key != "absolutePath") compare(value, theirs[key], place);
        }
        for (const auto& [key, value] : theirs.items())
            if (!ours.contains(key) && !left_out.contains(key)) differ(here + ", " + key + ": not printed", nullptr, value);
    }

    void compare_symbols(const Json& ours, const Json& theirs, const std::string& where) {
        for (const auto& [name, list] : ours.items()) {
            if (theirs.contains(name)) numbers_.push_back({list, theirs[name], where + " " + name});
            else differ(where + " " + name, list, nullptr);
        }
        EXPECT_EQ(ours.size(), theirs.size()) << where;
    }

    static Json sorted(Json references) {
        std::sort(references.begin(), references.end(), [](const Json& a, const Json& b) { return a["src"] < b["src"]; });
        return references;
    }

    [[nodiscard]] std::uint64_t theirs_of(std::uint64_t number) const {
        if (is_builtin(number)) return number;
        const auto found = known_.find(number);
        return found == known_.end() ? ~std::uint64_t{0} : found->second;
    }

    void collect(const Json& json, std::vector<std::uint64_t>& into, bool is_ours) const {
        if (json.is_array()) {
            for (const Json& each : json) collect(each, into, is_ours);
        } else if (json.is_number()) {
            into.push_back(is_ours ? theirs_of(json.get<std::uint64_t>()) : json.get<std::uint64_t>());
        }
    }

    std::map<std::uint64_t, std::uint64_t> known_;
    std::vector<Pair> numbers_, identifiers_;
};

Json answer_about(const std::filesystem::path& file) {
    return Json::parse(lang::standard_json(file.filename().string(), read_file(file), {}));
}

class Trees : public testing::Test {
  protected:
    void SetUp() override {
        if (!Oracle::get().is_there()) GTEST_SKIP() << "differential tests skipped: " << Oracle::get().why_absent();
    }
};

TEST_F(Trees, EveryNodeIsAsInSolcsTree) {
    std::size_t nodes = 0, attributes = 0;
    for (const auto& path : tree_files()) {
        const std::string file = path.filename().string();
        SCOPED_TRACE(file);
        const Json answer = answer_about(path);
        ASSERT_TRUE(answer["sources"][file].contains("ast")) << answer.value("errors", Json()).dump();
        Comparison comparison;
        comparison.compare(answer["sources"][file]["ast"], Oracle::get().tree(file), file);
        comparison.compare_numbers();
        nodes += comparison.nodes;
        attributes += comparison.attributes;
    }
    fmt::print("{} nodes with {} attributes compared\n", nodes, attributes);
    EXPECT_GE(nodes, 10'000u);
}

TEST_F(Trees, EveryContractIsDocumentedAsSolcDocumentsIt) {
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

// The numbers of nodes differ: as values, and behind the names of types.
Json without_numbers(Json layout) {
    static const std::regex number(R"(\)\d+)");
    if (layout.is_string()) return std::regex_replace(layout.get<std::string>(), number, ")");
    if (layout.is_array())
        for (Json& each : layout) each = without_numbers(each);
    if (!layout.is_object()) return layout;
    Json made = Json::object();
    for (const auto& [key, value] : layout.items())
        if (key != "astId") made[std::regex_replace(key, number, ")")] = without_numbers(value);
    return made;
}

TEST_F(Trees, EveryVariableLiesWhereSolcPutsIt) {
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
