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
    // Conditions may be forks that end in errors.
    EXPECT_FREE(edition(
        "uint256 first = made; if (first + q > 500) revert Full(); if (msg.value < q) revert Cheap(msg.value, q - 1);"
        "made = first + q; " +
            make_all,
        "error Full(); error Cheap(uint256 paid, uint256 asked);"));
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

TEST(CallbackFreeReserved, TheNumberMayBeWhatIsCounted) {
    const std::string taken = "uint256 first = made; made = first + q; ";
    const auto counts = [&](const std::string& loop) { return edition(taken + loop); };
    EXPECT_FREE(counts("for (uint256 id = first; id < first + q; ++id) make(msg.sender, id);"));
    EXPECT_FREE(counts("uint256 end = first + q; for (uint256 id = first; end > id; id++) make(msg.sender, id);"));
    EXPECT_FREE(counts("for (uint256 id = first; id < q + first;) { make(msg.sender, id); unchecked { ++id; } }"));
    EXPECT_NOT_FREE(counts("for (uint256 id = first; id <= first + q; ++id) make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("for (uint256 id = first; id < first + q + 1; ++id) make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("for (uint256 id = first; id < first + q; id += 2) make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("uint256 id = first; while (id < first + q) make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("uint256 id = first; for (; id < first + q; ++id) make(msg.sender, id); make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("for (uint256 id = other; id < other + q; ++id) make(msg.sender, id);"));
    EXPECT_NOT_FREE(counts("uint256 id = first; if (q > 7) id = other; for (; id < first + q; ++id) make(msg.sender, id);"));
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

// A sale whose loop counts the numbers up by itself, from how many there were before it.
struct Sale {
    std::string loop = "for (uint256 i = 1; i <= q; i++) make(msg.sender, supply + i);";
    std::string one = "made += 1; owner[id] = to; ";
    std::string free = "require(owner[id] == address(0) && to != address(0)); ";
    std::string limit = "require(supply + q <= 500); ";
    std::string more;
};
std::string text_of(const Sale& sale) {
    return "interface Receiver { function onERC721Received(address, address, uint256, bytes calldata) external; }"
           "contract Sale { uint256 made; uint256 other; address boss = msg.sender; mapping(uint256 => address) owner;"
           "mapping(uint256 => uint256) place; function buy(uint256 q) external payable { uint256 supply = made; " +
           sale.limit + "require(msg.value == 1 ether * q); " + sale.loop +
           "} function make(address to, uint256 id) private { " + sale.free + sale.one +
           "Receiver(to).onERC721Received(msg.sender, address(0), id, \"\"); }"
           "function move(address to, uint256 id) external { require(owner[id] == msg.sender && to != address(0));"
           "owner[id] = to; }"
           "function placeOf(uint256 id) external view returns (uint256) { return place[id]; }" +
           sale.more + "}";
}

// Who buys meanwhile takes the number of the next round, and undoes everything.
TEST(CallbackFreeReserved, ALoopMayCountNumbersThatAreTakenOne) {
    EXPECT_FREE(text_of({}));
    EXPECT_FREE(text_of({.loop = "for (uint256 i = 0; i < q; i++) make(msg.sender, supply + i + 1);"}));
    EXPECT_FREE(text_of({.loop = "for (uint256 i = supply; i < supply + q; i++) make(msg.sender, i);"}));
    EXPECT_FREE(text_of({.loop = "uint256 i; while (q > i) { make(msg.sender, i + supply); i += 1; }"}));
    EXPECT_FREE(text_of({.one = "place[id] = made; made += 1; owner[id] = to; "}));
    EXPECT_FREE(text_of({.free = "if (owner[id] != address(0)) revert(); require(to != address(0)); "}));
    EXPECT_FREE(text_of({.more = "function give(address to, uint256 q) external { require(msg.sender == boss); uint256 "
                                 "supply = made; for (uint256 i = 1; i <= q; i++) make(to, supply + i); }"
                                 "function one(address to) external { require(msg.sender == boss); make(to, made + 1); }"}));
    EXPECT_FREE(text_of({.more = "constructor() { made += 1; owner[1] = address(7); made += 1; owner[2] = address(8); }"}));
    EXPECT_FREE(text_of({.limit = "require(supply + q <= 500 - other); "}));
}

TEST(CallbackFreeReserved, ALoopThatGoesOnBreaksTheLimit) {
    // Taken from the counter each time, or not found taken, or taken out again.
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) make(msg.sender, made + 1);"}));
    EXPECT_NOT_FREE(text_of({.free = "require(to != address(0)); "}));
    EXPECT_NOT_FREE(text_of({.free = "require(owner[id + 1] == address(0) && to != address(0)); "}));
    EXPECT_NOT_FREE(
        text_of({.more = "function burn(uint256 id) external { require(owner[id] == msg.sender); delete owner[id]; }"}));
    EXPECT_NOT_FREE(
        text_of({.free = "require(owner[id] == address(0)); ",
                 .more = "function give(address to) external { require(msg.sender == boss); make(to, made + 1); }"}));
    // The counter rises twice, by two, or without a number, or is set back.
    EXPECT_NOT_FREE(text_of({.one = "made += 1; owner[id] = to; if (id == 4) made += 1; "}));
    EXPECT_NOT_FREE(text_of({.one = "made += 2; owner[id] = to; "}));
    EXPECT_NOT_FREE(text_of({.one = "owner[id] = to; if (id != 4) made += 1; "}));
    EXPECT_NOT_FREE(text_of({.more = "function skip() external { require(msg.sender == boss); made += 1; }"}));
    EXPECT_NOT_FREE(text_of({.more = "function back() external { require(msg.sender == boss); made = 0; }"}));
    EXPECT_NOT_FREE(
        text_of({.more = "function name(uint256 id) external { require(msg.sender == boss); make(boss, id); }"}));
    EXPECT_NOT_FREE(text_of({.more = "constructor() { made += 1; owner[2] = address(7); }"}));
    EXPECT_NOT_FREE(text_of({.more = "constructor() { assembly { sstore(0, 5) } }"}));
    EXPECT_NOT_FREE(
        text_of({.more = "constructor() { for (uint256 i; i < 3; i++) { owner[made + 1] = address(7); made += 1; }"
                         "made += 1; owner[2] = address(8); }"}));
    EXPECT_NOT_FREE(text_of({.more = "constructor(address a) { made += 1; owner[1] = a; }"}));
    EXPECT_NOT_FREE(
        text_of({.more = "constructor() { for (uint256 i; i < 2; i++) { made += 1; owner[1] = address(7); } }"}));
    // The numbers are others than the next ones.
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i += 2) make(msg.sender, supply + i);"}));
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) make(msg.sender, other + i);"}));
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) make(msg.sender, supply + 2 * i);"}));
    EXPECT_NOT_FREE(
        text_of({.loop = "(bool ok,) = msg.sender.call(\"\"); require(ok); for (uint256 i = 1; i <= q; i++) "
                         "make(msg.sender, supply + i);",
                 .more = "function give(address to) external { require(msg.sender == boss); owner[made + 1] = to; "
                         "made += 1; }"}));
    // A round may be the last one although another one might come.
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) { make(msg.sender, supply + i); if (owner[1] == "
                                     "address(9)) break; }"}));
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) { make(msg.sender, supply + i); if (owner[1] == "
                                     "address(9)) return; }"}));
    // Who takes no numbers may act meanwhile, and the number may be computed when the counter has risen.
    EXPECT_NOT_FREE(text_of({.one = "made += 1; owner[id] = to; place[id] = other; ",
                             .limit = "if (q == 0) other += 7; require(supply + q <= 500); ",
                             .more = "function see(uint256 id) external { require(place[id] != 14); }"}));
    EXPECT_NOT_FREE(text_of({.loop = "for (uint256 i = 1; i <= q; i++) { made += 1; make(msg.sender, supply + i); }",
                             .one = "owner[id] = to; "}));
    // Who fails is heard of by somebody who goes on.
    EXPECT_NOT_FREE(
        text_of({.more = "function twice() external payable { try this.buy{value: 2 ether}(2) { other += 1; } catch { "
                         "other += 2; } }"}));
}

