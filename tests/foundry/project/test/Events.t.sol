// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test, Vm} from "./Vm.sol";
import {Token} from "../src/Token.sol";

contract EventsTest is Test {
    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Paused();

    Token token;
    address alice = address(0xa11ce);

    function setUp() public {
        token = new Token();
        token.mint(address(this), 100);
    }

    function test_everything() public {
        vm.expectEmit();
        emit Transfer(address(this), alice, 7);
        token.transfer(alice, 7);
    }

    function test_topics_without_data() public {
        vm.expectEmit(true, true, false, false);
        emit Transfer(address(this), alice, 8);
        token.transfer(alice, 7);
    }

    function test_data_without_topics() public {
        vm.expectEmit(false, false, false, true);
        emit Transfer(alice, alice, 7);
        token.transfer(alice, 7);
    }

    function test_emitter() public {
        vm.expectEmit(address(token));
        emit Transfer(address(this), alice, 7);
        token.transfer(alice, 7);
        vm.expectEmit(true, true, true, true, address(token));
        emit Paused();
        token.pause();
    }

    function test_recorded() public {
        vm.recordLogs();
        token.transfer(alice, 7);
        token.pause();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2);
        vm.assertEq(logs[0].topics.length, 3);
        vm.assertEq(logs[0].topics[2], bytes32(uint256(uint160(alice))));
        vm.assertEq(logs[0].data, abi.encode(7));
        vm.assertEq(logs[1].topics[0], keccak256("Paused()"));
        vm.assertEq(logs[1].emitter, address(token));
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_several_times() public {
        vm.expectEmit(uint64(1));
        emit Paused();
        token.pause();
    }

    function test_fails_other_amount() public {
        vm.expectEmit();
        emit Transfer(address(this), alice, 8);
        token.transfer(alice, 7);
    }

    function test_fails_other_emitter() public {
        vm.expectEmit(address(this));
        emit Transfer(address(this), alice, 7);
        token.transfer(alice, 7);
    }

    function test_fails_nothing_emitted() public {
        vm.expectEmit();
        emit Paused();
        token.transfer(alice, 7);
    }

    function test_fails_without_a_call() public {
        vm.expectEmit();
        emit Paused();
    }
}
