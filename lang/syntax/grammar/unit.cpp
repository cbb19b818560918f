// A file: pragmas, imports, contracts with their members, and other top-level declarations.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

constexpr auto open_contract = [](const auto& context) { builder_of(context).open_contract(std::move(x3::_attr(context))); };
constexpr auto kind_of_contract = [](const auto& context) {
    switch (x3::_attr(context).kind) {
        case T::Interface: x3::_val(context).kind = ContractKind::Interface; break;
        case T::Library: x3::_val(context).kind = ContractKind::Library; break;
        default: break;
    }
};
constexpr auto set_path = [](const auto& context) {
    x3::_val(context).path = x3::_attr(context);
    x3::_val(context).path_range = last_token(context)->range;
};

// Declarations inside are added to the contract that the head opens. The contract is closed at its end, or when an
// error takes the parse back to the top level.
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

INTERLOCK_RULE(any_member, x3::unused_type, "a member of a contract");
INTERLOCK_RULE(member_declaration, x3::unused_type, "a member of a contract");
INTERLOCK_RULE(contract_head, Contract, "`contract`");
INTERLOCK_RULE(contract, x3::unused_type, "`contract`");
INTERLOCK_RULE(pragma, Pragma, "`pragma`");
INTERLOCK_RULE(imported_name, ImportedName, "a name");
INTERLOCK_RULE(import, Import, "`import`");
INTERLOCK_RULE(any_declaration, x3::unused_type, "a contract or another declaration");
INTERLOCK_RULE(top_declaration, x3::unused_type, "a contract or another declaration");

// --- contracts ---
constexpr auto any_member_def = definition | modifier[declare] | spec_member | state_variable[declare];
constexpr auto member_declaration_def = unless(ends_contract) >> recovering<behind_member>[x3::expect[any_member]];
constexpr auto inheritance = token(T::Is) > separated(invocation[append<&Contract::bases>]);
constexpr auto storage_layout = when(begins_layout) >> token(T::Identifier) >>
                                token(T::Identifier) > expression[set<&Contract::layout>];
constexpr auto contract_head_def = located[recovering<
    before_body>[((token(T::Abstract)[put<&Contract::kind, ContractKind::AbstractContract>] >
                   any_of<T::Contract>[kind_of_contract]) |
                  any_of<T::Contract, T::Interface, T::Library>[kind_of_contract]) > identifier[set<&Contract::name>] >
                 ((inheritance >> -storage_layout) | (storage_layout >> -inheritance) | x3::eps) > block_ahead]];
constexpr auto contract_def = in_contract[contract_head[open_contract] > left_brace > *member_declaration > right_brace];

BOOST_SPIRIT_DEFINE(any_member, member_declaration, contract_head, contract)

// --- the top level ---
constexpr auto pragma_def = located[token(T::Pragma) > any_of<T::PragmaText>[set_text] > end_of_statement];
constexpr auto import_alias = token(T::As) > identifier[set<&Import::alias>];
constexpr auto imported_from = WordParser("from") > text[set_path];
constexpr auto imported_name_def = identifier[set<&ImportedName::name>] >>
                                   -(token(T::As) > identifier[set<&ImportedName::alias>]);
constexpr auto import_def =
    located[token(T::Import) > ((token(T::Times) > import_alias > imported_from) |
                                (left_brace[put<&Import::has_names>] > separated(imported_name[append<&Import::names>]) >
                                 right_brace > imported_from) |
                                x3::expect[text[set_path] > -import_alias]) > end_of_statement];
constexpr auto any_declaration_def = contract | pragma[declare] | import[declare] | definition | scenario[declare] |
                                     (when(begins_constant) >> state_variable[declare]) | stray_brace;
constexpr auto top_declaration_def = unless(ends_file) >> recovering<behind_declaration>[x3::expect[any_declaration]];
constexpr auto source_unit_def = *top_declaration;

BOOST_SPIRIT_DEFINE(pragma, imported_name, import, any_declaration, top_declaration, source_unit)

BOOST_SPIRIT_INSTANTIATE(decltype(source_unit), Iterator, Context)

}  // namespace interlock::lang::grammar
