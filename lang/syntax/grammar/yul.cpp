// Assembly: Yul's grammar. It has no `;`, its names may be any words of Solidity, and after an error the rest of the
// line is skipped.
#include <algorithm>
#include <array>

#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;
using namespace std::string_view_literals;

// A name with its dots, which must touch the words that they join.
struct YulName : x3::parser<YulName>, Terminal {
    using attribute_type = Name;
    static constexpr bool has_attribute = true;
    [[nodiscard]] static std::string name() { return "a name"; }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute& attribute) const {
        const Builder& builder = builder_of(context);
        if (!begins_yul_name(builder, first)) return false;
        const Iterator behind = behind_yul_name(builder, first);
        const SourceRange range = range_of(first, behind);
        x3::traits::move_to(Name{{first->text.data(), range.end - range.begin}, range}, attribute);
        first = behind;
        return true;
    }
};
constexpr YulName yul_name{};

struct Names {
    std::vector<Name> list;
};

// The instructions that take nothing and give a word: older dialects write them like variables.
bool is_bare_instruction(const Builder& builder, std::string_view name) {
    static constexpr std::array words{"address"sv,     "caller"sv,   "callvalue"sv, "calldatasize"sv, "chainid"sv,
                                      "codesize"sv,    "coinbase"sv, "gas"sv,       "gaslimit"sv,     "gasprice"sv,
                                      "msize"sv,       "number"sv,   "origin"sv,    "prevrandao"sv,   "returndatasize"sv,
                                      "selfbalance"sv, "timestamp"sv};
    return builder.has(rule::instructions_are_bare) && std::ranges::find(words, name) != words.end();
}

std::string_view instruction_now(const Builder& builder, std::string_view name) {
    for (const OldInstruction& each : old_instructions)
        if (each.text == name && builder.has(each.rule)) return each.now;
    return name;
}

constexpr auto set_yul_name = [](const auto& context) {
    const Builder& builder = builder_of(context);
    YulExpr& expr = x3::_val(context);
    expr.text = instruction_now(builder, x3::_attr(context).text);
    expr.kind = is_bare_instruction(builder, expr.text) ? YulExprKind::Call : YulExprKind::Name;
    expr.name_range = x3::_attr(context).range;
};
constexpr auto set_literal = [](const auto& context) {
    const Token& token = x3::_attr(context);
    YulExpr& literal = x3::_val(context);
    x3::_pass(context) = !token.text.starts_with("unicode");
    const bool is_quoted = token.kind == T::String || token.kind == T::HexString;
    literal.text = is_quoted ? builder_of(context).keep(value_of(token)) : token.text;
    literal.kind = token.kind == T::Number      ? YulExprKind::Number
                   : token.kind == T::String    ? YulExprKind::String
                   : token.kind == T::HexString ? YulExprKind::HexString
                                                : YulExprKind::Bool;
};

}  // namespace

INTERLOCK_RULE(yul_literal, YulExpr, "a literal");
INTERLOCK_RULE(yul_literal_id, YulExprId, "a literal");
INTERLOCK_RULE(yul_name_or_call, YulExpr, "a name");
INTERLOCK_RULE(yul_expression, YulExprId, "an expression");
INTERLOCK_RULE(yul_names, Names, "a name");
INTERLOCK_RULE(yul_block, YulStmt, "`{`");
INTERLOCK_RULE(yul_let, YulStmt, "`let`");
INTERLOCK_RULE(yul_if, YulStmt, "`if`");
INTERLOCK_RULE(yul_case, YulCase, "`case`");
INTERLOCK_RULE(yul_default, YulCase, "`case` or `default`");
INTERLOCK_RULE(yul_switch, YulStmt, "`switch`");
INTERLOCK_RULE(yul_for, YulStmt, "`for`");
INTERLOCK_RULE(yul_jump, YulStmt, "`break`");
INTERLOCK_RULE(yul_function, YulStmt, "`function`");
INTERLOCK_RULE(yul_assignment, YulStmt, "an assignment");
INTERLOCK_RULE(yul_expression_statement, YulStmt, "a statement");
INTERLOCK_RULE(any_yul_statement, YulStmt, "a statement of assembly");
INTERLOCK_RULE(yul_statement, YulStmtId, "a statement of assembly");

