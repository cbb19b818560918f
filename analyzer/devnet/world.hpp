// A world: a devnet on which a system of contracts is deployed, and an attacker. No transaction is under way.
//
// The explorer searches in a world, serialisations run in one, and a found attack is replayed in a fresh one that the
// same recipe made.
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
#include "analyzer/system/recipe.hpp"

namespace interlock::analyzer {

class World : public Devnet {
  public:
    static const Word attack_capital;  // what the attacker's contract gets from her wealth: 100 ether

    explicit World(std::shared_ptr<const lang::Compilation> compilation, vm::Fork fork = vm::default_fork);

    // Executes the recipe. The string says which step failed.
    static std::variant<World, std::string> build(std::shared_ptr<const lang::Compilation> compilation,
                                                  const Recipe& recipe);
    // Executes one more step. Returns why it failed, or an empty text; then nothing has changed. Contracts that the step
    // creates with `new` become part of the system.
    std::string perform(const SetupStep& step);
    // Returns the account of the crowd that has the number, and gives it that much ether.
    [[nodiscard]] Address one_of_crowd(std::uint64_t number, const Word& wei);
    void prepare(Preparation preparation) { recipe_.attacker.push_back(std::move(preparation)); }
    [[nodiscard]] const Recipe& recipe() const { return recipe_; }

    [[nodiscard]] const std::shared_ptr<const lang::Compilation>& shared_compilation() const { return owned_; }

    using Devnet::contracts;
    [[nodiscard]] const DeployedContract& contract(DeployedIndex index) const;
    // Returns std::nullopt for a contract of the environment.
    [[nodiscard]] std::optional<ArtifactIndex> artifact_of(const DeployedContract& contract) const;
    [[nodiscard]] std::optional<ArtifactIndex> artifact_of(DeployedIndex index) const {
        return artifact_of(contract(index));
    }

    // Returns false for a contract that is expected, and was not created yet.
    [[nodiscard]] bool is_there(const DeployedContract& contract);
    // Returns steps that expect those contracts of known code that are there now though nobody expected them: their
    // addresses could not be known before. (CREATE2)
    [[nodiscard]] std::vector<SetupStep> unforeseen();

    [[nodiscard]] const std::vector<Account>& users() const { return users_; }      // honest users: alice, bob
    [[nodiscard]] const Account& owner() const { return owner_; }                   // the deployer, who is honest
    [[nodiscard]] const std::vector<Account>& senders() const { return senders_; }  // alice, bob, owner, mallory
    [[nodiscard]] const Account& mallory() const { return senders_[accomplice]; }
    [[nodiscard]] const Account& attacker() const { return attacker_; }  // the future address of her contract
    [[nodiscard]] bool is_attacker_named() const;  // whether whoever set the system up told a contract of her
    static constexpr std::uint32_t owner_index = 2, accomplice = 3;  // among the senders

    // Returns the attacker's addresses: her account, her contract, and the colluder if there is one.
    [[nodiscard]] std::vector<Address> hers() const;

    // Returns what they own together, in wei.
    [[nodiscard]] Word attacker_wealth();

    // Gives the attacker's address its capital and code that makes it look like a contract, for a search, and makes the
    // calls of the recipe's preparations.
    void place_attacker();

    using Devnet::pass;
    void pass(const Wait& wait);
    [[nodiscard]] chain::Transaction transaction(const Address& from, std::optional<Address> to, const Word& value,
                                                 Bytes data);
    void set_gas_limit(std::uint64_t limit) { recipe_.gas_limit = limit; }
    [[nodiscard]] const lang::ir::Function& function_of(const Call& call) const;
    [[nodiscard]] Bytes call_data(const Call& call) const;
    // Returns the call that a contract of the world gets with these data, if one of its functions takes them.
    [[nodiscard]] std::optional<Call> call_of(const Address& to, vm::ByteView call_data, const Word& value) const;
    using Devnet::text_of;
    [[nodiscard]] std::string text_of(const Call& call) const;  // "withdraw(1 ether)"

  private:
    void make_preparations();
    [[nodiscard]] const lang::Artifact* artifact_for(const SetupStep& step) const;
    // Deploys a contract with tests and calls its setUp(). Returns why that failed, or an empty text.
    std::string perform_often(const SetupStep& step);
    std::string set_up(const lang::Artifact& tests);
    // Plays a scenario. Returns why that failed, or an empty text.
    std::string play_scenario(const std::string& name);
    [[nodiscard]] const lang::Artifact* artifact_with_code_at(const Address& address);
    [[nodiscard]] const DeployedContract* original_of(const Address& clone);
    [[nodiscard]] std::string free_name(const std::string& name) const;  // the name, with a number if it is taken
    void adopt(const Address& address, Bytes creation_data);

    std::shared_ptr<const lang::Compilation> owned_;  // the devnet's
    Recipe recipe_;
    std::vector<Account> users_, senders_;
    Account owner_, attacker_;
};

}  // namespace interlock::analyzer