// What is read twice, or where it was just written, is one number.
TEST(CallbackFreeReserved, CountersMayBeReadTwice) {
    const auto sale = [](const std::string& make, const std::string& call = "make(msg.sender);",
                         const std::string& parameters = "address to") {
        return "interface Receiver { function onERC721Received(address, address, uint256, bytes calldata) external; }"
               "contract Sale { uint256 made; uint256 sold; mapping(uint256 => address) owner; mapping(uint256 => uint256) "
               "place;"
               "function buy(uint256 q) external payable { require(sold + q <= 500 && msg.value == q); sold += q;"
               "for (uint256 i; i < q; i++) " +
               call + "} function make(" + parameters + ") private { " + make +
               "Receiver(to).onERC721Received(msg.sender, address(0), id, \"\"); }"
               "function move(address to, uint256 id) external { require(owner[id] == msg.sender); owner[id] = to; }"
               "function placeOf(uint256 id) external view returns (uint256) { return place[id]; } }";
    };
    EXPECT_FREE(sale("uint256 id = made + 1; made += 1; owner[id] = to; "));
    EXPECT_FREE(sale("made += 1; uint256 id = made; owner[id] = to; "));
    EXPECT_FREE(sale("place[made + 1] = made; uint256 id = made + 1; made += 1; owner[id] = to; "));
    EXPECT_FREE(sale("require(owner[id] == address(0) && to != address(0)); made += 1; owner[id] = to; ",
                     "make(msg.sender, made + 1);", "address to, uint256 id"));
    // It was written in between, or is another one.
    EXPECT_NOT_FREE(sale("uint256 id = made + 1; made += 2; owner[id - 1] = to; "));
    EXPECT_NOT_FREE(sale("uint256 id = made; (bool ok,) = to.call(\"\"); require(ok); made = id + 1; owner[id] = to; "));
    EXPECT_NOT_FREE(sale("place[7] = made; uint256 id = made + 1; made += 1; owner[id] = to; require(place[7] < 100); "));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_reserved
