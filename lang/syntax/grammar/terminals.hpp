// The grammar's terminals: X3 parsers over tokens, and a few directives of our own. Each has a readable name, since X3
// puts the name of the expected parser into the error.
#pragma once

#include <functional>

#include <boost/spirit/home/x3.hpp>

#include "lang/syntax/grammar/lookahead.hpp"
#include "lang/syntax/grammar/recovery.hpp"

namespace interlock::lang::grammar {

namespace x3 = boost::spirit::x3;

struct builder_tag;
using Context = x3::context<builder_tag, std::reference_wrapper<Builder>, x3::unused_type>;

template <class AnyContext>
Builder& builder_of(const AnyContext& context) {
    return x3::get<builder_tag>(context).get();
}

// --- tokens ---

struct Terminal {};  // has a name() of its own

// One token of this kind.
struct TokenParser : x3::parser<TokenParser>, Terminal {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    TokenKind kind;

    constexpr explicit TokenParser(TokenKind wanted) : kind(wanted) {}
    [[nodiscard]] std::string name() const { return name_of(kind); }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext&, RuleContext&, Attribute&) const {
        if (first->kind != kind) return false;
        ++first;
        return true;
    }
};
constexpr TokenParser token(TokenKind kind) { return TokenParser(kind); }

// A contextual word.
struct WordParser : x3::parser<WordParser>, Terminal {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    std::string_view word;

    constexpr explicit WordParser(std::string_view text) : word(text) {}
    [[nodiscard]] std::string name() const { return "`" + std::string(word) + "`"; }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext&, RuleContext&, Attribute&) const {
        if (first->text != word) return false;
        ++first;
        return true;
    }
};

// One token with a value: `Derived::read(token)` returns an optional of it.
template <class Derived, class Value>
struct ValueParser : x3::parser<Derived>, Terminal {
    using attribute_type = Value;
    static constexpr bool has_attribute = true;
    static constexpr bool handles_container = false;

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext&, RuleContext&, Attribute& attribute) const {
        std::optional<Value> value = Derived::read(*first);
        if (!value) return false;
        ++first;
        x3::traits::move_to(std::move(*value), attribute);
        return true;
    }
};

struct IdentifierParser : x3::parser<IdentifierParser>, Terminal {
    using attribute_type = Name;
    static constexpr bool has_attribute = true;
    static constexpr bool handles_container = false;
    [[nodiscard]] static std::string name() { return "a name"; }

    // A reserved word is reported and read as the name that it was meant to be (`in` has its place in quantifiers).
    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute& attribute) const {
        const bool reserved = first->kind == TokenKind::Reserved && first->text != "in";
        if (first->kind != TokenKind::Identifier && !reserved) return false;
        if (reserved) builder_of(context).reserved_word(first);
        x3::traits::move_to(Name{first->text, first->range}, attribute);
        ++first;
        return true;
    }
};
inline constexpr IdentifierParser identifier{};

// One token of these kinds; its attribute is the token.
template <TokenKind... kinds>
struct AnyOf : ValueParser<AnyOf<kinds...>, Token> {
    [[nodiscard]] static std::string name() { return name_of((kinds, ...)); }
    [[nodiscard]] static std::optional<Token> read(const Token& at) {
        return ((at.kind == kinds) || ...) ? std::optional(at) : std::nullopt;
    }
};
template <TokenKind... kinds>
inline constexpr AnyOf<kinds...> any_of{};

struct LocationParser : ValueParser<LocationParser, DataLocation> {
    [[nodiscard]] static std::string name() { return "a data location"; }
    [[nodiscard]] static std::optional<DataLocation> read(const Token& at) {
        switch (at.kind) {
            case TokenKind::Memory: return DataLocation::Memory;
            case TokenKind::Storage: return DataLocation::Storage;
            case TokenKind::Calldata: return DataLocation::Calldata;
            default: return std::nullopt;
        }
    }
};
inline constexpr LocationParser location{};

struct VisibilityParser : ValueParser<VisibilityParser, Visibility> {
    [[nodiscard]] static std::string name() { return "a visibility"; }
    [[nodiscard]] static std::optional<Visibility> read(const Token& at) {
        switch (at.kind) {
            case TokenKind::Public: return Visibility::Public;
            case TokenKind::External: return Visibility::External;
            case TokenKind::Internal: return Visibility::Internal;
            case TokenKind::Private: return Visibility::Private;
            default: return std::nullopt;
        }
    }
};
inline constexpr VisibilityParser visibility{};

