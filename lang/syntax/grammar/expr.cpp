// Expressions.
//
// The grammar is left-factored throughout: X3 does not memoize, so that `a >> b | a` would read `a` twice on each level
// of nesting. A suffix is read as a draft without its operand and then attached to the expression before it; operators
// are read as a flat chain that the builder folds by precedence.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

// --- reading single tokens ---

template <class Value>
struct Meaning {
    TokenKind kind;
    Value value;
};

template <class Value, std::size_t n>
std::optional<Value> find_meaning(const std::array<Meaning<Value>, n>& table, TokenKind kind) {
    for (const auto& each : table)
        if (each.kind == kind) return each.value;
    return std::nullopt;
}

// An operator with its place, as a draft.
struct PrefixOperator : ValueParser<PrefixOperator, Expr> {
    static std::string name() { return "an operator"; }
    static std::optional<Expr> read(const Token& at) {
        static constexpr std::array<Meaning<UnaryOp>, 6> table{{{T::Not, UnaryOp::Not},
                                                                {T::BitNot, UnaryOp::BitNot},
                                                                {T::Minus, UnaryOp::Negate},
                                                                {T::Increment, UnaryOp::Increment},
                                                                {T::Decrement, UnaryOp::Decrement},
                                                                {T::Delete, UnaryOp::Delete}}};
        const auto op = find_meaning(table, at.kind);
        if (!op) return std::nullopt;
        return Expr{.kind = ExprKind::Unary, .name_range = at.range, .unary = *op};
    }
};

struct PostfixOperator : ValueParser<PostfixOperator, Expr> {
    static std::string name() { return "an operator"; }
    static std::optional<Expr> read(const Token& at) {
        static constexpr std::array<Meaning<UnaryOp>, 2> table{
            {{T::Increment, UnaryOp::Increment}, {T::Decrement, UnaryOp::Decrement}}};
        const auto op = find_meaning(table, at.kind);
        if (!op) return std::nullopt;
        return Expr{.kind = ExprKind::PostfixUnary, .range = at.range, .name_range = at.range, .unary = *op};
    }
};

struct BinaryOperator : ValueParser<BinaryOperator, Chain::Operator> {
    static std::string name() { return "an operator"; }
    static std::optional<Chain::Operator> read(const Token& at) {
        static constexpr std::array<Meaning<BinaryOp>, 21> table{{{T::Power, BinaryOp::Power},
                                                                  {T::Times, BinaryOp::Multiply},
                                                                  {T::Divide, BinaryOp::Divide},
                                                                  {T::Modulo, BinaryOp::Modulo},
                                                                  {T::Plus, BinaryOp::Add},
                                                                  {T::Minus, BinaryOp::Subtract},
                                                                  {T::ShiftLeft, BinaryOp::ShiftLeft},
                                                                  {T::ShiftRight, BinaryOp::ShiftRight},
                                                                  {T::BitAnd, BinaryOp::BitAnd},
                                                                  {T::BitXor, BinaryOp::BitXor},
                                                                  {T::BitOr, BinaryOp::BitOr},
                                                                  {T::Less, BinaryOp::Less},
                                                                  {T::Greater, BinaryOp::Greater},
                                                                  {T::LessEqual, BinaryOp::LessEqual},
                                                                  {T::GreaterEqual, BinaryOp::GreaterEqual},
                                                                  {T::Equal, BinaryOp::Equal},
                                                                  {T::NotEqual, BinaryOp::NotEqual},
                                                                  {T::And, BinaryOp::And},
                                                                  {T::Or, BinaryOp::Or},
                                                                  {T::Implies, BinaryOp::Implies},
                                                                  {T::Iff, BinaryOp::Iff}}};
        const auto op = find_meaning(table, at.kind);
        if (!op) return std::nullopt;
        return Chain::Operator{*op, at.range};
    }
};

