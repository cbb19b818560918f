pragma solidity ^0.8.28;

interface IToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    function totalSupply() external view returns (uint256);
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

abstract contract Owned {
    error NotOwner(address who);
    event OwnershipMoved(address indexed from, address indexed to);
    address public owner;
    constructor() { owner = msg.sender; }
    modifier onlyOwner() { if (msg.sender != owner) revert NotOwner(msg.sender); _; }
    function giveTo(address to) public virtual onlyOwner { emit OwnershipMoved(owner, to); owner = to; }
}

contract Token is IToken, Owned {
    error Insufficient(address who, uint256 has, uint256 needs);
    error Nobody();

    string public name;
    string public symbol;
    uint8 public constant decimals = 18;
    uint256 public override totalSupply;
    mapping(address => uint256) public override balanceOf;
    mapping(address => mapping(address => uint256)) public override allowance;

    constructor(string memory name_, string memory symbol_, uint96 supply) {
        name = name_;
        symbol = symbol_;
        _mint(msg.sender, supply);
    }

    function transfer(address to, uint256 value) external override returns (bool) { _move(msg.sender, to, value); return true; }
    function approve(address spender, uint256 value) external override returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }
    function transferFrom(address from, address to, uint256 value) external override returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            require(allowed >= value, "allowance");
            unchecked { allowance[from][msg.sender] = allowed - value; }
        }
        _move(from, to, value);
        return true;
    }
    function mint(address to, uint256 value) external onlyOwner { _mint(to, value); }
    function burn(uint256 value) external {
        uint256 has = balanceOf[msg.sender];
        if (has < value) revert Insufficient(msg.sender, has, value);
        unchecked { balanceOf[msg.sender] = has - value; totalSupply -= value; }
        emit Transfer(msg.sender, address(0), value);
    }
    function airdrop(address[] calldata to, uint256 each) external {
        for (uint256 i = 0; i < to.length; i++) _move(msg.sender, to[i], each);
    }
    function _move(address from, address to, uint256 value) internal {
        if (to == address(0)) revert Nobody();
        uint256 has = balanceOf[from];
        if (has < value) revert Insufficient(from, has, value);
        unchecked { balanceOf[from] = has - value; }
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
    function _mint(address to, uint256 value) internal {
        if (to == address(0)) revert Nobody();
        totalSupply += value;
        unchecked { balanceOf[to] += value; }
        emit Transfer(address(0), to, value);
    }
}
