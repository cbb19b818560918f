// Calls whose arguments are known while compiling, and writes before failures that are certain.
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract KnownCalls {
    error Refused(uint256 value, string why);
    event Tried(uint256 indexed value, string text);

    enum Mood { Calm, Cross, Loud }

    uint256 public last;
    string public note = "start";
    uint256 constant LIMIT = 12;

    function factorial(uint256 n) internal pure returns (uint256) { return n < 2 ? 1 : n * factorial(n - 1); }

    function root(uint256 x) internal pure returns (uint256 r) {
        uint256 next = (x + 1) / 2;
        r = x;
        while (next < r) (r, next) = (next, (x / next + next) / 2);
    }

    function collatz(int64 n) internal pure returns (int64 steps, int64 top) {
        for (top = n; n != 1; ++steps) {
            n = n % 2 == 0 ? n / 2 : 3 * n + 1;
            if (n > top) top = n;
        }
    }

    function pack(bytes4 a, uint8 b, bool c) internal pure returns (bytes32) {
        return bytes32(a) | bytes32(uint256(b) << 8) | bytes32(uint256(c ? 1 : 0));
    }

    function mood(uint8 n) internal pure returns (Mood) { return Mood(n % 4); }

    function mixed(uint256 a, uint256 b) internal pure returns (uint256 r) {
        assembly { r := addmod(exp(a, 3), signextend(0, b), 997) for { } lt(r, 500) { } { r := add(shl(1, r), 1) } }
    }

    function factorials() external pure returns (uint256, uint256, uint256) {
        return (factorial(0), factorial(LIMIT), factorial(factorial(3)));
    }

    function tooLarge() external pure returns (uint256) { return factorial(58); }
    function roots() external pure returns (uint256, uint256, uint256) {
        return (root(0), root(LIMIT * LIMIT - 1), root(type(uint128).max));
    }

    function walks() external pure returns (int64 a, int64 b, int64 c, int64 d) {
        (a, b) = collatz(27);
        (c, d) = collatz(97);
    }

    function packed() external pure returns (bytes32, bytes32) { return (pack(0xdeadbeef, 200, true), pack(0x00000001, 0, false)); }
    function moods() external pure returns (Mood, Mood) { return (mood(1), mood(6)); }
    function noMood() external pure returns (Mood) { return mood(3); }
    function mixtures() external pure returns (uint256, uint256) { return (mixed(3, 0xff), mixed(7, 0x7f)); }
    function unknown(uint8 n) external pure returns (uint256, Mood) { return (factorial(n % 20), mood(n)); }

    function refuse(uint256 value, string calldata why) external {
        last = value;
        note = why;
        emit Tried(value, why);
        revert Refused(value, why);
    }

    function refuseBothWays(uint256 value) external {
        last = value;
        if (value % 2 == 0) revert(note);
        last += 1;
        revert Refused(last, note);
    }

    function refuseLate(uint256 value, string calldata why) external returns (uint256) {
        note = why;
        last = value;
        emit Tried(value, note);
        for (uint256 i; i < value % 3; ++i) last += i;
        require(value % 5 != 0, note);
        return last;
    }

    function tries(uint256 value, string calldata why) external returns (bytes memory answer, string memory kept, uint256) {
        try this.refuse(value, why) {} catch (bytes memory data) { answer = data; }
        return (answer, note, last);
    }
}
