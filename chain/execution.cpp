#include "chain/execution.hpp"

#include <algorithm>
#include <cstring>

#include "chain/blob_gas.hpp"
#include "chain/header_rules.hpp"
#include "chain/transaction_rules.hpp"
#include "vm/code.hpp"
#include "vm/created_address.hpp"
#include "vm/fork_rules.hpp"

namespace interlock::chain {

using vm::Fork;

std::string_view name_of(TransactionRefusal refusal) {
    switch (refusal) {
        case TransactionRefusal::None: return "valid";
        case TransactionRefusal::NonceTooLow: return "the nonce is too low";
        case TransactionRefusal::NonceTooHigh: return "the nonce is too high";
        case TransactionRefusal::NonceMax: return "the sender's nonce cannot be raised any more";
        case TransactionRefusal::InsufficientFunds: return "the sender cannot pay for the gas and the value";
        case TransactionRefusal::IntrinsicGas: return "the gas limit does not cover the intrinsic gas";
        case TransactionRefusal::GasLimitExceedsBlock: return "the gas limit exceeds what the block has left";
        case TransactionRefusal::FeeBelowBaseFee: return "the maximum fee is below the block's base fee";
        case TransactionRefusal::PriorityAboveMaxFee: return "the priority fee is above the maximum fee";
        case TransactionRefusal::SenderHasCode: return "the sender is a contract";
        case TransactionRefusal::InitCodeTooLarge: return "the init code is too large";
        case TransactionRefusal::TypeNotAvailable: return "the fork does not have this type of transaction";
        case TransactionRefusal::WrongChain: return "the transaction is for another chain";
        case TransactionRefusal::BadSignature: return "the signature is not the sender's";
        case TransactionRefusal::Overflow: return "the gas costs more than a word can hold";
        case TransactionRefusal::GasLimitTooHigh: return "the gas limit is above what a transaction may have";
        case TransactionRefusal::FloorGas: return "the gas limit does not cover the least that its data cost";
        case TransactionRefusal::NoBlobs: return "a blob transaction has no blobs";
        case TransactionRefusal::TooManyBlobs: return "there are more blobs than a transaction may have";
        case TransactionRefusal::BlobHashVersion: return "a blob hash is of a version that is not known";
        case TransactionRefusal::BlobCreation: return "a blob transaction creates no contract";
        case TransactionRefusal::BlobFeeBelowBaseFee: return "the maximum blob fee is below the block's blob base fee";
        case TransactionRefusal::NoAuthorizations: return "a set-code transaction has no authorizations";
        case TransactionRefusal::SetCodeCreation: return "a set-code transaction creates no contract";
    }
    return "unknown";
}

// --- costs ---

namespace {

struct DataBytes {
    std::uint64_t zero, other;
};

// Eight bytes at a time: call data are mostly zeros, and a transaction counts them more than once.
DataBytes count_bytes(ByteView data) {
    constexpr std::uint64_t ones = 0x0101010101010101, low = 0x7f * ones;
    std::uint64_t zero = 0;
    std::size_t i = 0;
    for (; i + 8 <= data.size(); i += 8) {
        std::uint64_t lane;
        std::memcpy(&lane, data.data() + i, 8);
        const std::uint64_t is_zero = ~(((lane & low) + low) | lane | low);  // the top bit of each byte
        zero += (is_zero >> 7) * ones >> 56;
    }
    for (; i < data.size(); ++i) zero += data[i] == 0;
    return {zero, data.size() - zero};
}

std::uint64_t floor_gas(const Transaction& tx, const TransactionRules& rules) {
    if (rules.floor_token == 0) return 0;
    const auto [zero, other] = count_bytes(tx.data);
    return rules.base + rules.floor_token * (zero + 4 * other);
}

}  // namespace

std::uint64_t intrinsic_gas(const Transaction& tx, Fork fork) {
    const TransactionRules& rules = transaction_rules_of(fork);
    const auto [zero, other] = count_bytes(tx.data);
    std::uint64_t gas = rules.base + zero * rules.zero_byte + other * rules.nonzero_byte;
    if (!tx.to) {
        const std::uint64_t words = (tx.data.size() + 31) / 32;
        gas += rules.creation + words * static_cast<std::uint64_t>(vm::rules_of(fork).init_code_word.units);
    }
    for (const AccessListEntry& entry : tx.access_list)
        gas += rules.access_list_address + entry.slots.size() * rules.access_list_slot;
    return gas + tx.authorizations.size() * rules.authorization;
}

// --- validity ---

namespace {

TransactionRefusal check_blobs(const Transaction& tx, const TransactionRules& rules) {
    if (!tx.to) return TransactionRefusal::BlobCreation;
    if (tx.blob_hashes.empty()) return TransactionRefusal::NoBlobs;
    if (tx.blob_hashes.size() > rules.max_blobs) return TransactionRefusal::TooManyBlobs;
    const auto is_known = [](const Hash& hash) { return hash.bytes[0] == blob_hash_version; };
    return std::ranges::all_of(tx.blob_hashes, is_known) ? TransactionRefusal::None : TransactionRefusal::BlobHashVersion;
}

TransactionRefusal check_authorizations(const Transaction& tx) {
    if (!tx.to) return TransactionRefusal::SetCodeCreation;
    return tx.authorizations.empty() ? TransactionRefusal::NoAuthorizations : TransactionRefusal::None;
}

// Returns whether the highest possible cost does not fit a word. No fork allows such a transaction.
bool cost_overflows(const Transaction& tx) {
    if (tx.gas_price.limbs[3] == 0) return false;  // below 2^192, and the limit is below 2^64
    return tx.gas_limit != 0 && tx.gas_price > ~Word{} / Word(tx.gas_limit);
}

// Checks the transaction's fields before anything about its effect is computed.
TransactionRefusal check_fields(const Transaction& tx, const TransactionRules& rules) {
    if (static_cast<std::uint8_t>(tx.type) > rules.newest_type) return TransactionRefusal::TypeNotAvailable;
    if (tx.nonce == UINT64_MAX) return TransactionRefusal::NonceMax;  // EIP-2681
    if (tx.gas_limit > rules.max_gas) return TransactionRefusal::GasLimitTooHigh;
    if (cost_overflows(tx)) return TransactionRefusal::Overflow;
    if (has_priority_fee(tx.type) && tx.priority_fee > tx.gas_price) return TransactionRefusal::PriorityAboveMaxFee;
    if (tx.type == TransactionType::Blob) return check_blobs(tx, rules);
    if (tx.type == TransactionType::SetCode) return check_authorizations(tx);
    return TransactionRefusal::None;
}

// Checks that the gas limit pays for everything before the first instruction.
TransactionRefusal check_gas(const Transaction& tx, Fork fork, const TransactionRules& rules) {
    if (!tx.to && tx.data.size() > vm::rules_of(fork).max_init_code_bytes) return TransactionRefusal::InitCodeTooLarge;
    if (tx.gas_limit < intrinsic_gas(tx, fork)) return TransactionRefusal::IntrinsicGas;
    return tx.gas_limit < floor_gas(tx, rules) ? TransactionRefusal::FloorGas : TransactionRefusal::None;
}

}  // namespace

TransactionRefusal check(const Transaction& tx, Fork fork) {
    const TransactionRules& rules = transaction_rules_of(fork);
    if (const TransactionRefusal refusal = check_fields(tx, rules); refusal != TransactionRefusal::None) return refusal;
    return check_gas(tx, fork, rules);
}

namespace {

// Checks the transaction against the block that includes it.
TransactionRefusal check_block(const Transaction& tx, Fork fork, const vm::BlockContext& block) {
    const bool must_name_chain = tx.type != TransactionType::Legacy;
    if (tx.chain_id ? *tx.chain_id != block.chain_id : must_name_chain) return TransactionRefusal::WrongChain;
    if (tx.gas_limit > std::min(block.gas_limit, most_gas_limit)) return TransactionRefusal::GasLimitExceedsBlock;
    if (transaction_rules_of(fork).burns_base_fee && tx.gas_price < block.base_fee)
        return TransactionRefusal::FeeBelowBaseFee;
    if (tx.type == TransactionType::Blob && tx.blob_fee < block.blob_base_fee)
        return TransactionRefusal::BlobFeeBelowBaseFee;
    return TransactionRefusal::None;
}

// EIP-3607: an account with code cannot sign. Since EIP-7702 a delegation does not count as code here.
bool may_sign(State& state, const Address& sender) {
    const auto& code = state.code(sender);  // not copied, because threads would count the copies of one code in turns
    return code->is_empty() || (vm::rules_of(state.fork()).delegations && code->delegation());
}

// Returns whether the balance covers the highest cost: all gas and all blob gas at their maximum prices, and the value.
bool can_pay(const Transaction& tx, const Word& balance) {
    const Word for_gas = Word(tx.gas_limit) * tx.gas_price;  // fits a word: `check_fields` has checked it
    if (for_gas > balance) return false;
    const Word blob_gas = blob_gas_of(tx);
    const Word beside_gas = balance - for_gas;
    if (!blob_gas.is_zero() && tx.blob_fee > beside_gas / blob_gas) return false;
    return tx.value <= beside_gas - blob_gas * tx.blob_fee;
}

TransactionRefusal check_sender(const Transaction& tx, State& state) {
    const std::uint64_t nonce = state.nonce(tx.sender);
    if (tx.nonce < nonce) return TransactionRefusal::NonceTooLow;
    if (tx.nonce > nonce) return TransactionRefusal::NonceTooHigh;
    if (!may_sign(state, tx.sender)) return TransactionRefusal::SenderHasCode;
    return can_pay(tx, state.balance(tx.sender)) ? TransactionRefusal::None : TransactionRefusal::InsufficientFunds;
}

// A transaction with several faults is refused for the first one. The order of the checks is that of go-ethereum, which
// filled most of the public tests: first the block and the sender, then the gas.
TransactionRefusal check(const Transaction& tx, State& state) {
    const Fork fork = state.fork();
    const TransactionRules& rules = transaction_rules_of(fork);
    if (const TransactionRefusal refusal = check_fields(tx, rules); refusal != TransactionRefusal::None) return refusal;
    if (const TransactionRefusal refusal = check_block(tx, fork, state.block()); refusal != TransactionRefusal::None)
        return refusal;
    if (const TransactionRefusal refusal = check_sender(tx, state); refusal != TransactionRefusal::None) return refusal;
    return check_gas(tx, fork, rules);
}

// Returns the price of a unit of gas: the base fee plus at most the priority fee. (EIP-1559)
Word effective_price(const Transaction& tx, Fork fork, const Word& base_fee) {
    if (!transaction_rules_of(fork).burns_base_fee || !has_priority_fee(tx.type)) return tx.gas_price;
    return base_fee + std::min(tx.priority_fee, tx.gas_price - base_fee);
}

}  // namespace

// --- running ---

namespace {

// EIP-2929: warms the addresses that are always warm at the start.
void warm_what_is_known(State& state, const Address& sender, const Address& recipient) {
    if (!vm::rules_of(state.fork()).warms_accounts) return;
    state.warm_account(sender);
    state.warm_account(recipient);
    if (transaction_rules_of(state.fork()).warms_coinbase) state.warm_producer();
}

// EIP-2930: warms the addresses and slots that the transaction has paid for in advance.
void warm_access_list(State& state, const std::vector<AccessListEntry>& access_list) {
    for (const AccessListEntry& entry : access_list) {
        state.warm_account(entry.address);
        for (const Word& slot : entry.slots) state.warm_slot(entry.address, slot);
    }
}

// EIP-7702: gives the account whose key signed the code "run the other account's code", if the signature is valid for
// this chain and this nonce. An invalid authorization is skipped. Returns whether the account existed before.
bool apply(const Authorization& authorization, State& state) {
    if (!authorization.chain_id.is_zero() && authorization.chain_id != Word(state.block().chain_id)) return false;
    if (authorization.nonce == UINT64_MAX) return false;
    const std::optional<Address> authority = recover_authority(authorization);
    if (!authority) return false;
    state.warm_account(*authority);
    if (!may_sign(state, *authority) || state.nonce(*authority) != authorization.nonce) return false;
    const bool existed = state.exists(*authority);
    state.set_code(*authority, authorization.address.is_zero() ? Bytes{} : vm::delegation_to(authorization.address));
    state.set_nonce(*authority, authorization.nonce + 1);
    return existed;
}

// The account that a delegated recipient points to is warm from the start, too.
void warm_delegation(State& state, const Address& recipient) {
    if (!vm::rules_of(state.fork()).delegations) return;
    if (const std::optional<Address> target = state.code(recipient)->delegation()) state.warm_account(*target);
}

}  // namespace

Execution::Execution(State& state) : state_(state), machine_(state, state.fork()) {}

TransactionRefusal Execution::begin(const Transaction& tx) {
    const Fork fork = state_.fork();
    if (const TransactionRefusal refusal = check(tx, state_); refusal != TransactionRefusal::None) return refusal;

    tx_ = tx;
    effective_price_ = effective_price(tx, fork, state_.block().base_fee);
    floor_gas_ = floor_gas(tx, transaction_rules_of(fork));

    state_.begin_transaction({tx.sender, effective_price_, tx.blob_hashes});
    const Word bought = Word(tx.gas_limit) * effective_price_ + Word(blob_gas_of(tx)) * state_.block().blob_base_fee;
    state_.set_balance(tx.sender, state_.balance(tx.sender) - bought);
    state_.set_nonce(tx.sender, tx.nonce + 1);
    const vm::Message sent = message(tx.gas_limit - intrinsic_gas(tx, fork));
    warm_what_is_known(state_, sent.sender, sent.recipient);
    warm_access_list(state_, tx.access_list);
    refund_ = 0;
    for (const Authorization& authorization : tx.authorizations)
        if (apply(authorization, state_)) refund_ += transaction_rules_of(fork).authorization_refund;
    warm_delegation(state_, sent.recipient);
    machine_.start(sent);
    return TransactionRefusal::None;
}

vm::Message Execution::message(std::uint64_t gas) const {
    vm::Message message;
    message.kind = tx_.to ? vm::CallKind::Call : vm::CallKind::Create;
    message.gas = {static_cast<std::int64_t>(gas)};
    message.sender = tx_.sender;
    message.recipient = tx_.to ? *tx_.to : create_address(tx_.sender, tx_.nonce);
    message.code_address = message.recipient;
    message.value = tx_.value;
    message.input = tx_.data;
    return message;
}

Receipt Execution::settle(const vm::Outcome& outcome) {
    const Fork fork = state_.fork();
    const auto gas_left = static_cast<std::uint64_t>(outcome.gas_left.units);
    const std::uint64_t spent = tx_.gas_limit - gas_left;
    const std::uint64_t most = spent / static_cast<std::uint64_t>(vm::rules_of(fork).refund_quotient);
    const std::int64_t earned = outcome.ok() ? std::max<std::int64_t>(outcome.gas_refund.units, 0) : 0;
    const std::uint64_t refunded = std::min(most, refund_ + static_cast<std::uint64_t>(earned));

    Receipt receipt;
    receipt.status = outcome.status;
    receipt.gas_used = std::max(spent - refunded, floor_gas_);
    receipt.gas_refunded = refunded;
    receipt.blob_gas_used = blob_gas_of(tx_);
    receipt.fee = Word(receipt.gas_used) * effective_price_;
    receipt.blob_fee = Word(receipt.blob_gas_used) * state_.block().blob_base_fee;
    if (!tx_.to && outcome.ok()) receipt.created = outcome.created;

    const Word unused = Word(tx_.gas_limit - receipt.gas_used) * effective_price_;
    state_.set_balance(tx_.sender, state_.balance(tx_.sender) + unused);

    const Word burnt = transaction_rules_of(fork).burns_base_fee ? state_.block().base_fee : Word{};
    state_.pay_producer(Word(receipt.gas_used) * (effective_price_ - burnt));
    return receipt;
}

Receipt Execution::finish(const vm::Outcome& outcome) {
    Receipt receipt = settle(outcome);
    receipt.output = outcome.output;
    receipt.logs = state_.logs();
    state_.end_transaction();
    return receipt;
}

void Execution::close(const vm::Outcome& outcome) {
    (void)settle(outcome);
    state_.end_transaction();
}

namespace {

// No strangers are declared here, so the machine stops only at the end.
vm::Outcome run_to_the_end(vm::Machine& machine) { return std::move(machine.run().outcome); }

}  // namespace

Result execute(State& state, const Transaction& tx, vm::Tracer* tracer) {
    Execution run(state);
    run.machine().set_tracer(tracer);
    if (const TransactionRefusal refusal = run.begin(tx); refusal != TransactionRefusal::None) return {refusal, {}};
    return {TransactionRefusal::None, run.finish(run_to_the_end(run.machine()))};
}

vm::Outcome call(State& state, const vm::Message& message) {
    const auto before = state.checkpoint();
    state.begin_transaction({message.sender, {}, {}});
    warm_what_is_known(state, message.sender, message.recipient);
    vm::Machine machine(state, state.fork());
    machine.start(message);
    vm::Outcome outcome = run_to_the_end(machine);
    state.rewind_to(before);
    return outcome;
}

Address create_address(const Address& sender, std::uint64_t nonce) { return vm::created_address(sender, nonce); }

}  // namespace interlock::chain
