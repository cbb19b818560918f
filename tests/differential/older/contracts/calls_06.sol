pragma solidity ^0.6.0;

interface Till { function pay(uint256 amount) external payable returns (uint256); function kept() external view returns (uint256); }

library Safe {
    function add(uint256 a, uint256 b) internal pure returns (uint256) { uint256 c = a + b; require(c >= a); return c; }
}

contract Small is Till {
    uint256 public override kept;
    constructor(uint256 start) public payable { kept = start; }
    function pay(uint256 amount) external payable override returns (uint256) { kept += amount + msg.value; return kept; }
}

abstract contract Base {
    using Safe for uint256;
    uint256 internal count;
    function more() public virtual returns (uint256);
    function twice() public returns (uint256) { return more().add(more()); }
}

// Options written as calls, units and names that 0.7 dropped, and narrow literals.
contract Calls is Base {
    Small public small;
    uint256[] public list;
    struct Poll { uint256 end; mapping(address => bool) voted; uint8 votes; }
    mapping(uint256 => Poll) public polls;

    constructor() public payable { small = (new Small).value(msg.value / 2)(5); }
    receive() external payable {}

    function more() public override returns (uint256) { count = count.add(3); return count; }
    function pay(uint256 amount) public payable returns (uint256) {
        return small.pay.value(msg.value)(amount) + small.pay.gas(200000).value(1 wei)(amount);
    }
    function paid() public view returns (uint256) { return small.kept(); }
    function low(uint256 amount) public payable returns (bool ok) {
        (ok, ) = address(small).call.value(amount % 100).gas(100000)(abi.encodeWithSelector(small.pay.selector, amount));
    }
    function units() public pure returns (uint256, uint256, uint256) { return (3 finney, 4 szabo, 2 gwei); }
    function time() public view returns (bool) { return now == block.timestamp; }
    function open(uint256 i, uint8 votes) public { polls[i] = Poll(i + 7, votes); polls[i].voted[msg.sender] = true; }
    function voted(uint256 i) public view returns (bool) { return polls[i].voted[msg.sender]; }
    function narrow(uint8 a) public pure returns (uint256, uint256) { return (10 ** a, 1 << a); }
    function common(uint8 a, uint16 b) public pure returns (uint256) { return a ** b; }
    function shifts(int256 a, int8 b) public pure returns (int256) { return a << b; }
    function shiftRight(int256 a, int8 b) public pure returns (int256) { return a >> b; }
    function grow(uint256 n) public returns (uint256) { for (uint i = 0; i < n % 5; i++) list.push(i); return list.length; }
    function text() public pure returns (string memory) { return "grün"; }
    function failing(uint256 a) public pure returns (uint256) { assert(a < 1000); require(a > 3, "too small"); return a; }
}
