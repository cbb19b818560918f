// Parses source text into a syntax tree, with a hand-written lexer and a Boost.Spirit X3 grammar over its tokens.
#pragma once

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::lang {

// Limits against hostile input; exceeding one is reported as an error.
inline constexpr std::size_t max_tokens = 1'000'000;
inline constexpr std::uint32_t max_nesting = 200;  // of nested blocks, parentheses and types
inline constexpr std::uint32_t max_expression_depth =
    1000;                                          // depth of an expression's tree: `a.b.c` and `1 + 2 + 3` have depth 3
inline constexpr std::size_t max_else_ifs = 1000;  // after one `if`

// Reports every independent error and continues after it. The tree holds what could be read; after errors it can be
// used for further checks but not for compiling. Never throws on bad input.
[[nodiscard]] Tree parse(const SourceFile& file, Diagnostics& diagnostics);

// The same for another file of a compilation; adds a unit to the tree. `levels` are those that the files around it allow.
UnitId parse_into(Tree& tree, const SourceFile& file, Diagnostics& diagnostics, Levels levels = Levels::all());

}  // namespace interlock::lang
