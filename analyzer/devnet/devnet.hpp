// A devnet: a simulated chain with named accounts and the contracts of one compilation. Scenarios and tests run on a
// devnet, `interlock run` sends its transactions to one, and the explorer's world is a devnet with an attacker.
//
//     Devnet devnet(compilation);
//     devnet.deploy_libraries();
//     const Address alice = devnet.add_account("alice");
//     chain::Result made = devnet.deploy(alice, *compilation.main(), Word{}, {});
//     chain::Result sent = devnet.send(alice, *made.receipt.created, Word{}, data);
//     if (!sent.valid() || !sent.receipt.ok()) std::cerr << devnet.reason_of(sent);
//
// Gas is counted but costs nothing, so that balances show what the contracts did. A copy is an independent devnet. To
// go back, use the state's `checkpoint()` and `rewind_to`; names, contracts and preimages are facts and stay.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/devnet/preimages.hpp"
#include "chain/execution.hpp"
#include "lang/abi/data.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

using vm::Address, vm::Bytes, vm::ByteView, vm::Hash, vm::Word;

struct Account {
    std::string name;
    Address address;
};

struct DeployedContract {
    const lang::Artifact* artifact = nullptr;
    Address address;
    Bytes creation_data;       // creation code and encoded arguments
    std::string name = {};     // by which the devnet knows it; empty: as in the source
    bool is_expected = false;  // it is not there before another contract has created it

    [[nodiscard]] const lang::ir::Contract& ir() const { return *artifact->ir; }
};

// How amounts are written: as literals of the language, or with values that have wrapped around below zero as "2^256 -
// 1 ether".
enum class Amounts : std::uint8_t { Exact, Wrapped };

struct DevnetSettings {
    std::uint64_t gas_limit = 30'000'000;  // per transaction
    std::uint64_t block_number = 1;        // number of the first block
    vm::Fork fork = vm::default_fork;
};

class Devnet {
  public:
    static constexpr std::uint64_t block_gas_limit = 30'000'000;
    static const Word wealth;  // default balance of an account: 1000 ether

    // The compilation must outlive the devnet.
    explicit Devnet(const lang::Compilation& compilation, const DevnetSettings& settings = {});

    [[nodiscard]] const lang::Compilation& compilation() const { return *compilation_; }
    [[nodiscard]] chain::State& state() { return state_; }
    [[nodiscard]] const Preimages& preimages() const { return *preimages_; }

    // --- accounts ---

    // Adds an account of that name; the address follows from the name.
    Address add_account(const std::string& name, const Word& wei = wealth);
    // The same with a contract, which forwards the calls that are made in its name.
    Address add_contract_account(const std::string& name, const Word& wei = wealth);
    // Returns the accounts in the order in which they were added.
    [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }

    // Gives the address a name. If several addresses have the same name, it means the newest.
    void add_name(const Address& address, const std::string& name);
    [[nodiscard]] std::string name_of(const Address& address) const;  // or the address in hex
    [[nodiscard]] std::optional<Address> address_of(const std::string& name) const;

    // --- contracts ---

    // Assumes that the libraries are, or will be, the first contracts that `deployer` creates, in the order of the
    // compilation.
    void place_libraries(const Address& deployer);
    // Deploys the libraries now, from an account that exists only for this.
    void deploy_libraries();
    [[nodiscard]] Bytes linked(const Bytes& code, const std::vector<lang::LinkReference>& links) const;
    // Returns the full name of a library that the contract needs and that has no address, or an empty text.
    [[nodiscard]] std::string missing_library(const lang::Artifact& artifact) const;

    [[nodiscard]] Bytes creation_data(const lang::Artifact& artifact, ByteView encoded_arguments) const;
    // Deploys in one transaction. If it succeeds, the contract is known from then on by its name in the source.
    chain::Result deploy(const Address& from, const lang::Artifact& artifact, const Word& value, ByteView encoded_arguments);
    void add_contract(DeployedContract contract);
    // Moves the contract with all that it has. Nobody must know its address yet.
    void move_contract(const std::string& name, const Address& to);
    // Returns the contracts in the order of deployment.
    [[nodiscard]] const std::vector<DeployedContract>& contracts() const { return contracts_; }
    [[nodiscard]] const DeployedContract* contract_at(const Address& address) const;

    // --- transactions and time ---

    // Sends a transaction in a block of its own; without `to` it creates a contract. An invalid transaction is a fault
    // of ours, or the sender does not have enough ether.
    chain::Result send(const Address& from, std::optional<Address> to, const Word& value, Bytes data,
                       vm::Tracer* tracer = nullptr);
    // The same in the current block, and then undoes it.
    chain::Result ask(const Address& from, const Address& to, Bytes data);
    // Executes a transaction in the current block. `tracer` may be null.
    chain::Result execute(const chain::Transaction& transaction, vm::Tracer* tracer = nullptr);
    [[nodiscard]] chain::Transaction transaction(const Address& from, std::optional<Address> to, const Word& value,
                                                 Bytes data);

    // Goes to the next block, `seconds` later. Its randomness and its parent's hash follow from its number.
    void pass(std::uint64_t seconds);

    // Makes a machine report the keccak preimages that it sees to this devnet.
    void observe(vm::Machine& machine) const;
    // From here on copies that were made before learn no preimages of this one: it may be in another thread.
    void keep_own_preimages() { preimages_ = std::make_shared<Preimages>(*preimages_); }

    // --- texts ---

    // Formats a value: addresses by name, amounts in ether.
    [[nodiscard]] std::string text_of(const lang::ir::Type& type, const lang::abi::Value& value,
                                      Amounts amounts = Amounts::Exact) const;
    // Formats a call: "withdraw(1 ether)".
    [[nodiscard]] std::string text_of(const lang::ir::Function& function, const std::vector<lang::abi::Value>& arguments,
                                      Amounts amounts = Amounts::Exact) const;
    [[nodiscard]] std::string text_of(const lang::ir::Function& function,
                                      const std::vector<lang::abi::Data>& arguments) const;
    [[nodiscard]] std::string text_of(const lang::abi::DataType& type, const lang::abi::Data& value) const;
    // Formats an event: "Paid(to: alice, amount: 1 ether)". The emitting contract's events are tried first, then those
    // of all others, since libraries emit events under the addresses of their callers.
    [[nodiscard]] std::string text_of(const vm::Log& log) const;
    // Returns why a call failed, in words. The custom errors of all contracts are known.
    [[nodiscard]] std::string reason_of(const chain::Result& result) const;
    [[nodiscard]] std::string reason_of(ByteView revert_data) const;  // empty if there is no data

  private:
    [[nodiscard]] std::optional<std::string> event_of(const lang::ir::Contract& contract, const vm::Log& log) const;

    const lang::Compilation* compilation_;
    std::uint64_t gas_limit_;
    chain::State state_;
    std::shared_ptr<Preimages> preimages_ = std::make_shared<Preimages>();  // facts, shared by all copies
    std::vector<Account> accounts_;
    std::map<Address, std::string> names_;
    std::map<std::string, Address> addresses_;
    std::map<Address, Address> signers_;        // the signing account of each account that is a contract
    std::map<std::string, Address> libraries_;  // by their full names
    std::vector<DeployedContract> contracts_;
};

}  // namespace interlock::analyzer
