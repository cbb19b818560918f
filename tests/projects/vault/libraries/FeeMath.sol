// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Basis point helpers, always rounding in favour of the protocol
library FeeMath {
    using Math for uint256;

    uint256 internal constant BPS = 10_000;

    /// @dev fee that has to be taken out of `assets`
    function feeOn(uint256 assets, uint256 feeBps) internal pure returns (uint256) {
        return assets.mulDiv(feeBps, BPS, Math.Rounding.Ceil);
    }
}
