// Reads the whole state in an order that does not depend on its past, and computes its root. (Yellow Paper, 4.1.)

#include <algorithm>

#include "chain/rlp.hpp"
#include "chain/state_impl.hpp"
#include "chain/trie.hpp"

namespace interlock::chain {

namespace {

std::vector<std::pair<Word, Word>> storage_of(const AccountCell& account, const SlotTable& slots) {
    std::vector<std::pair<Word, Word>> storage;
    for (CellIndex at = account.first_slot; at != no_cell; at = slots[at].next)
        if (const SlotCell& cell = slots[at]; !cell.value.is_zero()) storage.emplace_back(cell.key.slot, cell.value);
    std::ranges::sort(storage, [](const auto& a, const auto& b) { return a.first < b.first; });
    return storage;
}

}  // namespace

std::vector<std::pair<Word, Word>> State::storage_of(const Address& address) const {
    const CellIndex cell = impl_->accounts.find(address);
    if (cell == no_cell) return {};
    return chain::storage_of(impl_->accounts[cell], impl_->slots);
}

std::vector<State::AccountView> State::accounts() const {
    std::vector<AccountView> views;
    for (const AccountCell& cell : impl_->accounts)
        if (cell.exists)
            views.push_back(
                {cell.key, cell.nonce, cell.balance, impl_->codes.hash(cell.code), chain::storage_of(cell, impl_->slots)});
    std::ranges::sort(views, {}, &AccountView::address);
    return views;
}

namespace {

Hash storage_root(const AccountCell& account, const SlotTable& slots, SecureTrie& trie, rlp::Encoder& scratch) {
    if (account.nonzero_slots == 0) return empty_trie_root();
    for (CellIndex at = account.first_slot; at != no_cell; at = slots[at].next)
        if (const SlotCell& cell = slots[at]; !cell.value.is_zero())
            trie.add(vm::to_big_endian(cell.key.slot), scratch.cut(0).number(cell.value).written());
    return trie.root();
}

}  // namespace

Hash State::root() const {
    SecureTrie world, storage;
    rlp::Encoder scratch;
    for (const AccountCell& cell : impl_->accounts) {
        if (!cell.exists) continue;
        const Hash storage_hash = storage_root(cell, impl_->slots, storage, scratch);
        scratch.cut(0).open().number(cell.nonce).number(cell.balance);
        scratch.string(storage_hash).string(impl_->codes.hash(cell.code)).close();
        world.add(cell.key, scratch.written());
    }
    return world.root();
}

}  // namespace interlock::chain