struct MutabilityParser : ValueParser<MutabilityParser, Mutability> {
    [[nodiscard]] static std::string name() { return "a mutability"; }
    [[nodiscard]] static std::optional<Mutability> read(const Token& at) {
        switch (at.kind) {
            case TokenKind::Pure: return Mutability::Pure;
            case TokenKind::View: return Mutability::View;
            case TokenKind::Payable: return Mutability::Payable;
            default: return std::nullopt;
        }
    }
};
inline constexpr MutabilityParser mutability{};

// --- looking ahead ---

struct When : x3::parser<When> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    Lookahead test;
    bool wanted;

    constexpr When(Lookahead lookahead, bool expected) : test(lookahead), wanted(expected) {}

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute&) const {
        return test(builder_of(context), first) == wanted;
    }
};
constexpr When when(Lookahead test) { return {test, true}; }
constexpr When unless(Lookahead test) { return {test, false}; }

// --- tolerant terminals ---

// The `;` of a statement or member. A missing one is reported and the statement kept: what follows is either something
// new, or invalid text to be skipped.
struct EndOfStatement : x3::parser<EndOfStatement>, Terminal {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    [[nodiscard]] static std::string name() { return name_of(TokenKind::Semicolon); }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute&) const {
        if (first->kind == TokenKind::Semicolon) {
            ++first;
            return true;
        }
        Builder& builder = builder_of(context);
        builder.expected(first, name());
        if (!can_follow_statement(builder, first)) first = behind_statement(builder, first, first);
        return true;
    }
};
inline constexpr EndOfStatement end_of_statement{};

// A closing brace or parenthesis. A missing one is reported with the place of its opener, and assumed if the next token
// can occur only after it.
template <TokenKind opener, TokenKind closer>
struct Closer : x3::parser<Closer<opener, closer>>, Terminal {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    [[nodiscard]] static std::string name() { return name_of(closer); }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute&) const {
        if (first->kind == closer) {
            ++first;
            return true;
        }
        Builder& builder = builder_of(context);
        builder.expected_closer(first, opener, closer);
        return first->kind == TokenKind::LeftBrace || first->kind == TokenKind::Semicolon || ends_block(builder, first);
    }
};
inline constexpr Closer<TokenKind::LeftParen, TokenKind::RightParen> right_paren{};
inline constexpr Closer<TokenKind::LeftBracket, TokenKind::RightBracket> right_bracket{};
inline constexpr Closer<TokenKind::LeftBrace, TokenKind::RightBrace> right_brace{};

// A token that must come next and is left for another rule: `{`, or also `;`.
template <bool semicolon_too>
struct BodyAhead : x3::parser<BodyAhead<semicolon_too>>, Terminal {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    [[nodiscard]] static std::string name() { return semicolon_too ? "`{` or `;`" : "`{`"; }

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext&, RuleContext&, Attribute&) const {
        return first->kind == TokenKind::LeftBrace || (semicolon_too && first->kind == TokenKind::Semicolon);
    }
};
inline constexpr BodyAhead<false> block_ahead{};
inline constexpr BodyAhead<true> body_ahead{};

// A `}` that closes nothing is reported and skipped.
struct StrayBrace : x3::parser<StrayBrace> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const AnyContext& context, RuleContext&, Attribute&) const {
        if (first->kind != TokenKind::RightBrace) return false;
        builder_of(context).stray_closer(first);
        ++first;
        return true;
    }
};
inline constexpr StrayBrace stray_brace{};

// --- directives ---

// Parses its subject one nesting level deeper.
template <class Subject>
struct Nested : x3::unary_parser<Subject, Nested<Subject>> {
    static constexpr bool is_pass_through_unary = true;
    constexpr explicit Nested(const Subject& subject) : x3::unary_parser<Subject, Nested>(subject) {}

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const AnyContext& context, RuleContext& rule,
               Attribute& attribute) const {
        struct Level {
            Builder& builder;
            ~Level() { --builder.nesting; }
        };
        Builder& builder = builder_of(context);
        if (builder.nesting >= max_nesting) throw NestedTooDeeply{first};
        ++builder.nesting;
        const Level level{builder};
        return this->subject.parse(first, last, context, rule, attribute);
    }
};

// After an error inside, reports what was expected and continues where `recovery` says, with what the rule has read so
// far. (X3's on_error does not tell where the rule began.)
template <Recovery recovery, class Subject>
struct Recovering : x3::unary_parser<Subject, Recovering<recovery, Subject>> {
    static constexpr bool is_pass_through_unary = true;
    constexpr explicit Recovering(const Subject& subject) : x3::unary_parser<Subject, Recovering>(subject) {}

