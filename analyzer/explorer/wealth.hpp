// Wealth: what somebody owns, as a vector over ether and every token of the system.
//
// A contract is a token if it answers balanceOf(address) (ERC-20, ERC-721, vault shares), balanceOf(address,uint256)
// (ERC-1155, where the first few ids count), or ownerOf(uint256) alone (where the first few are counted).
#pragma once

#include <string>
#include <vector>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/ledgers.hpp"

namespace interlock::analyzer {

// One component of wealth. Its unit is the wei or the token's smallest part.
struct Asset {
    std::optional<DeployedIndex> token;  // std::nullopt: ether
    std::optional<Word> id;              // of an ERC-1155
    std::string name;                    // "ether", "Token", "Collection #1"
    bool is_id_first = false;            // its view takes the number, then the account
    bool is_counted = false;             // by asking who owns each of the first numbers
};

using Wealth = std::vector<Word>;  // by the assets of the purse

class Purse {
  public:
    explicit Purse(const World& world);

    [[nodiscard]] const std::vector<Asset>& assets() const { return assets_; }
    [[nodiscard]] const std::vector<Ledger>& ledgers() const { return ledgers_; }
    [[nodiscard]] const std::vector<Ledger>& totals() const { return totals_; }
    // Returns the entries in the ledgers but those that say how much of the asset she has.
    [[nodiscard]] std::vector<Word> entries_beside(std::size_t asset, const std::vector<Word>& entries) const;
    // Returns what the accounts own together.
    [[nodiscard]] Wealth of(World& world, const std::vector<Address>& accounts) const;
    [[nodiscard]] Word of(World& world, const std::vector<Address>& accounts, std::size_t asset) const;
    [[nodiscard]] Wealth of_attacker(World& world) const;
    [[nodiscard]] Wealth of_others(World& world) const;  // contracts and honest people
    [[nodiscard]] Word of_others(World& world, std::size_t asset) const;

  private:
    static Word owned_by(World& world, const std::vector<Address>& accounts, const Address& token);

    std::vector<Asset> assets_;
    std::vector<Ledger> ledgers_, totals_;
};

// Returns whether `wealth` is nowhere below `base`.
[[nodiscard]] bool is_nowhere_below(const Wealth& wealth, const Wealth& base);

[[nodiscard]] Wealth sum_of(const Wealth& some, const Wealth& others);
[[nodiscard]] Wealth with_at_least(Wealth wealth, std::size_t asset, const Word& least);

// Returns whether what `wealth` has more of the asset than `base` outweighs all that it has less of others, at any prices at
// which all there is of one asset is not worth a million times as much as all there is of another. `all` is what there is.
[[nodiscard]] bool outweighs(std::size_t asset, const Wealth& wealth, const Wealth& base, const Wealth& all);

// Runs a view of a contract. Returns its output, or nothing if it failed. Leaves the state as it was.
[[nodiscard]] std::optional<Bytes> ask_view(chain::State& state, const Address& contract, Bytes call_data);

}  // namespace interlock::analyzer
