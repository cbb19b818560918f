pragma solidity ^0.8.28;

// The rows that bench/gas_bench shows one by one.
contract Numbers {
    event Transfer(address indexed from, address indexed to, uint256 value);
    struct Account { uint128 amount; uint64 since; uint32 nonce; bool open; }
    mapping(address => uint256) public balanceOf;
    mapping(address => Account) public accounts;

    constructor() { balanceOf[msg.sender] = 1_000_000; }

    function transfer(address to, uint256 value) external returns (bool) {
        require(balanceOf[msg.sender] >= value, "balance");
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
    function packed(uint128 amount) external {
        Account storage account = accounts[msg.sender];
        account.amount += amount;
        account.since = uint64(block.timestamp);
        account.nonce++;
        account.open = true;
    }
    function loop(uint256 n) external pure returns (uint256 s) { for (uint256 i = 0; i < n; i++) s += i * i; }
    function loopUnchecked(uint256 n) external pure returns (uint256 s) { unchecked { for (uint256 i = 0; i < n; i++) s += i * i; } }
    function sort(uint256 n) external pure returns (uint256[] memory xs) {
        xs = new uint256[](n);
        for (uint256 i = 0; i < n; i++) xs[i] = n - i;
        for (uint256 i = 1; i < n; i++) {
            uint256 x = xs[i];
            uint256 j = i;
            while (j > 0 && xs[j - 1] > x) { xs[j] = xs[j - 1]; j--; }
            xs[j] = x;
        }
    }
    function fib(uint256 n) public pure returns (uint256) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    function fibUnchecked(uint256 n) public pure returns (uint256) { unchecked { return n < 2 ? n : fibUnchecked(n - 1) + fibUnchecked(n - 2); } }
}
