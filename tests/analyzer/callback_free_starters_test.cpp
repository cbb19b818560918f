// Initializers: functions in the place of a constructor.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// What follows the call looks at what the initializer sets.
std::string vault(const std::string& head, const std::string& more = "") {
    return "interface T { function pay(address to, uint256 a) external; }"
           "contract Vault { T token; address owner; uint256 fee; uint256 fees; bool on; bool busy; uint8 version;"
           " mapping(address => uint256) b; function put() external payable { b[msg.sender] += msg.value; }"
           " modifier initializer() { require(!busy && version < 1); version = 1; busy = true; _; busy = false; } "
           "function " +
           head +
           " function take(uint256 a) external { require(fee != 9); b[msg.sender] -= a; token.pay(msg.sender, a - fee); "
           "fees += a * fee; }"
           " function collect() external { require(msg.sender == owner); uint256 a = fees; fees = 0; token.pay(owner, a); "
           "} " +
           more + " }";
}

TEST(CallbackFreeStarters, AnInitializerComesFirst) {
    const std::string sets = "token = t; owner = msg.sender; fee = f; }";
    for (const std::string& head : {"initialize(T t, uint256 f) external initializer { " + sets,
                                    "init(T t, uint256 f) external { require(!on); on = true; " + sets,
                                    "setUp(T t, uint256 f) external { require(owner == address(0)); " + sets,
                                    "__init_vault(T t, uint256 f) private { " + sets +
                                        " function initialize(T t, uint256 f) external initializer {"
                                        " __init_vault(t, f); }"}) {
        const CallbackFreedom found = freedom(vault(head));
        EXPECT_TRUE(found.is_proved()) << head << obstacles(found);
        EXPECT_EQ(std::ranges::count_if(found.assumptions,
                                        [](const std::string& each) {
                                            const Assumption* page = assumption_of(each);
                                            return page && page->what == Assumed::Started;
                                        }),
                  1)
            << head;
    }
}

// Who names nobody may be one as well. Once the contract is there it has code.
TEST(CallbackFreeStarters, WhatBelongsToTheConstructorComesFirst) {
    const std::string once =
        "function initialize(uint256 f) external { bool top = !busy; require((top && version < 1) || "
        "(address(this).code.length == 0 && version == 1)); version = 1; if (top) busy = true; fee = f; "
        "if (top) busy = false; }";
    const std::string owned = "init(address o) private { owner = o; } ";
    EXPECT_FREE(vault(owned + once));
    const std::string again =
        "function initialize(uint256 f) external { bool top = !busy; require((top && version < 1) || "
        "(msg.sender.code.length == 0 && version == 1)); version = 1; fee = f; }";
    EXPECT_NOT_FREE(vault(owned + again));
}

TEST(CallbackFreeStarters, WhatWorksAgainOrMeansSomethingElseIsAVisitor) {
    const std::string sets = "token = t; owner = msg.sender; fee = f; }";
    EXPECT_NOT_FREE(vault("initialize(T t, uint256 f) external { " + sets));
    EXPECT_NOT_FREE(vault("initialize(T t, uint256 f) external { require(!on); on = f > 0; " + sets));
    EXPECT_NOT_FREE(
        vault("initialize(T t, uint256 f) external initializer { " + sets, "function again() external { version = 0; }"));
    EXPECT_NOT_FREE(vault("initialize(T t, uint256 f) external { require(owner == address(0)); " + sets,
                          "function leave() external { owner = address(0); }"));
    EXPECT_NOT_FREE(vault("initialize(T t, uint256 f) external { require(!on); t.pay(msg.sender, 0); on = true; " + sets));
    // Who won names herself, once.
    EXPECT_NOT_FREE(vault("win(T t, uint256 f) external { require(owner == address(0)); " + sets));
}

}  // namespace
}  // namespace interlock::analyzer::tests
