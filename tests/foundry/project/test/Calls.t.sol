// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {IPriceFeed, Token} from "../src/Token.sol";
import {Vault} from "../src/Vault.sol";

contract StandIn {
    function totalSupply() external pure returns (uint256) {
        return 77;
    }
}

contract CallsTest is Test {
    Token token;
    Vault vault;
    IPriceFeed feed = IPriceFeed(address(0xfeed));

    function setUp() public {
        token = new Token();
        vault = new Vault(0);
        token.mint(address(this), 10);
    }

    function test_mock() public {
        vm.mockCall(address(feed), abi.encodeWithSelector(IPriceFeed.price.selector), abi.encode(5));
        vm.assertEq(token.worth(feed, address(this)), 50);
        vm.mockCall(address(feed), abi.encodeCall(IPriceFeed.price, (address(token))), abi.encode(6));
        vm.assertEq(token.worth(feed, address(this)), 60);
        vm.assertEq(feed.price(address(1)), 5);
    }

    function test_mock_by_value() public {
        bytes memory data = abi.encodeWithSelector(IPriceFeed.update.selector);
        vm.mockCallRevert(address(feed), data, "give something");
        vm.mockCall(address(feed), 1 ether, data, "");
        feed.update{value: 1 ether}(address(0), 1);
        vm.expectRevert(bytes("give something"));
        feed.update(address(0), 1);
    }

    function test_mocks_in_turn() public {
        bytes[] memory answers = new bytes[](2);
        answers[0] = abi.encode(1);
        answers[1] = abi.encode(2);
        vm.mockCalls(address(feed), abi.encodeWithSelector(IPriceFeed.price.selector), answers);
        vm.assertEq(feed.price(address(0)), 1);
        vm.assertEq(feed.price(address(0)), 2);
        vm.assertEq(feed.price(address(0)), 2);
    }

    function test_mock_of_a_real_contract() public {
        vm.mockCall(address(token), abi.encodeCall(token.totalSupply, ()), abi.encode(1));
        vm.assertEq(token.totalSupply(), 1);
        vm.assertEq(token.balanceOf(address(this)), 10);
        vm.clearMockedCalls();
        vm.assertEq(token.totalSupply(), 10);
    }

    function test_stand_in() public {
        vm.mockFunction(address(token), address(new StandIn()), abi.encodeCall(token.totalSupply, ()));
        vm.assertEq(token.totalSupply(), 77);
    }

    function test_expected() public {
        vm.expectCall(address(token), abi.encodeWithSelector(Token.transfer.selector));
        vm.expectCall(address(vault), 3, abi.encodeCall(Vault.deposit, ()));
        vm.expectCall(address(token), abi.encodeCall(Token.transfer, (address(2), 2)), 2);
        vm.expectCall(address(token), abi.encodeCall(Token.pause, ()), 0);
        token.transfer(address(2), 2);
        token.transfer(address(2), 2);
        vault.deposit{value: 3}();
    }

    function test_fails_expected_call() public {
        vm.expectCall(address(token), abi.encodeCall(Token.pause, ()));
        token.transfer(address(2), 2);
    }

    function test_fails_expected_too_often() public {
        vm.expectCall(address(token), abi.encodeCall(Token.transfer, (address(2), 2)), 1);
        token.transfer(address(2), 2);
        token.transfer(address(2), 2);
    }

    function test_fails_nobody_there() public view {
        feed.price(address(0));
    }
}
