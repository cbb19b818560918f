// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28 || ~0.9.1||0.9.x;

// The file imports itself, so that names stand behind names of files.
import "./aliases.sol" as Here;
import * as Also from "./aliases.sol";
import {limit as most, Base, Told as Said, twice as doubled} from "./aliases.sol";

uint256 constant limit = 3;
struct Pair { uint256 left; uint256 right; }
enum Side { Left, Right }
type Price is uint128;
event Told(uint256 what);
event Told(bool what);
error Failed();
function twice(bool x) pure returns (bool) { return x; }
function twice(uint256 x) pure returns (uint256) { return 2 * x; }
library Numbers {
    function twofold(uint256 x) internal pure returns (uint256) { return 2 * x; }
    function half(uint256 x) internal pure returns (uint256) { return x / 2; } }
contract Base {}

using {Here.Numbers.twofold} for uint256;

contract Names is Here.Base {
    using Also.Numbers for uint256;
    Here.Pair pair;
    event Asked(uint256 what);
    event Asked(bytes what);
    error Refused();
    function refuse() external pure { revert Here.Failed(); }
    function types() external pure returns (uint256, string memory, bytes4) {
        Here.Pair(1, 2);
        type(Here.Also.Base).creationCode;
        return (uint256(type(Also.Side).max) + uint256(type(Names.Own).min), type(Here.Base).name, Names.Refused.selector);
    }
    enum Own { First, Second }
    function tell() external { emit Said(true); emit Said(3); emit Asked(4); emit Asked("five"); emit Names.Asked(6); }
    function same(bool which) external view returns (bool) {
        function (bool) external view returns (bool) other = this.same;
        function (uint256) internal pure returns (uint256) inner = Here.Numbers.twofold;
        return this.same == other && inner == inner && (which ? other : this.same) != this.same;
    }
    function read(Here.Side side, bool which) external view returns (uint256) {
        Also.Pair memory copy = pair;
        Here.Base base;
        base;
        (Here, Also, Here.limit);
        (abi);
        (msg);
        return copy.left + Here.limit * most + Here.Here.limit + Also.Here.Also.twice(2) + uint256(side).half() +
            uint256(Here.Side.Right) + limit.twofold() + doubled(3) + (which ? Here : Also).limit + Here.Price.unwrap(Here.Price.wrap(1));
    }
}
