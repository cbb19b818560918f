// Callback-freedom where something is only asked: whether there is enough, whether a person or a contract calls, who owns a
// token, what is told to whoever called, and what views answer meanwhile.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_asks {
namespace {

bool assumes(const std::string& source, Assumed what) {
    return std::ranges::count(freedom(source).assumptions, assumed(what)) != 0;
}

TEST(CallbackFreeAsks, WhatIsEnoughIsEnoughAfterMoreWasAdded) {
    const auto twice = [](const std::string& ask, const std::string& type = "uint256") {
        return "contract C { mapping(address => " + type +
               ") b; function put() external payable { b[msg.sender] += " + type + "(msg.value); } function take(" + type +
               " a) external { " + ask +
               " (bool p,) = msg.sender.call{value: a / 2}(\"\"); require(p);"
               "(bool q,) = msg.sender.call{value: a - a / 2}(\"\"); require(q); } }";
    };
    for (const char* enough : {"require(b[msg.sender] >= a);", "if (a > b[msg.sender]) revert();"}) {
        EXPECT_FREE(twice(std::string(enough) + " b[msg.sender] -= a;"));
        EXPECT_FALSE(pays_what_is_at_hand(twice(std::string(enough) + " b[msg.sender] -= a;"), "take"));
    }
    // Else who pays in comes afterwards, and what is paid before must be there without that.
    for (const std::string& source : {twice("require(b[msg.sender] == a); b[msg.sender] -= a;"),
                                      twice("require(b[msg.sender] <= a); b[msg.sender] -= a;"),
                                      twice("require(b[msg.sender] >= a); b[msg.sender] -= a;", "uint64"),
                                      twice("uint256 h = b[msg.sender]; require(h >= a); b[msg.sender] -= h - a;")})
        EXPECT_TRUE(pays_what_is_at_hand(source, "take")) << source;
}

TEST(CallbackFreeAsks, WhoeverSubtractsIsNotPassedByWhoAsks) {
    EXPECT_NOT_FREE(
        "contract C { mapping(address => uint256) b; function give(address to, uint256 a) external { b[msg.sender] -= a; "
        "b[to] += a; } function f() external { require(b[msg.sender] >= 10); (bool ok,) = msg.sender.call(\"\"); "
        "require(ok); b[msg.sender] = 7; } }");
}

// Who was found to have no code, just before he is called, does not call back.
TEST(CallbackFreeAsks, WhoHasNoCodeCallsNobody) {
    const auto papers = [](const std::string& before, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; mapping(uint256 => address) owner; bool l;"
               "function put(uint256 id, address a) external payable { require(owner[id] == address(0)); owner[id] = a;"
               "b[a] += msg.value; }"
               "function take(uint256 id, address to) external { uint256 a = b[msg.sender]; " +
               before +
               R"( (bool ok,) = to.call{value: a}(""); require(ok); b[msg.sender] = 0; })"
               "function has(address a) internal view returns (bool) { uint256 n; assembly { n := extcodesize(a) }"
               "return n > 0; }" +
               more + "}";
    };
    EXPECT_NOT_FREE(papers(""));
    EXPECT_FREE(papers("require(to.code.length == 0);"));
    EXPECT_FREE(papers("if (to.code.length != 0) revert();"));
    EXPECT_FREE(papers("require(!has(to));"));
    EXPECT_FREE(
        papers("to = owner[id]; require(!has(owner[id]) && owner[id] == msg.sender);"
               "require(owner[id].code.length == 0); to = owner[id];"));
    EXPECT_NOT_FREE(papers("require(to.code.length != 0);"));
    EXPECT_NOT_FREE(papers("require(has(to));"));
    EXPECT_NOT_FREE(papers("require(owner[id].code.length == 0);"));
    EXPECT_NOT_FREE(papers("require(msg.sender.code.length == 0);"));
    EXPECT_NOT_FREE(papers("if (to.code.length == 0) { l = true; }"));
    // What was found under another key, before something was written, or before somebody else had control.
    EXPECT_NOT_FREE(papers("require(!has(owner[id + 1])); to = owner[id];"));
    EXPECT_NOT_FREE(papers("require(!has(owner[id])); owner[id] = to; to = owner[id];"));
    EXPECT_NOT_FREE(papers("require(!has(two[id])); two[id] = to; to = two[id];", "address[2] two;"));
    EXPECT_NOT_FREE(papers("require(!has(pair.to)); pair.to = to; to = pair.to;", "struct P { address to; } P pair;"));
    EXPECT_NOT_FREE(papers(R"(require(!has(to)); (bool did,) = msg.sender.call(""); require(did);)"));
    EXPECT_NOT_FREE(papers("require(!has(to)); address x = to; if (a > 7) { x = msg.sender; } to = x;"));
}

TEST(CallbackFreeAsks, WhoBeganTheTransactionHasNoCode) {
    const auto guarded = [](const std::string& put, const std::string& take, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; function put() external payable { " + put +
               " b[msg.sender] += msg.value; } function take() external { " + take + " uint256 a = b[msg.sender]; " + pay +
               " b[msg.sender] = 0; }" + more + "}";
    };
    const std::string person = "require(msg.sender == tx.origin);";
    EXPECT_FREE(guarded(person, person));
    EXPECT_FREE(guarded("if (tx.origin != msg.sender) revert();", person));
    EXPECT_TRUE(assumes(guarded(person, person), Assumed::PlainOrigin));
    const std::string move = "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }";
    EXPECT_NOT_FREE(guarded(person, "", move));
    // Nobody calls back from there, whatever else is open.
    EXPECT_FREE(guarded("", person, move));
    EXPECT_FREE(guarded("", "if (msg.sender != tx.origin) revert();", move));
    EXPECT_FREE(guarded("", "require(msg.sender.code.length == 0);", move));
    EXPECT_FREE(guarded("", "if (msg.sender.code.length > 0) revert();", move));
    EXPECT_FREE(guarded("", "require(!_has(msg.sender));",
                        move + "function _has(address a) internal view returns (bool) { uint256 n; assembly { n := "
                               "extcodesize(a) } return n > 0; }"));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender != tx.origin);", move));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender.code.length != 0);", move));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender.code.length < 2);", move));
    EXPECT_NOT_FREE(guarded("", "require(tx.origin.code.length == 0);", move));
    EXPECT_NOT_FREE(guarded("", "if (msg.sender == tx.origin) b[tx.origin] += 1;", move));
}

