// Who executes what was agreed upon, with any target and any data, may be made to call himself: wallets of several owners
// and timelocks, each beside twins that act too late.
#include "analyzer/assumptions.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_executors {
namespace {

std::string wallet(const std::string& execute, const std::string& more = "") {
    return R"(contract Wallet {
        struct Plan { address to; uint256 value; bytes data; bool done; uint256 yes; }
        mapping(address => bool) owner; mapping(uint256 => mapping(address => bool)) said; Plan[] plans; uint256 count;
        constructor(address[] memory owners) { for (uint256 i; i < owners.length; ++i) owner[owners[i]] = true; }
        receive() external payable {}
        function submit(address to, uint256 v, bytes calldata d) external {
            require(owner[msg.sender]); plans.push(Plan(to, v, d, false, 0));
        }
        function confirm(uint256 id) external {
            require(owner[msg.sender] && !said[id][msg.sender]); said[id][msg.sender] = true; plans[id].yes += 1;
        }
        function execute(uint256 id) external {
            require(owner[msg.sender]); Plan storage p = plans[id]; require(!p.done && p.yes > 1); )" +
           execute + "}" + more + "}";
}

const std::string call_planned = "(bool ok,) = p.to.call{value: p.value}(p.data); require(ok);";

TEST(CallbackFreeExecutors, AWalletThatCallsLastIsFreeThoughItMayCallItself) {
    EXPECT_FREE(wallet("p.done = true;" + call_planned));
    EXPECT_FREE(wallet("p.done = true; count += 1;" + call_planned));
    EXPECT_NOT_FREE(wallet(call_planned + "p.done = true;"));
    EXPECT_NOT_FREE(wallet("p.done = true; uint256 n = count;" + call_planned + "count = n + 1;"));
    EXPECT_NOT_FREE(
        wallet("p.done = true; uint256 n = plans.length;" + call_planned + "if (plans.length > n) p.done = false;"));
}

// Who was found to be another one is not the contract itself, which could make many calls of its own in one.
TEST(CallbackFreeExecutors, WhoIsSomebodyElseIsNotCalledAsOneself) {
    const auto purse = [](const std::string& spend, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; struct Order { uint256 a; address to; bytes data; }"
               "function multicall(bytes[] calldata calls) external { for (uint256 i; i < calls.length; ++i) {"
               "(bool ok,) = address(this).delegatecall(calls[i]); require(ok); } }"
               "function put() external payable { b[msg.sender] += msg.value; }"
               "function give(address to, uint256 a) external { b[msg.sender] -= a; b[to] += a; }"
               "function spend(address to, address next, uint256 a, bytes calldata d, Order calldata o) external { " +
               spend + " } " + more + " }";
    };
    const std::string is_other = "require(to != address(this)); ", take = "b[msg.sender] -= a; ",
                      pay = "(bool ok,) = to.call{value: a}(d); require(ok);";
    EXPECT_FREE(purse(is_other + take + pay));
    EXPECT_FREE(purse("if (to == address(this)) revert(); " + take + pay));
    EXPECT_FREE(purse("check(to); " + take + pay,
                      "function check(address who) private view { require(who != address(this) && who != address(1)); }"));
    EXPECT_FREE(purse("require(o.to != address(this)); " + take + "(bool ok,) = o.to.call{value: a}(o.data); require(ok);"));
    EXPECT_FREE(purse(is_other + take + "send(to, a, d);",
                      "function send(address to, uint256 a, bytes calldata d) private { " + pay + " }"));
    EXPECT_NOT_FREE(purse(take + pay));
    EXPECT_NOT_FREE(purse("require(next != address(this)); " + take + pay));
    EXPECT_NOT_FREE(purse("if (to != address(this)) a = a / 2; " + take + pay));
    EXPECT_NOT_FREE(purse(is_other + "to = next; " + take + pay));
    EXPECT_NOT_FREE(purse("require(o.to != address(this)); " + take + pay));
    EXPECT_NOT_FREE(purse("require(to == address(this)); " + take + pay));
}

TEST(CallbackFreeExecutors, OfManyEachMustBeSomebodyElse) {
    const auto all = [](const std::string& first, const std::string& second) {
        return "contract C { mapping(address => uint256) b; function multicall(bytes[] calldata calls) external {"
               "for (uint256 i; i < calls.length; ++i) { (bool ok,) = address(this).delegatecall(calls[i]); require(ok); } }"
               "function put() external payable { b[msg.sender] += msg.value; }"
               "function spend(address[] calldata to, uint256 n, bytes calldata d) external { b[msg.sender] -= 1;"
               "for (uint256 i; i < to.length; ++i) { " +
               first + " } uint256 k = n; require(k < to.length); " + second + " } }";
    };
    const std::string pay = "(bool ok,) = to[k].call{value: 1}(d); require(ok);";
    EXPECT_FREE(all("", "require(to[k] != address(this)); " + pay));
    EXPECT_NOT_FREE(all("require(to[i] != address(this));", pay));
    EXPECT_NOT_FREE(all("if (i == 0) require(to[i] != address(this)); (bool ok,) = to[i].call(d); require(ok);", ""));
    EXPECT_NOT_FREE(all("", "require(to[k] != address(this)); k = k / 2; " + pay));
}

TEST(CallbackFreeExecutors, WhatTheEnteredOneStillDoesFollows) {
    const std::string first = "p.done = true;" + call_planned;
    // The wallet itself may be made to run this, and strangers to act in the middle of it.
    EXPECT_NOT_FREE(wallet(first, R"(function late(address to) external {
        require(msg.sender == address(this)); uint256 n = count; (bool ok,) = to.call(""); require(ok); count = n + 1; })"));
    EXPECT_NOT_FREE(wallet(first, R"(function pay(uint256 id) external {
        require(msg.sender == address(this)); Plan storage p = plans[id]; require(!p.done);
        (bool ok,) = p.to.call{value: p.value}(""); require(ok); p.done = true; })"));
    EXPECT_FREE(wallet(first, R"(function pay(uint256 id) external {
        require(msg.sender == address(this)); Plan storage p = plans[id]; require(!p.done); p.done = true;
        (bool ok,) = p.to.call{value: p.value}(""); require(ok); })"));
    // One after the other: what the second call finds was changed during the first.
    EXPECT_NOT_FREE(wallet(first, R"(function both(uint256 i, uint256 j) external { this.execute(i); this.execute(j); })"));
}

TEST(CallbackFreeExecutors, ALockThatTheEnteredOneOpensKeepsNobodyOut) {
    const auto locked = [](const std::string& poke) {
        return R"(contract Bank { mapping(address => uint256) b; bool lk;
            function put() external payable { require(!lk); b[msg.sender] += msg.value; }
            function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; )" +
               pay + R"( b[msg.sender] = 0; lk = false; }
            function run(address to, bytes calldata d) external {
                require(!lk); lk = true; (bool ok,) = to.call(d); require(ok); lk = false; } )" +
               poke + "}";
    };
    EXPECT_FREE(locked(""));
    EXPECT_NOT_FREE(locked(R"(function poke(address to) external { require(msg.sender == address(this));
        lk = false; (bool ok,) = to.call(""); require(ok); lk = true; })"));
}

