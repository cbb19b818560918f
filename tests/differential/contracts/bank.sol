pragma solidity ^0.8.28;

// Deposits with shares, a lock, withdrawals and events.
contract Bank {
    error Locked();
    error Short(uint256 has, uint256 wants);
    event Deposit(address indexed who, uint256 amount, uint256 shares);
    event Withdrawal(address indexed who, uint256 amount);
    event Note(string indexed topic, bytes32 indexed key, bool flag) anonymous;

    mapping(address => uint256) public sharesOf;
    uint256 public shares;
    uint256 private lock;
    bool public paused;
    uint64 public opened;
    address public immutable keeper;
    uint256 public constant FEE = 30;

    modifier whole() { if (lock != 0) revert Locked(); lock = 1; _; lock = 0; }
    modifier active() { require(!paused, "paused"); _; }

    constructor() payable { keeper = msg.sender; opened = uint64(block.timestamp); }

    function deposit() external payable whole active returns (uint256 made) {
        uint256 before = address(this).balance - msg.value;
        made = shares == 0 || before == 0 ? msg.value : msg.value * shares / before;
        sharesOf[msg.sender] += made;
        shares += made;
        emit Deposit(msg.sender, msg.value, made);
    }
    function withdraw(uint256 amount) external whole {
        uint256 has = sharesOf[msg.sender];
        if (has < amount) revert Short(has, amount);
        uint256 paid = amount * address(this).balance / shares;
        unchecked { sharesOf[msg.sender] = has - amount; }
        shares -= amount;
        (bool ok, ) = msg.sender.call{value: paid - paid * FEE / 10_000}("");
        require(ok, "payment");
        emit Withdrawal(msg.sender, paid);
    }
    function moveShares(address to, uint256 amount) external { sharesOf[msg.sender] -= amount; sharesOf[to] += amount; }
    function pause(bool on) external { require(msg.sender == keeper, "keeper"); paused = on; }
    function price() public view returns (uint256) { return shares == 0 ? 1e18 : address(this).balance * 1e18 / shares; }
    function worth(address who) external view returns (uint256) { return sharesOf[who] * price() / 1e18; }
    function say(string calldata topic, bytes32 key, bool flag) external { emit Note(topic, key, flag); }
    function ageIn(uint256 unit) external view returns (uint256) { return (block.timestamp - opened) / unit + 1 days; }
}
