// Contracts that others make, lock, or run as their own code.
#include "analyzer/assumptions.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_systems {
namespace {

// The silo pays its keeper before it forgets what it owed.
std::string silo(const std::string& keeper, const std::string& made = "Silo immutable silo = new Silo();") {
    return "interface Keeper { function back() external payable; } contract Silo { " + keeper +
           " mapping(address => uint256) grain; function store(address who) external payable { require(msg.sender == "
           "keeper);"
           "grain[who] += msg.value; } function unload(address who) external returns (uint256 a) {"
           "require(msg.sender == keeper); a = grain[who]; Keeper(keeper).back{value: a}(); grain[who] = 0; } }"
           "contract Store is Keeper { " +
           made +
           " mapping(address => uint256) loose; function bring() external payable { loose[msg.sender] += msg.value; }"
           "function storeAll() external { uint256 a = loose[msg.sender]; silo.store{value: a}(msg.sender);"
           "loose[msg.sender] = 0; } function unloadAll() external { loose[msg.sender] += silo.unload(msg.sender); }"
           "function back() external payable { require(msg.sender == address(silo)); } }";
}

TEST(CallbackFreeSystems, WhatIsMadeKnowsItsMaker) {
    EXPECT_FREE(silo("address immutable keeper; constructor() { keeper = msg.sender; }"));
    EXPECT_FREE(silo("address keeper; constructor() { keeper = msg.sender; }"));
    EXPECT_NOT_FREE(
        silo("address keeper; constructor() { keeper = msg.sender; } function pass(address to) external {"
             "require(msg.sender == keeper); keeper = to; }"));
    EXPECT_NOT_FREE(silo("address immutable keeper; constructor() { keeper = tx.origin; }"));
    EXPECT_NOT_FREE(silo("address immutable keeper; constructor() { keeper = msg.sender; }",
                         "Silo silo; function found() external { silo = new Silo(); }"));
}

// The lock of a till lies in a contract that others use, too.
std::string till(const std::string& leave,
                 const std::string& enter = "require(holder == address(0)); holder = msg.sender;") {
    return "contract Gate { address holder; function enter() external { " + enter + " } function leave() external { " +
           leave +
           " } } contract Till { Gate immutable gate; mapping(address => uint256) b; constructor(Gate g) { gate = g; }"
           "modifier guarded() { gate.enter(); _; gate.leave(); }"
           "function put() external payable guarded { b[msg.sender] += msg.value; }"
           "function take() external guarded { uint256 a = b[msg.sender]; " +
           pay + " b[msg.sender] = 0; } }";
}

TEST(CallbackFreeSystems, ALockMayBeKeptElsewhere) {
    EXPECT_FREE(till("require(holder == msg.sender); holder = address(0);"));
    EXPECT_NOT_FREE(till("holder = address(0);"));
    EXPECT_NOT_FREE(till("require(holder != address(0)); holder = address(0);"));
    EXPECT_NOT_FREE(till("require(holder == msg.sender); holder = address(0);", "holder = msg.sender;"));
    EXPECT_NOT_FREE(
        till("require(holder == msg.sender); holder = address(0);", "require(holder != msg.sender); holder = tx.origin;"));
}

// What somebody owes in one market is asked for when he takes from another.
TEST(CallbackFreeSystems, WhatContractsShareMayAskAnyOfTheKind) {
    const auto markets = [](const std::string& borrow) {
        return "interface Desk { function allows(address who, uint256 n) external view returns (bool); }"
               "contract Market { Desk immutable desk; mapping(address => uint256) public put; mapping(address => uint256) "
               "public owed; bool on; constructor(Desk d) { desk = d; }"
               "modifier once() { require(!on); on = true; _; on = false; }"
               "function pay() external payable once { put[msg.sender] += msg.value; }"
               "function borrow(uint256 a) external once { " +
               borrow +
               " } }"
               "contract Sum is Desk { Market[] all; address immutable one = msg.sender;"
               "function list(Market m) external { require(msg.sender == one); all.push(m); }"
               "function allows(address who, uint256 n) external view returns (bool) { uint256 has; uint256 owes = n;"
               "for (uint256 i; i < all.length; ++i) { has += all[i].put(who); owes += all[i].owed(who); }"
               "return owes <= has; } }";
    };
    const CallbackFreedom before =
        freedom(markets("require(desk.allows(msg.sender, a)); owed[msg.sender] += a; " + pay), "Market");
    EXPECT_TRUE(before.is_proved()) << obstacles(before);
    EXPECT_FALSE(
        freedom(markets("require(desk.allows(msg.sender, a)); " + pay + " owed[msg.sender] += a;"), "Market").is_proved());
}

std::string proxy(const std::string& logic, const std::string& more = "", const std::string& members = "") {
    return "contract Logic { mapping(address => uint256) b; " + logic + "} contract Proxy { " + members +
           " constructor(address code) { assembly { sstore(7777, code) } } " + more +
           " fallback() external payable { assembly { let code := sload(7777) calldatacopy(0, 0, calldatasize())"
           " let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0) returndatacopy(0, 0, returndatasize())"
           " switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) } } } }";
}

TEST(CallbackFreeSystems, AProxyIsAsFreeAsTheCodeThatItRuns) {
    const std::string put = "function put() external payable { b[msg.sender] += msg.value; }";
    const std::string good = "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + "}";
    const std::string bad = "function take() external { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }";
    EXPECT_FREE(proxy(put + good));
    const CallbackFreedom found = freedom(proxy(put + good));
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::CodeBehind, "Proxy", "Logic")), 1);
    EXPECT_NOT_FREE(proxy(put + bad));
    const std::string self =
        "address immutable self = address(this); modifier behind() { require(address(this) != self); _; }";
    EXPECT_FREE(
        proxy(self + put + "function take() external behind { uint256 a = b[msg.sender]; b[msg.sender] = 0; " + pay + "}"));
    EXPECT_NOT_FREE(
        proxy(self + put + "function take() external behind { uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; }"));
    EXPECT_NOT_FREE(proxy(put + good, "function set(uint256 n) external { assembly { sstore(n, 1) } }"));
    EXPECT_NOT_FREE(proxy(put + good, "", "uint256 public n;"));
    EXPECT_FREE(proxy(put + good, "", "uint256 n;"));  // as a base may have it
    // Whoever calls may say whose code is run, or anybody may replace it.
    std::string given = proxy(put + good);
    given.replace(given.find("sload(7777)"), 11, "calldataload(4)");
    EXPECT_NOT_FREE(given);
    EXPECT_NOT_FREE(proxy(put + good + "function change(address to) external { assembly { sstore(7777, to) } }"));
    EXPECT_FREE(
        proxy(put + good +
              "address owner; function change(address to) external { require(msg.sender == owner); assembly { sstore(7777, "
              "to) } }"));
    EXPECT_NOT_FREE(proxy(
        put + good, "receive() external payable { uint256 m = n; (bool ok,) = msg.sender.call(\"\"); if (ok) n = m + 1; }",
        "mapping(address => uint256) b; uint256 n;"));
    EXPECT_NOT_FREE(proxy(put + good + "} contract Other { uint256 n; function f() external { n += 1; }"));
}

