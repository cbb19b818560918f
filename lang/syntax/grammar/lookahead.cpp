// Looks ahead: Solidity needs a few tokens to distinguish a declaration from an expression, and so do we. A spec word
// is one only where an ordinary name cannot occur.
#include "lang/syntax/grammar/lookahead.hpp"

#include <algorithm>
#include <array>

namespace interlock::lang::grammar {
namespace {

bool is_word(Iterator at, std::string_view word) { return at->kind == TokenKind::Identifier && at->text == word; }

bool is_location(TokenKind kind) {
    return kind == TokenKind::Memory || kind == TokenKind::Storage || kind == TokenKind::Calldata;
}

bool can_be_name(TokenKind kind) { return kind == TokenKind::Identifier || kind == TokenKind::Reserved; }

// Returns whether an expression can begin here, except for `name (` and `name [`, which continue the name before them.
bool begins_operand(Iterator at) {
    switch (at->kind) {
        case TokenKind::Identifier:
        case TokenKind::Elementary:
        case TokenKind::Number:
        case TokenKind::String:
        case TokenKind::HexString:
        case TokenKind::Not:
        case TokenKind::BitNot:
        case TokenKind::Minus:
        case TokenKind::True:
        case TokenKind::False:
        case TokenKind::Payable:
        case TokenKind::Type: return true;
        default: return false;
    }
}

// `word x;` and `word x = …` declare x of the type `word`; anything else after a spec word belongs to the specification.
bool looks_like_variable(Iterator at) { return can_be_name(at[1].kind) && (at[2].kind == TokenKind::Assign); }

// Returns whether it is this word of the specification layer, in a place where it has that meaning.
bool is_spec_word(const Builder& builder, Iterator at, std::string_view word) {
    return is_word(at, word) && builder.has_spec_words() && !builder.is_declared(word);
}

bool begins_spec_statement(const Builder& builder, Iterator at, std::string_view word) {
    return is_spec_word(builder, at, word) && !looks_like_variable(at) &&
           (begins_operand(at + 1) || at[1].kind == TokenKind::LeftParen);
}

// Returns the position after the bracket that closes the one at `at`, or null if there is none.
Iterator behind_brackets(const Builder& builder, Iterator at) {
    for (int depth = 0; at != builder.end(); ++at) {
        if (at->kind == TokenKind::LeftBracket) ++depth;
        if (at->kind == TokenKind::RightBracket && --depth == 0) return at + 1;
        if (at->kind == TokenKind::Semicolon || at->kind == TokenKind::LeftBrace || at->kind == TokenKind::RightBrace)
            return nullptr;
    }
    return nullptr;
}

// Returns the position after the type (neither a mapping nor a function) that begins at `at`, or null if there is none.
Iterator behind_type(const Builder& builder, Iterator at) {
    if (at->kind == TokenKind::Elementary) {
        at += at[1].kind == TokenKind::Payable ? 2 : 1;
    } else if (at->kind == TokenKind::Identifier) {
        ++at;
        while (at[0].kind == TokenKind::Dot && at[1].kind == TokenKind::Identifier) at += 2;
    } else {
        return nullptr;
    }
    while (at != nullptr && at->kind == TokenKind::LeftBracket) at = behind_brackets(builder, at);
    return at;
}

bool is_var(const Builder& builder, Iterator at) { return at->text == "var" && builder.has(rule::var_declares); }

}  // namespace

bool ends_file(const Builder&, Iterator at) { return at->kind == TokenKind::End; }

bool ends_contract(const Builder&, Iterator at) {
    switch (at->kind) {
        case TokenKind::End:
        case TokenKind::RightBrace:
        case TokenKind::Contract:
        case TokenKind::Interface:
        case TokenKind::Library:
        case TokenKind::Abstract:
        case TokenKind::Import:
        case TokenKind::Pragma: return true;
        default: return false;
    }
}

bool ends_block(const Builder& builder, Iterator at) {
    switch (at->kind) {
        case TokenKind::Constructor:
        case TokenKind::Modifier:
        case TokenKind::Event:
        case TokenKind::Struct:
        case TokenKind::Enum:
        case TokenKind::Using: return true;
        case TokenKind::Function: return !begins_function_type(builder, at);
        default: return ends_contract(builder, at);
    }
}

// --- declarations and statements ---

bool begins_declaration(const Builder& builder, Iterator at) {
    if (at->kind == TokenKind::Mapping || begins_function_type(builder, at) || begins_var(builder, at)) return true;
    at = behind_type(builder, at);
    return at != nullptr && (is_location(at->kind) || can_be_name(at->kind));
}

bool begins_constant(const Builder& builder, Iterator at) {
    at = behind_type(builder, at);
    return at != nullptr && at->kind == TokenKind::Constant;
}

bool begins_tuple_declaration(const Builder& builder, Iterator at) {
    if (at->kind != TokenKind::LeftParen) return false;
    do ++at;
    while (at->kind == TokenKind::Comma);
    return begins_declaration(builder, at);
}

bool begins_revert(const Builder&, Iterator at) {
    return is_word(at, "revert") && at[1].kind == TokenKind::Identifier && !looks_like_variable(at);
}
bool begins_revert_call(const Builder& builder, Iterator at) {
    return is_word(at, "revert") && at[1].kind == TokenKind::LeftParen && !builder.is_declared("revert");
}
bool begins_placeholder(const Builder&, Iterator at) { return is_word(at, "_") && at[1].kind == TokenKind::Semicolon; }
bool begins_bare_placeholder(const Builder& builder, Iterator at) {
    return is_word(at, "_") && builder.has(rule::placeholder_is_bare) &&
           (at[1].kind == TokenKind::RightBrace || at[1].kind == TokenKind::Identifier || at[1].kind == TokenKind::If);
}
bool begins_call_options(const Builder&, Iterator at) {
    return at->kind == TokenKind::LeftBrace && at[1].kind == TokenKind::Identifier && at[2].kind == TokenKind::Colon;
}
bool begins_function_type(const Builder& builder, Iterator at) {
    return at->kind == TokenKind::Function && at[1].kind == TokenKind::LeftParen && !begins_unnamed_fallback(builder, at);
}

// Only behind its head a fallback without a name differs from a variable that holds a function: by its body, or by the
// missing name of the variable.
bool begins_unnamed_fallback(const Builder& builder, Iterator at) {
    const bool is_unnamed = at->kind == TokenKind::Function && at[1].kind == TokenKind::LeftParen;
    if (!is_unnamed || !builder.has(rule::fallback_is_unnamed)) return false;
    constexpr std::ptrdiff_t most_tokens = 1000;  // of a head
    const Iterator last = at + std::min(builder.end() - at, most_tokens);
    int depth = 0;
    for (; at != last; ++at) {
        if (at->kind == TokenKind::LeftParen) ++depth;
        if (at->kind == TokenKind::RightParen && --depth < 0) return false;
        if (at->kind == TokenKind::LeftBrace) return depth == 0;
        if (at->kind == TokenKind::Semicolon) return at[-1].kind != TokenKind::Identifier;
        if (at->kind == TokenKind::Assign || (at->kind == TokenKind::Comma && depth == 0)) return false;
    }
    return false;
}

bool begins_var(const Builder& builder, Iterator at) { return is_var(builder, at) && can_be_name(at[1].kind); }
bool begins_var_tuple(const Builder& builder, Iterator at) {
    return is_var(builder, at) && at[1].kind == TokenKind::LeftParen;
}
bool begins_throw(const Builder& builder, Iterator at) {
    return is_word(at, "throw") && at[1].kind == TokenKind::Semicolon && builder.has(rule::throw_is_a_statement);
}
bool is_constant_function(const Builder& builder, Iterator at) {
    return at->kind == TokenKind::Constant && builder.has(rule::constant_functions);
}
bool is_old_unit(const Builder& builder, Iterator at) {
    const bool is_small = is_word(at, "finney") || is_word(at, "szabo");
    return (is_small && builder.has(rule::small_units)) || (is_word(at, "years") && builder.has(rule::years_are_units));
}
bool begins_unicode(const Builder&, Iterator at) { return at->kind == TokenKind::String && at->text.starts_with("unicode"); }
bool begins_value_type(const Builder&, Iterator at) {
    return at->kind == TokenKind::Type && at[1].kind != TokenKind::LeftParen;
}
bool begins_error(const Builder&, Iterator at) {
    return is_word(at, "error") && can_be_name(at[1].kind) && at[2].kind == TokenKind::LeftParen;
}
bool begins_receive(const Builder&, Iterator at) { return is_word(at, "receive") && at[1].kind == TokenKind::LeftParen; }
bool begins_fallback(const Builder&, Iterator at) { return is_word(at, "fallback") && at[1].kind == TokenKind::LeftParen; }
bool begins_layout(const Builder&, Iterator at) { return is_word(at, "layout") && is_word(at + 1, "at"); }
bool begins_label(const Builder&, Iterator at) { return can_be_name(at->kind) && at[1].kind == TokenKind::Colon; }

bool is_transient_word(const Builder&, Iterator at) {
    if (!is_word(at, "transient")) return false;
    switch (at[1].kind) {
        case TokenKind::Identifier:
        case TokenKind::Reserved:
        case TokenKind::Public:
        case TokenKind::Internal:
        case TokenKind::Private:
        case TokenKind::Constant:
        case TokenKind::Immutable:
        case TokenKind::Override: return true;
        default: return false;
    }
}

// --- the specification layer ---

// Also accepts `invariant total = 3`, which would be a variable of a type that the file does not declare.
bool begins_invariant(const Builder& builder, Iterator at) {
    return begins_spec_statement(builder, at, "invariant") ||
           (is_spec_word(builder, at, "invariant") && (at[1].kind == TokenKind::Not || looks_like_variable(at)));
}

bool begins_ghost(const Builder& builder, Iterator at) {
    if (!is_spec_word(builder, at, "ghost")) return false;
    const TokenKind next = at[1].kind, after = at[2].kind;
    return next == TokenKind::Elementary || next == TokenKind::Mapping ||
           (next == TokenKind::Identifier && after != TokenKind::Semicolon && after != TokenKind::Assign);
}

bool begins_ghost_function(const Builder& builder, Iterator at) {
    return is_spec_word(builder, at, "ghost") && at[1].kind == TokenKind::Function;
}

bool begins_actor(const Builder& builder, Iterator at) {
    return is_spec_word(builder, at, "actor") && at[1].kind == TokenKind::Identifier &&
           (at[2].kind == TokenKind::Colon || at[2].kind == TokenKind::Semicolon || is_word(at + 2, "holds"));
}

bool begins_scenario(const Builder& builder, Iterator at) {
    return is_spec_word(builder, at, "scenario") && at[1].kind == TokenKind::Identifier &&
           at[2].kind == TokenKind::LeftBrace;
}

bool begins_spec_clause(const Builder& builder, Iterator at) {
    if (is_spec_word(builder, at, "reverts")) return at[1].kind == TokenKind::If;
    for (const std::string_view word : {"requires", "ensures", "modifies", "nonreentrant"})
        if (is_spec_word(builder, at, word)) return true;
    return false;
}

bool begins_loop_invariant(const Builder& builder, Iterator at) { return begins_spec_statement(builder, at, "invariant"); }
bool begins_assume(const Builder& builder, Iterator at) { return begins_spec_statement(builder, at, "assume"); }
bool begins_check(const Builder& builder, Iterator at) { return begins_spec_statement(builder, at, "check"); }

bool begins_deployment(const Builder&, Iterator at) {
    return is_word(at, "deploy") && at[1].kind == TokenKind::Identifier && at[2].kind == TokenKind::Assign;
}
bool begins_let(const Builder&, Iterator at) { return at->text == "let" && can_be_name(at[1].kind); }
bool begins_warp(const Builder&, Iterator at) {
    return is_word(at, "warp") && (begins_operand(at + 1) || at[1].kind == TokenKind::LeftParen);
}
bool begins_interleaving(const Builder&, Iterator at) {
    return is_word(at, "interleave") && at[1].kind == TokenKind::LeftBrace;
}

bool begins_quantifier(const Builder& builder, Iterator at) {
    return builder.in_specification && (is_word(at, "forall") || is_word(at, "exists")) &&
           at[1].kind == TokenKind::LeftParen && begins_declaration(builder, at + 2);
}
bool begins_old(const Builder& builder, Iterator at) {
    return builder.in_specification && is_word(at, "old") && at[1].kind == TokenKind::LeftParen &&
           !builder.is_declared("old");
}
bool begins_sum(const Builder& builder, Iterator at) {
    return builder.in_specification && is_word(at, "sum") && at[1].kind == TokenKind::LeftParen &&
           !builder.is_declared("sum");
}
bool is_result(const Builder& builder, Iterator at) {
    return builder.in_ensures && (is_word(at, "result") || is_word(at, "$result")) && at[1].kind != TokenKind::LeftParen;
}

// --- assembly ---

bool is_yul_keyword(std::string_view word) {
    static constexpr std::array words{"let",      "if",    "switch",   "case",  "default", "for",
                                      "function", "break", "continue", "leave", "true",    "false"};
    return std::ranges::find(words, word) != words.end();
}

bool begins_yul_statement(std::string_view word) {
    const bool continues = word == "case" || word == "default" || word == "true" || word == "false";
    return is_yul_keyword(word) && !continues;
}

bool begins_yul_name(const Builder&, Iterator at) {
    switch (at->kind) {
        case TokenKind::End:
        case TokenKind::Number:
        case TokenKind::String:
        case TokenKind::HexString:
        case TokenKind::PragmaText: return false;
        default: break;
    }
    const char first = at->text.front();
    const bool is_word = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_' || first == '$';
    return is_word && !is_yul_keyword(at->text);
}

Iterator behind_yul_name(const Builder& builder, Iterator at) {
    const auto touch = [](Iterator left) { return left[0].range.end == left[1].range.begin; };
    ++at;
    while (at->kind == TokenKind::Dot && touch(at - 1) && touch(at) && begins_yul_name(builder, at + 1)) at += 2;
    return at;
}

bool begins_yul_assignment(const Builder& builder, Iterator at) {
    if (!begins_yul_name(builder, at)) return false;
    const TokenKind next = behind_yul_name(builder, at)->kind;
    return next == TokenKind::ColonAssign || next == TokenKind::Comma;
}

bool ends_yul_block(const Builder& builder, Iterator at) {
    if (at->kind == TokenKind::Function || !ends_block(builder, at)) return false;
    const TokenKind next = at[1].kind;  // in Yul any word of Solidity may be a name
    const bool is_name =
        begins_yul_name(builder, at) && (next == TokenKind::LeftParen || begins_yul_assignment(builder, at));
    return !is_name;
}

}  // namespace interlock::lang::grammar
