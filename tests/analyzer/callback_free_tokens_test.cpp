// Callback-freedom of contracts that move tokens several times: transfers come out the same in another order, and nothing
// else that is asked of a token does.
#include "analyzer/assumptions.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_tokens {
namespace {

const std::string erc20 =
    "interface T { function transfer(address to, uint256 v) external returns (bool); "
    "function transferFrom(address from, address to, uint256 v) external returns (bool); "
    "function balanceOf(address who) external view returns (uint256); "
    "function approve(address who, uint256 v) external returns (bool); function burn(uint256 v) external;"
    "function totalSupply() external view returns (uint256); }";

std::string till(const std::string& leave, const std::string& more = "") {
    return erc20 +
           "contract C { T immutable t; T immutable u; mapping(address => uint256) b; mapping(address => uint256) c; "
           "constructor(T x, T y) { t = x; u = y; }"
           "function join(uint256 v) external { b[msg.sender] += v; c[msg.sender] += v; "
           "require(t.transferFrom(msg.sender, address(this), v)); require(u.transferFrom(msg.sender, address(this), v)); }"
           "function leave() external { uint256 x = b[msg.sender]; uint256 y = c[msg.sender]; " +
           leave + "}" + more + "}";
}

bool relies_on_tokens(const std::string& source) {
    return std::ranges::count(freedom(source).assumptions, assumed(Assumed::Tokens)) != 0;
}

TEST(CallbackFreeTokens, SeveralMayGoOutOneAfterTheOther) {
    const std::string clear = "b[msg.sender] = 0; c[msg.sender] = 0; ";
    const std::string out = "require(t.transfer(msg.sender, x)); require(u.transfer(msg.sender, y));";
    EXPECT_FREE(erc20 +
                "contract C { T immutable t; T immutable u; mapping(address => uint256) b; "
                "constructor(T x, T y) { t = x; u = y; }"
                "function leave(uint256 x) external { b[msg.sender] -= x; " +
                "require(t.transfer(msg.sender, x)); require(u.transfer(msg.sender, x)); } }");
    EXPECT_NOT_FREE(
        till("require(t.transfer(msg.sender, x)); b[msg.sender] = 0; require(u.transfer(msg.sender, y)); "
             "c[msg.sender] = 0;"));
    EXPECT_NOT_FREE(till(out + clear));
}

TEST(CallbackFreeTokens, WhatComesInLaterIsNotPaidOut) {
    const auto sold = [](const std::string& sell) {
        return erc20 +
               "contract C { T immutable t; constructor(T x) { t = x; } uint256 n; "
               "function fill(uint256 v) external { require(t.transferFrom(msg.sender, address(this), v)); }"
               "function sell(uint256 v) external { " +
               sell + "} }";
    };
    EXPECT_FREE(sold("require(t.transfer(msg.sender, v)); require(t.transfer(msg.sender, v));"));
    EXPECT_TRUE(relies_on_tokens(sold("require(t.transfer(msg.sender, v)); require(t.transfer(msg.sender, v));")));
    EXPECT_FALSE(relies_on_tokens(sold("require(t.transfer(msg.sender, v));")));
}

TEST(CallbackFreeTokens, WhoAsksOrAllowsSeesTheOrder) {
    const auto second = [](const std::string& next) {
        return erc20 +
               "contract C { T immutable t; constructor(T x) { t = x; } uint256 n = 9; uint256 public seen;"
               "function out(uint256 v) external { n -= v; require(t.transfer(msg.sender, v)); }"
               "function two(uint256 v) external { require(n % 2 == v % 2); n -= v; require(t.transfer(msg.sender, v)); " +
               next + "} }";
    };
    EXPECT_FREE(second("require(t.transfer(msg.sender, v));"));
    EXPECT_NOT_FREE(second("seen = t.balanceOf(address(this));"));
    EXPECT_NOT_FREE(second("t.approve(msg.sender, v);"));
    EXPECT_FREE(second("t.burn(v);"));
}

// What is made for others goes out, as it were, but it is no payment of what was there before.
TEST(CallbackFreeTokens, SomeAreMadeAndDestroyed) {
    const auto sale = [](const std::string& pays, const std::string& more = "", const std::string& head = "") {
        return "interface M { function transferFrom(address, address, uint256) external returns (bool);"
               "function burn(uint256 v) external; function burnFrom(address who, uint256 v) external;"
               "function mint(address to, uint256 v) external; function make(address to, uint256 v) external;"
               "function totalSupply() external view returns (uint256); }"
               "contract C { M immutable x; M immutable y; uint256 sold; constructor(M a, M b) { x = a; y = b; }"
               "function swap(uint256 v) external { " +
               head + " uint256 out = v * 7 - sold / 2; sold += out; " + pays + " } " + more + "}";
    };
    const std::string come = "x.transferFrom(msg.sender, address(this), v);";
    EXPECT_FREE(sale(come + "y.mint(msg.sender, out);"));
    EXPECT_FREE(sale(come + "x.burn(v); y.mint(msg.sender, out);"));
    EXPECT_FREE(sale("x.burnFrom(msg.sender, v); y.mint(address(this), out);"));
    EXPECT_NOT_FREE(sale(come + "y.make(msg.sender, out);"));
    // Of how many there are, others look at what is half done, or more are made than there were to be.
    EXPECT_NOT_FREE(sale(come + "y.mint(msg.sender, out);", "function see() external { sold += y.totalSupply(); }"));
    EXPECT_NOT_FREE(sale(come + "y.mint(msg.sender, out + n);", "", "uint256 n = y.totalSupply();"));
}

// From hand to hand go amounts if it is answered whether that worked, and else what may be one of a kind.
TEST(CallbackFreeTokens, AmountsGoFromHandToHand) {
    const auto charged = [](const std::string& answers, const std::string& move) {
        return "interface M { function transferFrom(address from, address to, uint256 v) external" + answers + "; } " +
               "contract C { M immutable t; constructor(M x) { t = x; } mapping(address => uint256) paid; uint256 fees;"
               "function pay(address to, uint256 v) external { " +
               move + move + " fees += v / 10; " + move + " paid[to] += v; } }";
    };
    const std::string
        truth = " returns (bool)",
        moved = "t.transferFrom(msg.sender, to, v);",
        by_bytes = "{ (bool ok,) = address(t).call(abi.encodeCall(t.transferFrom, (msg.sender, to, v))); require(ok); }",
        by_selector =
            "{ (bool ok,) = address(t).call(abi.encodeWithSelector(t.transferFrom.selector, msg.sender, "
            "to, v)); require(ok); }",
        by_number =
            "{ (bool ok,) = address(t).call(abi.encodeWithSelector(0x23b872dd, msg.sender, to, v)); "
            "require(ok); }";
    EXPECT_FREE(charged(truth, "require(" + moved.substr(0, moved.size() - 1) + ");"));
    EXPECT_FREE(charged(truth, by_bytes));
    EXPECT_FREE(charged(truth, by_selector));
    EXPECT_NOT_FREE(charged("", moved));
    EXPECT_NOT_FREE(charged("", by_bytes));
    EXPECT_NOT_FREE(charged(" returns (uint256)", moved));
    EXPECT_NOT_FREE(charged(truth, by_number));
}

TEST(CallbackFreeTokens, OneOfAKindCannotGoOutBeforeItCameIn) {
    const auto swapped = [](const std::string& move) {
        return "interface N { function transferFrom(address from, address to, uint256 id) external; }"
               "contract C { N immutable t; uint256 n; constructor(N x) { t = x; } "
               "function visit(uint256 id) external { require(n == 0); " +
               move +
               " } function f(uint256 a, address to) external { require(msg.sender == tx.origin); "
               "t.transferFrom(msg.sender, address(this), a); (bool ok,) = to.call(\"\"); require(ok); n = 1; } }";
    };
    EXPECT_FREE(swapped("t.transferFrom(msg.sender, address(this), id);"));
    EXPECT_NOT_FREE(swapped("t.transferFrom(address(this), msg.sender, id);"));
    EXPECT_NOT_FREE(swapped("t.transferFrom(msg.sender, tx.origin, id);"));
}

// It goes out in any order with others that do, but not before or behind those that come in.
TEST(CallbackFreeTokens, OneOfAKindGoesOutBesideOthers) {
    const auto stall = [](const std::string& end, const std::string& others = "") {
        return "interface N { function safeTransferFrom(address from, address to, uint256 id) external; }"
               "interface T { function transfer(address to, uint256 v) external returns (bool);"
               " function transferFrom(address from, address to, uint256 v) external returns (bool); }"
               "contract C { N immutable n; T immutable t; constructor(N x, T y) { n = x; t = y; }"
               " mapping(uint256 => address) by; function put(uint256 id) external { by[id] = msg.sender;"
               " n.safeTransferFrom(msg.sender, address(this), id); } function take(uint256 id) external {"
               " require(by[id] == msg.sender); delete by[id]; n.safeTransferFrom(address(this), msg.sender, id); " +
               end + " } " + others + " }";
    };
    EXPECT_FREE(stall("require(t.transfer(msg.sender, 9));"));
    EXPECT_NOT_FREE(stall("n.safeTransferFrom(address(this), msg.sender, id + 1);"));
    EXPECT_NOT_FREE(stall("n.safeTransferFrom(msg.sender, address(this), id + 1);"));
    EXPECT_NOT_FREE(stall("require(t.transfer(msg.sender, 9));",
                          "function give(address to, uint256 id) external { require(by[id] == msg.sender);"
                          " n.safeTransferFrom(msg.sender, to, id); }"));
}

// How many tokens there are is asked for while some move.

std::string purse(const std::string& out, const std::string& in, const std::string& more = "") {
    return erc20 +
           "contract C { T t; uint256 n = 9; mapping(address => uint256) seen; constructor(T x) { t = x; }"
           "function out(uint256 v) external { " +
           out + " } function put(uint256 v) external { " + in + " } " + more + "}";
}

const std::string
    pay_out = "require(t.transfer(msg.sender, v));",
    take_in = "require(t.transferFrom(msg.sender, address(this), v));",
    look = "function look() external { seen[msg.sender] += t.balanceOf(address(this)) - n; seen[msg.sender] /= 2; }";

bool has_odd_view(const std::string& source) {
    const CallbackFreedom found = freedom(source);
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    return std::ranges::count(found.assumptions, assumed(Assumed::OddViews, "C", "rate")) != 0;
}

TEST(CallbackFreeTokens, WhatGoesOutIsGoneByTheTimeItsReceiverCounts) {
    const std::string share =
        "uint256 x = (t.balanceOf(address(this)) + n) / 2 - seen[msg.sender]; n += x; seen[msg.sender] += x;";
    const std::string shared = purse(share + "require(t.transfer(msg.sender, x));", "");
    EXPECT_FREE(shared);
    EXPECT_EQ(std::ranges::count(freedom(shared).assumptions, assumed(Assumed::MovedAtOnce)), 1);
    EXPECT_EQ(std::ranges::count(freedom(purse("n -= v;" + pay_out, "")).assumptions, assumed(Assumed::MovedAtOnce)), 0);
    EXPECT_FREE(purse("n -= v;" + pay_out, "", look));
    EXPECT_NOT_FREE(purse(pay_out + "n -= v;", "", look));
    EXPECT_NOT_FREE(purse("n -= v;" + pay_out + pay_out, "", look));
    EXPECT_NOT_FREE(purse("n -= v; t.burn(v);", "", look));
    EXPECT_NOT_FREE(purse("n -= v; require(t.transferFrom(address(this), msg.sender, v));", "", look));
    EXPECT_FREE(
        purse("uint256 x = t.balanceOf(address(this)); (bool ok,) = msg.sender.call(\"\"); require(ok); n = x;", ""));
    EXPECT_NOT_FREE(
        purse("uint256 x = t.balanceOf(address(this)); (bool ok,) = msg.sender.call(\"\"); require(ok); t.burn(x);", ""));
}

TEST(CallbackFreeTokens, WhatComesInHasNotComeWhileItsSenderCounts) {
    EXPECT_FREE(purse("", take_in + "n += v;", look));
    EXPECT_NOT_FREE(purse("", "n += v;" + take_in, look));
    EXPECT_NOT_FREE(purse("", "uint256 x = t.balanceOf(address(this));" + take_in + "n += t.balanceOf(address(this)) - x;"));
    EXPECT_NOT_FREE(purse("", "n += v; (bool ok,) = msg.sender.call(\"\"); require(ok);" + take_in, look));
}

// What others have, others may change while somebody is called, and what is done with it then is not what it was for.
TEST(CallbackFreeTokens, WhatOthersHaveMayChangeDuringACall) {
    const auto locked = [](const std::string& count) {
        return purse("require(n == 0); n = 1; uint256 x = " + count +
                         "; (bool ok,) = msg.sender.call(\"\"); require(ok); t.burn(x); n = 0;",
                     "");
    };
    EXPECT_FREE(locked("t.balanceOf(address(this))"));
    EXPECT_NOT_FREE(locked("t.balanceOf(msg.sender)"));
    EXPECT_NOT_FREE(locked("t.totalSupply()"));
}

// Shares have the functions of the token that they stand for, which is another contract.
TEST(CallbackFreeTokens, ATokenInAVariableOfTheOwnersIsAnotherContract) {
    const auto shares = [](const std::string& more = "", const std::string& rest = "") {
        return erc20 +
               "contract C { T t; mapping(address => uint256) has; address owner = msg.sender; constructor(T x) { t = x; }"
               "function transfer(address to, uint256 v) external returns (bool) { has[msg.sender] -= v; has[to] += v;"
               " return true; } function leave(uint256 v) external { has[msg.sender] -= v;"
               " require(t.transfer(msg.sender, v)); " +
               rest + " } " + more + "}";
    };
    EXPECT_FREE(shares("", "require(t.transfer(msg.sender, v));"));
    EXPECT_EQ(std::ranges::count(freedom(shares()).assumptions, assumed(Assumed::Elsewhere, "t", "C")), 1);
    EXPECT_EQ(std::ranges::count(freedom(purse(pay_out, take_in)).assumptions, assumed(Assumed::Elsewhere, "t", "C")), 0);
    EXPECT_NOT_FREE(shares("function set(T x) external { t = x; }", "require(has[msg.sender] != 7);"));
    EXPECT_NOT_FREE(shares("", "require(has[msg.sender] != 7);"));
    EXPECT_FREE(shares("", "require(has[msg.sender] > 7);"));
}

TEST(CallbackFreeTokens, ViewsThatCountAreOddWhereTheBooksAreAhead) {
    const std::string rate = "function rate() external view returns (uint256) { return t.balanceOf(address(this)) - n; }";
    EXPECT_FALSE(has_odd_view(purse("n -= v;" + pay_out, "", rate)));
    EXPECT_TRUE(has_odd_view(purse("n -= v; t.burn(v);", "", rate)));
    EXPECT_TRUE(has_odd_view(purse("", "n += v;" + take_in, rate)));
    EXPECT_FALSE(has_odd_view(purse("", take_in + "n += v;", rate)));
}

TEST(CallbackFreeTokens, ACollectionTellsNobodyWhenItMovesAToken) {
    const auto stable = [](const std::string& collection,
                           const std::string& take = "c.transferFrom(msg.sender, address(this), id)",
                           const std::string& declared = "function ownerOf(uint256) external view returns (address);") {
        return "interface Coll { function transferFrom(address, address, uint256) external; function "
               "safeTransferFrom(address, "
               "address, uint256) external; " +
               declared + "} contract Stable { " + collection +
               " mapping(uint256 => address) whose; mapping(address => uint256) n;"
               " function put(uint256 id) external { require(whose[id] == address(0) && n[msg.sender] < 9); " +
               take + "; whose[id] = msg.sender; n[msg.sender] += 1; } }";
    };
    const std::string set = "Coll immutable c; constructor(Coll x) { c = x; }";
    const CallbackFreedom found = freedom(stable(set));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Collection, "c", "Stable")), 1);
    EXPECT_NOT_FREE(stable(set, "c.safeTransferFrom(msg.sender, address(this), id)"));
    EXPECT_NOT_FREE(stable(set, "c.transferFrom(msg.sender, address(this), id)", ""));
    EXPECT_NOT_FREE(stable("Coll c; function change(Coll x) external { c = x; }"));
}

