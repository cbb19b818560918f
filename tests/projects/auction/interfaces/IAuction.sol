// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title English auctions, one lot after the other
interface IAuction {
    struct Lot {
        uint256 tokenId;
        uint64 endsAt;
        bool isSettled;
        address leader;
        uint256 highBid;
        uint256 reserve;
    }

    event LotOpened(uint256 indexed tokenId, uint256 reserve, uint64 endsAt);
    event BidPlaced(uint256 indexed tokenId, address indexed bidder, uint256 amount);
    event LotSettled(uint256 indexed tokenId, address winner, uint256 amount);
    event CreditFunded(address indexed account, uint256 amount);
    event CreditAssigned(address indexed from, address indexed to, uint256 amount);
    event CreditWithdrawn(address indexed account, uint256 amount);

    error AuctionClosed();
    error AuctionRunning();
    error BidTooLow(uint256 minimum);
    error NotEnoughCredit(uint256 have);
    error NothingToWithdraw();
    error PayoutFailed();

    function bid(uint256 amount) external;

    function settle() external;
}
