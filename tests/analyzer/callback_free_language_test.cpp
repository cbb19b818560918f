// Callback-freedom of functions that call themselves, of own code that is delegated to, and of selfdestruct. Each contract
// that is free stands beside a twin that could be robbed.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_language {
namespace {

TEST(CallbackFreeLanguage, AFunctionMayCallItself) {
    const auto shared = [](const std::string& take) {
        return "contract C { mapping(address => address) up; mapping(address => uint256) b;"
               "function join(address to) external payable { require(up[msg.sender] == address(0)); up[msg.sender] = to; "
               "share(to, msg.value, 0); }"
               "function share(address to, uint256 v, uint256 depth) internal { if (depth == 5 || up[to] == address(0)) { "
               "b[to] += v; return; } b[to] += v / 2; share(up[to], v - v / 2, depth + 1); }" +
               take + "}";
    };
    EXPECT_FREE(shared("function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + "}"));
    EXPECT_NOT_FREE(shared("function take() external { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }"));
}

TEST(CallbackFreeLanguage, WhatFollowsACallInAnOuterActivationCounts) {
    const auto stepped = [](const std::string& step) {
        return bank("function take(uint256 n) external { go(n); } function go(uint256 n) internal { if (n == 0) return; " +
                    step + "}");
    };
    const std::string clear = "uint256 a = b[msg.sender]; b[msg.sender] = 0; ";
    EXPECT_FREE(stepped("if (n == 1) {" + clear + pay + "} else go(n - 1);"));
    EXPECT_NOT_FREE(stepped("go(n - 1); " + clear + pay));
    EXPECT_FREE(stepped("uint256 a = b[msg.sender]; go(n - 1);"));
    // The inner activation pays, and the outer one clears what it had read before.
    EXPECT_NOT_FREE(
        stepped("uint256 a = n == 1 ? b[msg.sender] : 0; go(n - 1); if (n == 1) {" + pay + "} else b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(stepped("uint256 a = b[msg.sender]; " + pay + " go(n - 1); b[msg.sender] = 0;"));
}

TEST(CallbackFreeLanguage, WhatIsKnownOfAValueIsKnownOfOneActivation) {
    // In the outer activation i is whatever the caller says: only in the inner one it is small.
    EXPECT_NOT_FREE(
        "contract C { uint256[3] xs; bool lk; mapping(address => uint256) b;"
        "function put() external payable { require(!lk); b[msg.sender] += msg.value; }"
        "function set(uint256 i, bool again) internal { if (again) set(0, false); else require(i < 2);"
        "assembly { sstore(add(xs.slot, i), 0) } }"
        "function take(uint256 i) external { require(!lk); lk = true; set(i, true); uint256 a = b[msg.sender]; " +
        pay + " b[msg.sender] = 0; lk = false; } }");
}

TEST(CallbackFreeLanguage, TwoFunctionsMayCallEachOther) {
    const auto pair = [](const std::string& end) {
        return bank(
            "function even(uint256 n) internal { if (n > 0) odd(n - 1); else leave(); }"
            "function odd(uint256 n) internal { if (n > 0) even(n - 1); }"
            "function leave() internal { uint256 a = b[msg.sender]; " +
            end + "} function go(uint256 n) external { even(n); }");
    };
    EXPECT_FREE(pair("b[msg.sender] = 0; " + pay));
    EXPECT_NOT_FREE(pair(pay + "b[msg.sender] = 0; "));
}

TEST(CallbackFreeLanguage, OwnCodeRunsAsWhoeverCalled) {
    const auto batched = [](const std::string& take, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; uint256 lk = 1; address owner = msg.sender; uint256 fee;"
               "modifier once() { require(lk == 1); lk = 2; _; lk = 1; }"
               "function put() external payable { b[msg.sender] += msg.value; }"
               "function many(bytes[] calldata data) external returns (bytes[] memory out) { out = new bytes[](data.length);"
               "for (uint256 i = 0; i < data.length; i++) { (bool ok, bytes memory r) = address(this).delegatecall(data[i]);"
               "require(ok); out[i] = r; } }" +
               take + more + "}";
    };
    const std::string clear = "uint256 a = b[msg.sender]; b[msg.sender] = 0; ";
    EXPECT_NOT_FREE(batched("function take() external { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }"));
    EXPECT_FREE(batched("function take() external once { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }"));
    EXPECT_FREE(
        "contract C { mapping(address => uint256) b; bool lk; modifier once() { require(!lk); lk = true; _; lk = false; }"
        "function put() external payable once { b[msg.sender] += msg.value; }"
        "function take() external once { uint256 a = b[msg.sender]; " +
        pay +
        " b[msg.sender] = 0; }"
        "function many(bytes[] calldata data) external { for (uint256 i = 0; i < data.length; i++) { "
        "(bool ok,) = address(this).delegatecall(data[i]); require(ok); } } }");
    // Through own code the rights are those of the caller, not of the contract.
    EXPECT_FREE(
        "contract C { uint256 n; function set(uint256 x) external { require(msg.sender == address(this)); n = x; }"
        "function f() external { uint256 x = n; (bool ok,) = msg.sender.call(\"\"); require(ok); require(n == x); n = x; }"
        "function many(bytes calldata data) external { (bool ok,) = address(this).delegatecall(data); require(ok); } }");
    EXPECT_NOT_FREE(
        "contract C { uint256 n; function set(uint256 x) external { require(msg.sender == address(this)); n = x; }"
        "function f() external { uint256 x = n; (bool ok,) = msg.sender.call(\"\"); require(ok); n = x; }"
        "function many(bytes calldata data) external { (bool ok,) = address(this).call(data); require(ok); } }");
}

TEST(CallbackFreeLanguage, SelfdestructPaysWithoutACall) {
    const auto mortal = [](const std::string& may) {
        return bank("address payable owner = payable(msg.sender); function end() external { " + may +
                    " selfdestruct(owner); } function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " +
                    pay + "}");
    };
    EXPECT_FREE(mortal("require(msg.sender == owner);"));
    EXPECT_FREE(mortal(""));
    EXPECT_FREE("contract C { uint256 n; function f() external { n = 1; selfdestruct(payable(msg.sender)); } }");
    EXPECT_NOT_FREE(
        "contract C { mapping(address => uint256) b; function put() external payable { b[msg.sender] += msg.value; }"
        "function end() external { selfdestruct(payable(msg.sender)); }"
        "function take() external { uint256 all = address(this).balance; (bool ok,) = msg.sender.call(\"\"); require(ok); "
        "uint256 a = address(this).balance; b[msg.sender] = all; "
        "(ok,) = msg.sender.call{value: a / 2}(\"\"); require(ok); } }");
}

// A bank whose books are a linked library's: what it calls there runs on its own storage.
std::string linked(const std::string& take, const std::string& more = "", const std::string& bank_more = "") {
    return "library Books { struct Book { mapping(address => uint256) owed; uint256 total; }"
           "function put(Book storage b, address who, uint256 a) public { b.owed[who] += a; b.total += a; }"
           "function take(Book storage b, address who) external returns (uint256 a)"
           "{ a = b.owed[who]; b.owed[who] = 0; b.total -= a; }" +
           more +
           "} contract Bank { using Books for Books.Book; Books.Book book;"
           "function put() external payable { book.put(msg.sender, msg.value); }"
           "function take() external { " +
           take + " }" + bank_more + "}";
}

TEST(CallbackFreeLanguage, LinkedLibrariesAreRunOnTheContractsStorage) {
    EXPECT_FREE(linked("uint256 a = book.take(msg.sender); " + pay));
    EXPECT_NOT_FREE(linked("uint256 a = book.owed[msg.sender]; " + pay + " book.take(msg.sender);"));
    // It may call out itself, in the name of the contract.
    const std::string send = "function send(Book storage b) external { uint256 a = b.owed[msg.sender]; ";
    EXPECT_FREE(linked("book.send();", send + "b.owed[msg.sender] = 0; " + pay + " }"));
    EXPECT_NOT_FREE(linked("book.send();", send + pay + " b.owed[msg.sender] = 0; }"));
}

TEST(CallbackFreeLanguage, LinkedLibrariesAreOtherCodeWhereThatCanBeTold) {
    const std::string taking = "uint256 a = book.take(msg.sender); " + pay;
    const auto asks = [&](const std::string& asked, const std::string& more) {
        return linked(taking, more, "uint256 public last; function ask(uint256 n) external { " + asked + " }");
    };
    EXPECT_FREE(
        asks("last = Books.twice(n);", "function twice(uint256 n) external pure returns (uint256) { return 2 * n; }"));
    EXPECT_FREE(asks("uint256[] memory m = new uint256[](1); Books.set(m, n); last = m[0];",
                     "function set(uint256[] memory m, uint256 n) external pure { m[0] = n; }"));
    // What it ends is its own call only, and it has call data of its own.
    EXPECT_NOT_FREE(asks("last = Books.twice(n);",
                         "function twice(uint256 n) external pure returns (uint256)"
                         "{ assembly { mstore(0, mul(2, n)) return(0, 32) } }"));
    EXPECT_NOT_FREE(asks("last = Books.twice(n);",
                         "function twice(uint256) external pure returns (uint256) { return msg.data.length; }"));
}

TEST(CallbackFreeLanguage, ALibraryThatCallsNobodyIsFree) {
    EXPECT_FREE("library Two { function twice(uint256 n) external pure returns (uint256) { return 2 * n; } }");
    EXPECT_NOT_FREE("library Pays { function pay(uint256 a) external { " + pay + " } }");
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_language
