// Locks of which the taken state is an account: each beside twins that keep nobody out.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_locks {
namespace {

TEST(CallbackFreeLocks, TheContractItselfIsOneAccount) {
    const auto till = [](const std::string& test, const std::string& taken = "address()", const std::string& more = "") {
        return "contract Till { uint256 constant S = 0x929eee149b4bd21268; mapping(address => uint256) b;"
               "modifier lock() { assembly { if " +
               test + " { revert(0, 0) } sstore(S, " + taken + ") } _; assembly { sstore(S, codesize()) } }" +
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function take() external lock { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } " + more + "}";
    };
    EXPECT_FREE(till("eq(sload(S), address())"));
    EXPECT_FREE(till("iszero(iszero(eq(sload(S), address())))"));
    EXPECT_NOT_FREE(till("eq(sload(S), codesize())"));
    EXPECT_NOT_FREE(till("eq(sload(S), caller())"));
    EXPECT_NOT_FREE(till("eq(sload(S), address())", "caller()"));
    EXPECT_NOT_FREE(till("eq(sload(S), address())", "shl(96, address())"));
    EXPECT_NOT_FREE(till("eq(sload(S), address())", "address()", "function open() external { assembly { sstore(S, 1) } }"));
    EXPECT_NOT_FREE(till("eq(sload(S), address())", "address()",
                         "function pass(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }"));
}

TEST(CallbackFreeLocks, TheSameAccountIsNotAlwaysTheSameWord) {
    const auto till = [](const std::string& type, const std::string& self, const std::string& test) {
        return "contract Till { " + type + " lk; mapping(address => uint256) b;" +
               "modifier lock() { require(!held()); lk = " + self + "; _; delete lk; }" +
               "function held() internal view returns (bool h) { " + test + " }" +
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function take() external lock { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } }";
    };
    const std::string word = "assembly { h := eq(w, address()) }";
    EXPECT_FREE(till("address", "address(this)", "h = lk == address(this);"));
    EXPECT_FREE(till("uint256", "uint256(uint160(address(this)))", "uint256 w = lk; " + word));
    EXPECT_FREE(till("bytes32", "bytes32(uint256(uint160(address(this))))", "bytes32 w = lk; " + word));
    // An address of 20 bytes stands at the other end of the word; of a signed one the sign is spread.
    EXPECT_NOT_FREE(till("bytes20", "bytes20(address(this))", "bytes20 w = lk; " + word));
    EXPECT_NOT_FREE(till("int160", "int160(uint160(address(this)))", "int160 w = lk; " + word));
    EXPECT_NOT_FREE(till("uint96", "uint96(uint160(address(this)))", "uint96 w = lk; " + word));
}

TEST(CallbackFreeLocks, WhoCallsIsNoPrecompile) {
    const auto till = [](const std::string& nobody, const std::string& test, const std::string& taken = "msg.sender") {
        return "contract Till { address constant NOBODY = address(" + nobody + "); address inside = NOBODY; " +
               "mapping(address => uint256) b;" + "modifier lock() { if (" + test + ") revert(); inside = " + taken +
               "; _; inside = NOBODY; }" +
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function take() external lock { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } }";
    };
    EXPECT_FREE(till("1", "inside != NOBODY"));
    EXPECT_FREE(till("0xffff", "inside != NOBODY"));
    EXPECT_FREE(till("1", "inside != NOBODY", "address(this)"));
    EXPECT_NOT_FREE(till("0x10000", "inside != NOBODY"));
    EXPECT_NOT_FREE(till("0x000000000000000000000000000000000000dEaD0001", "inside != NOBODY"));
    EXPECT_NOT_FREE(till("1", "inside == msg.sender"));
    EXPECT_NOT_FREE(till("1", "inside != NOBODY", "NOBODY"));
    EXPECT_NOT_FREE(till("1", "inside != NOBODY", "address(uint160(b[msg.sender]))"));
}

TEST(CallbackFreeLocks, WhatAContractMadeForItselfNoSisterHas) {
    const auto vault = [](const std::string& first, const std::string& members = "Paper immutable paper;",
                          const std::string& more = "") {
        return "interface I { function hook() external; } contract Paper { address immutable vault = msg.sender;"
               "uint256 total; mapping(address => uint256) public held;"
               "function mint(address to, uint256 v) external { require(msg.sender == vault); total += v; held[to] += v; }"
               "function burn(address to, uint256 v) external { require(msg.sender == vault); held[to] -= v; total -= v; }" +
               more + "}" + "contract Vault { bool lk; " + members +
               " constructor(Paper p) { require(address(p) != address(1)); " + first + " }" +
               "function put() external payable { require(!lk); lk = true; paper.mint(msg.sender, msg.value); lk = false; }"
               "function take() external { require(!lk); lk = true; uint256 a = paper.held(msg.sender); " +
               pay + " paper.burn(msg.sender, a); lk = false; } }";
    };
    EXPECT_FREE(vault("paper = new Paper();"));
    EXPECT_FREE(vault("", "Paper immutable paper = new Paper();"));
    // Another vault may have the same paper, or one that calls.
    EXPECT_NOT_FREE(vault("paper = p;"));
    EXPECT_NOT_FREE(vault("paper = new Paper();", "Paper paper; function set(Paper p) external { paper = p; }"));
    EXPECT_NOT_FREE(vault("paper = new Paper();", "Paper immutable paper;",
                          "function give(address to) external { held[to] += held[msg.sender]; held[msg.sender] = 0; }"));
}