TEST(CallbackFreeExecutors, AnExecutorAnswersForTheContractThatItEnters) {
    const auto pair = [](const std::string& body) {
        return R"(contract Vault { mapping(address => uint256) b; address exec; constructor(address e) { exec = e; }
            function put() external payable { b[msg.sender] += msg.value; }
            function takeFor(address who) external { require(msg.sender == exec); uint256 v = b[who]; )" +
               body + R"( } }
            contract Exec { mapping(bytes32 => bool) done; function run(address to, bytes calldata d) external {
                bytes32 h = keccak256(abi.encode(to, d)); require(!done[h]); done[h] = true;
                (bool ok,) = to.call(d); require(ok); } })";
    };
    EXPECT_FREE(pair("b[who] = 0; (bool ok,) = who.call{value: v}(\"\"); require(ok);"));
    EXPECT_NOT_FREE(pair("(bool ok,) = who.call{value: v}(\"\"); require(ok); b[who] = 0;"));
}

TEST(CallbackFreeExecutors, ATimelockForgetsWhatIsDueBeforeItCalls) {
    const auto timelock = [](const std::string& execute, const std::string& who = "may[msg.sender]") {
        return R"(contract Timelock { mapping(address => bool) may;
            mapping(bytes32 => uint256) due; address admin; constructor() { admin = msg.sender; } receive() external payable {}
            function admit(address to) external { require(msg.sender == admin); may[to] = true; }
            function schedule(address to, uint256 v, bytes calldata d) external {
                require(msg.sender == admin); bytes32 id = keccak256(abi.encode(to, v, d)); require(due[id] == 0);
                due[id] = block.timestamp + 2 days;
            }
            function execute(address to, uint256 v, bytes calldata d) external {
                require()" +
               who + R"(); bytes32 id = keccak256(abi.encode(to, v, d));
                require(due[id] != 0 && block.timestamp >= due[id]);)" +
               execute + "} }";
    };
    const std::string call = "(bool ok,) = to.call{value: v}(d); require(ok);";
    EXPECT_FREE(timelock("delete due[id];" + call));
    EXPECT_FREE(timelock("delete due[id];" + call, "msg.sender == admin"));
    // Nobody but the admin can make it call anything, and she is taken not to do so in the middle of her call.
    EXPECT_FREE(timelock(call + "delete due[id];", "msg.sender == admin"));
    EXPECT_NOT_FREE(timelock(call + "delete due[id];"));
    EXPECT_NOT_FREE(timelock("uint256 was = due[id]; delete due[id];" + call + "due[id] = was + 1 days;"));
}

