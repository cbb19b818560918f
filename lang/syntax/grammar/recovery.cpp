// Finds the next construct after an error by counting braces from the beginning of the broken one, and by words that
// always begin something new.
#include "lang/syntax/grammar/recovery.hpp"

#include <algorithm>

#include "lang/syntax/grammar/lookahead.hpp"

namespace interlock::lang::grammar {
namespace {

bool is_statement_word(TokenKind kind) {
    switch (kind) {
        case TokenKind::If:
        case TokenKind::For:
        case TokenKind::While:
        case TokenKind::Do:
        case TokenKind::Return:
        case TokenKind::Emit:
        case TokenKind::Break:
        case TokenKind::Continue:
        case TokenKind::Unchecked:
        case TokenKind::Try:
        case TokenKind::Assembly: return true;
        default: return false;
    }
}

bool continues_statement(TokenKind kind) {
    return kind == TokenKind::Else || kind == TokenKind::Catch || kind == TokenKind::LeftParen ||
           kind == TokenKind::RightParen || kind == TokenKind::Comma || kind == TokenKind::Semicolon ||
           kind == TokenKind::Dot;
}

// Scans from `first`. After the error and outside braces, it ends before `stop`, after a `;` or after a block.
template <class Stop>
Iterator scan(const Builder& builder, Iterator first, Iterator error, Stop stop) {
    if (builder.is_hopeless()) return builder.end();
    int depth = 0;
    for (Iterator at = first; at != builder.end(); ++at) {
        const bool behind = at >= error && at > first;
        if (depth == 0 && behind && stop(at)) return at;
        switch (at->kind) {
            case TokenKind::LeftBrace: ++depth; break;
            case TokenKind::RightBrace:
                if (depth == 0) return at > first ? at : at + 1;
                if (--depth == 0 && at >= error && !continues_statement(at[1].kind)) return at + 1;
                break;
            case TokenKind::Semicolon:
                if (depth == 0 && at >= error) return at + 1;
                break;
            default: break;
        }
    }
    return builder.end();
}

// Returns whether the token follows the parameters of a function and never occurs among them.
bool is_attribute(TokenKind kind) {
    switch (kind) {
        case TokenKind::External:
        case TokenKind::Public:
        case TokenKind::Internal:
        case TokenKind::Private:
        case TokenKind::View:
        case TokenKind::Pure:
        case TokenKind::Payable:
        case TokenKind::Virtual:
        case TokenKind::Override:
        case TokenKind::Returns: return true;
        default: return false;
    }
}

// Returns whether the word begins something that may occur both in a file and in a contract.
bool begins_file_or_contract_member(TokenKind kind) {
    return kind == TokenKind::Struct || kind == TokenKind::Enum || kind == TokenKind::Event || kind == TokenKind::Using;
}

// Imports, pragmas and `using` end with a `;`, or where something new begins.
Iterator behind_directive(const Builder& builder, Iterator first, Iterator error) {
    for (Iterator at = std::max(error, first + 1); at < builder.end(); ++at) {
        if (at->kind == TokenKind::Semicolon) return at + 1;
        if (at->starts_line && at->kind != TokenKind::RightBrace && ends_block(builder, at)) return at;
    }
    return builder.end();
}

}  // namespace

Iterator behind_statement(const Builder& builder, Iterator first, Iterator error) {
    const bool is_branch = first->kind == TokenKind::Else || first->kind == TokenKind::Catch;
    if (first == error && is_branch && !builder.is_hopeless()) {  // the condition is missing, but the body is still read
        Iterator at = first + 1;
        if (first->kind == TokenKind::Catch)
            while (at != builder.end() && at->kind != TokenKind::LeftBrace && !ends_block(builder, at)) ++at;
        return at;
    }
    return scan(builder, first, error, [&](Iterator at) {
        const bool lacks_end = at == error && at[-1].kind == TokenKind::RightBrace && !continues_statement(at->kind);
        return lacks_end || ends_block(builder, at) || (at > error && at->starts_line && is_statement_word(at->kind));
    });
}

Iterator behind_member(const Builder& builder, Iterator first, Iterator error) {
    if (builder.is_hopeless()) return builder.end();
    if (first->kind == TokenKind::Using) return behind_directive(builder, first, error);  // its braces are not a block
    return scan(builder, first, error, [&](Iterator at) {
        return ends_block(builder, at) ||
               (at->starts_line && (begins_error(builder, at) || begins_receive(builder, at) ||
                                    begins_fallback(builder, at) || begins_invariant(builder, at)));
    });
}

// Text that is lost at the top level is usually the rest of a contract that a superfluous brace has closed, so the
// parse continues only at something that cannot occur anywhere else.
Iterator behind_declaration(const Builder& builder, Iterator first, Iterator error) {
    if (builder.is_hopeless()) return builder.end();
    if (first->kind == TokenKind::Import || first->kind == TokenKind::Pragma) return behind_directive(builder, first, error);
    if (begins_file_or_contract_member(first->kind)) return behind_member(builder, first, error);
    for (Iterator at = error > first ? error : first + 1; at < builder.end(); ++at)
        if (at->kind != TokenKind::RightBrace && ends_contract(builder, at)) return at;
    return builder.end();
}

Iterator behind_parentheses(const Builder& builder, Iterator first, Iterator error) {
    if (builder.is_hopeless()) return builder.end();
    int depth = 0;
    for (Iterator at = first; at != builder.end(); ++at) {
        if (at->kind == TokenKind::LeftParen) ++depth;
        if (at->kind == TokenKind::RightParen && --depth == 0 && at >= error) return at + 1;
        if (at < error) continue;
        if (at == error && is_attribute(at->kind)) return at;  // in `f(uint x public` only the parenthesis is missing
        const bool options = begins_call_options(builder, at);
        if ((at->kind == TokenKind::LeftBrace && !options) || at->kind == TokenKind::RightBrace || ends_block(builder, at))
            return at;
        if (at->kind == TokenKind::LeftBrace)
            while (at != builder.end() && at->kind != TokenKind::RightBrace) ++at;
    }
    return builder.end();
}

Iterator before_body(const Builder& builder, Iterator first, Iterator error) {
    if (builder.is_hopeless()) return builder.end();
    for (Iterator at = error > first ? error : first; at != builder.end(); ++at) {
        const bool ends = at->kind == TokenKind::LeftBrace || at->kind == TokenKind::Semicolon;
        if (ends || (at > error && ends_block(builder, at))) return at;
    }
    return builder.end();
}

Iterator before_end_of_statement(const Builder& builder, Iterator first, Iterator error) {
    if (first == error && ends_block(builder, error)) return error;  // nothing of it is there: `uint x = }`
    const Iterator end = behind_statement(builder, first, error);
    return end > error && (end - 1)->kind == TokenKind::Semicolon ? end - 1 : end;
}

Iterator behind_yul_statement(const Builder& builder, Iterator first, Iterator error) {
    if (builder.is_hopeless()) return builder.end();
    int braces = 0, parentheses = 0;
    for (Iterator at = first; at != builder.end(); ++at) {
        const bool behind = at >= error && at > first && braces == 0;
        const bool is_assignment = begins_yul_assignment(builder, at);
        const bool begins = begins_yul_statement(at->text) || (parentheses <= 0 && is_assignment);
        const bool is_new_line = at->starts_line && (at > error || is_yul_keyword(at->text)) &&
                                 (parentheses <= 0 || is_yul_keyword(at->text) || is_assignment);
        if (behind && (ends_yul_block(builder, at) || is_new_line || (at > error && begins))) return at;
        switch (at->kind) {
            case TokenKind::LeftParen: ++parentheses; break;
            case TokenKind::RightParen: --parentheses; break;
            case TokenKind::LeftBrace: ++braces; break;
            case TokenKind::RightBrace:
                if (--braces < 0) return std::max(at, first + 1);
                if (braces == 0 && at >= error) return at + 1;
                break;
            default: break;
        }
    }
    return builder.end();
}

bool can_follow_statement(const Builder& builder, Iterator at) {
    return at->starts_line || ends_block(builder, at) || is_statement_word(at->kind);
}

}  // namespace interlock::lang::grammar