struct AssignOperator : ValueParser<AssignOperator, Expr> {
    static std::string name() { return "an operator"; }
    static std::optional<Expr> read(const Token& at) {
        static constexpr std::array<Meaning<AssignOp>, 11> table{{{T::Assign, AssignOp::Plain},
                                                                  {T::AssignAdd, AssignOp::Add},
                                                                  {T::AssignSubtract, AssignOp::Subtract},
                                                                  {T::AssignMultiply, AssignOp::Multiply},
                                                                  {T::AssignDivide, AssignOp::Divide},
                                                                  {T::AssignModulo, AssignOp::Modulo},
                                                                  {T::AssignShiftLeft, AssignOp::ShiftLeft},
                                                                  {T::AssignShiftRight, AssignOp::ShiftRight},
                                                                  {T::AssignBitAnd, AssignOp::BitAnd},
                                                                  {T::AssignBitXor, AssignOp::BitXor},
                                                                  {T::AssignBitOr, AssignOp::BitOr}}};
        const auto op = find_meaning(table, at.kind);
        if (!op) return std::nullopt;
        return Expr{.kind = ExprKind::Assign, .name_range = at.range, .assign = *op};
    }
};

struct UnitParser : ValueParser<UnitParser, NumberUnit> {
    static std::string name() { return "a unit"; }
    static std::optional<NumberUnit> read(const Token& at) {
        static constexpr std::array<Meaning<NumberUnit>, 8> table{{{T::Wei, NumberUnit::Wei},
                                                                   {T::Gwei, NumberUnit::Gwei},
                                                                   {T::Ether, NumberUnit::Ether},
                                                                   {T::Seconds, NumberUnit::Seconds},
                                                                   {T::Minutes, NumberUnit::Minutes},
                                                                   {T::Hours, NumberUnit::Hours},
                                                                   {T::Days, NumberUnit::Days},
                                                                   {T::Weeks, NumberUnit::Weeks}}};
        return find_meaning(table, at.kind);
    }
};

// --- actions ---

constexpr auto set_name = [](const auto& context) {
    x3::_val(context).text = x3::_attr(context).text;
    x3::_val(context).name_range = x3::_attr(context).range;
};
constexpr auto set_old_unit = [](const auto& context) {
    const std::string_view word = x3::_attr(context).text;
    x3::_val(context).unit = word == "years" ? NumberUnit::Years : word == "finney" ? NumberUnit::Finney : NumberUnit::Szabo;
};
constexpr auto begin_with = adopt;
constexpr auto attach = [](const auto& context) {
    x3::_val(context) = builder_of(context).attach(x3::_val(context), std::move(x3::_attr(context)));
};
constexpr auto fold = [](const auto& context) { x3::_val(context) = builder_of(context).fold(x3::_attr(context)); };
constexpr auto add_named_value = [](const auto& context) {
    x3::_val(context).names.push_back(x3::_attr(context).name);
    x3::_val(context).list.push_back(x3::_attr(context).value);
};

}  // namespace

// --- primaries ---

namespace {

struct NamedValue {
    Name name;
    ExprId value;
};

constexpr auto join_string = [](const auto& context) { x3::_val(context) += value_of(x3::_attr(context)); };
constexpr auto keep_text = [](const auto& context) {
    x3::_val(context) = builder_of(context).keep(std::move(x3::_attr(context)));
};
constexpr auto keep_hex = [](const auto& context) {
    x3::_val(context).text = builder_of(context).keep(std::move(x3::_attr(context)));
};
// sum(m.field): the field is kept separately.
constexpr auto split_field = [](const auto& context) {
    const auto [argument, field, range] = builder_of(context).split_member(x3::_attr(context));
    x3::_val(context).a = argument;
    x3::_val(context).text = field;
    x3::_val(context).name_range = range;
};

}  // namespace

