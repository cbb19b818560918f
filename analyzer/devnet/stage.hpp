// A stage: a simulated chain among named people, for scenarios and tests. Every transaction is a block of its own, and gas
// costs nothing, so that balances show what the contracts did.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "analyzer/devnet/preimages.hpp"
#include "chain/execution.hpp"
#include "lang/abi.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

using vm::Address, vm::Bytes, vm::ByteView, vm::Word;

class Stage {
  public:
    static constexpr std::uint64_t gas_limit = 30'000'000;  // of a transaction
    static constexpr std::uint64_t block_seconds = 12;
    static const Word wealth;  // of everybody: 1000 ether

    explicit Stage(const lang::Compilation& compilation);

    // The code with the addresses of the libraries, which lie on every stage from the start.
    [[nodiscard]] Bytes linked(const Bytes& code, const std::vector<lang::LinkReference>& links) const;

    // Somebody of that name, with that much ether; the address follows from the name.
    Address add_person(const std::string& name, const Word& wei);
    // The same, but a contract: it sends what the person of that name tells it to.
    Address add_contract_person(const std::string& name, const Word& wei);
    void add_name(const Address& address, std::string name) { names_[address] = std::move(name); }
    [[nodiscard]] std::string name_of(const Address& address) const;  // or the address

    // A transaction; creates a contract where there is no `to`. One that is not valid is a fault of ours, or of somebody
    // who sends more ether than there is.
    chain::Result send(const Address& from, std::optional<Address> to, const Word& value, Bytes data,
                       vm::Tracer* tracer = nullptr);
    // The same, undone.
    chain::Result ask(const Address& from, const Address& to, Bytes data);

    void pass(std::uint64_t seconds);
    void place_code(const Address& address, ByteView code) { state_.set_code(address, code); }

    [[nodiscard]] chain::State& state() { return state_; }
    [[nodiscard]] const Preimages& preimages() const { return *preimages_; }

    // Of a value: addresses by name, amounts in ether.
    [[nodiscard]] std::string text_of(const lang::ir::Type& type, const lang::abi::Value& value) const;
    // Why a call failed, in words; of custom errors every contract's are known.
    [[nodiscard]] std::string reason_of(const chain::Result& result) const;
    [[nodiscard]] std::string reason_of(ByteView revert_data) const;

  private:
    chain::Result execute(chain::Transaction tx, vm::Tracer* tracer);

    void deploy_libraries();

    const lang::Compilation* compilation_;
    chain::State state_;
    std::shared_ptr<Preimages> preimages_ = std::make_shared<Preimages>();  // facts, shared by all copies
    std::map<std::string, Address> libraries_;                              // by their full names
    std::map<Address, std::string> names_;
    std::map<Address, Address> masters_;  // who sends for a person that is a contract
};

}  // namespace interlock::analyzer
