// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test, Vm, console} from "./Vm.sol";

contract TextsTest is Test {
    function test_to_text() public pure {
        vm.assertEq(vm.toString(address(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D)), "0x7109709ECfa91a80626fF3989D68f67F5b1DD12D");
        vm.assertEq(vm.toString(bytes(hex"00ff")), "0x00ff");
        vm.assertEq(vm.toString(bytes32(uint256(1))), "0x0000000000000000000000000000000000000000000000000000000000000001");
        vm.assertEq(vm.toString(true), "true");
        vm.assertEq(vm.toString(uint256(1234567)), "1234567");
        vm.assertEq(vm.toString(int256(-42)), "-42");
    }

    function test_from_text() public pure {
        vm.assertEq(vm.parseUint("123"), 123);
        vm.assertEq(vm.parseUint("0xff"), 255);
        vm.assertEq(vm.parseInt("-123"), -123);
        vm.assertEq(vm.parseBool("true"), true);
        vm.assertEq(vm.parseAddress("0x7109709ECfa91a80626fF3989D68f67F5b1DD12D"), address(vm));
        vm.assertEq(vm.parseBytes("0x00ff"), hex"00ff");
    }

    function test_text() public view {
        vm.assertEq(vm.toLowercase("AbC"), "abc");
        vm.assertEq(vm.toUppercase("AbC"), "ABC");
        vm.assertEq(vm.trim("  a b "), "a b");
        vm.assertEq(vm.replace("a-b-c", "-", "+"), "a+b+c");
        string[] memory parts = vm.split("a,b,", ",");
        vm.assertEq(parts.length, 3);
        vm.assertEq(parts[1], "b");
        vm.assertEq(vm.indexOf("hello", "lo"), 3);
        vm.assertEq(vm.indexOf("hello", "x"), type(uint256).max);
        vm.assertTrue(vm.contains("hello", "ell"));
        vm.assertEq(vm.toBase64(bytes("hello")), "aGVsbG8=");
    }

    function test_environment_variables() public {
        vm.setEnv("INTERLOCK_TEST_NUMBER", "12");
        vm.setEnv("INTERLOCK_TEST_LIST", "1,2,3");
        vm.assertEq(vm.envUint("INTERLOCK_TEST_NUMBER"), 12);
        vm.assertEq(vm.envUint("INTERLOCK_TEST_LIST", ",").length, 3);
        vm.assertEq(vm.envUint("INTERLOCK_TEST_LIST", ",")[2], 3);
        vm.assertEq(vm.envString("INTERLOCK_TEST_NUMBER"), "12");
        vm.assertEq(vm.envOr("INTERLOCK_TEST_NUMBER", uint256(5)), 12);
        vm.assertEq(vm.envOr("INTERLOCK_TEST_NOTHING", uint256(5)), 5);
        vm.assertEq(vm.envOr("INTERLOCK_TEST_NOTHING", address(1)), address(1));
        vm.assertFalse(vm.envExists("INTERLOCK_TEST_NOTHING"));
    }

    function test_random() public view {
        uint256 drawn = vm.randomUint(10, 12);
        vm.assertTrue(drawn >= 10 && drawn <= 12);
        vm.assertTrue(vm.randomAddress() != vm.randomAddress());
    }

    function test_console() public view {
        console.log("hello");
        console.log("number is", 7);
        console.log("who", address(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D), true);
        console.log("%s has %d%%", "she", 50, false);
        console.log(int256(-5));
        console.logBytes(hex"00ff");
        console.logBytes4(0x01020304);
        console.logOld(9);
    }

    function test_fails_and_prints() public view {
        console.log("before it fails");
        vm.assertTrue(false, "it fails");
    }

    function test_fails_missing_variable() public view {
        vm.envUint("INTERLOCK_TEST_NOTHING");
    }

    function test_fails_no_number() public pure {
        vm.parseUint("seven");
    }
}

contract KeysTest is Test {
    function test_addr() public pure {
        vm.assertEq(vm.addr(1), 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf);
    }

    function test_sign() public pure {
        bytes32 digest = keccak256("message");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(42, digest);
        vm.assertEq(ecrecover(digest, v, r, s), vm.addr(42));
        (bytes32 r2, bytes32 vs) = vm.signCompact(42, digest);
        vm.assertEq(r, r2);
        vm.assertEq(vs, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function test_wallet() public {
        Vm.Wallet memory wallet = vm.createWallet("alice");
        vm.assertEq(wallet.privateKey, uint256(keccak256("alice")));
        vm.assertEq(wallet.addr, vm.addr(wallet.privateKey));
        vm.assertEq(address(uint160(uint256(keccak256(abi.encode(wallet.publicKeyX, wallet.publicKeyY))))), wallet.addr);
        vm.assertEq(vm.getLabel(wallet.addr), "alice");
    }

    function test_fails_no_key() public pure {
        vm.addr(0);
    }
}

contract UnknownTest is Test {
    function test_fails_not_supported() public {
        vm.ffi(new string[](1));
    }
}
