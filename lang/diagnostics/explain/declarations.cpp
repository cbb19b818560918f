// Pages about wrong declarations, and about uses that contradict a declaration.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_declarations[] = {
    {code::wrong_visibility, R"(
Every function says who may call it: `external` (others), `public` (others and
the contract itself), `internal` (it and those that inherit it) or `private` (it
alone). There is no default, because a forgotten word once made functions
public. Functions of interfaces are external; variables never are.
)",
     R"(
contract Fund {
    function drain() {
        payable(msg.sender).transfer(address(this).balance);
    }
}
)",
     R"(
contract Fund {
    function drain() internal {
        payable(msg.sender).transfer(address(this).balance);
    }
}
)"},

    {code::wrong_location, R"(
Arrays, structs, `bytes` and `string` live in `storage`, `memory` or `calldata`,
and where decides whether an assignment copies or refers: parameters, results
and locals of these types say it. What others pass in is `calldata` or `memory`,
never `storage`. A number lives nowhere in particular.
)",
     R"(
contract Name {
    string name;

    function set(string name_) external {
        name = name_;
    }
}
)",
     R"(
contract Name {
    string name;

    function set(string calldata name_) external {
        name = name_;
    }
}
)"},

    {code::bad_constant, R"(
A constant has its value where it is declared, and no place in storage. An
immutable is one word that the constructor sets and the code then contains: a
number, an address, fixed bytes; no string or array.
)",
     R"(
contract Fee {
    uint256 constant FEE;
}
)",
     R"(
contract Fee {
    uint256 constant FEE = 3;
}
)"},

    {code::duplicate_function, R"(
Functions may share a name when their parameters differ; results do not tell
them apart. These two could not be called apart.
)",
     R"(
contract Counter {
    function next(uint256 step) external pure returns (uint256) {
        return step;
    }

    function next(uint256 step) external pure returns (uint128) {
        return uint128(step);
    }
}
)",
     R"(
contract Counter {
    function next(uint256 step) external pure returns (uint256) {
        return step;
    }

    function nextSmall(uint256 step) external pure returns (uint128) {
        return uint128(step);
    }
}
)"},

    {code::selector_clash, R"(
A message names a function by four bytes of the hash of its signature. Two
signatures with the same four bytes are rare by accident and easy to make on
purpose; the contract could not tell them apart. Rename one.
)",
     R"(
contract Token {
    function burn(uint256 amount) external {}

    function collate_propagate_storage(bytes16 x) external {}
}
)",
     R"(
contract Token {
    function burn(uint256 amount) external {}

    function collatePropagateStorage(bytes16 x) external {}
}
)"},

    {code::body_expected, R"(
A function of a contract has a body, unless the contract is abstract and the
function virtual: then derived contracts write it. A function of an interface
has none.
)",
     R"(
contract Counter {
    function up() external;
}
)",
     R"(
interface ICounter {
    function up() external;
}
)"},

    {code::mutability_violation, R"(
`view` promises to change nothing, `pure` not even to look: at state, balances,
the block, the sender. Callers rely on it: such a function is called in a way
that cannot change anything. What it calls, and its modifiers, must promise as
much.
)",
     R"(
contract Counter {
    uint256 count;

    function next() external view returns (uint256) {
        count += 1;
        return count;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    function next() external view returns (uint256) {
        return count + 1;
    }
}
)"},

    {code::not_payable, R"(
Ether can only be sent where it is expected: to functions and constructors that
are `payable`, to addresses of type `address payable`. A call that carries ether
to any other function reverts, so `msg.value` is always zero there. Internal
functions receive no message, and cannot be payable.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function deposit() external {
        balances[msg.sender] += msg.value;
    }
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function deposit() external payable {
        balances[msg.sender] += msg.value;
    }
}
)"},

    {code::bad_special_function, R"(
The chain calls these three itself, so their form is fixed: `constructor(…) { …
}` without visibility and results, `receive() external payable` for plain ether,
and `fallback() external` (payable or not), or `fallback(bytes calldata)
external returns (bytes memory)`, for any other message. Each is there once.
)",
     R"(
