// difficulty_conformance: runs Ethereum's public difficulty tests.

#include "chain/difficulty.hpp"
#include "chain/fixtures/json_values.hpp"
#include "chain/fixtures/suite.hpp"
#include "tests/conformance/archive_runner.hpp"

namespace {

using namespace interlock;
using chain::fixtures::field, chain::fixtures::Json, chain::fixtures::to_u64, chain::fixtures::to_word;
using chain::fixtures::Verdict;
using conformance::CaseReport;

CaseReport run_case(const std::string& name, chain::Upgrade upgrade, const Json& test) {
    const chain::ParentForDifficulty parent{to_word(field(test, "parentDifficulty")),
                                            to_u64(field(test, "parentTimestamp")),
                                            to_u64(field(test, "parentUncles")) != 0};
    const chain::DifficultyRule& rule = chain::block_rules[static_cast<std::size_t>(upgrade)].difficulty;
    const vm::Word is = chain::next_difficulty(rule, parent, to_u64(field(test, "currentBlockNumber")),
                                               to_u64(field(test, "currentTimestamp")));
    const vm::Word should = to_word(field(test, "currentDifficulty"));
    if (is == should) return {name};
    return {name, Verdict::Failed, "is " + vm::to_hex(is) + ", expected " + vm::to_hex(should)};
}

std::vector<CaseReport> run(const std::filesystem::path& file) {
    std::vector<CaseReport> reports;
    const Json tests = chain::fixtures::parse_json(chain::fixtures::read_text(file));
    for (const auto& [name, test] : tests.items())
        for (const auto& [network, cases] : test.items()) {
            if (network == "_info") continue;
            const auto upgrade = chain::parse_upgrade(network);
            if (!upgrade) throw chain::fixtures::Malformed("there is no network " + network);
            for (const auto& [number, values] : cases.items())
                reports.push_back(run_case(name + "[" + network + "][" + number + "]", *upgrade, values));
        }
    return reports;
}

}  // namespace

int main(int argc, char** argv) { return conformance::run_archives(argc, argv, {"difficulty"}, run); }
