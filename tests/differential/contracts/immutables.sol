// SPDX-License-Identifier: Apache-2.0
// Immutables that are read and written while the contract is made, those of bases included, and choices between calls
// that return nothing.
pragma solidity ^0.8.24;

abstract contract Counted {
    uint256 public immutable start = 3;
    uint8 public immutable small;
    int64 public immutable signed;

    constructor() {
        small = 250;
        signed = -5;
    }

    function both() internal view returns (uint256) { return start + small; }
}

contract Immutables is Counted {
    enum Mode { Off, On, Auto }

    uint256 public immutable counter;
    uint8 public immutable wrapped;
    address public immutable maker;
    Mode public immutable mode;
    bytes4 public immutable tag;
    bool public immutable flag;
    uint256 public immutable never;
    uint256 public seen;
    function (uint256) internal view returns (uint256) immutable operation;

    constructor() {
        counter++;
        counter += 10;
        uint256 before = counter--;
        seen = before * 1000 + counter;
        counter <<= 2;
        ++counter;
        small -= 10;
        signed = signed * 2 - 1;
        unchecked { wrapped--; wrapped -= 3; }
        maker = msg.sender;
        (mode, tag) = (Mode.Auto, 0x11223344);
        tag = tag & 0xffff0000;
        flag = !flag;
        never = 7;
        delete never;
        operation = seen > 11000 ? added : doubled;
        seen += read();
    }

    function added(uint256 x) internal view returns (uint256) { return x + counter; }
    function doubled(uint256 x) internal pure returns (uint256) { return x * 2; }
    function read() internal view returns (uint256) { return counter * 1_000_000 + both() * 100_000_000; }

    function sum() external view returns (uint256) { return counter + start + small + wrapped; }
    function operate(uint256 x) external view returns (uint256) { return operation(x); }
    function negative() external view returns (int256) { return signed; }
    function signature() external view returns (bytes32) { return tag; }

    function bump() internal { seen += 1; }
    function drop() internal { seen -= 1; }
    function choose(bool up) external returns (uint256) { up ? bump() : drop(); return seen; }
    function fail(bool no, uint8 x) external returns (uint256) { no ? revert("no") : bump(); x > 3 ? require(x < 9, "x") : assert(x != 2); return seen; }
    function ordered(Counted other) external view returns (bool, bool) { return (other < this, other >= this); }
    function cleared(uint256 x) external pure returns (uint256, uint256) { uint256 y = x; x > 5 ? delete x : delete y; return (x, y); }
}
