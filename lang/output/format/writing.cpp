// Writes tokens with their comments. A comment at the end of a line stays there; a comment on a line of its own stays
// before what follows. One or more empty lines between items become one.
#include <algorithm>

#include "lang/output/format/formatter.hpp"

namespace interlock::lang::formatting {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::string_view without_end(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

bool sticks_to_left(TokenKind kind) {
    return kind == T::RightParen || kind == T::RightBracket || kind == T::Semicolon || kind == T::Comma || kind == T::Dot;
}

}  // namespace

Document Formatter::run() {
    for (bool is_first = true; kind() != T::End; is_first = false) {
        const bool is_contract =
            kind() == T::Abstract || kind() == T::Contract || kind() == T::Interface || kind() == T::Library;
        if (is_contract && !is_first) document_.blank();
        begin_item(is_first);
        top_item();
        if (is_contract && kind() != T::End) document_.blank();
    }
    leading_comments();
    return std::move(document_);
}

void Formatter::token() {
    const Token& token = tokens_[at_];
    leading_comments();
    if (after_block_comment_ && !sticks_to_left(token.kind)) space();
    after_block_comment_ = false;
    document_.text(trimmed(token.text));
    written_ = token.range.end;
    if (token.kind != T::End) ++at_;
    trailing_comments();
}

// Writes the comments before the next token.
void Formatter::leading_comments() {
    for (; has_comments(); ++next_comment_) {
        const Comment& each = comments_[next_comment_];
        if (each.starts_line) {
            document_.hard();
            if (has_gap(each.range.begin) && written_ != 0) document_.blank();
        } else {
            space();
        }
        comment(each);
    }
}

// Writes the comments after the last token on its line.
void Formatter::trailing_comments() {
    for (; has_comments() && !comments_[next_comment_].starts_line; ++next_comment_) {
        space();
        comment(comments_[next_comment_]);
    }
}

void Formatter::comment(const Comment& comment) {
    const std::size_t begin = comment.range.begin - file_.start;
    std::string_view rest = std::string_view(file_.text).substr(begin, comment.range.end - comment.range.begin);
    const bool is_line = rest.starts_with("//");
    std::size_t end = std::min(rest.find('\n'), rest.size());
    if (is_line) document_.remark(without_end(rest.substr(0, end)));
    else document_.text(without_end(rest.substr(0, end)));
    while (end < rest.size()) {
        rest.remove_prefix(end + 1);
        end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed(rest.substr(0, end));
        if (line.starts_with('*')) {
            document_.hard();
            document_.text(" " + std::string(line));
        } else {
            document_.verbatim(without_end(rest.substr(0, end)));
        }
    }
    written_ = comment.range.end;
    const std::uint32_t next = next_comment_ + 1 < comments_.size() && comments_[next_comment_ + 1].target == comment.target
                                   ? comments_[next_comment_ + 1].range.begin
                                   : comment.target;
    const std::string_view gap = std::string_view(file_.text).substr(written_ - file_.start, next - written_);
    const bool ends_line = is_line || (comment.starts_line && gap.find('\n') != std::string_view::npos);
    if (ends_line) document_.hard();
    after_block_comment_ = !ends_line;
}

bool Formatter::has_comments() const {
    return next_comment_ < comments_.size() && comments_[next_comment_].target <= tokens_[at_].range.begin;
}

// Returns whether the source has an empty line between what was written last and this place.
bool Formatter::has_gap(std::uint32_t place) const {
    if (written_ < file_.start || place <= written_) return false;
    const std::string_view gap = std::string_view(file_.text).substr(written_ - file_.start, place - written_);
    int breaks = 0;
    for (const char c : gap) {
        if (c == '\n' && ++breaks == 2) return true;
        if (c != '\n' && c != ' ' && c != '\t' && c != '\r') breaks = 0;
    }
    return false;
}

// Starts a statement or declaration on a new line.
void Formatter::begin_item(bool is_first) {
    const std::uint32_t place = has_comments() ? comments_[next_comment_].range.begin : tokens_[at_].range.begin;
    document_.hard();
    if (!is_first && has_gap(place)) document_.blank();
    if (is_first) written_ = place;  // no empty line at the beginning of a block
    leading_comments();
}

// Formats { item item … } with each item on a line of its own.
void Formatter::braces(Item item) {
    token();
    if (kind() == T::RightBrace && !has_comments()) return token();
    document_.indent();
    for (bool is_first = true; kind() != T::RightBrace && kind() != T::End; is_first = false) {
        begin_item(is_first);
        (this->*item)();
    }
    leading_comments();
    document_.outdent();
    document_.hard();
    token();
}

}  // namespace interlock::lang::formatting