contract Purse {
    receive() external {}
}
)",
     R"(
contract Purse {
    receive() external payable {}
}
)"},

    {code::too_many_indexed, R"(
Indexed parameters become topics of the log, by which it can be found. A log has
four topics, and the first one is the event's own hash. (An `anonymous` event
leaves it out, and may have four.)
)",
     R"(
contract Market {
    event Sold(address indexed to, uint256 indexed id, uint256 indexed by, uint256 indexed fee);
}
)",
     R"(
contract Market {
    event Sold(address indexed to, uint256 indexed id, uint256 indexed by, uint256 fee);
}
)"},

    {code::endless_definition, R"(
A struct that contains itself would be endlessly large, and a constant that
depends on itself has no value. A struct may lead to others of its kind through
a mapping or an array, which begin empty.
)",
     R"(
contract Family {
    struct Person {
        string name;
        Person parent;
    }
}
)",
     R"(
contract Family {
    struct Person {
        string name;
        Person[] parents;
    }
}
)"},

    {code::misplaced_statement, R"(
`break` and `continue` belong into loops, `_` into modifiers, and `unchecked`
does not stand inside of another one.
)",
     R"(
contract Search {
    function find(uint256 wanted) external pure returns (bool found) {
        if (wanted > 3) break;
        found = true;
    }
}
)",
     R"(
contract Search {
    function find(uint256 wanted) external pure returns (bool found) {
        if (wanted > 3) return false;
        found = true;
    }
}
)"},

    {code::impossible_getter, R"(
A public variable gets a function that returns it: of a mapping or array the
entry asked for, of a struct all fields but mappings and arrays. Of this one
nothing is left to return.
)",
     R"(
contract Shares {
    struct Book {
        mapping(address => uint256) shares;
    }

    Book public book;
}
)",
     R"(
contract Shares {
    struct Book {
        mapping(address => uint256) shares;
    }

    Book book;

    function sharesOf(address who) external view returns (uint256) {
        return book.shares[who];
    }
}
)"},

    {code::immutable_write, R"(
An immutable is part of the code. It is written where it is declared or in the
constructor, while the code is not there yet, and read-only ever after:
functions that others can call cannot write it.
)",
     R"(
contract Owned {
    address immutable owner = msg.sender;

    function give(address to) external {
        owner = to;
    }
}
)",
     R"(
contract Owned {
    address owner = msg.sender;

    function give(address to) external {
        owner = to;
    }
}
)"},

    {code::bad_enum, R"(
An enum is one byte: it has 1 to 256 values. The first one is its default, so a
good first value is the one that means "nothing yet".
)",
     R"(
contract Sale {
    enum Phase {}
}
)",
     R"(
contract Sale {
    enum Phase { NotYet, Open, Closed }
}
)"},

    {code::bad_mapping, R"(
A mapping knows no list of its keys: it exists in storage only, and cannot be
copied, assigned or deleted as a whole, nor can a struct that has one. Keys are
values of one word, `bytes` and `string`. Go through its entries, or refer to it
with `storage`.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function clear() external {
        delete balances;
    }
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function clear() external {
        delete balances[msg.sender];
    }
}
)"},

    {code::uninitialized_pointer, R"(
A local `storage` or `calldata` variable refers to a place; so does a result.
Without a place it would refer to slot 0, and writing through it would overwrite
whatever lies there: contracts were robbed that way. On every path it must be
given its place before it is used or returned; best where it is declared.
)",
     R"(
contract Bank {
    struct Account {
        uint256 amount;
    }

    mapping(address => Account) accounts;

    function store() external payable {
        Account storage account;
        account.amount += msg.value;
    }
}
)",
     R"(
