// The whole process: read, leave out what is not wanted, lay out, and compare the meaning of the result with that of
// the file.
#include "lang/output/format.hpp"

#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "lang/output/format/formatter.hpp"
#include "lang/syntax/annotation.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {
namespace {

using formatting::SpecPlaces;

// Nodes that come from comments begin with the comment's mark.
bool is_in_comment(const SourceFile& file, SourceRange range) {
    const char first = file.text[range.begin - file.start];
    return first == '#' || first == '@';
}

SpecPlaces places_of(const Tree& tree) {
    SpecPlaces places;
    for (const Function& function : tree.functions)
        for (const SpecClause& clause : function.specs) places.clauses[clause.range.begin] = clause.range.end;
    for (const Stmt& stmt : tree.stmts)
        for (const ExprId id : stmt.invariants) places.loop_invariants[tree[id].range.begin] = tree[id].range.end;
    return places;
}

// --- leaving out specifications ---

// Returns the places that only specifications use, in order.
std::vector<SourceRange> specified(const Tree& tree, std::span<const Token> tokens) {
    std::vector<SourceRange> places;
    for (const Contract& contract : tree.contracts) {
        for (const Invariant& invariant : contract.invariants) places.push_back(invariant.range);
        for (const Actor& actor : contract.actors) places.push_back(actor.range);
        for (const VariableId id : contract.state_variables)
            if (tree[id].is_ghost) places.push_back(tree[id].range);
        for (const FunctionId id : contract.functions)
            if (tree[id].is_ghost) places.push_back(tree[id].range);
    }
    for (const Scenario& scenario : tree.scenarios) places.push_back(scenario.range);
    for (const Function& function : tree.functions)
        for (const SpecClause& clause : function.specs) places.push_back(clause.range);
    for (const Stmt& stmt : tree.stmts) {
        const bool is_ghost = stmt.kind == StmtKind::Expression && stmt.flag;
        if (stmt.kind == StmtKind::Assume || stmt.kind == StmtKind::Check || is_ghost) places.push_back(stmt.range);
        for (const ExprId id : stmt.invariants) {
            const SourceRange condition = tree[id].range;
            const auto at =
                std::ranges::lower_bound(tokens, condition.begin, {}, [](const Token& t) { return t.range.begin; });
            const bool has_word = at != tokens.begin() && (at - 1)->text == "invariant";
            if (has_word) places.push_back(join((at - 1)->range, condition));
        }
    }
    std::ranges::sort(places, {}, &SourceRange::begin);
    return places;
}

class Stripping {
  public:
    Stripping(std::vector<SourceRange> places, const Tree& tree) : places_(std::move(places)) {
        for (const Stmt& stmt : tree.stmts)
            for (const StmtId id : {stmt.body, stmt.other})
                if (id) lone_.push_back(tree[id].range.begin);
        std::ranges::sort(lone_);
    }

    [[nodiscard]] bool holds(std::uint32_t place) const {
        const auto behind = std::ranges::upper_bound(places_, place, {}, &SourceRange::begin);
        for (auto at = behind; at != places_.begin() && behind - at < 4;)  // at most this many of them are nested
            if (place < (--at)->end) return true;
        return false;
    }

    // If a branch or loop loses its only statement, an empty block replaces it.
    void run(std::vector<Token>& tokens, std::vector<Comment>& comments) const {
        std::vector<Token> kept;
        for (const Token& token : tokens) {
            if (!holds(token.range.begin)) {
                kept.push_back(token);
            } else if (std::ranges::binary_search(lone_, token.range.begin)) {
                const SourceRange at{token.range.begin, token.range.begin};
                kept.push_back({.kind = TokenKind::LeftBrace, .range = at, .text = "{"});
                kept.push_back({.kind = TokenKind::RightBrace, .range = at, .text = "}"});
            }
        }
        tokens = std::move(kept);
        std::erase_if(comments, [&](const Comment& c) { return holds(c.range.begin) || holds(c.target); });
    }

  private:
    std::vector<SourceRange> places_;
    std::vector<std::uint32_t> lone_;  // where a statement begins that is the body of a branch or loop
};

// --- comparing ---

std::string words_of(std::string_view text) {
    std::string words;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') words += c;
    return words;
}

bool says_the_same(const SourceFile& before, std::span<const Token> tokens, std::span<const Comment> comments,
                   const SourceFile& after) {
    Diagnostics unused;
    std::vector<Comment> new_comments;
    const std::vector<Token> new_tokens = lex(after, unused, &new_comments);
    const auto text = [](const SourceFile& file, const Comment& comment) {
        return words_of(
            std::string_view(file.text).substr(comment.range.begin - file.start, comment.range.end - comment.range.begin));
    };
    return std::ranges::equal(tokens, new_tokens,
                              [](const Token& a, const Token& b) {
                                  const bool is_free = a.kind == TokenKind::PragmaText && b.kind == a.kind;
                                  return a.kind == b.kind &&
                                         (is_free ? words_of(a.text) == words_of(b.text) : a.text == b.text);
                              }) &&
           std::ranges::equal(comments, new_comments,
                              [&](const Comment& a, const Comment& b) { return text(before, a) == text(after, b); });
}

}  // namespace

std::optional<std::string> format(const SourceFile& file, Diagnostics& diagnostics, const FormatOptions& options) {
    const Tree tree = parse(file, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    std::vector<Comment> comments;
    std::vector<Token> tokens = lex(file, diagnostics, &comments);
    if (options.strip) {
        std::vector<SourceRange> places = specified(tree, tokens);
        std::erase_if(places, [&](SourceRange range) { return is_in_comment(file, range); });
        Stripping(std::move(places), tree).run(tokens, comments);
    }
    const SpecPlaces places = places_of(tree);
    const std::string text = formatting::Formatter(file, tokens, comments, places).run().layout(options.width);
    if (says_the_same(file, tokens, comments, SourceFile{.path = file.path, .text = text})) return text;
    diagnostics
        .error(code::internal_error.id, "a fault of the formatter itself: it would have changed what the file says",
               {file.start, file.start})
        .notes.push_back("the file was left as it is");
    return std::nullopt;
}

}  // namespace interlock::lang