// Which one of a kind a variable holds does not matter, if the kind calls nobody.
TEST(CallbackFreeTokens, OneOfAKindThatCallsNobodyLetsNobodyIn) {
    const auto bot = [](const std::string& moves, const std::string& set = "constructor(Coin c) { coin = c; }") {
        return "interface Who { function told(uint256 v) external; } contract Coin { mapping(address => uint256) b;"
               "function move(address from, address to, uint256 v) external { " +
               moves +
               " } } contract Desk { Coin public one; Coin public other; constructor(Coin a, Coin b) { one = a; other = b; }"
               " function swap(uint256 v) external { one.move(msg.sender, address(this), v); other.move(address(this), "
               "msg.sender, v); } } contract Bot { Coin coin; mapping(address => uint256) plan; " +
               set +
               " function start(uint256 v) external { require(plan[msg.sender] == 0); coin.move(msg.sender, address(this), "
               "v); "
               "plan[msg.sender] = v; } function stop() external { coin.move(address(this), msg.sender, plan[msg.sender]); "
               "plan[msg.sender] = 0; } function told(uint256) external {} }";
    };
    EXPECT_FREE(bot("b[from] -= v; b[to] += v;"));
    EXPECT_NOT_FREE(bot("b[from] -= v; b[to] += v; Who(to).told(v);"));
    EXPECT_NOT_FREE(bot("b[from] -= v; b[to] += v;", "function set(Coin c) external { coin = c; }"));
}