TEST(CallbackFreeAsks, NftsTellAfterTheTransfer) {
    const auto market = [](const std::string& asked, const std::string& end, const std::string& first = "") {
        return "interface N { function safeTransferFrom(address from, address to, uint256 id) external; "
               "function ownerOf(uint256 id) external view returns (address); "
               "function royaltyInfo(uint256 id, uint256 p) external view returns (address, uint256); "
               "function supportsInterface(bytes4 id) external view returns (bool); "
               "function balanceOf(address who) external view returns (uint256); }"
               "contract C { N immutable n; constructor(N x) { n = x; } mapping(uint256 => uint256) price; "
               "mapping(uint256 => address) by; mapping(address => uint256) due;"
               "function list(uint256 id, uint256 p) external { require(" +
               asked +
               "); price[id] = p; by[id] = msg.sender; }"
               "function buy(uint256 id) external payable { uint256 p = price[id]; require(p > 0 && msg.value == p); "
               "address from = by[id]; price[id] = 0; due[from] += p; " +
               first + "n.safeTransferFrom(from, msg.sender, id); " + end + "} }";
    };
    EXPECT_FREE(market("n.ownerOf(id) == msg.sender", ""));
    EXPECT_TRUE(assumes(market("n.ownerOf(id) == msg.sender", ""), Assumed::ToldAfterwards));
    EXPECT_FREE(market("n.supportsInterface(0x80ac58cd)", ""));
    EXPECT_FREE(market("id > 0", "", "(address to, uint256 r) = n.royaltyInfo(id, p); due[to] += r; "));
    EXPECT_NOT_FREE(market("n.balanceOf(msg.sender) > 0", ""));
    EXPECT_NOT_FREE(market("n.ownerOf(id) == msg.sender", "price[id] = 0;"));
    EXPECT_NOT_FREE(market("n.ownerOf(id) == msg.sender", "require(n.ownerOf(id) == msg.sender);"));
}

TEST(CallbackFreeAsks, WhatIsToldToWhoeverCalledConcernsNobodyHere) {
    const auto executor = [](const std::string& after, const std::string& returns = "bytes memory") {
        return "contract C { mapping(bytes32 => bool) due; address owner = msg.sender; uint256 n;"
               "function set(uint256 x) external { require(msg.sender == address(this) && n != 7); n = x; }"
               "function queue(bytes32 h) external { require(msg.sender == owner); due[h] = true; }"
               "function run(address t, bytes calldata d) external returns (" +
               returns +
               ") { bytes32 h = keccak256(abi.encode(t, d)); require(due[h]); due[h] = false; (bool ok, bytes memory r) = "
               "t.call(d); require(ok); " +
               after + " } }";
    };
    EXPECT_FREE(executor("return r;"));
    EXPECT_NOT_FREE(executor("n = r.length; return r;"));
    EXPECT_NOT_FREE(executor("if (r.length == 32) n = 1; return r;"));
    EXPECT_NOT_FREE(executor("bytes[] memory all = new bytes[](1); all[0] = r; n = uint8(all[0][3]); return r;"));
}

