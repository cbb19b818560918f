// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";
import {Token} from "../src/Token.sol";

contract FuzzTest is Test {
    struct Order {
        address maker;
        uint128 amount;
        bytes32[] path;
        string note;
    }

    Token token;

    function setUp() public {
        token = new Token();
    }

    function testFuzz_transfer(address to, uint128 minted, uint128 amount) public {
        vm.assume(to != address(this) && amount <= minted);
        token.mint(address(this), minted);
        token.transfer(to, amount);
        vm.assertEq(token.balanceOf(to), amount);
        vm.assertEq(token.balanceOf(address(this)), uint256(minted) - amount);
    }

    function testFuzz_arrays(uint256[] memory xs, bool[3] memory flags, int8[][] memory rows) public pure {
        uint256 sum;
        for (uint256 i = 0; i < xs.length; ++i) {
            unchecked {
                sum += xs[i];
            }
        }
        flags[0] = !flags[0];
        vm.assertEq(abi.encode(rows), abi.encode(abi.decode(abi.encode(rows), (int8[][]))));
    }

    function testFuzz_structs(Order memory order, Order[] memory more) public pure {
        bytes memory data = abi.encode(order, more);
        (Order memory again, Order[] memory others) = abi.decode(data, (Order, Order[]));
        vm.assertEq(again.note, order.note);
        vm.assertEq(others.length, more.length);
    }

    function testFuzz_bytes(bytes memory data, string memory text, bytes4 selector, int64 number) public pure {
        vm.assertEq(abi.encodePacked(data, text).length, data.length + bytes(text).length);
        vm.assertEq(uint256(uint32(selector)), uint256(uint32(bytes4(bytes32(selector)))));
        vm.assertGe(uint256(int256(number) + 2 ** 63), 0, "a number of 64 bits");
    }

    function testFuzz_assumes_no_revert(uint8 amount) public {
        token.mint(address(this), 200);
        vm.assumeNoRevert();
        token.transfer(address(1), amount);
        vm.assertLe(amount, 200);
    }

    function testFuzz_fails_above(uint256 x) public pure {
        vm.assertLt(x, 1000);
    }

    function testFuzz_fails_for_some_length(uint8[] memory xs) public pure {
        vm.assertLt(xs.length, 3);
    }

    function testFuzz_fails_for_a_constant(uint256 x) public pure {
        require(x != 123456789, "the code knows it");
    }

    function testFuzz_fails_always_assuming(uint256 x) public pure {
        vm.assume(x != x);
    }
}
