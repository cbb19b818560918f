// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IAuction} from "./interfaces/IAuction.sol";

/// @title Money of bidders and sellers that is kept until they spend or fetch it
abstract contract BidderCredit is IAuction, ReentrancyGuard {
    mapping(address account => uint256) public credit;

    /// @notice Adds native currency to the credit of the caller.
    function fund() external payable nonReentrant {
        _give(msg.sender, msg.value);
        emit CreditFunded(msg.sender, msg.value);
    }

    /// @notice Pays out all credit of the caller.
    function withdrawCredit() external nonReentrant {
        uint256 amount = credit[msg.sender];
        if (amount == 0) revert NothingToWithdraw();
        (bool ok,) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PayoutFailed();
        credit[msg.sender] = 0;
        emit CreditWithdrawn(msg.sender, amount);
    }

    function _give(address account, uint256 amount) internal {
        credit[account] += amount;
    }

    function _take(address account, uint256 amount) internal {
        uint256 have = credit[account];
        if (have < amount) revert NotEnoughCredit(have);
        credit[account] = have - amount;
    }
}
