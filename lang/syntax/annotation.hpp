// Specifications in documentation comments, where Solidity has no words of its own for them:
//
//     /// #invariant "books balance" total == sum(balances);       (Scribble's form, its label also as {:msg "…"})
//     /// #if_succeeds balances[to] >= old(balances[to]);
//     /// #ghost uint256 deposited = 0;                              (a ghost variable; in a body `#ghost deposited += 1;`)
//     /// @custom:invariant total <= address(this).balance          (NatSpec's form)
//
// Such a clause begins a line of a `///` or `/** … */` comment, and ends with `;`, the next tag or the comment. It may
// span several lines. All other text of comments is ignored, except a line that begins with `#` and a word and ends
// with `;` or whose word is similar to that of a clause: it is an error. Such a word as a tag (`@invariant`) or a
// custom tag is an error, too.
#pragma once

#include <optional>

#include "lang/syntax/token.hpp"

namespace interlock::lang {

enum class AnnotationKind : std::uint8_t { Invariant, Requires, Ensures, Modifies, RevertsIf, Assume, Check, Ghost };

struct Annotation {
    AnnotationKind kind{};
    SourceRange range;          // of its word: `#invariant`, `@custom:ensures`
    std::uint32_t target = 0;   // position of the token after the comment
    std::vector<Token> tokens;  // of the clause, followed by one End
};

// Returns the kind of clause with which a line of a comment begins ("#if_succeeds x > 0;"), or std::nullopt if it is
// not a clause.
[[nodiscard]] std::optional<AnnotationKind> annotation_kind(std::string_view line);

// Returns the clauses in the comments of a file, in order. Unreadable clauses are reported.
[[nodiscard]] std::vector<Annotation> find_annotations(const SourceFile& file, const std::vector<Comment>& comments,
                                                       Diagnostics& diagnostics);

}  // namespace interlock::lang
