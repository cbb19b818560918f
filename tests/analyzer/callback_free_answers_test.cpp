// What a call answers, and that it fails: each contract that is callback-free beside twins that can be robbed.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_answers {
namespace {

TEST(CallbackFreeAnswers, ACallThatFailedLetNobodyIn) {
    const auto take = [](const std::string& body) {
        return bank("function take(uint256 v, address to) external { " + body + " }");
    };
    const std::string less = "b[msg.sender] -= v; ", call = "(bool ok,) = msg.sender.call{value: v}(\"\"); ";
    EXPECT_FREE(take(less + call + "if (!ok) b[msg.sender] += v;"));
    EXPECT_FREE(take(less + call + "if (!ok) { b[msg.sender] += v; return; }"));
    EXPECT_FREE(take(less + call + "if (ok) return; b[msg.sender] += v;"));
    EXPECT_FREE(
        take("uint256 a = b[msg.sender]; b[msg.sender] = 0; (bool ok,) = msg.sender.call{value: a}(\"\");"
             "if (!ok) b[msg.sender] = a;"));
    EXPECT_FREE(
        take(less + "bool ok; assembly { ok := call(gas(), caller(), v, 0, 0, 0, 0) } if (!ok) b[msg.sender] += v;"));
    EXPECT_FREE("interface I { function f() external returns (uint256); }" +
                take(less + "try I(to).f() { } catch { b[msg.sender] += v; }"));
    // On success, on both ways, or by a word that does not say whether it failed.
    EXPECT_NOT_FREE(take(less + call + "if (ok) b[msg.sender] = v;"));
    EXPECT_NOT_FREE(take("uint256 a = b[msg.sender]; " + call + "if (ok) b[msg.sender] = a / 2;"));
    EXPECT_TRUE(is_covered(take(call + "if (ok) b[msg.sender] = 0;"), "take"));
    EXPECT_NOT_FREE(take("uint256 a = b[msg.sender]; " + call + "if (ok || v > 1) b[msg.sender] = a - v;"));
    EXPECT_NOT_FREE(take("uint256 a = b[msg.sender]; " + call + "if (!ok) { } b[msg.sender] = a - v;"));
    EXPECT_NOT_FREE(take("uint256 a = b[msg.sender]; " + call + "ok = v > 7; if (!ok) b[msg.sender] = a - v;"));
    EXPECT_NOT_FREE("interface I { function f() external returns (bool); }" +
                    take("uint256 a = b[msg.sender]; bool ok = I(to).f(); if (!ok) b[msg.sender] = a + v;"));
    EXPECT_NOT_FREE("interface I { function f() external returns (bool); }" +
                    take("uint256 a = b[msg.sender]; try I(to).f() returns (bool ok) { if (!ok) b[msg.sender] = a + v; } "
                         "catch { }"));
    EXPECT_NOT_FREE(
        take("uint256 a = b[msg.sender]; bool ok; assembly { ok := call(gas(), caller(), v, 0, 0, 0, 0) } "
             "if (ok) b[msg.sender] = a - v;"));
}

TEST(CallbackFreeAnswers, InALoopALaterRoundMayFail) {
    const auto rounds = [](const std::string& body) {
        return bank("function take(uint256 v) external { for (uint256 i; i < 2; ++i) { " + body + " } }");
    };
    const std::string call = "(bool ok,) = msg.sender.call{value: v}(\"\"); ";
    // In the second round the first one's callbacks have been, though its own call fails.
    EXPECT_NOT_FREE(
        "contract Bank { mapping(address => uint256) b;"
        "function put() external payable { b[msg.sender] += msg.value; }"
        "function take() external { uint256 a = b[msg.sender]; for (uint256 i; i < 2; ++i) {"
        "(bool ok,) = msg.sender.call{value: a}(\"\"); if (!ok) b[msg.sender] = 0; } } }");
    EXPECT_NOT_FREE(rounds("uint256 a = b[msg.sender];" + call + "if (!ok) b[msg.sender] = a + v;"));
}

const std::string erc20 =
    "interface IERC20 { function transfer(address, uint256) external returns (bool);"
    "function transferFrom(address, address, uint256) external returns (bool);"
    "function balanceOf(address) external view returns (uint256); }";
const std::string library =
    erc20 +
    "library Calls { function plain(address to, bytes memory d) internal returns (bytes memory) {"
    "  (bool ok, bytes memory r) = to.call(d);"
    "  if (!ok) { if (r.length > 0) { assembly { revert(add(32, r), mload(r)) } } else { revert(); } }"
    "  if (r.length == 0 && to.code.length == 0) revert(); return r; }"
    " function send(IERC20 t, address to, uint256 v) internal {"
    "  check(plain(address(t), abi.encodeCall(t.transfer, (to, v)))); }"
    " function pull(IERC20 t, address from, uint256 v) internal {"
    "  check(plain(address(t), abi.encodeWithSelector(t.transferFrom.selector, from, address(this), v))); }"
    " function check(bytes memory r) internal pure { if (r.length != 0 && !abi.decode(r, (bool))) revert(); }"
    " function size(IERC20 t, address to) internal returns (uint256) {"
    "  return abi.decode(plain(address(t), abi.encodeCall(t.transfer, (to, 0))), (uint256)); } }";

TEST(CallbackFreeAnswers, BytesThatAreOnlyRequiredToSayYesAreNoAnswer) {
    const auto till = [](const std::string& take, const std::string& token = "IERC20 immutable t; ") {
        return library + "contract Till { using Calls for IERC20; " + token +
               " mapping(address => uint256) b; uint256 c; address owner = msg.sender; constructor(IERC20 x) { t = x; }"
               "function put(uint256 v) external { b[msg.sender] += v; t.pull(msg.sender, v); }"
               "function hand(address to) external { require(msg.sender == owner); owner = to; }"
               "function take(uint256 v) external { " +
               take + " } }";
    };
    EXPECT_FREE(till("b[msg.sender] -= v; t.send(msg.sender, v);"));
    EXPECT_FREE(till("b[msg.sender] -= v; t.send(msg.sender, v);", "IERC20 t; "));
    EXPECT_NOT_FREE(till("uint256 a = b[msg.sender]; t.send(msg.sender, a); b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(till("b[msg.sender] -= v; b[msg.sender] += t.size(msg.sender);"));
    EXPECT_NOT_FREE(till("b[msg.sender] -= v; if (t.size(msg.sender) > 1) t.send(msg.sender, v);"));
    EXPECT_NOT_FREE(
        till("b[msg.sender] -= v; uint256 n = t.size(msg.sender); bool far = n > 1 && n < 5; if (far) v = 2; "
             "t.send(msg.sender, v);"));
}

TEST(CallbackFreeAnswers, AForkMayDecideBetweenTwoWordsThatAreOnlyRequired) {
    const auto till = [](const std::string& check, const std::string& put = "t.send(msg.sender, 0); b[msg.sender] += v;") {
        return erc20 +
               "library Calls { error Failed(); function send(IERC20 t, address to, uint256 v) internal {"
               "(bool ok, bytes memory r) = address(t).call(abi.encodeCall(t.transfer, (to, v))); " +
               check +
               " } }"
               "contract Till { using Calls for IERC20; IERC20 immutable t; mapping(address => uint256) b; uint256 n;"
               "constructor(IERC20 x) { t = x; } function put(uint256 v) external { " +
               put + " } function take(uint256 v) external { b[msg.sender] -= v; t.send(msg.sender, v); } }";
    };
    const std::string fork = "r.length == 0 ? address(t).code.length == 0 : !abi.decode(r, (bool))";
    EXPECT_FREE(till("if (!ok || (" + fork + ")) revert Failed();"));
    EXPECT_FREE(till("require(ok); if (" + fork + ") revert Failed();"));
    EXPECT_NOT_FREE(till("if (!ok || (" + fork + ")) return; assembly { sstore(1, 7) }"));
    const std::string deposit = "(bool ok, bytes memory r) = address(t).call(\"1234\"); require(ok); ";
    const std::string taken = "uint256 x = r.length == 0 ? 1 : abi.decode(r, (uint256)); ";
    EXPECT_NOT_FREE(till("require(ok);", deposit + taken + "b[msg.sender] += x;"));
    EXPECT_NOT_FREE(till("require(ok);", deposit + taken + "if (x > 1) n = 1; b[msg.sender] += v;"));
    EXPECT_NOT_FREE(till("require(ok);", deposit + taken + "uint256 y = x > 5 ? 2 : 3; b[msg.sender] += y;"));
    EXPECT_NOT_FREE(till("require(ok);", deposit + "uint256 x; assembly { x := mload(add(r, 32)) } b[msg.sender] += x;"));
    EXPECT_NOT_FREE(till("require(ok);", deposit + "uint256 x; assembly { mstore(0, mload(add(r, 32))) x := mload(0) }"
                                                   " b[msg.sender] += x;"));
}

TEST(CallbackFreeAnswers, WhatIsCalledByBytesThatOthersMadeIsKnown) {
    // The token may be the contract itself: then only a function of that name is called.
    const auto till = [](const std::string& more) {
        return library +
               "contract Till { using Calls for IERC20; mapping(address => uint256) b; bool busy; "
               "modifier lock() { require(!busy); busy = true; _; busy = false; }" +
               more + " }";
    };
    const std::string take =
        "function take(IERC20 t, uint256 v) external lock { t.send(msg.sender, v); b[msg.sender] -= v; }";
    EXPECT_FREE(till(take + "function put() external payable lock { b[msg.sender] += msg.value; }"));
    EXPECT_NOT_FREE(till(take + "function open() external { if (msg.sender == address(this)) busy = false; }"
                                "function pass(address to, bytes memory d) external { Calls.plain(to, d); }"
                                "function put() external payable lock { b[msg.sender] += msg.value; }"));
    // The first byte is changed after the bytes were made.
    const auto changed = [&](const std::string& change) {
        return till(
            "function take(address t, uint256 v) external lock { bytes memory d = abi.encodeCall(IERC20.transfer, "
            "(t, v)); " +
            change +
            " (bool ok,) = t.call(d); require(ok); b[msg.sender] -= v; }"
            "function open() external { require(msg.sender == address(this)); busy = false; }"
            "function put() external payable lock { b[msg.sender] += msg.value; }");
    };
    EXPECT_FREE(changed(""));
    EXPECT_NOT_FREE(changed("d[0] = 0x01;"));
    EXPECT_NOT_FREE(changed("assembly { mstore8(add(d, 32), v) }"));
}

TEST(CallbackFreeAnswers, TheOwnerIsKnownThroughTheFunctionsOfItsConstructor) {
    const auto owned = [](const std::string& first, const std::string& more = "") {
        return "abstract contract Ownable { address private _owner; constructor(address first) { _set(first); }"
               "modifier onlyOwner() { _check(); _; } function owner() public view returns (address) { return _owner; }"
               "function _check() internal view { if (owner() != msg.sender) revert(); }"
               "function transferOwnership(address to) public onlyOwner { _set(to); }"
               "function _set(address to) internal { _owner = to; } }"
               "contract Till is Ownable { mapping(address => uint256) b; uint256 fees; " +
               first +
               "function put() external payable { fees += 1; b[msg.sender] += msg.value - 1; }"
               "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " +
               pay +
               " }"
               "function sweep() external onlyOwner { (bool ok,) = owner().call{value: fees}(\"\"); require(ok); fees = 0; "
               "}" +
               more + " }";
    };
    EXPECT_FREE(owned("constructor() Ownable(msg.sender) { }"));
    EXPECT_NOT_FREE(owned("constructor(address who) Ownable(who) { }"));
    EXPECT_NOT_FREE(owned("constructor() Ownable(msg.sender) { }", "function seize() external { _set(msg.sender); }"));
    EXPECT_NOT_FREE(owned("constructor(address who) Ownable(msg.sender) { _set(who); }"));
}

bool assumes(const CallbackFreedom& freedom, const std::string& what) {
    return std::ranges::any_of(freedom.assumptions, [&](const auto& each) { return each.find(what) != std::string::npos; });
}

TEST(CallbackFreeAnswers, WhereATokenRunsNobodyElseDoes) {
    const std::string coin = erc20 +
                             "contract Coin is IERC20 { mapping(address => uint256) public balanceOf;"
                             "function transfer(address to, uint256 v) public returns (bool) {"
                             " balanceOf[msg.sender] -= v; balanceOf[to] += v; HOOK return true; }"
                             "function transferFrom(address from, address to, uint256 v) public returns (bool) {"
                             " balanceOf[from] -= v; balanceOf[to] += v; return true; } }";
    const auto vault = [&](const std::string& hook, const std::string& take, const std::string& lock = "lock") {
        std::string text = coin;
        text.replace(text.find("HOOK"), 4, hook);
        return text +
               "interface IHook { function got() external; } contract Vault { IERC20 t; bool busy;"
               "mapping(address => uint256) b; constructor(IERC20 x) { t = x; }"
               "modifier lock() { require(!busy); busy = true; _; busy = false; }"
               "function put(uint256 v) external lock { require(t.transferFrom(msg.sender, address(this), v)); "
               "b[msg.sender] += v; }"
               "function take(uint256 v) external " +
               lock + " { " + take + " } }";
    };
    const std::string late = "require(b[msg.sender] >= v); require(t.transfer(msg.sender, v)); b[msg.sender] -= v;";
    const std::string stale = "uint256 a = b[msg.sender]; require(t.transfer(msg.sender, a)); b[msg.sender] = 0;";
    EXPECT_FREE(vault("", late));
    EXPECT_FREE(vault("", stale));
    EXPECT_NOT_FREE(vault("", stale, ""));
    EXPECT_NOT_FREE(vault("IHook(to).got();", stale, ""));
}

TEST(CallbackFreeAnswers, ACreationThatCallsNobodyLetsNobodyIn) {
    const auto maker = [](const std::string& first) {
        return "interface IHook { function made() external; } contract Box { address o; constructor(address x) payable { " +
               first +
               " } }"
               "contract Maker { mapping(address => uint256) b; Box[] all; function put() external payable {"
               " b[msg.sender] += msg.value; } function make() external { uint256 a = b[msg.sender];"
               " all.push(new Box{value: a}(msg.sender)); b[msg.sender] = 0; } }";
    };
    EXPECT_FREE(maker("o = x;"));
    EXPECT_NOT_FREE(maker("o = x; IHook(x).made();"));
    EXPECT_NOT_FREE(maker("(bool ok,) = x.call{value: 1}(\"\"); require(ok);"));
    EXPECT_NOT_FREE("contract Lid { constructor(address x) { IHook(x).made(); } }" + maker("o = address(new Lid(x));"));
}

TEST(CallbackFreeAnswers, WhatIsAddedLaterCouldHaveBeenThereBeforeWhatIsSubtracted) {
    const auto coin = [](const std::string& type, const std::string& body) {
        return "contract Coin { uint256 n; mapping(address => " + type + ") b; function give(address to, " + type +
               " v) external { n += 1; b[msg.sender] -= v; b[to] += v; } function mint(" + type + " v) external { " + body +
               " } }";
    };
    const std::string call = "(bool ok,) = msg.sender.call(\"\"); require(ok); ", many = "require(n != 1); ";
    for (const std::string type : {"uint256", "uint128"}) {
        const CallbackFreedom late = freedom(coin(type, many + call + "b[msg.sender] += v;"));
        EXPECT_TRUE(late.is_proved()) << obstacles(late);
        EXPECT_TRUE(assumes(late, "no sum of amounts of 128 bits or more overflows"));
    }
    EXPECT_NOT_FREE(coin("uint64", many + call + "b[msg.sender] += v;"));
    EXPECT_NOT_FREE(coin("uint256", many + call + "unchecked { b[msg.sender] += v; }"));
    EXPECT_NOT_FREE(coin("uint256", many + call + "b[msg.sender] -= v; if (b[msg.sender] > 5) b[msg.sender] = 1;"));
    EXPECT_NOT_FREE(coin("uint256", many + "uint256 a = b[msg.sender]; " + call + "b[msg.sender] = a - v;"));
    EXPECT_NOT_FREE(coin("uint256", many + "b[msg.sender] += v; " + call + "b[msg.sender] -= v;"));
}

// As libraries ask whether there is a contract only where nothing came back.
TEST(CallbackFreeAnswers, WhatIsOnlyAskedForTheSakeOfFailingDecidesNothingElse) {
    const auto lock = [](const std::string& sees, const std::string& asked) {
        return "interface IERC20 { function transfer(address to, uint256 v) external returns (bool);"
               "function balanceOf(address a) external view returns (uint256); }"
               "contract Lock { IERC20 t; address to; uint256 n; uint256 got; constructor(IERC20 x, address y) { t = x; to "
               "= y; }"
               "function seen(address a) internal " +
               sees +
               "function release() external { uint256 v = t.balanceOf(address(this)); require(v > 0);"
               "(bool ok, bytes memory d) = address(t).call(abi.encodeWithSelector(t.transfer.selector, to, v)); "
               "require(ok);"
               "if (d.length == 0) { " +
               asked +
               " } require(d.length == 0 || abi.decode(d, (bool))); }"
               "function put() external payable { n += msg.value; got += 1; } }";
    };
    const std::string is_contract = "view returns (bool) { return a.code.length > 0; }";
    EXPECT_FREE(lock(is_contract, "require(seen(address(t)));"));
    EXPECT_NOT_FREE(lock(is_contract, "if (seen(address(t))) n = 1;"));
    EXPECT_NOT_FREE(lock("returns (bool) { n = got; return a.code.length > 0; }", "require(seen(address(t)));"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_answers
