// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {Token} from "../src/Token.sol";
import {Vault} from "../src/Vault.sol";

contract Refuses {
    constructor() {
        revert("not today");
    }
}

contract RevertsTest is Test {
    Token token;
    Vault vault;

    function setUp() public {
        token = new Token();
        vault = new Vault(100);
    }

    function test_any() public {
        vm.expectRevert();
        token.transfer(address(1), 1);
    }

    function test_text() public {
        vm.expectRevert("too early");
        vault.withdraw(0);
    }

    function test_text_as_it_is_encoded() public {
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "too early"));
        vault.withdraw(0);
    }

    function test_selector() public {
        vm.prank(address(1));
        vm.expectRevert(Token.NotTheOwner.selector);
        token.mint(address(1), 1);
    }

    function test_error_with_arguments() public {
        vm.expectRevert(abi.encodeWithSelector(Token.TooLittle.selector, address(this), 0, 7));
        token.transfer(address(1), 7);
    }

    function test_part_of_an_error() public {
        vm.expectPartialRevert(Token.TooLittle.selector);
        token.transfer(address(1), 7);
    }

    function test_panic() public {
        vm.warp(100);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        vault.withdraw(1);
    }

    function test_creation() public {
        vm.expectRevert("not today");
        new Refuses();
    }

    function test_reverter() public {
        vm.expectRevert(address(token));
        token.transfer(address(1), 7);
    }

    function test_reverter_and_selector() public {
        vm.prank(address(1));
        vm.expectRevert(Token.NotTheOwner.selector, address(token));
        token.pause();
    }

    function test_several_times() public {
        vm.expectRevert(uint64(2));
        token.transfer(address(1), 7);
        token.transfer(address(1), 8);
    }

    function test_prank_between() public {
        vm.expectRevert(Token.NotTheOwner.selector);
        vm.prank(address(1));
        token.pause();
    }

    function test_too_much_ether() public {
        vm.deal(address(this), 1);
        vm.expectRevert();
        vault.deposit{value: 2}();
    }

    function test_values_of_an_expected_revert() public {
        vm.expectRevert("too early");
        (bool ok, bytes memory data) = address(vault).call(abi.encodeCall(Vault.withdraw, (0)));
        vm.assertTrue(ok);
        vm.assertEq(data.length, 0x2000);
    }

    function test_not_this_one() public {
        vm.expectRevert(Token.NotTheOwner.selector, uint64(0));
        token.pause();
    }

    function test_fails_no_revert() public {
        vm.expectRevert();
        token.pause();
    }

    function test_fails_other_text() public {
        vm.expectRevert("too late");
        vault.withdraw(0);
    }

    function test_fails_other_selector() public {
        vm.expectRevert(Token.NotTheOwner.selector);
        vault.withdraw(0);
    }

    function test_fails_no_call() public {
        vm.expectRevert();
    }

    function test_fails_other_reverter() public {
        vm.expectRevert(address(vault));
        token.transfer(address(1), 7);
    }

    function test_fails_by_itself() public {
        vm.expectRevert("too early");
        revert("too early");
    }

    function test_fails_with_an_error() public {
        token.transfer(address(1), 7);
    }

    function test_fails_with_a_text() public {
        vault.withdraw(0);
    }

    function test_fails_with_a_panic() public {
        vm.warp(100);
        vault.withdraw(1);
    }
}
