// SPDX-License-Identifier: MIT
// The two versions of this file differ in the order of two lines of stake.
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {SharePool} from "../SharePool.sol";
import {IStaking} from "../interfaces/IStaking.sol";

/// @title Stakes native currency for a position that is an ERC-721 token
contract PositionStaking is IStaking, SharePool, ERC721, Ownable, Pausable {
    uint256 public constant MIN_STAKE = 0.001 ether;

    uint256 public lastPosition;

    constructor(address owner_) ERC721("Staking Position", "POS") Ownable(owner_) {}

    /// @notice Stakes the native currency that is sent along.
    function stake() external payable whenNotPaused returns (uint256 position) {
        if (msg.value < MIN_STAKE) revert StakeTooSmall(msg.value);
        uint256 shares = _toShares(msg.value, poolAssets() - msg.value);
        position = ++lastPosition;
        _safeMint(msg.sender, position);
        _addShares(position, shares);
        emit Staked(msg.sender, position, msg.value, shares);
    }

    /// @notice Ends a position of the caller and pays what it is worth.
    function unstake(uint256 position) external returns (uint256 amount) {
        if (ownerOf(position) != msg.sender) revert NotThePositionsOwner(position);
        amount = valueOf(position);
        uint256 shares = _removeShares(position);
        _burn(position);
        (bool ok,) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PayoutFailed();
        emit Unstaked(msg.sender, position, amount, shares);
    }

    /// @notice Gives native currency to all who have staked.
    function addReward() external payable {
        emit RewardAdded(msg.sender, msg.value);
    }

    function pause() external onlyOwner {
        _pause();
    }

    function unpause() external onlyOwner {
        _unpause();
    }
}
