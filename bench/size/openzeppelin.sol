// SPDX-License-Identifier: Apache-2.0
// Contracts as their authors put them together from OpenZeppelin's parts.
pragma solidity ^0.8.20;

import "@openzeppelin/contracts/access/AccessControl.sol";
import "@openzeppelin/contracts/access/Ownable.sol";
import "@openzeppelin/contracts/governance/Governor.sol";
import "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Supply.sol";
import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Pausable.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import "@openzeppelin/contracts/token/ERC721/extensions/ERC721Enumerable.sol";

contract PlainToken is ERC20 {
    constructor() ERC20("Token", "TKN") {
        _mint(msg.sender, 1e24);
    }
}

contract VotingToken is ERC20, ERC20Permit, ERC20Votes {
    constructor() ERC20("Votes", "VTS") ERC20Permit("Votes") {
        _mint(msg.sender, 1e24);
    }
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}

contract StableCoin is ERC20Pausable, ERC20Burnable, AccessControl {
    bytes32 public constant MINTER = keccak256("MINTER");

    constructor() ERC20("Stable", "STB") {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }
    function mint(address to, uint256 amount) external onlyRole(MINTER) {
        _mint(to, amount);
    }
    function pause() external onlyRole(MINTER) {
        _pause();
    }
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Pausable) {
        super._update(from, to, value);
    }
}

contract Vault is ERC4626 {
    constructor(IERC20 token) ERC20("Vault", "VLT") ERC4626(token) {}
}

contract Collectible is ERC721Enumerable, Ownable {
    constructor() ERC721("Collectible", "COL") Ownable(msg.sender) {}
    function mint(address to, uint256 id) external onlyOwner {
        _safeMint(to, id);
    }
}

contract Items is ERC1155Supply, Ownable {
    constructor() ERC1155("uri") Ownable(msg.sender) {}
    function mint(address to, uint256 id, uint256 amount) external onlyOwner {
        _mint(to, id, amount, "");
    }
}

contract Assembly is Governor, GovernorCountingSimple, GovernorVotes, GovernorVotesQuorumFraction {
    constructor(IVotes token) Governor("Assembly") GovernorVotes(token) GovernorVotesQuorumFraction(4) {}
    function votingDelay() public pure override returns (uint256) {
        return 7200;
    }
    function votingPeriod() public pure override returns (uint256) {
        return 50400;
    }
}