// What a token is called is the same in the middle of a call.
TEST(CallbackFreeTokens, WhatItIsCalledStays) {
    const auto rescue = [](const std::string& asks) {
        return "interface T { function transfer(address, uint256) external returns (bool); function decimals() external view"
               " returns (uint8); function left() external view returns (uint8); } contract C { address owner; constructor("
               "address o) { owner = o; } function rescue(T t, uint256 a) external { require(msg.sender == owner); uint256 "
               "d = " +
               asks + "; require(d > 5); require(t.transfer(owner, a)); } }";
    };
    EXPECT_FREE(rescue("t.decimals()"));
    EXPECT_NOT_FREE(rescue("t.left()"));
}

TEST(CallbackFreeTokens, AFeedThatIsOnlyAskedAnswersTheSameThroughoutACall) {
    const auto lending = [](const std::string& borrow, const std::string& more = "") {
        return "interface Feed { function price() external view returns (uint256); function knows(address) external view "
               "returns (bool); function priceOf(address) external view"
               " returns (uint256); function totalSupply() external view returns (uint256); function poke() external; }"
               "interface T { function transfer(address, uint256) external returns (bool); function supply() external view"
               " returns (uint256); } contract Lending { Feed immutable feed; T immutable token; address owner = msg.sender;"
               "mapping(address => uint256) pledged; mapping(address => uint256) debt; constructor(Feed f, T t) { feed = f;"
               " token = t; } function pledge() external payable { pledged[msg.sender] += msg.value; }"
               "function borrow(uint256 v) external { " +
               borrow + " } " + more + "}";
    };
    const std::string within = "require(debt[msg.sender] <= pledged[msg.sender] * feed.price());",
                      send = "require(token.transfer(msg.sender, v));", owe = "debt[msg.sender] += v;";
    const CallbackFreedom found = freedom(lending(owe + within + send));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::SteadyAnswers, "feed", "Lending")), 1);
    EXPECT_FREE(lending(owe + "require(feed.knows(msg.sender));" + send));  // a registry
    EXPECT_NOT_FREE(lending(within + send + owe));
    EXPECT_NOT_FREE(lending(owe + "uint256 p = feed.price();" + send + "require(feed.price() == p);"));
    EXPECT_NOT_FREE(lending(owe + "require(debt[msg.sender] <= feed.priceOf(msg.sender));" + send));
    const CallbackFreedom counted = freedom(lending(owe + "require(debt[msg.sender] <= feed.totalSupply());" + send));
    EXPECT_EQ(std::ranges::count(counted.assumptions, assumed(Assumed::SteadyAnswers, "feed", "Lending")), 0);
    EXPECT_EQ(std::ranges::count(counted.assumptions, assumed(Assumed::MovedAtOnce)), 1);
    EXPECT_NOT_FREE(lending(owe + "require(debt[msg.sender] <= token.supply());" + send));
    EXPECT_NOT_FREE(lending(owe + within + send, "function wake() external { feed.poke(); }"));
    EXPECT_NOT_FREE(lending(owe + "Feed f = Feed(msg.sender); require(debt[msg.sender] <= f.price());" + send));
}

