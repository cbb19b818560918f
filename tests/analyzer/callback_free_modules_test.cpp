// Routers, which run the code of several modules as their own.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_modules {
namespace {

const std::string forward =
    "fallback() external payable { address m = _module(); assembly { calldatacopy(0, 0, calldatasize())"
    "let ok := delegatecall(gas(), m, 0, calldatasize(), 0, 0) returndatacopy(0, 0, returndatasize())"
    "switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) } } }";
const std::string base =
    "abstract contract Base { mapping(address => uint256) held; mapping(bytes32 => uint256) taken;"
    "modifier alone(bytes32 k) { require(taken[k] == 0); taken[k] = 1; _; taken[k] = 0; } } ";

std::string put(const std::string& lock = "") {
    return "contract Put is Base { function put() external payable " + lock + " { held[msg.sender] += msg.value; }";
}
std::string take(const std::string& lock = "") {
    return "contract Take is Base { function take() external " + lock + " { uint256 a = held[msg.sender]; " + pay +
           "held[msg.sender] = 0; }";
}
std::string router(const std::string& set = "require(msg.sender == boss);", const std::string& more = "") {
    return "contract Router is Base { mapping(bytes4 => address) table; address boss;"
           "constructor() { boss = msg.sender; } function set(bytes4 s, address m) external { " +
           set +
           " table[s] = m; } function _module() private view returns (address m) { m = table[msg.sig]; require(m != "
           "address(0)); }" +
           more + forward + " }";
}
const std::string one = "alone(\"one\")", two = "alone(\"two\")";

TEST(CallbackFreeModules, AreProvedTogether) {
    const CallbackFreedom found = freedom(base + put(one) + "} " + take(one) + "} " + router());
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Modules, "Router", "`Put`, `Take`")), 1);
    // Each has a lock, but not the same one.
    const std::string give =
        "function give(address to) external " + one + " { held[to] += held[msg.sender]; held[msg.sender] = 0; } ";
    EXPECT_FREE(base + put(one) + give + "} " + take(one) + "} " + router());
    EXPECT_NOT_FREE(base + put(one) + give + "} " + take(two) + "} " + router());
    EXPECT_NOT_FREE(base + put(one) + "} " + take() + "} " + router());
}

TEST(CallbackFreeModules, FunctionsOfTheRouterAreAmongThem) {
    const std::string both = base + put(one) + "} " + take(one) + "} ";
    EXPECT_FREE(both + router("require(msg.sender == boss);",
                              "function held_(address w) external view returns (uint256) { "
                              "return held[w]; }"));
    EXPECT_NOT_FREE(both +
                    router("require(msg.sender == boss);",
                           "function give(address w) external { held[w] += held[msg.sender]; held[msg.sender] = 0; }"));
    // What it has itself is not routed.
    EXPECT_FREE(base + put() + "} " + take(one) + "} " +
                router("require(msg.sender == boss);", "function put() external payable { require(msg.value == 0); }"));
}

// Its code is followed to the payment, which leaves too little gas for a tip.
TEST(CallbackFreeModules, MayOnlyPay) {
    const auto till = [](const std::string& how) {
        return "contract Payout { function push(address payable to, uint256 a) external { " + how +
               " } } contract Till { address immutable logic = address(new Payout()); mapping(address => uint256) tips;"
               "function tip(address to) external payable { tips[to] += msg.value; } function empty() external { "
               "uint256 a = tips[msg.sender]; run(abi.encodeCall(Payout.push, (payable(msg.sender), a))); "
               "delete tips[msg.sender]; } function run(bytes memory data) private { "
               "(bool ok,) = logic.delegatecall(data); require(ok); } }";
    };
    EXPECT_FREE(till("to.transfer(a);"));
    EXPECT_FREE(till("require(to.send(a));"));
    EXPECT_NOT_FREE(till("(bool ok,) = to.call{value: a}(\"\"); require(ok);"));
}

TEST(CallbackFreeModules, NotWhereStrangersChooseWhatRuns) {
    const std::string both = base + put(one) + "} " + take(one) + "} ";
    EXPECT_NOT_FREE(both + router(""));
    std::string chosen = router();
    const std::string from = "m = table[msg.sig];";
    chosen.replace(chosen.find(from), from.size(), "m = abi.decode(msg.data[4:], (address));");
    EXPECT_NOT_FREE(both + chosen);
}

TEST(CallbackFreeModules, NotWhereTheirCodeIsNotTheSameElsewhere) {
    const std::string taking = take(one) + "} ";
    EXPECT_FREE(base + put(one) + "} " + taking + router());
    // An immutable, a constructor's choice, variables that lie on others.
    EXPECT_NOT_FREE(
        "contract Put { address immutable me = address(this); mapping(address => uint256) held;"
        "function put() external payable { require(address(this) != me); held[msg.sender] += msg.value; } } " +
        base + taking + router());
    EXPECT_NOT_FREE("contract Put { uint256 last; function put() external payable { last = msg.value; } } " + base + taking +
                    router());
}

TEST(CallbackFreeModules, MayHaveTheSameFunctionFromABase) {
    const std::string shared =
        "abstract contract Base { mapping(address => uint256) held; mapping(bytes32 => uint256) taken;"
        "modifier alone(bytes32 k) { require(taken[k] == 0); taken[k] = 1; _; taken[k] = 0; }"
        "function held_(address w) external view returns (uint256) { return held[w]; } } ";
    EXPECT_FREE(shared + put(one) + "} " + take(one) + "} " + router());
    // Another one of that name is another function.
    EXPECT_NOT_FREE(base + put(one) + "} " + take(one) + "} contract More is Base { function put() external payable { " +
                    "held[tx.origin] += held[msg.sender]; held[msg.sender] = 0; } } " + router());
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_modules
