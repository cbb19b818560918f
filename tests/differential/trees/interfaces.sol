// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

struct Account { uint256 balance; uint256[] history; mapping(uint256 => uint256) byDay; }
struct Price { uint256 amount; }

interface Market {
    event Sold(uint256 what);
    error Refused(uint256 why);
    function sell() external;
}

library Errors {
    error OnlyRead(uint256 why);
    error NeverReached();
    error Required(uint256 why);
    error CannotHappen(uint256 why);
}

// Others see what reads and takes no references; all functions have selectors.
library Ledger {
    enum Kind { Debit, Credit }
    error Refused(uint256 why);
    event Sold(uint256 what);
    function balance(Account storage account) public view returns (uint256) { return account.balance; }
    function same(Account storage account) public pure returns (Account storage) { return account; }
    function push(uint256[] storage list, uint256 value) public { list.push(value); }
    function put(mapping(uint256 => uint256) storage map, uint256 value) external { map[value] = value; }
    function price(Price storage written) public view returns (Price memory) { return written; }
    function pay(address payable to) external { to.transfer(1); }
    function once(uint256 x) public pure returns (uint256) { if (x == 3) revert Refused(x); return x; }
    function once(uint256 x, uint256 y) public pure returns (uint256) { return x + y; }
    function other(Kind[] memory kinds, Price memory, Market) public pure returns (Kind) { return kinds[0]; }
    function note(uint256 x) internal { emit Sold(x); if (x == 1) revert Refused(x); }
}

abstract contract Shop is Market {
    mapping(address owner => uint256 amount) public paid;
    mapping(address owner => mapping(uint256 id => Price price)) public prices;
    mapping(address => uint256[] list) public lists;
    constructor(uint256 x) { Ledger.note(x); }
    receive() external payable {}
    fallback(bytes calldata) external returns (bytes memory) {}
    function tell() external { emit Ledger.Sold(1); }
    function move(address to) external virtual;
    function move() external virtual;
    function move(uint256 a) public virtual {}
}

contract Corner is Shop(1) {
    error Closed();
    function sell() external override { if (false) revert Closed(); }
    function move(address to) external override {}
    function move() external override {}
    function selector() external pure returns (bytes4) { return Errors.OnlyRead.selector; }
    function unused() internal pure { revert Errors.NeverReached(); }
    function required(bool it) external pure { require(it, Errors.Required(1)); }
    function impossible() external pure { if (false) revert Errors.CannotHappen(1); }
}
