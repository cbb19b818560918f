// SPDX-License-Identifier: MIT
pragma solidity >=0.8.20 <0.9.0;
pragma abicoder v2;
/// A price.
type Price is uint128;
/** @title Doc enum */
enum Color { Red, Green }
/// @notice struct doc
struct Pair { uint256 a; /* x */ address payable b; mapping(address owner => uint256 amount) m; uint8[3][] nested;
function(uint) external returns (bool) f; }
using {addP as +, show} for Price global;
function addP(Price a, Price b) pure returns (Price) { return Price.wrap(Price.unwrap(a) + Price.unwrap(b)); }
function show(Price a) pure returns (uint128) { return Price.unwrap(a); }
function over(uint a) pure returns (uint) { return a; }
function over(bool a) pure returns (uint) { return a ? 1 : 0; }
uint256 constant LIMIT = 3;
error Bad(uint256 code, string why);
event Free(uint256 indexed a) anonymous;
interface I { function x(uint[] calldata d) external returns (bytes memory); event E(address a);
function y() external view returns (uint a, bool b); error IE(); }
abstract contract A { 
    modifier m(uint a) virtual; modifier n virtual { _; }
    function g(uint) internal virtual returns (uint); function g(bool) internal pure returns (uint) { return 1; }
    constructor(uint a) payable { require(a > 0); }
}
library L { struct S { uint a; } function pub(S storage s) public view returns (uint) { return s.a; }
function inner(uint[] memory a) internal pure returns (uint) { return a.length; }
function c(string calldata s) external pure returns (uint) { return bytes(s).length; } }
/**
 * @title Odd
 *
 * Two paragraphs.
 * @author Me
 */
contract Odd is A, I {
    using L for uint[]; using L for *;
    /// @notice state
    mapping(address who => mapping(uint => Pair[2])) internal map;
    string public name = unicode"grüß" unicode"";
    bytes hexy = hex"00ff" hex"aa";
    uint256[LIMIT * 2] public fixedOne;
    address payable immutable self; address[] list; uint transient tr;
    L.S private ls; Color public color = Color.Green; function (uint) internal returns (uint) fp;
    bytes32 constant H = keccak256("x"); int8 neg = -5; uint big = 115792089237316195423570985008687907853269984665640564039457584007913129639935;
    /// Modifier doc
    modifier m(uint a) override { require(a > 1, "small"); _; }
    modifier n override { if (msg.value > 0) return; _; }
    constructor() A(LIMIT) { self = payable(msg.sender); }
    receive() external payable {}
    fallback(bytes calldata input) external payable returns (bytes memory) { return input[1:][:3]; }
    function g(uint v) internal override(A) m(v) n returns (uint r) { r = super.g(true) + g(false) + A.g(true); }
    function x(uint[] calldata d) external returns (bytes memory) { emit E(msg.sender); emit I.E(self); return abi.encode(d, d.length, name); }
    function y() public view virtual returns (uint a, bool b) { (a, ) = (1, 2); (, b) = this.y(); uint q; (q, b) = (2, true); return (a, b); }
    function one(uint v) internal returns (uint) { return v; }
    /// @dev Docs
    /// @param t the t
    ///   indented
    function z(Price t, uint u) public payable returns (uint, string memory) {
        /// statement doc
        uint a = 1 ether + 2 days; 
        do { a--; } while (a > 5);
        for (;;) { break; }
        for (uint i = 0; i < 3; ++i) continue;
        unchecked { a = a << 3 >> 1; a |= 1; }
        try this.y() returns (uint p, bool) { a = p; } catch Error(string memory why) { revert(why); } catch (bytes memory) { revert(); }
        try new Other{salt: bytes32(uint(1)), value: 1}(2) returns (Other o) { o.k(); } catch { }
        (bool ok, bytes memory data) = self.call{value: 1, gas: 5000}(abi.encodeWithSelector(this.x.selector, u)); ok; data;
        delete list; list.push(); list.push() = self; list.pop(); Price s = t + t; s; t.show();
        L.pub(ls); ls.pub(); uint[] memory arr = new uint[](3); arr.inner(); uint[3] memory three = [uint(1), 2, 3]; three; L.c("q");
        function (uint) internal returns (uint) fp2 = one; fp2(1); fp = fp2; fp(2); bytes4 sel = I.x.selector; sel;
        Pair storage pr = map[msg.sender][1][0]; pr.nested.push(); pr.m[self] += 1; pr.f(1);
        Other oo = new Other(1); oo.k{gas: 1000}(); oo.value(); uint v = type(uint8).max; v; type(I).interfaceId;
        type(Other).creationCode; abi.decode(data, (uint, string, Color[])); string.concat("a", name);
        bytes.concat(hexy, hex"00");
        if (a == 1) a = 2; else if (a == 2) { a = 3; } else return (a, "a\x00b");
        if (ok) revert Bad(1, "x"); else if (!ok) revert Bad({why: "y", code: 2}); if (a > 1) revert IE(); over(a); over(ok);
        g(1); g(true); assert(a != 2); address(this).balance; block.timestamp; tx.origin; this;
        payable(address(0)).transfer(1); self.send(1); blockhash(1); gasleft(); ecrecover(0, 0, 0, 0); addmod(1,2,3);
        selfdestruct(self); sha256(""); ripemd160(""); blobhash(0); abi.encodePacked(a); abi.encodeWithSignature("f()", a);
        abi.encodeCall(this.x, (arr)); msg.data; msg.sig; self.code.length; self.codehash; bytes(name).length; string(hexy);
        bytes1 b1 = hexy[0]; b1; uint160(address(oo)); Color(1); Color.Red; uint8(color); -int(a); ~a; a ** 2; 1 / 2 + 0.5;
        "abc"; L.S memory lsm = L.S(1); lsm.a; L.S({a: 2}); oo.value; this.z.address; self.staticcall("");
        self.delegatecall(""); type(Odd).name; 1_000; 0xff; 1e18; (a); (a, v);
        assembly ("memory-safe") { let p := mload(0x40) let q, w := f(1, 2) function f(i, j) -> k, l { k := add(i, j) l := "str" leave } switch p case 0 { revert(0, 0) } default { } for { let i := 0 } lt(i, 3) { i := add(i, 1) } { if eq(i, 1) { continue } break } mstore(0, true) sstore(ls.slot, arr) q, w := f(q, hex"ff") pop(LIMIT) function noargs() {} noargs() sstore(tr.slot, a) }
        assembly ("memory-safe", "of another tool") { let unset let left, right unset := left }
        return (a, "");
    }
}
contract Other { uint public value; constructor(uint v) payable { value = v; } function k() external payable { }
error Local(); event Ev(uint indexed a, string s); }
contract Ext is Odd { function y() public view override returns (uint, bool) { return super.y(); }
function h() external { g(2); emit Other.Ev(1, "s"); revert Other.Local(); } }
