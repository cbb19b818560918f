// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {Token} from "../src/Token.sol";
import {Vault} from "../src/Vault.sol";

contract StateTest is Test {
    Token token;
    Vault vault;
    uint256 mine = 1;
    uint256 snapshot;
    address alice = address(0xa11ce);

    function setUp() public {
        token = new Token();
        vault = new Vault(100);
        snapshot = vm.snapshotState();
        token.mint(alice, 3);
    }

    receive() external payable {}

    function test_warp_and_roll() public {
        vm.warp(1000);
        vm.roll(50);
        vm.assertEq(block.timestamp, 1000);
        vm.assertEq(vm.getBlockTimestamp(), 1000);
        vm.assertEq(block.number, 50);
        vm.assertEq(vm.getBlockNumber(), 50);
        vault.withdraw(0);
    }

    function test_surroundings() public {
        vm.fee(7 gwei);
        vm.chainId(5);
        vm.coinbase(alice);
        vm.prevrandao(bytes32(uint256(42)));
        vm.txGasPrice(9);
        vm.assertEq(block.basefee, 7 gwei);
        vm.assertEq(block.chainid, 5);
        vm.assertEq(block.coinbase, alice);
        vm.assertEq(block.prevrandao, 42);
        vm.assertEq(tx.gasprice, 9);
    }

    function test_deal_and_nonces() public {
        vm.deal(alice, 12 ether);
        vm.assertEq(alice.balance, 12 ether);
        vm.setNonce(alice, 9);
        vm.assertEq(vm.getNonce(alice), 9);
        vm.setNonceUnsafe(alice, 3);
        vm.assertEq(vm.getNonce(alice), 3);
    }

    function test_store_and_load() public {
        bytes32 slot = keccak256(abi.encode(alice, uint256(1)));
        vm.assertEq(uint256(vm.load(address(token), slot)), 3);
        vm.store(address(token), slot, bytes32(uint256(99)));
        vm.assertEq(token.balanceOf(alice), 99);
    }

    function test_etch() public {
        vm.etch(alice, hex"602a60005260206000f3");
        (, bytes memory data) = alice.staticcall("");
        vm.assertEq(abi.decode(data, (uint256)), 42);
        vm.assertEq(alice.code, hex"602a60005260206000f3");
    }

    function test_record() public {
        vm.record();
        token.balanceOf(alice);
        token.transfer(alice, 0);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(token));
        vm.assertEq(reads[0], keccak256(abi.encode(alice, uint256(1))));
        vm.assertEq(writes.length, 2);
        vm.assertEq(writes[0], keccak256(abi.encode(address(this), uint256(1))));
        (reads,) = vm.accesses(alice);
        vm.assertEq(reads.length, 0);
    }

    function test_snapshots() public {
        uint256 before = vm.snapshotState();
        mine = 2;
        token.mint(alice, 5);
        vm.deal(alice, 1);
        vm.warp(77);
        Token late = new Token();
        vm.assertTrue(vm.revertToState(before));
        vm.assertEq(mine, 1);
        vm.assertEq(token.balanceOf(alice), 3);
        vm.assertEq(alice.balance, 0);
        vm.assertEq(block.timestamp, 1);
        vm.assertEq(address(late).code.length, 0);
        vm.assertTrue(vm.deleteStateSnapshot(before));
        vm.assertFalse(vm.revertToState(before));
    }

    function test_snapshot_of_setUp() public {
        vm.assertEq(token.balanceOf(alice), 3);
        vm.assertTrue(vm.revertToStateAndDelete(snapshot));
        vm.assertEq(token.balanceOf(alice), 0);
        vm.assertFalse(vm.revertToStateAndDelete(snapshot));
    }

    function test_tests_do_not_see_each_other_a() public {
        vm.assertEq(mine, 1);
        mine = 5;
        vm.warp(9);
    }

    function test_tests_do_not_see_each_other_b() public {
        vm.assertEq(mine, 1);
        vm.assertEq(block.timestamp, 1);
        mine = 6;
    }

    function test_label() public {
        vm.label(alice, "Alice");
        vm.assertEq(vm.getLabel(alice), "Alice");
    }

    function test_code_of_artifacts() public {
        bytes memory code = vm.getCode("Token.sol:Token");
        address made;
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        vm.assertEq(Token(made).owner(), address(this));
    }

    function test_create2_deployer() public {
        bytes memory code = type(Token).creationCode;
        (bool ok, bytes memory answer) =
            0x4e59b44847b379578588920cA78FbF26c0B4956C.call(abi.encodePacked(bytes32(uint256(5)), code));
        vm.assertTrue(ok);
        address expected = vm.computeCreate2Address(
            bytes32(uint256(5)), keccak256(code), 0x4e59b44847b379578588920cA78FbF26c0B4956C
        );
        vm.assertEq(address(bytes20(answer)), expected);
        vm.assertEq(Token(expected).name(), "Token");
    }

    function test_fails_lower_nonce() public {
        vm.setNonce(alice, 9);
        vm.setNonce(alice, 8);
    }
}
