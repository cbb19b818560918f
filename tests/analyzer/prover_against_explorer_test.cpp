// The prover against the explorer: no contract may be both proved and attacked. Every single-line mutant of the
// teaching contracts is given to both: a statement left out, doubled or swapped with the next, an operator turned
// around.
#include <gtest/gtest.h>

#include "analyzer/check.hpp"
#include "lang/compile.hpp"
#include "proved_source.hpp"

namespace interlock::analyzer {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

bool is_statement(const std::string& line) {
    return line.starts_with("        ") && (line.ends_with(";") || line.ends_with("; }"));
}

const std::vector<std::pair<std::string, std::string>> turned{
    {" >= ", " > "},
    {" >= ", " < "},
    {" > ", " >= "},
    {" <= ", " >= "},
    {" < ", " <= "},
    {" == ", " != "},
    {" += ", " -= "},
    {" -= ", " += "},
    {" += ", " = "},
    {" + ", " - "},
    {"true", "false"},
    {"false", "true"},
    {"require(!", "require("},
    {" = 0;", " = 1;"},
    {"msg.sender", "address(this)"},
    {"amount", "2 * amount"},
    {" exclusive ", " "},
    {" external ", " external payable "},
};

std::vector<std::string> mutants_of(const std::string& text) {
    const std::vector<std::string> lines = lines_of(text);
    std::vector<std::string> mutants;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].find("invariant") != std::string::npos || lines[i].starts_with("//")) continue;
        for (const auto& [from, to] : turned) {
            const std::size_t at = lines[i].find(from);
            if (at == std::string::npos) continue;
            std::vector<std::string> mutant = lines;
            mutant[i].replace(at, from.size(), to);
            mutants.push_back(joined(mutant));
        }
        if (!is_statement(lines[i])) continue;
        std::vector<std::string> without = lines, doubled = lines, swapped = lines;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
        mutants.push_back(joined(without));
        mutants.push_back(joined(doubled));
        if (i + 1 == lines.size() || !is_statement(lines[i + 1])) continue;
        std::swap(swapped[i], swapped[i + 1]);
        mutants.push_back(joined(swapped));
    }
    return mutants;
}

struct Tally {
    int safe = 0, exploit = 0, unknown = 0, rejected = 0;
};

Tally check_mutants(const std::string& path) {
    Tally tally;
    CheckOptions options;
    options.bounds.transactions = 2;
    options.bounds.calls = 4;
    options.bounds.depth = 2;
    options.bounds.states = 2'000;
    options.bounds.macro_steps = 4'000;
    for (const std::string& mutant : mutants_of(testing::read_source(path))) {
        const auto compilation = std::make_shared<const lang::Compilation>(lang::compile("mutant.ilk", mutant));
        if (!compilation->ok()) {
            ++tally.rejected;
            continue;
        }
        const Report report = check(compilation, options);
        EXPECT_EQ(report.contradiction, "") << mutant;
        for (const PropertyVerdict& verdict : report.verdicts) {
            if (verdict.verdict == Verdict::Safe) ++tally.safe;
            else if (verdict.verdict == Verdict::Exploit) ++tally.exploit;
            else ++tally.unknown;
        }
    }
    return tally;
}

class ProverAgainstExplorer : public ::testing::TestWithParam<const char*> {};

TEST_P(ProverAgainstExplorer, NoMutantIsBothProvedAndAttacked) {
    const Tally tally = check_mutants(GetParam());
    EXPECT_GT(tally.safe, 0);
    RecordProperty("safe", tally.safe);
    RecordProperty("exploit", tally.exploit);
    RecordProperty("unknown", tally.unknown);
    RecordProperty("rejected", tally.rejected);
}

INSTANTIATE_TEST_SUITE_P(TeachingContracts, ProverAgainstExplorer,
                         ::testing::Values("contracts/bank_fixed.ilk", "contracts/bank_mutex.ilk",
                                           "contracts/accounting.ilk"));

}  // namespace
}  // namespace interlock::analyzer
