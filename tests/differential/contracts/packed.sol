pragma solidity ^0.8.28;

// Several values in a slot: fields read, written, cleared and copied.
contract Packed {
    enum State { Idle, Busy, Done }
    struct Position { uint128 amount; uint64 since; int32 delta; bool open; State state; }
    struct Pair { address who; uint96 share; }

    uint8 public a = 7;
    int16 public b = -3;
    bool public c;
    bytes5 public d = "hello";
    address public e;
    uint256 public f;
    State public g;
    mapping(address => Position) public positions;
    Pair[] public pairs;
    uint32[] public numbers;
    uint64[6] public fixedOnes;
    mapping(uint256 => bool) public seen;

    function setAll(uint8 a_, int16 b_, bool c_, bytes5 d_, address e_) external { a = a_; b = b_; c = c_; d = d_; e = e_; }
    function readAll() external view returns (uint8, int16, bool, bytes5, address, State) { return (a, b, c, d, e, g); }
    function bump() external { a++; b--; c = !c; f += a; }
    function clear() external { delete a; delete b; delete c; delete d; delete e; }
    function next() external { g = State((uint8(g) + 1) % 3); }
    function toState(uint8 n) external pure returns (State) { return State(n); }
    function open(uint128 amount, int32 delta) external {
        Position storage p = positions[msg.sender];
        require(!p.open, "open already");
        p.amount = amount;
        p.since = uint64(block.timestamp);
        p.delta = delta;
        p.open = true;
        p.state = State.Busy;
    }
    function grow(uint128 by) external { Position storage p = positions[msg.sender]; require(p.open); p.amount += by; p.delta -= 1; }
    function close() external { delete positions[msg.sender]; }
    function position(address who) external view returns (Position memory) { return positions[who]; }
    function write(address who, Position calldata p) external { positions[who] = p; }
    function move(address from, address to) external { Position memory p = positions[from]; p.state = State.Done; positions[to] = p; delete positions[from]; }
    function addPair(address who, uint96 share) external { pairs.push(Pair(who, share)); }
    function setShare(uint256 i, uint96 share) external { pairs[i].share = share; }
    function dropPair() external { pairs.pop(); }
    function allPairs() external view returns (Pair[] memory) { return pairs; }
    function pushNumber(uint32 n) external returns (uint256) { numbers.push(n); return numbers.length; }
    function setNumber(uint256 i, uint32 n) external { numbers[i] = n; }
    function allNumbers() external view returns (uint32[] memory) { return numbers; }
    function replaceNumbers(uint32[] calldata to) external { numbers = to; }
    function setFixed(uint8 i, uint64 v) external { fixedOnes[i] = v; }
    function allFixed() external view returns (uint64[6] memory) { return fixedOnes; }
    function replaceFixed(uint64[6] memory to) external { fixedOnes = to; }
    function see(uint256 x) external returns (bool before) { before = seen[x]; seen[x] = true; }
}
