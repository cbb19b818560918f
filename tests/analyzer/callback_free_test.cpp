// What is proved when nothing is stated. Each contract that is callback-free stands beside a twin that the explorer
// robs, or that could be robbed: the twin must not be proved.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "analyzer/check.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "callback_free_fixture.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests::of_callbacks {
namespace {

TEST(CallbackFree, EffectsBeforeTheCallAreEnough) {
    EXPECT_FREE(bank("function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + "}"));
    EXPECT_NOT_FREE(bank("function take() external { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }"));
    EXPECT_NOT_FREE(bank("function take(uint256 a) external { uint256 had = b[msg.sender]; require(had >= a); " + pay +
                         " b[msg.sender] = had - a; }"));
}

// A fee is paid in the middle of a call.
TEST(CallbackFree, WhoStandsInTheSourceDoesNotCallBackWhenPaid) {
    const auto with = [](const std::string& whom, const std::string& how) {
        return bank(
            "address immutable a1; constructor(address a) { a1 = a; } function take() external { uint256 a = "
            "b[msg.sender]; (bool paid, ) = " +
            whom + how + "; require(paid); b[msg.sender] = 0; " + pay + "}");
    };
    const std::string account = "address(0xBE0eB53F46cd790Cd13851d5EFf43D12404d33E8)", fee = ".call{value: a / 100}(\"\")";
    EXPECT_FREE(with(account, fee));
    const CallbackFreedom found = freedom(with(account, fee));
    EXPECT_EQ(
        std::ranges::count(found.assumptions, assumed(Assumed::WrittenOut, "0xbe0eb53f46cd790cd13851d5eff43d12404d33e8")),
        1);
    EXPECT_NOT_FREE(with("a1", fee));
    EXPECT_NOT_FREE(with(account, ".call{value: a / 100}(msg.data)"));  // a token passes it on
    EXPECT_NOT_FREE(with("msg.sender", fee));
}

TEST(CallbackFree, ALockKeepsEverybodyOutIfItIsSetTestedAndNotOpened) {
    const auto locked = [](const std::string& test, const std::string& set, const std::string& open,
                           const std::string& more) {
        return "contract C { mapping(address => uint256) b; bool lk; uint256 s = 1;"
               "function put() external payable { " +
               test +
               " b[msg.sender] += msg.value; }"
               "function take() external { " +
               test + set + " uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; " + open + "} " + more + "}";
    };
    EXPECT_FREE(locked("require(!lk);", "lk = true;", "lk = false;", ""));
    EXPECT_FREE(locked("if (lk) revert();", "lk = true;", "lk = false;", ""));
    EXPECT_FREE(locked("require(s != 2);", "s = 2;", "s = 1;", ""));
    EXPECT_NOT_FREE(locked("require(!lk);", "", "lk = false;", ""));
    EXPECT_NOT_FREE(locked("", "lk = true;", "lk = false;", ""));
    EXPECT_NOT_FREE(locked("require(!lk);", "lk = true;", "lk = false;", "function open() external { lk = false; }"));
    EXPECT_NOT_FREE(locked("require(!lk);", "lk = true; lk = false;", "", ""));
    EXPECT_NOT_FREE(locked("require(!lk);", "if (msg.sender != tx.origin) lk = true;", "lk = false;", ""));
    EXPECT_NOT_FREE(locked("require(!lk);", "lk = true;", "lk = false;",
                           "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }"));
}

TEST(CallbackFree, LocksInAssemblyNeedOneConstantSlot) {
    const auto guarded = [](const std::string& read, const std::string& write, const std::string& set_slot) {
        return "contract C { mapping(address => uint256) b; modifier g() { assembly { if " + read + "(7) { revert(0, 0) } " +
               write + "(" + set_slot + ", 1) } _; assembly { " + write + "(" + set_slot +
               ", 0) } }"
               "function put() external payable g { b[msg.sender] += msg.value; }"
               "function take() external g { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } }";
    };
    EXPECT_FREE(guarded("tload", "tstore", "7"));
    EXPECT_FREE(guarded("sload", "sstore", "7"));
    EXPECT_NOT_FREE(guarded("tload", "tstore", "8"));
    EXPECT_NOT_FREE(guarded("tload", "sstore", "7"));
    EXPECT_NOT_FREE(guarded("sload", "sstore", "calldatasize()"));
    EXPECT_FREE(
        "contract C { mapping(address => uint256) b; bool transient lk;"
        "function put() external payable { require(!lk); b[msg.sender] += msg.value; }"
        "function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; " +
        pay + " b[msg.sender] = 0; lk = false; } }");
}

TEST(CallbackFree, AWriteThroughAHashOrAnIndexLeavesTheLockAlone) {
    const auto listed = [](const std::string& write) {
        return "contract C { bool lk; uint256[] xs; uint256[4] ys; mapping(address => uint256) b;"
               "function put() external payable { require(!lk); b[msg.sender] += msg.value; }"
               "function take(uint256 i) external { require(!lk); lk = true; " +
               write + " uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; lk = false; } }";
    };
    EXPECT_FREE(listed("xs.push(i); xs[i] = 3; ys[i] = 4; xs.pop();"));
    EXPECT_NOT_FREE(listed("assembly { sstore(add(xs.slot, i), 0) }"));
    EXPECT_NOT_FREE(listed("assembly { sstore(xs.slot, not(0)) } xs[i] = 3;"));
}

TEST(CallbackFree, TheStipendPaysForTransientStorageOnly) {
    EXPECT_FREE(bank("function take() external { payable(msg.sender).transfer(b[msg.sender]); b[msg.sender] = 0; }"));
    EXPECT_NOT_FREE(
        "contract C { uint256 transient paid; mapping(address => uint256) b;"
        "function put() external payable { b[msg.sender] += msg.value; }"
        "function reset() external { paid = 0; }"
        "function take() external { paid = 1; payable(msg.sender).transfer(1); if (paid == 1) b[msg.sender] = 0; } }");
}

TEST(CallbackFree, SumsCommuteWithSumsAndNotWithWhatReadsThem) {
    const std::string take =
        "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + " n += 1; }";
    EXPECT_FREE(bank(take, "uint256 n;"));
    EXPECT_NOT_FREE(bank(take + "function odd() external { require(n % 2 == 1); b[msg.sender] = 1; }", "uint256 n;"));
    EXPECT_NOT_FREE(bank(take + "function less() external { n -= 1; }", "uint64 n;"));
    EXPECT_NOT_FREE(bank(take + "function less() external { require(n != 7); unchecked { n -= 1; } }", "uint256 n;"));
}

TEST(CallbackFree, WhatComesInDuringACallIsNotPaidOutByIt) {
    const std::string two =
        R"((bool p,) = msg.sender.call{value: 1}(""); require(p); (bool q,) = msg.sender.call{value: 1}(""); require(q);)";
    EXPECT_TRUE(pays_what_is_at_hand(
        "contract C { uint256 n; function fill() external payable { n = 1; } function f() external { require(n == 0); " +
            two + "} }",
        "f"));
    // Where somebody goes on without it, more is taken for granted.
    EXPECT_TRUE(is_covered(
        "contract C { uint256 n; function fill() external payable { n = 1; } function f() external { require(n == 0); "
        "(bool p,) = msg.sender.call{value: 1}(\"\"); require(p); (bool q,) = msg.sender.call{value: 1}(\"\"); q; } }",
        "f"));
    EXPECT_FREE("contract C { uint256 n; function f() external { require(n == 0); n = 1; " + two + "} }");
}

TEST(CallbackFree, TheBalanceIsReadOnlyWhereNoneMoves) {
    const std::string quarter =
        R"(uint256 a = address(this).balance / 4; (bool ok,) = msg.sender.call{value: a}(""); require(ok);)";
    EXPECT_FREE("contract C { receive() external payable {} function f() external { " + quarter + "} }");
    EXPECT_NOT_FREE("contract C { receive() external payable {} uint256 seen; function f() external { " + quarter +
                    " seen = address(this).balance; } }");
}

TEST(CallbackFree, OnlyWhoHasARoleCanBeTrustedWithIt) {
    const auto owned = [](const std::string& more) {
        return "contract C { address owner = msg.sender; uint256 fees; function pay() external payable { fees += msg.value; "
               "}"
               "function sweep() external { require(msg.sender == owner); (bool ok,) = owner.call{value: fees}(\"\"); "
               "require(ok); fees = 0; }" +
               more + "}";
    };
    EXPECT_FREE(owned(""));
    EXPECT_FREE(owned("function give(address to) external { require(msg.sender == owner); owner = to; }"));
    EXPECT_NOT_FREE(owned("function take() external { owner = msg.sender; }"));
    EXPECT_NOT_FREE(
        owned("function run(address t, bytes calldata d) external { (bool ok,) = t.call(d); require(ok); fees = 1; }"));
}

TEST(CallbackFree, AnotherContractWithTheSameRightsHasItsOwnLock) {
    const auto pair = [](const std::string& variables, const std::string& may) {
        return "contract Till { Book immutable book = Book(msg.sender); bool lk;"
               "function take() external { require(!lk); lk = true; uint256 a = book.due(msg.sender);"
               "(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); book.clear(msg.sender); lk = false; }"
               "receive() external payable {} }"
               "contract Book { " +
               variables +
               " mapping(address => uint256) public due; constructor() { due[msg.sender] = 9; }"
               "function clear(address who) external { require(" +
               may + "); due[who] = 0; } }";
    };
    EXPECT_FREE(pair("Till till = new Till();", "msg.sender == address(till)"));
    EXPECT_NOT_FREE(pair("Till till = new Till(); Till other = new Till();",
                         "msg.sender == address(till) || msg.sender == address(other)"));
    EXPECT_NOT_FREE(pair("Till till = new Till();", "true"));
}

TEST(CallbackFree, OtherContractsAreNotAskedInTheMiddleOfTheirWork) {
    const std::string token =
        "interface T { function balanceOf(address) external view returns (uint256); "
        "function transferFrom(address, address, uint256) external returns (bool); }";
    EXPECT_NOT_FREE(
        token +
        "contract C { T immutable t; constructor(T x) { t = x; } uint256 supply; function join(uint256 v) external { "
        "uint256 s = supply == 0 ? v : v * supply / t.balanceOf(address(this)); supply += s; "
        "require(t.transferFrom(msg.sender, address(this), v)); } }");
}

TEST(CallbackFree, AReaderOfTheSourcesMustNotSeeAHalfDoneState) {
    const std::string pool =
        "contract Pool { uint256 public a; uint256 public c; bool lk; function f() external { require(!lk); lk = true; "
        "a += 1; (bool ok,) = msg.sender.call(\"\"); require(ok); c += 1; lk = false; }"
        "function gap() external view returns (uint256) { return a - c; } }";
    EXPECT_FREE(pool);
    const lang::Compilation read = lang::compile(
        "c.sol",
        "interface G { function gap() external view returns (uint256); } contract Reader { G g; constructor(G x) { g = x; } "
        "function now_() external view returns (uint256) { return g.gap(); } } " +
            pool);
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(freedom_of(read).back().is_proved());
}

TEST(CallbackFree, TwoViewsOfWhichOneIsAheadOfTheOtherAreOddTogether) {
    const auto asked = [](const std::string& asks, const std::string& early) {
        return lang::compile(
            "c.sol",
            "interface P { function res() external view returns (uint256); function sup() external view returns "
            "(uint256); } contract Lend { P p; constructor(P x) { p = x; } function price() external view returns "
            "(uint256) { return " +
                asks +
                "; } } contract Pool { uint256 public res; uint256 public sup; mapping(address => uint256) s; bool lk;"
                "function add() external payable { require(!lk); res += msg.value; sup += msg.value; "
                "s[msg.sender] += msg.value; } function rem(uint256 v) external { require(!lk); lk = true; "
                "s[msg.sender] -= v; sup -= v; " +
                early + R"((bool ok,) = msg.sender.call{value: v}(""); require(ok);)" + (early.empty() ? "res -= v;" : "") +
                "lk = false; } }");
    };
    EXPECT_FALSE(freedom_of(asked("p.res() * 1e18 / p.sup()", "")).back().is_proved());
    EXPECT_TRUE(freedom_of(asked("p.res() * 1e18 / p.sup()", "res -= v;")).back().is_proved());
    const std::string low =
        "contract Low { address p; uint256 n; function ask() external { (bool ok, bytes memory r) = "
        "p.staticcall(abi.encodeWithSignature(\"gap()\")); require(ok); n = abi.decode(r, (uint256)); } }";
    const auto gap = [](const std::string& name) {
        return "contract Pool { uint256 a; uint256 c; bool lk; function f() external { require(!lk); lk = true; a += 1; "
               "(bool ok,) = msg.sender.call(\"\"); require(ok); c += 1; lk = false; } function " +
               name + "() external view returns (uint256) { return a - c; } }";
    };
    EXPECT_NOT_FREE(low + gap("gap"));
    EXPECT_FREE(low + gap("hole"));
}

TEST(CallbackFree, ABalanceIsAnsweredToEverybody) {
    const auto pool = [](const std::string& early, const std::string& late) {
        return "interface P { function sup() external view returns (uint256); } contract R { function price(address p) "
               "external "
               "view returns (uint256) { return p.balance / P(p).sup(); } } contract Pool { mapping(address => uint256) s; "
               "uint256 public sup; bool lk; function add() external payable { require(!lk); s[msg.sender] += msg.value; "
               "sup += msg.value; } function rem(uint256 a) external { require(!lk); lk = true; s[msg.sender] -= a; " +
               early + pay + late + " lk = false; } }";
    };
    EXPECT_FREE(pool("sup -= a;", ""));
    EXPECT_NOT_FREE(pool("", "sup -= a;"));
}

TEST(CallbackFree, WhoIsOnlyNamedInAConstructorIsNoOwner) {
    const auto jar = [](const std::string& set, const std::string& before = "") {
        return before + "contract C { address payable immutable seller; uint256 due; mapping(address => uint256) b; " + set +
               " function buy() external payable { due += msg.value; } function put() external payable { b[msg.sender] += "
               "msg.value; } function claim() external { require(msg.sender == seller); (bool ok,) = seller.call{value: "
               "due}(\"\"); require(ok); due = 0; } }";
    };
    EXPECT_FREE(jar("constructor() { seller = payable(msg.sender); }"));
    EXPECT_NOT_FREE(jar("constructor(address payable s) { seller = s; }"));
    EXPECT_NOT_FREE(
        jar("constructor() { seller = payable(msg.sender); }", "contract Maker { function make() external { new C(); } } "));
    const auto pair = [](const std::string& order) {
        return "contract C { address immutable x; address immutable y; mapping(address => uint256) b; constructor(address "
               "p, "
               "address q) { x = p; y = q; } modifier m() { require(msg.sender == x || msg.sender == y); _; }"
               "function put() external payable m { b[msg.sender] += msg.value; } function take() external m { uint256 a = "
               "b[msg.sender]; " +
               order + " } }";
    };
    EXPECT_FREE(pair("b[msg.sender] = 0; " + pay));
    EXPECT_NOT_FREE(pair(pay + " b[msg.sender] = 0;"));
}

TEST(CallbackFree, WhomTheOwnerOnlyNamesToBePaidIsTrusted) {
    const auto owned = [](const std::string& sweep, const std::string& owner = "address owner = msg.sender;") {
        return "interface I { function transfer(address to, uint256 v) external returns (bool); }"
               "contract C { " +
               owner +
               " uint256 fees; mapping(address => uint256) b; event Swept(address to);"
               "function pay() external payable { require(fees < 9); fees += msg.value; b[msg.sender] += 1; }"
               "function put() external payable { b[msg.sender] += msg.value; }"
               "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " +
               pay +
               " } modifier only() { require(msg.sender == owner); _; }"
               "function _send(address payable to, uint256 v) internal { (bool ok,) = to.call{value: v}(\"\"); require(ok); "
               "}" +
               sweep + " }";
    };
    const std::string sweep =
        "function sweep(address payable to) external only { require(to != address(0));"
        " _send(to, fees); fees = 0; emit Swept(to); }";
    EXPECT_FREE(owned(sweep));
    EXPECT_EQ(std::ranges::count(freedom(owned(sweep)).assumptions,
                                 "whom the owner names in `sweep` of `C` neither calls back nor lets others call"),
              1);
    EXPECT_FREE(owned("function rescue(I token, uint256 v) external only { require(token.transfer(owner, v)); fees = 0; }"));
    // Anybody may call it, he was only named, it is somebody's account, or it is kept, or another one is called, too.
    EXPECT_NOT_FREE(
        owned("function sweep(address payable to) external { require(b[msg.sender] > 0); _send(to, fees); fees = 0; }"));
    EXPECT_NOT_FREE(owned(sweep, "address owner; constructor(address x) { owner = x; }"));
    EXPECT_NOT_FREE(owned("function refund(address payable to) external only { _send(to, b[to]); b[to] = 0; }"));
    EXPECT_NOT_FREE(
        owned("address payable last; function refund(address payable to) external only { last = to;"
              " _send(last, fees); fees = 0; }"));
    EXPECT_NOT_FREE(
        owned("address payable other; function set() external { other = payable(msg.sender); }"
              "function sweep(address payable to) external only { _send(to, 1); _send(other, fees); fees = 0; }"));
}

TEST(CallbackFree, AHashOfChosenBytesMayBeTheSlotOfTheLock) {
    const auto named = [](const std::string& set) {
        return "contract C { bytes32 constant at = keccak256(\"lock\"); uint256 left; uint256[] xs; string name; modifier "
               "g() { "
               "bytes32 s = at; assembly { if sload(s) { revert(0, 0) } sstore(s, 1) } _; assembly { sstore(s, 0) } }"
               "function put() external payable g { left += msg.value; } function take() external g { uint256 a = left; " +
               pay + " left = 0; } function set(string memory k, uint256 v) external { " + set + " } }";
    };
    EXPECT_FREE(named("xs.push(v); name = k;"));
    EXPECT_NOT_FREE(named("bytes32 s = keccak256(bytes(k)); assembly { sstore(s, v) }"));
    EXPECT_NOT_FREE(named("assembly { sstore(keccak256(add(k, 32), mload(k)), v) }"));
}

TEST(CallbackFree, ContractsThatCallByDataCountAsCallers) {
    const auto vault = [](const std::string& caller) {
        return "contract A { function go(address t, bytes calldata d) external { d; " + caller +
               " } } contract B { mapping(address => uint256) b; bool lk; address immutable a; constructor(address x) { a = "
               "x; } function put() external payable { require(!lk); b[msg.sender] += msg.value; }"
               "function open() external { require(msg.sender == a); lk = false; }"
               "function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; lk = false; } }";
    };
    EXPECT_FREE(vault("t.call(abi.encodeWithSignature(\"shut()\"));"));
    EXPECT_NOT_FREE(vault("t.call(abi.encodeWithSignature(\"open()\"));"));
    EXPECT_NOT_FREE(vault("t.call(d);"));
    EXPECT_NOT_FREE(vault("assembly { pop(call(gas(), t, 0, 0, 4, 0, 0)) }"));
}

TEST(CallbackFree, AContractMayBeMadeToCallItsOwnFallback) {
    const auto locked = [](const std::string& more) {
        return "interface I { function ping() external; } contract C { mapping(address => uint256) b; bool lk; uint256 n;"
               "function put() external payable { require(!lk); b[msg.sender] += msg.value; }"
               "function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; lk = false; } function poke(address t) external payable { " + more + " } }";
    };
    const std::string call = "I(t).ping(); }", send = "(bool ok,) = t.call{value: msg.value}(\"\"); require(ok); }";
    const std::string own = "require(msg.sender == address(this)); ";
    EXPECT_NOT_FREE(locked(call + "fallback() external { " + own + "lk = false; "));
    EXPECT_NOT_FREE(locked(send + "receive() external payable { " + own + "lk = false; "));
    EXPECT_FREE(locked(call + "fallback() external { n += 1; "));
    EXPECT_FREE(locked(send + "receive() external payable { " + own));
}

TEST(CallbackFree, WhatStrangersChangeOutsideCountsOnce) {
    const auto shop = [](const std::string& lock, const std::string& open) {
        return "interface T { function balanceOf(address) external view returns (uint256); }"
               "contract C { T immutable t; constructor(T x) payable { t = x; } mapping(address => uint256) b; bool lk;"
               "function sell() external { " +
               lock +
               "uint256 had = t.balanceOf(address(this)); (bool ok,) = msg.sender.call(\"\"); require(ok); "
               "b[msg.sender] += t.balanceOf(address(this)) - had; " +
               open + " } function take() external { require(!lk); uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay +
               "} }";
    };
    EXPECT_NOT_FREE(shop("", ""));
    EXPECT_FREE(shop("require(!lk); lk = true; ", "lk = false;"));
}

TEST(CallbackFree, ALiteralInMemoryIsNoConstantOnceItsAddressIsKnown) {
    const auto keyed = [](const std::string& change) {
        return "contract C { mapping(address => uint256) b; function slot(bytes1 x) internal pure returns (bytes32 s) { x; "
               "bytes memory k = \"lock\"; " +
               change +
               " s = keccak256(k); } function put() external payable { bytes32 s = slot(\"l\"); assembly { if sload(s) { "
               "revert(0, 0) } } b[msg.sender] += msg.value; } function take(bytes1 x) external { bytes32 s = slot(x); "
               "assembly { if sload(s) { revert(0, 0) } sstore(s, 1) } uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; assembly { sstore(s, 0) } } }";
    };
    EXPECT_FREE(keyed(""));
    EXPECT_NOT_FREE(keyed("k[0] = x;"));
    EXPECT_NOT_FREE(keyed("assembly { mstore8(add(k, 32), x) }"));
}

TEST(CallbackFree, ANewContractIsSeenByItsCode) {
    const auto maker = [](const std::string& asked) {
        return "contract C { bool open = true; mapping(address => bool) won; address last;"
               "function make(bytes memory init) external { address a; assembly { a := create2(0, add(init, 32), "
               "mload(init), "
               "0) } require(a != address(0)); } function join() external { last = msg.sender; }"
               "function win(address a) external { " +
               asked + " won[a] = true; } function see() external { require(won[msg.sender]); } }";
    };
    EXPECT_FREE(maker(""));
    EXPECT_NOT_FREE(maker("require(a.code.length == 0);"));
}

// The lock's slot is written out; it must not be where the elements of an array lie: keccak256(0).
TEST(CallbackFree, AWrittenOutSlotMayBeAnElementOfAnArray) {
    const auto bank = [](const std::string& slot) {
        return "contract C { bytes32 constant SLOT = " + slot + R"(;
            uint256[] list;
            uint256 left;
            modifier guarded() {
                bytes32 s = SLOT;
                assembly { if sload(s) { revert(0, 0) } sstore(s, 1) }
                _;
                assembly { sstore(s, 0) }
            }
            function put(uint256 x) external { if (list.length == 0) list.push(x); else list[0] = x; }
            function add() external payable guarded { left += msg.value; }
            function take() external guarded { uint256 a = left; )" +
               pay + R"( left = 0; }
        })";
    };
    EXPECT_NOT_FREE(bank("0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"));
    EXPECT_FREE(bank("0x9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00"));
}

