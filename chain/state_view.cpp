// Reading the whole state, in an order that does not depend on how it came about; and its root. (Yellow Paper, 4.1.)

#include <algorithm>
#include <map>

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
            views.push_back({cell.key, cell.nonce, cell.balance, impl_->codes.hash(cell.code),
                             chain::storage_of(cell, impl_->slots)});
    std::ranges::sort(views, {}, &AccountView::address);
    return views;
}

namespace {

Hash storage_root(const std::vector<std::pair<Word, Word>>& storage) {
    std::map<Bytes, Bytes> entries;
    for (const auto& [slot, value] : storage) {
        const auto key = vm::to_big_endian(slot);
        entries.emplace(Bytes(key.begin(), key.end()), rlp::Encoder{}.number(value).take());
    }
    return secure_trie_root(entries);
}

Bytes encode_account(const State::AccountView& account) {
    rlp::Encoder out;
    out.open().number(account.nonce).number(account.balance);
    out.string(storage_root(account.storage)).string(account.code_hash).close();
    return out.take();
}

}  // namespace

Hash State::root() const {
    std::map<Bytes, Bytes> entries;
    for (const AccountView& account : accounts())
        entries.emplace(Bytes(account.address.bytes.begin(), account.address.bytes.end()), encode_account(account));
    return secure_trie_root(entries);
}

}  // namespace interlock::chain
