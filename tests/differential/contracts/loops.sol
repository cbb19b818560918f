pragma solidity ^0.8.28;

// Loops and recursion: where the checks of every turn cost most.
contract Loops {
    uint256[] public stored;

    function sum(uint8 n) external pure returns (uint256 s) { for (uint256 i = 0; i < n; i++) s += i; }
    function sumDown(uint8 n) external pure returns (uint256 s) { for (uint256 i = n; i > 0; --i) s += i * i; }
    function sumWhile(uint8 n) external pure returns (uint256 s) { uint256 i; while (true) { if (i >= n) break; if (i % 3 == 0) { i++; continue; } s += i; i += 2; } }
    function doWhile(uint8 n) external pure returns (uint256 s) { do { s += n; } while (n-- > 0); }
    function total(uint256[] calldata xs) external pure returns (uint256 s) { for (uint256 i = 0; i < xs.length; ++i) s += xs[i]; }
    function totalInMemory(uint256[] memory xs) external pure returns (uint256 s) { for (uint256 i = 0; i < xs.length; i++) s += xs[i]; }
    function largest(int64[] memory xs) external pure returns (int64 most) {
        require(xs.length > 0, "nothing");
        most = xs[0];
        for (uint256 i = 1; i < xs.length; i++) if (xs[i] > most) most = xs[i];
    }
    function reverse(uint256[] memory xs) public pure returns (uint256[] memory) {
        for (uint256 i = 0; i < xs.length / 2; i++) (xs[i], xs[xs.length - 1 - i]) = (xs[xs.length - 1 - i], xs[i]);
        return xs;
    }
    function sort(uint256[] memory xs) public pure returns (uint256[] memory) {
        for (uint256 i = 1; i < xs.length; i++) {
            uint256 x = xs[i];
            uint256 j = i;
            while (j > 0 && xs[j - 1] > x) { xs[j] = xs[j - 1]; j--; }
            xs[j] = x;
        }
        return xs;
    }
    function bubble(uint8 n, uint256 seed) external pure returns (uint256[] memory xs) {
        n %= 16;
        xs = new uint256[](n);
        for (uint256 i = 0; i < n; i++) { unchecked { seed = seed * 6364136223846793005 + 1442695040888963407; } xs[i] = seed % 1000; }
        for (uint256 i = 0; i + 1 < n; i++) for (uint256 j = 0; j < n - 1 - i; j++) if (xs[j] > xs[j + 1]) (xs[j], xs[j + 1]) = (xs[j + 1], xs[j]);
    }
    function primes(uint8 n) external pure returns (uint256 count) {
        bool[] memory composite = new bool[](uint256(n) + 1);
        for (uint256 i = 2; i <= n; i++) {
            if (composite[i]) continue;
            count++;
            for (uint256 j = i * i; j <= n; j += i) composite[j] = true;
        }
    }
    function gcd(uint256 a, uint256 b) public pure returns (uint256) { while (b != 0) (a, b) = (b, a % b); return a; }
    function sqrt(uint256 x) external pure returns (uint256 y) {
        if (x == 0) return 0;
        y = x;
        uint256 z = x / 2 + 1;
        while (z < y) { y = z; z = (x / z + z) / 2; }
    }
    function isqrtUnchecked(uint256 x) external pure returns (uint256 y) { unchecked { y = x; uint256 z = x / 2 + 1; while (z < y) { y = z; z = (x / z + z) / 2; } } }
    function bitsOf(uint256 x) external pure returns (uint256 n) { while (x != 0) { n += x & 1; x >>= 1; } }
    function log2(uint256 x) external pure returns (uint8 n) { for (; x > 1; x /= 2) n++; }
    function fib(uint8 n) public pure returns (uint256) { n %= 10; return fibonacci(n); }
    function fibonacci(uint256 n) internal pure returns (uint256) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
    function ackermann(uint8 m, uint8 n) external pure returns (uint256) { return ack(m % 3, n % 4); }
    function ack(uint256 m, uint256 n) internal pure returns (uint256) { if (m == 0) return n + 1; if (n == 0) return ack(m - 1, 1); return ack(m - 1, ack(m, n - 1)); }
    function isEven(uint8 n) external pure returns (bool) { return even(n % 32); }
    function even(uint256 n) internal pure returns (bool) { return n == 0 || odd(n - 1); }
    function odd(uint256 n) internal pure returns (bool) { return n != 0 && even(n - 1); }
    function find(uint256[] calldata xs, uint256 x) external pure returns (bool, uint256) { for (uint256 i; i < xs.length; i++) if (xs[i] == x) return (true, i); return (false, 0); }
    function binarySearch(uint256[] memory xs, uint256 x) external pure returns (uint256 low) {
        xs = sort(xs);
        uint256 high = xs.length;
        while (low < high) { uint256 mid = (low + high) / 2; if (xs[mid] < x) low = mid + 1; else high = mid; }
    }
    function matrix(uint256 seed) external pure returns (uint256[3][3] memory c) {
        uint256[3][3] memory a;
        uint256[3][3] memory b;
        for (uint256 i = 0; i < 3; i++) for (uint256 j = 0; j < 3; j++) { a[i][j] = (seed >> i) % 10; b[i][j] = (seed >> j) % 7 + i; }
        for (uint256 i = 0; i < 3; i++) for (uint256 j = 0; j < 3; j++) for (uint256 k = 0; k < 3; k++) c[i][j] += a[i][k] * b[k][j];
    }
    function store(uint256[] calldata xs) external { for (uint256 i = 0; i < xs.length; i++) stored.push(xs[i]); }
    function storedTotal() external view returns (uint256 s) { for (uint256 i = 0; i < stored.length; i++) s += stored[i]; }
    function cut() external { while (stored.length > 2) stored.pop(); }
    function narrowCounter(uint8 n) external pure returns (uint8 s) { for (uint8 i = 0; i < n; i++) s += i; }
    function signedCounter(int8 n) external pure returns (int256 s) { for (int256 i = -5; i < n; i++) s += i; }
    function countTo(uint256 n) external pure returns (uint256 k) { require(n < 200); for (uint256 i = 5; i != n + 5; i++) k += 2; }
}