// Who administers a proxy says whose code it runs, by functions that the proxy has itself.
TEST(CallbackFreeSystems, AProxyMayBeAdministered) {
    const std::string slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
    const auto managed = [&](const std::string& functions, const std::string& logic = "") {
        std::string source = proxy(
            "function put() external payable { b[msg.sender] += msg.value; } function take() external { "
            "uint256 a = b[msg.sender]; b[msg.sender] = 0; " +
                pay + "}" + logic,
            functions);
        source.replace(source.find("sload(7777)"), 11, "sload(" + slot + ")");
        return source;
    };
    const std::string boss = "address immutable boss = msg.sender; function upgrade(address to) external { ";
    const std::string set = "assembly { sstore(" + slot + ", to) } }", only = "require(msg.sender == boss); ";
    EXPECT_FREE(managed(boss + only + set));
    EXPECT_NOT_FREE(managed(boss + set));
    // The administrator in a slot, which functions write and read that are told where.
    const std::string admin = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";
    const auto by_slots = [&](const std::string& guard) {
        return managed(
            "function get(bytes32 s) internal view returns (address a) { assembly { a := sload(s) } }"
            "function put(bytes32 s, address a) internal { assembly { sstore(s, a) } } function change(address to) "
            "external { " +
            guard + " put(" + admin + ", to); } function upgrade(address to) external { require(msg.sender == get(" + admin +
            ")); put(" + slot + ", to); }");
    };
    EXPECT_FREE(by_slots("require(msg.sender == get(" + admin + "));"));
    EXPECT_NOT_FREE(by_slots(""));
    EXPECT_NOT_FREE(managed(boss + only + set, "function odd(address to) external { " + set));
}

// Claims are paid by code of a module, which keeps out who calls it directly.
std::string desk(const std::string& module, const std::string& lock, const std::string& more = "") {
    return "abstract contract Books { bool busy; mapping(address => uint256) due; } contract Module is Books {"
           "address immutable self = address(this); function settle(address to) external { require(address(this) != self);"
           "uint256 a = due[to]; " +
           module + " } } contract Desk is Books { address immutable module = address(new Module()); " + more +
           " function add(address to) external payable { require(!busy); due[to] += msg.value; } function claim() external "
           "{ " +
           lock + " (bool ok,) = module.delegatecall(abi.encodeCall(Module.settle, (msg.sender))); require(ok); " +
           (lock.empty() ? "" : "busy = false;") + " } }";
}

TEST(CallbackFreeSystems, AModuleRunsOnTheBooksOfItsHost) {
    const std::string send = "(bool ok,) = to.call{value: a}(\"\"); require(ok);";
    EXPECT_FREE(desk("due[to] = 0; " + send, ""));
    EXPECT_FREE(desk(send + " due[to] = 0;", "require(!busy); busy = true;"));
    EXPECT_NOT_FREE(desk(send + " due[to] = 0;", ""));
    EXPECT_NOT_FREE(
        desk(send + " due[to] = 0;", "require(!busy); busy = true;", "function open() external { busy = false; }"));
    EXPECT_NOT_FREE(desk("busy = false; " + send + " due[to] = 0;", "require(!busy); busy = true;"));
    EXPECT_NOT_FREE(desk("due[to] = 0; " + send, "",
                         "uint256 first; mapping(address => uint256) second;"
                         "function odd(address m) external { (bool ok,) = m.delegatecall(\"\");"
                         "require(ok); }"));
}

