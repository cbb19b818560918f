// Prints the syntax tree as text, for people and tests: one declaration or statement per line, expressions as s-expressions.
//
//     (contract Bank
//       (variable (mapping address uint256) public balances)
//       (function deposit () external payable
//         (block
//           (+= (index balances (member msg sender)) (member msg value)))))
#pragma once

#include <string>

#include "lang/syntax/tree.hpp"

namespace interlock::lang {

[[nodiscard]] std::string print(const Tree& tree);
[[nodiscard]] std::string print(const Tree& tree, ExprId expr);

// Prints a block of assembly: lines, each indented by `indent` spaces.
[[nodiscard]] std::string print(const Tree& tree, YulStmtId block, std::size_t indent);

}  // namespace interlock::lang
