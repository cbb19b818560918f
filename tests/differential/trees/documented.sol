// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What an interface says
interface IDocumented {
    /// @notice Moves `amount`.
    /// @dev To nobody in particular.
    /// @param amount how much
    /// @return done whether it went well
    /// @return left what is left
    function move(uint256 amount) external returns (bool done, uint256 left);

    /// @notice The price.
    /// @return of one piece
    function price() external view returns (uint256);

    /// @notice Something has moved.
    /// @param who by whom
    event Moved(address indexed who);

    /// @notice Not so much!
    /// @dev See {move}.
    /// @param wanted what was asked for
    error TooMuch(uint256 wanted);
}

/**
 * @title   Documented
 * @author  The authors
 * @notice  A contract
 *          with several lines.
 *
 * @dev     Details,
 * and more.
 * @custom:security  none at all
 */
contract Documented is IDocumented {
    /// @notice How many there are.
    /// @dev Counted by hand.
    uint256 public count;

    /// @inheritdoc IDocumented
    uint256 public price;

    /// Without a tag this is a notice.
    mapping(address => uint256) public balances;

    /// @dev only inside
    /// @custom:note kept
    uint256 internal hidden;

    /// @notice Sets up.
    /// @param start where to begin
    constructor(uint256 start) { count = start; }

    function move(uint256 amount) external virtual returns (bool done, uint256 left) {
        if (amount > count) revert TooMuch(amount);
        emit Moved(msg.sender);
        return (true, 0);
    }

    /// @return first the first
    /// @return the second, without a name
    function two() external view returns (uint256 first, uint256) { return (count, hidden); }

    /* no documentation */
    function none() external {}

    /// @dev nobody outside sees it
    function inside() internal {}
}

contract Derived is Documented(1) {
    /// @inheritdoc IDocumented
    /// @dev Differently.
    function move(uint256 howMuch) external override returns (bool, uint256 rest) { howMuch; return (false, rest = 1); }
}

library Documents {
    /// @notice Adds.
    function add(uint256 a, uint256 b) external pure returns (uint256) { return a + b; }
}

contract NamesResults {
    /// @return half
    /// @return whole and more
    function both(uint256 all) external pure returns (uint256 half, uint256 whole) { return (all / 2, all); }
}
