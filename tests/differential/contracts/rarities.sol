pragma solidity ^0.8.28;

// What few contracts do: members and attached functions of one name, heads that assign, functions that are not called.
interface ISource {
    function get(uint256 key) external view returns (uint256);
}

library Sources {
    function get(ISource source, uint256 key, uint256 more) internal view returns (uint256) { return source.get(key) + more; }
    function get(ISource source, bool twice) internal view returns (uint256) { return source.get(twice ? 2 : 1) * 2; }
    function transfer(address to, address other, uint256 amount) internal pure returns (uint256) {
        return uint160(to) ^ uint160(other) ^ amount;
    }
    function push(uint256[] storage list, uint256 value, uint256 times) internal { while (times-- > 0) list.push(value); }
    function mul(uint256 a, uint256 b) internal pure returns (uint256) { return a * b; }
}

library Hidden {
    using {Hidden.half} for uint256;
    function half(uint256 x) private pure returns (uint256) { return x / 2; }
    function quarter(uint256 x) internal pure returns (uint256) { return x.half().half(); }
}

abstract contract Kept {
    uint256 public sum;
    constructor(mapping(uint256 => uint256) storage table, uint256[] storage list, function (uint256) internal pure returns (uint256) f) {
        table[1] = f(20);
        list.push(f(3));
        sum = table[1] + list.length;
    }
}

contract Given {
    uint256 public given;
    constructor(uint256 value) { given = value; }
}

contract Rarities is Kept, Given(Rarities.late = 7) {
    using Sources for *;
    uint256 public immutable late;
    uint256 immutable seven = 7;
    mapping(uint256 => uint256) public table;
    uint256[] public list;

    constructor() Kept(table, list, double) {}

    function double(uint256 x) internal pure returns (uint256) { return x * 2; }
    function get(uint256 key) external view returns (uint256) { return table[key] + key; }
    function attached(uint256 key, bool twice) external view returns (uint256, uint256, uint256) {
        ISource here = ISource(address(this));
        return (here.get(key), here.get(key, 5), here.get(twice));
    }
    function sent(address payable to, uint256 amount) external pure returns (uint256) { return to.transfer(address(1), amount); }
    function pushed(uint256 value, uint8 times) external returns (uint256) {
        list.push(value, times & 7);
        list.push(value);
        return list.length;
    }
    function inParentheses(uint256 a, uint256 b) external pure returns (uint256) { return (a.mul)(b) + ((a.mul))(3); }
    function quarter(uint256 a) external pure returns (uint256) { return Hidden.quarter(a); }

    modifier about(uint256 x) { require(x != 3, "three"); _; sum += x; }
    function assigned(uint256 a) external about(r = a) returns (uint256 r, uint256 s) { s = r + 1; r += 2; }
    function seen(uint256 a) external about(a + r) returns (uint256 r) { r = sum; }

    modifier twice() { _; _; }
    modifier maybe(uint256 x) { if (x > 5) _; }
    function grown(uint256 a) external twice returns (uint256[2] memory r, uint256 n) { r[0] += 1 + (a & 3); r[1] = sum; n += 1; }
    function skipped(uint256 a) external maybe(r = a) twice returns (uint256 r) { r += 1; }
    function known() external pure returns (uint256) { return seven; }
    function uncalled(uint256 gasLimit) external view returns (address, bytes4) {
        this.get{gas: gasLimit};
        return (this.get{gas: gasLimit}.address, this.get{gas: gasLimit}.selector);
    }
    function swapped(bool which, uint256 a, uint256 b) external pure returns (uint256, uint256) {
        (uint256 x, uint256 y) = which ? (a, b) : (b, a);
        return which ? (y, x) : (x, y);
    }
    function idOfAbstract() external pure returns (bytes4) { return type(Open).interfaceId; }
    function receive() external pure returns (uint256) { return 1; }
    function fallback(uint256 x) external pure returns (uint256) { return x; }
    function block(uint256 x) external view returns (uint256) { return block.number + x; }
}

abstract contract Open {
    function one(uint256) external virtual;
    function two() external virtual returns (bool);
    function three() internal virtual;
}