// By a counter that is odd while somebody is inside.
std::string turns(const std::string& enter, const std::string& leave, const std::string& more = "") {
    return "contract Hall { uint256 turn; mapping(address => uint256) held; " + more + "modifier alone() { " + enter +
           " _; " + leave +
           " } function put() external payable alone { held[msg.sender] += msg.value; }"
           "function take() external alone { uint256 a = held[msg.sender]; " +
           pay + " held[msg.sender] = 0; } }";
}

TEST(CallbackFreeLocks, ACounterThatOneEntryAloneRaisesIsALock) {
    const auto guarded = [](const std::string& behind, const std::string& before = "") {
        return "contract C { uint256 guard = 1; uint256 w; function buy() external payable { guard += 1; uint256 mine = "
               "guard; "
               "uint256 a = w; " +
               before + " (bool ok,) = msg.sender.call{value: 1}(\"\"); require(ok); w = a + 1; " + behind + " } }";
    };
    EXPECT_FREE(guarded("require(mine == guard);"));
    EXPECT_NOT_FREE(guarded(""));
    EXPECT_NOT_FREE(guarded("require(mine <= guard);"));
    EXPECT_NOT_FREE(guarded("require(mine == guard); guard -= 1;"));
    EXPECT_NOT_FREE(guarded("", "require(mine == guard);"));
}

TEST(CallbackFreeLocks, ACounterMayTellByItsLowestBit) {
    EXPECT_FREE(turns("require(turn & 1 == 0); turn++;", "turn++;"));
    EXPECT_FREE(turns("if (turn & 1 == 1) revert(); unchecked { ++turn; }", "unchecked { ++turn; }"));
    EXPECT_FREE(turns("uint256 t = ++turn; require(t & 1 == 1);", "turn = t + 1;"));
    EXPECT_FREE(turns("require(turn & 3 == 2 || turn & 3 == 0); turn += 1;", "turn += 1;"));
    EXPECT_NOT_FREE(turns("require(turn & 1 == 0); turn += 2;", "turn += 2;"));
    EXPECT_NOT_FREE(turns("require(turn & 2 == 0); turn++;", "turn++;"));
    EXPECT_NOT_FREE(turns("require(turn & 1 == 0); turn++;", "turn++;", "function skip() external { turn++; }"));
}

TEST(CallbackFreeLocks, AnArrayThatTheConstructorIsGivenIsNoLongerThanArraysAre) {
    const std::string lock = "uint256 s; modifier alone() { require(s == 0); s = 1; _; s = 0; }";
    const auto list = [&](const std::string& assigned) {
        return "contract List { address[] who; struct S { uint256 a; bool b; } S[] slips; mapping(address => uint256) "
               "held;" +
               lock + "constructor(address[] memory w) { " + assigned +
               " } function put() external payable alone { held[msg.sender] += msg.value; slips.push(S(msg.value, false)); }"
               "function take(uint256 i) external alone { slips[i].b = true; uint256 a = held[msg.sender]; " +
               pay + " held[msg.sender] = 0; } }";
    };
    EXPECT_FREE(list("who = w;"));
    EXPECT_FREE(list("for (uint256 i; i < w.length; i++) who.push(w[i]);"));
    EXPECT_NOT_FREE(list("assembly { sstore(slips.slot, mload(w)) }"));
}

// A lock under a name that is computed each time.
std::string named_lock(const std::string& name) {
    return "contract Jar { mapping(address => uint256) held; mapping(bytes32 => bool) taken;"
           "modifier alone() { bytes32 k = _name(); require(!taken[k]); taken[k] = true; _; taken[k] = false; }"
           "function _name() private view returns (bytes32) { return keccak256(" +
           name +
           "); } function put() external payable alone { held[msg.sender] += msg.value; }"
           "function give(address to) external alone { held[to] += held[msg.sender]; held[msg.sender] = 0; }"
           "function take() external alone { uint256 a = held[msg.sender]; " +
           pay + " held[msg.sender] = 0; } }";
}

