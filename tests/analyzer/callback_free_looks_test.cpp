// Callback-freedom of what is written for compilers before 0.5: functions that are declared to change nothing are called like all
// others, so whoever is asked may call back.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_looks {
namespace {

CallbackFreedom old_freedom(const std::string& source) {
    const lang::Compilation compilation = lang::compile("c.sol", "pragma solidity ^0.4.24;\n" + source);
    EXPECT_TRUE(compilation.ok()) << source;
    return freedom_of(compilation).back();
}

const std::string token =
    "contract T { function balanceOf(address who) public view returns (uint256); function count(address who) public returns "
    "(uint256); function transfer(address to, uint256 a) public returns (bool); }";

// What is said of the account that is asked decides what is credited.
std::string register_of(const std::string& asked, const std::string& members, const std::string& function = "balanceOf") {
    return token + "contract C { " + members +
           " mapping(address => uint256) b; function take() public { uint256 a = b[msg.sender]; require(a > 0); "
           "uint256 has = " +
           asked + "." + function +
           "(msg.sender); require(has > a); b[msg.sender] = 0; msg.sender.transfer(a); } function put() public payable { "
           "b[msg.sender] += msg.value; } }";
}

TEST(CallbackFreeLooks, WhomNoStrangerNamedOnlyLooks) {
    for (const std::string& members :
         {std::string("T t; constructor(T x) public { t = x; }"),
          std::string(
              "T t; address owner = msg.sender; function set(T x) public { require(msg.sender == owner); t = x; }")}) {
        const CallbackFreedom found = old_freedom(register_of("t", members));
        EXPECT_TRUE(found.is_proved()) << obstacles(found);
        EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Looks, "`t` of `C`")), 1);
        EXPECT_FALSE(old_freedom(register_of("t", members, "count")).is_proved());
    }
    const CallbackFreedom found =
        old_freedom(register_of("t", "T constant t = T(0x1000000000000000000000000000000000000001);"));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Looks, "`0x1000000000000000000000000000000000000001`")),
              1);
    // A contract of the sources that may be meant calls whom it is asked about.
    const std::string teller =
        "contract L { function told() public view returns (uint256); } contract Teller { function balanceOf(address who) "
        "public "
        "returns (uint256) { return L(who).told(); } } ";
    EXPECT_FALSE(old_freedom(teller + register_of("t", "T t; constructor(T x) public { t = x; }")).is_proved());
    // Anybody may put another one there.
    EXPECT_FALSE(old_freedom(register_of("t", "T t; function set(T x) public { t = x; }")).is_proved());
}

// Who is named by a stranger may call back, but is not half done with anything.
TEST(CallbackFreeLooks, WhoeverIsAskedIsNotHalfDone) {
    const auto vesting = [](const std::string& pay, const std::string& by_owner = "") {
        return token +
               "contract V { address to; address owner = msg.sender; mapping(address => uint256) released; mapping(address "
               "=> "
               "bool) over; constructor(address x) public { to = x; } function release(T t) public { uint256 held = "
               "t.balanceOf(this); uint256 due = (held + released[t]) / 2 - released[t]; require(due > 0); " +
               pay + " } " + by_owner + " }";
    };
    EXPECT_TRUE(old_freedom(vesting("released[t] += due; assert(t.transfer(to, due));")).is_proved());
    EXPECT_FALSE(old_freedom(vesting("assert(t.transfer(to, due)); released[t] += due;")).is_proved());
    const auto stop = [](const std::string& who) {
        return "function stop(T t) public { " + who +
               " require(!over[t]); uint256 held = t.balanceOf(this); over[t] = true; assert(t.transfer(owner, held)); }";
    };
    const std::string pay = "require(!over[t]); released[t] += due; assert(t.transfer(to, due));";
    const CallbackFreedom found = old_freedom(vesting(pay, stop("require(msg.sender == owner);")));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::Looks, "whom the owner asks in `stop`")), 1);
    EXPECT_FALSE(old_freedom(vesting(pay, stop(""))).is_proved());
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_looks
