// The rules that more than one part of the grammar uses: expr.cpp, stmt.cpp and decl.cpp define them.
#pragma once

#include "lang/grammar/actions.hpp"

namespace interlock::lang::grammar {

struct Variables {
    std::vector<VariableId> list;
};
struct Arguments {
    std::vector<ExprId> list;
};

// expr.cpp
INTERLOCK_RULE(expression, ExprId, "an expression");
INTERLOCK_RULE(postfix, ExprId, "an expression");
INTERLOCK_RULE(type_name, TypeNameId, "a type");
INTERLOCK_RULE(path, Path, "a name");
INTERLOCK_RULE(arguments, Arguments, "`(`");
INTERLOCK_RULE(parameters, Variables, "`(`");
INTERLOCK_RULE(text, std::string_view, "a string");

// stmt.cpp
INTERLOCK_RULE(statement, StmtId, "a statement");
INTERLOCK_RULE(block, Stmt, "`{`");
INTERLOCK_RULE(initial_value, ExprId, "an expression");

// decl.cpp
INTERLOCK_RULE(source_unit, x3::unused_type, "a declaration");

BOOST_SPIRIT_DECLARE(decltype(expression), decltype(postfix), decltype(type_name), decltype(path), decltype(arguments),
                     decltype(parameters), decltype(text), decltype(statement), decltype(block),
                     decltype(initial_value), decltype(source_unit))

}  // namespace interlock::lang::grammar
