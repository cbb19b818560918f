pragma solidity ^0.8.28;

abstract contract Base {
    uint256 public log;
    constructor(uint256 n) { _note(n); }
    function _note(uint256 n) internal virtual { log = log * 10 + n % 10; }
    function kind() public pure virtual returns (string memory);
    function step(uint256 n) public virtual returns (uint256) { _note(1); return n + 1; }
    modifier guarded(uint256 most) virtual { require(log < most, "too much"); _; _note(4); }
}
abstract contract Left is Base {
    uint256 public left = 3;
    function step(uint256 n) public virtual override returns (uint256) { _note(2); return super.step(n * 2); }
}
abstract contract Right is Base {
    uint256 public right = left2();
    function left2() internal virtual returns (uint256) { return 8; }
    function step(uint256 n) public virtual override returns (uint256) { _note(3); return super.step(n * 3); }
}
interface INamed { function title() external view returns (string memory); function number(uint256) external view returns (uint256); }

contract Inheritance is Left, Right, INamed {
    string public override title = "diamond";
    mapping(uint256 => uint256) public override number;
    uint256 immutable made;
    constructor(uint256 n) Base(n + 1) { made = log; number[1] = n; }
    function kind() public pure override returns (string memory) { return "most derived"; }
    function step(uint256 n) public override(Left, Right) guarded(10 ** 12) returns (uint256) { return super.step(n) + 1; }
    function stepLeft(uint256 n) external returns (uint256) { return Left.step(n); }
    function stepBase(uint256 n) external returns (uint256) { return Base.step(n); }
    function left2() internal view override returns (uint256) { return left + 1; }
    function when() external view returns (uint256) { return made; }
    modifier guarded(uint256 most) override { _note(5); if (log > most) return; _; _note(6); }
    function reset() external { log = 0; }
    function setNumber(uint256 k, uint256 v) external { number[k] = v; }
}