// Accounts that are told of tokens which they got: others may be told first.

const std::string receiver =
    "interface R { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4);"
    " function onSold(address, address, uint256, bytes calldata) external returns (bytes4); }"
    "interface T { function transferFrom(address, address, uint256) external returns (bool);"
    " function balanceOf(address) external view returns (uint256); }";

std::string tell(const std::string& to = "msg.sender", const std::string& how = "onERC721Received") {
    return "require(R(" + to + ")." + how + "(msg.sender, address(0), i, \"\") == R." + how + ".selector);";
}

// Tokens that are one of a kind; `after` follows when the buyer is told.
std::string gallery(const std::string& after = "", const std::string& told = tell(), const std::string& more = "") {
    return receiver +
           "contract N { mapping(uint256 => address) o; mapping(address => uint256) b; mapping(address => uint256) got;"
           "uint256 n; uint256 sold; T t; function buy(address to, uint256 q) external payable { uint256 first = n;"
           "require(got[msg.sender] + q < 4); got[msg.sender] += q; n = first + q;"
           "for (uint256 i = first; i < first + q; ++i) { o[i] = msg.sender; b[msg.sender] += 1; }"
           "for (uint256 i = first; i < first + q; ++i) { " +
           told + " } " + after +
           " } function give(address to, uint256 id) external { require(o[id] == msg.sender); o[id] = to; b[msg.sender] -= "
           "1;"
           "b[to] += 1; } function sees() external { require(sold != 9); } " +
           more + "}";
}