TEST(CallbackFreeExecutors, WhoCannotMakeAContractCallItselfIsKnown) {
    const auto treasury = [](const std::string& who, const std::string& more = "") {
        return R"(contract Treasury { address immutable owner = msg.sender; uint256 public available; bool lk;
            mapping(address => uint256) public given;
            receive() external payable { available += msg.value; given[msg.sender] += msg.value; }
            function execute(address to, uint256 v, bytes calldata d) external returns (bytes memory) { require()" +
               who + R"(); require(available >= v); (bool ok, bytes memory r) = to.call{value: v}(d); require(ok);
                available -= v; return r; } )" +
               more + "}";
    };
    EXPECT_FREE(treasury("msg.sender == owner"));
    EXPECT_NOT_FREE(treasury("msg.sender == owner", "function zero() external { available = 0; }"));
    EXPECT_NOT_FREE(treasury("msg.sender == owner || given[msg.sender] > 1"));
    EXPECT_NOT_FREE(treasury("msg.sender == owner",
                             "function run(address to, bytes calldata d) external { (bool ok,) = to.call(d); require(ok); }"
                             "function less(uint256 v) external { require(msg.sender == address(this)); available -= v; "
                             "(bool ok,) = tx.origin.call{value: v}(\"\"); require(ok); }"));
}

TEST(CallbackFreeExecutors, WhatACallReachesItselfMayOpenALock) {
    const auto vault = [](const std::string& open) {
        return R"(contract Vault { address immutable owner = msg.sender; bool lk; mapping(address => uint256) b; uint256 n;
            function put() external payable { require(!lk); b[msg.sender] += msg.value; }
            function pass(address to) external { require(!lk); b[to] += b[msg.sender]; b[msg.sender] = 0; }
            function settle(address who, address to, bytes calldata d) external { require(msg.sender == owner && !lk);
                lk = true; uint256 a = b[who]; (bool ok,) = to.call(d); require(ok);
                (ok,) = who.call{value: a}(""); require(ok); b[who] = 0; lk = false; } )" +
               open + "}";
    };
    EXPECT_FREE(vault(""));
    EXPECT_FREE(vault("function open() external { require(msg.sender == owner && !lk); lk = false; n = 1; }"));
    EXPECT_NOT_FREE(vault("function open() external { require(msg.sender == address(this)); lk = false; }"));
}

TEST(CallbackFreeExecutors, AnAnswerOfItsOwnIsHeededOrNot) {
    const auto wallet = [](const std::string& body, const std::string& view = "uint256 public n;") {
        return "interface I { function n() external returns (uint256); function on() external returns (bool); }"
               "contract Wallet { address immutable owner = msg.sender; bool public on; uint256 last; " +
               view +
               " receive() external payable { n += msg.value; }"
               "function run(address to, bytes calldata d) external { require(msg.sender == owner); " +
               body + " } }";
    };
    const std::string call = "(bool ok, bytes memory r) = to.call(d); require(ok); ",
                      twice = call + "(ok, r) = to.call(d); require(ok); ";
    EXPECT_FREE(wallet(call + "n -= 1;"));
    EXPECT_NOT_FREE(wallet(call + "last = abi.decode(r, (uint256)); n -= 1;"));
    EXPECT_NOT_FREE(wallet(call + "if (r.length > 40) last = 1; n -= 1;"));
    EXPECT_NOT_FREE(wallet(twice + "last = abi.decode(r, (uint256));"));
    EXPECT_NOT_FREE(wallet("last = I(to).n(); (bool ok,) = tx.origin.call(\"\"); require(ok); last += I(to).n();"));
    EXPECT_FREE(wallet("last = I(to).n(); n -= 1;"));
    // One that may fail tells something by that.
    EXPECT_NOT_FREE(wallet(call + "n -= 1;", "uint256 n; function few() external view { require(n < 9); }"));
}

