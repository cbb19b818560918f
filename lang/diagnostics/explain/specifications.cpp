// Pages for invariants, clauses and scenarios.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_specifications[] = {
    {code::spec_side_effect, R"(
A specification says what is true. It is never executed, and leaves nothing in
the bytecode; so it cannot assign, count, emit, or call what may do so.
Functions that are `view`, `pure` or `ghost` may be called.
)",
     R"(
contract Counter {
    uint256 count;

    invariant count++ >= 0;
}
)",
     R"(
contract Counter {
    uint256 count;

    invariant count + 1 > 0;
}
)"},

    {code::misplaced_old, R"(
`old(e)` is what `e` was when the function was entered. That means something
where a function returns: in its `ensures`. An invariant speaks about one state,
not about two.
)",
     R"(
contract Counter {
    uint256 count;

    invariant count >= old(count);

    function up() external {
        count += 1;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    function up() external
        ensures count == old(count) + 1
    {
        count += 1;
    }
}
)"},

    {code::misplaced_result, R"(
`result` is what the function returns, in its `ensures`. Before it has run there
is none, and a function that returns nothing has none. Of several results it is
`result.name`.
)",
     R"(
contract Counter {
    function next(uint256 count) external pure returns (uint256)
        requires result > 0
    {
        return count + 1;
    }
}
)",
     R"(
contract Counter {
    function next(uint256 count) external pure returns (uint256)
        ensures result > 0
    {
        return count + 1;
    }
}
)"},

    {code::bad_sum, R"(
`sum(m)` adds up all values of a mapping to unsigned numbers, `sum(m.field)` one
such field of a mapping to structs. Nothing else has a sum.
)",
     R"(
contract Bank {
    mapping(address => int256) balances;

    invariant sum(balances) == 0;
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;
    uint256 total;

    invariant sum(balances) == total;
}
)"},

    {code::not_in_specification, R"(
A specification is about numbers and state. An invariant holds between
transactions, when there is no caller: it cannot speak about `msg`. There are no
bit operations or powers of variables either: the prover could say nothing about
them. `requires` and `ensures` see the parameters, `msg` and `tx`.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    invariant balances[msg.sender] <= address(this).balance;
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    invariant sum(balances) <= address(this).balance;
}
)"},

    {code::only_in_specification, R"(
`sum`, `old`, `forall`, `==>` and ghosts exist in specifications only: no code
could work them out at a reasonable price. What the contract needs while it
runs, it must keep itself.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function total() external view returns (uint256) {
        return sum(balances);
    }
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;
    uint256 public total;

    invariant sum(balances) == total;
}
)"},

    {code::spec_number_too_large, R"(
Numbers in a specification are whole numbers that never wrap around, and one
that is written goes up to 2**255 - 1. The largest number of a type is
`type(uint256).max`.
)",
     R"(
contract Counter {
    uint256 count;

    invariant count <= 2**256 - 1;
}
)",
     R"(
contract Counter {
    uint256 count;

    invariant count <= type(uint256).max;
}
)"},

    {code::misplaced_annotation, R"(
A specification in a comment belongs to what follows it: an invariant to a
contract or a loop, `if_succeeds`, `requires` and `modifies` to a function,
`assert` and `assume` to a statement. Here nothing of that kind follows. It
would be silently ignored, and so it is refused.
)",
     R"(
contract Counter {
    uint256 count;

    function up() external {
        /// #if_succeeds count == old(count) + 1;
        count += 1;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    /// #if_succeeds count == old(count) + 1;
    function up() external {
        count += 1;
    }
}
)"},

    {code::unknown_annotation, R"(
A line of a documentation comment that begins as a specification does, but with
a word that none has. If it were passed over, what it says would count as
proved, although nobody looked at it.
The words are `#invariant`, `#if_succeeds`, `#requires`, `#ensures`,
`#modifies`, `#reverts_if`, `#assume`, `#assert` and `#ghost`, also written
`@custom:invariant` and so on. NatSpec has no tag of these names, so
`@invariant` alone is refused too. Other lines that begin with `#` are prose,
unless they end with `;`.
)",
     R"(
contract Counter {
    uint256 count;

    /// #if_suceeds count == old(count) + 1;
    function up() external {
        count += 1;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    /// #if_succeeds count == old(count) + 1;
    function up() external {
        count += 1;
    }
}
)"},

    {code::bad_step, R"(
A step of a scenario deploys a contract, sends a transaction, or looks:
`deploy`, a call, `let`, `check`, `warp`, `interleave`. A call calls a
contract's function; a value is looked at with `check`.
)",
     R"(
contract Bank {
    uint256 public total;

    function deposit() external payable {
        total += msg.value;
    }
}

scenario deposits {
    deploy bank = Bank();
    bank.deposit{value: 1}() by alice;
    bank.total;
}
)",
     R"(
contract Bank {
    uint256 public total;

    function deposit() external payable {
        total += msg.value;
    }
}

scenario deposits {
    deploy bank = Bank();
    bank.deposit{value: 1}() by alice;
    check bank.total() == 1;
}
)"},

    {code::doubled_label, R"(
A verdict is about a property and calls it by its label, so a label names one
property: among the invariants of a contract and of its bases, and among the
clauses of a function. Invariants without a label are numbered: `invariant 1`.
)",
     R"(
contract Bank {
    uint256 total;
    mapping(address => uint256) balances;

    invariant solvent: total <= address(this).balance;
    invariant solvent: sum(balances) == total;
}
)",
     R"(
contract Bank {
    uint256 total;
    mapping(address => uint256) balances;

    invariant solvent: total <= address(this).balance;
    invariant booked: sum(balances) == total;
}
)"},
};

}  // namespace

std::span<const Page> specification_pages() { return about_specifications; }

}  // namespace interlock::lang
