// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// Messages that stand in constants, of libraries, bases and files.
string constant OF_FILE = "of the file";

library Errors {
    string internal constant SHORT = "short";
    string internal constant LONG = "a message that is longer than the thirty-two bytes of a single word of memory";
    string internal constant EMPTY = "";
    string internal constant JOINED = "two " "parts";
    string internal constant CHOSEN = OF_FILE;
}

abstract contract Named {
    string internal constant INHERITED = "inherited";
    string internal stored = "from storage";
}

contract Messages is Named {
    function short_(uint8 n) external pure returns (uint256) { require(n < 100, Errors.SHORT); return n; }
    function long_(uint8 n) external pure returns (uint256) { require(n < 100, Errors.LONG); return n; }
    function empty(uint8 n) external pure returns (uint256) { require(n < 100, Errors.EMPTY); return n; }
    function joined(uint8 n) external pure returns (uint256) { require(n < 100, Errors.JOINED); return n; }
    function chosen(uint8 n) external pure returns (uint256) { require(n < 100, Errors.CHOSEN); return n; }
    function ofFile(uint8 n) external pure returns (uint256) { require(n < 100, OF_FILE); return n; }
    function inherited(uint8 n) external pure returns (uint256) { require(n < 100, (INHERITED)); return n; }
    function fromStorage(uint8 n) external view returns (uint256) { require(n < 100, stored); return n; }
    function reverting(uint8 n) external pure returns (uint256) { if (n > 99) revert(Errors.LONG); return n; }
    function either(uint8 n) external pure { require(n < 100, n < 200 ? Errors.SHORT : Errors.LONG); }
    function several(uint8 n) external pure returns (string memory) {
        require(n != 1, Errors.SHORT);
        require(n != 2, Errors.LONG);
        require(n != 3, INHERITED);
        return Errors.LONG;
    }
}