TEST(CallbackFreeReceivers, MayBeToldInAnotherOrder) {
    EXPECT_FREE(gallery());
    EXPECT_FREE(gallery("", "if (msg.sender.code.length > 0) { " + tell() + " }"));
    EXPECT_FREE(gallery("",
                        "try R(msg.sender).onERC721Received(msg.sender, address(0), i, \"\") returns (bytes4 r) {"
                        " require(r == R.onERC721Received.selector); } catch { revert(); }"));
    EXPECT_FREE(gallery("if (msg.value > 1) { (bool ok,) = msg.sender.call{value: msg.value - 1}(\"\"); require(ok); }"));
    EXPECT_FREE(gallery("sold += q;"));
    const CallbackFreedom found = freedom(gallery());
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::ToldInOrder)), 1);
    EXPECT_EQ(std::ranges::count(freedom(bank("")).assumptions, assumed(Assumed::ToldInOrder)), 0);
}

TEST(CallbackFreeReceivers, MayBeToldBehindOtherTokensThatMoved) {
    const std::string source = gallery("require(t.transferFrom(msg.sender, address(this), q));");
    EXPECT_FREE(source);
    EXPECT_EQ(std::ranges::count(freedom(source).assumptions, assumed(Assumed::ToldInOrder)), 1);
}