contract Bank {
    struct Account {
        uint256 amount;
    }

    mapping(address => Account) accounts;

    function store() external payable {
        Account storage account = accounts[msg.sender];
        account.amount += msg.value;
    }
}
)"},

    {code::bad_emit, R"(
Events are emitted, `emit Paid(…)`, and errors raised, `revert Denied(…)` or
`require(c, Denied(…))`. Neither is a value, and one is not the other: an event
is kept with the transaction, an error undoes it.
)",
     R"(
contract Door {
    error Denied(address who);

    function open() external {
        emit Denied(msg.sender);
    }
}
)",
     R"(
contract Door {
    error Denied(address who);

    function open() external {
        revert Denied(msg.sender);
    }
}
)"},

    {code::not_constant, R"(
A constant is worked out by the compiler, from written numbers, other constants
and pure functions that are built in. What is only known when the contract is
deployed belongs into an immutable.
)",
     R"(
contract Sale {
    uint256 constant OPENED = block.timestamp;
}
)",
     R"(
contract Sale {
    uint256 immutable OPENED = block.timestamp;
}
)"},

    {code::bad_signature_type, R"(
Between contracts travel bytes, and the ABI says how values become bytes.
Mappings have no such form, nor have internal functions and structs with either:
they cannot be parameters or results of functions that others call, nor be
encoded, emitted or raised.
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function encoded() external view returns (bytes memory) {
        return abi.encode(balances);
    }
}
)",
     R"(
contract Bank {
    mapping(address => uint256) balances;

    function encoded() external view returns (bytes memory) {
        return abi.encode(balances[msg.sender]);
    }
}
)"},

    {code::storage_too_large, R"(
Storage has 2**256 slots, and fixed arrays take theirs side by side: all
variables must fit in. For a large key space use a mapping, whose entries are
spread over storage by a hash.
)",
     R"(
contract Grid {
    uint256[2**255] left;
    uint256[2**255] right;
    uint256 count;
}
)",
     R"(
contract Grid {
    mapping(uint256 => uint256) left;
    mapping(uint256 => uint256) right;
    uint256 count;
}
)"},

    {code::bad_transient, R"(
Transient storage lasts for one transaction and begins with zero in each. A
transient variable is one word (a number, an address, a bool), has no initial
value, and is neither constant nor immutable.
)",
     R"(
contract Door {
    bool transient open = true;
}
)",
     R"(
contract Door {
    bool transient closed;
}
)"},

    {code::bad_using, R"(
`using L for T` attaches the functions of a library to a type, `using {f, g as
+} for T` those that are named: their first parameter takes the value before the
dot. Operators are defined for user-defined value types only, by pure functions
of the file, with `global`.
)",
     R"(
function twice(bool flag) pure returns (bool) {
    return flag;
}

using {twice} for uint256;

contract User {}
)",
     R"(
function twice(uint256 x) pure returns (uint256) {
    return 2 * x;
}

using {twice} for uint256;

contract User {
    function four() external pure returns (uint256) {
        return uint256(2).twice();
    }
}
)"},

    {code::not_in_library, R"(
A library is code that others use: it has no state of its own, no constructor,
no ether. It has functions, constants, types, events, errors and modifiers;
state is passed to it as a `storage` reference.
)",
     R"(
library Counters {
    uint256 count;

    function up() internal {
        count += 1;
    }
}
)",
     R"(
library Counters {
    struct Counter {
        uint256 count;
    }

    function up(Counter storage counter) internal {
        counter.count += 1;
    }
}
)"},

    {code::bad_free_function, R"(
A function outside of contracts belongs to nobody: it has no visibility (it is
always internal), is not `virtual`, `override` or `payable`, and has a body.
)",
     R"(
function half(uint256 x) public pure returns (uint256) {
    return x / 2;
}
)",
     R"(
function half(uint256 x) pure returns (uint256) {
    return x / 2;
}
)"},

    {code::bad_value_type, R"(
A user-defined value type is another name for an elementary type of one word
that does not mix with it: a number, an address, a bool, fixed bytes. For
several values use a struct.
)",
     R"(
