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
    Activation::Trigger trigger;
};
constexpr std::array named_activations = std::to_array<NamedActivation>({
    {"homesteadBlock", Upgrade::Homestead, Activation::AtBlock},
    {"eip150Block", Upgrade::TangerineWhistle, Activation::AtBlock},
    {"eip158Block", Upgrade::SpuriousDragon, Activation::AtBlock},
    {"byzantiumBlock", Upgrade::Byzantium, Activation::AtBlock},
    {"constantinopleBlock", Upgrade::Constantinople, Activation::AtBlock},
    {"petersburgBlock", Upgrade::Petersburg, Activation::AtBlock},
    {"istanbulBlock", Upgrade::Istanbul, Activation::AtBlock},
    {"muirGlacierBlock", Upgrade::MuirGlacier, Activation::AtBlock},
    {"berlinBlock", Upgrade::Berlin, Activation::AtBlock},
    {"londonBlock", Upgrade::London, Activation::AtBlock},
    {"arrowGlacierBlock", Upgrade::ArrowGlacier, Activation::AtBlock},
    {"grayGlacierBlock", Upgrade::GrayGlacier, Activation::AtBlock},
    {"terminalTotalDifficulty", Upgrade::Paris, Activation::AtTotalDifficulty},
    {"shanghaiTime", Upgrade::Shanghai, Activation::AtTime},
    {"cancunTime", Upgrade::Cancun, Activation::AtTime},
    {"pragueTime", Upgrade::Prague, Activation::AtTime},
    {"osakaTime", Upgrade::Osaka, Activation::AtTime},
    {"bpo1Time", Upgrade::Bpo1, Activation::AtTime},
    {"bpo2Time", Upgrade::Bpo2, Activation::AtTime},
});

Network read_network(const Json& config) {
    std::vector<Activation> activations;
    for (const NamedActivation& row : named_activations)
        activations.push_back({row.upgrade, row.trigger, Word(field(config, row.name).get<std::uint64_t>())});
    Network network{Schedule(std::move(activations)), field(config, "chainId").get<std::uint64_t>()};
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
        if (rest.size() < 1 + length_bytes || rest[0] != 0xf9) throw Malformed("another kind of block");
        const std::size_t size = std::min<std::size_t>(3 + (rest[1] << 8 | rest[2]), rest.size());
        const Judgement judgement = forest.import(rest.first(size));
        rest = rest.subspan(size);
        CaseReport& report = reports.emplace_back();
        report.name = "block " + std::to_string(reports.size());
        if (judgement.accepted()) continue;
        const bool unavailable = judgement.refusal == Refusal::PrecompileUnavailable;
        report.verdict = unavailable ? Verdict::Unavailable : Verdict::Failed;
        report.reason = (unavailable ? "precompile " + std::string(judgement.detail) : explain(judgement));
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
