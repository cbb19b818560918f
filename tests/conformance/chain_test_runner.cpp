// chain_conformance: imports the chain of Ethereum's RPC tests, 54 blocks through all upgrades, from genesis to its
// head.

#include "chain/block_forest.hpp"
#include "chain/fixtures/suite.hpp"
#include "tests/conformance/archive_runner.hpp"
#include "tests/conformance/genesis_file.hpp"

namespace {

using namespace interlock;
using namespace interlock::chain;
using namespace interlock::chain::fixtures;
using conformance::CaseReport;

struct NamedActivation {
    const char* name;  // of go-ethereum's configuration
    Upgrade upgrade;
    UpgradeTime::Trigger trigger;
};
constexpr std::array named_activations = std::to_array<NamedActivation>({
    {"homesteadBlock", Upgrade::Homestead, UpgradeTime::AtBlock},
    {"eip150Block", Upgrade::TangerineWhistle, UpgradeTime::AtBlock},
    {"eip158Block", Upgrade::SpuriousDragon, UpgradeTime::AtBlock},
    {"byzantiumBlock", Upgrade::Byzantium, UpgradeTime::AtBlock},
    {"constantinopleBlock", Upgrade::Constantinople, UpgradeTime::AtBlock},
    {"petersburgBlock", Upgrade::Petersburg, UpgradeTime::AtBlock},
    {"istanbulBlock", Upgrade::Istanbul, UpgradeTime::AtBlock},
    {"muirGlacierBlock", Upgrade::MuirGlacier, UpgradeTime::AtBlock},
    {"berlinBlock", Upgrade::Berlin, UpgradeTime::AtBlock},
    {"londonBlock", Upgrade::London, UpgradeTime::AtBlock},
    {"arrowGlacierBlock", Upgrade::ArrowGlacier, UpgradeTime::AtBlock},
    {"grayGlacierBlock", Upgrade::GrayGlacier, UpgradeTime::AtBlock},
    {"terminalTotalDifficulty", Upgrade::Paris, UpgradeTime::AtTotalDifficulty},
    {"shanghaiTime", Upgrade::Shanghai, UpgradeTime::AtTime},
    {"cancunTime", Upgrade::Cancun, UpgradeTime::AtTime},
    {"pragueTime", Upgrade::Prague, UpgradeTime::AtTime},
    {"osakaTime", Upgrade::Osaka, UpgradeTime::AtTime},
    {"bpo1Time", Upgrade::Bpo1, UpgradeTime::AtTime},
    {"bpo2Time", Upgrade::Bpo2, UpgradeTime::AtTime},
});

Network read_network(const Json& config) {
    std::vector<UpgradeTime> upgrades;
    for (const NamedActivation& row : named_activations)
        upgrades.push_back({row.upgrade, row.trigger, Word(field(config, row.name).get<std::uint64_t>())});
    Network network{Schedule(std::move(upgrades)), field(config, "chainId").get<std::uint64_t>()};
    network.deposit_contract = to_address(field(config, "depositContractAddress"));
    return network;
}

std::vector<CaseReport> import_chain(const std::filesystem::path& genesis_file) {
    const Json genesis = parse_json(read_text(genesis_file));
    State state(vm::Fork::Frontier);
    conformance::allocate(state, field(genesis, "alloc"));
    const Header header = conformance::read_header(genesis, state.root());
    BlockForest forest(std::move(state), header, read_network(field(genesis, "config")));

    const std::string text = read_text(genesis_file.parent_path() / "chain.rlp");
    const Bytes bytes(text.begin(), text.end());
    std::vector<CaseReport> reports;
    for (ByteView rest = bytes; !rest.empty();) {
        constexpr std::size_t length_bytes = 2;  // of each of these blocks: 0xf9 and the length
        if (rest.size() < 1 + length_bytes || rest[0] != 0xf9) throw FixtureError("another kind of block");
        const std::size_t size = std::min<std::size_t>(3 + (rest[1] << 8 | rest[2]), rest.size());
        const Refusal refusal = forest.import(rest.first(size));
        rest = rest.subspan(size);
        CaseReport& report = reports.emplace_back();
        report.name = "block " + std::to_string(reports.size());
        if (refusal.accepted()) continue;
        report.verdict = Verdict::Failed;
        report.reason = explain(refusal);
        return reports;
    }
    const Json choice = parse_json(read_text(genesis_file.parent_path() / "headfcu.json"));
    const Hash head = to_hash(field(element(field(choice, "params"), 0), "headBlockHash"));
    CaseReport& report = reports.emplace_back();
    report.name = "head";
    if (forest.head_hash() != head) {
        report.verdict = Verdict::Failed;
        report.reason = "is " + vm::to_hex(forest.head_hash()) + ", expected " + vm::to_hex(head);
    }
    return reports;
}

std::vector<CaseReport> run(const std::filesystem::path& file) {
    if (file.filename() != "genesis.json") return {};
    return import_chain(file);
}

}  // namespace

int main(int argc, char** argv) { return conformance::run_archives(argc, argv, {"rpc"}, run); }
