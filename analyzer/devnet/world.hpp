// A world: the contracts of one compilation, deployed on a simulated chain among named accounts; nobody is inside.
//
// The explorer searches in one, serialisations run in one, and a found attack is replayed in a fresh one. Gas costs
// nothing here (gas price and base fee are zero), so that money columns show what the contracts did and nothing else.
//
// The attacker is an account that signs (`mallory`) and the contract that acts for her (`attacker`). In a search the
// latter has no program: calls to it are yields. In a replay it is a real contract at the same address.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/devnet/preimages.hpp"
#include "analyzer/explorer/plan.hpp"
#include "chain/execution.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

using vm::Address, vm::Bytes, vm::ByteView, vm::Hash, vm::Word;

struct User {
    std::string name;
    Address address;
};

struct DeployedContract {
    const lang::Artifact* artifact = nullptr;
    Address address;
    std::vector<lang::abi::Value> arguments;  // of the constructor
    Word value;                               // sent along with the deployment
    Bytes creation_data;                      // creation code and encoded arguments

    [[nodiscard]] const lang::ir::Contract& ir() const { return *artifact->ir; }
};

class World {
  public:
    static constexpr std::uint64_t block_gas_limit = 30'000'000;  // and of a deployment
    // Of every other transaction: ample for an attack, and a loop over a huge argument ends soon.
    static constexpr std::uint64_t call_gas_limit = 2'000'000;
    static const Word initial_wealth;  // of every named account: 1000 ether
    static const Word attack_capital;  // of it, what the attacker's contract is given: 100 ether

    // Deploys every contract of the compilation, in source order, from `owner`; constructor arguments are guessed from
    // their types (addresses: contracts deployed before, then accounts). The string says what could not be deployed.
    static std::variant<World, std::string> deploy(std::shared_ptr<const lang::Compilation> compilation);

    World(const World&) = default;
    World(World&&) = default;
    World& operator=(const World&) = default;
    World& operator=(World&&) = default;

    [[nodiscard]] const lang::Compilation& compilation() const { return *compilation_; }
    [[nodiscard]] const std::vector<DeployedContract>& contracts() const { return contracts_; }
    [[nodiscard]] const std::vector<User>& users() const { return users_; }  // honest: alice, bob
    [[nodiscard]] const User& owner() const { return owner_; }               // who deployed; honest
    [[nodiscard]] const User& mallory() const { return mallory_; }
    [[nodiscard]] const User& attacker() const { return attacker_; }  // her contract's future address
    [[nodiscard]] std::string name_of(const Address&) const;          // "alice", "Bank", or the address
    [[nodiscard]] const DeployedContract* contract_at(const Address&) const;

    [[nodiscard]] chain::State& state() { return state_; }
    [[nodiscard]] const Preimages& preimages() const { return *preimages_; }

    // What the attacker owns: her account and her contract, in wei.
    [[nodiscard]] Word attacker_wealth();

    // Gives the attacker's address its capital and the looks of a contract, for a search.
    void place_attacker();

    [[nodiscard]] chain::Transaction transaction(const Address& from, std::optional<Address> to, const Word& value,
                                                 Bytes data);
    [[nodiscard]] Bytes call_data(const Call& call) const;
    [[nodiscard]] std::string text_of(const Call& call) const;  // "withdraw(1 ether)"

    // Runs a transaction to its end. `tracer` may be null.
    chain::Result execute(const chain::Transaction& transaction, vm::Tracer* tracer = nullptr);

    // Lets a machine tell this world which keccak preimages it saw. The world's address must not change while it runs.
    void observe(vm::Machine& machine);

  private:
    World() = default;
    bool deploy_one(const lang::Artifact& artifact, std::string& why);

    std::shared_ptr<const lang::Compilation> compilation_;
    chain::State state_;
    std::vector<DeployedContract> contracts_;
    std::vector<User> users_;
    User owner_, mallory_, attacker_;
    std::shared_ptr<Preimages> preimages_ = std::make_shared<Preimages>();  // facts, shared by all copies
};

// "1 ether", "0.5 ether", "3"; exact, and a literal of the language.
[[nodiscard]] std::string format_wei(const Word& wei);

// The same for reading: what has wrapped around below zero is "2^256 - 1 ether".
[[nodiscard]] std::string describe_wei(const Word& wei);

}  // namespace interlock::analyzer
