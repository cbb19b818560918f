// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IPriceFeed {
    function price(address token) external view returns (uint256);
    function update(address token, uint256 price) external payable;
}

contract Token {
    error TooLittle(address who, uint256 has, uint256 needs);
    error NotTheOwner();

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Paused();

    string public name = "Token";
    address public immutable owner;
    mapping(address => uint256) public balanceOf;
    uint256 public totalSupply;
    bool public paused;

    constructor() {
        owner = msg.sender;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != owner) revert NotTheOwner();
        balanceOf[to] += amount;
        totalSupply += amount;
        emit Transfer(address(0), to, amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(!paused, "the token is paused");
        uint256 has = balanceOf[msg.sender];
        if (has < amount) revert TooLittle(msg.sender, has, amount);
        balanceOf[msg.sender] = has - amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function pause() external {
        if (msg.sender != owner) revert NotTheOwner();
        paused = true;
        emit Paused();
    }

    function worth(IPriceFeed feed, address who) external view returns (uint256) {
        return balanceOf[who] * feed.price(address(this));
    }

    function callers() external view returns (address, address) {
        return (msg.sender, tx.origin);
    }

    function relay(Token other) external view returns (address) {
        (address sender,) = other.callers();
        return sender;
    }
}
