// Pages about values of the wrong type, and about calls with the wrong arguments.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_types[] = {
    {code::cannot_convert, R"(
A value turns into another type by itself only where nothing can be lost: a
uint8 becomes a uint256, never the other way round, and signed never becomes
unsigned. Elsewhere say what is meant: check that the value fits, then convert
it explicitly. An explicit conversion cuts off silently.
)",
     R"(
contract Small {
    uint8 level;

    function set(uint256 wanted) external {
        level = wanted;
    }
}
)",
     R"(
contract Small {
    uint8 level;

    function set(uint256 wanted) external {
        require(wanted <= type(uint8).max, "too high");
        level = uint8(wanted);
    }
}
)"},

    {code::cannot_cast, R"(
An explicit conversion changes one thing at a time: the width, the sign, or the
kind. `int128` to `uint256` could mean two different numbers, depending on which
comes first, so both steps are written. Addresses go through uint160 or bytes20,
and become payable only by `payable(…)`.
)",
     R"(
contract Depth {
    function depth(int128 level) external pure returns (uint256) {
        return uint256(level);
    }
}
)",
     R"(
contract Depth {
    function depth(int128 level) external pure returns (uint256) {
        require(level >= 0, "above the ground");
        return uint256(uint128(level));
    }
}
)"},

    {code::bad_operands, R"(
The operator does not exist for these two types. Both sides must have a common
type: signed and unsigned numbers have none. Strings and bytes are compared by
their hashes and joined with `concat`; the right side of a shift is unsigned; a
user-defined value type has the operators that a `using` gives it.
)",
     R"(
contract Ledger {
    function after_(uint256 amount, int256 change) external pure returns (int256) {
        return amount + change;
    }
}
)",
     R"(
contract Ledger {
    function after_(uint256 amount, int256 change) external pure returns (int256) {
        require(amount <= uint256(type(int256).max), "too large");
        return int256(amount) + change;
    }
}
)"},

    {code::argument_count, R"(
A call gives exactly as many arguments as there are parameters: none is
optional. Of a function that is attached to a type the value before the dot is
the first argument.
)",
     R"(
contract Sum {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        return a + b;
    }

    function run() external pure returns (uint256) {
        return add(1);
    }
}
)",
     R"(
contract Sum {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        return a + b;
    }

    function run() external pure returns (uint256) {
        return add(1, 2);
    }
}
)"},

    {code::not_callable, R"(
Parentheses call what stands before them, and this cannot be called: it is a
variable, or a function of another contract named without saying of which one.
The getter of a public variable exists for others only; inside, use the
variable.
)",
     R"(
contract Counter {
    uint256 public count;

    function next() external view returns (uint256) {
        return count() + 1;
    }
}
)",
     R"(
contract Counter {
    uint256 public count;

    function next() external view returns (uint256) {
        return count + 1;
    }
}
)"},

    {code::not_assignable, R"(
Only places can be assigned: variables, entries of mappings and arrays, fields
of structs, and tuples of these. Constants, call data and results of calls never
change.
)",
     R"(
contract Fee {
    uint256 constant FEE = 3;

    function set(uint256 fee) external {
        FEE = fee;
    }
}
)",
     R"(
contract Fee {
    uint256 fee = 3;

    function set(uint256 fee_) external {
        fee = fee_;
    }
}
)"},

    {code::component_count, R"(
On both sides of an assignment there are as many values: a function that returns
two fills two places. A place may be left empty, `(uint256 low,) = both();`, its
comma stays.
)",
     R"(
contract Pair {
    function both() internal pure returns (uint256, uint256) {
        return (1, 2);
    }

    function low() external pure returns (uint256) {
        uint256 low_ = both();
        return low_;
    }
}
)",
     R"(
contract Pair {
    function both() internal pure returns (uint256, uint256) {
        return (1, 2);
    }

    function low() external pure returns (uint256) {
        (uint256 low_, ) = both();
        return low_;
    }
}
)"},

    {code::bad_number, R"(
Expressions of written numbers are exact fractions, not machine words, up to
4096 bits. This one has no value (or one that is larger), or it is used where
the type decides what happens and a written number has none: in
`abi.encodePacked`, for example. Convert it to the type that is meant.
)",
     R"(
contract Packed {
    function packed() external pure returns (bytes memory) {
        return abi.encodePacked(1);
    }
}
)",
     R"(
contract Packed {
    function packed() external pure returns (bytes memory) {
        return abi.encodePacked(uint8(1));
    }
}
)"},

    {code::bad_address_checksum, R"(
Forty hex digits are an address, and whether each letter is large or small is a
checksum (ERC-55): one wrong digit and it does not fit. The ether that is sent
to a mistyped address is lost. Copy the address anew; the message shows the
spelling that would be right for these digits.
)",
     R"(
contract Fund {
    address public owner = 0x5b38Da6a701c568545dCfcB03FcB875f56beddC4;
}
)",
     R"(
