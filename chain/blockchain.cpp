#include "chain/blockchain.hpp"

#include <cassert>

#include "chain/header_rules.hpp"
#include "chain/requests.hpp"
#include "chain/system_contracts.hpp"
#include "chain/trie.hpp"

namespace interlock::chain {

namespace {

// Adds the fields that upgrades added, with the values that they have in an empty block.
void add_later_fields(Header& header, const BlockRules& rules) {
    if (rules.has_withdrawals) header.withdrawals_root = empty_trie_root();
    if (rules.has_blobs) {
        header.blob_gas_used = header.excess_blob_gas = 0;
        header.parent_beacon_root = Hash{};
    }
    if (rules.has_requests) header.requests_hash = hash_of_requests(std::array<Bytes, 3>{});
}

}  // namespace

Blockchain::Blockchain(State genesis, const ChainSettings& settings)
    : state_(std::move(genesis)),
      settings_(settings),
      network_{Schedule::always(upgrade_of(state_.fork())), settings.chain_id} {
    assert(rules().merged);
    if (rules().has_requests) deploy_system_contracts(state_);
    MinedBlock genesis_block;
    genesis_block.block.header = first_header();
    append(std::move(genesis_block));
}

const BlockRules& Blockchain::rules() const { return network_.schedule.rules_of(upgrade_of(state_.fork())); }

Header Blockchain::first_header() const {
    Header header;
    header.ommers_hash = empty_ommers_hash();
    header.coinbase = settings_.coinbase;
    header.state_root = state_.root();
    header.transactions_root = header.receipts_root = empty_trie_root();
    header.gas_limit = settings_.gas_limit;
    header.timestamp = settings_.genesis_time;
    header.base_fee = settings_.genesis_base_fee;
    add_later_fields(header, rules());
    return header;
}

Header Blockchain::next_header() const {
    const Header& parent = head().block.header;
    Header header;
    header.parent_hash = head().hash;
    header.ommers_hash = empty_ommers_hash();
    header.coinbase = settings_.coinbase;
    header.number = parent.number + 1;
    header.gas_limit = settings_.gas_limit;
    header.timestamp = parent.timestamp + seconds_per_block;
    header.prev_randao = head().hash;
    header.base_fee = base_fee_after(parent);
    add_later_fields(header, rules());
    if (rules().has_blobs) header.excess_blob_gas = excess_blob_gas_after(parent, rules());
    return header;
}

std::vector<RefusedTransaction> Blockchain::mine(const std::vector<Transaction>& transactions) {
    MinedBlock next;
    Header& header = next.block.header = next_header();
    BlockExecution run(state_, header, rules(), network_);
    std::vector<RefusedTransaction> refused;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const Transaction& tx = transactions[i];
        const bool is_signed = recover_sender(tx, state_.fork()) == tx.sender;
        const Refusal refusal =
            is_signed ? run.include(tx) : Refusal{BlockRefusal::RefusedTransaction, TransactionRefusal::BadSignature, i};
        if (refusal.accepted()) next.block.transactions.push_back(tx);
        else refused.push_back({i, refusal});
    }
    if (rules().has_withdrawals) next.block.withdrawals.emplace();
    [[maybe_unused]] const Refusal finished = run.finish({}, {});
    assert(finished.accepted());
    header.transactions_root = transactions_root(next.block.transactions);
    run.seal(header);
    next.receipts = run.take_receipts();
    append(std::move(next));
    return refused;
}

// Makes the block the new head. The state becomes the one that the next block's transactions start from.
void Blockchain::append(MinedBlock mined) {
    mined.hash = hash_of(mined.block.header);
    state_.add_block_hash(mined.block.header.number, mined.hash);
    blocks_.push_back(std::move(mined));
    state_.set_block(context_of(next_header(), rules(), settings_.chain_id));
    state_.forget_history();
}

}  // namespace interlock::chain
