// Decides which cells a state keeps when its history is dropped.
//
// Tables only grow while records refer to their cells. They collect accounts that were asked for their balance, slots
// that were zero and stayed zero, transient slots of past transactions, and replaced code. Without records these cells
// can be dropped. This happens only after the tables have doubled, so its cost per new cell is constant.

#include <utility>

#include "chain/state_impl.hpp"

namespace interlock::chain {
namespace {

constexpr std::size_t few_cells = 4096;  // too few to be worth the work
constexpr std::uint64_t block_hashes_in_reach = 256;

bool is_used(const AccountCell& cell, Scope scope) {
    const bool is_marked = cell.warm == scope || cell.created == scope || cell.destroyed == scope || cell.touched == scope;
    return cell.exists || cell.nonzero_slots != 0 || is_marked;
}

bool is_used(const SlotCell& cell, Scope scope) {
    return !cell.value.is_zero() || cell.written == scope || cell.warm == scope;
}

// Copies a cell into another table and returns its index there.
template <class Table, class Cell>
CellIndex add(Table& table, const Cell& cell) {
    const CellIndex index = table.at(cell.key);
    table[index] = cell;
    return index;
}

}  // namespace

void State::Impl::drop_unused_cells() {
    if (accounts.size() + slots.size() + transients.size() <= 2 * cells_kept + few_cells) return;

    // An account also stays if one of its slots stays.
    std::vector<bool> stays(accounts.size());
    for (CellIndex at = 0; at < accounts.size(); ++at) stays[at] = is_used(accounts[at], scope);
    for (const SlotCell& cell : slots)
        if (is_used(cell, scope)) stays[cell.key.account] = true;
    for (const TransientCell& cell : transients)
        if (cell.written == scope) stays[cell.key.account] = true;

    AccountTable kept_accounts;
    CodeStore kept_codes;
    std::vector<CellIndex> moved(accounts.size(), no_cell);
    for (CellIndex at = 0; at < accounts.size(); ++at) {
        if (!stays[at]) continue;
        moved[at] = add(kept_accounts, accounts[at]);
        AccountCell& cell = kept_accounts[moved[at]];
        cell.first_slot = no_cell;
        cell.code = kept_codes.take(codes, cell.code);
    }
    SlotTable kept_slots;
    for (SlotCell cell : slots) {
        if (!is_used(cell, scope)) continue;
        AccountCell& owner = kept_accounts[cell.key.account = moved[cell.key.account]];
        cell.next = std::exchange(owner.first_slot, static_cast<CellIndex>(kept_slots.size()));
        add(kept_slots, cell);
    }
    TransientTable kept_transients;
    for (TransientCell cell : transients) {
        if (cell.written != scope) continue;
        cell.key.account = moved[cell.key.account];
        add(kept_transients, cell);
    }
    BlockHashTable kept_hashes;
    for (const BlockHashCell& cell : block_hashes)
        if (cell.key + block_hashes_in_reach >= block.number) add(kept_hashes, cell);

    for (CellIndex& cell : marked) cell = moved[cell];  // touched or destroyed in this scope, so they are kept
    accounts = std::move(kept_accounts);
    slots = std::move(kept_slots);
    transients = std::move(kept_transients);
    block_hashes = std::move(kept_hashes);
    codes = std::move(kept_codes);
    last_account = last_slot = no_cell;
    cells_kept = std::size_t{accounts.size()} + slots.size() + transients.size();
}

}  // namespace interlock::chain
