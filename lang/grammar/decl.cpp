// Declarations: what stands at top level and in contracts. Each rule fills a node and declares it: into the open
// contract, or at top level. What the language has no place for yet is recognised, reported as such, and skipped.
#include "lang/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

// --- reading single tokens ---

struct VisibilityParser : ValueParser<VisibilityParser, Visibility> {
    static std::string name() { return "a visibility"; }
    static std::optional<Visibility> read(const Token& at) {
        switch (at.kind) {
            case T::Public: return Visibility::Public;
            case T::External: return Visibility::External;
            case T::Internal: return Visibility::Internal;
            case T::Private: return Visibility::Private;
            default: return std::nullopt;
        }
    }
};

struct MutabilityParser : ValueParser<MutabilityParser, Mutability> {
    static std::string name() { return "a mutability"; }
    static std::optional<Mutability> read(const Token& at) {
        switch (at.kind) {
            case T::Pure: return Mutability::Pure;
            case T::View: return Mutability::View;
            case T::Payable: return Mutability::Payable;
            default: return std::nullopt;
        }
    }
};

// --- actions ---

// Sets a member that must still have its default.
template <auto member>
struct SetOnce {
    template <class C>
    void operator()(const C& context) const {
        auto& value = x3::_val(context).*member;
        if (value != std::decay_t<decltype(value)>{}) builder_of(context).repeated_attribute(last_token(context));
        value = x3::_attr(context);
    }
};
template <auto member>
constexpr SetOnce<member> set_once{};

template <auto member>
struct PutOnce {
    template <class C>
    void operator()(const C& context) const {
        bool& value = x3::_val(context).*member;
        if (value) builder_of(context).repeated_attribute(last_token(context));
        value = true;
    }
};
template <auto member>
constexpr PutOnce<member> put_once{};

template <auto member>
struct SetList {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).*member = std::move(x3::_attr(context).list);
    }
};
template <auto member>
constexpr SetList<member> set_list{};

// The name of a constructor, receive or fallback is its word.
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

constexpr auto take_arguments = [](const auto& context) {
    x3::_val(context).arguments = std::move(x3::_attr(context).list);
    x3::_val(context).has_arguments = true;
};
constexpr auto take_head = [](const auto& context) {
    x3::_val(context) = std::move(x3::_attr(context));
    x3::_val(context).head = x3::_val(context).range;
};
constexpr auto append_field = [](const auto& context) {  // none after an error
    if (x3::_attr(context)) x3::_val(context).fields.push_back(x3::_attr(context));
};
constexpr auto label_of_text = [](const auto& context) {
    x3::_val(context) = {x3::_attr(context), last_token(context)->range};
};
constexpr auto open_contract = [](const auto& context) {
    builder_of(context).open_contract(std::move(x3::_attr(context)));
};
constexpr auto kind_of_contract = [](const auto& context) {
    switch (x3::_attr(context).kind) {
        case T::Interface: x3::_val(context).kind = ContractKind::Interface; break;
        case T::Library: x3::_val(context).kind = ContractKind::Library; break;
        default: break;
    }
};

// Declarations inside go into the contract that the head opens. It is closed at its end, or where an error throws the
// parse back to the top level.
template <class Subject>
struct InContract : x3::unary_parser<Subject, InContract<Subject>> {
    static constexpr bool is_pass_through_unary = true;
    constexpr explicit InContract(const Subject& subject) : x3::unary_parser<Subject, InContract>(subject) {}

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const AnyContext& context, RuleContext& rule,
               Attribute& attribute) const {
        struct Closing {
            Builder& builder;
            Iterator begin;
            Iterator& end;
            ~Closing() { builder.close_contract(range_of(begin, end)); }
        };
        const Closing closing{builder_of(context), first, first};
        return this->subject.parse(first, last, context, rule, attribute);
    }
};
struct InContractDirective {
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        return InContract<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject));
    }
};
constexpr InContractDirective in_contract{};

}  // namespace

// --- functions ---

INTERLOCK_RULE(invocation, Invocation, "a modifier");
INTERLOCK_RULE(override_words, x3::unused_type, "`override`");
INTERLOCK_RULE(spec_label, Name, "a label");
INTERLOCK_RULE(spec_clause, SpecClause, "a specification clause");
INTERLOCK_RULE(function_head, Function, "`function`");
INTERLOCK_RULE(special_head, Function, "`constructor`");
INTERLOCK_RULE(body, StmtId, "`{` or `;`");
INTERLOCK_RULE(function, Function, "a function");
INTERLOCK_RULE(modifier, Modifier, "`modifier`");

