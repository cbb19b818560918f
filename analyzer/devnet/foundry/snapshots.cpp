#include "analyzer/devnet/foundry/snapshots.hpp"

#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace {

using Account = chain::State::AccountView;

void write_account(const Account& wanted, chain::State& from, const Account& now, chain::State& state) {
    const vm::Address& address = wanted.address;
    if (wanted.balance != now.balance) state.set_balance(address, wanted.balance);
    if (wanted.nonce != now.nonce) state.set_nonce(address, wanted.nonce);
    if (wanted.code_hash != now.code_hash) state.set_code(address, from.code(address)->bytes());
    for (const auto& [slot, value] : now.storage)
        if (from.load(address, slot).is_zero()) state.store(address, slot, {});
    for (const auto& [slot, value] : wanted.storage)
        if (state.load(address, slot) != value) state.store(address, slot, value);
}

}  // namespace

std::optional<std::uint64_t> Snapshots::take(const chain::State& state, const vm::BlockContext& block) {
    if (all_.size() >= most) return std::nullopt;
    auto snapshot = std::make_shared<Snapshot>(Snapshot{state, block});
    snapshot->state.forget_history();
    all_[next_] = std::move(snapshot);
    return next_++;
}

bool Snapshots::bring_back(std::uint64_t number, chain::State& state, vm::BlockContext& block) const {
    const auto found = all_.find(number);
    if (found == all_.end()) return false;
    chain::State from = found->second->state;  // a copy, because reading a state may change its caches
    std::map<vm::Address, Account> wanted, now;
    for (Account& account : from.accounts()) wanted[account.address] = std::move(account);
    for (Account& account : state.accounts()) now[account.address] = std::move(account);
    for (auto& [address, account] : now)
        if (!wanted.contains(address)) wanted[address] = Account{.address = address, .code_hash = from.code_hash(address)};
    for (const auto& [address, account] : wanted) {
        Account& was = now[address];
        was.address = address;
        write_account(account, from, was, state);
    }
    block = found->second->block;
    return true;
}

}  // namespace interlock::analyzer::foundry
