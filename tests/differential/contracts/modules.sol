// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Names that are no values, in statements that nobody uses: what stands around them is evaluated all the same.
import "./modules.sol" as Here;

uint256 constant FOUR = 4;

function noted(uint256[] storage list, uint256 value) returns (uint256) {
    list.push(value);
    return value;
}

contract Modules {
    uint256[] seen;

    function asks(bool answer) internal returns (bool) {
        seen.push(answer ? 1 : 2);
        return answer;
    }

    function choose(bool a, bool b) external returns (uint256[] memory, uint256) {
        (Here, asks(a) ? Here : Here);
        asks(b) ? Here : Here;
        ((asks(a) ? Here : Here), (Here, asks(b) ? Here : Here));
        (noted(seen, 7), Here.FOUR, this, msg.sender, abi, uint256);
        uint256 four = (asks(a) ? Here : Here).FOUR;
        asks(a) ? (noted(seen, 8), 1) : (noted(seen, 9), 2);
        (asks(b) ? (noted(seen, 3), noted(seen, 4)) : (noted(seen, 5), noted(seen, 6)));
        return (seen, four);
    }
}