TEST(CallbackFreeAsks, TheStipendDoesNotPayForSelfdestruct) {
    const auto shared = [](const std::string& first) {
        return "contract C { address dev; constructor(address d) { dev = d; } function sell(uint256 part) external { "
               "uint256 v = address(this).balance / part; " +
               first + " payable(msg.sender).transfer(v); } }";
    };
    EXPECT_FREE(shared("payable(dev).transfer(v / 20);"));
    EXPECT_NOT_FREE(shared("(bool ok,) = dev.call{value: v / 20}(\"\"); require(ok);"));
}

// Two numbers that change together, in a function of which `body` is what it does.
std::string pair_of(const std::string& body, const std::string& view = "return x + y;", const std::string& more = "") {
    return "contract C { uint256 x; uint256 y; bool locked; modifier alone() { require(!locked); locked = true; _; "
           "locked = false; } function f(uint256 a) external alone { " +
           body + " } function both() external view returns (uint256) { " + view + " } " + more + "}";
}
const std::string hand_over = "(bool ok,) = msg.sender.call(\"\"); require(ok);";

ViewsProof views_of(const std::string& source) { return freedom(source).views; }
#define EXPECT_VIEWS_PROVED(source)                                                                           \
    do {                                                                                                      \
        const ViewsProof found = views_of(source);                                                            \
        EXPECT_TRUE(found.is_proved()) << (source) << (found.torn ? found.torn->sentence : found.blocked_by); \
    } while (false)
std::string torn(const std::string& source) {
    const ViewsProof found = views_of(source);
    return found.torn ? found.torn->sentence : "not torn";
}
std::string open(const std::string& source) {
    const ViewsProof found = views_of(source);
    return found.torn ? "torn" : found.blocked_by;
}

TEST(CallbackFreeAsks, AViewAnswersAsBeforeTheCallOrAsAfterIt) {
    EXPECT_VIEWS_PROVED(pair_of("x += a; y += a; " + hand_over));
    EXPECT_VIEWS_PROVED(pair_of(hand_over + " x += a; y += a;"));
    EXPECT_VIEWS_PROVED(pair_of("x += a; " + hand_over + " y += a;", "return x;"));
    EXPECT_EQ(torn(pair_of("x += a; " + hand_over + " y += a;")),
              "`C.both` can be asked during the call at c.sol:2, where `x` is as after it and `y` still as before");
    EXPECT_EQ(torn(pair_of("x += a; " + hand_over + " x += a;")),
              "`C.both` can be asked during the call at c.sol:2, where `x` is written and will be written again");
    EXPECT_EQ(
        torn(pair_of("(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); y += a;",
                     "return address(this).balance / y;", "function put() external payable alone { y += msg.value; } ")),
        "`C.both` can be asked during the call at c.sol:2, where the balance is as after it and `y` still as before");
    const std::string two = "function other() external view returns (uint256) { return x * y; } ";
    EXPECT_NE(torn(pair_of("x += a; " + hand_over + " y += a;", "return x + y;", two)).find("; so can another view"),
              std::string::npos);
}

TEST(CallbackFreeAsks, AViewThatRevertsUnderTheLockIsNotAsked) {
    const std::string body = "x += a; " + hand_over + " y += a;";
    EXPECT_VIEWS_PROVED(pair_of(body, "require(!locked); return x + y;"));
    EXPECT_NE(torn(pair_of(body, "require(locked); return x + y;")), "not torn");
    // Whoever may ask counts, not only strangers.
    EXPECT_NE(torn(pair_of(body, "require(msg.sender == owner); return x + y;", "address owner = msg.sender; ")),
              "not torn");
}

TEST(CallbackFreeAsks, ALocksFlagOnlySaysThatSomebodyIsInside) {
    const std::string flag = "function busy() external view returns (bool) { return locked; } ";
    EXPECT_VIEWS_PROVED(pair_of("x += a; y += a; " + hand_over, "return x + y;", flag));
    EXPECT_NE(torn(pair_of("x += a; y += a; " + hand_over, "return locked ? 1 : 0;")), "not torn");
    const std::string odd = "function odd() external view returns (bool) { return x > y; } ";
    EXPECT_NE(torn(pair_of("x += a; " + hand_over + " y += a;", "return x;", odd)), "not torn");
}

