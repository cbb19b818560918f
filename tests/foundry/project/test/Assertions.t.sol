// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";

contract AssertionsTest is Test {
    function lists() private pure returns (uint256[] memory a, uint256[] memory b) {
        a = new uint256[](2);
        b = new uint256[](2);
        a[0] = b[0] = 1;
        (a[1], b[1]) = (2, 3);
    }

    function test_all_that_hold() public pure {
        vm.assertEq(uint256(1), 1);
        vm.assertEq(int256(-1), -1);
        vm.assertEq(true, true);
        vm.assertEq(string("text"), "text");
        vm.assertEq(bytes(hex"00ff"), hex"00ff");
        vm.assertEq(bytes32("a"), bytes32("a"));
        (uint256[] memory a,) = lists();
        vm.assertEq(a, a);
        vm.assertEq(new address[](0), new address[](0));
        vm.assertNotEq(1, 2);
        vm.assertLt(1, 2);
        vm.assertLe(2, 2);
        vm.assertGt(int256(-1), -2);
        vm.assertGe(2, 2, "not less");
        vm.assertApproxEqAbs(100, 103, 3);
        vm.assertApproxEqRel(1.01 ether, 1 ether, 0.01 ether);
        vm.assertApproxEqRel(type(uint256).max, type(uint256).max - 5, 1);
    }

    function test_fails_eq() public pure {
        vm.assertEq(uint256(1), 2);
    }

    function test_fails_eq_with_text() public pure {
        vm.assertEq(uint256(1), 2, "one is not two");
    }

    function test_fails_int() public pure {
        vm.assertEq(int256(-1), 1);
    }

    function test_fails_bool() public pure {
        vm.assertEq(true, false);
    }

    function test_fails_address() public view {
        vm.assertEq(address(this), address(0));
    }

    function test_fails_string() public pure {
        vm.assertEq(string("one"), "two");
    }

    function test_fails_bytes() public pure {
        vm.assertEq(bytes(hex"01"), hex"02");
    }

    function test_fails_list() public pure {
        (uint256[] memory a, uint256[] memory b) = lists();
        vm.assertEq(a, b);
    }

    function test_fails_not_eq() public pure {
        vm.assertNotEq(1, 1);
    }

    function test_fails_lt() public pure {
        vm.assertLt(2, 2);
    }

    function test_fails_gt() public pure {
        vm.assertGt(int256(-2), -1);
    }

    function test_fails_ge_with_text() public pure {
        vm.assertGe(1, 2, "too little");
    }

    function test_fails_decimal() public pure {
        vm.assertEqDecimal(1.5 ether, 0.25 ether, 18);
    }

    function test_fails_near() public pure {
        vm.assertApproxEqAbs(100, 104, 3);
    }

    function test_fails_relatively_near() public pure {
        vm.assertApproxEqRel(1.1 ether, 1 ether, 0.01 ether);
    }

    function test_fails_true() public pure {
        vm.assertTrue(1 == 2);
    }

    function test_fails_true_with_text() public pure {
        vm.assertTrue(1 == 2, "of course not");
    }

    function test_fails_assert() public pure {
        uint256 one = 1;
        assert(one == 2);
    }

    function test_skipped() public {
        vm.skip(true);
        vm.assertTrue(false);
    }

    function test_not_skipped() public {
        vm.skip(false);
        vm.assertTrue(true);
    }
}

// As the assertions of old did it.
contract MarkTest is Test {
    event log_named_uint(string key, uint256 value);

    bool _failed;

    function failed() public view returns (bool) {
        return _failed || vm.load(address(vm), bytes32("failed")) != bytes32(0);
    }

    function test_fails_with_a_mark() public {
        emit log_named_uint("expected", 3);
        vm.store(address(vm), bytes32("failed"), bytes32(uint256(1)));
    }

    function test_has_no_mark() public pure {}
}
