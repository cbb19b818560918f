// Statements. Each rule fills a Stmt; `statement` stores it in the tree and continues after the next `;` or block if
// there was an error. Headers in parentheses recover at their `)`, so that an error in a condition does not hide errors
// in the body.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

constexpr auto take_header = [](const auto& context) {
    Stmt& loop = x3::_val(context);
    Stmt& header = x3::_attr(context);
    loop.init = header.init;
    loop.expr = header.expr;
    loop.step = header.step;
};
constexpr auto find_memory_safe = [](const auto& context) {
    if (value_of(x3::_attr(context)) != "memory-safe") return;
    x3::_pass(context) = !x3::_val(context);  // once is enough
    x3::_val(context) = true;
};
constexpr auto is_evm_dialect = [](const auto& context) { x3::_pass(context) = value_of(x3::_attr(context)) == "evmasm"; };
constexpr auto append_else_if = [](const auto& context) {
    builder_of(context).append_else_if(x3::_val(context), std::move(x3::_attr(context)), last_token(context));
};
constexpr auto fold_else_ifs = [](const auto& context) { builder_of(context).fold_else_ifs(x3::_val(context)); };
constexpr auto revert_or_expression = [](const auto& context) {
    x3::_val(context) = builder_of(context).revert_or_expression(x3::_attr(context));
};

// In older dialects `f.value(1);` only says how to call: nobody is called.
constexpr auto set_whole = [](const auto& context) {
    x3::_val(context).expr = builder_of(context).with_options(x3::_attr(context));
};

// `ghost x = …;` and `ghost m[k] += …;` are updates unless there is a type of that name.
bool begins_ghost_update(const Builder& builder, Iterator at) {
    return at->kind == T::Identifier && at->text == "ghost" && builder.has_spec_words() && !builder.is_declared("ghost") &&
           at[1].kind == T::Identifier && at[2].kind != T::Semicolon;
}

}  // namespace

INTERLOCK_RULE(condition, ExprId, "`(`");
INTERLOCK_RULE(for_header, Stmt, "`(`");
INTERLOCK_RULE(loop_invariant, ExprId, "`invariant`");
INTERLOCK_RULE(declared_variable, Variable, "a variable");
INTERLOCK_RULE(variable_id, VariableId, "a variable");
INTERLOCK_RULE(declaration, Stmt, "a declaration");
INTERLOCK_RULE(tuple_declaration, Stmt, "a declaration");
INTERLOCK_RULE(untyped_variable, Variable, "a variable");
INTERLOCK_RULE(untyped_variable_id, VariableId, "a variable");
INTERLOCK_RULE(untyped_tuple, Stmt, "`var`");
INTERLOCK_RULE(expression_statement, Stmt, "an expression");
INTERLOCK_RULE(simple, Stmt, "a statement");
INTERLOCK_RULE(simple_id, StmtId, "a statement");
INTERLOCK_RULE(unchecked_block, Stmt, "`unchecked`");
INTERLOCK_RULE(one_condition, Stmt, "`if`");
INTERLOCK_RULE(else_if, Stmt, "`else`");
INTERLOCK_RULE(if_statement, Stmt, "`if`");
INTERLOCK_RULE(while_statement, Stmt, "`while`");
INTERLOCK_RULE(do_statement, Stmt, "`do`");
INTERLOCK_RULE(for_statement, Stmt, "`for`");
INTERLOCK_RULE(jump_statement, Stmt, "`return`");
INTERLOCK_RULE(emit_statement, Stmt, "`emit`");
INTERLOCK_RULE(revert_statement, Stmt, "`revert`");
INTERLOCK_RULE(revert_call, Stmt, "`revert`");
INTERLOCK_RULE(throw_statement, Stmt, "`throw`");
INTERLOCK_RULE(placeholder, Stmt, "`_`");
INTERLOCK_RULE(spec_statement, Stmt, "`assume`");
INTERLOCK_RULE(ghost_statement, Stmt, "`ghost`");
INTERLOCK_RULE(catch_clause, Catch, "`catch`");
INTERLOCK_RULE(try_statement, Stmt, "`try`");
INTERLOCK_RULE(assembly_flags, bool, "`(`");
INTERLOCK_RULE(assembly_statement, Stmt, "`assembly`");
INTERLOCK_RULE(any_statement, Stmt, "a statement");