TEST(CallbackFreeAsks, WhoIsOnlyAskedMayAskToo) {
    const auto asking = [](const std::string& ask, const std::string& more = "") {
        return "interface I { function get(uint256 a) external view returns (uint256); function rate() external view "
               "returns "
               "(uint256); function set(uint256 a) external; }" +
               pair_of("x += a; " + ask + " y += a;", "return x + y;",
                       more + "function g() external alone { " + hand_over + " } ");
    };
    EXPECT_NE(torn(asking("require(I(msg.sender).get(a) > 0);")), "not torn");
    // That may change what is answered, which may be anything, and no more.
    for (const std::string& each : freedom(asking("require(I(msg.sender).get(a) > 0);")).assumptions)
        EXPECT_NE(assumption_of(each), &page_of(Assumed::OddViews)) << each;
    EXPECT_VIEWS_PROVED(asking("require(ecrecover(bytes32(a), 27, bytes32(a), bytes32(a)) == msg.sender);"));
    EXPECT_VIEWS_PROVED(asking("assembly { if iszero(staticcall(gas(), 4, 0, 0, 0, 0)) { revert(0, 0) } }"));
    EXPECT_NE(torn(asking("assembly { if iszero(staticcall(gas(), a, 0, 0, 0, 0)) { revert(0, 0) } }")), "not torn");
    // A price feed answers the same, whoever asks it; what is also told something does not.
    const std::string feed = "I immutable feed; constructor(I i) { feed = i; } ";
    EXPECT_VIEWS_PROVED(asking("require(feed.rate() > 0);", feed));
    EXPECT_NE(torn(asking("require(feed.rate() > 0);", feed + "function tell() external alone { feed.set(1); } ")),
              "not torn");
}

TEST(CallbackFreeAsks, WhatIsEnteredDuringACallMayAskInItsMiddle) {
    const auto executor = [](const std::string& ask) {
        return "interface I { function get() external view returns (uint256); } contract C { uint256 x; uint256 y; "
               "function run(address t, bytes calldata d) external { (bool ok,) = t.call(d); require(ok); } "
               "function step(I i) external { require(msg.sender == address(this)); x += 1; " +
               ask + " y += 1; } function both() external view returns (uint256) { return x + y; } }";
    };
    EXPECT_NE(torn(executor("i.get();")), "not torn");
    EXPECT_EQ(torn(executor("")), "not torn");
    // Then what whoever made the call has done until then is half of it, too.
    const auto around = [](const std::string& ask) {
        return "interface I { function get() external view returns (uint256); } contract C { uint256 x; uint256 y; "
               "function run(address t, bytes calldata d) external { x += 1; (bool ok,) = t.call(d); require(ok); } "
               "function step(I i) external { require(msg.sender == address(this)); " +
               ask + " y += 1; } function both() external view returns (uint256) { return x + y; } }";
    };
    EXPECT_NE(torn(around("i.get();")), "not torn");
    EXPECT_EQ(torn(around("")), "not torn");
}

TEST(CallbackFreeAsks, WhatAViewAsksOfTheContractItselfIsSeenByIt) {
    const std::string asking = "interface I { function peek() external view returns (uint256); } " +
                               pair_of("x += a; " + hand_over + " y += a;", "return x;",
                                       "function peek() external view returns (uint256) { return x + y; } "
                                       "function ask(I i) external view returns (uint256) { return i.peek(); } ");
    EXPECT_NE(torn(asking).find("; so can another view"), std::string::npos) << torn(asking);
}

TEST(CallbackFreeAsks, EtherThatIsForcedInStaysBeforeWhoLooksAtTheBalance) {
    const auto counted = [](const std::string& end) {
        return pair_of("x += a; " + hand_over + end, "return address(this).balance + x;");
    };
    EXPECT_VIEWS_PROVED(counted(""));
    EXPECT_EQ(open(counted(" require(address(this).balance >= 5);")),
              "no order of the calls may leave what `both` answers during `f`");
}

