pragma solidity ^0.4.18;

contract Token {
    uint256 public totalSupply;
    function balanceOf(address who) public constant returns (uint256);
    function transfer(address to, uint256 value) public returns (bool);
    event Transfer(address indexed from, address indexed to, uint256 value);
}

contract Basic is Token {
    mapping (address => uint256) balances;
    function hidden() private returns (uint) { return 1; }
    function callsHidden() public returns (uint) { return hidden(); }
    function transfer(address to, uint256 value) public returns (bool) {
        require(balances[msg.sender] >= value && balances[to] + value > balances[to]);
        balances[msg.sender] -= value;
        balances[to] += value;
        Transfer(msg.sender, to, value);
        return true;
    }
    function balanceOf(address who) public view returns (uint256 balance) { balance = balances[who]; }
}

contract Derived is Basic {
    string public constant name = "Derived";
    uint8 public decimals = 18;
    uint256 public supply = 100 * 10 ** uint256(decimals);
    uint public small = 3 * 10 ** decimals;
    event Transfer(address indexed from, address indexed to, uint256 value);
    function hidden() private returns (uint) { return 2; }
    constructor() public { balances[msg.sender] = supply; totalSupply = supply; }
    function transfer(address to, uint256 value) public returns (bool) { if (to == 0) return false; return super.transfer(to, value); }
    function () public { Transfer(this, msg.sender, 3); }
    uint constant varying = block.number + 1;
    function varies() public view returns (uint) { return varying; }
    function assembled(uint x) public pure returns (uint y) { assembly { y := add(x, 1) } }
    function named(uint a, uint b) public pure returns (uint) { return three({x: a, z: b, y: 1}); }
    function three(uint x, uint y, uint z) internal pure returns (uint) { return x - y * z; }
    function ternary(bool c) public pure returns (uint16 r) { r = c ? 5 : 300; }
    function strings(uint i) public pure returns (string) { string memory s = "abc"; if (i > 3) s = "longer than the others are"; return s; }
    function structs() public view returns (uint) { Pair memory p = Pair(1, 2); Pair memory q; q.b = p.a; return q.a + q.b + p.b; }
    struct Pair { uint a; uint b; }
}
