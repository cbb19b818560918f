// The formatter makes one pass over the tokens of a file without errors, so that each construct knows what follows. It
// writes every token once, in order and with its comments, into a Document. The tree is used only to find specification
// clauses, whose words are names elsewhere.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "lang/output/format/document.hpp"
#include "lang/syntax/token.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::lang::formatting {

using T = TokenKind;

[[nodiscard]] constexpr bool is_opener(T kind) {
    return kind == T::LeftParen || kind == T::LeftBracket || kind == T::LeftBrace;
}

// The places of specification clauses, whose words are names elsewhere: their ends by their beginnings.
struct SpecPlaces {
    std::map<std::uint32_t, std::uint32_t> clauses;          // of functions
    std::map<std::uint32_t, std::uint32_t> loop_invariants;  // of loops: only the condition
};

class Formatter {
  public:
    // `tokens` must end with an End. All arguments must outlive the formatter.
    Formatter(const SourceFile& file, std::span<const Token> tokens, std::span<const Comment> comments,
              const SpecPlaces& places)
        : file_(file), tokens_(tokens), comments_(comments), places_(places) {}

    [[nodiscard]] Document run();

  private:
    using Index = std::size_t;  // of a token
    using Item = void (Formatter::*)();

    // --- writing.cpp: tokens with their comments, blank lines, blocks ---
    void token();
    void word() { space(), token(); }
    void space() { document_.space(); }
    void leading_comments();
    void trailing_comments();
    void comment(const Comment& comment);
    void begin_item(bool is_first);
    void braces(Item item);
    [[nodiscard]] bool has_gap(std::uint32_t place) const;
    [[nodiscard]] bool has_comments() const;

    // --- ranges.cpp: expressions, types, lists: the tokens [at_, end) ---
    void range(Index end, bool in_index = false);
    void operands(Index end, const std::vector<Index>& operators);
    void conditional(Index question, Index colon, Index end);
    void assignment(Index sign, Index end);
    void leaf(Index end, bool in_index);
    void brackets();
    void element(Index end, T opener);

    // --- statements.cpp ---
    void statement();
    [[nodiscard]] bool is_one_liner() const;
    void one_liner();
    void body();
    void block() { braces(&Formatter::statement); }
    void if_statement();
    void for_statement();
    void loop_invariants();
    void while_statement();
    void do_statement();
    void try_statement();
    void simple_statement();

    // --- declarations.cpp ---
    void top_item();
    void contract();
    void member();
    void function();
    void attribute();
    void clause();
    void structure();
    void enumeration();
    void item();
    void scenario();
    void step();
    void interleaving();

    // --- assembly.cpp ---
    void assembly();
    void yul_block();
    void yul_statement();
    void yul_name();
    void yul_names();
    void yul_expression();
    void yul_switch();

    // --- looking ahead ---
    [[nodiscard]] T kind(Index ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)].kind; }
    [[nodiscard]] std::string_view text(Index ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)].text;
    }
    [[nodiscard]] bool is_operand_end(Index at) const;
    [[nodiscard]] int precedence(Index at) const;        // of the binary operator there; 0: there is none
    [[nodiscard]] Index behind_bracket(Index at) const;  // after the bracket that opens there
    // Returns the first token of these kinds outside brackets, or `end` if there is none.
    [[nodiscard]] Index find(Index from, Index end, std::initializer_list<T> kinds) const;
    [[nodiscard]] Index end_of_item() const;                // its `;`
    [[nodiscard]] Index behind(std::uint32_t place) const;  // the first token that begins at `place` or after it
    // Returns whether the brace belongs to options, named arguments or a list of names.
    [[nodiscard]] bool is_inline_brace(Index at) const;
    [[nodiscard]] bool wants_space(Index left, Index right, bool in_index) const;

    const SourceFile& file_;
    std::span<const Token> tokens_;
    std::span<const Comment> comments_;
    const SpecPlaces& places_;
    Document document_;
    Index at_ = 0;
    std::size_t next_comment_ = 0;
    std::uint32_t written_ = 0;  // end of the last token or comment that was written
    bool after_block_comment_ = false;
};

}  // namespace interlock::lang::formatting
