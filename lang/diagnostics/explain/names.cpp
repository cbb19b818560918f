// Pages about names that are not found, found twice, or found to be something else.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_names[] = {
    {code::unknown_name, R"(
The name means nothing at this place. It may be misspelt (a similar one is
suggested), declared in another file that is not imported, `private` in a base,
or declared inside of a block that has ended.
)",
     R"(
contract Shop {
    function half(uint256 price) external pure returns (uint256) {
        if (price > 1) {
            uint256 result_ = price / 2;
        }
        return result_;
    }
}
)",
     R"(
contract Shop {
    function half(uint256 price) external pure returns (uint256) {
        uint256 result_ = price;
        if (price > 1) result_ = price / 2;
        return result_;
    }
}
)"},

    {code::unknown_member, R"(
What stands before the dot has no member of this name. The message says what it
is: often a contract where an address is meant (`address(bank).balance`), or a
function that is not visible from outside.
)",
     R"(
contract Bank {
    function has(Bank other) external view returns (uint256) {
        return other.balance;
    }
}
)",
     R"(
contract Bank {
    function has(Bank other) external view returns (uint256) {
        return address(other).balance;
    }
}
)"},

    {code::unknown_type, R"(
There is no contract, struct, enum or value type of this name here. One that
another contract declares is named through it, `Bank.Account`; one from another
file must be imported.
)",
     R"(
interface IBank {
    struct Account {
        uint256 amount;
    }
}

contract Client {
    Account mine;
}
)",
     R"(
interface IBank {
    struct Account {
        uint256 amount;
    }
}

contract Client {
    IBank.Account mine;
}
)"},

    {code::already_declared, R"(
In one scope a name means one thing. Functions and events may share a name when
their parameters differ; everything else needs a name of its own. A state
variable is declared once, in one contract: those that inherit it use it.
)",
     R"(
contract Counter {
    uint256 count;

    function count() external {}
}
)",
     R"(
contract Counter {
    uint256 count;

    function up() external {}
}
)"},

    {code::not_a_type, R"(
A type must stand here, and the name means something else: a variable, a
function, an event. Types are the elementary ones, contracts, structs, enums and
user-defined value types.
)",
     R"(
contract Bank {
    uint256 total;

    function store(total amount) external {}
}
)",
     R"(
contract Bank {
    uint256 total;

    function store(uint256 amount) external {}
}
)"},

    {code::no_matching_overload, R"(
Several functions have this name, and none takes these arguments. The message
lists them. Arguments are converted only where nothing can be lost, as in any
other call.
)",
     R"(
contract Log {
    function note(uint256 number) internal {}

    function note(bool flag) internal {}

    function run() external {
        note("one");
    }
}
)",
     R"(
contract Log {
    function note(uint256 number) internal {}

    function note(bool flag) internal {}

    function run() external {
        note(1);
    }
}
)"},

    {code::not_a_value, R"(
A value must stand here. A type is none (its members are: `Phase.Open`), an
event or an error must be called with its arguments, and a function attached
with `using` too.
)",
     R"(
contract Sale {
    enum Phase { Open, Closed }

    Phase public phase = Phase;
}
)",
     R"(
contract Sale {
    enum Phase { Open, Closed }

    Phase public phase = Phase.Open;
}
)"},

    {code::external_by_name, R"(
An external function expects a message: its arguments in call data, a sender.
Called by its bare name there is none. Make it `public` to call it from inside
too, or send a message with `this.f()`, which costs gas and makes the contract
itself the sender.
)",
     R"(
contract Counter {
    uint256 count;

    function up() external {
        count += 1;
    }

    function twice() external {
        up();
        up();
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    function up() public {
        count += 1;
    }

    function twice() external {
        up();
        up();
    }
}
)"},

    {code::unknown_modifier, R"(
Behind the parameters of a function stand its modifiers, and there is none of
this name in the contract or its bases. On a constructor, bases may stand there
too.
)",
     R"(
contract Owned {
    address owner = msg.sender;

    modifier onlyOwner() {
        require(msg.sender == owner);
        _;
    }

    function close() external onlyOwners {}
}
)",
     R"(
contract Owned {
    address owner = msg.sender;

    modifier onlyOwner() {
        require(msg.sender == owner);
        _;
    }

    function close() external onlyOwner {}
}
)"},

    {code::ambiguous_call, R"(
Several functions of this name take the arguments, and no rule prefers one: a
written number fits every type that can hold it. Convert the argument explicitly
to the type that is meant.
)",
     R"(
contract Log {
    function note(uint8 small) internal {}

    function note(uint256 large) internal {}

    function run() external {
        note(1);
    }
}
)",
     R"(
contract Log {
    function note(uint8 small) internal {}

    function note(uint256 large) internal {}

    function run() external {
        note(uint256(1));
    }
}
)"},

    {code::shadowing, R"(
A warning: the name already meant something outside, which cannot be reached
from here on. It compiles, and a reader who remembers the other one is misled.
Another name costs nothing: for parameters of constructors a trailing underscore
is usual.
)",
     R"(
contract Owned {
    address owner;

    constructor(address owner) {
        owner = owner;
    }
}
)",
     R"(
contract Owned {
    address owner;

    constructor(address owner_) {
        owner = owner_;
    }
}
)"},
};

}  // namespace

std::span<const Page> name_pages() { return about_names; }

}  // namespace interlock::lang