// --- expressions ---
constexpr auto yul_literal_def = located[any_of<T::Number, T::String, T::HexString, T::True, T::False>[set_literal]];
constexpr auto yul_literal_id_def = yul_literal[store];
constexpr auto yul_name_or_call_def =
    located[yul_name[set_yul_name] >>
            -(left_paren[as<YulExprKind::Call>] > -separated(yul_expression[append<&YulExpr::arguments>]) > right_paren)];
constexpr auto yul_expression_def = nested[yul_literal[store] | yul_name_or_call[store]];
constexpr auto yul_names_def = separated(yul_name[append<&Names::list>]);

BOOST_SPIRIT_DEFINE(yul_literal, yul_literal_id, yul_name_or_call, yul_expression, yul_names)

// --- statements ---
constexpr auto yul_block_def =
    located[left_brace[as<YulStmtKind::Block>] > *yul_statement[append_filled<&YulStmt::list>] > right_brace];
constexpr auto yul_block_id_def = yul_block[store];
constexpr auto yul_let_def = located[WordParser("let")[as<YulStmtKind::Let>] > yul_names[set_list<&YulStmt::names>] >
                                     -(token(T::ColonAssign) > yul_expression[set<&YulStmt::expr>])];
constexpr auto yul_if_def =
    located[WordParser("if")[as<YulStmtKind::If>] > yul_expression[set<&YulStmt::expr>] > yul_block_id[set<&YulStmt::body>]];
constexpr auto yul_case_def =
    located[WordParser("case") > yul_literal_id[set<&YulCase::value>] > yul_block_id[set<&YulCase::body>]];
constexpr auto yul_default_def = located[WordParser("default") > yul_block_id[set<&YulCase::body>]];
constexpr auto yul_switch_def = located[WordParser("switch")[as<YulStmtKind::Switch>] > yul_expression[set<&YulStmt::expr>] >
                                        ((yul_case[append<&YulStmt::cases>] > *yul_case[append<&YulStmt::cases>] >
                                          -yul_default[append<&YulStmt::cases>]) |
                                         x3::expect[yul_default[append<&YulStmt::cases>]])];
constexpr auto yul_for_def =
    located[WordParser("for")[as<YulStmtKind::For>] > yul_block_id[set<&YulStmt::init>] >
            yul_expression[set<&YulStmt::expr>] > yul_block_id[set<&YulStmt::step>] > yul_block_id[set<&YulStmt::body>]];
constexpr auto yul_jump_def =
    located[WordParser("break")[as<YulStmtKind::Break>] | WordParser("continue")[as<YulStmtKind::Continue>] |
            WordParser("leave")[as<YulStmtKind::Leave>]];
constexpr auto yul_function_def =
    located[WordParser("function")[as<YulStmtKind::Function>] > yul_name[set<&YulStmt::name>] > left_paren >
            -yul_names[set_list<&YulStmt::names>] > right_paren >
            -(token(T::Arrow) > yul_names[set_list<&YulStmt::results>]) > yul_block_id[set<&YulStmt::body>]];
constexpr auto yul_assignment_def =
    located[when(begins_yul_assignment) >> yul_names[set_list<&YulStmt::names>] >
            token(T::ColonAssign)[as<YulStmtKind::Assign>] > yul_expression[set<&YulStmt::expr>]];
constexpr auto yul_expression_statement_def =
    located[yul_expression[set<&YulStmt::expr>] >> x3::eps[as<YulStmtKind::Expression>]];
constexpr auto any_yul_statement_def =
    located[yul_block[adopt] | yul_let[adopt] | yul_if[adopt] | yul_switch[adopt] | yul_for[adopt] | yul_jump[adopt] |
            yul_function[adopt] | yul_assignment[adopt] | yul_expression_statement[adopt]];
constexpr auto yul_statement_def =
    unless(ends_yul_block) >> recovering<behind_yul_statement>[nested[x3::expect[any_yul_statement[store]]]];

BOOST_SPIRIT_DEFINE(yul_block, yul_block_id, yul_let, yul_if, yul_case, yul_default, yul_switch, yul_for, yul_jump,
                    yul_function, yul_assignment, yul_expression_statement, any_yul_statement, yul_statement)

BOOST_SPIRIT_INSTANTIATE(decltype(yul_block_id), Iterator, Context)

}  // namespace interlock::lang::grammar
