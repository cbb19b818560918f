pragma solidity ^0.8.28;

// Yul inside of functions.
contract AssemblyBlocks {
    uint256 public value;
    mapping(address => uint256) public table;
    uint256 constant STEP = 3;

    function add(uint256 a, uint256 b) external pure returns (uint256 r) { assembly { r := add(a, b) } }
    function loop(uint8 n) external pure returns (uint256 s) { assembly { for { let i := 0 } lt(i, n) { i := add(i, 1) } { s := add(s, mul(i, STEP)) } } }
    function branch(uint256 a) external pure returns (uint256 r) { assembly { switch mod(a, 4) case 0 { r := 10 } case 1 { r := 20 } default { r := a } if gt(r, 100) { revert(0, 0) } } }
    function functions(uint8 a) external pure returns (uint256 r) { assembly { function double(x) -> y { y := mul(x, 2) } function both(x) -> y, z { y := double(x) z := add(y, 1) } let p, q := both(a) r := add(p, q) } }
    function store(uint256 x) external { assembly { sstore(value.slot, add(sload(value.slot), x)) } }
    function entry(address who, uint256 x) external returns (uint256 r) { table[who] = x; assembly { mstore(0, who) mstore(32, table.slot) r := sload(keccak256(0, 64)) } }
    function copy(bytes calldata x) external pure returns (bytes memory r) {
        assembly ("memory-safe") {
            r := mload(0x40)
            mstore(r, x.length)
            calldatacopy(add(r, 32), x.offset, x.length)
            mstore(0x40, and(add(add(r, x.length), 63), not(31)))
        }
    }
    function byteAt(bytes32 x, uint8 i) external pure returns (uint256 r) { assembly { r := byte(i, x) } }
    function signs(int256 a, int256 b) external pure returns (bool r, int256 s) { assembly { r := slt(a, b) s := sdiv(a, b) } }
    function fails(uint256 x) external pure { assembly { mstore(0, x) revert(0, 32) } }
    function returns32(uint256 x) external pure returns (uint256) { assembly { mstore(0, add(x, 1)) return(0, 32) } }
    function log(uint256 x) external { assembly { mstore(0, x) log2(0, 32, x, 7) } }
}
