// Phases: what is open only before a time is shut in the middle of what needs that the time has come.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_time {
namespace {

// A deposit in the middle of `draw` would be lost, and counted.
std::string pot(const std::string& before, const std::string& after, const std::string& time = "uint256 immutable t;",
                const std::string& more = "") {
    return "contract Pot { " + time + " uint256 p; uint256 n; bool d; constructor() { t = uint64(block.timestamp) + 9; }" +
           "function put() external payable { " + before + " p += msg.value; n += 1; }" +
           "function draw() external { require(!d); d = true; " + after + " uint256 a = p; " + pay + " p = 0; }" + more +
           " function look() external { require(n != 7); } }";
}
const std::string early = "require(block.timestamp < t);", late = "require(block.timestamp >= t);";

TEST(CallbackFreeTime, ATimeThatHasComeShutsWhatWasOpenBefore) {
    EXPECT_NOT_FREE(pot("", ""));
    EXPECT_NOT_FREE(pot(early, ""));
    EXPECT_NOT_FREE(pot("", late));
    EXPECT_FREE(pot(early, late));
    EXPECT_FREE(pot("if (block.timestamp >= t) revert();", late));
    EXPECT_FREE(pot("require(t > block.timestamp);", "require(t <= block.timestamp);"));
    EXPECT_FREE(pot("require(block.timestamp <= t);", "require(block.timestamp > t && p > 0);"));
    EXPECT_FREE(pot(early, late, "uint256 t;"));
    EXPECT_FREE(pot(early, late, "uint64 t;"));
    EXPECT_FREE(pot("require(_open());", "require(!_open());", "uint256 t;",
                    "function _open() internal view returns (bool) { return block.timestamp < t; }"));
}

TEST(CallbackFreeTime, AtTheTimeItselfBothMayBeOpen) {
    EXPECT_NOT_FREE(pot("require(block.timestamp <= t);", late));
    EXPECT_NOT_FREE(pot("require(block.timestamp != t);", late));
    EXPECT_FREE(pot("require(block.timestamp != t);", "require(block.timestamp == t);"));
}

TEST(CallbackFreeTime, ATimeMayLieBehindAnother) {
    EXPECT_FREE(pot(early, "require(block.timestamp >= t + 30 days);"));
    EXPECT_FREE(pot("require(block.timestamp <= t);", "require(block.timestamp >= t + 1);"));
    EXPECT_FREE(pot(early, "require(block.timestamp >= t + u);", "uint256 t; uint256 u;"));
    EXPECT_NOT_FREE(pot("require(block.timestamp <= t);", "require(block.timestamp >= t + u);", "uint256 t; uint256 u;"));
    EXPECT_NOT_FREE(pot(early, "require(block.timestamp <= t + 30 days);"));
    EXPECT_NOT_FREE(pot(early, "require(block.timestamp >= t - 30 days);"));
    EXPECT_NOT_FREE(pot(early, "unchecked { require(block.timestamp >= t + 30 days); }"));
    EXPECT_NOT_FREE(pot("require(block.timestamp < t + 30 days);", "require(block.timestamp >= t + 30 days);"));
}

// Rounds in a list, of which the time shares a slot with other things.
std::string rounds(const std::string& first, const std::string& second, const std::string& more = "") {
    return "contract C { struct Round { address lead; uint64 ends; bool done; uint256 sum; uint256 seen; } Round[] all;"
           "function open(address lead, uint64 ends) external { Round storage r = all.push(); r.lead = lead; r.ends = ends; "
           "}"
           "function back(uint256 id) external payable { Round storage r = all[id]; " +
           first +
           " r.sum += msg.value; r.seen = r.sum * 3; } function share(uint256 id) external { Round storage r = all[id]; "
           "require(!r.done); " +
           second + " r.done = true; uint256 a = r.sum; " + R"((bool ok,) = r.lead.call{value: a}(""); require(ok); )" +
           "r.sum = a / 2; } " + more + "}";
}

TEST(CallbackFreeTime, ATimeMayBeAPartOfASlot) {
    EXPECT_FREE(rounds("require(block.timestamp < r.ends);", "require(block.timestamp >= r.ends);"));
    EXPECT_FREE(rounds("require(block.timestamp < r.ends);", "require(block.timestamp >= r.ends + 30 days);"));
    EXPECT_NOT_FREE(rounds("require(block.timestamp <= r.ends);", "require(block.timestamp >= r.ends);"));
    EXPECT_NOT_FREE(rounds("require(block.timestamp < uint32(r.ends));", "require(block.timestamp >= r.ends);"));
    EXPECT_NOT_FREE(rounds("require(block.timestamp < r.ends);", "require(block.timestamp >= r.ends);",
                           "function later(uint256 id) external { all[id].ends += 9; }"));
}

// A round is over some blocks after the last offer: not in the block of one.
TEST(CallbackFreeTime, WhatWasSetToTheBlocksNumberIsNotBehindItYet) {
    const auto game = [](const std::string& over, const std::string& bid = "last = block.number;",
                         const std::string& more = "") {
        return "contract C { uint256 last; uint256 wait; address leader; uint256 price = 1 ether;" + more +
               "function offer() external payable { address was = leader; uint256 due = price; require(msg.value >= due); " +
               bid +
               "leader = msg.sender; price = due * 2; (bool ok,) = was.call{value: due / 2}(\"\"); ok; if (msg.value > due) "
               "payable(msg.sender).transfer(msg.value - due); }"
               "function finish() external { require(" +
               over +
               "); last = block.number; address who = leader; leader = address(0); price = 1 ether; (bool ok,) = "
               "who.call{value: address(this).balance}(\"\"); require(ok); } }";
    };
    EXPECT_FREE(game("block.number > last"));
    EXPECT_FREE(game("last + 40 < block.number"));
    EXPECT_FREE(game("last + wait < block.number"));
    EXPECT_FREE(game("wait + (last + 1) < block.number"));
    EXPECT_FREE(game("sum(last, 40) < block.number", "last = block.number;",
                     "function sum(uint256 a, uint256 b) internal pure returns (uint256 c) { unchecked { c = a + b; } }"));
    EXPECT_NOT_FREE(game("block.number >= last"));
    EXPECT_NOT_FREE(game("last + wait <= block.number"));
    EXPECT_NOT_FREE(game("sum(last, wait) < block.number", "last = block.number;",
                         "function sum(uint256 a, uint256 b) internal pure returns (uint256 c) { unchecked { c = a + b; } }"
                         "function set(uint256 x) external { wait = x; }"));
    EXPECT_NOT_FREE(game("last + 40 < block.timestamp"));
    EXPECT_NOT_FREE(game("last + 40 < block.number", "if (msg.value > 9 ether) last = block.number;"));
    EXPECT_NOT_FREE(game("last + 40 < block.number", "last = block.number;",
                         "function set(uint256 x) external { require(x < 9); last = x; }"));
}

TEST(CallbackFreeTime, TheTimeMustBeTheSame) {
    EXPECT_NOT_FREE(pot("require(block.number < t);", late));
    EXPECT_NOT_FREE(pot(early, late, "uint256 t;", "function move(uint256 n) external { t = n; }"));
    EXPECT_NOT_FREE(pot(early, late + "t = block.timestamp + 9;", "uint256 t;"));
    EXPECT_NOT_FREE(pot("require(block.timestamp < u);", late, "uint256 t; uint256 u;"));
    EXPECT_NOT_FREE(pot(early, "uint256 k = t; t = 2 ** 255; require(block.timestamp >= k);", "uint256 t;"));
    EXPECT_NOT_FREE(pot(early, "uint256 k = t; _later(); require(block.timestamp >= k);", "uint256 t;",
                        "function _later() internal { t = 2 ** 255; }"));
    EXPECT_NOT_FREE(pot(early, "if (block.timestamp >= t) d = true;", "uint256 t;"));
    // Who can move the time opens it.
    EXPECT_NOT_FREE(pot(early, late, "uint256 t;", "function more() external payable { require(msg.value > 9); t += 9; }"));
    // But not who can only do that before it has come.
    EXPECT_FREE(pot(early, late, "uint256 t;", "function more() external { require(block.timestamp < t); t += 9; }"));
}

// Who was named in a constructor may call back, but that does not make him the owner.
TEST(CallbackFreeTime, WhoIsNamedHasNotTheRightsOfTheOwner) {
    const auto two = [](const std::string& who) {
        return "contract C { address immutable v; address immutable o; uint256 x; uint256 y; constructor(address w) { v = "
               "w; "
               "o = msg.sender; } function f() external { require(msg.sender == v); uint256 k = x + 1; "
               R"((bool ok,) = msg.sender.call(""); require(ok); y = k; } function set(uint256 n) external { )" +
               who + " x = n; y = n; } function look() external { require(y != 9); } }";
    };
    EXPECT_NOT_FREE(two(""));
    EXPECT_NOT_FREE(two("require(msg.sender == v);"));
    EXPECT_NOT_FREE(two("require(msg.sender == v || msg.sender == o);"));
    const CallbackFreedom found = freedom(two("require(msg.sender == o);"));
    EXPECT_TRUE(found.is_proved()) << obstacles(found);
    EXPECT_NE(std::ranges::find(found.assumptions, "nobody uses rights in `C` in the middle of a call"),
              found.assumptions.end());
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_time
