// Formats files, contracts and their members.
#include "lang/output/format/formatter.hpp"

namespace interlock::lang::formatting {

void Formatter::top_item() {
    switch (kind()) {
        case T::Abstract:
        case T::Contract:
        case T::Interface:
        case T::Library: return contract();
        default: return member();
    }
}

// contract Name is A, B {         or each base on its own line, and the brace on the next
void Formatter::contract() {
    document_.open();
    token();
    while (kind() == T::Contract || kind() == T::Identifier) {
        if (text() == "layout" && text(1) == "at") break;
        word();
    }
    while (kind() != T::LeftBrace && kind() != T::End) {
        if (kind() != T::Is) {  // layout at e
            document_.line();
            token();
            word();
            space();
            range(find(at_, tokens_.size() - 1, {T::Is, T::LeftBrace}));
            continue;
        }
        word();
        document_.indent();
        do {
            if (kind() == T::Comma) token();
            document_.line();
            attribute();
        } while (kind() == T::Comma);
        document_.outdent();
    }
    document_.line();
    document_.close();
    braces(&Formatter::member);
}

void Formatter::member() {
    switch (kind()) {
        case T::Function: {  // without a name it is a fallback of older dialects, or a variable that holds a function
            const Index end = find(at_, tokens_.size() - 1, {T::LeftBrace, T::Semicolon});
            if (kind(1) != T::LeftParen || tokens_[end].kind == T::LeftBrace) return function();
            break;
        }
        case T::Constructor:
        case T::Modifier: return function();
        case T::Struct: return structure();
        case T::Enum: return enumeration();
        default: break;
    }
    if (text() == "ghost" && kind(1) == T::Function) {
        token();
        space();
        return function();
    }
    if (kind() == T::Identifier && kind(1) == T::LeftParen) return function();  // receive, fallback
    if (text() == "scenario" && kind(2) == T::LeftBrace) return scenario();
    if (text() == "invariant" && kind(1) != T::Dot) {
        token();
        if (kind() == T::Not) token();
        space();
    }
    item();
}

// Puts the head on one line, or each attribute on its own line and the brace on the next.
void Formatter::function() {
    document_.open();
    token();
    if (kind() == T::Identifier || kind() == T::Reserved) word();
    if (kind() == T::LeftParen) brackets();
    document_.indent();
    const auto at_clause = [&] { return places_.clauses.contains(tokens_[at_].range.begin); };
    const auto at_body = [&] { return kind() == T::LeftBrace || kind() == T::Semicolon || kind() == T::End; };
    while (!at_body() && !at_clause()) {
        document_.line();
        attribute();
    }
    document_.outdent();
    const bool has_clauses = !at_body();
    if (!has_clauses && kind() == T::LeftBrace) document_.line();
    document_.close();
    document_.indent();
    while (!at_body()) {
        document_.hard();
        if (at_clause()) clause();
        else attribute();
    }
    document_.outdent();
    if (kind() != T::LeftBrace) return token();
    if (has_clauses) document_.hard();
    block();
}

// Writes a word or a path, with the parenthesised arguments after it.
void Formatter::attribute() {
    const bool is_apart = kind() == T::Returns;
    token();
    while (kind() == T::Dot) {
        token();
        token();
    }
    if (kind() != T::LeftParen) return;
    if (is_apart) space();
    brackets();
}

void Formatter::clause() {
    const Index end = behind(places_.clauses.at(tokens_[at_].range.begin));
    token();
    if (kind() == T::If) word();
    if (at_ >= end) return;
    space();
    range(end);
}

void Formatter::structure() {
    token();
    word();
    space();
    braces(&Formatter::item);
}

// enum Name { A, B }              or each value on its own line
void Formatter::enumeration() {
    token();
    word();
    space();
    document_.open();
    token();
    document_.indent();
    while (kind() != T::RightBrace && kind() != T::End) {
        document_.line();
        token();
        if (kind() == T::Comma) token();
    }
    leading_comments();
    document_.outdent();
    document_.line();
    token();
    document_.close();
}

void Formatter::scenario() {
    token();
    word();
    space();
    braces(&Formatter::step);
}

void Formatter::step() {
    if (text() == "interleave" && kind(1) == T::LeftBrace) return interleaving();
    item();
}

void Formatter::interleaving() {
    token();
    word();
    document_.indent();
    document_.hard();
    while (kind() == T::LeftBrace) {
        braces(&Formatter::step);
        if (kind() != T::Or) break;
        word();
        space();
    }
    leading_comments();
    document_.outdent();
    document_.hard();
    token();
}

}  // namespace interlock::lang::formatting
