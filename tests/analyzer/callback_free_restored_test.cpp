// Variables that whoever sets them sets back, and keys that are hashes: bridges and relays.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_restored {
namespace {

// Delivers messages, each once; `from` says during a delivery whom it comes from.
std::string bridge(const std::string& set, const std::string& back, const std::string& more = "") {
    return "contract Bridge { address public from; mapping(bytes32 => bool) done; mapping(address => uint256) seen;"
           "function deliver(address sender, address to, uint256 salt) external { "
           "bytes32 id = keccak256(abi.encode(sender, to, salt)); require(!done[id]); done[id] = true; " +
           set + " (bool ok,) = to.call(\"\"); " + back +
           " require(ok); } function see() external { require(from != msg.sender && seen[from] < 9); }" + more + " }";
}
const std::string set = "address outer = from; from = sender;", back = "from = outer;";

TEST(CallbackFreeRestored, WhatIsSetBackIsAsItWas) {
    EXPECT_FREE(bridge(set, back));
    EXPECT_FREE(bridge("address outer = from; if (salt > 7) from = sender; else from = to;", back));
    // It is set back on one of two ways only, to something else, or was remembered too late.
    EXPECT_NOT_FREE(bridge(set, "if (ok) from = outer;"));
    EXPECT_NOT_FREE(bridge(set, "from = to;"));
    // Or the whole call ends before that, here or in what is called.
    const std::string stop = "assembly { return(0, 0) }";
    EXPECT_NOT_FREE(bridge(set, "if (salt == 3) { " + stop + " } " + back));
    EXPECT_NOT_FREE(bridge(set, "_end(salt); " + back, "function _end(uint256 n) private { if (n == 3) { " + stop + " } }"));
    EXPECT_FREE(bridge("_end(salt); " + set, back, "function _end(uint256 n) private { if (n == 3) { " + stop + " } }"));
    EXPECT_NOT_FREE(bridge("from = sender; address outer = from;", back));
    EXPECT_NOT_FREE(bridge("address outer = from; from = sender; require(outer != to);", back));
}

TEST(CallbackFreeRestored, WhoLooksAtItMeanwhileSeesIt) {
    EXPECT_NOT_FREE(bridge(set, back, "function look() external { require(from == msg.sender); seen[msg.sender] += 1; }"));
    EXPECT_NOT_FREE(bridge(set, back, "function set(address to) external { from = to; }"));
    EXPECT_NOT_FREE(bridge(set, back, "function raw(uint256 at) external { assembly { sstore(at, 1) } }"));
}

// What is kept under the hash of what was passed is kept for nothing else.
std::string relay(const std::string& id, const std::string& more = "", const std::string& test = "!busy[id]") {
    return "contract Relay { mapping(bytes32 => bool) busy; mapping(bytes32 => uint256) worth; function put(bytes32 id) "
           "external payable { require(!busy[id]); worth[id] += msg.value; }"
           "function pay(address to, uint256 salt) external { bytes32 id = " +
           id + "; require(" + test +
           "); busy[id] = true; uint256 a = worth[id]; (bool ok,) = to.call{value: a}(\"\"); require(ok); worth[id] -= a; "
           "busy[id] = false; } " +
           more + " }";
}
const std::string hash = "keccak256(abi.encode(to, salt))";
const std::string of = "function _of(address to, uint256 salt) internal pure returns (bytes32) { return " + hash + "; }";

TEST(CallbackFreeHashes, AHashMayBeTheKey) {
    EXPECT_FREE(relay(hash));
    EXPECT_FREE(relay("_of(to, salt)", of));
    EXPECT_FREE(
        relay("_of(to, salt)", of + "function cancel(address to, uint256 salt) external { bytes32 id = _of(to, salt); "
                                    "require(!busy[id]); worth[id] = 5; }"));
    EXPECT_NOT_FREE(relay("_of(to, salt)", of + "function cancel(address to, uint256 salt) external { "
                                                "worth[_of(to, salt)] = 5; }"));
    EXPECT_NOT_FREE(relay(hash, "", "salt > 0"));
    EXPECT_NOT_FREE(relay(hash, "function cancel(bytes32 id) external { worth[id] = 5; }"));
    // Made several times, it may be several words.
    EXPECT_NOT_FREE(relay("0; for (uint256 i; i < 2; ++i) id = keccak256(abi.encode(to, salt + i))"));
    EXPECT_NOT_FREE(relay("_of(to, salt)", of, "!busy[_of(to, salt + 1)]"));
}

// Made of who calls, it is the same place all the same.
TEST(CallbackFreeHashes, WhatWasOfferedIsOfferedOnce) {
    const auto escrow = [](const std::string& needs, const std::string& asks) {
        return "contract C { struct Deal { address client; uint256 held; } mapping(bytes32 => Deal) d;"
               " mapping(bytes32 => bool) busy; function offer(bytes32 salt) external payable {"
               " bytes32 id = keccak256(abi.encode(msg.sender, salt)); " +
               needs +
               " d[id] = Deal(msg.sender, msg.value); } function take(bytes32 id) external { require(!busy[id]);"
               " busy[id] = true; " +
               asks +
               " (bool ok,) = d[id].client.call{value: d[id].held}(\"\"); require(ok); d[id].held = 0; busy[id] = false; } "
               "}";
    };
    const std::string none = "require(d[id].client == address(0));", some = "require(d[id].client != address(0));";
    EXPECT_FREE(escrow(none, some));
    EXPECT_NOT_FREE(escrow("", some));
    EXPECT_NOT_FREE(escrow(none, ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_restored
