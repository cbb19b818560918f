// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title The exit fee of a vault, and who gets it
abstract contract VaultFees is Ownable {
    uint256 public constant MAX_FEE_BPS = 500;

    uint256 public exitFeeBps;
    address public feeRecipient;

    event ExitFeeChanged(uint256 feeBps);
    event FeeRecipientChanged(address recipient);

    error FeeTooHigh(uint256 feeBps);
    error ZeroAddress();

    constructor(address recipient, uint256 feeBps) {
        _setFee(feeBps);
        _setRecipient(recipient);
    }

    function setExitFee(uint256 feeBps) external onlyOwner {
        _setFee(feeBps);
    }

    function setFeeRecipient(address recipient) external onlyOwner {
        _setRecipient(recipient);
    }

    function _setFee(uint256 feeBps) private {
        if (feeBps > MAX_FEE_BPS) revert FeeTooHigh(feeBps);
        exitFeeBps = feeBps;
        emit ExitFeeChanged(feeBps);
    }

    function _setRecipient(address recipient) private {
        if (recipient == address(0)) revert ZeroAddress();
        feeRecipient = recipient;
        emit FeeRecipientChanged(recipient);
    }
}
