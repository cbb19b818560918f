pragma solidity ^0.8.28;

// Order of evaluation, short circuits, tuples, scopes, failures and precompiled contracts.
contract Control {
    error Code(uint256 code, bytes data);
    uint256 public trace;
    uint256[4] slots;

    function note(uint256 n) internal returns (uint256) { unchecked { trace = trace * 10 + n; } return n; }
    function order() external returns (uint256) { trace = 0; uint256 x = note(1) + note(2) * note(3); slots[note(0)] = note(4); (slots[note(1)], slots[note(2)]) = (note(5), note(6)); return x; }
    function both(bool a, bool b) external returns (bool, bool) { trace = 0; return (a && note(1) == 1 && b, b || note(2) == 1 || a); }
    function ternary(bool a, uint256 x) external returns (uint256) { return a ? note(1) + x : x == 0 ? note(2) : note(3); }
    function swap(uint256 a, uint256 b) external pure returns (uint256, uint256) { (a, b) = (b, a); return (a, b); }
    function rotate(uint8 i) external returns (uint256, uint256, uint256, uint256) { (slots[0], slots[1], slots[2]) = (slots[1], slots[2], slots[0]); slots[i]++; return (slots[0], slots[1], slots[2], slots[3]); }
    function pair(uint256 x) internal pure returns (uint256 a, uint256 b) { a = x / 2; b = x - a; }
    function destructure(uint256 x) external pure returns (uint256) { (uint256 a, ) = pair(x); (, uint256 b) = pair(a); return a - b; }
    function early(uint256 x) external pure returns (string memory) { if (x == 0) return "zero"; if (x < 10) { if (x % 2 == 0) return "even"; } else if (x < 100) return "big"; else { return "huge"; } return "odd"; }
    function fail(uint8 how, uint256 n, bytes calldata data) external pure returns (uint256) {
        if (how % 6 == 0) revert();
        if (how % 6 == 1) revert("a plain text");
        if (how % 6 == 2) revert Code(n, data);
        if (how % 6 == 3) require(n < 5, "n is too large for this, which takes more than a word to say");
        if (how % 6 == 4) assert(n != 2);
        return n / (n - 3);
    }
    function requireCustom(uint256 n) external pure returns (uint256) { require(n > 2, Code(n, "small")); return n; }
    function scopes(uint256 x) external pure returns (uint256 y) { { uint256 z = x; y = z + 1; } { uint256 z = y * 2; y = z; } for (uint256 z = 0; z < 2; z++) { y += z; } }
    function many(uint256 a, uint256 b, uint256 c, uint256 d, uint256 e, uint256 f) external pure returns (uint256 r) {
        unchecked {
            uint256 g = a + b; uint256 h = b + c; uint256 i = c + d; uint256 j = d + e; uint256 k = e + f; uint256 l = f + a;
            uint256 m = g * h; uint256 n = i * j; uint256 o = k * l; uint256 p = m + n;
            r = a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p;
            if (r % 2 == 0) r = m + a; else r = n + b + o;
        }
    }
    function hashes(bytes calldata data) external pure returns (bytes32, bytes20, bytes32) { return (sha256(data), ripemd160(data), keccak256(data)); }
    function recover(bytes32 h, uint8 v, bytes32 r, bytes32 s) external pure returns (address) { return ecrecover(h, v, r, s); }
    function limits() external pure returns (int8, uint64, int256, uint256) { return (type(int8).min, type(uint64).max, type(int256).max, type(uint256).max); }
}