INTERLOCK_RULE(joined_string, std::string, "a string");
INTERLOCK_RULE(joined_hex, std::string, "a hex string");
INTERLOCK_RULE(number, Expr, "a number");
INTERLOCK_RULE(string_literal, Expr, "a string");
INTERLOCK_RULE(hex_literal, Expr, "a hex string");
INTERLOCK_RULE(bool_literal, Expr, "`true`");
INTERLOCK_RULE(elementary_name, Expr, "a type");
INTERLOCK_RULE(new_expression, Expr, "`new`");
INTERLOCK_RULE(type_expression, Expr, "`type`");
INTERLOCK_RULE(tuple, Expr, "`(`");
INTERLOCK_RULE(array_literal, Expr, "`[`");
INTERLOCK_RULE(old_value, Expr, "`old`");
INTERLOCK_RULE(result_value, Expr, "`result`");
INTERLOCK_RULE(sum_of, Expr, "`sum`");
INTERLOCK_RULE(name, Expr, "a name");
INTERLOCK_RULE(primary, ExprId, "an expression");

constexpr auto joined_string_def =
    +(when(begins_unicode) >> any_of<T::String>[join_string]) | +(unless(begins_unicode) >> any_of<T::String>[join_string]);
constexpr auto joined_hex_def = +any_of<T::HexString>[join_string];
constexpr auto text_def = joined_string[keep_text];

constexpr auto number_def =
    located[any_of<T::Number>[set_text] >> x3::eps[as<ExprKind::Number>] >>
            -(UnitParser{}[set<&Expr::unit>] | (when(is_old_unit) >> any_of<T::Identifier>[set_old_unit]))];
constexpr auto string_literal_def = located[text[set<&Expr::text>] >> x3::eps[as<ExprKind::String>]];
constexpr auto hex_literal_def = located[joined_hex[keep_hex] >> x3::eps[as<ExprKind::HexString>]];
constexpr auto bool_literal_def =
    located[(token(T::True)[put<&Expr::flag, true>] | token(T::False)) >> x3::eps[as<ExprKind::Bool>]];
constexpr auto elementary_name_def =
    located[((any_of<T::Elementary>[set_text] >> -token(T::Payable)[put<&Expr::flag, true>]) |
             any_of<T::Payable>[set_text]) >>
            x3::eps[as<ExprKind::ElementaryType>]];
constexpr auto new_expression_def = located[token(T::New)[as<ExprKind::New>] > type_name[set<&Expr::type>]];
constexpr auto type_expression_def =
    located[token(T::Type)[as<ExprKind::TypeOf>] > left_paren > type_name[set<&Expr::type>] > right_paren];
constexpr auto tuple_item = expression[append<&Expr::list>] | x3::eps[append_hole<&Expr::list>];
constexpr auto tuple_def = located[left_paren[as<ExprKind::Tuple>] >
                                   -(unless([](const Builder&, Iterator at) { return at->kind == T::RightParen; }) >>
                                     tuple_item >> *(comma >> tuple_item)) > right_paren];
constexpr auto array_literal_def =
    located[left_bracket[as<ExprKind::ArrayLiteral>] > separated(expression[append<&Expr::list>]) > right_bracket];
constexpr auto old_value_def = located[when(begins_old) >> token(T::Identifier)[as<ExprKind::Old>] > left_paren >
                                       expression[set<&Expr::a>] > right_paren];
constexpr auto result_value_def =
    located[when(is_result) >> token(T::Identifier)[as<ExprKind::Result>] >> -(token(T::Dot) > identifier[set_name])];
constexpr auto sum_of_def = located[when(begins_sum) >> token(T::Identifier)[as<ExprKind::Sum>] > left_paren >
                                    expression[split_field] > right_paren];
constexpr auto name_def = located[identifier[set_name] >> x3::eps[as<ExprKind::Name>]];
constexpr auto primary_def = number[store] | old_value[store] | sum_of[store] | result_value[store] | name[store] |
                             string_literal[store] | hex_literal[store] | bool_literal[store] | elementary_name[store] |
                             tuple[store] | array_literal[store] | new_expression[store] | type_expression[store];

BOOST_SPIRIT_DEFINE(joined_string, joined_hex, text, number, string_literal, hex_literal, bool_literal, elementary_name,
                    new_expression, type_expression, tuple, array_literal, old_value, result_value, sum_of, name, primary)

// --- suffixes ---

