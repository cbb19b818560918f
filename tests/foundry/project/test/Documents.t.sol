// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";

contract JsonTest is Test {
    struct Inner {
        string b;
        uint256[] q;
    }

    address constant someone = 0x5B38Da6a701c568545dCfcB03FcB875f56beddC4;
    string constant json =
        '{"z": 1, "a": "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4", "m": {"q": [1,2], "b": "hi"}, "none": null,'
        ' "neg": -5, "exp": 1.5e18, "frac": 1.5, "hex": "0x0102", "odd": "0x123", "yes": true, "digits": "12",'
        ' "big": 115792089237316195423570985008687907853269984665640564039457584007913129639935, "with space": 4,'
        ' "list": [{"x":1},{"x":2}], "empty": [], "strings": ["a","b\\n"], "mixed": [1, -1], "flag": "true",'
        ' "word": "0x0000000000000000000000000000000000000000000000000000000000000001"}';

    function any(string memory path) private pure returns (bytes memory) {
        return vm.parseJson(json, path);
    }

    function test_typed() public pure {
        vm.assertEq(vm.parseJsonUint(json, ".z"), 1);
        vm.assertEq(vm.parseJsonUint(json, ".digits"), 12);
        vm.assertEq(vm.parseJsonUint(json, ".hex"), 258);
        vm.assertEq(vm.parseJsonUint(json, ".exp"), 1.5 ether);
        vm.assertEq(vm.parseJsonUint(json, ".big"), type(uint256).max);
        vm.assertEq(vm.parseJsonInt(json, ".neg"), -5);
        vm.assertEq(vm.parseJsonAddress(json, ".a"), someone);
        vm.assertTrue(vm.parseJsonBool(json, ".yes") && vm.parseJsonBool(json, ".flag"));
        vm.assertEq(vm.parseJsonString(json, ".m.b"), "hi");
        vm.assertEq(vm.parseJsonString(json, ".z"), "1");
        vm.assertEq(vm.parseJsonString(json, ".yes"), "true");
        vm.assertEq(vm.parseJsonBytes(json, ".hex"), hex"0102");
        vm.assertEq(vm.parseJsonBytes32(json, ".word"), bytes32(uint256(1)));
        vm.assertEq(vm.parseJsonUintArray(json, ".m.q")[1], 2);
        vm.assertEq(vm.parseJsonUintArray(json, ".empty").length, 0);
        vm.assertEq(vm.parseJsonStringArray(json, ".strings")[1], "b\n");
    }

    function test_any() public pure {
        vm.assertEq(any(".z"), abi.encode(uint256(1)));
        vm.assertEq(any(".neg"), abi.encode(int256(-5)));
        vm.assertEq(any(".big"), abi.encode(type(uint256).max));
        vm.assertEq(any(".exp"), abi.encode(uint256(1.5 ether)));
        vm.assertEq(any(".none"), abi.encode(uint256(0)));
        vm.assertEq(any(".yes"), abi.encode(true));
        vm.assertEq(any(".a"), abi.encode(someone));
        vm.assertEq(any(".word"), abi.encode(bytes32(uint256(1))));
        vm.assertEq(any(".hex"), abi.encode(hex"0102"));
        vm.assertEq(any(".odd"), abi.encode(hex"0123"));
        vm.assertEq(any(".digits"), abi.encode("12"));
        vm.assertEq(any(".nothing"), "");
        vm.assertEq(any(".empty"), abi.encode(new uint256[](0)));
        int256[] memory mixed = new int256[](2);
        (mixed[0], mixed[1]) = (1, -1);
        vm.assertEq(any(".mixed"), abi.encode(mixed));
    }

    function test_fields_are_sorted() public pure {
        Inner memory inner = abi.decode(any(".m"), (Inner));
        vm.assertEq(inner.b, "hi");
        vm.assertEq(inner.q[1], 2);
        vm.assertEq(vm.parseJson('{"z": 1, "a": 2}'), abi.encode(uint256(2), uint256(1)));
    }

    function test_paths() public pure {
        vm.assertEq(vm.parseJsonUint(json, "$.list[1].x"), 2);
        vm.assertEq(vm.parseJsonUint(json, ".list[-1].x"), 2);
        vm.assertEq(vm.parseJsonUint(json, "['with space']"), 4);
        vm.assertEq(vm.parseJsonUint(json, '$["with space"]'), 4);
        uint256[] memory both = new uint256[](2);
        (both[0], both[1]) = (1, 2);
        vm.assertEq(any(".list[*].x"), abi.encode(both));
        vm.assertEq(vm.parseJson('{"a": 1}', "$"), vm.parseJson('{"a": 1}'));
    }

    function test_keys() public view {
        string[] memory keys = vm.parseJsonKeys(json, "$");
        vm.assertEq(keys.length, 19);
        vm.assertEq(keys[0], "z");
        vm.assertEq(vm.parseJsonKeys(json, ".m")[0], "q");
        vm.assertTrue(vm.keyExistsJson(json, ".m.b") && vm.keyExistsJson(json, ".none"));
        vm.assertFalse(vm.keyExistsJson(json, ".m.c") || vm.keyExistsJson(json, ".z.b"));
    }

    function test_fails_no_json() public pure {
        vm.parseJson("{bad");
    }

    function test_fails_fraction() public pure {
        any(".frac");
    }

    function test_fails_fraction_as_number() public pure {
        vm.parseJsonUint(json, ".frac");
    }

    function test_fails_negative_as_number() public pure {
        vm.parseJsonUint(json, ".neg");
    }

    function test_fails_missing() public pure {
        vm.parseJsonUint(json, ".nothing");
    }

    function test_fails_object_as_number() public pure {
        vm.parseJsonUint(json, ".m");
    }

    function test_fails_object_as_text() public pure {
        vm.parseJsonString(json, ".m");
    }

    function test_fails_list_as_number() public pure {
        vm.parseJsonUint(json, ".m.q");
    }

    function test_fails_number_as_list() public pure {
        vm.parseJsonUintArray(json, ".z");
    }

    function test_fails_several() public pure {
        vm.parseJsonUintArray(json, ".list[*].x");
    }

    function test_fails_keys_of_a_list() public pure {
        vm.parseJsonKeys(json, ".list");
    }

    function test_fails_path_without_a_point() public pure {
        vm.parseJsonUint(json, "z");
    }

    function test_serialize() public {
        vm.serializeUint("o", "z", type(uint256).max);
        vm.serializeInt("o", "i", -7);
        vm.serializeBytes("o", "bytes", hex"0102");
        vm.serializeUintToHex("o", "hex", 255);
        vm.serializeUintToHex("o", "zero", 0);
        vm.serializeAddress("o", "a", someone);
        vm.serializeBool("o", "yes", true);
        vm.serializeString("o", "digits", "12");
        vm.serializeString("o", "list", "[1]");
        string[] memory texts = new string[](2);
        texts[0] = 'x\n"y';
        vm.serializeString("o", "texts", texts);
        vm.serializeUint("o", "numbers", new uint256[](2));
        string memory inner = vm.serializeUint("inner", "k", 3);
        string memory made = vm.serializeString("o", "inner", inner);
        vm.assertEq(
            made,
            '{"a":"0x5B38Da6a701c568545dCfcB03FcB875f56beddC4","bytes":"0x0102","digits":"12","hex":"0xff","i":-7,'
            '"inner":{"k":3},"list":"[1]","numbers":[0,0],"texts":["x\\n\\"y",""],"yes":true,'
            '"z":"115792089237316195423570985008687907853269984665640564039457584007913129639935","zero":"0x0"}'
        );
    }

    function test_serialize_large() public {
        vm.assertEq(vm.serializeUint("l", "a", 2 ** 53), '{"a":9007199254740992}');
        vm.assertEq(vm.serializeUint("l", "a", uint256(2 ** 63 - 1)), '{"a":9223372036854775807}');
    }

    function test_serialize_the_same_again() public {
        vm.serializeUint("again", "a", 1);
        vm.assertEq(vm.serializeUint("again", "a", 2), '{"a":2}');
        vm.assertEq(vm.serializeJson("other", '{"b":1,"a":[1, 2]}'), '{"b":1,"a":[1, 2]}');
        vm.assertEq(vm.serializeUint("other", "c", 2), '{"a":[1,2],"b":1,"c":2}');
    }
}

