// Pages for interfaces, bases and overriding.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_inheritance[] = {
    {code::not_implemented, R"(
A contract that can be deployed has code for every function that it declares or
inherits. Write the missing ones (the message lists them), or say `abstract`:
then derived contracts do.
)",
     R"(
interface ICounter {
    function up() external;
}

contract Counter is ICounter {
    uint256 public count;
}
)",
     R"(
interface ICounter {
    function up() external;
}

contract Counter is ICounter {
    uint256 public count;

    function up() external {
        count += 1;
    }
}
)"},

    {code::not_in_interface, R"(
An interface says what others can call, not how it is done: external functions
without bodies, types, events and errors. State, constructors and modifiers
belong into contracts.
)",
     R"(
interface ICounter {
    uint256 count;

    function up() external;
}
)",
     R"(
interface ICounter {
    function count() external view returns (uint256);

    function up() external;
}
)"},

    {code::bad_base, R"(
Behind `is` stand contracts and interfaces that are declared further up or
imported, each once, and none that inherits this one. An interface extends
interfaces only; libraries neither inherit nor are inherited.
)",
     R"(
contract Savings is Bank {}

contract Bank {}
)",
     R"(
contract Bank {}

contract Savings is Bank {}
)"},

    {code::bad_override, R"(
`override` promises that a base declares the same function, with the same
parameters. It does not here: a name or a type is misspelt, or the base has
changed. `override(A, B)` names exactly the bases that declare it. What has a
body cannot be overridden by something that has none.
)",
     R"(
contract Base {
    function fee(uint256 amount) public view virtual returns (uint256) {
        return amount / 10;
    }
}

contract Derived is Base {
    function fee(uint128 amount) public view override returns (uint256) {
        return amount / 20;
    }
}
)",
     R"(
contract Base {
    function fee(uint256 amount) public view virtual returns (uint256) {
        return amount / 10;
    }
}

contract Derived is Base {
    function fee(uint256 amount) public view override returns (uint256) {
        return amount / 20;
    }
}
)"},

    {code::override_differs, R"(
Who calls a function of the base may get the derived one, so it keeps its
promises: the same results and data locations, the same visibility (`external`
may become `public`), and a mutability that is as strict or stricter (`view` may
become `pure`; `payable` stays).
)",
     R"(
contract Base {
    function fee() public view virtual returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public view override returns (uint128) {
        return 20;
    }
}
)",
     R"(
contract Base {
    function fee() public view virtual returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public view override returns (uint256) {
        return 20;
    }
}
)"},

    {code::missing_override, R"(
A function that replaces one of a base says so with `override`, so that nobody
replaces one by accident, or fails to see that it is replaced. Where several
bases declare it, all of them are named: `override(A, B)`. A function of a
single interface may leave the word out.
)",
     R"(
contract Base {
    function fee() public virtual returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public returns (uint256) {
        return 20;
    }
}
)",
     R"(
contract Base {
    function fee() public virtual returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public override returns (uint256) {
        return 20;
    }
}
)"},

    {code::not_virtual, R"(
Only what is `virtual` can be replaced in a derived contract; all else can be
relied upon. A function that overrides may be overridden again only if it is
virtual too. Public variables never are.
)",
     R"(
contract Base {
    function fee() public returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public override returns (uint256) {
        return 20;
    }
}
)",
     R"(
contract Base {
    function fee() public virtual returns (uint256) {
        return 10;
    }
}

contract Derived is Base {
    function fee() public override returns (uint256) {
        return 20;
    }
}
)"},

    {code::bad_virtual, R"(
`virtual` lets derived contracts replace a declaration. A private function is
hidden from them, and a library has none. What has no body must be virtual, in
an abstract contract: somebody has to write it.
)",
     R"(
contract Base {
    function fee() private virtual returns (uint256) {
        return 10;
    }
}
)",
     R"(
contract Base {
    function fee() internal virtual returns (uint256) {
        return 10;
    }
}
)"},

    {code::undecided_bases, R"(
Two bases define the same function, and neither inherits from the other. Which
one is meant is this contract's decision: it overrides the function, and may
call one of them (`A.f()`), or all in turn (`super.f()`).
)",
     R"(
contract Left {
    function side() public pure virtual returns (uint256) {
        return 1;
    }
}

contract Right {
    function side() public pure virtual returns (uint256) {
        return 2;
    }
}

contract Both is Left, Right {}
)",
     R"(
contract Left {
    function side() public pure virtual returns (uint256) {
        return 1;
    }
}

contract Right {
    function side() public pure virtual returns (uint256) {
        return 2;
    }
}

contract Both is Left, Right {
    function side() public pure override(Left, Right) returns (uint256) {
        return Left.side();
    }
}
)"},

    {code::no_linearization, R"(
All bases are put into one line, in which each stands behind its own bases, and
those that are named together keep their order: it decides what `super` means,
the order of constructors and of storage. Here the orders contradict each other.
Name bases from the most basic to the most derived one.
)",
     R"(
contract Base {}

contract Middle is Base {}

contract Derived is Middle, Base {}
)",
     R"(
contract Base {}

contract Middle is Base {}

contract Derived is Base, Middle {}
)"},

    {code::bad_base_arguments, R"(
The constructor of a base gets its arguments exactly once: behind `is` when they
are constant, or at the derived constructor when they depend on its parameters.
An abstract contract may leave them to others.
)",
     R"(
contract Owned {
    address owner;

    constructor(address owner_) {
        owner = owner_;
    }
}

contract Bank is Owned {
    constructor(address first) {}
}
)",
     R"(
contract Owned {
    address owner;

    constructor(address owner_) {
        owner = owner_;
    }
}

contract Bank is Owned {
    constructor(address first) Owned(first) {}
}
)"},
};

}  // namespace

std::span<const Page> inheritance_pages() { return about_inheritance; }

}  // namespace interlock::lang
