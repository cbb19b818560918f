// Blocks: what decodes is encoded again to the same bytes; what is refused leaves the forest as it was.
//
// Input: the upgrade and whether the block is finished here; then the encoded block, for a forest of a genesis and one
// block. Almost every change to a block breaks a hash in its header. A block that is finished here gets those hashes,
// and what comes of executing it, so that the changes behind the header are met as well.
#include <algorithm>
#include <map>

#include "chain/block_forest.hpp"
#include "chain/blockchain.hpp"
#include "chain/difficulty.hpp"
#include "chain/genesis.hpp"
#include "chain/header_rules.hpp"
#include "chain/trie.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

using namespace interlock;
using namespace interlock::chain;
using fuzz::expect;

constexpr Upgrade upgrades[] = {Upgrade::Byzantium, Upgrade::Paris,  Upgrade::Shanghai,
                                Upgrade::Cancun,    Upgrade::Prague, Upgrade::Osaka};
constexpr std::uint8_t is_finished_here = 0x80;
constexpr std::size_t blocks_at_start = 2;

struct Start {
    State state;  // behind the genesis block
    Header genesis;
    Network network;
    Bytes first;  // the block behind it
};

// Makes the header say what the block is and does. False: it cannot be executed behind that parent.
bool finish(Block& block, const Header& parent, State state, const Network& network, const BlockRules& rules) {
    Header& header = block.header;
    header.parent_hash = hash_of(parent);
    header.ommers_hash = ommers_hash(block.ommers);
    if (block.withdrawals) header.withdrawals_root = withdrawals_root(*block.withdrawals);
    if (block.withdrawals.has_value() != rules.has_withdrawals) return false;
    if (check_header(header, parent, rules, {}) != BlockRefusal::None) return false;
    BlockExecution run(state, header, rules, network);
    std::erase_if(block.transactions, [&](const Transaction& tx) { return !run.include(tx).accepted(); });
    if (!run.finish(block.ommers, block.withdrawals.value_or(std::vector<Withdrawal>{})).accepted()) return false;
    header.transactions_root = transactions_root(block.transactions);
    run.seal(header);
    return true;
}

Start start_since_the_merge(Upgrade upgrade) {
    const vm::Fork fork = block_rules[static_cast<std::size_t>(upgrade)].fork;
    Blockchain chain(Genesis::standard().build(fork));
    Start start{chain.state(), chain.head().block.header, chain.network(), {}};
    expect(chain.mine({}).empty(), "an empty block is not mined");
    start.first = encode(chain.head().block);
    return start;
}

Start start_before_the_merge(Upgrade upgrade) {
    Start start{Genesis::standard().build(vm::Fork::Byzantium), {}, {Schedule::always(upgrade)}, {}};
    Header& genesis = start.genesis;
    genesis.ommers_hash = empty_ommers_hash();
    genesis.transactions_root = genesis.receipts_root = empty_trie_root();
    genesis.state_root = start.state.root();
    genesis.difficulty = 1'000'000;
    genesis.gas_limit = 5'000'000;
    const BlockRules& rules = start.network.schedule.rules_of(upgrade);
    Block first;
    first.header.number = 1;
    first.header.timestamp = 10;
    first.header.gas_limit = genesis.gas_limit;
    first.header.difficulty = next_difficulty(rules.difficulty, {genesis.difficulty, genesis.timestamp, false}, 1, 10);
    expect(finish(first, genesis, start.state, start.network, rules), "the first block is not finished");
    start.first = encode(first);
    return start;
}

BlockForest forest_of(Upgrade upgrade) {
    static std::map<Upgrade, Start> starts;
    if (!starts.contains(upgrade))
        starts.emplace(upgrade, upgrade < Upgrade::Paris ? start_before_the_merge(upgrade) : start_since_the_merge(upgrade));
    const Start& start = starts.at(upgrade);
    State state = start.state;
    state.forget_history();
    state.keep_fingerprint(true);
    BlockForest forest(std::move(state), start.genesis, start.network);
    expect(forest.import(start.first).accepted(), "the first block is refused");
    return forest;
}

// Kept for as long as nothing was accepted.
BlockForest& untouched(Upgrade upgrade) {
    static std::map<Upgrade, BlockForest> forests;
    const auto known = forests.find(upgrade);
    if (known != forests.end() && known->second.size() == blocks_at_start) return known->second;
    if (known != forests.end()) forests.erase(known);
    return forests.emplace(upgrade, forest_of(upgrade)).first->second;
}

// What came of the execution cannot be wrong in a block that is finished here.
bool is_about_execution(BlockRefusal refusal) {
    constexpr BlockRefusal those[] = {BlockRefusal::WrongTransactionsRoot, BlockRefusal::WrongWithdrawalsRoot,
                                      BlockRefusal::WrongOmmersHash,       BlockRefusal::RefusedTransaction,
                                      BlockRefusal::WrongGasUsed,          BlockRefusal::WrongBlobGasUsed,
                                      BlockRefusal::WrongReceiptsRoot,     BlockRefusal::WrongLogsBloom,
                                      BlockRefusal::WrongStateRoot,        BlockRefusal::WrongRequestsHash};
    return std::ranges::find(those, refusal) != std::end(those);
}

// Whether the forest takes it or not.
Refusal import(BlockForest& forest, vm::ByteView encoded, const Hash& hash) {
    const Hash head = forest.head_hash();
    const Fingerprint before = forest.state().fingerprint();
    const Refusal refusal = forest.import(encoded);
    expect(!explain(refusal).empty(), "a refusal has no name");
    if (refusal.accepted()) {
        expect(forest.head_hash() == hash || forest.head_hash() == head, "the head is neither");
        const Fingerprint after = forest.state().fingerprint();
        expect(forest.import(encoded).accepted(), "a block is accepted once only");
        expect(forest.state().fingerprint() == after, "a second import changes something");
    } else {
        expect(forest.head_hash() == head && forest.size() == blocks_at_start, "a refused block changes the tree");
        expect(forest.state().fingerprint() == before, "a refused block changes the state");
    }
    expect(forest.state().fingerprint() == forest.state().rehash(), "the fingerprint is not the state's");
    return refusal;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Upgrade upgrade = upgrades[(data[0] & ~is_finished_here) % std::size(upgrades)];
    const vm::ByteView input(data + 1, size - 1);
    BlockForest& forest = untouched(upgrade);
    const BlockRules& rules = forest.network().schedule.rules_of(upgrade);

    DecodedBlock decoded = decode_block(input, [&](const Header&) { return rules.fork; });
    expect(!explain(decoded.refusal).empty(), "a refusal has no name");
    Block& block = decoded.block;
    if (!decoded.refusal.accepted()) {
        expect(!import(forest, input, {}).accepted(), "a block is accepted that cannot be read");
        return 0;
    }
    expect(std::ranges::equal(encode(block), input), "decoding and encoding changes the bytes");
    const bool is_finished =
        (data[0] & is_finished_here) != 0 && finish(block, forest.head().header, forest.state(), forest.network(), rules);
    const Refusal refusal = import(forest, encode(block), hash_of(block.header));
    if (is_finished) expect(!is_about_execution(refusal.block), "a block is executed in two ways");
    return 0;
}
