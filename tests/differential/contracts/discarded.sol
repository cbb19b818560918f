pragma solidity ^0.8.28;

// Reads that nobody uses, modifiers of libraries, variables behind a contract's name.
library Guarded {
    modifier guard(uint256 x) { require(x < 1000, "library"); _; }
    modifier twice() { _; _; }
    modifier both(uint256 x) { if (x % 2 == 0) { _; } else { require(x != 3); _; } }
    function run(uint256 x) internal pure guard(x) returns (uint256) { return x; }
    function grow(uint256[] storage list, uint256 x) internal twice both(x) { list.push(x); }
    function outer(uint256 x) public pure guard(x) returns (uint256) { return run(x / 2) + 1; }
}

contract Base {
    uint256 x = 5;
    uint256 internal immutable fixedAtStart = 77;
    uint256 internal constant always = 9;
    mapping(uint256 => uint16[]) table;
    modifier guard(uint256) { x += 1; _; }
}

contract Discarded is Base {
    using Guarded for uint256[];
    enum Kind { A, B, C }
    struct Inner { uint8 a; int24 b; address who; bool c; }
    struct Packed { uint8 a; uint16 b; uint8[] list; Inner inner; bytes5 e; string text; }
    struct Flat { uint32 a; Kind k; bytes3 b; }
    Kind[] kinds; Flat[] flats; Packed[] many;
    uint256[] grown;

    function dirty(uint8 which, uint256 word) external {
        assembly {
            let slot := kinds.slot
            switch mod(which, 3) case 1 { slot := flats.slot } case 2 { slot := many.slot }
            sstore(slot, 2)
            mstore(0, slot)
            sstore(keccak256(0, 32), word)
        }
    }
    function element(Kind[] calldata a, uint8 i) external pure { a[i % 3]; }
    function narrow(uint8[] calldata a) external pure { a[0]; }
    function both(int24[] calldata a, bool[] calldata b) external pure { (a[0], b[1]); }
    function field(Flat calldata s) external pure { s.k; }
    function fieldOf(Flat[] calldata s) external pure returns (uint256) { s[0].b; s[1]; return s.length; }
    function inside(Packed calldata s) external pure { s.list; s.inner.who; s.text; }
    function lists(uint8[][] calldata s, uint8 i) external pure { s[i % 2]; }
    function inLoop(uint8[] calldata a, uint8 n) external pure returns (uint256 i) { for (; i < n % 4; (i++, a[i])) {} }
    function chosen(bool c, address[] calldata a) external pure { c ? a[0] : a[1]; }
    function fromMemory(uint256 n, uint8 how) external pure { Kind[] memory some = new Kind[](1); assembly { mstore(add(some, 32), n) } if (how % 2 == 0) some[0]; else { Kind k = some[0]; k; } }
    function fromStorage(uint8 i) external view { kinds[i % 4]; flats[i % 3].k; many[i % 2].inner; }
    function division(uint256 a, uint256 b) external pure { a / b; }

    // --- modifiers of libraries, variables behind names ---
    function guarded(uint256 n) external guard(n) returns (uint256, uint256) { return (Guarded.run(n), Base.x); }
    function grow(uint256 n) external returns (uint256) { grown.grow(n); return grown.length; }
    function names() external view returns (uint256, uint256, uint256, uint256) { return (Base.x, x, Base.always, Base.fixedAtStart); }
    function write(uint256 n) external returns (uint256) { Base.x = n; x ^= 1; return Base.x; }
    function constants() external pure returns (uint256) { return Base.always + always; }
    function tables(uint8 n) external view returns (uint16[] memory) { return Base.table[n]; }
    function push(uint16 n) external { Base.table[n % 4].push(n); }
}
