// Calls at which some strangers might as well have come before the entry, and others after it.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_directions {
namespace {

// What is read before the call of `f` is one variable, what is written after it another one.
std::string between(const std::string& more) {
    return "contract C { uint256 x; uint256 y; uint256 z; bool l;"
           "function f() external { require(!l); l = true; uint256 k = x + 1;"
           R"((bool ok,) = msg.sender.call(""); require(ok); y += k; l = false; })" +
           more + "}";
}
const std::string set_x = "function setX(uint256 n) external { x = n; }";
const std::string set_y = "function setY(uint256 n) external { y = n; }";

TEST(CallbackFreeDirections, SomeMayComeBeforeAndTheRestAfterwards) {
    EXPECT_FREE(between(set_x));
    EXPECT_FREE(between(set_y));
    EXPECT_FREE(between(set_x + set_y));
}

// f, in it setX(5) and copy(): y is 5 + 1, which no order gives.
TEST(CallbackFreeDirections, TheyMustNotHaveToComePastEachOther) {
    EXPECT_FREE(between("function copy() external { y = x; }"));
    EXPECT_NOT_FREE(between(set_x + "function copy() external { y = x; }"));
    EXPECT_NOT_FREE(between("function setX(uint256 n) external { x = n; z = n; } function copy() external { y = z; }"));
    EXPECT_NOT_FREE(
        between("function setX(uint256 n) external { x = n; ++z; }"
                "function setY(uint256 n) external { require(z == 1); y = n; }"));
    // By a third one, which could go either way.
    EXPECT_FREE(between(set_x + set_y + "function third(uint256 n) external { z = n; }"));
    EXPECT_NOT_FREE(between(set_x + "function third() external { z = x; } function copy() external { y = z; }"));
}

TEST(CallbackFreeDirections, NeitherDirectionIsNone) {
    EXPECT_NOT_FREE(between("function both(uint256 n) external { x = n; y = n; }"));
}

TEST(CallbackFreeDirections, EtherThatComesAndGoesDoesNotChangePlaces) {
    EXPECT_FREE(between("function put() external payable { z += 1; }" + set_y));
    const std::string put = "function put(uint256 n) external payable { x = n; }";
    EXPECT_TRUE(pays_what_is_at_hand(
        between(put + "function get(uint256 n) external { y = n; payable(msg.sender).transfer(n); }"), "f"));
    EXPECT_TRUE(is_covered(between(put + "function get(uint256 n) external { y = n; payable(msg.sender).send(n); }"), "f"));
    EXPECT_NOT_FREE(between(put + "function get(uint256 n) external { y = n; if (address(this).balance > n) z = 1; }"));
}

// The same at two calls of one entry.
TEST(CallbackFreeDirections, WhoCameDuringAnEarlierCallMustNotHaveToComePastEither) {
    const auto twice = [](const std::string& more) {
        return "contract C { uint256 x; uint256 y; bool l; function f() external { require(!l); l = true;"
               R"(uint256 k = x + 1; (bool ok,) = msg.sender.call(""); require(ok);)"
               R"((ok,) = tx.origin.call(""); require(ok); y += k; l = false; })" +
               more + "}";
    };
    EXPECT_FREE(twice(set_x + set_y));
    EXPECT_NOT_FREE(twice(set_x + "function copy() external { y = x; }"));
}

// A gate takes from a hub, which a factory makes for all gates.
std::string hub(const std::string& factory, const std::string& gate = "Hub immutable h; constructor(Hub g) { h = g; }") {
    return "contract Hub { address immutable f; mapping(address => bool) k; mapping(address => uint256) b;"
           "constructor(address a) { f = a; } function put() external payable { b[msg.sender] += msg.value; }"
           "function allow(address g) external { require(msg.sender == f); k[g] = true; }"
           "function less(address w, uint256 n) external { require(k[msg.sender]); b[w] -= n; }"
           R"(function out(address w, uint256 n) external { require(k[msg.sender]); (bool ok,) = w.call{value: n}(""); require(ok); })"
           "} contract Gate { " +
           gate +
           "function take(uint256 n) external { h.less(msg.sender, n); h.out(msg.sender, n); } } contract Factory { " +
           factory + " function look() external { require(address(last) != address(9)); } }";
}

TEST(CallbackFreeDirections, OneContractThatSeveralHoldIsTheSame) {
    const std::string make = "Gate last; Hub immutable h; constructor() { h = new Hub(address(this)); }";
    const std::string build =
        "function build() external returns (Gate g) { g = new Gate(h); h.allow(address(g)); last = g; }";
    const CallbackFreedom found = freedom(hub(make + build));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_NE(std::ranges::find(found.assumptions, "`h` of `Gate` is the one `Hub` of these sources that all others hold"),
              found.assumptions.end());
    // Two in one contract may be two.
    EXPECT_NOT_FREE(hub(
        "Gate last; Hub immutable h; Hub immutable i; constructor(Hub j) { h = new Hub(address(this)); i = j; }" + build));
    // And those that both make are.
    EXPECT_NOT_FREE(
        hub(make + "function build() external returns (Gate g) { g = new Gate(); h.allow(address(g)); last = g; }",
            "Hub immutable h; constructor() { h = new Hub(address(this)); }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_directions
