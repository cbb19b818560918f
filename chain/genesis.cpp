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
    const auto known = std::ranges::find(people_, name, &Person::name);
    if (known != people_.end()) {
        known->balance = wei;
    } else {
        const PrivateKey key = key_of_name(name);
        people_.push_back({std::string(name), key, chain::address_of(key), wei});
    }
    return *this;
}

const Genesis::Person* Genesis::find(std::string_view name) const {
    const auto found = std::ranges::find(people_, name, &Person::name);
    return found == people_.end() ? nullptr : &*found;
}

std::optional<Address> Genesis::address_of(std::string_view name) const {
    const Person* person = find(name);
    return person == nullptr ? std::nullopt : std::optional(person->address);
}

std::optional<std::string_view> Genesis::name_of(const Address& address) const {
    const auto found = std::ranges::find(people_, address, &Person::address);
    return found == people_.end() ? std::nullopt : std::optional<std::string_view>(found->name);
}

State Genesis::build(vm::Fork fork) const {
    State state(fork);
    for (const Person& person : people_) state.set_balance(person.address, person.balance);
    state.forget_history();
    return state;
}

}  // namespace interlock::chain
