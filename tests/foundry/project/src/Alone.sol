// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

// Nobody imports this file: tests deploy its contracts by their names.
contract Alone {
    error Refused(uint256 why);

    address public immutable creator = msg.sender;
    uint256 public immutable number;

    constructor(uint256 number_) payable {
        if (number_ == 13) revert Refused(number_);
        number = number_;
    }
}

contract Simple {
    function seven() external pure returns (uint256) {
        return 7;
    }
}