TEST(CallbackFreeLocks, TheHashOfTheSameWordsIsTheSame) {
    EXPECT_FREE(named_lock("abi.encode(address(this), uint256(7))"));
    EXPECT_FREE(named_lock("abi.encode(address(this), \"lock\")"));
    EXPECT_FREE(named_lock("abi.encode(uint256(8), uint256(7))"));
    EXPECT_NOT_FREE(named_lock("abi.encode(msg.sender, uint256(7))"));
    EXPECT_NOT_FREE(named_lock("abi.encode(address(this), msg.sig)"));
    EXPECT_NOT_FREE(named_lock("abi.encode(address(this), block.number)"));
}

// Locks that another contract keeps, under who asks for them.
std::string lock_board(const std::string& name) {
    return "contract Board { mapping(bytes32 => bool) held;"
           "function take(bytes32 tag) external { bytes32 k = _name(tag); require(!held[k]); held[k] = true; }"
           "function free(bytes32 tag) external { bytes32 k = _name(tag); require(held[k]); held[k] = false; }"
           "function _name(bytes32 tag) private view returns (bytes32) { return keccak256(abi.encode(" +
           name +
           ")); } } contract Jar { Board immutable board; mapping(address => uint256) held; constructor(Board b) { board = "
           "b; }"
           "modifier alone() { board.take(\"jar\"); _; board.free(\"jar\"); }"
           "function put() external payable alone { held[msg.sender] += msg.value; }"
           "function take() external alone { uint256 a = held[msg.sender]; " +
           pay + " held[msg.sender] = 0; } }";
}

TEST(CallbackFreeLocks, AHashIsNotZero) {
    const auto clerk = [](const std::string& mark, const std::string& test = "running == 0") {
        return "contract Clerk { bytes32 running; mapping(bytes32 => uint256) planned; "
               "function plan(bytes32 id) external { require(planned[id] == 0); planned[id] = 1; }"
               "function run(address to, bytes calldata d, bytes32 salt) external { require(" +
               test + "); bytes32 id = keccak256(abi.encode(to, d, salt)); require(planned[id] == 1); running = " + mark +
               R"(; (bool ok,) = to.call(d); require(ok); running = 0; planned[id] = 2; } })";
    };
    EXPECT_FREE(clerk("id"));
    EXPECT_NOT_FREE(clerk("salt"));
    EXPECT_NOT_FREE(clerk("id", "running != bytes32(uint256(1))"));
    EXPECT_NOT_FREE(clerk("bytes32(bytes4(id))"));
}

TEST(CallbackFreeLocks, NobodyElseHasTheHashOfAnAccount) {
    EXPECT_FREE(lock_board("msg.sender, tag"));
    EXPECT_NOT_FREE(lock_board("tag, msg.sender"));  // whose account it is, is not looked for there
    EXPECT_NOT_FREE(lock_board("tag, uint256(1)"));
    EXPECT_NOT_FREE(lock_board("tx.origin, tag"));
}

TEST(CallbackFreeLocks, TransientStorageMayCountHowDeepCallsAre) {
    const auto deep = [](const std::string& enter) {
        return "contract Well { uint256 transient depth; mapping(address => uint256) held; modifier top() { " + enter +
               " _; depth--; } function put() external payable top { held[msg.sender] += msg.value; }"
               "function take() external top { uint256 a = held[msg.sender]; " +
               pay + " held[msg.sender] = 0; } }";
    };
    EXPECT_FREE(deep("unchecked { depth++; } if (depth != 1) revert();"));
    EXPECT_FREE(deep("require(++depth == 1);"));
    EXPECT_NOT_FREE(deep("require(++depth < 3);"));
    EXPECT_NOT_FREE(deep("depth++;"));
}

