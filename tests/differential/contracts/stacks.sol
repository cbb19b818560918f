pragma solidity ^0.8.28;

// What lies on the stack where ways meet: loops in loops, early ends, values that die on one way only, constants as
// operands, functions that end the call, and results of every number of words.
contract Stacks {
    error Refused(uint256 a, address who, bytes4 what);
    event Step(uint256 indexed n, uint256 rest);
    uint256 public kept;

    function collatz(uint256 n) external pure returns (uint256 steps, uint256 highest) {
        unchecked {
            n &= 0xffff;
            while (n > 1 && steps < 300) {
                if (n > highest) highest = n;
                if (n % 2 == 0) n /= 2;
                else n = 3 * n + 1;
                ++steps;
            }
        }
    }
    function nested(uint256 a, uint256 b, uint256 c) external pure returns (uint256 sum) {
        unchecked {
            for (uint256 i = 0; i < a % 9; ++i) {
                if (i == c % 5) continue;
                for (uint256 j = i; j < b % 11; ++j) {
                    if (j * i == 12) break;
                    sum += i * j + c % (j + 1);
                    if (sum > 500) return sum - a;
                }
                sum ^= i;
            }
        }
    }
    function power(uint256 x, uint256 n, uint256 base) external pure returns (uint256 z) {
        assembly {
            switch x
            case 0 { z := mul(base, iszero(n)) }
            default {
                z := xor(base, mul(xor(base, x), and(n, 1)))
                let half := shr(1, base)
                for { n := shr(1, n) } n { n := shr(1, n) } {
                    if shr(128, x) { revert(0, 0) }
                    let square := mul(x, x)
                    let rounded := add(square, half)
                    if lt(rounded, square) { revert(0, 0) }
                    x := div(rounded, base)
                    if and(n, 1) {
                        let product := mul(z, x)
                        if iszero(eq(div(product, x), z)) { if iszero(iszero(x)) { mstore(0, 0x1234) revert(0x1c, 4) } }
                        z := div(add(product, half), base)
                    }
                }
            }
        }
    }
    function digits(uint256 value) external pure returns (string memory text) {
        assembly {
            text := add(mload(0x40), 0x80)
            mstore(0x40, add(text, 0x20))
            mstore(text, 0)
            let end := text
            for { let rest := value } 1 {} {
                text := sub(text, 1)
                mstore8(text, add(48, mod(rest, 10)))
                rest := div(rest, 10)
                if iszero(rest) { break }
            }
            let size := sub(end, text)
            text := sub(text, 32)
            mstore(text, size)
        }
    }
    function ends(uint256 x, uint256 y) external pure returns (uint256) {
        uint256 a = x ^ y;
        assembly {
            if gt(a, 0xff) { mstore(0, sub(x, y)) return(0, 32) }
            if eq(y, 3) { mstore(0x40, x) revert(0x40, 0x20) }
            if iszero(x) { return(0, 0) }
        }
        return a + x * 2;
    }
    function divided(int256 a, int8 b, uint256 c) external pure returns (int256, int256, int8, uint256, uint256, int256) {
        return (a / 7, a % -9, b / -3, c / 64, c % 1024, a / -16);
    }
    function divided8(int8 b, uint8 c) external pure returns (int8, int8, uint8, uint8) { unchecked { return (b / -1, b % -1, c / 16, c % 128); } }
    function smallest(int256 a) external pure returns (int256) { return a / -1; }
    function compared(uint256 x, int256 y) external pure returns (uint256 n) {
        if (x > 0) n += 1;
        if (x < 1) n += 2;
        if (!(x >= 1)) n += 4;
        if (y > 0) n += 8;
        if (y != 5) n += 16;
        if (x & 6 > 0) n += 32;
        while (x > 0 && n < 200) { x >>= 3; ++n; }
    }
    function decreased(uint256 x) external pure returns (uint256 n) { unchecked { while (x != 0 && n < 70) { x = (x - 1) & x; ++n; } } }
    function words(uint256 a, uint256 b) external pure returns (uint256, uint256, uint256, uint256, uint256) { return (b, a, a + b, b, a); }
    function four(uint256 a, bool b) external pure returns (uint256, bool, bytes3, address) { return (a, b, bytes3(uint24(a & 0xffffff)), address(uint160(a >> 96))); }
    function list(uint256[] calldata all, uint256 n) external pure returns (uint256, bool) {
        uint256 sum;
        for (uint256 i = 0; i < all.length; ++i) { unchecked { sum += all[i]; } if (all[i] == n) return (i, true); }
        return (sum, false);
    }
    function refuse(uint256 a, uint256[] calldata all) external view returns (uint256) {
        if (all.length > 2) revert Refused(a, msg.sender, msg.sig);
        require(a < 7, Refused(all.length, address(this), 0x01020304));
        return a;
    }
    function never(uint256 a) internal pure { revert Refused(a, address(0), 0x00000000); }
    function always(uint256 a) external pure returns (uint256 b) { b = a; if (a % 3 == 0) never(a); if (a % 5 == 0) { b += 2; never(b); } b *= 2; }
    function total(uint256 n) public pure returns (uint256) { return n % 16 == 0 ? 0 : n + total(n / 2 % 16); }
    function stored(uint256 a, uint256 b) external returns (uint256 before) {
        before = kept;
        for (uint256 i = 0; i < b % 4; ++i) { kept = a ^ i; emit Step(i, a % 8); if (kept % 7 == 1) return i; }
        delete kept;
        kept += b % 100;
    }
    function scratch(uint256 a, uint256 b) external pure returns (bytes32 h) { assembly { mstore(0x00, a) mstore(0x20, b) h := keccak256(0x00, 0x40) } }
    function pointer(uint256 a) external pure returns (uint256 p, uint256 q) { assembly { p := mload(0x40) mstore(and(a, 0x60), a) q := mload(and(shr(8, a), 0x60)) } }
    fallback(bytes calldata data) external returns (bytes memory) { return data.length > 4 ? bytes(data[1:]) : abi.encode(kept); }
}
