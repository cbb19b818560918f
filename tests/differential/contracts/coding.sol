pragma solidity ^0.8.28;

// The ABI in both directions, nested and strict.
contract Coding {
    enum Kind { A, B, C }
    struct Point { int64 x; int64 y; }
    struct Order { address maker; uint256[2] amounts; bytes data; Point[] path; Kind kind; }

    function points(Point[] calldata ps) external pure returns (int256 x, int256 y) { for (uint256 i; i < ps.length; i++) { x += ps[i].x; y += ps[i].y; } }
    function pointsInMemory(Point[] memory ps) external pure returns (Point[] memory) { for (uint256 i; i < ps.length; i++) (ps[i].x, ps[i].y) = (ps[i].y, ps[i].x); return ps; }
    function order(Order calldata o) external pure returns (address, uint256, uint256, Kind) { return (o.maker, o.amounts[1], o.path.length, o.kind); }
    function orderInMemory(Order memory o) external pure returns (Order memory) { o.amounts[0]++; return o; }
    function orders(Order[] calldata os) external pure returns (bytes32 h) { for (uint256 i; i < os.length; i++) h = keccak256(abi.encode(h, os[i])); }
    function nested(uint8[][] calldata xs) external pure returns (uint256 s) { for (uint256 i; i < xs.length; i++) for (uint256 j; j < xs[i].length; j++) s += xs[i][j]; }
    function nestedInMemory(uint16[2][] memory xs) external pure returns (uint16[2][] memory) { return xs; }
    function fixedOf(bytes2[3] calldata xs, bool[2] memory ys) external pure returns (bytes2, bool) { return (xs[2], ys[0] && ys[1]); }
    function texts(string[2] memory xs) external pure returns (string memory, string memory) { return (xs[1], xs[0]); }
    function mixed(uint8 a, bytes calldata b, int16[] calldata c, string memory d) external pure returns (bytes memory) { return abi.encode(a, b, c, d); }
    function packed(uint8 a, bytes memory b, int16[] memory c, bytes3 d, bool e, address f) external pure returns (bytes memory) { return abi.encodePacked(a, b, c, d, e, f); }
    function decode(bytes calldata data) external pure returns (uint8, address, bool) { return abi.decode(data, (uint8, address, bool)); }
    function decodeDynamic(bytes memory data) external pure returns (uint256[] memory, string memory) { return abi.decode(data, (uint256[], string)); }
    function roundTrip(Point memory p, uint32[] memory xs) external pure returns (Point memory q, uint32[] memory ys) { (q, ys) = abi.decode(abi.encode(p, xs), (Point, uint32[])); }
    function withSelector(uint256 a, bytes4 s) external pure returns (bytes memory, bytes memory) { return (abi.encodeWithSelector(s, a), abi.encodeWithSignature("f(uint256)", a)); }
    function call(uint256 a) external view returns (bytes memory) { return abi.encodeCall(this.echo, (a, "x")); }
    function echo(uint256 a, string calldata b) external pure returns (uint256, string calldata) { return (a, b); }
    function kinds(Kind[] calldata ks) external pure returns (Kind[] memory) { return ks; }
    function last(uint256[] calldata xs) external pure returns (uint256[] calldata) { return xs[xs.length / 2:]; }
    function selector() external pure returns (bytes4, bytes4) { return (msg.sig, this.echo.selector); }
    function many(uint256 a, uint256 b, uint256 c, uint256 d, uint256 e, uint256 f, uint256 g, uint256 h, uint256 i, uint256 j)
        external pure returns (uint256, uint256, uint256, uint256, uint256) { unchecked { return (a + j, b + i, c + h, d + g, e * f); } }
    function data() external pure returns (bytes calldata, uint256) { return (msg.data, msg.data.length); }
}
