// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

// As much of the cheatcodes' interface as these tests need.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }
    struct Wallet {
        address addr;
        uint256 publicKeyX;
        uint256 publicKeyY;
        uint256 privateKey;
    }

    struct DirEntry {
        string errorMessage;
        string path;
        uint64 depth;
        bool isDir;
        bool isSymlink;
    }

    function prank(address sender) external;
    function prank(address sender, bool isDelegate) external;
    function prank(address sender, address origin, bool isDelegate) external;
    function startPrank(address sender, bool isDelegate) external;
    function deployCode(string calldata name) external returns (address);
    function deployCode(string calldata name, bytes calldata arguments) external returns (address);
    function deployCode(string calldata name, uint256 value) external returns (address);
    function deployCode(string calldata name, bytes32 salt) external returns (address);
    function deployCode(string calldata name, bytes calldata arguments, uint256 value, bytes32 salt)
        external
        returns (address);
    function expectCreate(bytes calldata code, address creator) external;
    function expectCreate2(bytes calldata code, address creator) external;
    function readFile(string calldata path) external view returns (string memory);
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function readLine(string calldata path) external view returns (string memory);
    function closeFile(string calldata path) external;
    function exists(string calldata path) external view returns (bool);
    function isFile(string calldata path) external view returns (bool);
    function isDir(string calldata path) external view returns (bool);
    function readDir(string calldata path) external view returns (DirEntry[] memory);
    function readDir(string calldata path, uint64 depth) external view returns (DirEntry[] memory);
    function deriveKey(string calldata words, uint32 number) external pure returns (uint256);
    function deriveKey(string calldata words, string calldata path, uint32 number) external pure returns (uint256);
    function deriveKey(string calldata words, uint32 number, string calldata language) external pure returns (uint256);
    function rememberKeys(string calldata words, string calldata path, uint32 count)
        external
        returns (address[] memory);
    function ffi(string[] calldata command) external returns (bytes memory);
    function rpcUrl(string calldata name) external view returns (string memory);
    function unixTime() external view returns (uint256);
    function sleep(uint256 milliseconds) external;
    function sort(uint256[] calldata values) external returns (uint256[] memory);
    function shuffle(uint256[] calldata values) external returns (uint256[] memory);
    function parseJson(string calldata json) external pure returns (bytes memory);
    function parseJson(string calldata json, string calldata path) external pure returns (bytes memory);
    function parseJsonUint(string calldata json, string calldata path) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata path) external pure returns (uint256[] memory);
    function parseJsonInt(string calldata json, string calldata path) external pure returns (int256);
    function parseJsonBool(string calldata json, string calldata path) external pure returns (bool);
    function parseJsonAddress(string calldata json, string calldata path) external pure returns (address);
    function parseJsonString(string calldata json, string calldata path) external pure returns (string memory);
    function parseJsonStringArray(string calldata json, string calldata path) external pure returns (string[] memory);
    function parseJsonBytes(string calldata json, string calldata path) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata path) external pure returns (bytes32);
    function parseJsonKeys(string calldata json, string calldata path) external pure returns (string[] memory);
    function keyExistsJson(string calldata json, string calldata path) external view returns (bool);
    function parseToml(string calldata toml, string calldata path) external pure returns (bytes memory);
    function parseTomlUint(string calldata toml, string calldata path) external pure returns (uint256);
    function parseTomlString(string calldata toml, string calldata path) external pure returns (string memory);
    function parseTomlBool(string calldata toml, string calldata path) external pure returns (bool);
    function parseTomlUintArray(string calldata toml, string calldata path) external pure returns (uint256[] memory);
    function parseTomlKeys(string calldata toml, string calldata path) external pure returns (string[] memory);
    function keyExistsToml(string calldata toml, string calldata path) external view returns (bool);
    function serializeJson(string calldata object, string calldata value) external returns (string memory);
    function serializeUint(string calldata object, string calldata key, uint256 value) external returns (string memory);
    function serializeUint(string calldata object, string calldata key, uint256[] calldata values)
        external
        returns (string memory);
    function serializeInt(string calldata object, string calldata key, int256 value) external returns (string memory);
    function serializeBool(string calldata object, string calldata key, bool value) external returns (string memory);
    function serializeAddress(string calldata object, string calldata key, address value)
        external
        returns (string memory);
    function serializeBytes(string calldata object, string calldata key, bytes calldata value)
        external
        returns (string memory);
    function serializeString(string calldata object, string calldata key, string calldata value)
        external
        returns (string memory);
    function serializeString(string calldata object, string calldata key, string[] calldata values)
        external
        returns (string memory);
    function serializeUintToHex(string calldata object, string calldata key, uint256 value)
        external
        returns (string memory);
    function prank(address sender, address origin) external;
    function startPrank(address sender) external;
    function startPrank(address sender, address origin) external;
    function stopPrank() external;
    function readCallers() external returns (uint8 mode, address sender, address origin);
    function deal(address who, uint256 wei_) external;
    function etch(address who, bytes calldata code) external;
    function load(address who, bytes32 slot) external view returns (bytes32);
    function store(address who, bytes32 slot, bytes32 value) external;
    function getNonce(address who) external view returns (uint64);
    function setNonce(address who, uint64 nonce) external;
    function setNonceUnsafe(address who, uint64 nonce) external;
    function label(address who, string calldata text) external;
    function getLabel(address who) external view returns (string memory);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function computeCreate2Address(bytes32 salt, bytes32 hash, address deployer) external pure returns (address);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function fee(uint256 baseFee) external;
    function chainId(uint256 id) external;
    function coinbase(address who) external;
    function prevrandao(bytes32 value) external;
    function txGasPrice(uint256 price) external;
    function getBlockTimestamp() external view returns (uint256);
    function getBlockNumber() external view returns (uint256);
    function expectRevert() external;
    function expectRevert(bytes4 data) external;
    function expectRevert(bytes calldata data) external;
    function expectRevert(address reverter) external;
    function expectRevert(bytes4 data, address reverter) external;
    function expectRevert(uint64 count) external;
    function expectRevert(bytes4 data, uint64 count) external;
    function expectPartialRevert(bytes4 data) external;
    function expectEmit() external;
    function expectEmit(address emitter) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data, address emitter) external;
    function expectEmit(uint64 count) external;
    function expectCall(address callee, bytes calldata data) external;
    function expectCall(address callee, bytes calldata data, uint64 count) external;
    function expectCall(address callee, uint256 value, bytes calldata data) external;
    function mockCall(address callee, bytes calldata data, bytes calldata answer) external;
    function mockCall(address callee, uint256 value, bytes calldata data, bytes calldata answer) external;
    function mockCallRevert(address callee, bytes calldata data, bytes calldata answer) external;
    function mockCalls(address callee, bytes calldata data, bytes[] calldata answers) external;
    function mockFunction(address callee, address target, bytes calldata data) external;
    function clearMockedCalls() external;
    function record() external;
    function accesses(address who) external view returns (bytes32[] memory reads, bytes32[] memory writes);
    function recordLogs() external;
    function getRecordedLogs() external view returns (Log[] memory logs);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);
    function revertToStateAndDelete(uint256 id) external returns (bool);
    function deleteStateSnapshot(uint256 id) external returns (bool);
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signCompact(uint256 key, bytes32 digest) external pure returns (bytes32 r, bytes32 vs);
    function createWallet(string calldata name) external returns (Wallet memory);
    function assume(bool condition) external pure;
    function assumeNoRevert() external pure;
    function skip(bool condition) external;
    function toString(address value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
    function toString(bytes32 value) external pure returns (string memory);
    function toString(bool value) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
    function toString(int256 value) external pure returns (string memory);
    function parseUint(string calldata text) external pure returns (uint256);
    function parseInt(string calldata text) external pure returns (int256);
    function parseAddress(string calldata text) external pure returns (address);
    function parseBool(string calldata text) external pure returns (bool);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function toLowercase(string calldata text) external pure returns (string memory);
    function toUppercase(string calldata text) external pure returns (string memory);
    function trim(string calldata text) external pure returns (string memory);
    function replace(string calldata text, string calldata from, string calldata to) external pure returns (string memory);
    function split(string calldata text, string calldata by) external pure returns (string[] memory);
    function indexOf(string calldata text, string calldata part) external pure returns (uint256);
    function contains(string calldata text, string calldata part) external view returns (bool);
    function toBase64(bytes calldata data) external pure returns (string memory);
    function setEnv(string calldata name, string calldata value) external;
    function envUint(string calldata name) external view returns (uint256);
    function envString(string calldata name) external view returns (string memory);
    function envUint(string calldata name, string calldata by) external view returns (uint256[] memory);
    function envOr(string calldata name, uint256 otherwise) external view returns (uint256);
    function envOr(string calldata name, address otherwise) external view returns (address);
    function envExists(string calldata name) external view returns (bool);
    function pauseGasMetering() external;
    function resumeGasMetering() external;
    function isContext(uint8 context) external view returns (bool);
    function randomUint(uint256 least, uint256 most) external view returns (uint256);
    function randomAddress() external view returns (address);
    function assertTrue(bool condition) external pure;
    function assertTrue(bool condition, string calldata text) external pure;
    function assertFalse(bool condition) external pure;
    function assertEq(bool a, bool b) external pure;
    function assertEq(uint256 a, uint256 b) external pure;
    function assertEq(uint256 a, uint256 b, string calldata text) external pure;
    function assertEq(int256 a, int256 b) external pure;
    function assertEq(address a, address b) external pure;
    function assertEq(bytes32 a, bytes32 b) external pure;
    function assertEq(string calldata a, string calldata b) external pure;
    function assertEq(bytes calldata a, bytes calldata b) external pure;
    function assertEq(uint256[] calldata a, uint256[] calldata b) external pure;
    function assertEq(address[] calldata a, address[] calldata b) external pure;
    function assertNotEq(uint256 a, uint256 b) external pure;
    function assertLt(uint256 a, uint256 b) external pure;
    function assertLe(uint256 a, uint256 b) external pure;
    function assertGt(int256 a, int256 b) external pure;
    function assertGe(uint256 a, uint256 b, string calldata text) external pure;
    function assertEqDecimal(uint256 a, uint256 b, uint256 decimals) external pure;
    function assertApproxEqAbs(uint256 a, uint256 b, uint256 most) external pure;
    function assertApproxEqRel(uint256 a, uint256 b, uint256 most) external pure;
    // Those that are not there in Interlock.
    function projectRoot() external view returns (string memory);
}

library console {
    function send(bytes memory data) private view {
        (bool ok,) = address(0x000000000000000000636F6e736F6c652e6c6f67).staticcall(data);
        ok;
    }

    function log(string memory a) internal view {
        send(abi.encodeWithSignature("log(string)", a));
    }

    function log(string memory a, uint256 b) internal view {
        send(abi.encodeWithSignature("log(string,uint256)", a, b));
    }

    function log(string memory a, address b, bool c) internal view {
        send(abi.encodeWithSignature("log(string,address,bool)", a, b, c));
    }

    function log(string memory a, string memory b, uint256 c, bool d) internal view {
        send(abi.encodeWithSignature("log(string,string,uint256,bool)", a, b, c, d));
    }

    function log(int256 a) internal view {
        send(abi.encodeWithSignature("log(int256)", a));
    }

    function logBytes(bytes memory a) internal view {
        send(abi.encodeWithSignature("log(bytes)", a));
    }

    function logBytes4(bytes4 a) internal view {
        send(abi.encodeWithSignature("log(bytes4)", a));
    }

    // As the first console libraries did.
    function logOld(uint256 a) internal view {
        send(abi.encodeWithSignature("log(uint)", a));
    }
}

abstract contract Test {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    bool public IS_TEST = true;
}
