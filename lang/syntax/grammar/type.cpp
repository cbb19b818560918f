// Types as written, the paths that name them, and parameters.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

struct Dimension {
    ExprId length;
    SourceRange range;
};

constexpr auto set_elementary = [](const auto& context) {
    x3::_val(context).kind = TypeNameKind::Elementary;
    x3::_val(context).elementary = x3::_attr(context).text;
};
// A mapping that an error has cut short is dropped.
constexpr auto adopt_complete = [](const auto& context) {
    x3::_val(context) = std::move(x3::_attr(context));
    if (!x3::_val(context).value) x3::_val(context).kind = TypeNameKind::Error;
};
constexpr auto wrap_array = [](const auto& context) {
    const auto& dimension = x3::_attr(context);
    x3::_val(context) = builder_of(context).array_of(x3::_val(context), dimension.length, dimension.range);
};

// A second visibility belongs to the variable: `function () external public callback`.
constexpr auto set_first_visibility = [](const auto& context) {
    TypeName& type = x3::_val(context);
    x3::_pass(context) = type.visibility == Visibility::None;
    if (x3::_pass(context)) type.visibility = x3::_attr(context);
};

}  // namespace

INTERLOCK_RULE(elementary_type, TypeName, "a type");
INTERLOCK_RULE(named_type, TypeName, "a type");
INTERLOCK_RULE(mapping_type, TypeName, "`mapping`");
INTERLOCK_RULE(function_type, TypeName, "a function type");
INTERLOCK_RULE(type_base, TypeName, "a type");
INTERLOCK_RULE(dimension, Dimension, "`[`");
INTERLOCK_RULE(parameter, Variable, "a parameter");

constexpr auto path_def = located[identifier[append<&Path::parts>] >> *(token(T::Dot) > identifier[append<&Path::parts>])];

constexpr auto elementary_type_def =
    located[any_of<T::Elementary>[set_elementary] >> -token(T::Payable)[put<&TypeName::payable>]];
constexpr auto named_type_def = located[path[set<&TypeName::path>] >> x3::eps[as<TypeNameKind::UserDefined>]];
constexpr auto mapping_type_def =
    located[recovering<behind_parentheses>[token(T::Mapping)[as<TypeNameKind::Mapping>] > left_paren >
                                           type_name[set<&TypeName::key>] > -identifier[set<&TypeName::key_name>] >
                                           token(T::FatArrow) > type_name[set<&TypeName::value>] >
                                           -identifier[set<&TypeName::value_name>] > right_paren]];
constexpr auto function_type_def =
    located[when(begins_function_type) >> token(T::Function)[as<TypeNameKind::Function>] >>
            parameters[set_list<&TypeName::parameters>] >>
            *(visibility[set_first_visibility] | mutability[set_once<&TypeName::mutability>]) >>
            -(token(T::Returns) > results[set_list<&TypeName::returns>])];
constexpr auto type_base_def =
    located[elementary_type[adopt] | mapping_type[adopt_complete] | function_type[adopt] | named_type[adopt]];
constexpr auto dimension_def = located[left_bracket > -expression[set<&Dimension::length>] > right_bracket];
constexpr auto type_name_def = nested[type_base[store]] >> *dimension[wrap_array];

constexpr auto parameter_def =
    located[type_name[set<&Variable::type>] >> -location[set<&Variable::location>] >> -identifier[set<&Variable::name>]];
constexpr auto parameter_id_def = parameter[store];
constexpr auto parameters_def =
    recovering<behind_parentheses>[left_paren > -separated(parameter_id[append<&Variables::list>]) > right_paren];
constexpr auto results_def =
    recovering<behind_parentheses>[left_paren > separated(parameter_id[append<&Variables::list>]) > right_paren];

BOOST_SPIRIT_DEFINE(path, elementary_type, named_type, mapping_type, function_type, type_base, dimension, type_name,
                    parameter, parameter_id, parameters, results)

BOOST_SPIRIT_INSTANTIATE(decltype(type_name), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(path), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(parameter_id), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(parameters), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(results), Iterator, Context)

}  // namespace interlock::lang::grammar