TEST(CallbackFreeAsks, WhatAViewSeesOfVisitorsIsNoHalfOfWhatTheyDo) {
    // `copy` comes after `f`, since it reads what `f` wrote; the view comes before `f`, and would come before `copy`.
    const auto copied = [](const std::string& view) {
        return "contract C { uint256 x; uint256 y; uint256 z; bool locked; function f(uint256 a) external { "
               "require(!locked); locked = true; y = a; " +
               hand_over +
               " z = a; locked = false; } function copy() external { require(x != 7); x = y; } function both() external "
               "view returns "
               "(uint256) { return " +
               view + "; } }";
    };
    EXPECT_FREE(copied("x"));
    EXPECT_VIEWS_PROVED(copied("x"));
    EXPECT_EQ(open(copied("x * z")), "no order of the calls may leave what `both` answers during `f`");
    // What a visitor leaves is overwritten, but it is there for a moment.
    const std::string lost =
        "contract C { mapping(address => uint256) public b; mapping(address => bool) done; function put() external payable "
        "{ "
        "b[msg.sender] += msg.value; } function take() external { require(!done[msg.sender]); done[msg.sender] = true; "
        "(bool ok,) = msg.sender.call{value: b[msg.sender]}(\"\"); require(ok); b[msg.sender] = 0; } }";
    EXPECT_FREE(lost);
    EXPECT_EQ(open(lost), "no order of the calls may leave what `b` answers during `take`");
    // What is only as good if no sum overflows is not the same answer.
    const auto added = [](const std::string& ask) {
        return "contract C { uint256 x; uint256 y; uint256 z; bool locked; function f(uint256 a) external { "
               "require(!locked); "
               "locked = true; x = a; " +
               hand_over +
               " z = a; locked = false; } function add() external { y += z; } function both() external view returns "
               "(uint256) "
               "{ " +
               ask + " return x; } }";
    };
    EXPECT_VIEWS_PROVED(added(""));
    EXPECT_EQ(open(added("require(y >= 1);")), "no order of the calls may leave what `both` answers during `f`");
    // The same of a visitor that has to come later for another reason.
    const std::string cleared =
        "contract C { uint256 y; uint256 q; uint256 public p; bool locked; function set(uint256 a) external { "
        "require(!locked); p = a; } function clear() external { q = y; p = 0; } function f() external { require(!locked); "
        "locked = true; y = 1; " +
        hand_over + " p = 0; locked = false; } }";
    EXPECT_FREE(cleared);
    EXPECT_EQ(open(cleared), "no order of the calls may leave what `p` answers during `f`");
}

TEST(CallbackFreeAsks, BetweenTheRoundsOfALoopSomeIsDoneAndSomeIsNot) {
    const auto payer = [](const std::string& view) {
        return "contract C { uint256 public n; mapping(address => uint256) b; function put() external payable { "
               "b[msg.sender] += msg.value; } function all(address[] calldata r) external { for (uint256 i; i < r.length; "
               "++i) { uint256 a = b[r[i]]; b[r[i]] = 0; (bool ok,) = r[i].call{value: a}(\"\"); require(ok); } } "
               "function seen(address who) external view returns (uint256) { return " +
               view + "; } }";
    };
    EXPECT_FREE(payer("b[who]"));
    EXPECT_EQ(open(payer("b[who]")), "no order of the calls may leave what `seen` answers during `all`");
    EXPECT_VIEWS_PROVED(payer("n"));
}

TEST(CallbackFreeAsks, AViewThatAsksOthersIsNotProvedWhereTheyMayBeHalfDone) {
    const auto vault = [](const std::string& take) {
        return "interface T { function transfer(address to, uint256 a) external returns (bool); function balanceOf(address "
               "a)"
               " external view returns (uint256); function burn(uint256 a) external; } contract C { T immutable t;"
               " constructor(T i) { t = i; } mapping(address => uint256) b; function take(uint256 a) external {"
               " b[msg.sender] -= a; " +
               take + " } function assets() external view returns (uint256) { return t.balanceOf(address(this)); } }";
    };
    EXPECT_VIEWS_PROVED(vault("require(t.transfer(msg.sender, a));"));  // it is gone by then
    EXPECT_FREE(vault("t.burn(a);"));
    EXPECT_EQ(open(vault("t.burn(a);")), "`assets` asks other contracts, also during `take`");
    // What the contract does to others before the call and behind it does not say that the answer is half of it.
    EXPECT_EQ(
        open("interface I { function get() external view returns (uint256); function set(uint256 a) external; } contract "
             "C { I immutable i; constructor(I j) { i = j; } bool locked; function f() external { require(!locked); "
             "locked = true; i.set(1); " +
             hand_over +
             " i.set(2); locked = false; } function assets() external view returns (uint256) { return i.get(); } }"),
        "`assets` asks other contracts, also during `f`");
}

TEST(CallbackFreeAsks, WhoCallsAContractTwiceMayWaitInBetween) {
    const auto router = [](const std::string& between) {
        return lang::compile(
            "c.sol",
            "pragma solidity ^0.8.24; contract P { uint256 x; uint256 y; function one() external { x += 1; } "
            "function two() external { y += 1; } function both() external view returns (uint256) { return x + y; } "
            "function pay(address payable to) external { to.transfer(1); } }"
            "contract R { P immutable p = new P(); function f() external { p.one(); " +
                between + " p.two(); } }");
    };
    EXPECT_TRUE(freedom_of(router("")).front().views.is_proved());
    const ViewsProof waiting = freedom_of(router(hand_over)).front().views;
    ASSERT_TRUE(waiting.torn.has_value());
    EXPECT_NE(waiting.torn->sentence.find("`P.both`"), std::string::npos) << waiting.torn->sentence;
}

