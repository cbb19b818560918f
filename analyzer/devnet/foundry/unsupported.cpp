// Cheatcodes of Foundry that we do not support: forks of live chains, writing files, other programs, traces, and what
// depends on Foundry's own compiler. Only their names are known, so that a failure can name them.
#include <array>

#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace {

constexpr auto signatures = std::to_array<std::string_view>({
    // clang-format off
    "parseJsonType(string,string)", "parseJsonType(string,string,string)", "parseJsonTypeArray(string,string,string)",
    "parseTomlType(string,string)", "parseTomlType(string,string,string)", "parseTomlTypeArray(string,string,string)",
    "serializeJsonType(string,bytes)", "serializeJsonType(string,string,string,bytes)",
    "accessList((address,bytes32[])[])", "activeFork()", "assumeNoRevert((address,bool,bytes))",
    "assumeNoRevert((address,bool,bytes)[])", "attachDelegation((uint8,bytes32,bytes32,uint64,address))",
    "broadcastRawTransaction(bytes)", "cloneAccount(address,address)", "cool(address)", "coolSlot(address,bytes32)",
    "copyFile(string,string)", "createDir(string,bool)", "createFork(string)", "createFork(string,bytes32)",
    "createFork(string,uint256)", "createSelectFork(string)", "createSelectFork(string,bytes32)",
    "createSelectFork(string,uint256)", "currentFilePath()", "dumpState(string)", "eip712HashStruct(string,bytes)",
    "eip712HashType(string)", "eip712HashTypedData(string)", "ensNamehash(string)",
    "eth_getLogs(uint256,uint256,address,bytes32[])", "executeTransaction(bytes)", "expectSafeMemory(uint64,uint64)",
    "expectSafeMemoryCall(uint64,uint64)", "ffi(string[])", "foundryVersionAtLeast(string)", "foundryVersionCmp(string)",
    "fromRlp(bytes)", "fsMetadata(string)", "getArtifactPathByCode(bytes)", "getArtifactPathByDeployedCode(bytes)",
    "getBroadcast(string,uint64,uint8)", "getBroadcasts(string,uint64)", "getChain(string)", "getChain(uint256)",
    "getDeployment(string)", "getFoundryVersion()", "getMappingKeyAndParentOf(address,bytes32)",
    "getMappingLength(address,bytes32)", "getMappingSlotAt(address,bytes32,uint256)", "getRawBlockHeader(uint256)",
    "getScriptWallets()", "getSelectors(string)", "getStateDiff()", "getStateDiffJson()", "getStorageAccesses()",
    "getStorageSlots(address,string)", "getWallets()", "interceptInitcode()", "loadAllocs(string)", "noAccessList()",
    "prompt(string)", "promptAddress(string)", "promptSecret(string)", "promptSecretUint(string)", "promptUint(string)",
    "publicKeyP256(uint256)", "readLink(string)", "removeDir(string,bool)", "removeFile(string)", "rollFork(bytes32)",
    "rollFork(uint256)", "rollFork(uint256,bytes32)", "rollFork(uint256,uint256)", "rpc(string,string)",
    "rpc(string,string,string)", "rpcUrlStructs()", "rpcUrls()", "selectFork(uint256)", "setArbitraryStorage(address)",
    "setArbitraryStorage(address,bool)", "setSeed(uint256)", "sign(bytes32)", "signAndAttachDelegation(address,uint256)",
    "signCompact(bytes32)", "signDelegation(address,uint256)", "signP256(uint256,bytes32)", "startDebugTraceRecording()",
    "startMappingRecording()", "startStateDiffRecording()", "stopAndReturnDebugTraceRecording()",
    "stopAndReturnStateDiff()", "stopExpectSafeMemory()", "stopMappingRecording()", "toRlp(bytes[])", "transact(bytes32)",
    "transact(uint256,bytes32)", "tryFfi(string[])", "warmSlot(address,bytes32)", "writeFile(string,string)",
    "writeFileBinary(string,bytes)", "writeJson(string,string)", "writeJson(string,string,string)",
    "writeLine(string,string)", "writeToml(string,string)", "writeToml(string,string,string)",
    // clang-format on
});

}  // namespace

std::span<const std::string_view> unsupported_cheatcodes() { return signatures; }

}  // namespace interlock::analyzer::foundry
