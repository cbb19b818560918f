#include "lang/syntax/documentation.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

std::string_view text_of(const SourceFile& file, SourceRange range) {
    return std::string_view(file.text).substr(range.begin - file.start, range.end - range.begin);
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_line_documentation(std::string_view comment) { return comment.starts_with("///") && !comment.starts_with("////"); }
bool is_block_documentation(std::string_view comment) {
    return comment.starts_with("/**") && comment.size() > 4 && comment[3] != '/' && comment[3] != '*';
}

// Returns the text of `/** … */` without stars. Each line but the first begins after its star; empty lines are removed. A
// line that begins with two stars, also `**/`, goes on with the line before, as in solc, and keeps its first star.
std::string text_of_block(std::string_view comment) {
    const std::string_view written = comment.substr(3);
    comment = written.substr(0, written.size() - 2);
    std::string text;
    bool is_line_filled = false;
    std::size_t at = 0;
    while (at < comment.size() && is_blank(comment[at]) && comment[at] != '\n') ++at;
    while (at < comment.size()) {
        if (comment[at] != '\n' && comment[at] != '\r') {
            text += comment[at++];
            is_line_filled = true;
            continue;
        }
        while (at < comment.size() && is_blank(comment[at])) ++at;
        if (written.substr(at).starts_with("**")) {
            text += '*';
            is_line_filled = true;
            if (++at >= comment.size()) break;
            text += comment[at++];
            continue;
        }
        if (at == comment.size()) break;
        if (is_line_filled) text += '\n';
        is_line_filled = false;
        if (comment[at] == '*') ++at;
    }
    return text;
}

std::optional<std::string> license_in(std::string_view comment) {
    constexpr std::string_view mark = "SPDX-License-Identifier:";
    const auto found = comment.find(mark);
    if (found == std::string_view::npos) return std::nullopt;
    const auto license = license_at(comment.substr(found + mark.size()));
    return license ? std::optional(std::string(*license)) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> license_at(std::string_view text) {
    const bool has_blank = text.find_first_of(" \t") < text.find_first_of("\n\r");
    std::string_view rest = text.substr(std::min(text.find_first_not_of(" \t\n\r"), text.size()));
    rest = rest.substr(0, std::min(rest.find_first_of("\n\r"), rest.find("*/")));
    while (rest.ends_with(' ') || rest.ends_with('\t')) rest.remove_suffix(1);
    return rest.empty() && !has_blank ? std::nullopt : std::optional(rest);
}

std::optional<DocumentationComment> documentation_before(const SourceFile& file, const std::vector<Comment>& comments,
                                                         std::uint32_t offset) {
    const auto first = std::ranges::lower_bound(comments, offset, {}, &Comment::target);
    std::optional<DocumentationComment> found;
    bool is_open = false;
    for (auto comment = first; comment != comments.end() && comment->target == offset; ++comment) {
        const std::string_view text = text_of(file, comment->range);
        if (is_block_documentation(text)) {
            found = DocumentationComment{comment->range, text_of_block(text)};
            is_open = false;
        } else if (is_line_documentation(text)) {
            const std::string_view gap = is_open ? text_of(file, {found->range.end, comment->range.begin}) : "";
            if (is_open && std::ranges::count(gap, '\n') == 1) {
                found->range.end = comment->range.end;
                if (text.size() > 3) found->text += "\n" + std::string(text.substr(3));
            } else {
                std::size_t start = 3;
                while (start < text.size() && is_blank(text[start])) ++start;
                found = DocumentationComment{comment->range, std::string(text.substr(start))};
            }
            is_open = true;
        } else {
            is_open = false;
        }
    }
    return found;
}

std::optional<std::string> license_of(const SourceFile& file, const std::vector<Comment>& comments) {
    for (const Comment& comment : comments)
        if (auto license = license_in(text_of(file, comment.range))) return license;
    return std::nullopt;
}

}  // namespace interlock::lang
