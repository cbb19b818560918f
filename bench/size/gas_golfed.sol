// SPDX-License-Identifier: Apache-2.0
// Contracts on the libraries that count every gas.
pragma solidity ^0.8.20;

import "erc721a/contracts/extensions/ERC721AQueryable.sol";
import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {ERC20 as SoladyERC20} from "solady/src/tokens/ERC20.sol";
import {ERC4626 as SoladyERC4626} from "solady/src/tokens/ERC4626.sol";
import {ERC721 as SoladyERC721} from "solady/src/tokens/ERC721.sol";
import {ERC20 as SolmateERC20} from "solmate/src/tokens/ERC20.sol";
import {ERC4626 as SolmateERC4626} from "solmate/src/tokens/ERC4626.sol";
import {ERC721 as SolmateERC721} from "solmate/src/tokens/ERC721.sol";

contract SoladyToken is SoladyERC20 {
    constructor() {
        _mint(msg.sender, 1e24);
    }
    function name() public pure override returns (string memory) {
        return "Token";
    }
    function symbol() public pure override returns (string memory) {
        return "TKN";
    }
}

contract SoladyCollectible is SoladyERC721, OwnableRoles {
    function name() public pure override returns (string memory) {
        return "Collectible";
    }
    function symbol() public pure override returns (string memory) {
        return "COL";
    }
    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }
    function mint(address to, uint256 id) external onlyOwner {
        _mint(to, id);
    }
}

contract SoladyVault is SoladyERC4626 {
    address immutable token;

    constructor(address token_) {
        token = token_;
    }
    function asset() public view override returns (address) {
        return token;
    }
    function name() public pure override returns (string memory) {
        return "Vault";
    }
    function symbol() public pure override returns (string memory) {
        return "VLT";
    }
}

contract SolmateToken is SolmateERC20 {
    constructor() SolmateERC20("Token", "TKN", 18) {
        _mint(msg.sender, 1e24);
    }
}

contract SolmateCollectible is SolmateERC721 {
    constructor() SolmateERC721("Collectible", "COL") {}
    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }
    function mint(address to, uint256 id) external {
        _safeMint(to, id);
    }
}

contract SolmateVault is SolmateERC4626 {
    constructor(SolmateERC20 token) SolmateERC4626(token, "Vault", "VLT") {}
    function totalAssets() public view override returns (uint256) {
        return asset.balanceOf(address(this));
    }
}

contract Queryable is ERC721AQueryable {
    constructor() ERC721A("Queryable", "QRY") {}
    function mint(uint256 count) external payable {
        _mint(msg.sender, count);
    }
}
