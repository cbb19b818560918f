pragma solidity ^0.7.0;

// What the ABI coder v1 does with bits that a type does not have, and what lies in storage.
contract Data {
    struct Entry { address payable who; uint96 amount; bool open; }
    mapping(address => Entry) public entries;
    uint16[] public list;
    bytes public text;
    string public name = "data";
    address payable public last;
    event Added(address indexed who, uint16 number, bytes text);

    constructor() public payable { last = msg.sender; }
    receive() external payable { list.push(uint16(msg.value)); }
    fallback() external payable { text = msg.data; }

    function take(bool a, uint16 b, bytes4 c, address d, int24 e) public returns (bool, uint16, bytes4, address, int24) {
        last = address(uint160(d));
        return (!a, b, c, d, e);
    }
    function add(uint16 number, bytes memory more) public {
        list.push(number);
        text = more;
        entries[msg.sender] = Entry(msg.sender, number, more.length > 3);
        emit Added(msg.sender, number, more);
    }
    function drop() public { list.pop(); }
    function sum(uint16[] memory all) public pure returns (uint16 total) { for (uint i; i < all.length; i++) total += all[i]; }
    function words(uint16[] calldata all, bytes32[2] calldata fixedOnes) external pure returns (uint256, bytes32) {
        return (all.length, fixedOnes[1]);
    }
    function hash(string memory a, uint8 b) public pure returns (bytes32) { return keccak256(abi.encodePacked(a, b)); }
    function pay(uint16 amount) public { last.transfer(amount); }
    function ask(uint16 number) public returns (bool ok, bytes memory answer) {
        (ok, answer) = address(this).call{gas: 100000}(abi.encodeWithSignature("list(uint256)", number));
    }
    function tried(uint256 i) public view returns (uint256) {
        try this.list(i) returns (uint16 found) { return found; } catch { return 777; }
    }
}