// What a council has decided is carried out by anybody, in order, and may be a change of the rules.
std::string timelock(const std::string& plan = "require(msg.sender == council && at[h] == 0);",
                     const std::string& last = "require(due(h));", const std::string& more = "") {
    return "contract Lock { mapping(bytes32 => uint256) at; address council; uint256 delay; constructor(address c) { "
           "council = "
           "c; delay = 9; } receive() external payable {} function plan(bytes32 h) external { " +
           plan +
           " at[h] = block.timestamp + delay; }"
           "function due(bytes32 h) public view returns (bool) { return at[h] > 1 && at[h] <= block.timestamp; }"
           "function done(bytes32 h) public view returns (bool) { return at[h] == 1; }"
           "function run(address[] calldata to, bytes[] calldata data, bytes32 before) external payable {"
           "bytes32 h = keccak256(abi.encode(to, data, before)); require(due(h));"
           "if (before != bytes32(0) && !done(before)) revert();"
           "for (uint256 i; i < to.length; ++i) { (bool ok,) = to[i].call(data[i]); require(ok); } " +
           last +
           " at[h] = 1; } function change(address c, uint256 d) external { require(msg.sender == address(this)); council = "
           "c; "
           "delay = d; } " +
           more + " }";
}

TEST(CallbackFreeExecutors, WhatWasDecidedBeforeIsCalledAlone) {
    const CallbackFreedom found = freedom(timelock());
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Alone, "Lock")), 1);
    // Anybody may decide, nobody looks again, or what was done can be undone.
    EXPECT_NOT_FREE(timelock("require(at[h] == 0);"));
    EXPECT_NOT_FREE(timelock("require(msg.sender == council && at[h] == 0);", ""));
    EXPECT_NOT_FREE(timelock("require(msg.sender == council && at[h] == 0);", "require(due(h));",
                             "function forget(bytes32 h) external { at[h] = 0; }"));
    EXPECT_NOT_FREE(timelock("require(msg.sender == council && at[h] == 0);", "require(due(h));",
                             "function tell(address to, bytes calldata data) external { (bool ok,) = to.call(data); ok; }"));
}

// A wallet whose owner has code run as its own.
std::string with_modules(const std::string& run, const std::string& owner = "owner = msg.sender;") {
    return "contract Purse { address immutable owner; mapping(address => bool) module; uint256 spent; constructor(address "
           "o) "
           "payable { o; " +
           owner +
           " } modifier own() { require(msg.sender == owner); _; }"
           "function set(address m, bool on) external own { module[m] = on; }"
           "function look() external { require(spent != 7); } " +
           run + " }";
}

TEST(CallbackFreeExecutors, WhatTheOwnerRunsIsHers) {
    const auto run = [](const std::string& who) {
        return "function run(address m, bytes calldata d) external " + who +
               " { require(module[m]); (bool ok,) = m.delegatecall(d); require(ok); spent += 1; }";
    };
    const CallbackFreedom found = freedom(with_modules(run("own")));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::OwnersCode, "run", "Purse")), 1);
    EXPECT_FREE(
        with_modules("function run(address m) external own { assembly { if iszero(delegatecall(gas(), m, 0, 0, 0, 0)) { "
                     "revert(0, 0) } } }"));
    EXPECT_NOT_FREE(with_modules(run("")));
    EXPECT_NOT_FREE(with_modules(run("own"), "owner = o;"));
    EXPECT_NOT_FREE(with_modules("fallback() external payable { (bool ok,) = msg.sender.delegatecall(msg.data); ok; }"));
    // What else it does is looked at.
    EXPECT_NOT_FREE(with_modules(
        run("own") +
        "function pay() external { uint256 n = spent; (bool ok,) = msg.sender.call(\"\"); ok; spent = n + 1; }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_executors
