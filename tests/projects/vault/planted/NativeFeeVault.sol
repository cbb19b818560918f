// SPDX-License-Identifier: MIT
// The two versions of this file differ in where redeemNative burns.
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {VaultFees} from "../VaultFees.sol";
import {IWrappedNative} from "../interfaces/IWrappedNative.sol";
import {FeeMath} from "../libraries/FeeMath.sol";

/// @title ERC-4626 vault over wrapped native currency with an exit fee and native redemption
contract NativeFeeVault is ERC4626, VaultFees, ReentrancyGuard {
    using SafeERC20 for IERC20;
    using FeeMath for uint256;

    IWrappedNative public immutable wrapped;

    event NativeRedeemed(address indexed owner, uint256 shares, uint256 paid, uint256 fee);

    error NativeTransferFailed();
    error UnexpectedNative();
    error InsufficientShares();

    constructor(IWrappedNative wrapped_, address owner_, address feeRecipient_, uint256 feeBps)
        ERC20("Native Fee Vault", "nfV")
        ERC4626(wrapped_)
        Ownable(owner_)
        VaultFees(feeRecipient_, feeBps)
    {
        wrapped = wrapped_;
    }

    receive() external payable {
        if (msg.sender != address(wrapped)) revert UnexpectedNative();
    }

    /// @notice Deposits native currency instead of the wrapped token.
    function depositNative() external payable nonReentrant returns (uint256 shares) {
        shares = previewDeposit(msg.value);
        wrapped.deposit{value: msg.value}();
        _mint(msg.sender, shares);
        emit Deposit(msg.sender, msg.sender, msg.value, shares);
    }

    /// @notice Redeems the caller's shares to native currency, less the exit fee.
    function redeemNative(uint256 shares) external nonReentrant returns (uint256 paid) {
        if (balanceOf(msg.sender) < shares) revert InsufficientShares();
        uint256 assets = super.previewRedeem(shares);
        uint256 fee = assets.feeOn(exitFeeBps);
        paid = assets - fee;

        wrapped.withdraw(paid);
        if (fee > 0) {
            IERC20(asset()).safeTransfer(feeRecipient, fee);
        }
        (bool ok,) = payable(msg.sender).call{value: paid}("");
        if (!ok) revert NativeTransferFailed();
        _burn(msg.sender, shares);

        emit NativeRedeemed(msg.sender, shares, paid, fee);
    }

    function previewRedeem(uint256 shares) public view override returns (uint256) {
        uint256 assets = super.previewRedeem(shares);
        return assets - assets.feeOn(exitFeeBps);
    }

    function previewWithdraw(uint256 assets) public view override returns (uint256) {
        return super.previewWithdraw(assets + assets.feeOn(exitFeeBps));
    }

    function maxWithdraw(address owner_) public view override returns (uint256) {
        return previewRedeem(balanceOf(owner_));
    }

    /// @dev The exit fee of the wrapped path is left to the remaining holders.
    function _decimalsOffset() internal pure override returns (uint8) {
        return 3;
    }
}
