// Pages about text that the grammar does not accept.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_syntax[] = {
    {code::expected_semicolon, R"(
Statements, state variables and declarations without a body end with a
semicolon. A line's end means nothing: without the semicolon the next line would
belong to this one.
)",
     R"(
contract Counter {
    uint256 public count

    function up() external {
        count += 1;
    }
}
)",
     R"(
contract Counter {
    uint256 public count;

    function up() external {
        count += 1;
    }
}
)"},

    {code::expected, R"(
Something else stands here than can go on at this place. The message says what
would fit and what was found; the mistake is often just before: a forgotten
operand, a forgotten parenthesis, a comma too many.
)",
     R"(
contract Bank {
    mapping(address = uint256) balances;
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;
}
)"},

    {code::unclosed, R"(
What is opened must be closed, in the reverse order. The place that is shown is
the opening one: by the indentation of what follows it is the one whose partner
is missing.
)",
     R"(
contract Counter {
    uint256 public count;

    function up() external {
        count += 1;
)",
     R"(
contract Counter {
    uint256 public count;

    function up() external {
        count += 1;
    }
}
)"},

    {code::stray_closer, R"(
A closing brace stands where nothing is open. Either it is one too many, or the
opening one further up got lost.
)",
     R"(
contract Counter {
    uint256 public count;
}
}
)",
     R"(
contract Counter {
    uint256 public count;
}
)"},

    {code::nested_too_deeply, R"(
Blocks, parentheses and types may stand 200 deep in each other, and an
expression may be 1000 operations deep. People stay far below that; the limits
keep generated or hostile text from using up the compiler's memory.
Give parts of the expression names, as local variables, or move inner blocks
into functions.
)"},

    {code::chained_comparison, R"(
`a < b < c` would compare the truth of `a < b` with `c`. In mathematics it means
something else, so it is refused. Write both comparisons.
)",
     R"(
contract Range {
    function isInside(uint256 a, uint256 x, uint256 b) external pure returns (bool) {
        return a < x < b;
    }
}
)",
     R"(
contract Range {
    function isInside(uint256 a, uint256 x, uint256 b) external pure returns (bool) {
        return a < x && x < b;
    }
}
)"},

    {code::repeated_attribute, R"(
A function or variable has one visibility, one mutability, and each other word
once. Which of two would count is nobody's guess.
)",
     R"(
contract Counter {
    function up() public external {}
}
)",
     R"(
contract Counter {
    function up() external {}
}
)"},

    {code::reserved_word, R"(
Solidity keeps some words for later: `after`, `alias`, `case`, `default`,
`final`, `in`, `let`, `match`, `static`, `switch` and more. They cannot be
names, so that a contract stays valid when they get a meaning.
)",
     R"(
contract Settings {
    uint256 public default;
}
)",
     R"(
contract Settings {
    uint256 public standard;
}
)"},

    {code::ambiguous_quantifier, R"(
`forall (address a) e` could end anywhere in what follows: after the first name,
or at the end of the line. What it speaks about stands in parentheses.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;
    uint256 total;

    invariant forall (address a) balances[a] <= total;
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;
    uint256 total;

    invariant forall (address a) (balances[a] <= total);
}
)"},
};

}  // namespace

std::span<const Page> syntax_pages() { return about_syntax; }

}  // namespace interlock::lang
