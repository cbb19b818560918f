pragma solidity ^0.4.11;

contract Owned {
    address public owner;
    function Owned() { owner = msg.sender; }
    modifier onlyOwner { if (msg.sender != owner) throw; _; }
}

library SafeMath {
    function add(uint a, uint b) internal constant returns (uint) { uint c = a + b; assert(c >= a); return c; }
    function sub(uint a, uint b) internal constant returns (uint) { assert(b <= a); return a - b; }
}

contract Purse { uint public got; function take(uint8 x, bool y) payable returns (uint) { got += x + msg.value; return got; } function () payable { got++; } }

// A contract as they were written in 2017.
contract Old is Owned {
    using SafeMath for uint;
    struct Entry { address who; uint amount; }
    Entry[] entries;
    mapping (address => uint) balances;
    uint public total;
    Purse purse;
    bytes32 public hash;
    uint8[] numbers;
    event Paid(address indexed who, uint amount);

    function Old(uint start) payable { total = start; purse = new Purse(); }
    function () payable { balances[msg.sender] += msg.value; Paid(msg.sender, msg.value); }

    function balanceOf(address who) constant returns (uint) { return balances[who]; }
    function deposit() payable { balances[msg.sender] = balances[msg.sender].add(msg.value); entries.push(Entry(msg.sender, msg.value)); }
    function withdraw(uint amount) {
        if (balances[msg.sender] < amount) throw;
        if (!msg.sender.call.value(amount)()) throw;
        balances[msg.sender] -= amount;
        Paid(msg.sender, amount);
    }
    function take(uint8 x, bool y) returns (bool) { return purse.call.value(x).gas(100000)(bytes4(sha3("take(uint8,bool)")), x, y); }
    function poke() returns (bool) { return purse.call(); }
    function got() constant returns (uint) { return purse.got(); }
    function hashed(uint8 a, address b, string c) returns (bytes32, bytes32) { hash = sha3(a, b, c, "x", 7); return (hash, keccak256(c)); }
    function scope(uint n) returns (uint) {
        r = 1;
        for (uint i = 0; i < n % 10; i++) { uint inner; inner += i; r += uint8(inner); }
        if (n > 1000) { uint8 r = 3; }
        return r * 1000 + i;
    }
    function vars(uint n) returns (uint) {
        var a = 200; a += 100;
        var (x, y) = (n, n + 1);
        var e = entries;
        for (var k = 0; k < 5; k++) x += k;
        return a + x + y + e.length;
    }
    function pointer(uint n) returns (uint, address) {
        Entry e;
        e.amount = n;
        return (total, owner);
    }
    function first() constant returns (address, uint) { if (entries.length == 0) return; Entry e = entries[0]; return (e.who, e.amount); }
    function lengths(uint n) returns (uint) { numbers.length = n % 50; entries.length++; return numbers.push(3) + entries.length; }
    function shrink() { if (entries.length > 0) entries.length--; }
    function shrinkBelow() { if (total == 77) entries.length--; }
    function set(uint i, uint8 x) { numbers[i] = x; }
    function numberAt(uint i) constant returns (uint8) { return numbers[i]; }
    function bytesOf(uint a, address b) constant returns (bytes32, bytes4, bytes32, uint8) { return (bytes32(a), bytes4(a), bytes32(b), uint8(bytes32(a))); }
    function addresses(uint160 a) constant returns (address, bool, uint) { address x = a; return (x, x == 0x0 || x > 0x1234, uint(x)); }
    function literals() constant returns (bytes32, bytes2, address, uint) { return (5, 0x12, 0x1234567890123456789012345678901234567890, uint(-1)); }
    function held() constant returns (uint, uint) { return (this.balance, purse.balance); }
    function right(int a, uint8 n) constant returns (int) { return a >> n; }
    function rightNarrow(int8 a, uint8 n) constant returns (int8, int8) { return (a >> n, a << n); }
    function loop(uint n) constant returns (uint i) { do { i++; if (i < n % 7) continue; if (i > 50) break; } while (i % 5 != 0); }
    function time() constant returns (bool, uint) { return (now == block.timestamp, 2 years + 1 finney); }
    function gas() constant returns (bool) { return msg.gas > 1000 && block.blockhash(block.number) == 0; }
    function owns(address a) onlyOwner returns (bool) { owner = a; owner = msg.sender; return a.send(1); }
    function transferAll(address a) { a.transfer(total % 10); }
    function mayFail(uint a) returns (uint) { require(a > 2); assert(a < 1000); if (a == 77) revert(); return 100 / (a - 10); }
    function self(address a) constant returns (bool) { return this == a || purse == a; }
    function words(string a, bytes b, uint[] c) constant returns (uint, uint, byte) { return (bytes(a).length + b.length, c.length, b[0]); }
    function kill() { if (total == 12345) suicide(owner); }
}
