pragma solidity ^0.4.19;

contract Log {
    struct Message { address Sender; string Data; uint Val; uint Time; }
    Message[] public History;
    Message LastMsg;
    function AddMessage(address _adr, uint _val, string _data) public {
        LastMsg.Sender = _adr;
        LastMsg.Time = now;
        LastMsg.Val = _val;
        LastMsg.Data = _data;
        History.push(LastMsg);
    }
}

// Banks with a log, games whose variables overlap, and what else was written to deceive.
contract Bank {
    struct SeedComponents { uint component1; uint component2; }
    address owner = 0x1234567890AbcdEF1234567890aBcdef12345678;
    uint256 private secret = 3;
    mapping (address => uint256) public balances;
    uint public MinDeposit = 1;
    Log TransferLog;
    uint[] bids;

    function Bank(uint start) public payable { TransferLog = new Log(); secret = start; }
    function Deposit() public payable {
        if (msg.value >= MinDeposit) {
            balances[msg.sender] += msg.value;
            TransferLog.AddMessage(msg.sender, msg.value, "Deposit");
        }
    }
    function CashOut(uint _am) public {
        if (_am <= balances[msg.sender]) {
            if (msg.sender.call.value(_am)()) {
                balances[msg.sender] -= _am;
                TransferLog.AddMessage(msg.sender, _am, "CashOut");
            }
        }
    }
    function history(uint i) public returns (uint) { var (who, text, val, time) = TransferLog.History(i); return val; }
    function shuffle(uint a) public returns (uint, address) {
        SeedComponents s;
        s.component1 = uint(msg.sender);
        s.component2 = a;
        return (secret, owner);
    }
    function bid(uint n) public payable returns (uint) { bids.push(n); bids[bids.length - 1] += msg.value; return bids[0]; }
    function all() public view returns (uint[]) { return bids; }
    function raw(address a, uint8 x, string s, bytes b) public returns (bool, bool) { return (a.call(x, s, b), a.delegatecall(bytes4(1), s)); }
    function coded(uint8 x) public returns (bool) { return TransferLog.callcode(bytes4(sha3("none()")), x); }
    function only(uint x) public view returns (uint) { if (msg.sender != owner) { return; } return x; }
    function hashes(uint8 a, uint16[] b, bytes2 c) public pure returns (bytes32, bytes32, bytes20) { return (keccak256(a, b, c), sha256(a, c), ripemd160(c, "x")); }
    function repeated(uint n) public pure returns (uint c) { for (uint i = 0; i < n % 8; i++) { var x = i; uint y; y += x; c = y; } }
    function assigned(uint n) public returns (uint a, uint b) { (a, b) = (n, n + 1); (a, b) = (b, a); var (c, , d) = (a, 5, b); a = c - d; }
    function used() public returns (uint) { x = 5; uint x; return x; }
    function bytesFrom(uint x) public pure returns (bytes8, byte, bytes1) { return (bytes8(x), byte(x), bytes1(300)); }
    function masks(uint8 a, int16 b, bool c, bytes3 d, address e) public pure returns (uint8, int16, bool, bytes3, address) { return (a, b, c, d, e); }
    function arrayOf(address[] a) public pure returns (address) { return a[a.length - 1]; }
    function fixedOf(uint8[3] a) public pure returns (uint8) { return a[1]; }
    function withdrawAll() public { uint amount = balances[msg.sender]; balances[msg.sender] = 0; if (!msg.sender.send(amount)) revert(); }
    function compare(int a, uint8 b) public pure returns (bool, bool) { return (a > b, b != 0); }
    function mixed(int a, uint8 b) public pure returns (int) { return a + b; }
    function ternaries(bool a, uint b) public pure returns (uint) { return a ? 1 : b; }
}
