// Writes the calls that the attacker's contract makes, as statements of our language, and the interfaces that they need.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

class AttackerCalls {
  public:
    // `known` are the contracts whose addresses her contract keeps.
    AttackerCalls(const World& world, std::vector<DeployedIndex> known) : world_(world), known_(std::move(known)) {}

    [[nodiscard]] const std::vector<DeployedIndex>& known() const { return known_; }
    [[nodiscard]] std::string type(DeployedIndex contract) const { return "I" + world_.contract(contract).name; }
    [[nodiscard]] std::string variable(DeployedIndex contract) const { return "the" + world_.contract(contract).name; }

    // Returns the interface of a contract: what these calls need of it.
    [[nodiscard]] std::string interface(DeployedIndex contract, const std::vector<Call>& calls) const;
    [[nodiscard]] std::string statements(const std::vector<Call>& calls, const std::string& indent);
    // Returns an expression for an address. Accounts are mentioned by constants: see people().
    [[nodiscard]] std::string address(const Address& address);
    [[nodiscard]] const std::map<std::string, Address>& people() const { return people_; }

    // Returns a parameter as a declaration: "bytes calldata data".
    [[nodiscard]] static std::string declared(const lang::ir::NamedType& parameter);
    // Returns whether the values of these types have literals.
    [[nodiscard]] static bool have_literals(const std::vector<lang::ir::NamedType>& types);
    [[nodiscard]] static std::string hex(vm::ByteView data);       // hex"…"
    [[nodiscard]] static std::string bytes4(std::uint32_t value);  // 0x…

  private:
    [[nodiscard]] std::string statement(const Call& call, const std::string& indent);
    [[nodiscard]] std::string raw_call(const Call& call, const std::string& data, const std::string& indent) const;
    // Returns an expression for the data of a call, as readable as there is one.
    [[nodiscard]] std::string data_of(const Call& call);
    [[nodiscard]] std::string arguments_of(const Call& call);
    [[nodiscard]] std::string literal(const lang::ir::Type& type, const lang::abi::Data& value);
    [[nodiscard]] bool is_known(DeployedIndex contract) const;

    const World& world_;
    const std::vector<DeployedIndex> known_;
    std::map<std::string, Address> people_;  // accounts that the text mentions
};

}  // namespace interlock::analyzer
