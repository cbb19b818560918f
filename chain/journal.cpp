// Changes cells and undoes changes. This is the part of State that owns the journal.

#include <cassert>
#include <utility>

#include "chain/state_impl.hpp"

namespace interlock::chain {

void State::Impl::write(Change change, CellIndex cell, const Word& value, Scope stamp) {
    Record& record = journal.emplace_back(Record{value, stamp, cell, change, false});
    exchange(record);
}

// Exchanges the value in the record with the value in the cell. Doing it twice changes nothing.
void State::Impl::exchange(Record& record) {
    switch (record.change) {
        case Change::Exists:
        case Change::Balance:
        case Change::Nonce:
        case Change::Code:
        case Change::Created:
        case Change::Destroyed:
        case Change::Touched:
        case Change::WarmAccount: return exchange_account(record, accounts[record.cell]);
        case Change::Slot:
        case Change::SlotOriginal:
        case Change::WarmSlot: return exchange_slot(record);
        case Change::Transient: return exchange_transient(record);
        case Change::BlockHash: {
            Hash& hash = block_hashes[record.cell].hash;
            const Word old = vm::to_word(hash);
            hash = vm::to_hash(std::exchange(record.value, old));
            return;
        }
        case Change::Log: return exchange_log(record);
        case Change::Scope: return exchange_scope(record);
        case Change::Transaction: return std::swap(transaction, parked_transactions[record.cell]);
        case Change::Block: return std::swap(block, parked_blocks[record.cell]);
        case Change::Reverted: return;
    }
}

void State::Impl::toggle_account(const AccountCell& cell, Field field, const Word& value) {
    if (fingerprinted) persistent_state ^= piece(cell.seed, field, value);
}

void State::Impl::exchange_account(Record& record, AccountCell& cell) {
    switch (record.change) {
        case Change::Exists: record.value = Word(std::exchange(cell.exists, !record.value.is_zero()) ? 1 : 0); return;
        case Change::Balance:
            toggle_account(cell, Field::Balance, cell.balance);
            std::swap(cell.balance, record.value);
            toggle_account(cell, Field::Balance, cell.balance);
            return;
        case Change::Nonce:
            toggle_account(cell, Field::Nonce, cell.nonce);
            record.value = Word(std::exchange(cell.nonce, record.value.low64()));
            toggle_account(cell, Field::Nonce, cell.nonce);
            return;
        case Change::Code:
            toggle_account(cell, Field::Code, code_piece(cell.code));
            record.value = Word(std::exchange(cell.code, static_cast<std::uint32_t>(record.value.low64())));
            toggle_account(cell, Field::Code, code_piece(cell.code));
            return;
        case Change::Created:
            transaction_state ^= piece(cell.seed, Field::Created, 1);
            std::swap(cell.created, record.stamp);
            return;
        case Change::Destroyed:
            transaction_state ^= piece(cell.seed, Field::Destroyed, 1);
            return exchange_listed(record, cell.destroyed);
        case Change::Touched: return exchange_listed(record, cell.touched);
        default: std::swap(cell.warm, record.stamp);
    }
}

// Exchanges a mark that also puts the account on a list. Setting it appends the account; undoing it removes the last
// entry, which is this account.
void State::Impl::exchange_listed(Record& record, Scope& mark) {
    std::swap(mark, record.stamp);
    if (mark == scope) {
        marked.push_back(record.cell);
    } else {
        assert(!marked.empty() && marked.back() == record.cell);
        marked.pop_back();
    }
}

void State::Impl::exchange_slot(Record& record) {
    SlotCell& cell = slots[record.cell];
    if (record.change == Change::WarmSlot) return std::swap(cell.warm, record.stamp);
    if (record.change == Change::SlotOriginal) {
        std::swap(cell.original, record.value);
        std::swap(cell.written, record.stamp);
        return;
    }
    std::uint32_t& used = accounts[cell.key.account].nonzero_slots;
    used -= !cell.value.is_zero();
    if (fingerprinted) persistent_state ^= piece(cell.seed, Field::Storage, cell.value);
    std::swap(cell.value, record.value);
    if (fingerprinted) persistent_state ^= piece(cell.seed, Field::Storage, cell.value);
    used += !cell.value.is_zero();
}

void State::Impl::exchange_transient(Record& record) {
    TransientCell& cell = transients[record.cell];
    if (cell.written == scope) transaction_state ^= piece(cell.seed, Field::Transient, cell.value);
    std::swap(cell.value, record.value);
    std::swap(cell.written, record.stamp);
    if (cell.written == scope) transaction_state ^= piece(cell.seed, Field::Transient, cell.value);
}

// `value` says where the log is: 1 means parked, 0 means among the transaction's logs.
void State::Impl::exchange_log(Record& record) {
    std::vector<vm::Log>& from = record.value.is_zero() ? transaction.logs : parked_logs;
    std::vector<vm::Log>& to = record.value.is_zero() ? parked_logs : transaction.logs;
    to.push_back(std::move(from.back()));
    from.pop_back();
    record.value = Word(record.value.is_zero() ? 1 : 0);
}

void State::Impl::exchange_scope(Record& record) {
    const auto [number, first, low, high] = record.value.limbs;
    record.value = Word(transaction_state.high, transaction_state.low, first_marked, scope);
    scope = number;
    first_marked = first;
    transaction_state = {high, low};
}

void State::Impl::undo_last() {
    Record record = journal.back();
    journal.pop_back();
    exchange(record);
    if (!record.inverse) drop_parked(record);
}

// Drops what the record had parked, because its change has been cancelled for good.
void State::Impl::drop_parked(const Record& record) {
    if (record.change == Change::Log) parked_logs.pop_back();
    if (record.change == Change::Transaction) parked_transactions.pop_back();
    if (record.change == Change::Block) parked_blocks.pop_back();
}

void State::Impl::undo_keeping(std::size_t position) {
    Record record = journal[position];
    exchange(record);
    record.inverse = true;
    journal.push_back(record);
}

// With history, the inverse records are appended, followed by a marker. The marker lets an enclosing revert skip the
// whole cancelled stretch, so every change is undone at most once, however deep the reverting frames nest.
void State::Impl::revert_to(std::size_t position) {
    assert(position <= journal.size());
    if (!history) return rewind_to(position);
    std::size_t top = journal.size();
    if (top == position) return;
    while (top > position) {
        const Record& record = journal[top - 1];
        if (record.change == Change::Reverted) {
            top = record.stamp;
        } else {
            undo_keeping(--top);
        }
    }
    journal.push_back(Record{{}, position, 0, Change::Reverted, true});
}

void State::Impl::rewind_to(std::size_t position) {
    drop_milestones_after(position);
    const bool is_known = fingerprinted && !milestones.empty() && milestones.back().position == position;
    if (is_known) fingerprinted = false;
    while (journal.size() > position) undo_last();
    if (!is_known) return;
    fingerprinted = true;
    persistent_state = milestones.back().persistent_state;
    transaction_state = milestones.back().transaction_state;
}

void State::Impl::note_milestone() {
    if (!fingerprinted || (!milestones.empty() && milestones.back().position == journal.size())) return;
    milestones.push_back({journal.size(), persistent_state, transaction_state});
}

void State::Impl::drop_milestones_after(std::size_t position) {
    while (!milestones.empty() && milestones.back().position > position) milestones.pop_back();
}

}  // namespace interlock::chain
