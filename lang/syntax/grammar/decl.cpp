// Declarations of types, events, errors and variables, and `using`. `definition` is what may occur both in a contract
// and at the top level of a file; it declares what it has read in the open contract or at the top level.
#include <algorithm>
#include <array>

#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

constexpr auto append_field = [](const auto& context) {  // empty after an error
    if (x3::_attr(context)) x3::_val(context).fields.push_back(x3::_attr(context));
};

// The operators that a user-defined value type can have.
struct UserOperator : ValueParser<UserOperator, Name> {
    static std::string name() { return "an operator"; }
    static std::optional<Name> read(const Token& at) {
        static constexpr std::array operators{T::BitAnd,   T::BitOr, T::BitXor,    T::BitNot,  T::Plus,
                                              T::Minus,    T::Times, T::Divide,    T::Modulo,  T::Equal,
                                              T::NotEqual, T::Less,  T::LessEqual, T::Greater, T::GreaterEqual};
        if (std::find(operators.begin(), operators.end(), at.kind) == operators.end()) return std::nullopt;
        return Name{at.text, at.range};
    }
};

}  // namespace

INTERLOCK_RULE(event_parameter, Variable, "a parameter");
INTERLOCK_RULE(event_parameter_id, VariableId, "a parameter");
INTERLOCK_RULE(event, Event, "`event`");
INTERLOCK_RULE(error_definition, ErrorDefinition, "`error`");
INTERLOCK_RULE(field, Variable, "a field");
INTERLOCK_RULE(field_id, VariableId, "a field");
INTERLOCK_RULE(structure, Struct, "`struct`");
INTERLOCK_RULE(enumeration, Enum, "`enum`");
INTERLOCK_RULE(value_type, ValueType, "`type`");
INTERLOCK_RULE(using_function, UsingFunction, "a function");
INTERLOCK_RULE(using_directive, Using, "`using`");

constexpr auto event_parameter_def =
    located[type_name[set<&Variable::type>] >> -token(T::Indexed)[put<&Variable::is_indexed>] >>
            -identifier[set<&Variable::name>]];
constexpr auto event_parameter_id_def = event_parameter[store];
constexpr auto event_def = located[token(T::Event) > identifier[set<&Event::name>] > left_paren >
                                   -separated(event_parameter_id[append<&Event::parameters>]) > right_paren >
                                   -token(T::Anonymous)[put<&Event::anonymous>] > end_of_statement];
constexpr auto error_definition_def =
    located[when(begins_error) >> token(T::Identifier) > identifier[set<&ErrorDefinition::name>] >
            parameters[set_list<&ErrorDefinition::parameters>] > end_of_statement];
constexpr auto field_def = located[type_name[set<&Variable::type>] > identifier[set<&Variable::name>] > end_of_statement];
constexpr auto field_id_def = unless(ends_block) >> recovering<behind_statement>[x3::expect[field[store]]];
constexpr auto structure_def =
    located[token(T::Struct) > identifier[set<&Struct::name>] > left_brace > *field_id[append_field] > right_brace];
constexpr auto enumeration_def = located[token(T::Enum) > identifier[set<&Enum::name>] > left_brace >
                                         -separated(identifier[append<&Enum::values>]) > right_brace];
constexpr auto value_type_def = located[when(begins_value_type) >> token(T::Type) > identifier[set<&ValueType::name>] >
                                        token(T::Is) > type_name[set<&ValueType::underlying>] > end_of_statement];

BOOST_SPIRIT_DEFINE(event_parameter, event_parameter_id, event, error_definition, field, field_id, structure, enumeration,
                    value_type)

// --- using ---
constexpr auto using_function_def = path[set<&UsingFunction::path>] >>
                                    -(token(T::As) > UserOperator{}[set<&UsingFunction::op>]);
constexpr auto using_directive_def =
    located[token(T::Using) > ((left_brace > separated(using_function[append<&Using::functions>]) > right_brace) |
                               x3::expect[path[set<&Using::library>]]) > token(T::For) >
            (token(T::Times) | x3::expect[type_name[set<&Using::type>]]) > -WordParser("global")[put<&Using::is_global>] >
            end_of_statement];

BOOST_SPIRIT_DEFINE(using_function, using_directive)

// --- variables ---
constexpr auto variable_attribute =
    visibility[set_once<&Variable::visibility>] | token(T::Constant)[put_once<&Variable::is_constant>] |
    token(T::Immutable)[put_once<&Variable::is_immutable>] |
    (when(is_transient_word) >> token(T::Identifier)[put_once<&Variable::is_transient>]) | override_words[take_overrides];
constexpr auto state_variable_def =
    located[type_name[set<&Variable::type>] > *variable_attribute > identifier[set<&Variable::name>] >
            -(token(T::Assign) > initial_value[set_filled<&Variable::initial>]) > end_of_statement];

constexpr auto definition_def = function[declare] | event[declare] | structure[declare] | enumeration[declare] |
                                error_definition[declare] | value_type[declare] | using_directive[declare];

BOOST_SPIRIT_DEFINE(state_variable, definition)

BOOST_SPIRIT_INSTANTIATE(decltype(definition), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(state_variable), Iterator, Context)

}  // namespace interlock::lang::grammar
