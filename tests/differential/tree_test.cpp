// Our syntax tree in solc's shape against solc's own. Every attribute that we print must be
// equal; what we leave out on purpose is listed. The numbers of nodes are our own: they are compared through the nodes
// that have them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "lang/output/standard_json.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {
namespace {

using Json = nlohmann::json;

// What only solc's own analysis gives.
const std::set<std::string> left_out{"internalFunctionIDs", "isSimpleCounterLoop"};

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
                                            "usedErrors",
                                            "usedEvents",
                                            "overloadedDeclarations",
                                            "sourceUnit",
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
        for (const auto& [ours, theirs, where] : identifiers_)
            if (with_their_numbers(ours) != theirs.get<std::string>()) differ(where, ours, theirs);
    }

    std::size_t nodes = 0, attributes = 0;

  private:
    struct Pair {
        Json ours, theirs;
        std::string where;
    };

    // "t_struct$_Account_$12_storage" with the number that solc's tree gives the node. Other numbers are lengths of arrays.
    [[nodiscard]] std::string with_their_numbers(const std::string& identifier) {
        std::string made = identifier;
        for (const std::string_view kind :
             {"t_contract$_", "t_struct$_", "t_enum$_", "t_userDefinedValueType$_", "t_super$_", "t_module_"})
            for (std::size_t at = made.find(kind); at != std::string::npos; at = made.find(kind, at + 1)) {
                const std::size_t name = at + kind.size();
                const std::size_t number = kind == "t_module_" ? name : made.find("_$", name) + 2;
                const std::size_t end = std::min(made.find_first_not_of("0123456789", number), made.size());
                const std::uint64_t ours = std::stoull(made.substr(number, end - number));
                made.replace(number, end - number, std::to_string(theirs_of(ours)));
            }
        return made;
    }

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

TEST(Trees, EveryNodeIsAsInSolcsTree) {
    if (!Oracle::get().is_there()) GTEST_SKIP() << "differential tests skipped: " << Oracle::get().why_absent();
    std::size_t nodes = 0, attributes = 0;
    for (const auto& path : tree_files()) {
        const std::string file = path.filename().string();
        SCOPED_TRACE(file);
        const Json answer = Json::parse(lang::standard_json(file, read_file(path), {}));
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

}  // namespace
}  // namespace interlock::differential
