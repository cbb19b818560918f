// The world before the first block: named accounts with ether, whose keys follow from their names.
//
// Everybody can compute these keys. They are meant for examples and tests, so that the same people have the same
// addresses everywhere.
#pragma once

#include <string>

#include "chain/state.hpp"
#include "chain/transaction.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t genesis_time = 1'700'000'000;  // seconds since 1970: a moment behind every fork's own
inline constexpr Word gwei = 1'000'000'000;
inline constexpr Word ether = 1'000'000'000'000'000'000;  // wei

// Returns keccak("interlock:" + name), hashed again until it is a valid key.
[[nodiscard]] PrivateKey key_of_name(std::string_view name);

class Genesis {
  public:
    static constexpr Word default_balance = Word(1000) * ether;

    struct Account {
        std::string name;
        PrivateKey key;
        Address address;
        Word balance;  // wei
    };

    Genesis() = default;                      // no accounts
    [[nodiscard]] static Genesis standard();  // alice, bob, carol, dave, mallory, owner, deployer

    // Adds an account, or changes its balance if it exists.
    Genesis& fund(std::string_view name, const Word& wei = default_balance);

    [[nodiscard]] std::optional<Address> address_of(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> name_of(const Address&) const;
    [[nodiscard]] const Account* find(std::string_view name) const;  // null if there is no account of that name
    [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }  // in the order of addition

    [[nodiscard]] State build(vm::Fork fork = vm::default_fork) const;

  private:
    std::vector<Account> accounts_;
};

}  // namespace interlock::chain
