#include "chain/block_execution.hpp"

#include "chain/dao_fork.hpp"
#include "chain/parallel_transactions.hpp"
#include "chain/requests.hpp"
#include "chain/system_contracts.hpp"
#include "chain/trie.hpp"
#include "vm/code.hpp"

namespace interlock::chain {

vm::BlockContext context_of(const Header& header, const BlockRules& rules, std::uint64_t chain_id) {
    vm::BlockContext context;
    context.number = header.number;
    context.timestamp = header.timestamp;
    context.gas_limit = header.gas_limit;
    context.coinbase = header.coinbase;
    context.prev_randao = rules.merged ? vm::to_word(header.prev_randao) : header.difficulty;
    context.base_fee = header.base_fee.value_or(0);
    if (rules.has_blobs) context.blob_base_fee = blob_base_fee(header.excess_blob_gas.value_or(0), rules.blobs);
    context.chain_id = chain_id;
    return context;
}

namespace {

// Calls a system contract. The call cannot stop the block: if there is no contract, or the call fails, nothing happens.
void tell_contract(State& state, const Address& contract, const Hash& what) {
    if (!state.code(contract)->is_empty()) (void)call_system_contract(state, contract, what);
}

void pay(State& state, const Address& to, const Word& wei) { state.set_balance(to, state.balance(to) + wei); }

// An ommer's producer gets an eighth less for each generation. The block that includes the ommer gets a 32nd of the
// reward for it.
void pay_rewards(State& state, const Word& reward, const std::vector<Header>& ommers) {
    if (reward.is_zero()) return;
    const vm::BlockContext& block = state.block();
    for (const Header& ommer : ommers) pay(state, ommer.coinbase, reward * Word(8 + ommer.number - block.number) / Word(8));
    pay(state, block.coinbase, reward + reward / Word(32) * Word(ommers.size()));
}

void pay_withdrawals(State& state, const std::vector<Withdrawal>& withdrawals) {
    constexpr std::uint64_t wei_in_gwei = 1'000'000'000;
    state.begin_transaction({});
    for (const Withdrawal& withdrawal : withdrawals) {
        state.touch(withdrawal.address);
        if (withdrawal.gwei != 0) pay(state, withdrawal.address, Word(withdrawal.gwei) * Word(wei_in_gwei));
    }
    state.end_transaction();
}

}  // namespace

BlockExecution::BlockExecution(State& state, const Header& header, const BlockRules& rules, const Network& network)
    : state_(state), rules_(rules), network_(network) {
    state_.set_fork(rules.fork);
    state_.set_block(context_of(header, rules, network.chain_id));
    state_.add_block_hash(header.number - 1, header.parent_hash);
    if (network.schedule.dao_block() == header.number) move_dao_ether(state_);
    if (rules.has_blobs) tell_contract(state_, beacon_roots_contract(), *header.parent_beacon_root);
    if (rules.has_requests) tell_contract(state_, history_contract(), header.parent_hash);
}

Refusal BlockExecution::check_limits(const Transaction& tx) const {
    const std::size_t index = receipts_.size();
    if (tx.gas_limit > state_.block().gas_limit - gas_used_)
        return {BlockRefusal::RefusedTransaction, TransactionRefusal::GasLimitExceedsBlock, index};
    const std::uint64_t blob_gas_left = rules_.blobs.max * gas_per_blob - blob_gas_used_;
    if (rules_.has_blobs && blob_gas_of(tx) > blob_gas_left) return {BlockRefusal::BlobGasAboveMax};
    return {};
}

Refusal BlockExecution::include(const Transaction& tx) {
    const std::size_t index = receipts_.size();
    if (const Refusal refusal = check_limits(tx); !refusal.accepted()) return refusal;
    Result result = execute(state_, tx);
    if (!result.valid()) return {BlockRefusal::RefusedTransaction, result.refusal, index};
    record(tx, std::move(result.receipt));
    return {};
}

void BlockExecution::record(const Transaction& tx, Receipt receipt) {
    count(tx, receipt.gas_used);
    encoded_receipts_.push_back(encode(tx, receipt, gas_used_));
    receipts_.push_back(std::move(receipt));
}

void BlockExecution::count(const Transaction& tx, std::uint64_t gas_used) {
    gas_used_ += gas_used;
    blob_gas_used_ += blob_gas_of(tx);
}

Bytes BlockExecution::encode(const Transaction& tx, const Receipt& receipt, std::uint64_t cumulative_gas) const {
    return rules_.receipts_have_roots ? encode_receipt(state_.root(), cumulative_gas, receipt.logs)
                                      : encode_receipt(tx.type, receipt.ok(), cumulative_gas, receipt.logs);
}

Refusal BlockExecution::include_all(std::span<const Transaction> transactions) {
    if (ParallelTransactions::are_worthwhile(transactions.size()))
        if (const Crew::Lease crew = Crew::hire(ParallelTransactions::are_forced()))
            return include_in_parallel(transactions, *crew);
    for (const Transaction& tx : transactions)
        if (const Refusal refusal = include(tx); !refusal.accepted()) return refusal;
    return {};
}

// Receipts of accepted speculations are taken out of their books and encoded by helpers.
Refusal BlockExecution::include_in_parallel(std::span<const Transaction> transactions, Crew& crew) {
    struct Accepted {
        std::size_t number = 0;  // of the receipt
        std::uint64_t cumulative_gas = 0;
        TransactionType type = TransactionType::Legacy;
        Speculation::Results results;
    };
    std::vector<Accepted> accepted;
    accepted.reserve(transactions.size());
    receipts_.reserve(receipts_.size() + transactions.size());  // so nothing moves while helpers write
    encoded_receipts_.reserve(receipts_.size() + transactions.size());
    Trail trail(crew,
                [all = accepted.data(), receipts = receipts_.data(), encoded = encoded_receipts_.data()](std::size_t at) {
                    const Accepted& one = all[at];
                    Receipt& receipt = receipts[one.number];
                    receipt = std::move(one.results.receipt());
                    encoded[one.number] = encode_receipt_of(one.type, receipt.ok(), one.cumulative_gas, one.results.text());
                });
    ParallelTransactions run(state_, transactions, crew, trail);
    Refusal refusal;
    for (const Transaction& tx : transactions) {
        if (!run.speculates()) {
            run.settle();
            if (refusal = include(tx); !refusal.accepted()) break;
            continue;
        }
        if (refusal = check_limits(tx); !refusal.accepted()) break;
        auto [made, result] = run.next();
        if (made != nullptr) result.refusal = made->refusal;
        if (!result.valid()) {
            refusal = {BlockRefusal::RefusedTransaction, result.refusal, receipts_.size()};
            break;
        }
        if (rules_.receipts_have_roots) run.settle();
        if (made == nullptr || rules_.receipts_have_roots) {
            record(tx, made == nullptr ? std::move(result.receipt) : std::move(made->results.receipt()));
            continue;
        }
        count(tx, made->gas_used);
        accepted.push_back({receipts_.size(), gas_used_, tx.type, made->results});
        encoded_receipts_.emplace_back();
        receipts_.emplace_back();
        trail.grow(accepted.size());
    }
    run.settle();
    trail.finish();
    return refusal;
}

Refusal BlockExecution::finish(const std::vector<Header>& ommers, const std::vector<Withdrawal>& withdrawals) {
    pay_rewards(state_, rules_.reward, ommers);
    if (rules_.has_withdrawals) pay_withdrawals(state_, withdrawals);
    return rules_.has_requests ? collect_requests() : Refusal{};
}

Refusal BlockExecution::collect_requests() {
    auto& [deposits, withdrawals, consolidations] = requests_;
    for (const Receipt& receipt : receipts_)
        for (const vm::Log& log : receipt.logs)
            if (log.address == network_.deposit_contract && !append_deposit(deposits, log))
                return {BlockRefusal::MalformedDeposit};
    if (const BlockRefusal refusal = take_requests(state_, withdrawals_contract(), withdrawals);
        refusal != BlockRefusal::None)
        return {refusal, TransactionRefusal::None, 0, "withdrawals (EIP-7002)"};
    const BlockRefusal refusal = take_requests(state_, consolidations_contract(), consolidations);
    return {refusal, TransactionRefusal::None, 0, refusal == BlockRefusal::None ? "" : "consolidations (EIP-7251)"};
}

void BlockExecution::seal(Header& header) const {
    header.gas_used = gas_used_;
    header.logs_bloom = {};
    for (const Receipt& receipt : receipts_) {
        const Bloom bloom = bloom_of(receipt.logs);
        for (std::size_t byte = 0; byte < bloom.size(); ++byte) header.logs_bloom[byte] |= bloom[byte];
    }
    header.receipts_root = list_root(encoded_receipts_);
    header.state_root = state_.root();
    if (rules_.has_blobs) header.blob_gas_used = blob_gas_used_;
    if (rules_.has_requests) header.requests_hash = hash_of_requests(requests_);
}

}  // namespace interlock::chain