contract Fund {
    address public owner = 0x5B38Da6a701c568545dCfcB03FcB875f56beddC4;
}
)"},

    {code::bad_named_arguments, R"(
Arguments in braces are named after the parameters: each exactly once, in any
order. A function of a type, of which only the types of the parameters are
known, takes no named ones.
)",
     R"(
contract Bank {
    function move(address to, uint256 amount) internal {}

    function run() external {
        move({to: msg.sender, sum_: 1});
    }
}
)",
     R"(
contract Bank {
    function move(address to, uint256 amount) internal {}

    function run() external {
        move({to: msg.sender, amount: 1});
    }
}
)"},

    {code::bad_call_options, R"(
The options in braces before the arguments belong to messages: `gas` and `value`
to a call of another contract, `value` and `salt` to `new`. An internal call is
no message, and has none; each stands once.
)",
     R"(
contract Bank {
    function store() public payable {}

    function run() external {
        store{value: 1 ether}();
    }
}
)",
     R"(
contract Bank {
    function store() public payable {}

    function run() external {
        this.store{value: 1 ether}();
    }
}
)"},

    {code::division_by_zero, R"(
What is made of written numbers is worked out by the compiler, and a division by
zero has no result. The modulus of `addmod` and `mulmod` is no written zero
either. A divisor that is computed is checked when the contract runs: zero ends
the call with Panic(0x12).
)",
     R"(
contract Share {
    uint256 public share = 100 / (3 - 3);
}
)",
     R"(
contract Share {
    uint256 public share = 100 / (3 - 1);
}
)"},

    {code::not_indexable, R"(
An index is for mappings, arrays, `bytes` and fixed bytes. A `string` has none,
since its characters are of one to four bytes; look at its bytes instead.
Slices, `x[a:b]`, are of call data only.
)",
     R"(
contract Text {
    function first(string calldata text) external pure returns (bytes1) {
        return text[0];
    }
}
)",
     R"(
contract Text {
    function first(string calldata text) external pure returns (bytes1) {
        return bytes(text)[0];
    }
}
)"},

    {code::no_value, R"(
The call returns nothing, and its value is asked for. Let the function return
something, or let the call be a statement of its own.
)",
     R"(
contract Counter {
    uint256 count;

    function up() internal {
        count += 1;
    }

    function next() external returns (uint256) {
        uint256 now_ = up();
        return now_;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    function up() internal returns (uint256) {
        count += 1;
        return count;
    }

    function next() external returns (uint256) {
        uint256 now_ = up();
        return now_;
    }
}
)"},

    {code::return_count, R"(
`return` gives as many values as the head of the function promises, several of
them in parentheses. A bare `return;` is for functions that return nothing;
named results are also returned where the body ends. Modifiers return nothing.
)",
     R"(
contract Pair {
    function both() external pure returns (uint256, bool) {
        return 1;
    }
}
)",
     R"(
contract Pair {
    function both() external pure returns (uint256, bool) {
        return (1, true);
    }
}
)"},

    {code::not_creatable, R"(
`new` creates contracts that have all of their code: no interfaces, abstract
contracts or libraries, and not the contract itself, whose code would have to
contain itself. It also makes arrays of a length that is only known at run time,
`new uint256[](n)`.
)",
     R"(
interface IBank {
    function store() external payable;
}

contract Factory {
    function make() external returns (IBank) {
        return new IBank();
    }
}
)",
     R"(
interface IBank {
    function store() external payable;
}

contract Bank is IBank {
    function store() external payable {}
}

contract Factory {
    function make() external returns (IBank) {
        return new Bank();
    }
}
)"},

    {code::no_type_information, R"(
`type(T)` tells something about integers (`min`, `max`), enums (the same),
contracts (`name`, `creationCode`, `runtimeCode`) and interfaces
(`interfaceId`). There is nothing to tell of other types.
)",
     R"(
contract Widest {
    bytes32 public most = bytes32(type(bytes32).max);
}
)",
     R"(
contract Widest {
    bytes32 public most = bytes32(type(uint256).max);
}
)"},

    {code::always_fails, R"(
A warning: the divisor is a written zero, so whoever comes here ends with
Panic(0x12), whatever is divided. It compiles, as in Solidity. To end a call on
purpose, `revert` or `assert(false)` says so.
)",
     R"(
contract Share {
    function share(uint256 total) external pure returns (uint256) {
        return total / 0;
    }
}
)",
     R"(
contract Share {
    function share(uint256 total) external pure returns (uint256) {
        return total / 2;
    }
}
)"},

    {code::unset_result, R"(
A warning: the function can come to its end without a `return` that says what it
gives back. It gives back zero then, which is seldom meant. It compiles, as in
Solidity. Return a value on every path, or give the result a name: whoever
names it knows that it begins as zero.
)",
     R"(
contract Share {
    function half(uint256 total) external pure returns (uint256) {
        if (total > 1) return total / 2;
    }
}
)",
     R"(
contract Share {
    function half(uint256 total) external pure returns (uint256) {
        if (total > 1) return total / 2;
        return 0;
    }
}
)"},
};

}  // namespace

std::span<const Page> type_pages() { return about_types; }

}  // namespace interlock::lang