constexpr auto condition_def = recovering<behind_parentheses>[left_paren > expression[adopt] > right_paren];
constexpr auto initial_value_def = recovering<before_end_of_statement>[x3::expect[expression[adopt]]];

// --- declarations and expressions ---
constexpr auto declared_variable_def = located[when(begins_var) >> token(T::Reserved) > identifier[set<&Variable::name>]] |
                                       located[unless(begins_var) >> type_name[set<&Variable::type>] >
                                               -location[set<&Variable::location>] > identifier[set<&Variable::name>]];
constexpr auto variable_id_def = declared_variable[store];
constexpr auto declaration_def =
    located[when(begins_declaration) >> variable_id[append<&Stmt::variables>] >> x3::eps[as<StmtKind::Declare>] >>
            -(token(T::Assign) > initial_value[set_filled<&Stmt::expr>])];
constexpr auto tuple_component =
    (when(begins_declaration) >> variable_id[append<&Stmt::variables>]) | x3::eps[append_hole<&Stmt::variables>];
constexpr auto tuple_declaration_def =
    located[when(begins_tuple_declaration) >> left_paren[as<StmtKind::Declare>] >> tuple_component >>
            *(comma >> tuple_component) > right_paren > token(T::Assign) > initial_value[set_filled<&Stmt::expr>]];
// var (a, , b) = …
constexpr auto untyped_variable_def = located[identifier[set<&Variable::name>]];
constexpr auto untyped_variable_id_def = untyped_variable[store];
constexpr auto untyped_component = untyped_variable_id[append<&Stmt::variables>] | x3::eps[append_hole<&Stmt::variables>];
constexpr auto untyped_tuple_def =
    located[when(begins_var_tuple) >> token(T::Reserved)[as<StmtKind::Declare>] > left_paren >> untyped_component >>
            *(comma >> untyped_component) > right_paren > token(T::Assign) > initial_value[set_filled<&Stmt::expr>]];
constexpr auto expression_statement_def = located[expression[set_whole] >> x3::eps[as<StmtKind::Expression>]];
constexpr auto simple_def =
    located[declaration[adopt] | tuple_declaration[adopt] | untyped_tuple[adopt] | expression_statement[adopt]];
constexpr auto simple_id_def = simple[store];

BOOST_SPIRIT_DEFINE(condition, initial_value, declared_variable, variable_id, declaration, tuple_declaration,
                    untyped_variable, untyped_variable_id, untyped_tuple, expression_statement, simple, simple_id)

// --- control flow ---
constexpr auto block_def = located[left_brace[as<StmtKind::Block>] > *statement[append_filled<&Stmt::list>] > right_brace];
constexpr auto block_id_def = block[store];
constexpr auto unchecked_block_def = located[token(T::Unchecked) > block[adopt] > x3::eps[as<StmtKind::UncheckedBlock>]];
constexpr auto one_condition_def =
    located[token(T::If)[as<StmtKind::If>] > condition[set_filled<&Stmt::expr>] > statement[set_filled<&Stmt::body>]];
// The links follow each other instead of being nested, because chains may be long.
constexpr auto else_if_def = token(T::Else) >> one_condition[adopt];
constexpr auto if_statement_def = located[one_condition[adopt] >> *else_if[append_else_if] >>
                                          -(token(T::Else) > statement[set_filled<&Stmt::other>]) >> x3::eps[fold_else_ifs]];
constexpr auto loop_invariant_def = when(begins_loop_invariant) >> token(T::Identifier) > specification[expression][adopt];
constexpr auto while_statement_def =
    located[token(T::While)[as<StmtKind::While>] > condition[set_filled<&Stmt::expr>] >
            *loop_invariant[append<&Stmt::invariants>] > statement[set_filled<&Stmt::body>]];
constexpr auto do_statement_def = located[token(T::Do)[as<StmtKind::DoWhile>] > statement[set_filled<&Stmt::body>] >
                                          token(T::While) > condition[set_filled<&Stmt::expr>] > end_of_statement];
constexpr auto for_header_def =
    located[recovering<behind_parentheses>[left_paren > -simple_id[set<&Stmt::init>] > semicolon >
                                           -expression[set<&Stmt::expr>] > semicolon > -expression[set<&Stmt::step>] >
                                           right_paren]];
