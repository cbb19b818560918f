pragma solidity ^0.8.28;

// Proposals with nested mappings and delegation.
contract Voting {
    struct Voter { uint256 weight; bool voted; address delegate; uint256 vote; }
    struct Proposal { bytes32 name; uint256 count; mapping(address => bool) supporters; }
    address public chair;
    mapping(address => Voter) public voters;
    Proposal[] public proposals;

    constructor(bytes32[] memory names) {
        chair = msg.sender;
        voters[chair].weight = 1;
        for (uint256 i = 0; i < names.length; i++) { proposals.push(); proposals[i].name = names[i]; }
    }
    function give(address voter) external { require(msg.sender == chair, "chair only"); require(!voters[voter].voted, "voted"); if (voters[voter].weight == 0) voters[voter].weight = 1; }
    function delegate(address to) external {
        Voter storage sender = voters[msg.sender];
        require(!sender.voted && to != msg.sender, "not now");
        for (uint256 i = 0; voters[to].delegate != address(0) && i < 20; i++) { to = voters[to].delegate; require(to != msg.sender, "circle"); }
        sender.voted = true;
        sender.delegate = to;
        Voter storage target = voters[to];
        if (target.voted) proposals[target.vote].count += sender.weight; else target.weight += sender.weight;
    }
    function vote(uint256 proposal) external { Voter storage sender = voters[msg.sender]; require(sender.weight != 0, "no right"); sender.voted = true; sender.vote = proposal; proposals[proposal].count += sender.weight; proposals[proposal].supporters[msg.sender] = true; }
    function isSupported(uint256 proposal, address who) external view returns (bool) { return proposals[proposal].supporters[who]; }
    function winner() public view returns (uint256 best) { uint256 most; for (uint256 p = 0; p < proposals.length; p++) if (proposals[p].count > most) { most = proposals[p].count; best = p; } }
    function winnerName() external view returns (bytes32) { return proposals[winner()].name; }
    function propose(bytes32 name) external { proposals.push().name = name; }
    function forgive() external { delete voters[msg.sender].voted; voters[msg.sender].weight = 1; }
}