// Who calls the module itself finds nothing but zeros there.
TEST(CallbackFreeSystems, AModuleAloneHasNothing) {
    const auto module = [](const std::string& take, const std::string& more = "") {
        return "contract Module { mapping(address => uint256) due; uint256 total; " + more +
               " function take(address to) external { uint256 a = due[msg.sender]; (bool ok,) = to.call{value: a}(\"\");"
               "require(ok); " +
               take + " } function move(address to, uint256 a) external { due[msg.sender] -= a; due[to] = 0; } }";
    };
    EXPECT_FREE(module("due[msg.sender] = 0;"));
    EXPECT_FREE(module("due[msg.sender] -= a; total -= a;"));
    EXPECT_NOT_FREE(module("unchecked { due[msg.sender] -= a + 1; }"));
    EXPECT_NOT_FREE(module("due[msg.sender] = 0;", "function put() external payable { due[msg.sender] += msg.value; }"));
    EXPECT_NOT_FREE(module("due[msg.sender] = 0;", "constructor() { due[msg.sender] = 1; }"));
    EXPECT_NOT_FREE(module("due[msg.sender] = 0;", "function set(uint256 at) external { assembly { sstore(at, 1) } }"));
    EXPECT_NOT_FREE(module("due[msg.sender] = 0;",
                           "function run(address code) external { (bool ok,) = code.delegatecall(\"\"); require(ok); }"));
}

// Of a module that the deployer names, or a keeper, the code is that of the one contract that has the function.
std::string host(const std::string& named, const std::string& module, const std::string& more = "") {
    return "abstract contract Books { mapping(address => uint256) due; address code; address keeper; }"
           "contract Module is Books { function settle(address to, uint256 a) external { " +
           module + " } } " + more + " contract Host is Books { " + named +
           " function put() external payable { due[msg.sender] += msg.value; }"
           "function claim(uint256 a) external { (bool ok,) = code.delegatecall(abi.encodeCall(Module.settle, (msg.sender, "
           "a))); require(ok); } }";
}

TEST(CallbackFreeSystems, AModuleMayBeNamed) {
    const std::string told = "constructor(address m, address k) { code = m; keeper = k; }";
    const std::string good = "due[to] -= a; (bool ok,) = to.call{value: a}(\"\"); require(ok);";
    const std::string bad =
        "require(due[to] >= a); (bool ok,) = to.call{value: a}(\"\"); require(ok); unchecked { due[to] -= a; }";
    const CallbackFreedom found = freedom(host(told, good), "Host");
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::OneOfKind, "`code` of `Host`", "Module")), 1);
    EXPECT_FALSE(freedom(host(told, bad), "Host").is_proved());
    const std::string change = "function change(address m) external { ";
    EXPECT_TRUE(freedom(host(told + change + "require(msg.sender == keeper); code = m; }", good), "Host").is_proved());
    EXPECT_FALSE(freedom(host(told + change + "code = m; }", good), "Host").is_proved());
    const std::string ask = "function ask() external { (bool ok,) = code.call(\"\"); require(ok); }";
    EXPECT_FALSE(freedom(host(told + ask, bad), "Host").is_proved());
    // It may be either, or keeps its books elsewhere.
    EXPECT_FALSE(freedom(host(told, good,
                              "contract Other is Books { function settle(address to, uint256 a) external { "
                              "due[to] += a; } }"),
                         "Host")
                     .is_proved());
    EXPECT_FALSE(freedom(host("uint256 public more; " + told, good,
                              "contract Wide { uint256 a; uint256 b; uint256 c; uint256 d; uint256 e; "
                              "function settle(address, uint256) external { e = 1; } }"),
                         "Host")
                     .is_proved());
}

// Another sale has made a vault of its own, and nothing to say in this one.
TEST(CallbackFreeSystems, WhatASisterMadeIsItsOwn) {
    const auto sale = [](const std::string& guard, const std::string& make = "= new Vault();") {
        return "contract Vault { address owner = msg.sender; mapping(address => uint256) due; function put(address who) "
               "external payable { " +
               guard + " due[who] += msg.value; } function pay(address who) external { " + guard +
               " uint256 a = due[who]; require(a > 0); due[who] = 0; (bool ok,) = who.call{value: a}(\"\"); require(ok); } }"
               "contract Sale { Vault immutable vault" +
               make +
               " mapping(address => uint256) given; bool over; function buy() external payable { require(!over);"
               "given[msg.sender] += msg.value; vault.put{value: msg.value}(msg.sender); }"
               "function end() external { require(!over); over = true; } function refund() external { require(over && "
               "given[msg.sender] > "
               "0);"
               "vault.pay(msg.sender); given[msg.sender] = 0; } }";
    };
    EXPECT_TRUE(freedom(sale("require(msg.sender == owner);"), "Sale").is_proved());
    EXPECT_FALSE(freedom(sale(""), "Sale").is_proved());
    EXPECT_FALSE(
        freedom(sale("require(msg.sender == owner);", "; constructor(Vault v) { vault = v; }"), "Sale").is_proved());
}

