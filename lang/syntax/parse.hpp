// Source text to syntax tree: a hand-written lexer, then a Boost.Spirit X3 grammar over its tokens.
#pragma once

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::lang {

// Limits of hostile input; running into one is a clear error.
inline constexpr std::size_t max_tokens = 1'000'000;
inline constexpr std::uint32_t max_nesting = 200;  // blocks, parentheses and types inside each other
inline constexpr std::uint32_t max_expression_depth =
    1000;                                          // of a tree of expressions: `a.b.c` and `1 + 2 + 3` have depth 3
inline constexpr std::size_t max_else_ifs = 1000;  // after one `if`

// Reports every independent mistake and goes on behind it. The tree holds what could be read; where there were errors
// it is good for further checks but not for compiling. Never throws on bad input.
[[nodiscard]] Tree parse(const SourceFile& file, Diagnostics& diagnostics);

// The same for one more file of a compilation: adds a unit to the tree.
UnitId parse_into(Tree& tree, const SourceFile& file, Diagnostics& diagnostics);

}  // namespace interlock::lang
