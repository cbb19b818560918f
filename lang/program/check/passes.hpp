// The passes of the checker behind the declarations.
#pragma once

#include <set>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

void check_assembly(Context& context, YulStmtId block);  // names, and the number of values
void check_actors(Context& context, ContractId contract);
void check_scenario(Context& context, ScenarioId scenario);
void check_bodies(Context& context);  // everything that the declarations left open
// Checks that in these functions and modifiers every storage and call data reference is assigned before it is used.
void check_pointers(Context& context, const std::set<FunctionId>& functions, const std::set<ModifierId>& modifiers);
void check_mutability(Context& context);  // after the bodies: checks view and pure
void find_recursion(Context& context);    // sets FunctionInfo::is_recursive

}  // namespace interlock::lang
