// Comments are split into lines without their decoration; a clause is lexed line by line, up to its `;`.
#include "lang/syntax/annotation.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lang/diagnostics/codes.hpp"
#include "lang/diagnostics/spelling.hpp"

namespace interlock::lang {
namespace {

using namespace std::string_view_literals;

struct Keyword {
    std::string_view text;
    AnnotationKind kind;
};
constexpr std::array keywords{
    Keyword{"invariant", AnnotationKind::Invariant},  Keyword{"requires", AnnotationKind::Requires},
    Keyword{"require", AnnotationKind::Requires},     Keyword{"ensures", AnnotationKind::Ensures},
    Keyword{"if_succeeds", AnnotationKind::Ensures},  Keyword{"modifies", AnnotationKind::Modifies},
    Keyword{"reverts_if", AnnotationKind::RevertsIf}, Keyword{"assume", AnnotationKind::Assume},
    Keyword{"assert", AnnotationKind::Check},         Keyword{"check", AnnotationKind::Check},
    Keyword{"ghost", AnnotationKind::Ghost}};

constexpr std::string_view custom = "@custom:";

// Returns the length of `#` or `@custom:` at the front, for Scribble's own tag together with what follows it; 0: there
// is no mark.
std::size_t mark_length(std::string_view line) {
    if (line.starts_with('#')) return 1;
    if (!line.starts_with(custom)) return 0;
    constexpr std::string_view scribble = "@custom:scribble #";
    return line.starts_with(scribble) ? scribble.size() : custom.size();
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Returns the length of the word after the mark.
std::size_t word_length(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_word_character) - text.begin());
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// --- misspelt clauses ---

// The tags of NatSpec, and those that other tools read.
constexpr std::array known_tags{"title"sv,   "author"sv,     "notice"sv,   "dev"sv, "param"sv,   "return"sv,
                                "returns"sv, "inheritdoc"sv, "solidity"sv, "src"sv, "use-src"sv, "ast-id"sv};

// Returns the clause word that is so similar that it must be meant, or an empty text. Custom tags may have any name,
// and prose has short words, so they must be more similar.
std::string_view nearest_word(std::string_view word, bool is_custom) {
    constexpr std::size_t shortest = 4, long_word = 8;
    if (word.size() < shortest) return {};
    std::array<std::string_view, keywords.size()> texts;
    std::ranges::transform(keywords, texts.begin(), &Keyword::text);
    const std::string_view found = closest(word, texts);
    const std::size_t most_changes = is_custom || word.size() < long_word ? 1 : 2;
    return found.empty() || edit_distance(word, found) > most_changes ? std::string_view{} : found;
}

// Reports a line that begins like a clause but has an unknown word: if it were ignored, it would look proved. Prose may
// begin with `#`, too; only a line that ends like a clause, or whose word is similar to a clause's, is reported.
void report_unknown(const SourceFile& file, std::size_t begin, std::string_view line, Diagnostics& diagnostics) {
    const bool is_custom = line.starts_with(custom);
    const std::size_t mark = std::max<std::size_t>(mark_length(line), 1);
    const std::string_view word = line.substr(mark, word_length(line.substr(mark)));
    const bool is_compound = line.substr(mark + word.size()).starts_with('-');
    if (word.empty() || is_compound || (word.front() >= '0' && word.front() <= '9')) return;
    const bool has_hash = line[mark - 1] == '#';
    if (!has_hash && !is_custom && std::ranges::find(known_tags, word) != known_tags.end()) return;
    const bool lacks_mark = !has_hash && !is_custom && std::ranges::find(keywords, word, &Keyword::text) != keywords.end();
    const std::string_view meant = lacks_mark ? word : nearest_word(word, is_custom && !has_hash);
    const bool looks_like_clause = has_hash && (line.ends_with(';') || word.starts_with("if_"));
    if (meant.empty() && !looks_like_clause) return;
    const auto at = static_cast<std::uint32_t>(file.start + begin);
    const std::string_view shown = line.substr(0, mark + word.size());
    Diagnostic& diagnostic =
        diagnostics.error(code::unknown_annotation.id, fmt::format("`{}` specifies nothing", shown),
                          {at, at + static_cast<std::uint32_t>(shown.size())}, "no specification begins so");
    if (!meant.empty()) {
        diagnostic.helps.push_back(fmt::format("did you mean `{}{}`?", is_custom ? custom : "#", meant));
        return;
    }
    std::string all;
    for (const Keyword& each : keywords) all += fmt::format("{}`#{}`", all.empty() ? "" : ", ", each.text);
    diagnostic.notes.push_back("there are " + all);
}

// A line of a comment without its decoration, as positions in the file's text.
struct Line {
    std::size_t begin = 0, end = 0;
    std::uint32_t target = 0;
    bool begins_comment = false;
};

void add_line(std::vector<Line>& lines, std::string_view text, std::size_t begin, std::size_t end, const Comment& comment,
              bool begins_comment) {
    while (begin < end && is_space(text[begin])) ++begin;
    while (begin < end && is_space(text[end - 1])) --end;
    lines.push_back({begin, end, comment.target, begins_comment});
}

// Splits `/** … */`: the text starts after the first two stars, and after the star of each further line.
void add_block(std::vector<Line>& lines, std::string_view text, std::size_t begin, std::size_t end, const Comment& comment) {
    bool first = true;
    std::size_t at = begin + 3;
    end -= std::min<std::size_t>(2, end - at);
    while (at < end) {
        const std::size_t line_end = std::min(text.find('\n', at), end);
        if (!first) {
            while (at < line_end && is_space(text[at])) ++at;
            while (at < line_end && text[at] == '*') ++at;
        }
        add_line(lines, text, at, line_end, comment, first);
        first = false;
        at = line_end + 1;
    }
}

std::vector<Line> lines_of(const SourceFile& file, const std::vector<Comment>& comments) {
    std::vector<Line> lines;
    const std::string_view text = file.text;
    for (const Comment& comment : comments) {
        const std::size_t begin = comment.range.begin - file.start, end = comment.range.end - file.start;
        const std::string_view shown = text.substr(begin, end - begin);
        if (shown.starts_with("///") && !shown.starts_with("////"))
            add_line(lines, text, begin + 3, end, comment, lines.empty() || lines.back().target != comment.target);
        else if (shown.starts_with("/**") && shown.size() > 4) add_block(lines, text, begin, end, comment);
    }
    return lines;
}

}  // namespace

std::optional<AnnotationKind> annotation_kind(std::string_view line) {
    const std::size_t mark = mark_length(line);
    if (mark == 0) return std::nullopt;
    const std::string_view word = line.substr(mark, word_length(line.substr(mark)));
    const auto found = std::ranges::find(keywords, word, &Keyword::text);
    return found == keywords.end() ? std::nullopt : std::optional(found->kind);
}

std::vector<Annotation> find_annotations(const SourceFile& file, const std::vector<Comment>& comments,
                                         Diagnostics& diagnostics) {
    std::vector<Annotation> annotations;
    const std::string_view text = file.text;
    bool is_open = false;  // whether the last clause may continue
    int depth = 0;
    for (const Line& line : lines_of(file, comments)) {
        std::size_t begin = line.begin;
        const std::string_view shown = text.substr(line.begin, line.end - line.begin);
        if (line.begins_comment) is_open = false;
        if (const auto kind = annotation_kind(shown)) {
            const std::size_t mark = mark_length(shown);
            begin += mark + word_length(shown.substr(mark));
            const auto at = static_cast<std::uint32_t>(file.start + line.begin);
            annotations.push_back({*kind, {at, static_cast<std::uint32_t>(file.start + begin)}, line.target, {}});
            is_open = true;
            depth = 0;
        } else if (shown.starts_with('@') || shown.starts_with('#')) {
            is_open = false;
            report_unknown(file, line.begin, shown, diagnostics);
        }
        if (is_open) is_open = lex_clause(file, begin, line.end, annotations.back().tokens, depth, diagnostics);
    }
    for (Annotation& each : annotations) {
        const std::uint32_t end = each.tokens.empty() ? each.range.end : each.tokens.back().range.end;
        each.tokens.push_back({.kind = TokenKind::End, .range = {end, end}, .text = "the end of the clause"});
    }
    return annotations;
}

}  // namespace interlock::lang
