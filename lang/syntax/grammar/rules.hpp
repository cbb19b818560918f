// The rules that more than one part of the grammar uses. Each file of the grammar defines some and instantiates them.
#pragma once

#include "lang/syntax/grammar/actions.hpp"

namespace interlock::lang::grammar {

struct Variables {
    std::vector<VariableId> list;
};
struct Arguments {
    std::vector<ExprId> list;
};
struct Paths {
    std::vector<Path> list;
};

// type.cpp
INTERLOCK_RULE(type_name, TypeNameId, "a type");
INTERLOCK_RULE(path, Path, "a name");
INTERLOCK_RULE(parameter_id, VariableId, "a parameter");
INTERLOCK_RULE(parameters, Variables, "`(`");
INTERLOCK_RULE(results, Variables, "`(`");

// expr.cpp
INTERLOCK_RULE(expression, ExprId, "an expression");
INTERLOCK_RULE(postfix, ExprId, "an expression");
INTERLOCK_RULE(arguments, Arguments, "`(`");
INTERLOCK_RULE(text, std::string_view, "a string");

// stmt.cpp
INTERLOCK_RULE(statement, StmtId, "a statement");
INTERLOCK_RULE(block, Stmt, "`{`");
INTERLOCK_RULE(block_id, StmtId, "`{`");
INTERLOCK_RULE(initial_value, ExprId, "an expression");

// yul.cpp
INTERLOCK_RULE(yul_block_id, YulStmtId, "`{`");

// function.cpp
INTERLOCK_RULE(invocation, Invocation, "a modifier");
INTERLOCK_RULE(override_words, Paths, "`override`");
INTERLOCK_RULE(function, Function, "a function");
INTERLOCK_RULE(modifier, Modifier, "`modifier`");

// decl.cpp: each rule declares what it reads, in the open contract or at the top level
INTERLOCK_RULE(definition, x3::unused_type, "a declaration");  // allowed in both
INTERLOCK_RULE(state_variable, Variable, "a state variable");

// spec.cpp
INTERLOCK_RULE(spec_clause, SpecClause, "a specification clause");
INTERLOCK_RULE(spec_member, x3::unused_type, "`invariant`");  // declares what it reads
INTERLOCK_RULE(scenario, Scenario, "`scenario`");

// unit.cpp
INTERLOCK_RULE(source_unit, x3::unused_type, "a declaration");

BOOST_SPIRIT_DECLARE(decltype(type_name), decltype(path), decltype(parameter_id), decltype(parameters), decltype(results),
                     decltype(expression), decltype(postfix), decltype(arguments), decltype(text), decltype(statement),
                     decltype(block), decltype(block_id), decltype(initial_value), decltype(yul_block_id),
                     decltype(invocation), decltype(override_words), decltype(function), decltype(modifier),
                     decltype(definition), decltype(state_variable), decltype(spec_clause), decltype(spec_member),
                     decltype(scenario), decltype(source_unit))

}  // namespace interlock::lang::grammar
