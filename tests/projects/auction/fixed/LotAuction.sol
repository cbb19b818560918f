// SPDX-License-Identifier: MIT
// The two versions of this file differ in the modifiers of assignCredit.
pragma solidity ^0.8.20;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {BidderCredit} from "../BidderCredit.sol";

/// @title The owner's tokens of one collection, auctioned one after the other
contract LotAuction is BidderCredit, Ownable, ERC721Holder {
    uint256 public constant MIN_INCREMENT_BPS = 500;
    uint64 public constant DURATION = 3 days;
    uint64 public constant EXTENSION = 10 minutes;

    IERC721 public immutable collection;

    Lot public lot;

    constructor(IERC721 collection_, address owner_) Ownable(owner_) {
        collection = collection_;
        lot.isSettled = true;
    }

    /// @notice Opens the auction of a token, which moves to escrow.
    function open(uint256 tokenId, uint256 reserve) external onlyOwner nonReentrant {
        if (!lot.isSettled) revert AuctionRunning();
        uint64 endsAt = uint64(block.timestamp) + DURATION;
        lot = Lot(tokenId, endsAt, false, address(0), 0, reserve);
        collection.transferFrom(msg.sender, address(this), tokenId);
        emit LotOpened(tokenId, reserve, endsAt);
    }

    /// @notice Bids with credit of the caller; who was leading gets theirs back.
    function bid(uint256 amount) external nonReentrant {
        if (lot.isSettled || block.timestamp >= lot.endsAt) revert AuctionClosed();
        uint256 minimum = minimumBid();
        if (amount < minimum || amount == 0) revert BidTooLow(minimum);

        _take(msg.sender, amount);
        if (lot.leader != address(0)) _give(lot.leader, lot.highBid);
        lot.leader = msg.sender;
        lot.highBid = amount;
        if (lot.endsAt - uint64(block.timestamp) < EXTENSION) {
            lot.endsAt = uint64(block.timestamp) + EXTENSION;
        }
        emit BidPlaced(lot.tokenId, msg.sender, amount);
    }

    /// @notice Ends the auction: the winner gets the token, the owner gets credit.
    function settle() external nonReentrant {
        if (lot.isSettled) revert AuctionClosed();
        if (block.timestamp < lot.endsAt) revert AuctionRunning();
        lot.isSettled = true;

        address winner = lot.leader == address(0) ? owner() : lot.leader;
        _give(owner(), lot.highBid);
        collection.safeTransferFrom(address(this), winner, lot.tokenId);
        emit LotSettled(lot.tokenId, winner, lot.highBid);
    }

    /// @notice Hands all credit of the caller to another account.
    function assignCredit(address to) external nonReentrant {
        uint256 amount = credit[msg.sender];
        _take(msg.sender, amount);
        _give(to, amount);
        emit CreditAssigned(msg.sender, to, amount);
    }

    function minimumBid() public view returns (uint256) {
        if (lot.leader == address(0)) return lot.reserve;
        return lot.highBid + (lot.highBid * MIN_INCREMENT_BPS) / 10_000;
    }
}