constexpr auto for_statement_def = located[token(T::For)[as<StmtKind::For>] > for_header[take_header] >
                                           *loop_invariant[append<&Stmt::invariants>] > statement[set_filled<&Stmt::body>]];
constexpr auto jump_statement_def =
    located[((token(T::Return)[as<StmtKind::Return>] >> -expression[set<&Stmt::expr>]) |
             token(T::Break)[as<StmtKind::Break>] | token(T::Continue)[as<StmtKind::Continue>]) > end_of_statement];

BOOST_SPIRIT_DEFINE(block, block_id, unchecked_block, one_condition, else_if, if_statement, loop_invariant, while_statement,
                    do_statement, for_header, for_statement, jump_statement)

// --- the rest ---
constexpr auto emit_statement_def =
    located[token(T::Emit)[as<StmtKind::Emit>] > expression[set<&Stmt::expr>] > end_of_statement];
constexpr auto revert_statement_def = located[when(begins_revert) >> token(T::Identifier)[as<StmtKind::Revert>] >
                                              expression[set<&Stmt::expr>] > end_of_statement];
constexpr auto revert_call_def = located[when(begins_revert_call) >> expression[revert_or_expression] > end_of_statement];
constexpr auto throw_statement_def =
    located[when(begins_throw) >> token(T::Identifier)[as<StmtKind::Revert>] > end_of_statement];
constexpr auto placeholder_def =
    located[(when(begins_bare_placeholder) >> token(T::Identifier)[as<StmtKind::Placeholder>]) |
            (when(begins_placeholder) >> token(T::Identifier)[as<StmtKind::Placeholder>] > end_of_statement)];
constexpr auto spec_statement_def = located[((when(begins_assume) >> token(T::Identifier)[as<StmtKind::Assume>]) |
                                             (when(begins_check) >> token(T::Identifier)[as<StmtKind::Check>])) >
                                            specification[expression][set<&Stmt::expr>] > end_of_statement];
constexpr auto ghost_statement_def =
    located[when(begins_ghost_update) >> token(T::Identifier)[as<StmtKind::Expression>] >
            specification[expression][set<&Stmt::expr>] > x3::eps[put<&Stmt::flag>] > end_of_statement];

constexpr auto catch_clause_def = located[token(T::Catch) > -identifier[set<&Catch::name>] >
                                          -results[set_list<&Catch::parameters>] > block_id[set<&Catch::body>]];
constexpr auto try_statement_def =
    located[token(T::Try)[as<StmtKind::Try>] > expression[set<&Stmt::expr>] >
            -(token(T::Returns) > results[set_list<&Stmt::variables>]) > block_id[set<&Stmt::body>] >
            catch_clause[append<&Stmt::catches>] > *catch_clause[append<&Stmt::catches>]];
constexpr auto assembly_flags_def = left_paren > separated(any_of<T::String>[find_memory_safe]) > right_paren;
constexpr auto assembly_statement_def =
    located[token(T::Assembly)[as<StmtKind::Assembly>] > -any_of<T::String>[is_evm_dialect] >>
            -assembly_flags[set<&Stmt::flag>] > yul_block_id[set<&Stmt::assembly>]];

constexpr auto any_statement_def =
    located[block[adopt] | if_statement[adopt] | for_statement[adopt] | while_statement[adopt] | do_statement[adopt] |
            jump_statement[adopt] | emit_statement[adopt] | unchecked_block[adopt] | revert_statement[adopt] |
            revert_call[adopt] | throw_statement[adopt] | placeholder[adopt] | spec_statement[adopt] |
            ghost_statement[adopt] | try_statement[adopt] | assembly_statement[adopt] | (simple[adopt] > end_of_statement)];
constexpr auto statement_def = unless(ends_block) >> recovering<behind_statement>[nested[x3::expect[any_statement[store]]]];

BOOST_SPIRIT_DEFINE(emit_statement, revert_statement, revert_call, throw_statement, placeholder, spec_statement,
                    ghost_statement, catch_clause, try_statement, assembly_flags, assembly_statement, any_statement,
                    statement)

BOOST_SPIRIT_INSTANTIATE(decltype(statement), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(block), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(block_id), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(initial_value), Iterator, Context)

}  // namespace interlock::lang::grammar