// The token tells whom it likes of what came; a cellar that is busy does not listen.
TEST(CallbackFreeSystems, WhoIsLockedIsNotCalledByOthersEither) {
    const auto cellar = [](const std::string& hears, const std::string& tells = "") {
        return "interface Hook { function received(address from, uint256 n) external; }"
               "contract Beans { mapping(address => uint256) public balanceOf; mapping(address => bool) on;"
               "constructor() { balanceOf[msg.sender] = 9; } function notice() external { on[msg.sender] = true; }"
               "function send(address to, uint256 n) external { balanceOf[msg.sender] -= n; balanceOf[to] += n;"
               "if (on[to]) " +
               (tells.empty() ? "Hook(to).received(msg.sender, n);" : tells) +
               " } }"
               "contract Cellar { Beans immutable beans; mapping(address => uint256) stored; bool busy;"
               "constructor(Beans b) { beans = b; b.notice(); }"
               "modifier idle() { require(!busy); busy = true; _; busy = false; }"
               "function received(address from, uint256 n) external " +
               hears +
               " { require(msg.sender == address(beans)); stored[from] += n; }"
               "function fetch() external idle { uint256 n = stored[msg.sender]; require(n != 0); beans.send(msg.sender, n);"
               "stored[msg.sender] = 0; } }";
    };
    const CallbackFreedom locked = freedom(cellar("idle"), "Cellar");
    EXPECT_TRUE(locked.is_proved()) << obstacles(locked);
    EXPECT_FALSE(freedom(cellar(""), "Cellar").is_proved());
    // Whoever goes on after a refusal sees that the cellar is busy.
    EXPECT_FALSE(
        freedom(cellar("idle", "{ try Hook(to).received(msg.sender, n) {} catch { balanceOf[to] += 1; } }"), "Cellar")
            .is_proved());
}

// A factory clones a jar, and tells it who owns it.
std::string cloner(const std::string& code, const std::string& last = "made[jar] = true; total += 1;",
                   const std::string& opened = "") {
    return "contract Jar { address owner; function open(address to) external payable { require(owner == address(0));"
           "owner = to; " +
           opened +
           " } } contract Factory { address immutable jarCode = address(new Jar()); mapping(address => bool) "
           "made;"
           "uint256 total; function make() external payable returns (address jar) { bytes memory code = abi.encodePacked(" +
           code +
           "); assembly { jar := create(0, add(code, 32), mload(code)) } require(jar != address(0));"
           "Jar(jar).open{value: msg.value}(msg.sender); " +
           last + " } }";
}

TEST(CallbackFreeSystems, AMinimalProxyCallsNobodyWhenItIsMade) {
    const std::string clone =
        R"(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", jarCode, hex"5af43d82803e903d91602b57fd5bf3")";
    EXPECT_FREE(cloner(clone));
    const CallbackFreedom found = freedom(cloner(clone));
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Clones, "Factory")), 1);
    EXPECT_NOT_FREE(cloner(R"(hex"73", jarCode, hex"5af43d82803e903d91602b57fd5bf3")"));
}

TEST(CallbackFreeSystems, WhatWasJustMadeCallsNobodyIfItsCodeDoesNot) {
    const std::string clone =
        R"(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", jarCode, hex"5af43d82803e903d91602b57fd5bf3")";
    const std::string odd = "total = total * 2 + 1;", pay = "(bool ok,) = to.call(\"\"); require(ok);";
    EXPECT_FREE(cloner(clone, odd));
    EXPECT_NOT_FREE(cloner(clone, odd, pay));
    const auto maker = [&](const std::string& made, const std::string& last) {
        return "contract Jar { address owner; function open(address to) external payable { owner = to; } } "
               "contract Factory { uint256 total; mapping(address => bool) isJar; mapping(address => uint256) most;"
               "function make(bytes memory code) external payable { " +
               made + last + " } }";
    };
    const std::string jar = "Jar jar = new Jar(); jar.open{value: msg.value}(msg.sender); ",
                      raw = "address jar; assembly { jar := create(0, add(code, 32), mload(code)) } ",
                      there = "require(jar != address(0)); ";
    EXPECT_FREE(maker(jar, odd));
    EXPECT_NOT_FREE(maker(raw + "Jar(jar).open(msg.sender); ", odd));
    // Each gets another account, so that nobody writes what others did.
    EXPECT_FREE(maker(raw + there, "isJar[jar] = true; most[jar] = most[jar] * 2 + msg.value;"));
    EXPECT_NOT_FREE(maker(raw, "most[jar] = most[jar] * 2 + msg.value;"));
    EXPECT_NOT_FREE(maker(raw + there, "most[msg.sender] = most[msg.sender] * 2 + msg.value;"));
    // Its code stays as it is.
    EXPECT_FREE(maker(raw, "require(jar.code.length > 0); isJar[jar] = true;"));
}

// A variable that somebody else sets holds the contract that was just made.
TEST(CallbackFreeSystems, WhatWasJustMadeMayBeHeld) {
    const auto bar = [](const std::string& last) {
        return "contract Tap { uint256 public level; function fill(uint256 n) external { level = n; } } "
               "contract Bar { address immutable owner = msg.sender; Tap tap; uint256 total; mapping(address => uint256) b;"
               "function start() external { require(msg.sender == owner); Tap made = new Tap(); tap = made; "
               "(bool ok,) = msg.sender.call(\"\"); require(ok); " +
               last + " } function pour() external { uint256 n = tap.level(); tap.fill(n * 2 + 1); } }";
    };
    EXPECT_NOT_FREE(bar("made.fill(1);"));
}