constexpr auto invocation_def = located[path[set<&Invocation::path>] >> -arguments[take_arguments]];
constexpr auto override_words_def = token(T::Override) >> -(left_paren > separated(path) > right_paren);

constexpr auto spec_label_def = when(begins_label) >> identifier[adopt] >> colon;
constexpr auto spec_clause_def =
    located[when(begins_spec_clause) >>
            ((WordParser("requires")[as<SpecKind::Requires>] > -spec_label[set<&SpecClause::label>] >
              specification[expression][set<&SpecClause::expr>] > -text[set<&SpecClause::message>]) |
             (WordParser("ensures")[as<SpecKind::Ensures>] > -spec_label[set<&SpecClause::label>] >
              postcondition[expression][set<&SpecClause::expr>] > -text[set<&SpecClause::message>]) |
             (WordParser("modifies")[as<SpecKind::Modifies>] >
              specification[separated(postfix[append<&SpecClause::paths>])]) |
             (WordParser("reverts")[as<SpecKind::RevertsIf>] > token(T::If) >
              specification[expression][set<&SpecClause::expr>]) |
             WordParser("nonreentrant")[as<SpecKind::Nonreentrant>])];

constexpr auto attribute =
    VisibilityParser{}[set_once<&Function::visibility>] | MutabilityParser{}[set_once<&Function::mutability>] |
    token(T::Virtual)[put_once<&Function::is_virtual>] | override_words[put_once<&Function::is_override>] |
    spec_clause[append<&Function::specs>] | invocation[append<&Function::modifiers>];
constexpr auto special_head_def =
    located[any_of<T::Constructor>[special<FunctionKind::Constructor>] |
            (when(begins_receive) >> any_of<T::Identifier>[special<FunctionKind::Receive>]) |
            (when(begins_fallback) >> any_of<T::Identifier>[special<FunctionKind::Fallback>])];
constexpr auto function_head_def =
    located[recovering<before_body>[(special_head[adopt] | (token(T::Function) > identifier[set<&Function::name>])) >
                                    parameters[set_list<&Function::parameters>] > *attribute >
                                    -(token(T::Returns) > parameters[set_list<&Function::returns>]) >
                                    *spec_clause[append<&Function::specs>] > body_ahead]];
constexpr auto body_def = block[store] | semicolon;
constexpr auto function_def =
    located[unless(begins_function_type) >> function_head[take_head] > body[set<&Function::body>]];
constexpr auto modifier_def =
    located[token(T::Modifier) > identifier[set<&Modifier::name>] > -parameters[set_list<&Modifier::parameters>] >
            *(token(T::Virtual) | override_words) > body[set<&Modifier::body>]];

BOOST_SPIRIT_DEFINE(invocation, override_words, spec_label, spec_clause, special_head, function_head, body, function,
                    modifier)

// --- other declarations ---

INTERLOCK_RULE(event_parameter, Variable, "a parameter");
INTERLOCK_RULE(event_parameter_id, VariableId, "a parameter");
INTERLOCK_RULE(event, Event, "`event`");
INTERLOCK_RULE(error_definition, ErrorDefinition, "`error`");
INTERLOCK_RULE(field, Variable, "a field");
INTERLOCK_RULE(field_id, VariableId, "a field");
INTERLOCK_RULE(structure, Struct, "`struct`");
INTERLOCK_RULE(enumeration, Enum, "`enum`");
INTERLOCK_RULE(state_variable, Variable, "a state variable");

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
constexpr auto field_def =
    located[type_name[set<&Variable::type>] > identifier[set<&Variable::name>] > end_of_statement];
constexpr auto field_id_def = unless(ends_block) >> recovering<behind_statement>[x3::expect[field[store]]];
constexpr auto structure_def =
    located[token(T::Struct) > identifier[set<&Struct::name>] > left_brace > *field_id[append_field] > right_brace];
constexpr auto enumeration_def = located[token(T::Enum) > identifier[set<&Enum::name>] > left_brace >
                                         -separated(identifier[append<&Enum::values>]) > right_brace];
constexpr auto variable_attribute =
    VisibilityParser{}[set_once<&Variable::visibility>] | token(T::Constant)[put_once<&Variable::is_constant>] |
    token(T::Immutable)[put_once<&Variable::is_immutable>] |
    (when(is_transient_word) >> token(T::Identifier)[put_once<&Variable::is_transient>]) |
    override_words[not_supported<code::no_variable_overrides>];
