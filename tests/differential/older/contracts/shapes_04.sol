pragma solidity ^0.4.24;

contract Empty {}
interface Priced { function price(uint x) returns (uint); function () payable; }
contract Answers { uint public count; function price(uint x) public returns (uint) { count++; return x * 2; } function () public payable { count += 100; } }
contract Below { function virtual() public pure returns (uint) { return 1; } function calldata(uint x) internal pure returns (uint) { return x + 1; } }

// Names that are words today, fallbacks of interfaces, arrays in memory, and what else was different.
contract Shapes is Below {
    enum Kind { A, B, C }
    struct Inner { uint8 a; uint8 b; uint16[] list; }
    struct Outer { Inner inner; mapping (uint => Kind) kinds; string text; }
    Outer outer;
    Outer[] outers;
    Answers answers = new Answers();
    uint constant public YEAR = 1 years;
    uint64 constant small = 2 ** 40;
    address[] people;
    string public override = "a name";
    bytes data;
    uint public calls;

    function immutable(uint x) public view returns (uint) { return calldata(x) + calls; }
    function ask(uint x) public returns (uint) { calls = Priced(answers).price(x); return answers.count(); }
    function pay() public payable returns (bool) { return address(answers).call.value(msg.value)(); }
    function payAll() public { answers.transfer(this.balance / 3); }
    function sendSome(uint x) public returns (bool) { return answers.send(x % 4); }
    function fill(uint8 a, uint16 b) public { outer.inner.a = a; outer.inner.list.push(b); outer.kinds[b] = Kind.C; outer.text = "filled"; }
    function copied() public returns (uint, uint) { Inner memory inner = outer.inner; inner.a++; outer.inner = inner; return (inner.list.length, inner.a); }
    function made(uint8 a) public returns (uint) { uint16[] memory list = new uint16[](a % 5); outers.push(Outer(Inner(a, 1, list), "made")); return outers.length; }
    function kindOf(uint b) public view returns (Kind, uint) { return (outer.kinds[b], uint(outer.kinds[b])); }
    function toKind(uint8 a) public pure returns (Kind) { return Kind(a); }
    function taken(Kind k) public pure returns (uint) { return uint(k); }
    function join(address a) public returns (uint) { people.push(a); people.length++; return people.length; }
    function leave(uint i) public { if (people.length == 0) return; people[i] = people[people.length - 1]; delete people[people.length - 1]; people.length--; }
    function person(uint i) public view returns (address) { return people[i]; }
    function put(bytes b) public { data = b; }
    function at(uint i) public view returns (byte) { return data[i]; }
    function put(uint i, byte b) public { data[i] = b; }
    function text(string s) public returns (uint) { override = s; return bytes(override).length; }
    function power(uint8 a, uint8 b) public pure returns (uint, uint) { return (a ** b, 2 ** b); }
    function octal() public pure returns (uint, bytes4, bytes) { return (0x10 + 1e3, 0x01020304, hex"0102"); }
    function negative(int8 a) public pure returns (int8, uint8, uint) { return (-a, uint8(-a), uint(a)); }
    function unsigned(uint8 a) public pure returns (uint8, uint) { return (-a, uint(-int(a))); }
    function sums(int8 a, uint8 b) public pure returns (int16 c) { c = a; c += b; c -= 3; }
    function inverse(uint16 a) public pure returns (uint16, bool) { return (~a, !(a > 3)); }
    function divide(uint a, uint b, int c, int d) public pure returns (uint, int, uint) { return (a / b, c / d, a % b); }
    function outerFunction(uint x) external view returns (uint) { return this.immutable(x); }
    function multi(uint x) public view returns (uint, uint) { return x > 5 ? (x, x) : (1, 2); }
    modifier counted(uint by) { uint before = calls; _; require(calls >= before + by); }
    function count(uint x) public counted(1) returns (uint before) { before = calls; calls += x % 3; }
    function failed() public returns (bool) { return this.call(bytes4(keccak256("nothing()"))); }
    function assembled(uint x) public view returns (uint r) { assembly { r := add(sload(calls_slot), x) } }
    function bare() public view returns (uint r, uint s) { assembly { r := add(calldatasize, gt(gas, 5)) mstore(0, caller) s := sha3(0, 0x20) } }
}