TEST(CallbackFreeAsks, WhereCallsCannotBeOrderedNothingIsProvedOfViews) {
    const std::string late = bank("function take() external { uint256 a = b[msg.sender]; " + pay +
                                  " b[msg.sender] = 0; } "
                                  "function held(address who) external view returns (uint256) { return b[who]; } ");
    EXPECT_EQ(open(late), "the contract is not callback-free");
    // Nor is anything said where there is nothing to ask, or nobody who could.
    EXPECT_FALSE(views_of(bank("")).is_of_any);
    EXPECT_FALSE(views_of("contract C { uint256 public n; function f() external { n = 1; } }").is_of_any);
}

TEST(CallbackFreeAsks, ViewsThatAgreeWithThemselvesMayDisagreeWithEachOther) {
    const std::string apart = pair_of("x += a; " + hand_over + " y += a;", "return x;",
                                      "function later() external view returns (uint256) { return y; } ");
    EXPECT_VIEWS_PROVED(apart);
    const auto has = [&](const std::string& sentence) {
        return std::ranges::count(freedom(apart).assumptions, sentence) != 0;
    };
    EXPECT_TRUE(has(assumed(Assumed::MixedViews, "C", "both, later")));
    EXPECT_FALSE(has(assumed(Assumed::OddViews, "C", "both, later")));
}

TEST(CallbackFreeAsks, EveryAssumptionHasAPage) {
    EXPECT_EQ(find_assumption("A101"), &page_of(Assumed::Fork));
    EXPECT_EQ(find_assumption("A999"), nullptr);
    for (const Assumption& each : assumptions()) {
        EXPECT_FALSE(each.text.empty()) << each.id;
        EXPECT_EQ(find_assumption(each.id), &each);
    }
    EXPECT_EQ(assumption_of(assumed(Assumed::OddViews, "Pool", "price, supply")), &page_of(Assumed::OddViews));
    EXPECT_EQ(assumption_of(assumed(Assumed::OneOfKind, "`t` of `C`", "T")), &page_of(Assumed::OneOfKind));
    EXPECT_EQ(assumption_of(assumed(Assumed::SharedOfKind, "`t` of `C`", "T")), &page_of(Assumed::SharedOfKind));
    EXPECT_EQ(assumption_of("nothing of the kind"), nullptr);
}

// Loans that are given back by paying more than there was. Who pays in meanwhile pays them back with that.
TEST(CallbackFreeAsks, BalancesMayBeWeighedAgainstEachOther) {
    const auto lender = [](const std::string& lend, const std::string& more, const std::string& busy = "require(!busy); ") {
        return "interface B { function loan(uint256 fee) external payable; } contract L { mapping(address => uint256) b; "
               "bool busy;"
               "uint256 seen; receive() external payable {} function put() external payable { " +
               busy +
               "b[msg.sender] += msg.value; } function take(uint256 a) external { b[msg.sender] -= a;"
               "(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); } " +
               more + "function lend(uint256 a) external { require(!busy); busy = true; " + lend + " busy = false; } }";
    };
    const std::string before = "uint256 had = address(this).balance; ", loan = "B(msg.sender).loan{value: a}(a / 100); ";
    EXPECT_FREE(lender(before + loan + "require(address(this).balance >= had);", ""));
    EXPECT_FREE(
        lender("uint256 due = address(this).balance + a / 100; " + loan + "if (address(this).balance < due) revert();", ""));
    EXPECT_FREE(lender(before + loan + "require(address(this).balance - had >= a / 100);", ""));
    EXPECT_FREE(lender(before + "require(a <= had); " + loan + "require(had <= address(this).balance);", ""));
    EXPECT_NOT_FREE(lender(before + loan + "require(address(this).balance >= had);", "", ""));
    EXPECT_NOT_FREE(lender(before + loan + "require(address(this).balance <= had);", ""));
    EXPECT_NOT_FREE(lender(before + loan + "require(address(this).balance == had);", ""));
    EXPECT_NOT_FREE(lender(before + "require(had % 2 == 0); " + loan + "seen = address(this).balance;",
                           "function look() external { require(seen != 7); }"));
    EXPECT_NOT_FREE(lender(before + loan + "b[msg.sender] += address(this).balance - had;", ""));
    EXPECT_NOT_FREE(lender(before + loan + "unchecked { require(address(this).balance - had >= a / 100); }", ""));
}