// A gate for those who put in, another one for those who take: each is shut while somebody is inside.
std::string two_gates(const std::string& put, const std::string& take) {
    return "contract Gate { address immutable keeper = msg.sender; bool shut; function enter() external {"
           "require(msg.sender == keeper && !shut); shut = true; } function leave() external { require(msg.sender == "
           "keeper);"
           "shut = false; } } contract Till { Gate immutable one = new Gate(); Gate immutable other = new Gate();"
           "mapping(address => uint256) b; function put() external payable { " +
           put + ".enter(); b[msg.sender] += msg.value; " + put + ".leave(); } function give(address to) external { " + put +
           ".enter(); b[to] += b[msg.sender]; b[msg.sender] = 0; " + put + ".leave(); } function take() external { " + take +
           ".enter(); uint256 a = b[msg.sender]; " + pay + " b[msg.sender] = 0; " + take + ".leave(); } }";
}

TEST(CallbackFreeSystems, SeveralOfAKindThatAreMadeAreContractsOfTheirOwn) {
    EXPECT_FREE(two_gates("one", "one"));
    EXPECT_FREE(two_gates("other", "other"));
    EXPECT_NOT_FREE(two_gates("one", "other"));
    // Whose account a constructor was told is that of the one that makes it, or another one.
    const auto asks = [](const std::string& maker, const std::string& is_busy = "busy") {
        return "interface House { function isBusy() external view returns (bool); } contract Shares { address immutable "
               "house;"
               "mapping(address => uint256) public b; constructor(address h) { house = h; }"
               "function set(address who, uint256 v) external { require(msg.sender == house); b[who] = v; }"
               "function give(address to) external { require(!House(house).isBusy()); uint256 v = b[msg.sender];"
               "b[msg.sender] = 0; b[to] += v; } } contract Club is House { Shares immutable shares; bool busy; uint256 "
               "last; " +
               maker + " function isBusy() external view returns (bool) { return " + is_busy +
               "; } function join() external payable { require(!busy); shares.set(msg.sender, shares.b(msg.sender) + "
               "msg.value); }"
               "function leave() external { require(!busy); busy = true; uint256 a = shares.b(msg.sender); " +
               pay + " shares.set(msg.sender, 0); busy = false; } }";
    };
    EXPECT_FREE(asks("constructor() { shares = new Shares(address(this)); }"));
    EXPECT_NOT_FREE(asks("constructor() { shares = new Shares(msg.sender); }"));
    EXPECT_NOT_FREE(asks("constructor(address h) { shares = new Shares(h); }"));
    EXPECT_NOT_FREE(asks("constructor() { shares = new Shares(address(this)); }", "last != 0"));
    EXPECT_NOT_FREE(asks("constructor() { shares = new Shares(address(this)); }", "busy && last != 0"));
}

// Two tokens of these sources, which one contract holds; it writes behind what the tokens do.
TEST(CallbackFreeSystems, SeveralOfAKindMayBeDeclared) {
    const auto farm = [](const std::string& tells,
                         const std::string& named = "constructor(Token a, Token b) { grain = a; flour = b; }",
                         const std::string& kept = "immutable") {
        return "interface Listener { function told() external; } contract Token { mapping(address => uint256) b; "
               "function move(address to, uint256 n) external { b[msg.sender] -= n; b[to] += n; " +
               tells + " } } contract Farm { Token " + kept + " grain; Token " + kept +
               " flour; mapping(address => uint256) put; mapping(address => uint256) due; " + named +
               "function enter() external payable { put[msg.sender] += msg.value; due[msg.sender] += msg.value; }"
               "function leave() external { grain.move(msg.sender, put[msg.sender]); put[msg.sender] = 0; }"
               "function harvest() external { flour.move(msg.sender, due[msg.sender]); due[msg.sender] = 0; } }";
    };
    EXPECT_FREE(farm(""));
    EXPECT_NOT_FREE(farm("Listener(to).told();"));
    EXPECT_NOT_FREE(farm("", "function set(Token a, Token b) external { grain = a; flour = b; }", ""));
    const CallbackFreedom found = freedom(farm(""));
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::OneOfSeveral, "`grain` of `Farm`", "Token")), 1);
}

// Another house may deal in the same prints. What it does outside has an order only with what others do there.
TEST(CallbackFreeSystems, ASisterThatOnlyPaysIsInNobodysWay) {
    const auto house = [](const std::string& take) {
        return "contract Print { mapping(uint256 => address) public ownerOf; mapping(address => uint256) held; uint256 n;"
               "mapping(uint256 => address) may; function make() external { ownerOf[++n] = msg.sender; held[msg.sender] += "
               "1; }"
               "function allow(address who, uint256 id) external { require(ownerOf[id] == msg.sender); may[id] = who; }"
               "function move(address from, address to, uint256 id) external { require(ownerOf[id] == from && to != "
               "address(0));"
               "require(msg.sender == from || may[id] == msg.sender); delete may[id]; held[from] -= 1; held[to] += 1; "
               "ownerOf[id] = "
               "to; } } interface Log { function note(uint256 a) external; } contract House { Print immutable prints; "
               "address "
               "immutable boss; Log log; uint256 cut; mapping(uint256 => address) by; mapping(uint256 => uint256) price; "
               "mapping(uint256 => bool) busy; constructor(Print p, address b) { prints = p; boss = b; }"
               "modifier alone(uint256 id) { require(!busy[id]); busy[id] = true; _; busy[id] = false; }"
               "function offer(uint256 id, uint256 p) external alone(id) { prints.move(msg.sender, address(this), id);"
               "by[id] = msg.sender; price[id] = p; } function buy(uint256 id) external payable alone(id) { address who = "
               "by[id];"
               "require(who != address(0) && msg.value == price[id]); cut += msg.value / 20; (bool ok,) = who.call{value: "
               "msg.value - msg.value / 20}(\"\"); require(ok); delete by[id]; prints.move(address(this), msg.sender, id); }"
               "function take() external { uint256 a = cut; cut = 0; " +
               take + " (bool ok,) = boss.call{value: a}(\"\"); require(ok); } }";
    };
    EXPECT_FREE(house(""));
    EXPECT_NOT_FREE(house("log.note(a);"));
}

