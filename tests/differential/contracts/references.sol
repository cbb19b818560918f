pragma solidity ^0.8.28;

// Arrays and structs: what is copied and what is referred to.
contract References {
    struct Item { uint256 id; uint256[] parts; string label; }
    struct Small { uint64 a; uint64 b; uint128 c; }
    Item[] items;
    Small[] smalls;
    uint256[] list;
    uint256[][] grid;
    uint8[10] digits;
    mapping(uint256 => Item) byId;
    mapping(address => uint256[]) listsOf;

    function addItem(uint256 id, uint256[] calldata parts, string calldata label) external { items.push(Item(id, parts, label)); byId[id] = items[items.length - 1]; }
    function item(uint256 i) external view returns (Item memory) { return items[i]; }
    function itemById(uint256 id) external view returns (uint256, uint256[] memory, string memory) { Item storage it = byId[id]; return (it.id, it.parts, it.label); }
    function swapItems(uint256 i, uint256 j) external { Item memory t = items[i]; items[i] = items[j]; items[j] = t; }
    function popItem() external { items.pop(); }
    function partTotal(uint256 i) external view returns (uint256 s) { Item storage it = items[i]; for (uint256 k = 0; k < it.parts.length; k++) s += it.parts[k]; }
    function setSmalls(Small[] calldata to) external { delete smalls; for (uint256 i = 0; i < to.length; i++) smalls.push(to[i]); }
    function bumpSmall(uint256 i) external returns (Small memory) { Small storage s = smalls[i]; s.a++; s.b += s.a; s.c *= 2; return s; }
    function allSmalls() external view returns (Small[] memory) { return smalls; }
    function setList(uint256[] memory to) external { list = to; }
    function addToList(uint256 x) external { list.push(x); }
    function pushDefault() external { list.push(); }
    function listAt(uint256 i) external view returns (uint256) { return list[i]; }
    function removeAt(uint256 i) external { require(i < list.length, "no such index"); list[i] = list[list.length - 1]; list.pop(); }
    function allOfList() external view returns (uint256[] memory) { return list; }
    function clearList() external { delete list; }
    function growGrid(uint256[] calldata row) external { grid.push(row); }
    function cell(uint256 i, uint256 j) external view returns (uint256) { return grid[i][j]; }
    function setCell(uint256 i, uint256 j, uint256 x) external { grid[i][j] = x; }
    function wholeGrid() external view returns (uint256[][] memory) { return grid; }
    function countDigits(uint256 n) external { while (n > 0) { digits[n % 10]++; n /= 10; } }
    function allDigits() external view returns (uint8[10] memory) { return digits; }
    function mine(uint256 x) external returns (uint256[] memory) { listsOf[msg.sender].push(x); return listsOf[msg.sender]; }
    function doubled(uint256[] memory xs) public pure returns (uint256[] memory ys) { ys = new uint256[](xs.length); for (uint256 i = 0; i < xs.length; i++) ys[i] = xs[i] * 2; }
    function inPlace(uint256[] memory xs) external pure returns (uint256[] memory) { uint256[] memory ys = xs; if (ys.length > 0) ys[0] = 7; return xs; }
    function literals(uint8 a) external pure returns (uint256[3] memory x, uint8[2] memory y) { x = [uint256(a), 2, 3]; y = [a, 1]; }
    function structs(uint64 a) external pure returns (Small memory s, Small memory t) { s = Small({c: 3, a: a, b: 2}); t = s; t.b = 9; s = Small(a, a, a); }
    function resized(uint8 n) external pure returns (bytes memory b, uint256[] memory xs) { b = new bytes(n % 70); xs = new uint256[](n % 5); if (xs.length > 2) xs[2] = 1; }
}
