#include "chain/blockchain.hpp"

#include <cassert>

#include "chain/trie.hpp"

namespace interlock::chain {

using vm::Fork;

namespace {

// A header whose later fields are there as the fork demands, still without results.
Header header_of(const vm::BlockContext& context, Fork fork, const Hash& parent_hash) {
    Header header;
    header.parent_hash = parent_hash;
    header.ommers_hash = empty_ommers_hash();
    header.coinbase = context.coinbase;
    header.number = context.number;
    header.gas_limit = context.gas_limit;
    header.timestamp = context.timestamp;
    header.prev_randao = vm::to_hash(context.prev_randao);
    header.base_fee = context.base_fee;
    if (fork >= Fork::Shanghai) header.withdrawals_root = empty_trie_root();
    if (fork >= Fork::Cancun) {
        header.blob_gas_used = header.excess_blob_gas = 0;
        header.parent_beacon_root = Hash{};
    }
    if (fork >= Fork::Prague)  // EIP-7685: SHA-256 of nothing
        header.requests_hash =
            vm::parse_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").value();
    return header;
}

}  // namespace

Blockchain::Blockchain(State genesis, const ChainSettings& settings) : state_(std::move(genesis)), settings_(settings) {
    assert(state_.fork() >= Fork::Paris);
    vm::BlockContext context;
    context.timestamp = settings_.genesis_time;
    context.gas_limit = settings_.gas_limit;
    context.base_fee = settings_.genesis_base_fee;
    context.chain_id = settings_.chain_id;
    MinedBlock& block = blocks_.emplace_back();
    block.block.header = header_of(context, state_.fork(), Hash{});
    seal(block);
}

vm::BlockContext Blockchain::next_context() const {
    const Header& parent = head().block.header;
    vm::BlockContext context;
    context.number = parent.number + 1;
    context.timestamp = parent.timestamp + seconds_per_block;
    context.gas_limit = settings_.gas_limit;
    context.coinbase = settings_.coinbase;
    context.prev_randao = vm::to_word(head().hash);
    context.base_fee = next_base_fee(*parent.base_fee, parent.gas_used, parent.gas_limit);
    context.chain_id = settings_.chain_id;
    return context;
}

std::vector<Rejected> Blockchain::mine(const std::vector<Transaction>& transactions) {
    MinedBlock next;
    next.block.header = header_of(state_.block(), state_.fork(), head().hash);
    std::uint64_t gas_used = 0;
    std::vector<Rejected> rejected;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const Invalid invalid = include(transactions[i], settings_.gas_limit - gas_used, next);
        if (invalid != Invalid::None)
            rejected.push_back({i, invalid});
        else
            gas_used += next.receipts.back().gas_used;
    }
    blocks_.push_back(std::move(next));
    seal(blocks_.back());
    return rejected;
}

Invalid Blockchain::include(const Transaction& tx, std::uint64_t gas_left, MinedBlock& block) {
    if (tx.gas_limit > gas_left) return Invalid::GasLimitExceedsBlock;
    if (recover_sender(tx, state_.fork()) != tx.sender) return Invalid::BadSignature;
    Result result = execute(state_, tx);
    if (!result.valid()) return result.invalid;
    block.block.transactions.push_back(tx);
    block.receipts.push_back(std::move(result.receipt));
    return Invalid::None;
}

// Fills in what the header commits to, and opens the next block.
void Blockchain::seal(MinedBlock& mined) {
    Header& header = mined.block.header;
    std::vector<Bytes> transactions, receipts;
    std::uint64_t cumulative_gas = 0;
    for (std::size_t i = 0; i < mined.receipts.size(); ++i) {
        const Transaction& tx = mined.block.transactions[i];
        const Receipt& receipt = mined.receipts[i];
        cumulative_gas += receipt.gas_used;
        transactions.push_back(encode(tx));
        receipts.push_back(encode_receipt(tx.type, receipt.ok(), cumulative_gas, receipt.logs));
        const Bloom bloom = bloom_of(receipt.logs);
        for (std::size_t byte = 0; byte < bloom.size(); ++byte) header.logs_bloom[byte] |= bloom[byte];
    }
    header.gas_used = cumulative_gas;
    header.transactions_root = list_root(transactions);
    header.receipts_root = list_root(receipts);
    header.state_root = state_.root();
    mined.hash = hash_of(header);
    state_.add_block_hash(header.number, mined.hash);
    state_.set_block(next_context());
    state_.forget_history();
}

}  // namespace interlock::chain
