// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title A pool of native currency that is divided into shares; what comes in as a reward makes each of them worth more
abstract contract SharePool {
    using Math for uint256;

    /// @dev Shares that nobody holds, so that the pool is never empty again after its first stake
    uint256 internal constant LOCKED_SHARES = 1000;

    uint256 public totalShares;

    mapping(uint256 position => uint256) public sharesOf;

    /// @notice Native currency that all shares together are worth.
    function poolAssets() public view returns (uint256) {
        return address(this).balance;
    }

    /// @notice What a position is worth now.
    function valueOf(uint256 position) public view returns (uint256) {
        return _toAssets(sharesOf[position]);
    }

    /// @dev `assetsBefore`: the pool without what is put in
    function _toShares(uint256 amount, uint256 assetsBefore) internal view returns (uint256) {
        return totalShares == 0 ? amount - LOCKED_SHARES : amount.mulDiv(totalShares, assetsBefore);
    }

    function _toAssets(uint256 shares) internal view returns (uint256) {
        return totalShares == 0 ? 0 : shares.mulDiv(poolAssets(), totalShares);
    }

    function _addShares(uint256 position, uint256 shares) internal {
        if (totalShares == 0) totalShares = LOCKED_SHARES;
        sharesOf[position] = shares;
        totalShares += shares;
    }

    function _removeShares(uint256 position) internal returns (uint256 shares) {
        shares = sharesOf[position];
        delete sharesOf[position];
        totalShares -= shares;
    }
}