// Desks that a bank's owner lists keep its books, one at a time.
std::string desks(const std::string& begin,
                  const std::string& give =
                      "bank.begin(); uint256 n = bank.points(msg.sender);"
                      "bank.set(msg.sender, 0); bank.set(to, bank.points(to) + n);"
                      "bank.finish();",
                  const std::string& list = "require(msg.sender == admin);") {
    return "contract Bank { address immutable admin = msg.sender; mapping(address => bool) desk; bool inUse;"
           "mapping(address => uint256) public points; function register(address d) external { " +
           list +
           " desk[d] = true; } function earn() external payable { require(!inUse); points[msg.sender] += msg.value; }"
           "function begin() external { require(desk[msg.sender]); " +
           begin +
           " inUse = true; } function finish() external { require(desk[msg.sender]); inUse = false; }"
           "function set(address who, uint256 n) external { require(desk[msg.sender]); points[who] = n; }"
           "function pay(address to, uint256 a) external { require(desk[msg.sender]); (bool ok,) = to.call{value: a}(\"\");"
           "require(ok); } } contract GiftDesk { Bank immutable bank; constructor(Bank b) { bank = b; }"
           "function give(address to) external { " +
           give +
           " } } contract CashDesk { Bank immutable bank; constructor(Bank b) { bank = b; } function take() external {"
           "bank.begin(); uint256 a = bank.points(msg.sender); bank.pay(msg.sender, a); bank.set(msg.sender, 0); "
           "bank.finish(); } }";
}

TEST(CallbackFreeSystems, OnlyTheStaffKeepsTheBooks) {
    EXPECT_FREE(desks("require(!inUse);"));
    EXPECT_NOT_FREE(desks(""));
    EXPECT_NOT_FREE(desks("require(!inUse);",
                          "uint256 n = bank.points(msg.sender); bank.set(msg.sender, 0);"
                          "bank.set(to, bank.points(to) + n);"));
    EXPECT_NOT_FREE(desks("require(!inUse);", "", ""));
    const CallbackFreedom staffed = freedom(desks("require(!inUse);"));
    EXPECT_EQ(std::ranges::count(staffed.assumptions, assumed(Assumed::Rights, "Bank")), 1);
    // Who is let in for himself is no staff.
    const auto club = [](const std::string& saves, const std::string& takes) {
        return "contract Club { address immutable owner = msg.sender; mapping(address => bool) member;"
               "mapping(address => uint256) b; function admit(address who) external { require(msg.sender == owner);"
               "member[who] = true; } function save() external payable { " +
               saves + " b[msg.sender] += msg.value; } function pass(address to) external { " + takes +
               " b[to] += b[msg.sender]; b[msg.sender] = 0; } function take() external { uint256 a = b[msg.sender]; " + pay +
               " b[msg.sender] = 0; } }";
    };
    EXPECT_NOT_FREE(club("", ""));
    EXPECT_NOT_FREE(club("require(member[msg.sender]);", "require(member[msg.sender]);"));
    // The flag may be a field of what is kept of the account.
    const auto with_fields = [](std::string source, const std::string& flag) {
        const auto replace = [&](const std::string& what, const std::string& with) {
            for (std::size_t at = source.find(what); at != std::string::npos; at = source.find(what, at + with.size()))
                source.replace(at, what.size(), with);
        };
        replace("mapping(address => bool) " + flag,
                "struct Who { uint256 since; bool on; } mapping(address => Who) " + flag);
        replace(flag + "[msg.sender]", flag + "[msg.sender].on");
        replace(flag + "[d] = true", flag + "[d] = Who(block.number, true)");
        replace(flag + "[who] = true", flag + "[who] = Who(block.number, true)");
        return source;
    };
    EXPECT_FREE(with_fields(desks("require(!inUse);"), "desk"));
    EXPECT_NOT_FREE(with_fields(desks(""), "desk"));
    EXPECT_NOT_FREE(with_fields(desks("require(!inUse);", "", ""), "desk"));
    EXPECT_NOT_FREE(with_fields(club("require(member[msg.sender]);", "require(member[msg.sender]);"), "member"));
}