    template <class AnyContext, class Draft, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const AnyContext& context, Draft& draft, Attribute& attribute) const {
        const Iterator begin = first;
        try {
            return this->subject.parse(first, last, context, draft, attribute);
        } catch (const x3::expectation_failure<Iterator>& failure) {
            Builder& builder = builder_of(context);
            builder.expected(failure.where(), failure.which());
            first = recovery(builder, begin, failure.where());
            return true;
        }
    }
};

// The range of the text becomes the range of the rule's draft. (X3's on_success does not see the draft of a rule with
// actions.)
template <class Subject>
struct Located : x3::unary_parser<Subject, Located<Subject>> {
    static constexpr bool is_pass_through_unary = true;
    constexpr explicit Located(const Subject& subject) : x3::unary_parser<Subject, Located>(subject) {}

    template <class AnyContext, class Draft, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const AnyContext& context, Draft& draft, Attribute& attribute) const {
        const Iterator begin = first;
        if (!this->subject.parse(first, last, context, draft, attribute)) return false;
        draft.range = range_of(begin, first);
        return true;
    }
};

// Reads a specification, in which spec words have their meaning.
template <class Subject>
struct Specification : x3::unary_parser<Subject, Specification<Subject>> {
    static constexpr bool is_pass_through_unary = true;
    bool ensures;
    constexpr Specification(const Subject& subject, bool is_ensures)
        : x3::unary_parser<Subject, Specification>(subject), ensures(is_ensures) {}

    template <class AnyContext, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const AnyContext& context, RuleContext& rule,
               Attribute& attribute) const {
        struct Before {
            Builder& builder;
            bool in_specification, in_ensures;
            ~Before() {
                builder.in_specification = in_specification;
                builder.in_ensures = in_ensures;
            }
        };
        Builder& builder = builder_of(context);
        const Before before{builder, builder.in_specification, builder.in_ensures};
        builder.in_specification = true;
        builder.in_ensures = ensures;
        return this->subject.parse(first, last, context, rule, attribute);
    }
};

struct NestedDirective {
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        return Nested<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject));
    }
};
inline constexpr NestedDirective nested{};

template <Recovery recovery>
struct RecoveringDirective {
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        return Recovering<recovery, typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject));
    }
};
template <Recovery recovery>
inline constexpr RecoveringDirective<recovery> recovering{};

struct LocatedDirective {
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        return Located<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject));
    }
};
inline constexpr LocatedDirective located{};

struct SpecificationDirective {
    bool ensures;
    template <class Subject>
    constexpr auto operator[](const Subject& subject) const {
        return Specification<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject), ensures);
    }
};
inline constexpr SpecificationDirective specification{false}, postcondition{true};

// a, b, c: at least one element, and no comma at the end.
template <class Item>
constexpr auto separated(const Item& item) {
    return item >> *(token(TokenKind::Comma) > item);
}

// --- the signs ---

inline constexpr TokenParser left_paren = token(TokenKind::LeftParen);
inline constexpr TokenParser left_bracket = token(TokenKind::LeftBracket);
inline constexpr TokenParser left_brace = token(TokenKind::LeftBrace);
inline constexpr TokenParser comma = token(TokenKind::Comma);
inline constexpr TokenParser semicolon = token(TokenKind::Semicolon);
inline constexpr TokenParser colon = token(TokenKind::Colon);

}  // namespace interlock::lang::grammar

// The names that X3 gives these in an expectation failure. X3 itself names only rules.
namespace boost::spirit::x3 {

template <class Parser>
struct get_info<Parser, std::enable_if_t<std::is_base_of_v<interlock::lang::grammar::Terminal, Parser>>> {
    using result_type = std::string;
    std::string operator()(const Parser& parser) const { return parser.name(); }
};

template <class Subject, class Action>
struct get_info<action<Subject, Action>> {
    using result_type = std::string;
    std::string operator()(const action<Subject, Action>& parser) const { return what(parser.subject); }
};

template <class Subject>
struct get_info<interlock::lang::grammar::Nested<Subject>> {
    using result_type = std::string;
    std::string operator()(const interlock::lang::grammar::Nested<Subject>& parser) const { return what(parser.subject); }
};

template <class Subject>
struct get_info<interlock::lang::grammar::Specification<Subject>> {
    using result_type = std::string;
    std::string operator()(const interlock::lang::grammar::Specification<Subject>& parser) const {
        return what(parser.subject);
    }
};

// A sequence has the name of its first part, because its beginning is what is missing.
template <class Left, class Right>
struct get_info<sequence<Left, Right>> {
    using result_type = std::string;
    std::string operator()(const sequence<Left, Right>& parser) const { return what(parser.left); }
};

}  // namespace boost::spirit::x3
