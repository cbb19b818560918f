// The world state: accounts, their storage and code, and one undo journal.
//
// Every change is a journal record that holds the value it replaced. This one mechanism serves a reverting CALL, a
// reverting transaction, a dry run, a snapshot and the explorer's backtracking: a checkpoint is an index into the
// journal, and going back means undoing down to it.
//
// A driver that must return to a point *inside* a frame that later reverted (the explorer does) keeps history:
// `revert_to` then appends the inverse records instead of dropping records, and `rewind_to` drops them.
//
// When fingerprints are on, the state keeps a 128-bit hash of everything observable (balances, nonces, code, storage;
// inside a transaction also transient storage and the accounts created or destroyed in it) up to date at each write.
// The hash is the xor of mix(address, field, value), where a default value contributes nothing (Zobrist, 1970).
// `rehash()` computes it from scratch; the two must agree. Logs, warmth, original values and the block are not part of it.
#pragma once

#include <memory>
#include <unordered_map>

#include "vm/fork.hpp"
#include "vm/host.hpp"

namespace interlock::chain {

using vm::Address, vm::Bytes, vm::ByteView, vm::Hash, vm::Word;

struct Speculation;

struct Fingerprint {
    std::uint64_t high = 0, low = 0;
    friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

class State final : public vm::Host {
  public:
    explicit State(vm::Fork fork = vm::default_fork);
    ~State() override;
    State(const State&);  // a deep copy with the journal; code is shared
    State& operator=(const State&);
    State(State&&) noexcept;
    State& operator=(State&&) noexcept;

    // --- vm::Host ---
    bool exists(const Address&) override;
    bool is_empty(const Address&) override;
    Word balance(const Address&) override;
    std::uint64_t nonce(const Address&) override;
    bool has_storage(const Address&) override;
    Hash code_hash(const Address&) override;
    const std::shared_ptr<const vm::Code>& code(const Address&) override;
    void set_nonce(const Address&, std::uint64_t) override;
    void set_code(const Address&, ByteView) override;
    void transfer(const Address& from, const Address& to, const Word& wei) override;
    void create_account(const Address&) override;
    void touch(const Address&) override;
    bool self_destruct(const Address&, const Address& beneficiary) override;
    Word load(const Address&, const Word& slot) override;
    Word load_original(const Address&, const Word& slot) override;
    void store(const Address&, const Word& slot, const Word& value) override;
    Word load_transient(const Address&, const Word& slot) override;
    void store_transient(const Address&, const Word& slot, const Word& value) override;
    bool warm_account(const Address&) override;
    bool warm_slot(const Address&, const Word& slot) override;
    void emit(vm::Log) override;
    Hash block_hash(std::uint64_t number) override;
    const vm::BlockContext& block() const override;
    const vm::TransactionContext& transaction() const override;
    Checkpoint checkpoint() override;
    void revert_to(Checkpoint) override;

    // --- history ---
    void keep_history(bool on);  // off at first; change it only while no frame is suspended
    void rewind_to(Checkpoint);  // returns to exactly that point, even across reverts, and drops the records
    // Drops all records, which invalidates every earlier checkpoint. From time to time it also drops cells that hold
    // nothing. A state on which this is called regularly, say after each block, takes space for its content and not for
    // its past.
    void forget_history();

    // --- the fingerprint ---
    void keep_fingerprint(bool on);
    [[nodiscard]] Fingerprint fingerprint() const;  // only while it is kept
    [[nodiscard]] Fingerprint rehash() const;       // the same value from scratch

    // --- transactions and blocks ---
    void set_block(const vm::BlockContext&);
    void set_fork(vm::Fork);                                // call it between transactions; not journaled
    void begin_transaction(const vm::TransactionContext&);  // resets warmth, transient storage, logs and original values
    // Removes self-destructed accounts and touched empty ones (EIP-161). Resets what `begin_transaction` resets, except
    // the logs.
    void end_transaction();
    void set_balance(const Address&, const Word& wei);  // for genesis, fees and rewards; creates the account
    void add_block_hash(std::uint64_t number, const Hash&);
    void warm_producer();                                    // EIP-3651
    void pay_producer(const Word& wei);                      // the fee of a transaction; touches the account
    [[nodiscard]] const std::vector<vm::Log>& logs() const;  // of the current transaction, or of the last one
    [[nodiscard]] vm::Fork fork() const;

    // --- speculation (chain/speculation.hpp) ---
    [[nodiscard]] bool holds(const Speculation&) const;  // whether everything that it read is as it was
    void prefetch(const Speculation&) const;             // has the processor fetch what the two others look at
    void apply(const Speculation&);                      // all but its fee; it must hold

    // --- reading everything, ordered by address and slot so that the result is deterministic ---
    struct AccountView {
        Address address;
        std::uint64_t nonce = 0;
        Word balance;
        Hash code_hash;
        std::vector<std::pair<Word, Word>> storage;  // nonzero slots, ascending
    };
    [[nodiscard]] std::vector<AccountView> accounts() const;
    [[nodiscard]] std::vector<std::pair<Word, Word>> storage_of(const Address&) const;
    [[nodiscard]] Hash root() const;  // of the Merkle Patricia trie (chain/trie.hpp)

  private:
    friend class StateView;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::chain
