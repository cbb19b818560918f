// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// Messages in constants where assembly looks at where free memory begins: every copy shows.
string constant OF_FILE = "of the file";

library Errors {
    string internal constant LONG = "a message that is longer than the thirty-two bytes of a single word of memory";
}

contract CountedMessages {
    function free() private pure returns (uint256 at) { assembly { at := mload(0x40) } }
    function taken(uint8 n) external pure returns (uint256, uint256) {
        uint256 before = free();
        require(n < 200, Errors.LONG);
        require(n < 199, "as it is written");
        require(n < 198, OF_FILE);
        return (before, free());
    }
}
