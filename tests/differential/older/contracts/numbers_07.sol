pragma solidity ^0.7.0;

// Arithmetic that wraps, and conversions in one step.
contract Numbers {
    enum Phase { Open, Closed, Done }
    uint8 public small = 200;
    int8 public tiny = -128;
    uint256 public whole;

    function add(uint256 a, uint256 b) public pure returns (uint256) { return a + b; }
    function sub(uint256 a, uint256 b) public pure returns (uint256) { return a - b; }
    function mul(uint256 a, uint256 b) public pure returns (uint256) { return a * b; }
    function div(uint256 a, uint256 b) public pure returns (uint256) { return a / b; }
    function mod(int256 a, int256 b) public pure returns (int256) { return a % b; }
    function quotient(int256 a, int256 b) public pure returns (int256) { return a / b; }
    function narrow(uint8 a, uint8 b) public pure returns (uint8, uint8, uint8) { return (a + b, a - b, a * b); }
    function signed(int8 a, int8 b) public pure returns (int8, int8, int8) { return (a + b, a - b, a * b); }
    function signedQuotient(int16 a, int16 b) public pure returns (int16) { return a / b; }
    function negated(uint256 a, int8 b, uint8 c) public pure returns (uint256, int8, uint8) { return (-a, -b, -c); }
    function powers(uint8 a, uint256 b) public pure returns (uint256) { return uint256(a) ** (b % 40); }
    function narrowPower(uint8 a, uint8 b) public pure returns (uint8) { return a ** b; }
    function fromLeft() public pure returns (uint256) { return 2 ** 3 ** 2; }
    function fromLeft(uint256 a) public pure returns (uint256) { return a ** 3 ** 2; }
    function ten(uint8 a) public pure returns (uint256) { return 10 ** a; }
    function shift(uint8 a) public pure returns (uint256) { return 1 << a; }
    function step() public returns (uint8, int8) { small++; tiny--; small += 100; return (small--, --tiny); }
    function casts(int8 a, uint256 b) public pure returns (uint256, uint16, int64, address) {
        return (uint256(a), uint16(a), int64(b), address(b));
    }
    function toPhase(uint256 a) public pure returns (Phase) { return Phase(a); }
    function phaseAt(Phase a) public pure returns (uint256, int256) { return (uint256(a), int256(a)); }
    function literals() public pure returns (uint256, uint8, address, int8) {
        return (uint256(-1), uint8(300), address(-1), int8(200));
    }
    function widened(uint8 a, int16 b) public pure returns (int16) { return a + b; }
    function bytesOf(address a, uint160 b) public pure returns (bytes20, bytes20, uint256, uint8) {
        return (bytes20(a), bytes20(b), uint256(a), uint8(uint256(a)));
    }
    function checked(uint256 a, uint256 b) public returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
        assert(c != 7);
        whole = c;
    }
    function element(uint256 i) public pure returns (uint8) { uint8[3] memory a = [1, 2, 3]; return a[i]; }
    function letter(bytes32 word, uint8 i) public pure returns (bytes1, byte) { return (word[i], word[0]); }
    function modular(uint256 a, uint256 b, uint256 m) public pure returns (uint256, uint256) {
        return (addmod(a, b, m), mulmod(a, b, m));
    }
}