type Name is string;
)",
     R"(
type Name is bytes32;
)"},

    {code::bad_try, R"(
`try` catches what goes wrong in another contract: its expression is an external
call or `new`, its results have the types that the call returns. The clauses are
`catch Error(string memory)`, `catch Panic(uint256)`, `catch (bytes memory)` and
`catch`, each at most once.
)",
     R"(
contract Caller {
    function risky() internal pure {}

    function run() external returns (bool) {
        try risky() {
            return true;
        } catch {
            return false;
        }
    }
}
)",
     R"(
contract Caller {
    function risky() external pure {}

    function run() external returns (bool) {
        try this.risky() {
            return true;
        } catch {
            return false;
        }
    }
}
)"},

    {code::bad_storage_layout, R"(
`layout at e` says at which slot a contract's variables begin. The number is
known when the contract is compiled, it is for contracts that can be deployed,
and such a contract is nobody's base: one contract has one storage.
)",
     R"(
contract Proxy layout at block.number {
    address target;
}
)",
     R"(
contract Proxy layout at 0x1000 {
    address target;
}
)"},

    {code::empty_struct, R"(
A struct without fields would be a value that says nothing and takes no place.
To tell cases apart, write an enum.
)",
     R"(
contract Machine {
    struct Running {}

    Running state;
}
)",
     R"(
contract Machine {
    enum State { Stopped, Running }

    State state;
}
)"},

    {code::wrong_version, R"(
`pragma solidity` says for which versions of the language a file was written.
This compiler reads Solidity 0.4.11 to 0.8, each as it was meant: before 0.8,
for one thing, arithmetic wraps around. Files that import each other are of one
version, which the pragmas of all of them must allow.
)",
     R"(
pragma solidity ^0.9.0;

contract Counter {
    uint8 public ticks;

    function tick() external {
        ticks += 1;
    }
}
)",
     R"(
pragma solidity ^0.8.0;

contract Counter {
    uint8 public ticks;

    function tick() external {
        unchecked {
            ticks += 1;
        }
    }
}
)"},

    {code::bad_pragma, R"(
There are three pragmas: `pragma solidity` with the versions that the file was
written for, `pragma abicoder v2` (or `v1`, once in a file; the coder is v2 in
any case) and `pragma experimental` with `ABIEncoderV2` or `SMTChecker`, which
older files have. Versions are ranges as npm has them: `^0.8.0`,
`>=0.8.4 <0.9.0`, `0.8.20 || 0.8.24`.
)",
     R"(
pragma solidity 0.8.20+;

contract Bank {}
)",
     R"(
pragma solidity >=0.8.20;

contract Bank {}
)"},

    {code::bad_documentation, R"(
A comment that begins with `///` or `/**` documents what stands behind it, and
tools read its tags. A tag must fit: `@param` names a parameter that there is,
`@return` a result, and the text of a result with a name begins with that name.
`@inheritdoc` names a base whose function or modifier is overridden here.
`@title` and `@author` belong to contracts. Tags of your own begin with
`@custom:`.
)",
     R"(
contract Bank {
    /// @param sum how much is paid in
    function deposit(uint256 amount) external {}
}
)",
     R"(
contract Bank {
    /// @param amount how much is paid in
    function deposit(uint256 amount) external {}
}
)"},

    {code::bad_license, R"(
The comment `SPDX-License-Identifier:` says once for a file under which license
it may be used, in letters, digits, blanks and `()+.-`. Several licenses are
joined with `OR` or `AND`.
)",
     R"(
// SPDX-License-Identifier: MIT
// SPDX-License-Identifier: Apache-2.0
contract Bank {}
)",
     R"(
// SPDX-License-Identifier: MIT OR Apache-2.0
contract Bank {}
)"},
};

}  // namespace

std::span<const Page> declaration_pages() { return about_declarations; }

}  // namespace interlock::lang
