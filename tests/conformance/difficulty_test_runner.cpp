// difficulty_conformance: runs Ethereum's public difficulty tests: by fork, and the older ones by the blocks of a
// network.

#include <iostream>
#include "chain/difficulty.hpp"

#include "chain/block.hpp"
#include "chain/fixtures/json_values.hpp"
#include "chain/fixtures/suite.hpp"
#include "chain/schedule.hpp"
#include "tests/conformance/archive_runner.hpp"

namespace {

using namespace interlock;
using chain::fixtures::field, chain::fixtures::find_field, chain::fixtures::Json, chain::fixtures::to_u64,
    chain::fixtures::to_word;
using chain::fixtures::Verdict;
using conformance::CaseReport;

// The older tests give the hash of the parent's ommers, the newer ones say whether there are any.
bool has_ommers(const Json& test) {
    const Json* ommers = find_field(test, "parentUncles");
    if (ommers == nullptr) return false;
    const vm::Word value = to_word(*ommers);
    return !value.is_zero() && value != vm::word_from_big_endian(chain::empty_ommers_hash().bytes);
}

CaseReport run_case(const std::string& name, chain::Upgrade upgrade, const Json& test) {
    const chain::ParentForDifficulty parent{to_word(field(test, "parentDifficulty")), to_u64(field(test, "parentTimestamp")),
                                            has_ommers(test)};
    const chain::DifficultyRule& rule = chain::block_rules[static_cast<std::size_t>(upgrade)].difficulty;
    const vm::Word is = chain::next_difficulty(rule, parent, to_u64(field(test, "currentBlockNumber")),
                                               to_u64(field(test, "currentTimestamp")));
    const vm::Word should = to_word(field(test, "currentDifficulty"));
    if (is == should) return {name};
    return {name, Verdict::Failed, "is " + vm::to_hex(is) + ", expected " + vm::to_hex(should)};
}

std::vector<CaseReport> run_by_fork(const Json& tests) {
    std::vector<CaseReport> reports;
    for (const auto& [name, test] : tests.items())
        for (const auto& [network, cases] : test.items()) {
            if (network == "_info") continue;
            const auto upgrade = chain::parse_upgrade(network);
            if (!upgrade) throw chain::fixtures::FixtureError("there is no network " + network);
            for (const auto& [number, values] : cases.items())
                reports.push_back(run_case(name + "[" + network + "][" + number + "]", *upgrade, values));
        }
    return reports;
}

// The forks that there were when the tests were made.
const chain::Schedule mainnet({{chain::Upgrade::Homestead, chain::UpgradeTime::AtBlock, 1'150'000},
                               {chain::Upgrade::Byzantium, chain::UpgradeTime::AtBlock, 4'370'000},
                               {chain::Upgrade::Constantinople, chain::UpgradeTime::AtBlock, 7'280'000}});
const chain::Schedule ropsten({{chain::Upgrade::Homestead, chain::UpgradeTime::AtBlock, 0},
                               {chain::Upgrade::Byzantium, chain::UpgradeTime::AtBlock, 1'700'000},
                               {chain::Upgrade::Constantinople, chain::UpgradeTime::AtBlock, 4'230'000}});

std::vector<CaseReport> run_by_block(const Json& tests, const chain::Schedule& network) {
    std::vector<CaseReport> reports;
    for (const auto& [name, test] : tests.items())
        reports.push_back(run_case(name, network.upgrade_at(to_u64(field(test, "currentBlockNumber")), 0, {}), test));
    return reports;
}

std::vector<CaseReport> run(const std::filesystem::path& file) {
    const auto read = [&] { return chain::fixtures::parse_json(chain::fixtures::read_text(file)); };
    const std::string name = file.filename().string();
    if (file.parent_path().filename() != "BasicTests") return run_by_fork(read());
    if (name == "difficulty.json" || name == "difficultyMainNetwork.json") return run_by_block(read(), mainnet);
    if (name == "difficultyRopsten.json") return run_by_block(read(), ropsten);
    if (name.starts_with("difficultyCustom"))
        std::cout << "not run: " + name + ": of networks whose difficulty falls below 131072, as no rules here let it\n";
    return {};
}

}  // namespace

int main(int argc, char** argv) { return conformance::run_archives(argc, argv, {"difficulty", "basic"}, run); }
