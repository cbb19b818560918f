// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

contract Vault {
    mapping(address => uint256) public deposits;
    uint256 public total;
    uint256 public immutable opens;

    constructor(uint256 opens_) payable {
        opens = opens_;
    }

    function deposit() external payable {
        deposits[msg.sender] += msg.value;
        total += msg.value;
    }

    function withdraw(uint256 amount) external {
        require(block.timestamp >= opens, "too early");
        deposits[msg.sender] -= amount;
        total -= amount;
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok, "nobody takes it");
    }
}

// Loses count after the third call.
contract Leaky {
    uint256 public calls;
    uint256 public sum;
    uint256 public counted;

    function add(uint8 amount) external {
        ++calls;
        sum += amount;
        if (calls <= 3) counted += amount;
    }

    function nothing(uint256) external pure {}
}
