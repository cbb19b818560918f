// Finds where to continue after an error. Each function gets the beginning of the broken construct and the place of the
// error, and returns where the next construct begins: after `first`, so that the parse always advances, and never
// beyond the brace that closes the surrounding construct.
#pragma once

#include "lang/syntax/grammar/builder.hpp"

namespace interlock::lang::grammar {

using Recovery = Iterator (*)(const Builder&, Iterator first, Iterator error);

Iterator behind_statement(const Builder&, Iterator first, Iterator error);  // after its `;` or block
Iterator behind_member(const Builder&, Iterator first, Iterator error);
Iterator behind_declaration(const Builder&, Iterator first, Iterator error);  // at top level
Iterator behind_parentheses(const Builder&, Iterator first, Iterator error);  // that open at `first`
Iterator before_body(const Builder&, Iterator first, Iterator error);         // at the `{` or `;` after a head
Iterator before_end_of_statement(const Builder&, Iterator first, Iterator error);
// Assembly has no `;`, so this is the next line.
Iterator behind_yul_statement(const Builder&, Iterator first, Iterator error);

// Returns whether a missing `;` may be assumed before this token, because something new begins here.
[[nodiscard]] bool can_follow_statement(const Builder&, Iterator at);

}  // namespace interlock::lang::grammar
