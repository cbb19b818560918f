pragma solidity ^0.5.0;

interface Asked { function get() external view returns (uint256); }

contract Root {
    uint256 internal value = 1;
    uint256 public shown = 5;
    event Said(uint256 what);
    function get() public view returns (uint256) { return value; }
    function name() public pure returns (string memory) { return "root"; }
    modifier once() { value++; _; value--; }
}

contract Middle is Root {
    uint256 internal value = 10;
    function get() public view returns (uint256) { return super.get() + value; }
    modifier once() { value += 2; _; }
}

contract Lacks { function lacking() public returns (uint256); function uses() public returns (uint256) { return lacking(); } }

// No word says that something overrides; lengths are written; the fallback has no name.
contract Older is Middle, Lacks {
    uint256[] public list;
    uint8[] public bytesLike;
    uint256 public fell;
    address payable public owner = msg.sender;

    constructor(uint256 first) public payable { value += first; }
    function () external payable { fell += msg.value + 1; }

    function lacking() public returns (uint256) { emit Said(value); return value; }
    function bump() public once returns (uint256) { return get() * 1000 + value; }
    function setLength(uint256 n) public returns (uint256) { list.length = n % 40; bytesLike.length = n % 70; return list.length; }
    function shrink() public { list.length--; }
    function grow() public { list.length += 2; bytesLike.length++; }
    function put(uint256 i, uint8 what) public { list[i] = what; bytesLike[i] = what; }
    function push(uint256 x, uint8 y) public returns (uint256) { uint256 n = list.push(x); return n + bytesLike.push(y); }
    function sum() public view returns (uint256 total) { for (uint256 i = 0; i < list.length; i++) total += list[i] + bytesLike[i]; }
    function send(uint256 amount) public returns (bool) { return owner.send(amount % 10); }
    function low(bytes memory data) public returns (bool ok, bytes memory answer) { (ok, answer) = address(this).call(data); }
    function viewed() public view returns (uint256) { return Asked(address(this)).get(); }
    function cast(uint160 a) public pure returns (address payable) { return address(a); }
    function halves(int256 a, uint8 n) public pure returns (int256) { return a >> n; }
    function loop(uint256 n) public pure returns (uint256 i) { do { i++; if (i % 2 == 0) continue; } while (i < n % 20); }
}