TEST(CallbackFreeAsks, SoMayTokens) {
    const auto lender = [](const std::string& lend, const std::string& busy = "require(!busy); ") {
        return "interface T { function transfer(address to, uint256 v) external returns (bool); function "
               "transferFrom(address from, "
               "address to, uint256 v) external returns (bool); function balanceOf(address who) external view returns "
               "(uint256); } "
               "interface B { function loan(uint256 fee) external; } contract L { mapping(address => uint256) b; bool busy;"
               "T immutable t; constructor(T x) { t = x; } function put(uint256 a) external { " +
               busy +
               "busy = true; require(t.transferFrom(msg.sender, address(this), a)); b[msg.sender] += a; busy = false; }"
               "function take(uint256 a) external { b[msg.sender] -= a; require(t.transfer(msg.sender, a)); } "
               "function lend(uint256 a) external { require(!busy); busy = true; " +
               lend + " busy = false; } }";
    };
    const std::string before = "uint256 had = t.balanceOf(address(this)); ",
                      loan = "require(t.transfer(msg.sender, a)); B(msg.sender).loan(a / 100); ";
    EXPECT_FREE(lender(before + loan + "require(t.balanceOf(address(this)) >= had + a / 100);"));
    EXPECT_NOT_FREE(lender(before + loan + "require(t.balanceOf(address(this)) >= had + a / 100);", ""));
    EXPECT_NOT_FREE(lender(before + loan + "require(t.balanceOf(msg.sender) == had);"));
    EXPECT_NOT_FREE(lender(before + loan + "require(t.balanceOf(address(this)) == had);"));
}

// There is always as much as nothing, and a precompile calls nobody.
TEST(CallbackFreeAsks, WhatIsAlwaysSoIsNotAsked) {
    const auto hashed = [](const std::string& account) {
        return "contract C { uint256 n; function take(bytes calldata d) external { require(n != 5); (bool ok,) = address(" +
               account + ").call(d); require(ok); n += 1; require(n % 3 != 1); } }";
    };
    EXPECT_FREE(hashed("2"));
    EXPECT_NOT_FREE(hashed("0x10000"));
    EXPECT_NOT_FREE(hashed("0"));
    const auto called = [](const std::string& value) {
        return "contract C { uint256 n; function put() external payable { n += msg.value; } function ask(uint256 v) private "
               "{ "
               "require(address(this).balance "
               ">= v); } function f(address t, uint256 v) external { ask(" +
               value + "); require(n != 3); (bool ok,) = t.call(\"\"); require(ok); ask(" + value + "); } }";
    };
    EXPECT_NOT_FREE(called("v"));
    EXPECT_FREE(called("0"));
}

// Contracts that stand in the source, or that the owner names, call nobody unless they are told whom.
TEST(CallbackFreeAsks, WhoeverWroteTheContractKnowsWhomItCalls) {
    const auto buyer = [](const std::string& token, const std::string& call = "t.transfer(msg.sender, a)",
                          const std::string& more = "") {
        return "interface T { function transfer(address to, uint256 a) external returns (bool); function balanceOf(address "
               "who) external view returns (uint256); function give(address to, uint256 a) external returns (bool);"
               "function invest(uint256 a, address by) external returns (bool); function take(bytes calldata d) external "
               "returns (bool); } contract C { " +
               token +
               " mapping(address => uint256) b; function put() external payable { b[msg.sender] += msg.value; }"
               "function get() external { uint256 a = b[msg.sender]; require(a > 0 && t.balanceOf(address(this)) > 7); "
               "require(" +
               call + "); b[msg.sender] = 0; } " + more + "}";
    };
    const std::string known = "T constant t = T(0x1000000000000000000000000000000000000001);";
    EXPECT_FREE(buyer(known));
    EXPECT_FREE(buyer("T t = T(0x1000000000000000000000000000000000000001);"));
    EXPECT_FREE(buyer("T immutable t = T(0x1000000000000000000000000000000000000001);"));
    EXPECT_FREE(buyer(known, "t.invest(a, address(this))"));
    const CallbackFreedom found = freedom(buyer(known));
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Trusted, "0x1000000000000000000000000000000000000001")),
              1);
    // It is told of somebody, or may be; or it is not the same for good.
    EXPECT_NOT_FREE(buyer(known, "t.give(msg.sender, a)"));
    EXPECT_NOT_FREE(buyer(known, "t.take(abi.encode(msg.sender))"));
    EXPECT_NOT_FREE(buyer("T t; constructor(T x) { t = x; }"));
    EXPECT_NOT_FREE(buyer("T t = T(0x1000000000000000000000000000000000000001);", "t.transfer(msg.sender, a)",
                          "function set(T x) external { t = x; }"));
    // The owner may name who is told of nobody.
    const std::string named =
        "T t; address owner = msg.sender; function set(T x) external { require(msg.sender == owner); t = x; }";
    EXPECT_FREE(buyer(named, "t.invest(a, address(this))"));
    EXPECT_EQ(
        std::ranges::count(freedom(buyer(named, "t.invest(a, owner)")).assumptions, assumed(Assumed::TrustedRole, "t", "C")),
        1);
    EXPECT_NOT_FREE(buyer(named, "t.invest(a, msg.sender)"));
    EXPECT_NOT_FREE(buyer(named));
    EXPECT_NOT_FREE(buyer("T t; function set(T x) external { t = x; }", "t.invest(a, address(this))"));
    EXPECT_NOT_FREE(buyer("T t; constructor(T x) { t = x; }", "t.invest(a, address(this))"));
    EXPECT_NOT_FREE(buyer("T immutable t; constructor(T x) { t = x; }", "t.invest(a, address(this))"));
    EXPECT_NOT_FREE(
        buyer("T t; constructor(T x) { _set(x); } function _set(T x) private { t = x; }", "t.invest(a, address(this))"));
    // A contract of the sources that may be meant is known to call others.
    const auto beside = [&](const std::string& told) {
        return "interface L { function told() external; } contract Fund { L[] all; function join(L l) external { "
               "all.push(l); }"
               "function invest(uint256 a, address by) external returns (bool) { " +
               told + " return a > 0 && by != address(0); } } " + buyer(named, "t.invest(a, address(this))");
    };
    EXPECT_FREE(beside(""));
    EXPECT_NOT_FREE(beside("all[0].told();"));
    EXPECT_NOT_FREE(buyer("address t_; address owner = msg.sender;", "T(t_).invest(a, address(this))",
                          "T t; function set(address x) external { require(msg.sender == owner); t_ = x; }"));
}

