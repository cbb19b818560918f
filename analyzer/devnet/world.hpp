// A world: a devnet with every contract of one compilation deployed, and an attacker. No transaction is under way.
//
// The explorer searches in a world, serialisations run in one, and a found attack is replayed in a fresh one. No time
// passes here: all transactions are in one block.
//
// The attacker consists of an account that signs (`mallory`) and a contract that acts for her (`attacker`). In a search
// that contract has no code: calls to it are yields. In a replay it is a real contract at the same address.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/deadline.hpp"
#include "analyzer/devnet/devnet.hpp"
#include "analyzer/explorer/plan.hpp"
#include "analyzer/property.hpp"

namespace interlock::analyzer {

class World : public Devnet {
  public:
    // The gas limit of every transaction except deployments. It is ample for an attack, and a loop over a huge argument
    // ends soon.
    static constexpr std::uint64_t call_gas_limit = 2'000'000;
    static const Word attack_capital;  // what the attacker's contract gets from her wealth: 100 ether

    // Deploys every contract of the compilation, in source order, from `owner`. Constructor arguments are guessed from
    // their types (addresses: contracts deployed before, then accounts). The string says what could not be deployed.
    static std::variant<World, std::string> deploy(std::shared_ptr<const lang::Compilation> compilation,
                                                   const Deadline& deadline = {});

    using Devnet::contracts;
    [[nodiscard]] const DeployedContract& contract(DeployedIndex index) const;
    [[nodiscard]] ArtifactIndex artifact_of(const DeployedContract& contract) const;
    [[nodiscard]] ArtifactIndex artifact_of(DeployedIndex index) const { return artifact_of(contract(index)); }

    [[nodiscard]] const std::vector<Account>& users() const { return users_; }  // honest users: alice, bob
    [[nodiscard]] const Account& owner() const { return owner_; }               // the deployer, who is honest
    [[nodiscard]] const Account& mallory() const { return mallory_; }
    [[nodiscard]] const Account& attacker() const { return attacker_; }  // the future address of her contract

    // Returns what the attacker's account and contract own together, in wei.
    [[nodiscard]] Word attacker_wealth();

    // Gives the attacker's address its capital and code that makes it look like a contract, for a search.
    void place_attacker();

    [[nodiscard]] chain::Transaction transaction(const Address& from, std::optional<Address> to, const Word& value,
                                                 Bytes data);
    [[nodiscard]] Bytes call_data(const Call& call) const;
    using Devnet::text_of;
    [[nodiscard]] std::string text_of(const Call& call) const;  // "withdraw(1 ether)"

  private:
    explicit World(std::shared_ptr<const lang::Compilation> compilation);
    bool deploy_one(const lang::Artifact& artifact, const Deadline& deadline, std::string& why);
    [[nodiscard]] const lang::ir::Function& function_of(const Call& call) const;

    std::shared_ptr<const lang::Compilation> owned_;  // the devnet's
    std::vector<Account> users_;
    Account owner_, mallory_, attacker_;
};

}  // namespace interlock::analyzer
