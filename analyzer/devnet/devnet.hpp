// A devnet: a simulated chain among named accounts, with contracts of one compilation on it. Scenarios and tests run on
// one, `interlock run` sends its transactions to one, and the explorer's world is one with an attacker.
//
//     Devnet devnet(compilation);
//     devnet.deploy_libraries();
//     const Address alice = devnet.add_account("alice");
//     chain::Result made = devnet.deploy(alice, *compilation.main(), Word{}, {});
//     chain::Result sent = devnet.send(alice, *made.receipt.created, Word{}, data);
//     if (!sent.valid() || !sent.receipt.ok()) std::cerr << devnet.reason_of(sent);
//
// Gas is counted and costs nothing, so that balances show what the contracts did. A copy is a devnet of its own; going
// back is the state's (`state().checkpoint()`, `rewind_to`). Names, contracts and preimages are facts and stay.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/devnet/preimages.hpp"
#include "chain/execution.hpp"
#include "lang/abi/abi.hpp"
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
    Bytes creation_data;  // creation code and encoded arguments

    [[nodiscard]] const lang::ir::Contract& ir() const { return *artifact->ir; }
};

// How amounts are told: as literals of the language, or with what has wrapped around below zero as "2^256 - 1 ether".
enum class Amounts : std::uint8_t { Exact, Wrapped };

struct DevnetSettings {
    std::uint64_t gas_limit = 30'000'000;  // of each transaction
    std::uint64_t block_number = 1;        // of the block that there is at the start
};

class Devnet {
  public:
    static constexpr std::uint64_t block_gas_limit = 30'000'000;
    static const Word wealth;  // of an account, unless something else is said: 1000 ether

    // The compilation must outlive the devnet.
    explicit Devnet(const lang::Compilation& compilation, const DevnetSettings& settings = {});

    [[nodiscard]] const lang::Compilation& compilation() const { return *compilation_; }
    [[nodiscard]] chain::State& state() { return state_; }
    [[nodiscard]] const Preimages& preimages() const { return *preimages_; }

    // --- accounts ---

    // Somebody of that name; the address follows from the name.
    Address add_account(const std::string& name, const Word& wei = wealth);
    // The same, but a contract: it sends what is sent in its name.
    Address add_contract_account(const std::string& name, const Word& wei = wealth);
    [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }  // in the order of their coming

    // From now on the address is called so. The newest bearer of a name is meant by it.
    void add_name(const Address& address, const std::string& name);
    [[nodiscard]] std::string name_of(const Address& address) const;  // or the address in digits
    [[nodiscard]] std::optional<Address> address_of(const std::string& name) const;

    // --- contracts ---

    // The libraries are, or will be, the first contracts that `deployer` creates, in the order of the compilation.
    void place_libraries(const Address& deployer);
    // Puts them there now, from an account that exists for nothing else.
    void deploy_libraries();
    [[nodiscard]] Bytes linked(const Bytes& code, const std::vector<lang::LinkReference>& links) const;
    // The full name of a library that the contract needs and that has no place; empty where there is none.
    [[nodiscard]] std::string missing_library(const lang::Artifact& artifact) const;

    [[nodiscard]] Bytes creation_data(const lang::Artifact& artifact, ByteView encoded_arguments) const;
    // One transaction; where it succeeds, the contract is known from then on, by the name that it has in the source.
    chain::Result deploy(const Address& from, const lang::Artifact& artifact, const Word& value, ByteView encoded_arguments);
    void add_contract(DeployedContract contract);
    [[nodiscard]] const std::vector<DeployedContract>& contracts() const { return contracts_; }  // as they were deployed
    [[nodiscard]] const DeployedContract* contract_at(const Address& address) const;

    // --- transactions and time ---

    // A transaction in a block of its own; creates a contract where there is no `to`. One that is not valid is a fault of
    // ours, or of somebody who sends more ether than there is.
    chain::Result send(const Address& from, std::optional<Address> to, const Word& value, Bytes data,
                       vm::Tracer* tracer = nullptr);
    // The same, in the block that there is, and undone.
    chain::Result ask(const Address& from, const Address& to, Bytes data);
    // A transaction in the block that there is. `tracer` may be null.
    chain::Result execute(const chain::Transaction& transaction, vm::Tracer* tracer = nullptr);
    [[nodiscard]] chain::Transaction transaction(const Address& from, std::optional<Address> to, const Word& value,
                                                 Bytes data);

    // The next block, so many seconds later. Its randomness and its parent's hash follow from its number.
    void pass(std::uint64_t seconds);

    // Lets a machine tell this devnet which keccak preimages it saw.
    void observe(vm::Machine& machine) const;

    // --- texts ---

    // Of a value: addresses by name, amounts in ether.
    [[nodiscard]] std::string text_of(const lang::ir::Type& type, const lang::abi::Value& value,
                                      Amounts amounts = Amounts::Exact) const;
    // Of a call: "withdraw(1 ether)".
    [[nodiscard]] std::string text_of(const lang::ir::Function& function, const std::vector<lang::abi::Value>& arguments,
                                      Amounts amounts = Amounts::Exact) const;
    // Of an event: "Paid(to: alice, amount: 1 ether)". The contract that it is from is asked first, then all others:
    // libraries emit theirs under the addresses of their callers.
    [[nodiscard]] std::string text_of(const vm::Log& log) const;
    // Why a call failed, in words; of custom errors every contract's are known.
    [[nodiscard]] std::string reason_of(const chain::Result& result) const;
    [[nodiscard]] std::string reason_of(ByteView revert_data) const;  // empty where there is no data

  private:
    [[nodiscard]] std::optional<std::string> event_of(const lang::ir::Contract& contract, const vm::Log& log) const;

    const lang::Compilation* compilation_;
    std::uint64_t gas_limit_;
    chain::State state_;
    std::shared_ptr<Preimages> preimages_ = std::make_shared<Preimages>();  // facts, shared by all copies
    std::vector<Account> accounts_;
    std::map<Address, std::string> names_;
    std::map<std::string, Address> addresses_;
    std::map<Address, Address> signers_;        // of accounts that are contracts
    std::map<std::string, Address> libraries_;  // by their full names
    std::vector<DeployedContract> contracts_;
};

}  // namespace interlock::analyzer