// Who asks whether the other one is in the middle of something hears no price then, and tells none.
TEST(CallbackFreeAsks, WhoAsksFirstWhetherNobodyIsInsideHearsNothingOdd) {
    const auto desk = [](const std::string& first) {
        return "contract Pool { bool inside; uint256 reserve; uint256 supply; mapping(address => uint256) s;"
               "modifier enter() { require(!inside); inside = true; _; inside = false; }"
               "function ensureOutside() external view { require(!inside); }"
               "function price() external view returns (uint256) { return reserve * 1e18 / supply; }"
               "function put() external payable enter { reserve += msg.value; supply += msg.value; s[msg.sender] += "
               "msg.value; }"
               "function take(uint256 n) external enter { uint256 a = reserve * n / supply; s[msg.sender] -= n; supply -= n;"
               "(bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); reserve -= a; } }"
               "contract Desk { Pool immutable pool; mapping(address => uint256) pledged; mapping(address => uint256) owed;"
               "constructor(Pool p) { pool = p; } function limit(address who) public view returns (uint256) { " +
               first +
               " return pledged[who] * pool.price() / 1e18; } function pledge() external payable { pledged[msg.sender] += "
               "msg.value; } function borrow(uint256 a) external { owed[msg.sender] += a; require(owed[msg.sender] <= "
               "limit(msg.sender)); (bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); } }";
    };
    const auto is_free = [](const std::string& source) {
        return freedom(source, "Pool").is_proved() && freedom(source, "Desk").is_proved();
    };
    EXPECT_TRUE(is_free(desk("pool.ensureOutside();")));
    EXPECT_FALSE(is_free(desk("")));
    EXPECT_FALSE(is_free(desk("if (who != address(9)) pool.ensureOutside();")));
    // It borrows nothing then, but tells whoever asks it.
    std::string tells = desk("pool.ensureOutside();");
    const std::string asked = "pool.ensureOutside(); return", at = "{ owed[msg.sender] += a;";
    tells.replace(tells.find(asked), asked.size(), "return");
    tells.replace(tells.find(at), at.size(), "{ pool.ensureOutside(); owed[msg.sender] += a;");
    EXPECT_FALSE(is_free(tells));
}

// Whom the owner puts on a list, to be paid, is a user.
TEST(CallbackFreeAsks, WhoeverStandsOnAListMayCallBack) {
    const auto rounds = [](const std::string& call) {
        return "interface Grantee { function granted(uint256 n) external payable; } contract C { address owner = msg.sender;"
               "mapping(address => bool) accepted; mapping(address => bool) paid; uint256 each = 1; receive() external "
               "payable {}"
               "function accept(address who) external { require(msg.sender == owner); accepted[who] = true; }"
               "function grant(address who) external { require(accepted[who] && !paid[who]); " +
               call + " } }";
    };
    EXPECT_NOT_FREE(rounds("Grantee(who).granted{value: each}(1); paid[who] = true;"));
    EXPECT_FREE(rounds("paid[who] = true; Grantee(who).granted{value: each}(1);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_asks
