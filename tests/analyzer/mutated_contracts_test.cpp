// The callback-free proof against the explorer, on contracts that somebody wrote and one step spoilt: a call and a write
// change places, a guard or an update is dropped, a require weakened, an operator turned, a lock removed. No mutant may be
// proved of which the explorer finds a state that no calls one after the other reach.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <regex>
#include <sstream>

#include "unserial_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

struct Span {
    std::size_t begin = 0, end = 0;
};

// Statements in functions, without blocks: from behind the last one to the semicolon.
std::vector<Span> statements_of(const std::string& text) {
    constexpr int depth_of_functions = 2;
    std::vector<Span> statements;
    std::size_t begin = 0;
    int depth = 0, inside = 0;  // of blocks; of parentheses, and of braces that stand in an expression
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool is_option = c == '{' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
        if (c == '(' || is_option || (c == '{' && inside > 0)) ++inside;
        else if (c == ')' || (c == '}' && inside > 0)) --inside;
        else if (c == '{' || c == '}') {
            depth += c == '{' ? 1 : -1;
            begin = i + 1;
        } else if (c == ';' && inside == 0) {
            if (depth >= depth_of_functions) statements.push_back({begin, i + 1});
            begin = i + 1;
        }
    }
    return statements;
}

class Mutator {
  public:
    Mutator(std::vector<std::string> sources, std::uint64_t seed) : sources_(std::move(sources)), random_(seed) {}

    std::string mutant() {
        std::string text = sources_[below(sources_.size())];
        switch (below(6)) {
            case 0: swap_statements(text); break;
            case 1: drop_statement(text); break;
            case 2: drop_match(text, R"(require\([^;]*\);|if \([^;{]*\) revert[^;]*;)"); break;
            case 3: turn(text); break;
            case 4: drop_lock(text); break;
            default: drop_match(text, R"( && [^&|;,]+(?=[,)]))"); break;
        }
        return text;
    }

  private:
    std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }

    void swap_statements(std::string& text) {
        const std::vector<Span> all = statements_of(text);
        std::vector<std::size_t> pairs;
        for (std::size_t i = 0; i + 1 < all.size(); ++i)
            if (all[i].end == all[i + 1].begin) pairs.push_back(i);
        if (pairs.empty()) return;
        const Span one = all[pairs[below(pairs.size())]];
        const auto other = std::ranges::find(all, one.end, &Span::begin);
        const std::string first = text.substr(one.begin, one.end - one.begin),
                          second = text.substr(other->begin, other->end - other->begin);
        text.replace(one.begin, first.size() + second.size(), second + first);
    }
    void drop_statement(std::string& text) {
        const std::vector<Span> all = statements_of(text);
        if (all.empty()) return;
        const Span one = all[below(all.size())];
        text.erase(one.begin, one.end - one.begin);
    }
    void drop_match(std::string& text, const std::string& pattern) {
        const std::regex regex(pattern);
        std::vector<Span> matches;
        for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
            matches.push_back({static_cast<std::size_t>(match->position()), static_cast<std::size_t>(match->length())});
        if (matches.empty()) return;
        const Span one = matches[below(matches.size())];
        text.erase(one.begin, one.end);
    }
    void turn(std::string& text) {
        static const std::vector<std::pair<std::string, std::string>> turned{{" -= ", " += "},
                                                                             {" += ", " -= "},
                                                                             {" += ", " = "},
                                                                             {" -= ", " = "},
                                                                             {" == ", " != "},
                                                                             {" != ", " == "},
                                                                             {" >= ", " <= "},
                                                                             {" < ", " >= "},
                                                                             {" > ", " <= "},
                                                                             {"(!", "("},
                                                                             {" && ", " || "},
                                                                             {" = 0;", " = 1;"},
                                                                             {" = true;", " = false;"},
                                                                             {" = false;", " = true;"},
                                                                             {"msg.sender", "tx.origin"},
                                                                             {"[msg.sender]", "[address(this)]"},
                                                                             {" external ", " external payable "}};
        const auto& [from, to] = turned[below(turned.size())];
        std::vector<std::size_t> places;
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += from.size()) places.push_back(at);
        if (!places.empty()) text.replace(places[below(places.size())], from.size(), to);
    }
    void drop_lock(std::string& text) {
        std::smatch found;
        static const std::regex modifier(R"(modifier (\w+))");
        if (std::regex_search(text, found, modifier)) drop_match(text, " " + found[1].str() + R"((\(\w*\))?(?= [{v]))");
    }

    std::vector<std::string> sources_;
    std::mt19937_64 random_;
};

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    static const std::regex comment("//[^\n]*");
    return std::regex_replace(text.str(), comment, "");
}

std::vector<std::string> sources_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".ilk" || entry.path().extension() == ".sol") paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> sources;
    for (const auto& path : paths) sources.push_back(read(path));
    return sources;
}

std::size_t number_from(const char* variable, std::size_t usual) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : usual;
}

void expect_no_false_proof(const std::vector<std::string>& sources, std::size_t wanted) {
    const std::size_t seed = number_from("INTERLOCK_SEED", 1), most_tries = 30 * wanted;
    Mutator mutator(sources, seed);
    std::size_t searched = 0, proved = 0, caught = 0;
    for (std::size_t i = 0; i < most_tries && searched < wanted; ++i) {
        const std::string source = mutator.mutant();
        const Finding finding = examine(source);
        EXPECT_FALSE(finding.is_proved && finding.is_unserial && !finding.is_if_assumed)
            << "mutant " << i << " of seed " << seed << ":\n"
            << source << finding.steps;
        searched += finding.is_searched;
        proved += finding.is_proved;
        caught += finding.is_unserial;
    }
    EXPECT_EQ(searched, wanted);
    EXPECT_GT(proved, 0u);
    EXPECT_GT(caught, 0u);
    std::cout << proved << " of " << searched << " mutants proved, " << caught
              << " reach states that calls in order do not\n";
}

// INTERLOCK_SEED and INTERLOCK_MUTANTS choose others, and how many.
TEST(MutatedContracts, WhatIsProvedOfOurOwnIsSerial) {
    expect_no_false_proof(sources_in(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "contracts"),
                          number_from("INTERLOCK_MUTANTS", 60));
}

TEST(MutatedContracts, WhatIsProvedOfTheCorpusIsSerial) {
    const char* chosen = std::getenv("INTERLOCK_CORPUS");
    const std::filesystem::path folder =
        chosen ? std::filesystem::path(chosen) : std::filesystem::path(INTERLOCK_SOURCE_DIR) / ".." / "shared" / "corpus";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not present";
    expect_no_false_proof(sources_in(folder), number_from("INTERLOCK_MUTANTS", 60));
}

}  // namespace
}  // namespace interlock::analyzer::tests
