// Numbers that are reserved together, and written at one by one: each contract that is callback-free beside twins that are not.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_reserved {
namespace {

// Somebody buys several tokens, and is told of each before the next one is made.
std::string edition(const std::string& buy, const std::string& more = "",
                    const std::string& one = "owner[id] = to; held[to] += 1; ") {
    return "interface Receiver { function onERC721Received(address, address, uint256, bytes calldata) external; }"
           "contract Edition { uint256 made; uint256 other; mapping(uint256 => address) owner; mapping(address => uint256) "
           "held;"
           "mapping(uint256 => address) mover; function buy(uint256 q) external payable { " +
           buy + " } function make(address to, uint256 id) private { " + one +
           "Receiver(to).onERC721Received(msg.sender, address(0), id, \"\"); }"
           "function move(address to, uint256 id) external { require(owner[id] == msg.sender && to != address(0));"
           "delete mover[id]; held[msg.sender] -= 1; held[to] += 1; owner[id] = to; }"
           "function see(uint256 id) external { require(mover[id] != msg.sender && other != 7); }" +
           more + "}";
}

const std::string make_all = "for (uint256 i; i < q; ++i) make(msg.sender, first + i);";
const std::string usual = "uint256 first = made; made += q; " + make_all;

TEST(CallbackFreeReserved, NobodyElseWritesThere) {
    EXPECT_FREE(edition(usual));
    EXPECT_FREE(edition("uint256 first = made + 1; made += q; " + make_all));
    EXPECT_FREE(edition("uint256 first = made; made = first + q; " + make_all));
    EXPECT_FREE(
        edition("require(made + q <= 500); uint256 first = 1 + made; held[msg.sender] += 0; made += q; " + make_all));
    EXPECT_FREE(edition("uint256 first = made; made += q; for (uint256 i = 3; q > i; i++) make(msg.sender, i + first);"));
    EXPECT_FREE(
        edition("uint256 first = made; made += q; uint256 i; while (i < q) { make(msg.sender, first + i); i += 1; }"));
    EXPECT_FREE(
        edition(usual, "function burn(uint256 id) external { require(owner[id] == msg.sender); delete owner[id]; }"));
    EXPECT_FREE(edition(usual,
                        "function allow(address who, uint256 id) external { require(owner[id] == msg.sender);"
                        "mover[id] = who; }"));
    // In few bits.
    EXPECT_FREE(
        edition("uint8 n = uint8(q); uint256 first = made; made += n;"
                "for (uint8 i; i < n; ++i) make(msg.sender, first + i);"));
}

TEST(CallbackFreeReserved, NotWhereOthersMayGetTheSame) {
    // More than was reserved, or something else, or not yet.
    EXPECT_NOT_FREE(edition("uint256 first = made; made += q; for (uint256 i; i <= q; ++i) make(msg.sender, first + i);"));
    EXPECT_NOT_FREE(edition("uint256 first = made; made += q / 2; " + make_all));
    EXPECT_NOT_FREE(
        edition("uint256 first = made; made += q; for (uint256 i; i < q; ++i) make(msg.sender, first + i + 1);"));
    EXPECT_NOT_FREE(
        edition("uint256 first = made; made += q; for (uint256 i; i < q; ++i) make(msg.sender, first + 2 * i);"));
    EXPECT_NOT_FREE(edition("uint256 first = made; made += q; q += 1; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = made; made += q; first = other; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = other; made += q; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = made; " + make_all + " made += q;"));
    EXPECT_NOT_FREE(edition("made += q; uint256 first = made; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = made; other += q; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = made; if (q > 1) made += q; " + make_all));
    EXPECT_NOT_FREE(edition("uint256 first = made; unchecked { made += q; } " + make_all));
    // The counter falls, or is set, or numbers are given out in another manner.
    EXPECT_NOT_FREE(edition(usual, "function less() external { made -= 1; }"));
    EXPECT_NOT_FREE(edition(usual, "function set(uint256 n) external { made = n; }"));
    EXPECT_NOT_FREE(edition(usual, "function raw(uint256 n) external { assembly { sstore(made.slot, n) } }"));
    EXPECT_NOT_FREE(edition(usual, "function one() external { uint256 id = ++made; owner[id] = msg.sender; }"));
    EXPECT_NOT_FREE(edition(usual, "function any(uint256 id) external { owner[id] = msg.sender; }"));
    EXPECT_NOT_FREE(edition(usual, "function look(uint256 id) external { require(owner[id] == address(0)); other = id; }"));
    EXPECT_NOT_FREE(edition(usual, "function allow(address who, uint256 id) external { mover[id] = who; }",
                            "owner[id] = to; held[to] += 1; mover[id] = to; "));
}

// A number may be counted up beside the rounds.
TEST(CallbackFreeReserved, TheNumberMayGoOnByItself) {
    const auto walked = [](const std::string& loop, const std::string& take = "uint256 last = made; made = last + q; ") {
        return edition(take + loop);
    };
    EXPECT_FREE(walked("for (uint256 i = 0; i < q; i++) make(msg.sender, ++last);"));
    EXPECT_FREE(walked("for (uint256 i = 0; i < q; i++) { last += 1; make(msg.sender, last); }"));
    EXPECT_FREE(walked("uint256 i; while (i < q) { make(msg.sender, ++last); i++; }", "uint256 last = made; made += q; "));
    // More rounds than numbers, two steps in one, from elsewhere, or begun anew.
    EXPECT_NOT_FREE(walked("for (uint256 i = 0; i <= q; i++) make(msg.sender, ++last);"));
    EXPECT_NOT_FREE(walked("for (uint256 i = 0; i < q; i++) { last++; make(msg.sender, ++last); }"));
    EXPECT_NOT_FREE(walked("for (uint256 i = 0; i < q; i++) { make(msg.sender, ++last); if (i == 3) last = other; }"));
    EXPECT_NOT_FREE(walked("last += other; for (uint256 i = 0; i < q; i++) make(msg.sender, ++last);"));
    EXPECT_NOT_FREE(walked("for (uint256 k = 0; k < 2; k++) for (uint256 i = 0; i < q; i++) make(msg.sender, ++last);"));
    EXPECT_NOT_FREE(walked("for (uint256 i = 0; i < q; i++) { make(msg.sender, ++last); if (i == 3) i = 1; }"));
    EXPECT_NOT_FREE(
        walked("for (uint256 i = 0; i < q; i++) make(msg.sender, ++last);", "uint256 last = made; made += q / 2; "));
}

TEST(CallbackFreeReserved, NotWhereTheBuyerComesToOneAgain) {
    EXPECT_NOT_FREE(edition(usual + " for (uint256 i; i < q; ++i) owner[first + i] = msg.sender;"));
    EXPECT_NOT_FREE(edition("uint256 first = made; made += q; for (uint256 k; k < 2; ++k) " + make_all));
    EXPECT_NOT_FREE(
        edition("uint256 first = made; made += q; for (uint256 i; i < q; i += q - q) make(msg.sender, first + i);"));
    EXPECT_NOT_FREE(
        edition("uint256 first = made; made += q; for (uint256 i; i < q; i = i > 2 ? 0 : i + 1)"
                "make(msg.sender, first + i);"));
    EXPECT_NOT_FREE(
        edition("uint256 first = made; made += q; uint256 i; do { if (i < q) make(msg.sender, first + i);"
                "if (other == 7) i += 1; } while (i < q);"));
    EXPECT_NOT_FREE(
        edition(usual, "", "held[to] += 1; Receiver(to).onERC721Received(to, address(0), id, \"\"); owner[id] = to; "));
}

// What was not written yet at a number of its own is zero there.
TEST(CallbackFreeReserved, WhatWasNotWrittenIsZero) {
    const auto updates = [](const std::string& more) {
        return edition(usual,
                       "function allow(address who, uint256 id) external { require(owner[id] == msg.sender);"
                       "mover[id] = who; }",
                       "address from = owner[id]; if (from != address(0)) { mover[id] = address(0); other = 1; }"
                       "owner[id] = to; held[to] += 1; " +
                           more);
    };
    EXPECT_FREE(updates(""));
    EXPECT_NOT_FREE(updates("if (owner[id] != address(0)) { mover[id] = to; other = id; } "));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_reserved