TEST(CallbackFreeReceivers, ButNotBeforeWhatConcernsThem) {
    EXPECT_NOT_FREE(gallery("n = first + q + 1;"));
    EXPECT_NOT_FREE(gallery("sold = n;"));
    EXPECT_FREE(gallery("require(got[msg.sender] < 3);"));
    EXPECT_NOT_FREE(gallery("require(got[msg.sender] != 3);"));
    EXPECT_NOT_FREE(gallery("", tell() + " o[i] = msg.sender;"));
    EXPECT_NOT_FREE(gallery("", tell() + " require(o[i] == msg.sender);"));
    // Whoever is called otherwise, or answers more, may tell the order.
    EXPECT_NOT_FREE(gallery("", tell("msg.sender", "onSold")));
    EXPECT_NOT_FREE(
        gallery("", "if (R(msg.sender).onERC721Received(msg.sender, address(0), i, \"\") == \"abcd\") sold = i;"));
    EXPECT_NOT_FREE(gallery("require(t.balanceOf(address(this)) > 7);"));
    EXPECT_NOT_FREE(gallery("", tell(), "function look() external { got[msg.sender] = t.balanceOf(msg.sender); }"));
}

// Whose code is asked for strangers choose. It does not matter where nothing but a telling hangs on it.
TEST(CallbackFreeReceivers, ThatOneHasCodeOnlyMattersForTelling) {
    const auto asked = [](const std::string& told, const std::string& more = "") { return gallery("", told, more); };
    const std::string check = "function check(address to, uint256 i) private returns (bool) { ",
                      answers =
                          "return R(to).onERC721Received(msg.sender, address(0), i, \"\") == R.onERC721Received.selector; ";
    EXPECT_FREE(asked("if (to.code.length > 0) { " + tell("to") + " }"));
    EXPECT_FREE(asked("if (to.code.length == 0) { continue; } else { " + tell("to") + " }"));
    EXPECT_FREE(asked("check(to, i);", "function check(address to, uint256 i) private { if (to.code.length == 0) return; " +
                                           tell("to") + " }"));
    EXPECT_FREE(asked("if (isContract(to)) { " + tell("to") + " }",
                      "function isContract(address a) private view returns (bool) { uint256 size; "
                      "assembly { size := extcodesize(a) } return size > 0; }"));
    EXPECT_FREE(asked("require(check(to, i));", check + "if (to.code.length > 0) { " + answers + "} return true; }"));
    EXPECT_FREE(
        asked("if (to.code.length > 0) { try R(to).onERC721Received(msg.sender, address(0), i, \"\") returns (bytes4 r) {"
              " require(r == R.onERC721Received.selector); } catch { revert(); } }"));
    const CallbackFreedom found = freedom(asked("if (to.code.length > 0) { " + tell("to") + " }"));
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Receivers)), 1);
    // Something else hangs on it, or on what is answered.
    EXPECT_NOT_FREE(asked("if (to.code.length > 0) { " + tell("to") + " sold = i; }"));
    EXPECT_NOT_FREE(asked("if (to.code.length > 0) { " + tell("to") + " } else { sold = i; }"));
    EXPECT_NOT_FREE(asked("if (to.code.length > 0) { " + tell("to", "onSold") + " }"));
    EXPECT_NOT_FREE(asked("if (to.code.length > 0) { require(sold == 0); " + tell("to") + " }"));
    EXPECT_NOT_FREE(asked("uint256 l = to.code.length; if (l > 0) { " + tell("to") + " } sold = l;"));
    EXPECT_NOT_FREE(asked("sold = to.code.length; " + tell("to")));
    EXPECT_NOT_FREE(
        asked("if (!check(to, i)) sold = i;", check + "if (to.code.length > 0) { " + answers + "} return true; }"));
}

