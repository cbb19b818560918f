// Functions and modifiers: heads with their attributes, and bodies.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

// The word of a constructor, receive or fallback is also its name.
template <FunctionKind function_kind>
struct Special {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).kind = function_kind;
        x3::_val(context).name = {x3::_attr(context).text, x3::_attr(context).range};
    }
};
template <FunctionKind function_kind>
constexpr Special<function_kind> special{};

constexpr auto take_unnamed_fallback = [](const auto& context) {
    x3::_val(context).kind = FunctionKind::Fallback;
    x3::_val(context).name = {"fallback", x3::_attr(context).range};
};
constexpr auto take_arguments = [](const auto& context) {
    x3::_val(context).arguments = std::move(x3::_attr(context).list);
    x3::_val(context).has_arguments = true;
};
constexpr auto take_head = [](const auto& context) {
    Function& function = x3::_val(context);
    function = std::move(x3::_attr(context));
    function.head = function.range;
    const bool is_inner = function.visibility == Visibility::Internal || function.visibility == Visibility::Private;
    if (function.mutability == Mutability::NonPayable && !is_inner && builder_of(context).has(rule::payable_unsaid))
        function.mutability = Mutability::Payable;
};

}  // namespace

INTERLOCK_RULE(function_head, Function, "`function`");
INTERLOCK_RULE(special_head, Function, "`constructor`");
INTERLOCK_RULE(body, StmtId, "`{` or `;`");

constexpr auto invocation_def = located[path[set<&Invocation::path>] >> -arguments[take_arguments]];
constexpr auto override_words_def = token(T::Override) >>
                                    -(left_paren > separated(path[append<&Paths::list>]) > right_paren);

constexpr auto attribute = visibility[set_once<&Function::visibility>] | mutability[set_once<&Function::mutability>] |
                           (when(is_constant_function) >> token(T::Constant)[put<&Function::mutability, Mutability::View>]) |
                           token(T::Virtual)[put_once<&Function::is_virtual>] | override_words[take_overrides] |
                           spec_clause[append<&Function::specs>] | invocation[append<&Function::modifiers>];
constexpr auto special_head_def = located[any_of<T::Constructor>[special<FunctionKind::Constructor>] |
                                          (when(begins_receive) >> any_of<T::Identifier>[special<FunctionKind::Receive>]) |
                                          (when(begins_fallback) >> any_of<T::Identifier>[special<FunctionKind::Fallback>]) |
                                          (when(begins_unnamed_fallback) >> any_of<T::Function>[take_unnamed_fallback])];
constexpr auto function_head_def =
    located[recovering<before_body>[(special_head[adopt] | (token(T::Function) > identifier[set<&Function::name>])) >
                                    parameters[set_list<&Function::parameters>] > *attribute >
                                    -(token(T::Returns) > results[set_list<&Function::returns>]) >
                                    *spec_clause[append<&Function::specs>] > body_ahead]];
constexpr auto body_def = block_id[adopt] | semicolon;
constexpr auto function_def = located[unless(begins_function_type) >> function_head[take_head] > body[set<&Function::body>]];
constexpr auto modifier_def =
    located[token(T::Modifier) > identifier[set<&Modifier::name>] > -parameters[set_list<&Modifier::parameters>] >
            *(token(T::Virtual)[put_once<&Modifier::is_virtual>] | override_words[take_overrides]) >
            body[set<&Modifier::body>]];

BOOST_SPIRIT_DEFINE(invocation, override_words, special_head, function_head, body, function, modifier)

BOOST_SPIRIT_INSTANTIATE(decltype(invocation), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(override_words), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(function), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(modifier), Iterator, Context)

}  // namespace interlock::lang::grammar
