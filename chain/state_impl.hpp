// The inside of a State. Private to chain/state*.cpp and chain/journal.cpp.
//
// Every change goes through `write` and every undo through `exchange`. Cells change nowhere else, so only these two
// keep the fingerprint and the count of used slots up to date.
#pragma once

#include "chain/account_store.hpp"
#include "chain/journal.hpp"
#include "chain/speculation.hpp"

namespace interlock::chain {

struct State::Impl {
    // A transaction's context and its logs. The record is exchanged as a whole when the next transaction begins.
    struct TransactionRecord {
        vm::TransactionContext context;
        std::vector<vm::Log> logs;
    };

    explicit Impl(vm::Fork fork_) : fork(fork_) {}

    vm::Fork fork;
    AccountTable accounts;
    SlotTable slots;
    TransientTable transients;
    BlockHashTable block_hashes;
    CodeStore codes;

    // The current scope: a transaction, or the stretch between two. A number is never used twice, so the stamps of a
    // rewound transaction mean nothing to the transaction that takes its place.
    Scope scope = 1, last_scope = 1;
    std::vector<CellIndex> marked;  // accounts touched or destroyed, in that order
    std::size_t first_marked = 0;   // first entry of the current scope
    TransactionRecord transaction;
    vm::BlockContext block;

    Journal journal;
    std::vector<vm::Log> parked_logs;  // logs that were undone, but that history may restore
    std::vector<TransactionRecord> parked_transactions;
    std::vector<vm::BlockContext> parked_blocks;
    bool history = false;

    bool fingerprinted = false;
    Fingerprint persistent_state;   // balances, nonces, code, storage; only while `fingerprinted`
    Fingerprint transaction_state;  // what ends with the scope: transient storage, created and destroyed accounts

    // Both of them at checkpoints that may be returned to: undoing then need not compute them. Positions rise.
    struct Milestone {
        std::size_t position = 0;  // in the journal
        Fingerprint persistent_state, transaction_state;
    };
    std::vector<Milestone> milestones;

    // The cells that were used last, because an instruction often uses the same cell several times. Cells never move
    // within their tables, so these need no updates.
    CellIndex last_account = no_cell, last_slot = no_cell;

    // views (chain/speculation.cpp)
    StateView::Seen* seen = nullptr;  // where this is a view of another state: what was fetched from it
    CellIndex fetch_account(const Address&);
    void fetch_slot(CellIndex);
    void check_storage_is_known(CellIndex);
    void note_question_for_storage(const AccountCell&);
    [[nodiscard]] const BlockHashTable& known_block_hashes() const;
    void forget_everything();
    [[nodiscard]] AccountValue value_of(CellIndex) const;

    // cells
    CellIndex account(const Address&);  // creates the account if it is missing
    CellIndex slot(const Address&, const Word&);
    CellIndex transient(const Address&, const Word&);
    [[nodiscard]] const AccountCell* find(const Address&);  // null if the account is unknown
    [[nodiscard]] const SlotCell* find_slot(const Address&, const Word&);
    [[nodiscard]] CellIndex find_account(const Address&);
    [[nodiscard]] static bool is_empty(const AccountCell&);
    [[nodiscard]] Word code_piece(std::uint32_t code) const;  // zero for no code

    // changes
    void write(Change, CellIndex, const Word& value, Scope stamp = 0);
    void exchange(Record&);
    void undo_last();  // also drops the record
    void undo_keeping(std::size_t position);
    void revert_to(std::size_t position);
    void rewind_to(std::size_t position);
    void note_milestone();
    void drop_milestones_after(std::size_t position);

    void ensure_exists(CellIndex);
    void set_balance(CellIndex, const Word& wei);
    bool mark(Change, CellIndex, Scope current);  // sets a stamp to this scope; returns whether it changed
    void open_scope();
    void remove(CellIndex);  // removes storage, balance, nonce and code

    // Without a journal only the state itself refers to cells, so cells that hold nothing can be dropped.
    std::size_t cells_kept = 0;  // by the last call
    void drop_unused_cells();

    [[nodiscard]] Fingerprint hash_persistent_state() const;
    [[nodiscard]] Fingerprint hash_transaction_state() const;

  private:
    void toggle_account(const AccountCell&, Field, const Word& value);
    void exchange_account(Record&, AccountCell&);
    void exchange_listed(Record&, Scope& mark);
    void exchange_slot(Record&);
    void exchange_transient(Record&);
    void exchange_log(Record&);
    void exchange_scope(Record&);
    void drop_parked(const Record&);
};

}  // namespace interlock::chain
