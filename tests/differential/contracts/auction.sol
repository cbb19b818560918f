pragma solidity ^0.8.28;

// A small application: bids, deadlines, refunds, roles.
contract Auction {
    enum Phase { Waiting, Running, Over }
    struct Bid { address bidder; uint96 amount; uint64 at; }
    error WrongPhase(Phase is_, Phase needs);
    error TooLow(uint256 amount, uint256 least);
    event BidMade(address indexed bidder, uint256 amount, uint256 number);
    event Ended(address winner, uint256 amount);

    Phase public phase;
    Bid[] bids;
    mapping(address => uint256) public refunds;
    mapping(bytes32 => mapping(address => bool)) roles;
    bytes32 public constant ADMIN = keccak256("ADMIN");
    uint16 public stepPercent = 5;

    constructor() { roles[ADMIN][msg.sender] = true; }
    modifier inPhase(Phase p) { if (phase != p) revert WrongPhase(phase, p); _; }
    modifier onlyRole(bytes32 role) { require(roles[role][msg.sender], "role"); _; }

    function start() external onlyRole(ADMIN) inPhase(Phase.Waiting) { phase = Phase.Running; }
    function bid() external payable inPhase(Phase.Running) returns (uint256 number) {
        uint256 least = leastBid();
        if (msg.value < least) revert TooLow(msg.value, least);
        if (bids.length > 0) { Bid storage last = bids[bids.length - 1]; refunds[last.bidder] += last.amount; }
        bids.push(Bid({bidder: msg.sender, amount: uint96(msg.value), at: uint64(block.timestamp)}));
        number = bids.length;
        emit BidMade(msg.sender, msg.value, number);
    }
    function leastBid() public view returns (uint256) { if (bids.length == 0) return 1; uint256 last = bids[bids.length - 1].amount; return last + last * stepPercent / 100 + 1; }
    function refund() external { uint256 amount = refunds[msg.sender]; require(amount > 0, "nothing"); refunds[msg.sender] = 0; payable(msg.sender).transfer(amount); }
    function end() external inPhase(Phase.Running) { phase = Phase.Over; if (bids.length > 0) { Bid memory won = bids[bids.length - 1]; emit Ended(won.bidder, won.amount); } }
    function again() external onlyRole(ADMIN) inPhase(Phase.Over) { phase = Phase.Waiting; delete bids; }
    function setStep(uint16 percent) external onlyRole(ADMIN) { require(percent > 0 && percent <= 100, "percent"); stepPercent = percent; }
    function grant(bytes32 role, address who, bool on) external onlyRole(ADMIN) { if (who != msg.sender) roles[role][who] = on; }
    function hasRole(bytes32 role, address who) external view returns (bool) { return roles[role][who]; }
    function history(uint256 from, uint256 count) external view returns (Bid[] memory some) {
        require(count < 50 && from < 1000);
        if (from >= bids.length) return some;
        uint256 n = bids.length - from < count ? bids.length - from : count;
        some = new Bid[](n);
        for (uint256 i = 0; i < n; i++) some[i] = bids[from + i];
    }
}
