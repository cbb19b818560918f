pragma solidity ^0.8.28;

// Slots that are written whole: assembly dirties storage between the calls, so that what a copy or a deletion leaves shows.
contract Whole {
    uint256 x = 5;
    mapping(uint256 => uint16[]) table;
    enum Kind { A, B, C }
    struct Inner { uint8 a; int24 b; address who; bool c; }
    struct Packed { uint8 a; uint16 b; uint8[] list; Inner inner; bytes5 e; string text; }
    struct Flat { uint32 a; Kind k; bytes3 b; }
    uint8[] small; int24[] signed; bytes5[] fives; address[] people; address[] others; address[4] fourOthers; uint256[] full; bool[] flags; Kind[] kinds; Flat[] flats; uint128[3][] rows; uint16[7] seven; bytes7[3][2] grid;
    Packed one; Packed[] many; mapping(uint256 => Packed) known; mapping(uint8 => Flat) flat;
    function () internal returns (uint256)[] internals; function () external[] externals;

    // --- dirt ---
    function dirtyTail(uint8 which, uint256 n) external {
        bytes32 place;
        uint256 offset = n % 5;
        assembly {
            let slot := small.slot
            switch mod(which, 10)
            case 1 { slot := signed.slot } case 2 { slot := fives.slot } case 3 { slot := people.slot } case 4 { slot := flags.slot }
            case 5 { slot := kinds.slot } case 6 { slot := flats.slot } case 7 { slot := rows.slot } case 8 { slot := externals.slot } case 9 { slot := many.slot }
            mstore(0, slot)
            place := keccak256(0, 32)
            sstore(add(place, offset), not(0))
        }
    }
    function dirtySlot(uint8 which, uint8 n) external {
        assembly {
            let slot := one.slot
            switch mod(which, 3) case 1 { slot := seven.slot } case 2 { slot := grid.slot }
            sstore(add(slot, mod(n, 2)), not(0))
        }
    }

    // --- copies ---
    function copySmall(uint8[] memory given) external { small = given; }
    function copySigned(int24[] calldata given) external { signed = given; }
    function copyFives(bytes5[] calldata given) external returns (uint256) { fives = given; return fives.length; }
    function copyPeople(address[] memory given) external { people = given; }
    function copyAcross() external { others = people; fourOthers = [address(this), msg.sender, address(0), address(7)]; }
    function copyFlags(bool[] calldata given) external { flags = given; }
    function copyFull(uint248[] memory given, uint256[] calldata other) external { full = given; if (given.length > 2) full = other; }
    function copyKinds(Kind[] memory given) external { kinds = given; }
    function copyFlats(Flat[] calldata given) external { for (uint256 i = 0; i < given.length; ++i) flats.push(given[i]); if (given.length > 1) flats[0] = given[1]; }
    function copyRows(uint128[3][] memory given) external { rows = given; }
    function copySeven(uint16[7] calldata given) external { seven = given; }
    function copyGrid(bytes7[3][2] memory given) external { grid = given; }
    function copyWidened(uint8[] memory given) external { small = given; table[3] = small; }
    function copyFromStorage(uint8 n) external { table[n] = table[3]; small.push(n); }
    function setLength(uint8[] memory zero) external returns (uint8) { small = new uint8[](2); (small[1], small) = (4, zero); small.push(); return small[small.length - 1]; }
    function pushExternal(uint8 n) external { externals.push(this.clearAll); if (n > 3) externals.pop(); }
    function pushInternal(uint8 n) external returns (uint256) { internals.push(n % 2 == 0 ? first : second); uint256 r = internals[internals.length - 1](); if (n > 4) internals.pop(); return r; }
    function first() internal returns (uint256) { return x++; }
    function second() internal view returns (uint256) { return x; }

    // --- deletions ---
    function fill(uint8 a, string calldata text) external { one.a = a; one.b = a; one.list.push(a); one.inner = Inner(a, -int24(int8(a >> 1)), msg.sender, true); one.e = 0x0102030405; one.text = text; }
    function keep(uint256 n) external { known[n] = one; many.push(one); flat[uint8(n)] = Flat(7, Kind.C, 0x010203); }
    function forget(uint256 n) external { delete known[n]; delete flat[uint8(n)].k; }
    function forgetFlat(uint8 n) external { delete flat[n]; }
    function clearOne(uint8 what) external { if (what % 4 == 0) delete one; else if (what % 4 == 1) delete one.inner; else if (what % 4 == 2) delete one.list; else { delete one.b; delete one.e; } }
    function popMany() external { many.pop(); }
    function popSmall() external { small.pop(); }
    function popFlats() external { flats.pop(); }
    function popRows() external { rows.pop(); }
    function clearSeven(uint8 n) external { if (n % 2 == 0) delete seven; else delete seven[n % 7]; delete grid[n % 2]; }
    function clearAll() external { delete small; delete signed; delete people; delete kinds; delete rows; delete flats; }
    function replace(uint8 a) external { Packed memory made; made.a = a; made.text = "replaced"; one = made; many.push() = made; }
}
