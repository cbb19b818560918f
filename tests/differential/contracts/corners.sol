// SPDX-License-Identifier: Apache-2.0
// Corners of the language where a compiler is easily right about the rule and wrong about the case.
pragma solidity ^0.8.24;
pragma abicoder v1;

library CornersLibrary {
    function applied(function (uint256) internal pure returns (uint256) f, uint256 x) internal pure returns (uint256) { return f(x); }
    function push(uint256[] memory list, uint256 x) internal pure returns (uint256) { return list.length + x; }
}

contract CornersBase {
    function named() public virtual returns (uint256) { return 1; }
    fallback() external virtual { }
}

contract Corners is CornersBase {
    using CornersLibrary for *;

    uint256 count;
    bytes text = "text";

    // Names of what has no value may stand alone.
    function named() public override returns (uint256) { super; msg; abi; keccak256; Corners; uint256; return super.named() + 1; }

    // What assembly leaves in a narrow variable is cut off where Solidity reads it, and not before.
    function unclean(uint8 a) external pure returns (uint256 raw, uint256 cut, uint8 back) {
        assembly { a := or(a, 0x1200) raw := a }
        cut = a;
        back = a;
    }
    function uncleanTruth(bool b) external pure returns (uint256 raw, uint256 seen) {
        assembly { b := mul(b, 6) raw := b }
        if (b) seen = 1;
    }

    // What is evaluated for its effect alone.
    function counted() internal returns (uint256[3] memory) { ++count; }
    function countedBytes() internal returns (bytes4) { ++count; }
    function counting() internal returns (Corners) { ++count; return this; }
    function effects() external returns (uint256, uint256) { return (counted().length + countedBytes().length, count); }
    function encoded() external returns (bytes memory, uint256) { return (abi.encodeCall(counting().inParentheses, (1)), count); }
    fallback(bytes calldata given) external override returns (bytes memory) { return given[given.length / 2:]; }
    function unknown(bytes calldata given) external returns (bool, bytes memory) { return address(this).call(bytes.concat(hex"00000001", given)); }
    function selected() external returns (bytes4, bytes4, uint256) { return (counting().effects.selector, this.effects.selector, count); }

    // A length in storage that no string has.
    function corrupted(uint8 head, bytes calldata given) external { assembly { sstore(text.slot, head) } text = given; }
    function corruptedMemory(uint8 head, bytes memory given) external { assembly { sstore(text.slot, head) } text = given; }

    uint256[2**100] many;
    uint256 behind;
    uint256 constant sizes = 7;
    function sparse(uint256 i) external returns (uint256, uint256, uint256) { uint256[sizes / 2] memory few; many[i] = 5; behind = 1; return (many[i], many.length, few.length); }

    function pay(uint256 a) external payable returns (uint256) { return a; }
    function inParentheses(uint8 a) external payable returns (uint256) { return (this.pay{value: 0})(a) + (this.pay){gas: 100000}(a) + ((this.pay))(a); }
    function double(uint256 x) internal pure returns (uint256) { return x * 2; }
    function attached(uint8 a) external pure returns (uint256, uint256) { uint256[] memory list = new uint256[](3); return (double.applied(a), list.push(a)); }

    function decodedPays(address a) external pure returns (address payable) { return abi.decode(abi.encode(a), (address)); }
    function nested(uint256 a) external pure returns (uint256 x, uint256 y, uint256 z) { (x, (y, z)) = (a, (3, a)); (x, (y, )) = (y, (z, 9)); }
}
