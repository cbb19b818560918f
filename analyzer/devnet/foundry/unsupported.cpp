// Cheatcodes that a test can call and that are not here: forks of live chains, files and other programs, JSON and TOML,
// traces, mnemonics, what depends on Foundry's own compiler. Only their names are known, so that a failure can say which.
#include <array>

#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace {

constexpr auto signatures = std::to_array<std::string_view>({
    // clang-format off
    "accessList((address,bytes32[])[])", "activeFork()", "assumeNoRevert((address,bool,bytes))",
    "assumeNoRevert((address,bool,bytes)[])", "attachDelegation((uint8,bytes32,bytes32,uint64,address))",
    "broadcastRawTransaction(bytes)", "cloneAccount(address,address)", "closeFile(string)", "cool(address)",
    "coolSlot(address,bytes32)", "copyFile(string,string)", "createDir(string,bool)", "createFork(string)",
    "createFork(string,bytes32)", "createFork(string,uint256)", "createSelectFork(string)",
    "createSelectFork(string,bytes32)", "createSelectFork(string,uint256)", "currentFilePath()", "deployCode(string)",
    "deployCode(string,bytes)", "deployCode(string,bytes,bytes32)", "deployCode(string,bytes,uint256)",
    "deployCode(string,bytes,uint256,bytes32)", "deployCode(string,bytes32)", "deployCode(string,uint256)",
    "deployCode(string,uint256,bytes32)", "deriveKey(string,string,uint32)", "deriveKey(string,string,uint32,string)",
    "deriveKey(string,uint32)", "deriveKey(string,uint32,string)", "dumpState(string)", "eip712HashStruct(string,bytes)",
    "eip712HashType(string)", "eip712HashTypedData(string)", "ensNamehash(string)",
    "eth_getLogs(uint256,uint256,address,bytes32[])", "executeTransaction(bytes)", "exists(string)",
    "expectCreate(bytes,address)", "expectCreate2(bytes,address)", "expectSafeMemory(uint64,uint64)",
    "expectSafeMemoryCall(uint64,uint64)", "ffi(string[])", "foundryVersionAtLeast(string)", "foundryVersionCmp(string)",
    "fromRlp(bytes)", "fsMetadata(string)", "getArtifactPathByCode(bytes)", "getArtifactPathByDeployedCode(bytes)",
    "getBroadcast(string,uint64,uint8)", "getBroadcasts(string,uint64)", "getChain(string)", "getChain(uint256)",
    "getDeployment(string)", "getFoundryVersion()", "getMappingKeyAndParentOf(address,bytes32)",
    "getMappingLength(address,bytes32)", "getMappingSlotAt(address,bytes32,uint256)", "getRawBlockHeader(uint256)",
    "getScriptWallets()", "getSelectors(string)", "getStateDiff()", "getStateDiffJson()", "getStorageAccesses()",
    "getStorageSlots(address,string)", "getWallets()", "interceptInitcode()", "isDir(string)", "isFile(string)",
    "keyExists(string,string)", "keyExistsJson(string,string)", "keyExistsToml(string,string)", "loadAllocs(string)",
    "noAccessList()", "parseJson(string)", "parseJson(string,string)", "parseJsonAddress(string,string)",
    "parseJsonAddressArray(string,string)", "parseJsonBool(string,string)", "parseJsonBoolArray(string,string)",
    "parseJsonBytes(string,string)", "parseJsonBytes32(string,string)", "parseJsonBytes32Array(string,string)",
    "parseJsonBytesArray(string,string)", "parseJsonInt(string,string)", "parseJsonIntArray(string,string)",
    "parseJsonKeys(string,string)", "parseJsonString(string,string)", "parseJsonStringArray(string,string)",
    "parseJsonType(string,string)", "parseJsonType(string,string,string)", "parseJsonTypeArray(string,string,string)",
    "parseJsonUint(string,string)", "parseJsonUintArray(string,string)", "parseToml(string)", "parseToml(string,string)",
    "parseTomlAddress(string,string)", "parseTomlAddressArray(string,string)", "parseTomlBool(string,string)",
    "parseTomlBoolArray(string,string)", "parseTomlBytes(string,string)", "parseTomlBytes32(string,string)",
    "parseTomlBytes32Array(string,string)", "parseTomlBytesArray(string,string)", "parseTomlInt(string,string)",
    "parseTomlIntArray(string,string)", "parseTomlKeys(string,string)", "parseTomlString(string,string)",
    "parseTomlStringArray(string,string)", "parseTomlType(string,string)", "parseTomlType(string,string,string)",
    "parseTomlTypeArray(string,string,string)", "parseTomlUint(string,string)", "parseTomlUintArray(string,string)",
    "prank(address,address,bool)", "prank(address,bool)", "projectRoot()", "prompt(string)", "promptAddress(string)",
    "promptSecret(string)", "promptSecretUint(string)", "promptUint(string)", "publicKeyP256(uint256)", "readDir(string)",
    "readDir(string,uint64)", "readDir(string,uint64,bool)", "readFile(string)", "readFileBinary(string)",
    "readLine(string)", "readLink(string)", "rememberKeys(string,string,string,uint32)",
    "rememberKeys(string,string,uint32)", "removeDir(string,bool)", "removeFile(string)", "rollFork(bytes32)",
    "rollFork(uint256)", "rollFork(uint256,bytes32)", "rollFork(uint256,uint256)", "rpc(string,string)",
    "rpc(string,string,string)", "rpcUrl(string)", "rpcUrlStructs()", "rpcUrls()", "selectFork(uint256)",
    "serializeAddress(string,string,address)", "serializeAddress(string,string,address[])",
    "serializeBool(string,string,bool)", "serializeBool(string,string,bool[])", "serializeBytes(string,string,bytes)",
    "serializeBytes(string,string,bytes[])", "serializeBytes32(string,string,bytes32)",
    "serializeBytes32(string,string,bytes32[])", "serializeInt(string,string,int256)",
    "serializeInt(string,string,int256[])", "serializeJson(string,string)", "serializeJsonType(string,bytes)",
    "serializeJsonType(string,string,string,bytes)", "serializeString(string,string,string)",
    "serializeString(string,string,string[])", "serializeUint(string,string,uint256)",
    "serializeUint(string,string,uint256[])", "serializeUintToHex(string,string,uint256)", "setArbitraryStorage(address)",
    "setArbitraryStorage(address,bool)", "setSeed(uint256)", "shuffle(uint256[])", "sign(bytes32)",
    "signAndAttachDelegation(address,uint256)", "signCompact(bytes32)", "signDelegation(address,uint256)",
    "signP256(uint256,bytes32)", "sleep(uint256)", "sort(uint256[])", "startDebugTraceRecording()",
    "startMappingRecording()", "startPrank(address,address,bool)", "startPrank(address,bool)",
    "startStateDiffRecording()", "stopAndReturnDebugTraceRecording()", "stopAndReturnStateDiff()",
    "stopExpectSafeMemory()", "stopMappingRecording()", "toRlp(bytes[])", "transact(bytes32)",
    "transact(uint256,bytes32)", "tryFfi(string[])", "unixTime()", "warmSlot(address,bytes32)",
    "writeFile(string,string)", "writeFileBinary(string,bytes)", "writeJson(string,string)",
    "writeJson(string,string,string)", "writeLine(string,string)", "writeToml(string,string)",
    "writeToml(string,string,string)",
    // clang-format on
});

}  // namespace

std::span<const std::string_view> unsupported_cheatcodes() { return signatures; }

}  // namespace interlock::analyzer::foundry
