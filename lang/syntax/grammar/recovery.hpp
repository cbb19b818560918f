// Where to go on after an error. Each function gets the place where the broken construct began and the place of the
// error, and answers where the next construct begins: behind `first`, so that the parse always advances, and never
// beyond the brace that closes the construct's surroundings.
#pragma once

#include "lang/syntax/grammar/builder.hpp"

namespace interlock::lang::grammar {

using Recovery = Iterator (*)(const Builder&, Iterator first, Iterator error);

Iterator behind_statement(const Builder&, Iterator first, Iterator error);  // behind its `;` or block
Iterator behind_member(const Builder&, Iterator first, Iterator error);
Iterator behind_declaration(const Builder&, Iterator first, Iterator error);  // at top level
Iterator behind_parentheses(const Builder&, Iterator first, Iterator error);  // which open at `first`
Iterator before_body(const Builder&, Iterator first, Iterator error);         // the `{` or `;` behind a head
Iterator before_end_of_statement(const Builder&, Iterator first, Iterator error);
Iterator behind_yul_statement(const Builder&, Iterator first, Iterator error);  // assembly has no `;`: the next line

// Whether a forgotten `;` may be taken as written before this token: something new begins here.
[[nodiscard]] bool can_follow_statement(const Builder&, Iterator at);

}  // namespace interlock::lang::grammar
