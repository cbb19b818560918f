// Callback-freedom where a call inside of the scope fails and its caller goes on: what the failed part looked at shows in
// whether it failed, and in what it said. The difference that these contracts note is zero in every order of calls without
// re-entry, and not where somebody pays in while they wait.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string gap(const std::string& first, const std::string& second, const std::string& peek) {
    return "contract C { bool lk; mapping(address => uint256) b; mapping(address => uint256) public gap;"
           "function put() external payable { b[msg.sender] += msg.value; }" +
           peek + "function f(address t) external { require(!lk); lk = true; uint256 was; uint256 now_; bytes memory r; " +
           first + R"((bool ok,) = msg.sender.call(""); require(ok);)" + second +
           " gap[msg.sender] = was > now_ ? was - now_ : now_ - was; t; r; lk = false; } }";
}

const std::string tells =
    "function peek(address a) external view { uint256 v = b[a]; assembly { mstore(0, v) revert(0, 32) } }";

TEST(CallbackFreeUndone, WhatARevertSaysWasRead) {
    const auto by_bytes = [](const std::string& target, const std::string& kind, const std::string& into) {
        return "(, r) = " + target + "." + kind + "(abi.encodeCall(this.peek, (msg.sender))); " + into +
               " = abi.decode(r, (uint256));";
    };
    for (const char* kind : {"call", "staticcall", "delegatecall"})
        EXPECT_NOT_FREE(gap(by_bytes("address(this)", kind, "was"), by_bytes("address(this)", kind, "now_"), tells));
    EXPECT_NOT_FREE(gap(by_bytes("t", "staticcall", "was"), by_bytes("t", "staticcall", "now_"), tells));
    EXPECT_FREE(gap("was = b[msg.sender];", "now_ = was;", tells));
}

TEST(CallbackFreeUndone, SoItIsInACatch) {
    const auto tried = [](const std::string& into) {
        return "try this.peek(msg.sender) {} catch (bytes memory e) { " + into + " = abi.decode(e, (uint256)); }";
    };
    EXPECT_NOT_FREE(gap(tried("was"), tried("now_"), tells));
}

TEST(CallbackFreeUndone, HowItFailsTellsToo) {
    const std::string peek =
        "function peek(address a) external view { if (b[a] == 1 ether) revert(); else revert(\"another text\"); }";
    const auto sized = [](const std::string& into) {
        return "(, r) = address(this).call(abi.encodeCall(this.peek, (msg.sender))); " + into + " = r.length;";
    };
    EXPECT_NOT_FREE(gap(sized("was"), sized("now_"), peek));
    EXPECT_FREE(gap(sized("was"), "now_ = was;", peek));
}

// What is enough, and what may come in another order where a failure undoes everything, is read where somebody goes on.
TEST(CallbackFreeUndone, WhetherItFailedTellsWhatWasThere) {
    const auto survived = [](const std::string& part, const std::string& call) {
        return "contract C { uint256 b; uint256 z; uint256 public n; uint256 public m; bool lk; address payable sink = "
               "payable(address(0xdead)); function add(uint256 v) external payable { z = 1; b += v; }"
               "function part() external { require(msg.sender == address(this)); " +
               part + " } function f(address t) external { require(!lk); lk = true; bool done; " + call +
               R"( n = done ? 1 : 2; t; (bool ok,) = msg.sender.call(""); require(ok); m = b >= 5 || z == 1 ? 1 : 2; )" +
               "lk = false; } }";
    };
    const std::string tries = "try this.part() { done = true; } catch {}";
    const std::string own = "(done,) = address(this).call(abi.encodeCall(this.part, ()));";
    const std::string open = "(done,) = t.call(abi.encodeCall(this.part, ()));";
    const std::string subtract = "b -= 5;", ask = "require(b >= 5);";
    const std::string send = R"((bool paid,) = sink.call{value: 5, gas: 0}(""); require(paid);)";
    for (const std::string& call : {tries, own, open})
        for (const std::string& part : {subtract, ask, send}) EXPECT_NOT_FREE(survived(part, call));
    EXPECT_FREE(survived(subtract, own + " require(done);"));
    EXPECT_FREE(survived(ask, own + " require(done);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