// Some entries only ask whether the contract is in use; who takes the lock finds it open, and leaves it open.
TEST(CallbackFreeLocks, WhatIsLeftAsItWasFoundIsOnlyRead) {
    const auto fund = [](const std::string& lend, const std::string& kind = "bool", const std::string& open = "!busy",
                         const std::string& more = "") {
        return "interface Token { function balanceOf(address who) external view returns (uint256); function "
               "transfer(address "
               "to, uint256 a) external returns (bool); function transferFrom(address from, address to, uint256 a) external "
               "returns (bool); } contract C { Token immutable t; " +
               kind +
               " busy; uint256 fees; mapping(address => uint256) b; constructor(Token a) { t = a; }"
               "function put(uint256 v) external { require(" +
               open + "); require(t.transferFrom(msg.sender, address(this), v)); b[msg.sender] += v; }" +
               "function get(uint256 a) external { require(" + open +
               "); b[msg.sender] -= a; require(t.transfer(msg.sender, a)); }"
               "function lend(uint256 a) external { uint256 had = t.balanceOf(address(this)); " +
               lend + " }" + more + "}";
    };
    const std::string hand_over = "(bool ok,) = msg.sender.call(\"\"); require(ok); ";
    const std::string weigh = "require(t.balanceOf(address(this)) >= had); fees += 1; ";
    EXPECT_FREE(fund("require(!busy); busy = true; " + hand_over + weigh + "busy = false;"));
    EXPECT_FREE(fund("require(busy == 0 && a > 0); busy = a; " + hand_over + weigh + "busy = 0;", "uint256", "busy == 0"));
    EXPECT_FREE(fund("require(busy == 0 && a > 0); busy = uint128(a) | 1; " + hand_over + weigh + "busy = 0;", "uint128",
                     "busy == 0"));
    EXPECT_FREE(fund("require(!busy); _take(); " + hand_over + weigh + "_give();", "bool", "!busy",
                     "function _take() private { busy = true; } function _give() private { busy = false; }"));
    // It was not looked at, may be left otherwise, or holds nothing in the way.
    EXPECT_NOT_FREE(fund("busy = true; " + hand_over + weigh + "busy = false;"));
    EXPECT_NOT_FREE(fund("require(!busy); busy = true; " + hand_over + weigh + "if (a > 5) busy = false;"));
    EXPECT_NOT_FREE(fund("if (a > 5) require(!busy); busy = true; " + hand_over + weigh + "busy = false;"));
    EXPECT_NOT_FREE(fund("require(!busy); busy = true; " + hand_over + weigh + "busy = a == 7;"));
    EXPECT_NOT_FREE(fund("require(busy == 0); busy = a; " + hand_over + weigh + "busy = 0;", "uint256", "busy == 0"));
    EXPECT_NOT_FREE(
        fund("require(busy == 0 && a > 0); busy = a; " + hand_over + weigh + "busy = 1;", "uint256", "busy == 0"));
    EXPECT_NOT_FREE(fund("require(busy == 0 && a > 0); busy = a; busy += 1; " + hand_over + weigh + "busy -= a;", "uint256",
                         "busy == 0"));
}

// A lock that another contract keeps for whoever asks, under the account that asks, and maybe a name besides.
TEST(CallbackFreeLocks, AnotherContractMayKeepThemByAccount) {
    const auto bank = [](const std::string& registry, const std::string& before, const std::string& behind) {
        return "contract Registry { " + registry +
               " } contract Bank { Registry immutable locks; mapping(address => uint256) b; uint256 gone;"
               "constructor(Registry r) { locks = r; } function put() external payable { " +
               before + "b[msg.sender] += msg.value; " + behind + "} function take() external { " + before +
               "uint256 a = b[msg.sender]; (bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); b[msg.sender] = 0; "
               "gone += a; " +
               behind + "} }";
    };
    const std::string by_account =
        "mapping(address => bool) on; function begin() external { require(!on[msg.sender]); on[msg.sender] = true; }"
        "function end() external { on[msg.sender] = false; }";
    const std::string by_two =
        "mapping(address => mapping(address => bool)) on; function begin(address who) external { require(!on[msg.sender]"
        "[who]); on[msg.sender][who] = true; } function end(address who) external { on[msg.sender][who] = false; }";
    EXPECT_FREE(bank(by_account, "locks.begin(); ", "locks.end(); "));
    EXPECT_FREE(bank(by_two, "locks.begin(address(this)); ", "locks.end(address(this)); "));
    EXPECT_FREE(bank(by_two, "locks.begin(address(7)); ", "locks.end(address(7)); "));
    // One for each user, one for each name, one that anybody opens, or one that is not closed.
    EXPECT_NOT_FREE(bank(by_two, "locks.begin(msg.sender); ", "locks.end(msg.sender); "));
    EXPECT_NOT_FREE(bank(by_two, "locks.begin(tx.origin); ", "locks.end(tx.origin); "));
    EXPECT_NOT_FREE(
        bank("mapping(address => bool) on; function begin() external { require(!on[msg.sender]); on[msg.sender] = true; }"
             "function end() external { on[msg.sender] = false; } function open(address who) external { on[who] = false; }",
             "locks.begin(); ", "locks.end(); "));
    EXPECT_NOT_FREE(
        bank("mapping(address => bool) on; function begin() external { require(!on[tx.origin]); on[tx.origin] = "
             "true; } function end() external { on[tx.origin] = false; }",
             "locks.begin(); ", "locks.end(); "));
    EXPECT_NOT_FREE(
        bank("mapping(address => bool) on; function begin() external { require(!on[msg.sender]); }"
             "function end() external { on[msg.sender] = false; }",
             "locks.begin(); ", "locks.end(); "));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_locks
