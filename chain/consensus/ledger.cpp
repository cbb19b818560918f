#include "chain/consensus/ledger.hpp"

#include <cassert>

#include "chain/block_execution.hpp"
#include "chain/genesis.hpp"
#include "chain/header_rules.hpp"
#include "chain/ommer_rules.hpp"
#include "chain/trie.hpp"

namespace interlock::chain::consensus {

namespace {

BlockRules rules_with(vm::Fork fork, const Word& reward) {
    BlockRules rules = block_rules_of(vm::Fork::Paris);
    rules.fork = fork;
    rules.reward = reward;
    return rules;
}

Word burnt_by(const Header& header) { return header.base_fee.value_or(0) * Word(header.gas_used); }

}  // namespace

Address coinbase_of(NodeId node) {
    Address address;
    address.bytes[0] = 0x51;
    for (std::size_t i = 0; i < 4; ++i) address.bytes[19 - i] = static_cast<std::uint8_t>(node >> (8 * i));
    return address;
}

PrivateKey key_of_validator(NodeId node) { return key_of_name("validator " + std::to_string(node)); }

Ledger::Ledger(State genesis, const Word& reward, const std::optional<HardFork>& fork, bool takes_ommers)
    : state_(std::move(genesis)),
      rules_(rules_with(state_.fork(), reward)),
      network_{Schedule::always(upgrade_of(state_.fork())), 1},
      fork_(fork),
      takes_ommers_(takes_ommers) {
    Header header;
    header.ommers_hash = empty_ommers_hash();
    header.state_root = state_.root();
    header.transactions_root = header.receipts_root = empty_trie_root();
    header.gas_limit = 30'000'000;
    header.timestamp = genesis_time;
    header.base_fee = gwei;
    genesis_ = seal(header, {});
    state_.forget_history();
    Known known{genesis_, {{}, header.state_root, 0, {}}, {}};
    for (const State::AccountView& account : state_.accounts()) known.supply = known.supply + account.balance;
    path_.push_back({&known_.emplace(genesis_->hash, std::move(known)).first->second, state_.checkpoint()});
}

Header Ledger::header_on(const SealedBlock& parent, const Address& coinbase, const Draft& draft) const {
    Header header;
    header.parent_hash = header.prev_randao = parent.hash;
    header.ommers_hash = draft.ommers.empty() ? empty_ommers_hash() : ommers_hash(draft.ommers);
    header.coinbase = coinbase;
    header.number = parent.height() + 1;
    header.gas_limit = parent.header.gas_limit;
    header.base_fee = base_fee_after(parent.header);
    header.timestamp = std::max(draft.timestamp, parent.header.timestamp + 1);
    header.difficulty = draft.difficulty;
    header.extra_data = draft.extra_data;
    return header;
}

void Ledger::rewind_to(std::size_t steps) {
    path_.resize(steps);
    state_.rewind_to(path_.back().behind);
}

void Ledger::go_to(const Hash& hash) {
    std::vector<const Known*> branch;
    const Known* at = &known_.at(hash);
    const auto is_on_path = [this](const Known* known) {
        return known->block->height() < path_.size() && path_[known->block->height()].known == known;
    };
    for (; !is_on_path(at); at = &known_.at(at->block->parent())) branch.push_back(at);
    if (path_.back().known != at) rewind_to(at->block->height() + 1);
    for (; !branch.empty(); branch.pop_back()) {
        replay(*branch.back()->block);
        path_.push_back({branch.back(), state_.checkpoint()});
    }
}

void Ledger::begin(const Header& header) {
    if (!fork_ || header.number != fork_->height) return;
    state_.begin_transaction({});
    state_.transfer(fork_->from, fork_->to, state_.balance(fork_->from));
    state_.end_transaction();
}

// Executes a block again that was found to be valid.
void Ledger::replay(const SealedBlock& block) {
    begin(block.header);
    BlockExecution execution(state_, block.header, rules_, network_);
    for (const TransactionRef& tx : block.transactions) (void)execution.include(tx->transaction);
    (void)execution.finish(block.ommers, {});
}

// Where they are on the tree; whether a header has a proof is for the engine.
Refusal Ledger::check_ommers_of(const SealedBlock& block) const {
    if (block.ommers.empty()) return {};
    if (!takes_ommers_) return {BlockRefusal::TooManyOmmers};
    std::vector<Ancestor> ancestors;
    for (auto at = known_.find(block.parent()); at != known_.end() && ancestors.size() <= ommer_depth;
         at = known_.find(at->second.block->parent()))
        ancestors.push_back({at->first, &at->second.block->header, &at->second.block->ommers});
    return check_ommers(block.ommers, ancestors, [](const Header& ommer, const Ancestor& parent) {
        if (ommer.number != parent.header->number + 1) return BlockRefusal::WrongNumber;
        return ommer.timestamp > parent.header->timestamp ? BlockRefusal::None : BlockRefusal::TimestampNotLater;
    });
}

Word Ledger::made_by(const SealedBlock& block) const {
    Word made = rules_.reward + rules_.reward / Word(32) * Word(block.ommers.size());
    for (const Header& ommer : block.ommers)
        made = made + rules_.reward * Word(8 + ommer.number - block.header.number) / Word(8);
    return made - burnt_by(block.header);
}

// Executes a block on the state as it stands, which must be its parent's, and compares what comes of it.
Refusal Ledger::run(const SealedBlock& block, std::vector<std::uint32_t>& failed) {
    begin(block.header);
    BlockExecution execution(state_, block.header, rules_, network_);
    for (const TransactionRef& tx : block.transactions)
        if (const Refusal refusal = execution.include(tx->transaction); !refusal.accepted()) return refusal;
    if (const Refusal refusal = execution.finish(block.ommers, {}); !refusal.accepted()) return refusal;
    for (std::uint32_t i = 0; i < execution.receipts().size(); ++i)
        if (!execution.receipts()[i].ok()) failed.push_back(i);
    Header sealed = block.header;
    execution.seal(sealed);
    if (sealed.state_root != block.header.state_root) return {BlockRefusal::WrongStateRoot};
    if (sealed.receipts_root != block.header.receipts_root) return {BlockRefusal::WrongReceiptsRoot};
    if (sealed.gas_used != block.header.gas_used) return {BlockRefusal::WrongGasUsed};
    return {sealed.logs_bloom == block.header.logs_bloom ? BlockRefusal::None : BlockRefusal::WrongLogsBloom};
}

const Executed& Ledger::execute(const BlockRef& block) {
    if (const auto found = known_.find(block->hash); found != known_.end()) return found->second.executed;
    const auto parent = known_.find(block->parent());
    assert(parent != known_.end());
    const Header& header = block->header;
    const Header expected =
        header_on(*parent->second.block, header.coinbase, {header.timestamp, header.difficulty, header.extra_data});
    Known known{block, {}, {}};
    Refusal& refusal = known.executed.refusal;
    if (!parent->second.executed.refusal.accepted()) refusal = {BlockRefusal::UnknownParent};
    else if (expected.number != header.number) refusal = {BlockRefusal::WrongNumber};
    else if (expected.timestamp != header.timestamp) refusal = {BlockRefusal::TimestampNotLater};
    else if (expected.base_fee != header.base_fee) refusal = {BlockRefusal::WrongBaseFee};
    else if (expected.gas_limit != header.gas_limit) refusal = {BlockRefusal::GasLimitOutOfBounds};
    else refusal = check_ommers_of(*block);
    if (refusal.accepted()) {
        known.supply = parent->second.supply + made_by(*block);
        go_to(block->parent());
        refusal = run(*block, known.executed.failed);
        known.executed.state_root = header.state_root;
        known.executed.gas_used = header.gas_used;
        if (!refusal.accepted()) rewind_to(path_.size());
    }
    const bool is_valid = refusal.accepted();
    const Known& kept = known_.emplace(block->hash, std::move(known)).first->second;
    if (is_valid) path_.push_back({&kept, state_.checkpoint()});
    return kept.executed;
}

std::pair<Header, std::vector<TransactionRef>> Ledger::build(const BlockRef& parent, const Address& coinbase,
                                                             const Draft& draft,
                                                             std::span<const TransactionRef> candidates) {
    go_to(parent->hash);
    Header header = header_on(*parent, coinbase, draft);
    std::vector<TransactionRef> included;
    begin(header);
    BlockExecution execution(state_, header, rules_, network_);
    for (const TransactionRef& tx : candidates) {
        if (included.size() == draft.most_transactions) break;
        if (execution.include(tx->transaction).accepted()) included.push_back(tx);
    }
    [[maybe_unused]] const Refusal finished = execution.finish(draft.ommers, {});
    assert(finished.accepted());
    execution.seal(header);
    header.transactions_root = root_of(included);
    rewind_to(path_.size());
    return {header, std::move(included)};
}

bool Ledger::admits(const BlockRef& head, const Transaction& tx) {
    constexpr std::uint64_t most_ahead = 1000;  // nonces
    go_to(head->hash);
    const std::uint64_t nonce = state_.nonce(tx.sender);
    return tx.nonce >= nonce && tx.nonce - nonce <= most_ahead &&
           state_.balance(tx.sender) >= tx.value + Word(tx.gas_limit) * tx.gas_price;
}

State& Ledger::state_behind(const BlockRef& block) {
    go_to(block->hash);
    return state_;
}

std::optional<Bytes> Ledger::ask(const BlockRef& block, const Address& contract, const Bytes& data) {
    State& state = state_behind(block);
    const auto before = state.checkpoint();
    state.set_block(context_of(block->header, rules_, network_.chain_id));
    vm::Message message;
    message.kind = vm::CallKind::StaticCall;
    message.is_static = true;
    message.gas = vm::Gas{static_cast<std::int64_t>(block->header.gas_limit)};
    message.recipient = message.code_address = contract;
    message.input = data;
    vm::Outcome outcome = call(state, message);
    state.rewind_to(before);
    return outcome.status == vm::Status::Success ? std::optional(std::move(outcome.output)) : std::nullopt;
}

Word Ledger::ether_behind(const BlockRef& block) {
    Word sum;
    for (const State::AccountView& account : state_behind(block).accounts()) sum = sum + account.balance;
    return sum;
}

}  // namespace interlock::chain::consensus
