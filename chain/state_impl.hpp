// What is inside a State. Private to chain/state*.cpp.
//
// Every change goes through `write`, every undo through `exchange`: the only place where cells change, and therefore the
// only place where the fingerprint and the count of used slots are kept up to date.
#pragma once

#include "chain/account_store.hpp"
#include "chain/journal.hpp"

namespace interlock::chain {

struct State::Impl {
    // A transaction's context with what it has logged; exchanged as a whole when the next one begins.
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

    // The scope under way: a transaction, or the stretch between two. Numbers are never used twice, so that the stamps
    // of a rewound transaction mean nothing to the one that takes its place.
    Scope scope = 1, last_scope = 1;
    std::vector<CellIndex> marked;  // accounts touched or destroyed, in the order of it
    std::size_t first_marked = 0;   // of the scope under way
    TransactionRecord transaction;
    vm::BlockContext block;

    Journal journal;
    std::vector<vm::Log> parked_logs;  // taken back, but history may want them again
    std::vector<TransactionRecord> parked_transactions;
    std::vector<vm::BlockContext> parked_blocks;
    bool history = false;

    bool fingerprinted = false;
    Fingerprint persistent_state;   // balances, nonces, code, storage; only while `fingerprinted`
    Fingerprint transaction_state;  // what the scope forgets: transient storage, created and destroyed accounts

    // The cells asked for last: an instruction asks for the same one several times. Cells never move in their tables,
    // so this needs no upkeep.
    CellIndex last_account = no_cell, last_slot = no_cell;

    // cells
    CellIndex account(const Address&);  // made when missing
    CellIndex slot(const Address&, const Word&);
    CellIndex transient(const Address&, const Word&);
    [[nodiscard]] const AccountCell* find(const Address&);  // null: never heard of
    [[nodiscard]] const SlotCell* find_slot(const Address&, const Word&);
    [[nodiscard]] CellIndex find_account(const Address&);
    [[nodiscard]] static bool is_empty(const AccountCell&);
    [[nodiscard]] Word code_piece(std::uint32_t code) const;  // zero for no code

    // changes
    void write(Change, CellIndex, const Word& value, Scope stamp = 0);
    void exchange(Record&);
    void undo_last();  // and drop the record
    void undo_keeping(std::size_t position);
    void revert_to(std::size_t position);

    void ensure_exists(CellIndex);
    void set_balance(CellIndex, const Word& wei);
    bool mark(Change, CellIndex, Scope current);  // sets a stamp to this scope; whether it was another
    void open_scope();
    void remove(CellIndex);  // all of the account: storage, balance, nonce, code

    // Without a journal nothing but the state itself refers to cells: those that hold nothing may go.
    std::size_t cells_kept = 0;  // by the last time
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
