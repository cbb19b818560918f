// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test, Vm} from "./Vm.sol";

contract FilesTest is Test {
    string constant lines = "test/lines.txt";

    function test_read() public view {
        vm.assertEq(vm.readFile(lines), "first\nsecond\n\nfourth\n");
        vm.assertEq(vm.readFileBinary(string.concat(vm.projectRoot(), "/", lines)), bytes("first\nsecond\n\nfourth\n"));
    }

    function test_lines() public {
        vm.assertEq(vm.readLine(lines), "first");
        vm.assertEq(vm.readLine(lines), "second");
        vm.closeFile(lines);
        vm.assertEq(vm.readLine(lines), "first");
        vm.readLine(lines);
        vm.assertEq(vm.readLine(lines), "");
        vm.assertEq(vm.readLine(lines), "fourth");
        vm.assertEq(vm.readLine(lines), "");
        vm.assertEq(vm.readLine(lines), "");
    }

    function test_kinds() public view {
        vm.assertTrue(vm.exists(lines) && vm.isFile(lines) && !vm.isDir(lines));
        vm.assertTrue(vm.exists("test") && vm.isDir("test") && !vm.isFile("test"));
        vm.assertFalse(vm.exists("test/nothing.txt") || vm.isFile("test/nothing.txt") || vm.isDir("test/nothing.txt"));
    }

    function test_folders() public view {
        Vm.DirEntry[] memory sources = vm.readDir("src");
        vm.assertEq(sources.length, 3);
        vm.assertEq(sources[0].path, string.concat(vm.projectRoot(), "/src/Alone.sol"));
        vm.assertEq(sources[0].depth, 1);
        vm.assertFalse(sources[0].isDir || sources[0].isSymlink);
        vm.assertEq(vm.readDir("test", 3).length, vm.readDir("test").length);
    }

    function test_fails_read_of_nothing() public view {
        vm.readFile("test/nothing.txt");
    }

    function test_fails_read_of_a_folder() public view {
        vm.readFile("test");
    }

    function test_fails_read_outside() public view {
        vm.readFile("../../../../../../../../etc/hostname");
    }

    function test_fails_read_outside_from_the_root() public view {
        vm.readFile("/etc/hostname");
    }

    function test_rpcUrl() public view {
        vm.assertEq(vm.rpcUrl("near"), "https://example.org");
    }

    function test_fails_rpcUrl_of_nothing() public view {
        vm.rpcUrl("nowhere");
    }

    function test_unixTime() public {
        require(vm.unixTime() > 1_600_000_000_000);
        vm.sleep(1);
    }

    function test_sort_and_shuffle() public {
        uint256[] memory values = new uint256[](3);
        (values[0], values[1], values[2]) = (3, 1, 2);
        values = vm.sort(vm.shuffle(values));
        vm.assertEq(values[0], 1);
        vm.assertEq(values[1], 2);
        vm.assertEq(values[2], 3);
    }
}

contract MnemonicTest is Test {
    string constant words = "test test test test test test test test test test test junk";
    string constant other = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    function test_keys() public pure {
        vm.assertEq(vm.addr(vm.deriveKey(words, 0)), 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266);
        vm.assertEq(vm.addr(vm.deriveKey(words, 1)), 0x70997970C51812dc3A010C7d01b50e0d17dc79C8);
        vm.assertEq(vm.deriveKey(words, "m/44'/60'/0'/0/", 1), vm.deriveKey(words, 1));
        vm.assertEq(vm.deriveKey(words, "m/44'/60'/0'/0", 1), vm.deriveKey(words, 1));
        vm.assertEq(vm.deriveKey(words, 2, "english"), vm.deriveKey(words, 2));
        vm.assertEq(vm.addr(vm.deriveKey(other, "m/1'/2/2147483647'/", 7)), 0x6E9a9cc90b618A17C5a6EACb938009916d1e9d2B);
    }

    function test_rememberKeys() public {
        address[] memory all = vm.rememberKeys(words, "m/44'/60'/0'/0/", 3);
        vm.assertEq(all.length, 3);
        vm.assertEq(all[1], 0x70997970C51812dc3A010C7d01b50e0d17dc79C8);
        vm.assertEq(all[2], vm.addr(vm.deriveKey(words, 2)));
    }

    function test_fails_path() public pure {
        vm.deriveKey(words, "m/x/", 0);
    }
}
