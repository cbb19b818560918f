pragma solidity ^0.8.28;

// Checked and wrapping arithmetic of many widths, conversions, shifts and powers.
contract Arithmetic {
    function add(uint256 a, uint256 b) external pure returns (uint256) { return a + b; }
    function sub(uint256 a, uint256 b) external pure returns (uint256) { return a - b; }
    function mul(uint256 a, uint256 b) external pure returns (uint256) { return a * b; }
    function div(uint256 a, uint256 b) external pure returns (uint256, uint256) { return (a / b, a % b); }
    function addSigned(int256 a, int256 b) external pure returns (int256) { return a + b; }
    function subSigned(int256 a, int256 b) external pure returns (int256) { return a - b; }
    function mulSigned(int256 a, int256 b) external pure returns (int256) { return a * b; }
    function divSigned(int256 a, int256 b) external pure returns (int256, int256) { return (a / b, a % b); }
    function negate(int256 a) external pure returns (int256) { return -a; }
    function narrow(uint8 a, uint8 b) external pure returns (uint8) { return a + b * 2 - 1; }
    function narrowSigned(int8 a, int8 b) external pure returns (int8) { return a * b - a; }
    function middle(uint128 a, uint96 b) external pure returns (uint128) { return a * b + b; }
    function middleSigned(int136 a, int64 b) external pure returns (int136) { return a * b / 3; }
    function wide(uint200 a, uint200 b) external pure returns (uint200) { return a * b; }
    function wrapping(uint256 a, uint256 b) external pure returns (uint256 r) { unchecked { r = a * b + a - b; r -= 3; r = r ** 2; } }
    function wrappingNarrow(int16 a, int16 b) external pure returns (int16 r) { unchecked { r = a * b; r++; r = -r; r = r / b; } }
    function power(uint256 a, uint8 b) external pure returns (uint256) { return a ** b; }
    function powerNarrow(uint32 a, uint32 b) external pure returns (uint32) { return a ** b; }
    function powerSigned(int64 a, uint8 b) external pure returns (int64) { return a ** b; }
    function powerOfTwo(uint256 n) external pure returns (uint256) { return 2 ** n; }
    function powerOfTen(uint8 n) external pure returns (uint256) { return 10 ** n; }
    function shifts(uint256 a, uint8 n) external pure returns (uint256, uint256) { return (a << n, a >> n); }
    function shiftsSigned(int64 a, uint256 n) external pure returns (int64, int64) { return (a << n, a >> n); }
    function shiftsOfBytes(bytes8 a, uint8 n) external pure returns (bytes8, bytes8) { return (a << n, a >> n); }
    function bits(uint64 a, uint64 b) external pure returns (uint64, uint64, uint64, uint64) { return (a & b, a | b, a ^ b, ~a); }
    function bitsOfBytes(bytes4 a, bytes4 b) external pure returns (bytes4, bytes4, bytes4, bool) { return (a & b, a | ~b, a ^ b, a < b); }
    function compare(int32 a, int32 b) external pure returns (bool, bool, bool, bool, bool) { return (a < b, a <= b, a == b, a != b, a >= b); }
    function compareMixed(uint8 a, uint256 b) external pure returns (bool) { return a > b || a == b; }
    function cutDown(uint256 a) external pure returns (uint8, uint16, int8, address, bytes4) {
        return (uint8(a), uint16(a), int8(int256(a)), address(uint160(a)), bytes4(bytes32(a)));
    }
    function extended(int8 a, bytes3 b, uint24 c) external pure returns (int256, bytes32, bytes3, uint256) { return (a, b, bytes3(c), uint24(b)); }
    function modular(uint256 a, uint256 b, uint256 m) external pure returns (uint256, uint256) { return (addmod(a, b, m), mulmod(a, b, m)); }
    function average(uint256 a, uint256 b) external pure returns (uint256) { return (a & b) + (a ^ b) / 2; }
    function mulDiv(uint256 a, uint256 b, uint256 d) external pure returns (uint256) { return a * b / d; }
    function clamp(int256 x, int256 low, int256 high) external pure returns (int256) { return x < low ? low : x > high ? high : x; }
    function steps(uint8 a) external pure returns (uint8 b, uint8 c) { b = a++; c = --a; a += 3; b ^= a; c <<= 1; }
}