contract TomlTest is Test {
    string constant toml = 'z = 1 # a comment\ntext = "x\\n#"\nday = 1979-05-27\nhex = 0xff\nlong = 1_000\n'
        'points.a = 1\npoints."b c" = 2\ninline = { p = 1, q = "two" }\nliteral = \'c:\\d\'\n'
        'many = """\none\ntwo"""\nlist = [\n  1, # one\n  2,\n]\n'
        '[table]\nyes = true\nb = [1, 2]\n[table.inner]\nx = -3\n[[tables]]\nx = 1\n[[tables]]\nx = 2\n';

    function test_values() public pure {
        vm.assertEq(vm.parseTomlUint(toml, ".z"), 1);
        vm.assertEq(vm.parseTomlString(toml, ".text"), "x\n#");
        vm.assertEq(vm.parseTomlString(toml, ".day"), "1979-05-27");
        vm.assertEq(vm.parseTomlUint(toml, ".hex"), 255);
        vm.assertEq(vm.parseTomlUint(toml, ".long"), 1000);
        vm.assertEq(vm.parseTomlUint(toml, ".points.a"), 1);
        vm.assertEq(vm.parseTomlUint(toml, ".points['b c']"), 2);
        vm.assertEq(vm.parseTomlString(toml, ".inline.q"), "two");
        vm.assertEq(vm.parseTomlString(toml, ".literal"), "c:\\d");
        vm.assertEq(vm.parseTomlString(toml, ".many"), "one\ntwo");
        vm.assertEq(vm.parseTomlUintArray(toml, ".list")[1], 2);
        vm.assertTrue(vm.parseTomlBool(toml, ".table.yes"));
        vm.assertEq(vm.parseToml(toml, ".table.inner.x"), abi.encode(int256(-3)));
        vm.assertEq(vm.parseTomlUint(toml, ".tables[1].x"), 2);
        vm.assertEq(vm.parseToml(toml, ".inline"), abi.encode(Inline(1, "two")));
    }

    struct Inline {
        uint256 p;
        string q;
    }

    function test_keys() public view {
        vm.assertTrue(vm.keyExistsToml(toml, ".table.inner"));
        vm.assertFalse(vm.keyExistsToml(toml, ".table.outer"));
        vm.assertEq(vm.parseTomlKeys(toml, ".inline").length, 2);
    }

    function test_fails_no_toml() public pure {
        vm.parseTomlUint("a = ", ".a");
    }

    function test_fails_twice() public pure {
        vm.parseTomlUint("a = 1\na = 2\n", ".a");
    }

    function test_fails_text_without_end() public pure {
        vm.parseTomlUint('a = "x\nb = 1', ".b");
    }
}
