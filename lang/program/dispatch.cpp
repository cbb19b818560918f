#include "lang/program/dispatch.hpp"

#include <algorithm>

namespace interlock::lang {
namespace {

bool can_be_overridden(const Program& program, FunctionId id) {
    const Function& function = (*program.tree)[id];
    const ContractId owner = program[id].contract;
    return function.is_virtual || (owner && (*program.tree)[owner].kind == ContractKind::Interface);
}

FunctionId function_with_key(const Program& program, ContractId contract, std::string_view key) {
    for (const FunctionId id : (*program.tree)[contract].functions) {
        if (program[id].key == key) return id;
    }
    return {};
}

}  // namespace

FunctionId resolve_virtual(const Program& program, FunctionId function, ContractId derived) {
    if (!can_be_overridden(program, function)) return function;
    for (const ContractId contract : program[derived].linearization) {
        if (const FunctionId found = function_with_key(program, contract, program[function].key)) return found;
    }
    return function;
}

FunctionId resolve_super(const Program& program, FunctionId function, ContractId caller, ContractId derived) {
    const std::vector<ContractId>& order = program[derived].linearization;
    auto contract = std::find(order.begin(), order.end(), caller);
    if (contract == order.end()) return {};
    while (++contract != order.end()) {
        const FunctionId found = function_with_key(program, *contract, program[function].key);
        if (found && (*program.tree)[found].body) return found;
    }
    return {};
}

ModifierId resolve_virtual(const Program& program, ModifierId modifier, ContractId derived) {
    const Tree& tree = *program.tree;
    const std::vector<ContractId>& order = program[derived].linearization;
    if (std::ranges::find(order, tree[modifier].scope.contract) == order.end()) return modifier;  // a modifier of a library
    for (const ContractId contract : order) {
        for (const ModifierId id : tree[contract].modifiers) {
            if (tree[id].name.text == tree[modifier].name.text) return id;
        }
    }
    return modifier;
}

FunctionId own_function(const Tree& tree, ContractId contract, FunctionKind kind) {
    for (const FunctionId id : tree[contract].functions) {
        if (tree[id].kind == kind) return id;
    }
    return {};
}

FunctionId inherited_function(const Program& program, ContractId derived, FunctionKind kind) {
    for (const ContractId contract : program[derived].linearization) {
        if (const FunctionId found = own_function(*program.tree, contract, kind)) return found;
    }
    return {};
}

VariableId getter_with_key(const Program& program, ContractId derived, std::string_view key) {
    for (const ContractId contract : program[derived].linearization) {
        for (const VariableId id : (*program.tree)[contract].state_variables) {
            if (program[id].getter_key == key) return id;
        }
    }
    return {};
}

}  // namespace interlock::lang
