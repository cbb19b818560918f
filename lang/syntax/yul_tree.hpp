// The syntax of `assembly { … }`: Yul, as the Solidity documentation describes it ("Yul", "Inline Assembly"). Its nodes
// are in the same Tree as Solidity's. The checker looks names up: a built-in, a function, a Yul variable, or a Solidity
// variable, which may have a suffix (`x.slot`, `x.offset`, `x.length`, `f.selector`, `f.address`).
#pragma once

#include <vector>

#include "lang/syntax/node.hpp"

namespace interlock::lang {

using YulExprId = Id<struct YulExprTag>;
using YulStmtId = Id<struct YulStmtTag>;

enum class YulExprKind : std::uint8_t {
    Error,      // left by recovery; already reported
    Name,       // text, dots included
    Number,     // text as written: 17, 0xff
    String,     // text: the bytes with escapes resolved; longer than 32 only for a built-in that takes a literal
    HexString,  // text: the bytes
    Bool,       // text: true or false
    Call,       // text ( arguments )
};

struct YulExpr {
    YulExprKind kind = YulExprKind::Error;
    SourceRange range;
    std::string_view text;
    SourceRange name_range;  // of what is called
    std::vector<YulExprId> arguments;
};

enum class YulStmtKind : std::uint8_t {
    Error,
    Block,       // list
    Let,         // names := expr or empty (all zero)
    Assign,      // names := expr
    Expression,  // expr
    If,          // expr, body
    Switch,      // expr, cases; the default, if any, is the last
    For,         // init (a block), expr, step (a block), body; the variables of init are visible in all of them
    Break,
    Continue,
    Leave,
    Function,  // name, names: parameters, results, body
};

struct YulCase {
    SourceRange range;
    YulExprId value;  // a literal; empty: default
    YulStmtId body;
};

struct YulStmt {
    YulStmtKind kind = YulStmtKind::Error;
    SourceRange range;
    Name name;
    std::vector<Name> names, results;
    YulExprId expr;
    YulStmtId init, step, body;
    std::vector<YulStmtId> list;
    std::vector<YulCase> cases;
};

}  // namespace interlock::lang
