// Ledgers: what contracts say of an account. A ledger is a view that takes an address and answers a number: shares,
// tickets, votes, a debt, a quota used; or one that takes the number of a thing, too: an ERC-1155. A total is a view that takes nothing and counts for all.
//
// Nobody knows what such a number is worth. But where all calls one after the other keep it below a limit, and calls
// inside others do not, a check was deceived: more tickets than there are seats, a debt that no collateral covers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

struct Ledger {
    DeployedIndex contract{};
    std::uint32_t selector = 0;
    std::string view;       // the function's name
    bool is_total = false;  // it takes no address
    // What else it takes, where it tells of several things: of this one.
    std::optional<Word> id = {};
    bool is_id_first = false;
    friend bool operator==(const Ledger&, const Ledger&) = default;
};

// Returns the ledgers of the contracts under check, at most `most_ledgers`.
inline constexpr std::size_t most_ledgers = 8;
[[nodiscard]] std::vector<Ledger> ledgers_of(const World& world);
[[nodiscard]] std::vector<Ledger> totals_of(const World& world);

// Returns what the ledger says of the attacker's contract, or of all; zero if it fails.
[[nodiscard]] Word entry_of_attacker(World& world, const Ledger& ledger);
[[nodiscard]] std::vector<Word> entries_of_attacker(World& world, const std::vector<Ledger>& ledgers);

}  // namespace interlock::analyzer