// That an account has code stays so, and that it has none does not.
TEST(CallbackFreeReceivers, SendersWithCodeMayBeToldBeforeTheTransfer) {
    const auto token = [](const std::string& before) {
        return "interface H { function sent() external; } contract T { mapping(address => uint256) b; uint256 n;"
               "function send(address h, address to, uint256 v) external { " +
               before + " b[msg.sender] -= v; b[to] += v; if (to.code.length > 0) H(to).sent(); } }";
    };
    EXPECT_FREE(token("if (h.code.length > 0) H(h).sent();"));
    EXPECT_FREE(token("require(h.code.length > 0); H(h).sent();"));
    EXPECT_FREE(token("if (h.code.length > 0) try H(h).sent() {} catch {}"));
    // Whether somebody is told is a matter of that alone.
    for (const std::string before : {"if (h.code.length == 0) H(to).sent();",
                                     "for (uint256 i; i < 2; ++i) { if (h.code.length > 0) H(h).sent(); h = to; }"}) {
        const CallbackFreedom found = freedom(token(before));
        EXPECT_TRUE(found.is_proved()) << obstacles(found);
        EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Tellings, "T")), 1);
    }
}

// A selector may be computed where it is used, of a text that is written out.
TEST(CallbackFreeReceivers, WhatIsHashedIsCalled) {
    const auto sweep = [](const std::string& selector) {
        return "interface T { function balanceOf(address) external view returns (uint256); }"
               "contract V { T immutable t; address immutable o = msg.sender; constructor(T t_) { t = t_; }"
               " function sweep() external { uint256 v = t.balanceOf(address(this)); require(v > 0); " +
               selector + " (bool ok, ) = address(t).call(abi.encodeWithSelector(m, o, v)); require(ok); } }";
    };
    EXPECT_FREE(sweep("bytes4 m = bytes4(keccak256(\"transfer(address,uint256)\"));"));
    EXPECT_NOT_FREE(sweep("bytes4 m = bytes4(keccak256(\"convey(address,uint256)\"));"));
    EXPECT_NOT_FREE(sweep("bytes memory b = \"transfer(address,uint256)\"; b[0] = \"g\"; bytes4 m = bytes4(keccak256(b));"));
}

// Who is made in the middle has no code then, and has some afterwards.
TEST(CallbackFreeReceivers, WhoIsMadeThereIsNotWhoCallsLater) {
    const auto maker = [](const std::string& test) {
        return "contract M { uint256 n; mapping(address => uint256) b; function make(bytes calldata c) external { n += 1;"
               " bytes memory d = c; assembly { pop(create(0, add(d, 32), mload(d))) } b[msg.sender] = n; }"
               " function join() external { " +
               test + " b[msg.sender] += 1; } }";
    };
    EXPECT_NOT_FREE(maker("require(msg.sender.code.length == 0);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_tokens
