pragma solidity ^0.8.28;

type Price is uint128;
using {plus as +, less as <, toPrice} for Price global;
function plus(Price a, Price b) pure returns (Price) { return Price.wrap(Price.unwrap(a) + Price.unwrap(b)); }
function less(Price a, Price b) pure returns (bool) { return Price.unwrap(a) < Price.unwrap(b); }
function toPrice(Price a) pure returns (uint256) { return Price.unwrap(a); }

library Numbers {
    function min(uint256 a, uint256 b) internal pure returns (uint256) { return a < b ? a : b; }
    function max(uint256 a, uint256 b) internal pure returns (uint256) { return a > b ? a : b; }
    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) { return a == 0 ? 0 : (a - 1) / b + 1; }
}
library Sets {
    struct Set { uint256[] values; mapping(uint256 => uint256) positions; }
    function add(Set storage set, uint256 value) internal returns (bool) {
        if (contains(set, value)) return false;
        set.values.push(value);
        set.positions[value] = set.values.length;
        return true;
    }
    function remove(Set storage set, uint256 value) internal returns (bool) {
        uint256 position = set.positions[value];
        if (position == 0) return false;
        uint256 last = set.values[set.values.length - 1];
        set.values[position - 1] = last;
        set.positions[last] = position;
        set.values.pop();
        delete set.positions[value];
        return true;
    }
    function contains(Set storage set, uint256 value) internal view returns (bool) { return set.positions[value] != 0; }
}

contract Libraries {
    using Numbers for uint256;
    using Sets for Sets.Set;
    Sets.Set set;
    Price public best;

    function min(uint256 a, uint256 b) external pure returns (uint256) { return a.min(b); }
    function max3(uint256 a, uint256 b, uint256 c) external pure returns (uint256) { return a.max(b).max(c); }
    function ceilDiv(uint256 a, uint256 b) external pure returns (uint256) { return Numbers.ceilDiv(a, b); }
    function add(uint256 x) external returns (bool) { return set.add(x); }
    function remove(uint256 x) external returns (bool) { return set.remove(x); }
    function contains(uint256 x) external view returns (bool) { return set.contains(x); }
    function values() external view returns (uint256[] memory) { return set.values; }
    function sumPrices(Price a, Price b) external pure returns (Price) { return a + b; }
    function bid(Price p) external returns (bool better) { if (best < p) { best = p; better = true; } }
    function bestPlus(Price p) external view returns (uint256) { return (best + p).toPrice(); }
}
