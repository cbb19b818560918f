// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {Token} from "../src/Token.sol";

contract CallersTest is Test {
    Token token;
    address alice = address(0xa11ce);
    address bob = address(0xb0b);

    function setUp() public {
        token = new Token();
        token.mint(alice, 100);
    }

    function test_environment() public view {
        vm.assertEq(address(this), 0x7FA9385bE102ac3EAc297483Dd6233D62b3e1496);
        vm.assertEq(msg.sender, 0x1804c8AB1F12E6bbf3894d4083f33e07309d1f38);
        vm.assertEq(tx.origin, msg.sender);
        vm.assertEq(address(this).balance, type(uint96).max);
        vm.assertEq(msg.sender.balance, type(uint96).max);
        vm.assertEq(block.timestamp, 1);
        vm.assertEq(block.number, 1);
        vm.assertEq(block.chainid, 31337);
        vm.assertEq(block.basefee, 0);
        vm.assertEq(tx.gasprice, 0);
        vm.assertEq(block.coinbase, address(0));
        vm.assertEq(block.prevrandao, 0);
        vm.assertEq(block.gaslimit, 1 << 30);
        vm.assertEq(address(token), vm.computeCreateAddress(address(this), 1));
        vm.assertEq(vm.getNonce(address(this)), 2);
        vm.assertTrue(vm.isContext(0) && vm.isContext(1) && !vm.isContext(2));
    }

    function test_prank_is_for_one_call() public {
        vm.prank(alice);
        token.transfer(bob, 10);
        vm.assertEq(token.balanceOf(bob), 10);
        (address sender,) = token.callers();
        vm.assertEq(sender, address(this));
    }

    function test_prank_with_origin() public {
        vm.prank(alice, bob);
        (address sender, address origin) = token.callers();
        vm.assertEq(sender, alice);
        vm.assertEq(origin, bob);
        (, origin) = token.callers();
        vm.assertEq(origin, 0x1804c8AB1F12E6bbf3894d4083f33e07309d1f38);
    }

    function test_startPrank_lasts() public {
        vm.startPrank(alice);
        token.transfer(bob, 1);
        token.transfer(bob, 2);
        (uint8 mode, address sender,) = vm.readCallers();
        vm.assertEq(uint256(mode), 4);
        vm.assertEq(sender, alice);
        vm.stopPrank();
        (sender,) = token.callers();
        vm.assertEq(sender, address(this));
        vm.assertEq(token.balanceOf(bob), 3);
    }

    function test_prank_reaches_only_direct_calls() public {
        Token other = new Token();
        vm.startPrank(alice);
        vm.assertEq(token.relay(other), address(token));
    }

    function test_prank_creates_contracts() public {
        vm.prank(alice);
        Token hers = new Token();
        vm.assertEq(hers.owner(), alice);
        vm.assertEq(address(hers), vm.computeCreateAddress(alice, 0));
    }

    function test_prank_pays() public {
        vm.deal(alice, 5 ether);
        vm.prank(alice);
        payable(bob).transfer(2 ether);
        vm.assertEq(alice.balance, 3 ether);
        vm.assertEq(bob.balance, 2 ether);
    }

    function test_fails_second_prank() public {
        vm.prank(alice);
        vm.prank(bob);
    }

    function test_fails_prank_over_startPrank() public {
        vm.startPrank(alice);
        token.callers();
        vm.prank(bob);
        token.callers();
    }

    function test_fails_nobody_pays() public {
        vm.prank(alice);
        payable(bob).transfer(1);
    }
}

contract StartedInSetUpTest is Test {
    Token token;

    function setUp() public {
        token = new Token();
        vm.startPrank(address(0xa11ce));
    }

    function test_setUp_leaves_the_prank() public view {
        (address sender,) = token.callers();
        vm.assertEq(sender, address(0xa11ce));
    }
}
