// What one contract shows others and sees of them: events, errors, methods, getters, the names of other contracts. What
// it only uses is added on demand.
#pragma once

#include <map>
#include <string>

#include "lang/lower/functions.hpp"

namespace interlock::lang::lowering {

// A getter's parameters and results, and the path to its result.
struct Getter {
    std::vector<ir::NamedType> parameters, returns;
    std::vector<VariableId> fields;  // the returned fields of a struct
    std::vector<TypeId> keys;
    TypeId end;
};

class Interface {
  public:
    Interface(const Program& program, ContractId contract, const Types& types, Functions& functions, ir::Contract& out)
        : program_(program), tree_(*program.tree), id_(contract), types_(types), functions_(functions), out_(out) {}

    void list_logs();    // the events and errors of the contract itself
    void add_methods();  // of an interface: the functions that others can call, without code

    [[nodiscard]] std::uint32_t event_index(EventId event);
    [[nodiscard]] std::uint32_t error_index(ErrorId error);
    [[nodiscard]] std::uint32_t method_index(FunctionId function);
    [[nodiscard]] std::uint32_t getter_method_index(VariableId variable);
    [[nodiscard]] std::uint32_t creates_index(ContractId contract);
    [[nodiscard]] std::uint32_t library_index(ContractId library);  // a library that is called externally

    [[nodiscard]] ir::Method method(std::uint32_t index) const { return out_.methods[index]; }  // a copy: the list grows
    [[nodiscard]] Getter getter_of(VariableId variable) const;
    [[nodiscard]] static vm::Word topic_of(const ir::Event& event);
    [[nodiscard]] std::string qualified_name(ContractId contract) const;  // "path:Name"
    [[nodiscard]] std::string identity_of(ContractId contract) const;     // the name alone if no other contract has it

  private:
    [[nodiscard]] ir::Mutability mutability_of_call(ir::Mutability mutability) const;
    std::uint32_t add_method(ir::Method method);

    const Program& program_;
    const Tree& tree_;
    const ContractId id_;
    const Types& types_;
    Functions& functions_;
    ir::Contract& out_;  // its events, errors, methods, and the names of others
    std::map<EventId, std::uint32_t> events_;
    std::map<ErrorId, std::uint32_t> errors_;
    std::map<ContractId, std::uint32_t> creates_;
};

}  // namespace interlock::lang::lowering
