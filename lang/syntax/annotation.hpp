// Specifications in documentation comments, where Solidity has no words of its own for them:
//
//     /// #invariant "books balance" total == sum(balances);       (Scribble's form, its label also as {:msg "…"})
//     /// #if_succeeds balances[to] >= old(balances[to]);
//     /// #ghost uint256 deposited = 0;                              (a ghost variable; in a body `#ghost deposited += 1;`)
//     /// @custom:invariant total <= address(this).balance          (NatSpec's form)
//
// Such a clause begins a line of a `///` or `/** … */` comment, and ends with `;`, the next tag or the comment. It may
// go over several lines. All other text of comments means nothing; but a line that begins with `#` and a word, and ends with
// `;` or has nearly the word of a clause, is refused, and so is such a word as a tag (`@invariant`) or a custom tag.
#pragma once

#include <optional>

#include "lang/syntax/token.hpp"

namespace interlock::lang {

enum class AnnotationKind : std::uint8_t { Invariant, Requires, Ensures, Modifies, RevertsIf, Assume, Check, Ghost };

struct Annotation {
    AnnotationKind kind{};
    SourceRange range;          // of its word: `#invariant`, `@custom:ensures`
    std::uint32_t target = 0;   // where the token behind the comment begins
    std::vector<Token> tokens;  // of the clause, and one End
};

// What a line of a comment begins with, as "#if_succeeds x > 0;" does; std::nullopt where that is no clause.
[[nodiscard]] std::optional<AnnotationKind> annotation_kind(std::string_view line);

// The clauses in the comments of a file, in order. What cannot be read in them is reported.
[[nodiscard]] std::vector<Annotation> find_annotations(const SourceFile& file, const std::vector<Comment>& comments,
                                                       Diagnostics& diagnostics);

}  // namespace interlock::lang