// As OpenZeppelin's AccessControl has it: who gives a right back says once more who he is.
TEST(CallbackFreeSystems, RightsAreKeptByRoleAndAccount) {
    const auto roles = [](const std::string& same,
                          const std::string& renounce = "if (role[r].has[who]) role[r].has[who] = false;") {
        return "contract Bank { struct Role { mapping(address => bool) has; bytes32 admin; } mapping(bytes32 => Role) role;"
               "mapping(address => uint256) b; uint256 fee; uint256 kept; constructor(address first) { role[0].has[first] = "
               "true; }"
               "modifier only(bytes32 r) { require(role[r].has[msg.sender]); _; }"
               "function grant(bytes32 r, address who) external only(role[r].admin) { role[r].has[who] = true; }"
               "function renounce(bytes32 r, address who) external { " +
               same + renounce +
               " } function set(uint256 f) external only(bytes32(0)) { fee = f; }"
               "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; (bool ok,) ="
               "msg.sender.call{value: a - fee}(\"\"); require(ok); kept += fee; } }";
    };
    EXPECT_FREE(roles("require(who == msg.sender);"));
    EXPECT_FREE(roles("if (msg.sender != who) revert(); "));
    EXPECT_NOT_FREE(roles(""));
    EXPECT_NOT_FREE(roles("require(who == tx.origin);"));
    EXPECT_NOT_FREE(roles("require(who == msg.sender);",
                          "who = fee > 3 ? address(9) : address(8); if (!role[r].has[who]) role[r].has[who] = true;"));
}

// Who gives roles to others is no user, though he is paid; who was given one may be.
TEST(CallbackFreeSystems, WhoGivesRolesIsNoUser) {
    const auto fund = [](const std::string& paid, const std::string& more = "", const std::string& first = "0") {
        return "contract Fund { struct Role { mapping(address => bool) has; bytes32 admin; } mapping(bytes32 => Role) role;"
               "mapping(address => uint256) b; uint256 fee; uint256 kept; bool taken; constructor(address a) { "
               "role[0].has[a] = true; " +
               more +
               " } modifier only(bytes32 r) { require(role[r].has[msg.sender]); _; }"
               "function grant(bytes32 r, address who) external only(role[r].admin) { role[r].has[who] = true; }"
               "function set(uint256 f) external only(bytes32(uint256(" +
               first + "))) { fee = f; } function prize() external only(bytes32(uint256(" + paid +
               "))) { require(!taken); taken = true; (bool ok,) = msg.sender.call{value: 1}(\"\"); require(ok); }"
               "function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; (bool ok,) ="
               "msg.sender.call{value: a - fee}(\"\"); require(ok); kept += fee; } }";
    };
    EXPECT_FREE(fund("0"));
    EXPECT_NOT_FREE(fund("7"));
    EXPECT_NOT_FREE(fund("7", "", "7"));
    EXPECT_NOT_FREE(fund("0", "role[0].admin = bytes32(uint256(7)); role[bytes32(uint256(7))].has[a] = true;"));
}

TEST(CallbackFreeSystems, WhoStandsInTheSourceHasRights) {
    const auto fees = [](const std::string& guard) {
        return "contract Bank { mapping(address => uint256) b; uint256 fee; uint256 kept; function set(uint256 f) external "
               "{ " +
               guard +
               " fee = f; } function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0; (bool ok,) ="
               "msg.sender.call{value: a - fee}(\"\"); require(ok); kept += fee; } }";
    };
    const std::string author = "0x239C09c910ea910994B320ebdC6bB159E71d0b30";
    EXPECT_FREE(fees("require(msg.sender == " + author + ");"));
    EXPECT_NOT_FREE(fees("require(tx.origin == " + author + ");"));
    EXPECT_NOT_FREE(fees("require(msg.sender != " + author + ");"));
}

// Tokens call hooks for everybody who has some, and lenders for everybody who borrows, whoever alone may call the hook.
TEST(CallbackFreeSystems, HooksAreCalledForStrangers) {
    const auto bank = [](const std::string& hook, const std::string& token) {
        return "contract Bank { mapping(address => uint256) b; bool busy; uint256 all; " + token + "function " + hook +
               " { require(msg.sender == token); b[from] += v; all += v; }"
               "function take() external { require(!busy); busy = true; uint256 a = b[msg.sender]; (bool ok,) ="
               "msg.sender.call{value: a}(\"\"); require(ok); b[msg.sender] = 0; all -= a; busy = false; } }";
    };
    const std::string fixed = "address immutable token; constructor(address t) { token = t; }",
                      written = "address constant token = 0x6B175474E89094C44Da98b954EedeAC495271d0F;";
    for (const std::string& token : {fixed, written}) {
        EXPECT_FREE(bank("credit(address from, uint256 v) external", token));
        EXPECT_NOT_FREE(bank("onTokenTransfer(address from, uint256 v, bytes calldata) external", token));
        EXPECT_NOT_FREE(bank(
            "tokensReceived(address, address from, address, uint256 v, bytes calldata, bytes calldata) external", token));
        EXPECT_NOT_FREE(bank("receiveApproval(address from, uint256 v, address, bytes calldata) external", token));
        EXPECT_NOT_FREE(bank("uniswapV2Call(address from, uint256 v, uint256, bytes calldata) external", token));
    }
}

