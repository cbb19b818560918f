// Statements, function and modifier bodies, specification clauses.
#pragma once

#include <set>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

void check_assembly(Context& context, YulStmtId block);  // names, and how many values there are
class Expressions;
void check_actors(Context& context, Expressions& expressions, ContractId contract);
void check_scenario(Context& context, Expressions& expressions, ScenarioId scenario);
void check_bodies(Context& context);  // everything that declarations left open
// Every storage and call data reference has a place where it is used, in these functions and modifiers.
void check_pointers(Context& context, const std::set<FunctionId>& functions, const std::set<ModifierId>& modifiers);
void check_mutability(Context& context);  // after the bodies: view and pure keep their word
void find_recursion(Context& context);    // FunctionInfo::is_recursive

}  // namespace interlock::lang
