// Host: the one interface through which the machine sees accounts, storage, code, logs and the block.
//
// The machine owns the rules (what an SSTORE costs, when a call may transfer value). The host owns the state and can
// restore it: `revert_to()` undoes every change made after the `checkpoint()`. The production host is chain::State.
#pragma once

#include <memory>

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

class Code;  // vm/code.hpp: analysed bytecode

struct Log {
    Address address;
    std::vector<Hash> topics;  // at most four
    Bytes data;
    friend bool operator==(const Log&, const Log&) = default;
};

struct BlockContext {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  // seconds since 1970
    std::uint64_t gas_limit = 30'000'000;
    Address coinbase;
    Word prev_randao;       // the difficulty before the merge
    Word base_fee;          // wei per unit of gas (EIP-1559)
    Word blob_base_fee{1};  // wei per unit of blob gas (EIP-7516)
    std::uint64_t chain_id = 1;
};

struct TransactionContext {
    Address origin;                 // tx.origin
    Word gas_price;                 // the effective price, wei per unit of gas
    std::vector<Hash> blob_hashes;  // EIP-4844
};

class Host {
  public:
    using Checkpoint = std::size_t;
    virtual ~Host() = default;

    // --- accounts ---
    [[nodiscard]] virtual bool exists(const Address&) = 0;    // present in the state, even if empty
    [[nodiscard]] virtual bool is_empty(const Address&) = 0;  // absent, or nonce 0, balance 0 and no code (EIP-161)
    [[nodiscard]] virtual Word balance(const Address&) = 0;   // wei
    [[nodiscard]] virtual std::uint64_t nonce(const Address&) = 0;
    [[nodiscard]] virtual bool has_storage(const Address&) = 0;  // any nonzero slot (EIP-7610)
    [[nodiscard]] virtual Hash code_hash(const Address&) = 0;    // zero for an absent account
    // Never null: an account without code has empty code. The reference is valid until the host is called again.
    [[nodiscard]] virtual const std::shared_ptr<const Code>& code(const Address&) = 0;

    virtual void set_nonce(const Address&, std::uint64_t) = 0;
    virtual void set_code(const Address&, ByteView) = 0;
    virtual void transfer(const Address& from, const Address& to, const Word& wei) = 0;  // the caller checked the balance
    virtual void create_account(const Address&) = 0;  // begins a contract: marks it as created in this transaction
    virtual void touch(const Address&) = 0;           // EIP-161: an empty account that was touched is removed
    // Transfers the balance and marks the account for removal as the fork demands (EIP-6780 from Cancun on). Returns
    // whether this was the first time in this transaction.
    virtual bool self_destruct(const Address&, const Address& beneficiary) = 0;

    // --- storage ---
    [[nodiscard]] virtual Word load(const Address&, const Word& slot) = 0;  // the current value
    [[nodiscard]] virtual Word load_original(const Address&,
                                             const Word& slot) = 0;  // the value at the start of the transaction
    virtual void store(const Address&, const Word& slot, const Word& value) = 0;
    [[nodiscard]] virtual Word load_transient(const Address&, const Word& slot) = 0;  // EIP-1153
    virtual void store_transient(const Address&, const Word& slot, const Word& value) = 0;

    // --- access lists (EIP-2929): each warms the entry and returns whether it was cold ---
    virtual bool warm_account(const Address&) = 0;
    virtual bool warm_slot(const Address&, const Word& slot) = 0;

    // --- transaction and block context ---
    virtual void emit(Log) = 0;
    [[nodiscard]] virtual Hash block_hash(std::uint64_t number) = 0;  // zero outside the last 256 blocks
    [[nodiscard]] virtual const BlockContext& block() const = 0;
    [[nodiscard]] virtual const TransactionContext& transaction() const = 0;

    // --- undo ---
    [[nodiscard]] virtual Checkpoint checkpoint() = 0;
    virtual void revert_to(
        Checkpoint) = 0;  // storage, balances, nonces, code, logs, warmth, transient storage, self-destructs
};

}  // namespace interlock::vm