// A library sends what it is given to tokens; another contract of the sources calls the vault, which calls nobody but these.
TEST(CallbackFreeSystems, WhoSendsBytesSaysWithWhatTheyBegin) {
    const auto vault = [](const std::string& data, const std::string& view = "") {
        return "interface T { function transfer(address, uint256) external returns (bool); "
               "function transferFrom(address, address, uint256) external returns (bool); }"
               "library Send { function pull(T t, address from, uint256 n) internal { act(t, abi.encodeCall(t.transferFrom, "
               "(from, "
               "address(this), n))); } function push(T t, address to, uint256 n) internal { act(t, " +
               data +
               "); } function act(T t, bytes memory d) private { (bool ok, bytes memory r) = address(t).call(d);"
               "require(ok && (r.length == 0 || abi.decode(r, (bool)))); } }"
               "contract Vault { using Send for T; T immutable t; bool busy; uint256 public sum; mapping(address => "
               "uint256) of_;"
               "modifier alone() { require(!busy); busy = true; _; busy = false; } constructor(T x) { t = x; }" +
               view +
               "function put(uint256 n) external alone { t.pull(msg.sender, n); of_[msg.sender] += n; sum += n; }"
               "function take(uint256 n) external alone { t.push(msg.sender, n); of_[msg.sender] -= n; sum -= n; } }"
               "contract Router { using Send for T; function go(Vault v, T t, uint256 n) external { t.pull(msg.sender, n);"
               "v.put(n); } }";
    };
    const std::string encoded = "abi.encodeCall(t.transfer, (to, n))";
    const CallbackFreedom found = freedom(vault(encoded), "Vault");
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_FALSE(freedom(vault("abi.encode(to, n)"), "Vault").is_proved());
}

// A floor on which bids of a vault are served: what is asked of the vault comes back as a struct.
std::string floor(const std::string& asks, const std::string& begin = "require(b.stage == 1); b.stage = 2;") {
    return "struct Bid { address maker; uint8 stage; address art; uint256 piece; uint256 stake; }"
           "interface Art { function safeTransferFrom(address from, address to, uint256 id) external; }"
           "contract Vault { address immutable by; uint256 count; mapping(uint256 => Bid) bids; constructor() { by = "
           "msg.sender; }"
           "function bidOf(uint256 id) external view returns (Bid memory) { return bids[id]; }"
           "function bidAt(uint256 first, uint256 id) external view returns (Bid memory) { return bids[id + first]; }"
           "function place(address art, uint256 piece) external payable { bids[++count] = Bid(msg.sender, 1, art, piece, "
           "msg.value); }"
           "function begin(uint256 id) external { require(msg.sender == by); Bid storage b = bids[id]; " +
           begin +
           " } function complete(uint256 id, address to) external { require(msg.sender == by); Bid storage b = bids[id];"
           "require(b.stage == 2); b.stage = 3; uint256 a = b.stake; b.stake = 0; "
           R"((bool ok,) = to.call{value: a}(""); require(ok); } })"
           "contract Floor { Vault immutable vault = new Vault(); mapping(address => bool) listed; function list(address a) "
           "external { listed[a] = true; } function sell(uint256 id) external { Bid memory b = " +
           asks +
           "; require(listed[b.art]); vault.begin(id); Art(b.art).safeTransferFrom(msg.sender, b.maker, b.piece); "
           "vault.complete(id, msg.sender); } }";
}

TEST(CallbackFreeSystems, WhatIsAskedForIsTheSameThere) {
    EXPECT_FREE(floor("vault.bidOf(id)"));
    EXPECT_NOT_FREE(floor("vault.bidOf(id)", "b.stage = 2;"));
    EXPECT_NOT_FREE(floor("vault.bidAt(1, id)"));
}

// A farm that mints the token of the sources, which may be the token of a pool, too.
std::string farm(const std::string& more = "", const std::string& mint = "require(msg.sender == owner);",
                 const std::string& guard = "require(!busy); busy = true;") {
    return "interface P { function transferFrom(address f, address t, uint256 v) external returns (bool); "
           "function transfer(address t, uint256 v) external returns (bool); "
           "function balanceOf(address a) external view returns (uint256); }"
           "contract T { mapping(address => uint256) public balanceOf; address owner = msg.sender; "
           "mapping(address => mapping(address => uint256)) allowance;"
           "function mint(address to, uint256 v) external { " +
           mint +
           " balanceOf[to] += v; } function transfer(address to, uint256 v) external returns (bool) { "
           "balanceOf[msg.sender] -= v; balanceOf[to] += v; return true; }"
           "function transferFrom(address f, address to, uint256 v) external returns (bool) { allowance[f][msg.sender] -= "
           "v; "
           "balanceOf[f] -= v; balanceOf[to] += v; return true; } }"
           "contract F { T t; address owner = msg.sender; bool busy; P[] pools; uint256[] acc; "
           "mapping(address => uint256) amount; constructor(T x) { t = x; }"
           "function add(P p) external { require(msg.sender == owner); update(0); pools.push(p); acc.push(0); }"
           "function update(uint256 i) internal { uint256 s = pools[i].balanceOf(address(this)); if (s == 0) return; "
           "t.mint(address(this), 5); acc[i] += 5 / s; }"
           "function put(uint256 i, uint256 v) external { " +
           guard +
           " update(i); uint256 a = amount[msg.sender]; require(pools[i].transferFrom(msg.sender, address(this), v)); "
           "amount[msg.sender] = a + v; busy = false; } " +
           more + " }";
}

TEST(CallbackFreeSystems, WhoIsMadeToCallATokenHasNoMoreRightsElsewhere) {
    EXPECT_FREE(farm());
    EXPECT_NOT_FREE(farm("", "require(msg.sender == owner);", ""));
    // Who lets strangers say what is called lends them all that it may do.
    EXPECT_NOT_FREE(
        farm("function run(address a, bytes calldata d) external { (bool ok,) = a.call(d); require(ok); } "
             "function unlock() external { require(msg.sender == address(this)); busy = false; }"));
    // A token that tells whom it makes tokens for lets somebody in.
    EXPECT_NOT_FREE(farm("", "(bool ok,) = to.call(\"\"); require(ok);", ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_systems
