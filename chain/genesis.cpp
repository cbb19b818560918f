#include "chain/genesis.hpp"

#include <algorithm>

#include "chain/secp256k1.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

PrivateKey key_of_name(std::string_view name) {
    const std::string seed = "interlock:" + std::string(name);
    PrivateKey key{vm::keccak256(Bytes(seed.begin(), seed.end())).bytes};
    while (!is_valid(key)) key.bytes = vm::keccak256(key.bytes).bytes;
    return key;
}

Genesis Genesis::standard() {
    Genesis genesis;
    for (const char* name : {"alice", "bob", "carol", "dave", "mallory", "owner", "deployer"}) genesis.fund(name);
    return genesis;
}

Genesis& Genesis::fund(std::string_view name, const Word& wei) {
    const auto known = std::ranges::find(accounts_, name, &Account::name);
    if (known != accounts_.end()) {
        known->balance = wei;
    } else {
        const PrivateKey key = key_of_name(name);
        accounts_.push_back({std::string(name), key, chain::address_of(key), wei});
    }
    return *this;
}

const Genesis::Account* Genesis::find(std::string_view name) const {
    const auto found = std::ranges::find(accounts_, name, &Account::name);
    return found == accounts_.end() ? nullptr : &*found;
}

std::optional<Address> Genesis::address_of(std::string_view name) const {
    const Account* account = find(name);
    return account == nullptr ? std::nullopt : std::optional(account->address);
}

std::optional<std::string_view> Genesis::name_of(const Address& address) const {
    const auto found = std::ranges::find(accounts_, address, &Account::address);
    return found == accounts_.end() ? std::nullopt : std::optional<std::string_view>(found->name);
}

State Genesis::build(vm::Fork fork) const {
    State state(fork);
    for (const Account& account : accounts_) state.set_balance(account.address, account.balance);
    state.forget_history();
    return state;
}

}  // namespace interlock::chain
