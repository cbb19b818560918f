// Checks the heads of functions and of state variables: the steps of declare_all that handle them one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

void resolve_functions(Context& context, ContractId contract);  // all functions that it declares
void resolve_free_function(Context& context, FunctionId function);
void check_overloads(Context& context, const std::vector<FunctionId>& functions);

// Also resolves its getter, if it has one. `contract` is empty for a constant of a file.
void resolve_state_variable(Context& context, ContractId contract, VariableId variable);

// Overriding and overloading compare the name and the types of the parameters, without data locations. The key is empty
// if a type is unknown.
[[nodiscard]] std::string key_of(Context& context, std::string_view name, const std::vector<TypeId>& parameters);

}  // namespace interlock::lang