constexpr auto state_variable_def =
    located[type_name[set<&Variable::type>] > *variable_attribute > identifier[set<&Variable::name>] >
            -(token(T::Assign) > initial_value[set_filled<&Variable::initial>]) > end_of_statement];

BOOST_SPIRIT_DEFINE(event_parameter, event_parameter_id, event, error_definition, field, field_id, structure,
                    enumeration, state_variable)

// --- the specification layer ---

INTERLOCK_RULE(invariant_label, Name, "a label");
INTERLOCK_RULE(invariant, Invariant, "`invariant`");
INTERLOCK_RULE(ghost, Variable, "`ghost`");

constexpr auto invariant_label_def = (when(begins_label) >> identifier[adopt] >> colon) | text[label_of_text];
constexpr auto invariant_def =
    located[when(begins_invariant) >> token(T::Identifier) >> -token(T::Not)[put<&Invariant::strong>] >
            -invariant_label[set<&Invariant::label>] > specification[expression][set<&Invariant::expr>] >
            end_of_statement];
constexpr auto ghost_def =
    located[when(begins_ghost) >> token(T::Identifier)[put<&Variable::is_ghost>] > type_name[set<&Variable::type>] >
            identifier[set<&Variable::name>] >
            -(token(T::Assign) > specification[initial_value][set_filled<&Variable::initial>]) > end_of_statement];

BOOST_SPIRIT_DEFINE(invariant_label, invariant, ghost)

// --- contracts and the top level ---

INTERLOCK_RULE(any_member, x3::unused_type, "a member of a contract");
INTERLOCK_RULE(member_declaration, x3::unused_type, "a member of a contract");
INTERLOCK_RULE(contract_head, Contract, "`contract`");
INTERLOCK_RULE(contract, x3::unused_type, "`contract`");
INTERLOCK_RULE(pragma, Pragma, "`pragma`");
INTERLOCK_RULE(unsupported, x3::unused_type, "a declaration");
INTERLOCK_RULE(any_declaration, x3::unused_type, "a contract or another declaration");
INTERLOCK_RULE(top_declaration, x3::unused_type, "a contract or another declaration");

constexpr auto unsupported_def = (when(begins_actor) >> Unsupported(code::no_actors, behind_semicolon)) |
                                 (when(begins_scenario) >> Unsupported(code::no_scenarios, behind_block)) |
                                 (when(begins_value_type) >> Unsupported(code::no_value_types, behind_semicolon)) |
                                 (&token(T::Using) >> Unsupported(code::no_using, behind_semicolon)) |
                                 (&token(T::Import) >> Unsupported(code::no_imports, behind_semicolon));

constexpr auto any_member_def = function[declare] | modifier[declare] | event[declare] | structure[declare] |
                                enumeration[declare] | error_definition[declare] | invariant[declare] | ghost[declare] |
                                unsupported | state_variable[declare];
constexpr auto member_declaration_def = unless(ends_contract) >> recovering<behind_member>[x3::expect[any_member]];
constexpr auto storage_layout = when(begins_layout) >> token(T::Identifier)[not_supported<code::no_storage_layout>] >>
                                token(T::Identifier) >> expression;
constexpr auto contract_head_def = located[recovering<
    before_body>[(-token(T::Abstract)[put<&Contract::kind, ContractKind::AbstractContract>] >>
                  any_of<T::Contract, T::Interface, T::Library>[kind_of_contract]) > identifier[set<&Contract::name>] >
                 -(token(T::Is) > separated(invocation[append<&Contract::bases>])) > -storage_layout > block_ahead]];
constexpr auto contract_def =
    in_contract[contract_head[open_contract] > left_brace > *member_declaration > right_brace];
constexpr auto pragma_def = located[token(T::Pragma) > any_of<T::PragmaText>[set_text] > end_of_statement];
constexpr auto any_declaration_def = contract | pragma[declare] | function[declare] | structure[declare] |
                                     enumeration[declare] | event[declare] | error_definition[declare] | unsupported |
                                     (when(begins_constant) >> state_variable[declare]) | stray_brace;
constexpr auto top_declaration_def = unless(ends_file) >> recovering<behind_declaration>[x3::expect[any_declaration]];
constexpr auto source_unit_def = *top_declaration;

BOOST_SPIRIT_DEFINE(unsupported, any_member, member_declaration, contract_head, contract, pragma, any_declaration,
                    top_declaration, source_unit)

BOOST_SPIRIT_INSTANTIATE(decltype(source_unit), Iterator, Context)

}  // namespace interlock::lang::grammar