TEST(CallbackFree, ForeignCodeOnTheOwnStorageIsNotProved) {
    EXPECT_NOT_FREE(
        "contract C { uint256 n; function f(address t) external { (bool ok,) = t.delegatecall(\"\"); require(ok); n = 1; } "
        "}");
}

TEST(CallbackFree, NothingIsProvedOfBytecodeNorBesideIt) {
    const lang::Compilation compilation =
        lang::compile("c.sol", "contract C { uint256 n; function f() external { n = 1; } }");
    ASSERT_TRUE(compilation.ok());
    lang::ir::Contract opaque = *compilation.artifacts[0].ir;
    EXPECT_TRUE(freedom_of(compilation)[0].is_proved());
    opaque.is_opaque = true;
    for (const CallbackFreedom& each :
         prove_callback_freedom({compilation.artifacts[0].ir.get(), &opaque}, *compilation.sources, Deadline()))
        EXPECT_FALSE(each.is_proved());
}

TEST(CallbackFree, TakesMillisecondsEvenForALongFunction) {
    std::string body;
    for (int i = 0; i < 300; ++i)
        body += "if (x[" + std::to_string(i) + "] > 0) { x[" + std::to_string(i + 1) + "] += 1; } ";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FREE("contract C { mapping(uint256 => uint256) x; function f() external { " + body +
                "} function g() external { f2(); } function f2() internal { " + body + "} }");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

// Nothing that the explorer robs is proved: the teaching contracts, and what becomes of them when a line goes missing.
TEST(CallbackFree, NoAttackedContractIsProved) {
    for (const char* name : {"bank", "dao", "bank_fixed", "bank_mutex", "dao_fixed", "bank_checked"}) {
        const auto compilation = shipped(std::string(name) + ".ilk");
        const std::vector<CallbackFreedom> found = freedom_of(*compilation);
        CheckOptions options;
        options.bounds.states = 20'000;
        const Report report = check(compilation, options);
        for (const PropertyVerdict& each : report.verdicts) {
            if (each.verdict != Verdict::Exploit || each.kind != "reentrancy") continue;
            EXPECT_FALSE(found.at(static_cast<std::size_t>(each.which.contract)).is_proved()) << name;
        }
    }
}

// Mutation: of contracts that are proved, one statement at a time is dropped, or changes places with the next one. Some
// mutants are robbed; none of these may be proved.
TEST(CallbackFree, NoMutantThatIsRobbedIsProved) {
    const std::vector<std::vector<std::string>> originals{
        {"contract C { mapping(address => uint256) b; bool lk;", "function put() external payable {", "require(!lk);",
         "b[msg.sender] += msg.value;", "}", "function take() external {", "require(!lk);", "lk = true;",
         "uint256 a = b[msg.sender];", "(bool ok,) = msg.sender.call{value: a}(\"\");", "require(ok);", "b[msg.sender] = 0;",
         "lk = false;", "} }"},
        {"contract C { mapping(address => uint256) b; uint256 n;", "function put() external payable {",
         "b[msg.sender] += msg.value;", "n += 1;", "}", "function move(address to, uint256 v) external {",
         "b[msg.sender] -= v;", "b[to] += v;", "}", "function take() external {", "uint256 a = b[msg.sender];",
         "b[msg.sender] = 0;", "(bool ok,) = msg.sender.call{value: a}(\"\");", "require(ok);", "n += 1;", "} }"},
        {"contract C { mapping(address => uint256) b;", "function put() external payable {",
         "assembly { if tload(1) { revert(0, 0) } }", "b[msg.sender] += msg.value;", "}",
         "function take(uint256 v) external {", "assembly { if tload(1) { revert(0, 0) } }", "assembly { tstore(1, 1) }",
         "uint256 had = b[msg.sender];", "require(had >= v);", "(bool ok,) = msg.sender.call{value: v}(\"\");",
         "require(ok);", "b[msg.sender] = had - v;", "assembly { tstore(1, 0) }", "} }"},
    };
    const auto is_statement = [](const std::string& line) { return line.back() == ';' || line.starts_with("assembly"); };
    int tried = 0, robbed = 0, proved = 0;
    const auto judge = [&](const std::vector<std::string>& lines) {
        std::string text = "pragma solidity ^0.8.24;\n";
        for (const std::string& line : lines) text += line + '\n';
        const auto compilation = std::make_shared<lang::Compilation>(lang::compile("m.sol", text));
        if (!compilation->ok()) return;
        ++tried;
        const bool is_proved = freedom_of(*compilation).back().is_proved();
        CheckOptions options;
        options.bounds.states = 3'000;
        const Report report = check(compilation, options);
        proved += is_proved ? 1 : 0;
        robbed += report.has_exploit() ? 1 : 0;
        EXPECT_FALSE(is_proved && report.has_exploit()) << text;
        EXPECT_EQ(report.contradiction, "") << text;
    };
    for (const std::vector<std::string>& original : originals) {
        for (std::size_t i = 0; i < original.size(); ++i) {
            if (!is_statement(original[i])) continue;
            std::vector<std::string> mutant = original;
            mutant.erase(mutant.begin() + static_cast<std::ptrdiff_t>(i));
            judge(mutant);
            if (!is_statement(original[i + 1])) continue;
            mutant = original;
            std::swap(mutant[i], mutant[i + 1]);
            judge(mutant);
        }
    }
    EXPECT_GT(tried, 25);
    EXPECT_GT(robbed, 3);
    EXPECT_GT(proved, 5);
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_callbacks