INTERLOCK_RULE(named_value, NamedValue, "a name");
INTERLOCK_RULE(member_name, Name, "the name of a member");
INTERLOCK_RULE(member, Expr, "`.`");
INTERLOCK_RULE(index, Expr, "`[`");
INTERLOCK_RULE(call, Expr, "`(`");
INTERLOCK_RULE(call_options, Expr, "`{`");
INTERLOCK_RULE(postfix_operator, Expr, "an operator");

namespace {
// Anywhere else `address` is a type.
constexpr auto name_of_token = [](const auto& context) {
    x3::_val(context) = {x3::_attr(context).text, x3::_attr(context).range};
};
}  // namespace

constexpr auto named_value_def = identifier[set<&NamedValue::name>] > colon > expression[set<&NamedValue::value>];
constexpr auto member_name_def = identifier[adopt] | any_of<T::Elementary>[name_of_token];
constexpr auto member_def = located[token(T::Dot)[as<ExprKind::Member>] > member_name[set_name]];
constexpr auto index_def = located[left_bracket[as<ExprKind::Index>] > -expression[set<&Expr::b>] >
                                   -(colon[as<ExprKind::Slice>] > -expression[set<&Expr::c>]) > right_bracket];
constexpr auto call_def =
    located[left_paren[as<ExprKind::Call>] > -((left_brace > -separated(named_value[add_named_value]) > right_brace) |
                                               separated(expression[append<&Expr::list>])) > right_paren];
constexpr auto call_options_def = located[when(begins_call_options) >> left_brace[as<ExprKind::CallOptions>] >
                                          separated(named_value[add_named_value]) > right_brace];
constexpr auto postfix_operator_def = located[PostfixOperator{}[adopt]];
constexpr auto postfix_def = primary[begin_with] >> *(member[attach] | call[attach] | index[attach] | call_options[attach] |
                                                      postfix_operator[attach]);
constexpr auto arguments_def = left_paren > -separated(expression[append<&Arguments::list>]) > right_paren;

BOOST_SPIRIT_DEFINE(named_value, member_name, member, index, call, call_options, postfix_operator, postfix, arguments)

// --- operators ---

INTERLOCK_RULE(prefixed, Expr, "an expression");
INTERLOCK_RULE(quantified, Expr, "a quantifier");
INTERLOCK_RULE(unary, ExprId, "an expression");
INTERLOCK_RULE(chain, Chain, "an expression");
INTERLOCK_RULE(conditional_tail, Expr, "`?`");
INTERLOCK_RULE(assign_tail, Expr, "an assignment");

constexpr auto prefixed_def = located[PrefixOperator{}[adopt] > unary[set<&Expr::a>]];
constexpr auto quantified_def =
    located[when(begins_quantifier) >> (WordParser("forall")[put<&Expr::flag, true>] | WordParser("exists")) >>
            left_paren[as<ExprKind::Quantified>] > separated(parameter_id[append<&Expr::variables>]) >
            -(WordParser("in") > expression[set<&Expr::b>]) > right_paren > unary[set<&Expr::a>]];
constexpr auto unary_def = nested[prefixed[store] | quantified[store] | postfix[adopt]];
constexpr auto chain_def = unary[append<&Chain::operands>] >>
                           *(BinaryOperator{}[append<&Chain::operators>] > unary[append<&Chain::operands>]);
constexpr auto conditional_tail_def = located[token(T::Question)[as<ExprKind::Conditional>] >
                                              nested[expression][set<&Expr::b>] > colon > nested[expression][set<&Expr::c>]];
constexpr auto assign_tail_def = located[AssignOperator{}[adopt] > nested[expression][set<&Expr::b>]];
constexpr auto expression_def = chain[fold] >> -(conditional_tail[attach] | assign_tail[attach]);

BOOST_SPIRIT_DEFINE(prefixed, quantified, unary, chain, conditional_tail, assign_tail, expression)

BOOST_SPIRIT_INSTANTIATE(decltype(expression), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(postfix), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(arguments), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(text), Iterator, Context)

}  // namespace interlock::lang::grammar
