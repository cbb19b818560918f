// Formats statements.
#include "lang/output/format/formatter.hpp"

namespace interlock::lang::formatting {

void Formatter::statement() {
    switch (kind()) {
        case T::LeftBrace: return block();
        case T::Unchecked: token(), space(); return is_one_liner() ? one_liner() : block();
        case T::If: return if_statement();
        case T::For: return for_statement();
        case T::While: return while_statement();
        case T::Do: return do_statement();
        case T::Try: return try_statement();
        case T::Assembly: return assembly();
        default: return item();
    }
}

// Returns whether it is a block on one line of the source with one plain statement: `{ ++i; }`.
bool Formatter::is_one_liner() const {
    const Index end = behind_bracket(at_);
    const std::uint32_t begin = tokens_[at_].range.begin, size = tokens_[end - 1].range.end - begin;
    const T first = kind(1);
    const bool is_plain = first != T::LeftBrace && first != T::RightBrace && first != T::Unchecked && first != T::If &&
                          first != T::For && first != T::While && first != T::Do && first != T::Try && first != T::Assembly;
    return is_plain && find(at_ + 1, end, {T::Semicolon}) + 2 == end &&
           std::string_view(file_.text).substr(begin - file_.start, size).find('\n') == std::string_view::npos;
}

// Keeps it on one line if there is room.
void Formatter::one_liner() {
    document_.open();
    token();
    document_.indent();
    document_.line();
    item();
    document_.outdent();
    document_.line();
    token();
    document_.close();
}

// Formats a statement up to its `;`.
void Formatter::item() {
    range(end_of_item());
    token();
}

// Formats the body of a branch or a loop: a block, or one statement after its head or on the next line.
void Formatter::body() {
    if (kind() == T::LeftBrace) {
        space();
        return block();
    }
    document_.open();
    document_.indent();
    document_.line();
    statement();
    document_.outdent();
    document_.close();
}

void Formatter::if_statement() {
    word();
    space();
    brackets();
    const bool is_block = kind() == T::LeftBrace;
    body();
    if (kind() != T::Else) return;
    if (is_block && !has_comments()) space();
    else document_.hard();
    token();
    if (kind() != T::If) return body();
    space();
    if_statement();
}

void Formatter::while_statement() {
    word();
    space();
    brackets();
    loop_invariants();
    body();
}

void Formatter::for_statement() {
    word();
    space();
    document_.open();
    token();
    document_.indent();
    document_.soft();
    item();
    if (kind() != T::Semicolon) document_.line();
    item();
    if (kind() != T::RightParen) {
        document_.line();
        range(find(at_, tokens_.size() - 1, {T::RightParen}));
    }
    leading_comments();
    document_.outdent();
    document_.soft();
    token();
    document_.close();
    loop_invariants();
    body();
}

void Formatter::loop_invariants() {
    bool is_any = false;
    for (auto place = places_.loop_invariants.find(tokens_[at_ + 1].range.begin);
         text() == "invariant" && place != places_.loop_invariants.end();
         place = places_.loop_invariants.find(tokens_[std::min(at_ + 1, tokens_.size() - 1)].range.begin)) {
        document_.indent();
        document_.hard();
        token();
        space();
        range(behind(place->second));
        document_.outdent();
        is_any = true;
    }
    if (is_any) document_.hard();
}

void Formatter::do_statement() {
    word();
    const bool is_block = kind() == T::LeftBrace;
    body();
    if (is_block) space();
    else document_.hard();
    token();
    space();
    brackets();
    token();
}

void Formatter::try_statement() {
    word();
    space();
    Index end = at_;
    while (tokens_[end].kind != T::End && tokens_[end].kind != T::Returns &&
           (tokens_[end].kind != T::LeftBrace || is_inline_brace(end)))
        end = is_opener(tokens_[end].kind) ? behind_bracket(end) : end + 1;
    range(end);
    if (kind() == T::Returns) {
        word();
        space();
        brackets();
    }
    space();
    block();
    while (kind() == T::Catch) {
        word();
        space();
        if (kind() != T::LeftParen && kind() != T::LeftBrace) token();
        if (kind() == T::LeftParen) brackets();
        space();
        block();
    }
}

}  // namespace interlock::lang::formatting
