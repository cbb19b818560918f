// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {Leaky, Vault} from "../src/Vault.sol";

contract Handler is Test {
    Vault public vault;
    uint256 public given;
    uint256 public calls;

    constructor(Vault vault_) {
        vault = vault_;
    }

    function deposit(uint96 amount) external {
        vm.deal(msg.sender, amount);
        vm.prank(msg.sender);
        vault.deposit{value: amount}();
        given += amount;
        ++calls;
    }

    function withdraw(uint256 amount) external {
        uint256 has = vault.deposits(msg.sender);
        vm.assume(has > 0);
        amount = amount % (has + 1);
        vm.prank(msg.sender);
        vault.withdraw(amount);
        given -= amount;
        ++calls;
    }

    function forbidden() external {
        given += 1;
    }
}

contract HandlerInvariants is Test {
    Vault vault;
    Handler handler;

    function setUp() public {
        vault = new Vault(0);
        handler = new Handler(vault);
    }

    function targetContracts() public view returns (address[] memory all) {
        all = new address[](1);
        all[0] = address(handler);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory all) {
        all = new FuzzSelector[](1);
        all[0].addr = address(handler);
        all[0].selectors = new bytes4[](2);
        all[0].selectors[0] = Handler.deposit.selector;
        all[0].selectors[1] = Handler.withdraw.selector;
    }

    function targetSenders() public pure returns (address[] memory all) {
        all = new address[](2);
        all[0] = address(0x5e1de1);
        all[1] = address(0x5e1de2);
    }

    function invariant_books_are_right() public view {
        vm.assertEq(vault.total(), handler.given());
        vm.assertEq(address(vault).balance, handler.given());
    }

    function invariant_only_two_deposit() public view {
        vm.assertEq(
            vault.deposits(address(0x5e1de1)) + vault.deposits(address(0x5e1de2)), address(vault).balance
        );
    }

    function afterInvariant() public view {
        vm.assertEq(address(handler).balance, 0);
    }
}

contract LeakyInvariants is Test {
    Leaky leaky;
    Leaky other;

    function setUp() public {
        leaky = new Leaky();
        other = new Leaky();
    }

    function excludeContracts() public view returns (address[] memory all) {
        all = new address[](1);
        all[0] = address(other);
    }

    function invariant_fails_counts() public view {
        vm.assertEq(leaky.sum(), leaky.counted());
    }

    function invariant_nobody_calls_the_other() public view {
        vm.assertEq(other.calls(), 0);
    }
}
