// Formats assembly. A block that was on one line stays there if it fits.
#include "lang/output/format/formatter.hpp"

namespace interlock::lang::formatting {

void Formatter::assembly() {
    token();
    while (kind() == T::String) word();
    if (kind() == T::LeftParen) {
        space();
        brackets();
    }
    space();
    braces(&Formatter::yul_statement);
}

void Formatter::yul_block() {
    const std::size_t begin = tokens_[at_].range.end - file_.start;
    const std::size_t end = tokens_[behind_bracket(at_) - 1].range.begin - file_.start;
    const bool is_short = std::string_view(file_.text).substr(begin, end - begin).find('\n') == std::string_view::npos;
    if (!is_short || kind(1) == T::RightBrace) return braces(&Formatter::yul_statement);
    document_.open();
    token();
    document_.indent();
    while (kind() != T::RightBrace && kind() != T::End) {
        document_.line();
        yul_statement();
    }
    leading_comments();
    document_.outdent();
    document_.line();
    token();
    document_.close();
}

void Formatter::yul_statement() {
    const std::string_view first = text();
    if (kind() == T::LeftBrace) return yul_block();
    if (first == "leave" || first == "break" || first == "continue") return token();
    if (first == "switch") return yul_switch();
    if (first == "if" || first == "for") {
        token();
        if (first == "for") space(), yul_block();
        space();
        yul_expression();
        if (first == "for") space(), yul_block();
        space();
        return yul_block();
    }
    if (first == "function") {
        token();
        word();
        brackets();
        if (kind() == T::Arrow) {
            word();
            space();
            yul_names();
        }
        space();
        return yul_block();
    }
    if (first == "let") {
        token();
        space();
        yul_names();
    } else {
        yul_expression();
        if (kind() == T::Comma) {
            token();
            space();
            yul_names();
        }
    }
    if (kind() != T::ColonAssign) return;
    word();
    space();
    yul_expression();
}

void Formatter::yul_switch() {
    token();
    space();
    yul_expression();
    while (text() == "case" || text() == "default") {
        document_.hard();
        const bool has_value = text() == "case";
        token();
        if (has_value) word();
        space();
        yul_block();
    }
}

void Formatter::yul_name() {
    token();
    while (kind() == T::Dot) {
        token();
        token();
    }
}

void Formatter::yul_names() {
    yul_name();
    while (kind() == T::Comma) {
        token();
        space();
        yul_name();
    }
}

void Formatter::yul_expression() {
    yul_name();  // or a literal
    if (kind() == T::LeftParen) brackets();
}

}  // namespace interlock::lang::formatting
