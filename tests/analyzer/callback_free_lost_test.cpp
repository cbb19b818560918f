// What strangers leave that the entry overwrites, writes of one and the same word, calls with little gas, and what is learnt
// from conditions. Each contract that is proved stands beside one in which the same would be wrong.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_lost {
namespace {

std::string box(const std::string& put, const std::string& take, const std::string& more = "") {
    return "contract C { bool lk; uint256 n; mapping(address => uint256) b; function put() external payable { " + put +
           " } function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; " + pay + take +
           " lk = false; }" + more + " function look() external { require(n != 7); } }";
}

TEST(CallbackFreeLost, WhoPaysInWhatIsOverwrittenUnseenOnlyForcesEtherIn) {
    const std::string add = "b[msg.sender] += msg.value;", clear = "b[msg.sender] = 0;";
    EXPECT_FREE(box(add, clear));
    EXPECT_FREE(box(add, "delete b[msg.sender];"));
    EXPECT_FREE(box(add, "_clear(msg.sender);", "function _clear(address who) internal { b[who] = 0; }"));
    // It leaves more than that.
    EXPECT_NOT_FREE(box(add + "n += 1;", clear));
    EXPECT_NOT_FREE(box(add + "payable(tx.origin).transfer(1);", clear));
    // It is not overwritten on every way, or seen before.
    EXPECT_NOT_FREE(box(add, "if (a > 1) b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(box(add, "n = b[msg.sender];" + clear));
    EXPECT_NOT_FREE(box(add, "b[tx.origin] = 0;"));
    EXPECT_NOT_FREE(box(add, clear, "function see() external { require(b[msg.sender] > n); n += 1; }"));
    EXPECT_NOT_FREE(box(add, clear, "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }"));
}

TEST(CallbackFreeLost, WhatIsLostCanStillBeAskedFor) {
    const auto with = [](const std::string& view) {
        return freedom("contract C { bool lk; uint256 p; uint256 n; " + view +
                       " function put() external payable { p += msg.value; } function take() external { require(!lk); lk = "
                       "true; (bool ok,) = msg.sender.call(\"\"); require(ok); p = 0; lk = false; } }");
    };
    const auto assumes = [](const CallbackFreedom& found) {
        return std::ranges::count(found.assumptions, assumed(Assumed::OddViews, "C", "see")) != 0;
    };
    const CallbackFreedom told = with("function see() external view returns (uint256) { return p; }"),
                          other = with("function see() external view returns (uint256) { return n; }");
    EXPECT_TRUE(told.is_proved() && assumes(told)) << obstacles(told);
    EXPECT_TRUE(other.is_proved() && !assumes(other)) << obstacles(other);
}

// Whether a sum fits is seen, too: behind what was lost there may be no room.
TEST(CallbackFreeLost, WhoAddsToWhatIsOverwrittenSeesWhetherItFits) {
    const auto with = [](const std::string& clear) {
        return "contract C { bool lk; uint256 n; uint256 p; "
               "function set(uint256 v) external { require(!lk && n == 0); p = v; } " +
               clear +
               "function add() external { p += 1; n += 1; } function take() external { require(!lk); lk = true; "
               "IHook(msg.sender).hook(); p = 0; lk = false; } } interface IHook { function hook() external; }";
    };
    EXPECT_NOT_FREE(with("function clear() external { require(lk); p = 0; }"));
    EXPECT_FREE(with("function more() external payable { require(lk); p += msg.value; }"));
}

TEST(CallbackFreeLost, TheSameWordMayBeWrittenTwice) {
    const auto late = [](const std::string& write, const std::string& more = "") {
        return bank("function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + write + "}" + more,
                    "mapping(address => uint256) at; uint256 last; uint64 day; bool any; address who;"
                    "function look() external { require(last != 9 && day != 9 && any && who != address(9)); }");
    };
    for (const char* same : {"last = block.timestamp;", "last = block.number;", "any = true;", "any = false;", "last = 0;",
                             "day = uint64(block.timestamp);", "at[msg.sender] = block.timestamp;", "who = msg.sender;"})
        EXPECT_FREE(late(same));
    EXPECT_NOT_FREE(late("if (a > 1) last = block.timestamp;", "function other() external { last = block.number; }"));
    EXPECT_NOT_FREE(late("last = block.timestamp;", "function read() external { require(last == 0); last = 7; }"));
    EXPECT_NOT_FREE(late("last = a;"));
    EXPECT_NOT_FREE(late("last = gasleft();"));
    EXPECT_NOT_FREE(late("who = msg.sender;", "function seen() external { at[who] = 1; }"));
}

TEST(CallbackFreeLost, AWholeSlotIsNotOneWordInIt) {
    EXPECT_NOT_FREE(
        "contract C { struct P { uint128 a; uint128 b; } P[3] x; uint256 k; "
        "function one(uint256 i) external { require(k == 1); x[i].b = 1; } "
        "function take(uint256 i) external { require(i < 3); k = 1; (bool ok,) = msg.sender.call(\"\"); require(ok); "
        "assembly { sstore(add(x.slot, i), 1) } } }");
}

// Ether that comes in by force after a payment failed would make it succeed later.
TEST(CallbackFreeLost, WhoMayFailToPayComesPastEtherThatIsForcedIn) {
    const auto with = [](const std::string& paying) {
        return "contract C { uint256 n; mapping(address => uint256) b; function other() external { " + paying +
               " } function take() external { (bool ok,) = msg.sender.call(\"\"); require(ok); n += 1; "
               "payable(address(1)).transfer(5); } }";
    };
    EXPECT_TRUE(pays_what_is_at_hand(with("if (payable(tx.origin).send(7)) b[msg.sender] += 1;"), "take"));
    EXPECT_FALSE(pays_what_is_at_hand(with("payable(tx.origin).transfer(7); b[msg.sender] += 1;"), "take"));
}

TEST(CallbackFreeLost, ANewContractStaysInItsVariableUnlessTheConstructorRunsOtherCode) {
    const auto with = [](const std::string& more, const std::string& functions = "") {
        return "contract Book { mapping(address => uint256) b; address boss = msg.sender; function set(address w, uint256 "
               "v) "
               "external { require(msg.sender == boss); b[w] = v; } } contract C { address book; mapping(address => "
               "uint256) "
               "d; constructor(address x) { book = address(new Book()); " +
               more + " } " + functions +
               " function put() external payable { d[msg.sender] += msg.value; } function take() external { uint256 a = "
               "d[msg.sender]; Book(book).set(msg.sender, 0); d[msg.sender] = 0; payable(msg.sender).transfer(a); } }";
    };
    EXPECT_FREE(with(""));
    EXPECT_NOT_FREE(with("(bool ok,) = x.delegatecall(\"\"); require(ok);"));
    EXPECT_NOT_FREE(with("_set(x);", "function _set(address x) private { assembly { sstore(book.slot, x) } }"));
}

TEST(CallbackFreeLost, LittleGasBringsNoEtherAndPaysNone) {
    const auto capped = [](const std::string& options, const std::string& more = "") {
        return bank("function take() external { uint256 a = b[msg.sender]; require(a > 0); (bool ok,) = msg.sender.call{" +
                    options + "}(\"\"); require(ok); b[msg.sender] = 0; }" + more);
    };
    EXPECT_FREE(capped("value: a, gas: 2300"));
    EXPECT_FREE(capped("value: a, gas: 6000"));
    EXPECT_NOT_FREE(capped("value: a, gas: 6700"));
    EXPECT_NOT_FREE(capped("value: a, gas: 100000"));
    EXPECT_NOT_FREE(capped("value: a, gas: gasleft()"));
    EXPECT_NOT_FREE(capped("value: a, gas: 2300",
                           "function move(address to) external { b[to] += b[msg.sender]; "
                           "b[msg.sender] = 0; }"));
}

TEST(CallbackFreeLost, AConditionTellsWhatALockHolds) {
    const auto locked = [](const std::string& members, const std::string& test, const std::string& close,
                           const std::string& open, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; uint256 n; " + members + " function put() external payable { " +
               test +
               " b[msg.sender] += msg.value; n += 1; } function look() external { require(n != 7); } "
               "function take() external { " +
               test + close + " uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; " + open + "}" + more + "}";
    };
    EXPECT_FREE(locked("bool f;", "require(!f);", "f = !f;", "f = !f;"));
    EXPECT_NOT_FREE(locked("bool f;", "", "f = !f;", "f = !f;"));
    EXPECT_FREE(locked("mapping(bytes4 => bool) l;", "require(!l[bytes4(0x11111111)]);", "l[bytes4(0x11111111)] = true;",
                       "l[bytes4(0x11111111)] = false;"));
    EXPECT_NOT_FREE(locked("mapping(bytes4 => bool) l;", "require(!l[bytes4(0x11111111)]);", "l[bytes4(0x22222222)] = true;",
                           "l[bytes4(0x22222222)] = false;"));
    // A lock by selector keeps out the same function, and no other.
    const std::string by_selector = "require(!l[msg.sig]);", members = "mapping(bytes4 => bool) l;";
    EXPECT_NOT_FREE(locked(members, by_selector, "l[msg.sig] = true;", "l[msg.sig] = false;"));
    EXPECT_FREE("contract C { mapping(address => uint256) b; " + members +
                " function put() external payable { b[msg.sender] += msg.value; } function take() external { " +
                by_selector + " l[msg.sig] = true; uint256 a = b[msg.sender]; " + pay +
                " b[msg.sender] = 0; l[msg.sig] = false; } }");
    EXPECT_FREE(locked("uint256 last;", "require(last != block.number);", "last = block.number;", ""));
    EXPECT_FREE(locked("mapping(address => uint256) last;", "require(last[tx.origin] < block.timestamp);",
                       "last[tx.origin] = block.timestamp;", ""));
    EXPECT_NOT_FREE(locked("uint256 last;", "require(last != block.number);", "last = block.timestamp;", ""));
    EXPECT_NOT_FREE(locked("uint256 last;", "require(last != block.number);", "last = block.number;", "",
                           "function reset() external { last = 0; }"));
}

TEST(CallbackFreeLost, ThatACallFailedIsFollowedThroughConditionsAndFunctions) {
    const auto paid = [](const std::string& asked) {
        return bank(
            "function _pay(address to, uint256 v) private returns (bool done) { (done,) = to.call{value: v}(\"\"); } "
            "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " +
            asked + " }");
    };
    EXPECT_FREE(paid("if (!_pay(msg.sender, a)) b[msg.sender] = a;"));
    EXPECT_FREE(paid("if (a == 0 || !_pay(msg.sender, a)) b[msg.sender] = a;"));
    EXPECT_FREE(paid("bool ok = a > 0 && _pay(msg.sender, a); if (!ok) b[msg.sender] = a;"));
    EXPECT_NOT_FREE(paid("if (_pay(msg.sender, a)) b[msg.sender] = a;"));
    EXPECT_NOT_FREE(paid("if (a == 0 || _pay(msg.sender, a)) b[msg.sender] = a;"));
    EXPECT_NOT_FREE(paid("_pay(msg.sender, a); if (a > 5) b[msg.sender] = a;"));
}

TEST(CallbackFreeLost, AFlashLoanOfEtherIsPaidBackByWhoeverLikes) {
    const auto pool = [](const std::string& paid_back, const std::string& put) {
        return "interface B { function on() external payable; } contract C { bool lk; mapping(address => uint256) b; " +
               paid_back + " function put() external payable { " + put +
               " b[msg.sender] += msg.value; } function take() external { require(!lk); uint256 a = b[msg.sender]; "
               "b[msg.sender] = 0; payable(msg.sender).transfer(a); } function loan(uint256 a) external { require(!lk); "
               "uint256 had = address(this).balance; lk = true; B(msg.sender).on{value: a}(); lk = false; "
               "require(address(this).balance >= had); } }";
    };
    EXPECT_FREE(pool("receive() external payable {}", "require(!lk);"));
    EXPECT_FREE(pool("receive() external payable { require(lk); }", "require(!lk);"));
    EXPECT_NOT_FREE(pool("receive() external payable {}", ""));  // what was lent is put in
}

TEST(CallbackFreeLost, WhatWasAskedOfOthersMayChangeBeforeOneActsOnIt) {
    const auto shares = [](const std::string& after) {
        return "interface S { function balanceOf(address) external view returns (uint256); function retire(address) "
               "external; "
               "function transfer(address, uint256) external returns (bool); } contract C { bool lk; uint256 n; "
               "S immutable s; constructor(S x) payable { s = x; } function quit() external { require(!lk); lk = true; "
               "uint256 a = s.balanceOf(msg.sender); " +
               pay + after + " lk = false; } }";
    };
    EXPECT_FREE(shares(""));
    EXPECT_FREE(shares("n += a;"));
    EXPECT_NOT_FREE(shares("s.retire(msg.sender);"));
}

// Callback-freedom where a call inside of the scope fails and its caller goes on: what the failed part looked at shows in
// whether it failed, and in what it said. The difference that these contracts note is zero in every order of calls without
// re-entry, and not where somebody pays in while they wait.

std::string gap(const std::string& first, const std::string& second, const std::string& peek) {
    return "contract C { bool lk; mapping(address => uint256) b; mapping(address => uint256) public gap;"
           "function put() external payable { b[msg.sender] += msg.value; }" +
           peek + "function f(address t) external { require(!lk); lk = true; uint256 was; uint256 now_; bytes memory r; " +
           first + R"((bool ok,) = msg.sender.call(""); require(ok);)" + second +
           " gap[msg.sender] = was > now_ ? was - now_ : now_ - was; t; r; lk = false; }"
           "function pay() external { payable(msg.sender).transfer(gap[msg.sender]); } }";
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

TEST(CallbackFreeUndone, SoIsWhatAnErrorIsGiven) {
    const std::string peek =
        "error E(uint256 v); function peek(address a) external view { uint256 v = b[a]; if (v < 1 << 255) revert E(v); }";
    const auto sized = [](const std::string& into) {
        return "(, r) = address(this).call(abi.encodeCall(this.peek, (msg.sender))); assembly { " + into +
               " := mload(add(r, 36)) }";
    };
    EXPECT_NOT_FREE(gap(sized("was"), sized("now_"), peek));
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
        for (const std::string& part : {subtract, ask}) EXPECT_NOT_FREE(survived(part, call));
    for (const std::string& call : {tries, own, open}) EXPECT_TRUE(is_covered(survived(send, call), "f"));
    EXPECT_FREE(survived(subtract, own + " require(done);"));
    EXPECT_FREE(survived(ask, own + " require(done);"));
}

// A payment that fails undoes everything, however many ways lead there.
TEST(CallbackFreeLost, AFailureMayBeToldInSeveralWays) {
    const auto jar = [](const std::string& failed, const std::string& more = "") {
        return "contract C { mapping(address => uint256) due; uint256 total; error Nothing();" + more +
               " function put() external payable { due[msg.sender] += msg.value; total += msg.value; }"
               "function take() external { uint256 a = due[msg.sender]; require(a != 0); due[msg.sender] = 0;"
               "(bool ok, bytes memory why) = msg.sender.call{value: a}(\"\"); if (!ok) { " +
               failed + " } total -= a; } }";
    };
    const std::string bubble = "assembly { revert(add(why, 32), mload(why)) }";
    EXPECT_FREE(jar("if (why.length == 0) revert Nothing(); " + bubble));
    EXPECT_FREE(jar("_fail(why);", "function _fail(bytes memory why) private pure { if (why.length < 4) revert Nothing(); " +
                                       bubble + " }"));
    EXPECT_FREE(jar("revert(string(why));"));
    EXPECT_FREE(
        "contract C { mapping(address => uint256) due; uint256 total;"
        "function put() external payable { due[msg.sender] += msg.value; total += msg.value; }"
        "function take() external { uint256 a = due[msg.sender]; require(a != 0); due[msg.sender] = 0; (bool ok, bytes "
        "memory "
        "why) = msg.sender.call{value: a}(\"\"); require(ok, string(why)); total -= a; } }");
    EXPECT_NOT_FREE(jar("if (why.length == 0) revert Nothing(); due[msg.sender] = a;"));
    EXPECT_NOT_FREE(jar("_fail(why); due[msg.sender] = a;",
                        "function _fail(bytes memory why) private pure { if (why.length < 4) revert Nothing(); }"));
    EXPECT_NOT_FREE(
        jar("_fail(why); due[msg.sender] = a;",
            "function _fail(bytes memory why) private pure { if (why.length < 4) assembly { stop() } " + bubble + " }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_lost
