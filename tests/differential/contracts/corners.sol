// SPDX-License-Identifier: Apache-2.0
// Corners of the language where a compiler is easily right about the rule and wrong about the case.
pragma solidity ^0.8.24;
pragma abicoder v1;

contract CornersBase {
    function named() public virtual returns (uint256) { return 1; }
}

contract Corners is CornersBase {
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

    function decodedPays(address a) external pure returns (address payable) { return abi.decode(abi.encode(a), (address)); }
    function nested(uint256 a) external pure returns (uint256 x, uint256 y, uint256 z) { (x, (y, z)) = (a, (3, a)); (x, (y, )) = (y, (z, 9)); }
}
