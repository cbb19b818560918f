// The syntax tree as text, for people and tests: one declaration or statement a line, expressions as s-expressions.
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

// A block of assembly: lines, each indented by so many spaces.
[[nodiscard]] std::string print(const Tree& tree, YulStmtId block, std::size_t indent);

}  // namespace interlock::lang
