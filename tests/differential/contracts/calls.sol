pragma solidity ^0.8.28;

interface IOther {
    function put(uint256 x) external payable returns (uint256);
    function get() external view returns (uint256, string memory);
    function fail(uint256 how) external;
    function missing(uint256 x) external returns (uint256);
}

contract Other {
    error Custom(uint256 code, string why);
    uint256 public held;
    uint256 public immutable start;
    address immutable maker;
    constructor(uint256 start_) payable { start = start_; held = start_; maker = msg.sender; }
    function put(uint256 x) external payable returns (uint256 before) { before = held; held = x + msg.value; }
    function get() external view returns (uint256, string memory) { return (held + start, "other"); }
    function fail(uint256 how) external pure {
        if (how == 0) revert();
        if (how == 1) revert("text");
        if (how == 2) assert(false);
        if (how == 3) revert Custom(7, "custom");
        uint256[] memory none;
        none[how];
    }
    receive() external payable { held += 1; }
}

// Calls of others and of itself, with ether, caught failures, and creations.
contract Calls {
    IOther public other;
    Other[] public children;
    uint256 public received;
    event Heard(bytes answer, bool ok);

    constructor() payable { other = IOther(payable(address(new Other(5)))); }
    receive() external payable { received += msg.value; }
    fallback() external payable { received += 2; }

    function pay() external payable {}
    function put(uint256 x) external payable returns (uint256) { return other.put{value: msg.value / 2}(x); }
    function get() external view returns (uint256 n, string memory s) { (n, s) = other.get(); }
    function failing(uint8 how) external { other.fail(how); }
    function missing(uint256 x) external returns (uint256) { return other.missing(x); }
    function nobody(address who) external returns (uint256) { return IOther(who).put(1); }
    function caught(uint8 how) external returns (string memory what, uint256 code, bytes memory low) {
        try other.fail(how % 6) { what = "fine"; }
        catch Error(string memory why) { what = why; }
        catch Panic(uint256 n) { code = n; what = "panic"; }
        catch (bytes memory data) { low = data; what = "low"; }
    }
    function caughtResult(uint256 x) external returns (uint256 r) { try other.put(x) returns (uint256 before) { r = before + 1; } catch { r = 99; } }
    function caughtMissing(uint256 x) external returns (bool ok) { try other.missing(x) returns (uint256) { ok = true; } catch {} }
    function raw(bytes calldata data) external returns (bool ok, bytes memory answer) { (ok, answer) = address(other).call(data); emit Heard(answer, ok); }
    function rawStatic() external view returns (bool ok, uint256 n) { bytes memory answer; (ok, answer) = address(other).staticcall(abi.encodeCall(IOther.get, ())); (n, ) = abi.decode(answer, (uint256, string)); }
    function delegate(uint256 x) external returns (bool ok) { (ok, ) = address(other).delegatecall(abi.encodeCall(IOther.put, (x))); }
    function send(uint256 wei_) external returns (bool) { return payable(address(other)).send(wei_); }
    function transfer(uint256 wei_) external { payable(address(0xb0b)).transfer(wei_); }
    function make(uint256 start) external payable returns (uint256) { children.push(new Other{value: msg.value}(start)); return children.length; }
    function childAt(uint256 i) external view returns (uint256, uint256) { return (children[i].start(), children[i].held()); }
    function self(uint256 x) external view returns (uint256) { return x == 0 ? 1 : this.twice(x); }
    function twice(uint256 x) external pure returns (uint256) { return 2 * x; }
    function balances() external view returns (uint256, uint256, uint256) { return (address(this).balance, address(other).balance, msg.sender.balance); }
    function codes() external view returns (bool, uint256) { return (address(other).code.length > 0, address(0xb0b).code.length); }
    function surroundings() external view returns (address, uint256, uint256, uint256, address, uint256) { return (msg.sender, block.number, block.timestamp, block.chainid, tx.origin, tx.gasprice); }
}
