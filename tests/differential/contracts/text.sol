pragma solidity ^0.8.28;

// Byte strings everywhere: storage of both lengths, memory, call data, hashes and packed encodings.
contract Text {
    string public title = "short";
    bytes public blob;
    mapping(string => uint256) public counts;
    mapping(bytes32 => string) notes;
    string[] names;

    function setTitle(string calldata to) external { title = to; }
    function setBlob(bytes memory to) external { blob = to; }
    function append(bytes1 x) external { blob.push(x); }
    function drop() external { blob.pop(); }
    function at(uint256 i) external view returns (bytes1) { return blob[i]; }
    function put(uint256 i, bytes1 x) external { blob[i] = x; }
    function lengths() external view returns (uint256, uint256) { return (bytes(title).length, blob.length); }
    function count(string calldata key) external returns (uint256) { return ++counts[key]; }
    function note(bytes32 key, string memory text) external { notes[key] = text; }
    function noted(bytes32 key) external view returns (string memory) { return notes[key]; }
    function forget(bytes32 key) external { delete notes[key]; }
    function join(string memory x, string calldata y) external pure returns (string memory) { return string.concat(x, ", ", y); }
    function joinBytes(bytes calldata x, bytes4 y) external pure returns (bytes memory) { return bytes.concat(x, y, hex"00ff"); }
    function hash(string calldata x) external pure returns (bytes32) { return keccak256(bytes(x)); }
    function hashOf(address who, uint64 n, string calldata x) external pure returns (bytes32, bytes32) { return (keccak256(abi.encode(who, n, x)), keccak256(abi.encodePacked(who, n, x))); }
    function same(string memory x, string memory y) external pure returns (bool) { return keccak256(bytes(x)) == keccak256(bytes(y)); }
    function upper(string memory x) external pure returns (string memory) {
        bytes memory b = bytes(x);
        for (uint256 i = 0; i < b.length; i++) if (b[i] >= "a" && b[i] <= "z") b[i] = bytes1(uint8(b[i]) - 32);
        return string(b);
    }
    function decimal(uint256 n) external pure returns (string memory) {
        if (n == 0) return "0";
        uint256 digits;
        for (uint256 m = n; m != 0; m /= 10) digits++;
        bytes memory b = new bytes(digits);
        while (n != 0) { digits -= 1; b[digits] = bytes1(uint8(48 + n % 10)); n /= 10; }
        return string(b);
    }
    function hexOf(bytes calldata x) external pure returns (string memory) {
        bytes16 symbols = "0123456789abcdef";
        bytes memory b = new bytes(2 * x.length);
        for (uint256 i = 0; i < x.length; i++) { b[2 * i] = symbols[uint8(x[i]) >> 4]; b[2 * i + 1] = symbols[uint8(x[i]) & 15]; }
        return string(b);
    }
    function slice(bytes calldata x, uint256 from, uint256 to) external pure returns (bytes memory) { return x[from:to]; }
    function firstWord(bytes calldata x) external pure returns (bytes32, bytes4) { return (bytes32(x), bytes4(x[:4])); }
    function addName(string calldata name) external { names.push(name); }
    function nameAt(uint256 i) external view returns (string memory) { return names[i]; }
    function allNames() external view returns (string[] memory) { return names; }
    function longest(string[] memory xs) external pure returns (string memory best) { for (uint256 i = 0; i < xs.length; i++) if (bytes(xs[i]).length > bytes(best).length) best = xs[i]; }
    function literal(uint8 n) external pure returns (string memory) { return n % 2 == 0 ? "an even number" : "an odd number, and a text that is longer than thirty-two bytes"; }
}
