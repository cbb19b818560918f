// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What a pool offers to those who stake
interface IStaking {
    event Staked(address indexed user, uint256 indexed position, uint256 amount, uint256 shares);
    event Unstaked(address indexed user, uint256 indexed position, uint256 amount, uint256 shares);
    event RewardAdded(address indexed from, uint256 amount);

    error StakeTooSmall(uint256 amount);
    error NotThePositionsOwner(uint256 position);
    error PayoutFailed();

    function stake() external payable returns (uint256 position);

    function unstake(uint256 position) external returns (uint256 amount);

    function addReward() external payable;
}
