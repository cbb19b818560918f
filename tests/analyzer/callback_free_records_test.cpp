// What is read or written though nothing depends on it: records that only views read, events, what an entry gives back.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_records {
namespace {

bool assumes(const std::string& source, const std::string& what) {
    const CallbackFreedom found = freedom(source);
    return found.is_proved() && std::ranges::count(found.assumptions, what) != 0;
}

// What is called back can only be moved behind the entry, which sets a price first.
std::string jar(const std::string& behind, const std::string& more = "", const std::string& returns = "") {
    return "contract Jar { mapping(address => uint256) held; uint256 total; uint256 price;" + more +
           "function put() external payable { held[msg.sender] += msg.value + price; total += msg.value; }"
           "function take(uint256 a) external " +
           returns + "{ held[msg.sender] -= a; total -= a; price = a; " + pay + behind + "} }";
}

TEST(CallbackFreeRecords, WhoCameLastIsReadByViewsOnly) {
    const std::string last = "address public last; mapping(address => uint256) public sum;";
    EXPECT_TRUE(assumes(jar("last = msg.sender;", last), assumed(Assumed::Records, "Jar")));
    EXPECT_FALSE(assumes(jar("", last), assumed(Assumed::Records, "Jar")));
    // Somebody looks at it, or adds to it.
    EXPECT_NOT_FREE(jar("last = msg.sender;", last + "function gift() external { held[last] += 1; }"));
    EXPECT_NOT_FREE(jar("sum[msg.sender] = a;", last + "function more() external { sum[msg.sender] += 1; }"));
    EXPECT_FREE(jar("sum[msg.sender] = a;", last));
    // What lies in an array is no record.
    EXPECT_NOT_FREE(jar("lines[0] = a;", "uint256[] public lines; function add() external { lines.push(1); lines.pop(); }"));
}

// A call that counts itself would do so twice if it were taken for two calls.
TEST(CallbackFreeRecords, WhatOnlyViewsReadMayBeCounted) {
    const auto batch = [](const std::string& begin, const std::string& end, const std::string& more) {
        return "contract Jar { mapping(address => uint256) held; uint256 price;" + more +
               "function put() external payable { held[msg.sender] += msg.value + price; }"
               "function take(address[] calldata to) external { " +
               begin +
               "for (uint256 i; i < to.length; ++i) { uint256 a = held[to[i]]; held[to[i]] = 0; price = a; "
               "(bool ok,) = to[i].call{value: a}(\"\"); require(ok); }" +
               end + "} }";
    };
    const std::string members = "uint256 public calls; mapping(address => uint256) public by;";
    EXPECT_FREE(batch("", "", members));
    EXPECT_FREE(batch("++calls;", "", members));
    EXPECT_TRUE(assumes(batch("++calls;", "", members), assumed(Assumed::Records, "Jar")));
    EXPECT_FALSE(assumes(batch("", "", members), assumed(Assumed::Records, "Jar")));
    EXPECT_FREE(batch("by[msg.sender] += 2;", "unchecked { ++calls; }", members));
    // Somebody looks at it, takes from it, or says what it is: whether a sum fits then depends on the order.
    EXPECT_NOT_FREE(batch("++calls;", "", members + "function odd() external { if (calls % 2 == 1) price = 0; }"));
    EXPECT_NOT_FREE(batch("++calls;", "", members + "function less() external { --calls; }"));
    EXPECT_NOT_FREE(batch("++calls;", "", members + "function set(uint256 n) external { calls = n; }"));
    // What counts whether something succeeded is seen by whoever goes on after it failed.
    EXPECT_NOT_FREE(batch("++calls;", "",
                          members + "function tick() external { ++calls; } "
                                    "function may() external { try this.tick() {} catch { price = 0; } }"));
}

// Who only brings ether is left out, with what he counts.
TEST(CallbackFreeRecords, WhoOnlyBringsEtherMayBeCounted) {
    const auto box = [](const std::string& count) {
        return "contract Box { bool lk; mapping(address => uint256) b; uint256 public calls; receive() external payable { " +
               count +
               " } function put() external payable { require(!lk); b[msg.sender] += msg.value; } function take() external { "
               "require(!lk); lk = true; uint256 a = b[msg.sender]; b[msg.sender] = 0; uint256 had = "
               "address(this).balance; " +
               pay + " require(address(this).balance + a >= had); lk = false; } }";
    };
    EXPECT_FREE(box(""));
    EXPECT_TRUE(assumes(box("++calls;"), assumed(Assumed::Records, "Box")));
}

TEST(CallbackFreeRecords, TheGreatestIsARecordToo) {
    EXPECT_FREE(jar("if (a > most) most = a;", "uint256 public most;"));
    EXPECT_NOT_FREE(jar("if (a > most) { most = a; held[msg.sender] += 1; }", "uint256 public most;"));
    EXPECT_NOT_FREE(jar("if (a > most) most = a; else total += 1;", "uint256 public most;"));
    EXPECT_NOT_FREE(
        jar("bool more; if (a > most) { most = a; more = true; } if (more) total += 1;", "uint256 public most;"));
}

TEST(CallbackFreeRecords, NotWhereAnotherContractAsks) {
    const std::string last = "uint256 public last;";
    const std::string other =
        "interface IJar { function last() external view returns (uint256); }"
        "contract Loan { IJar jar; constructor(IJar j) payable { jar = j; }"
        "function lend() external { payable(msg.sender).transfer(jar.last()); } }";
    const std::string free_one = other + jar("last = a;", last);
    EXPECT_FALSE(freedom(free_one).is_proved());
}

TEST(CallbackFreeRecords, WhatEventsTellIsNoLook) {
    const std::string event = "event Out(address who, uint256 left, uint256 more);";
    EXPECT_FREE(jar("emit Out(msg.sender, held[msg.sender], address(this).balance);", event));
    EXPECT_FREE(jar("emit Out(msg.sender, left(msg.sender), left(address(this)));",
                    event + "function left(address who) public view returns (uint256) { return held[who]; }"));
    // What may fail is looked at.
    EXPECT_NOT_FREE(jar("emit Out(msg.sender, held[msg.sender], address(this).balance - total);", event));
    EXPECT_NOT_FREE(jar("emit Out(msg.sender, left(msg.sender), 0);",
                        event + "function left(address who) public view returns (uint256) { return held[who] / total; }"));
    EXPECT_NOT_FREE(jar("uint256 b = address(this).balance; emit Out(msg.sender, a, b); require(b > 0);", event));
}

TEST(CallbackFreeRecords, EventsWithBytesAreWrittenToMemory) {
    const std::string event = "event Out(address who, uint256 left, bytes note);";
    const std::string source = "contract Jar { struct S { address who; uint256 sum; bool done; } S[] slips;" + event +
                               "function put() external payable { slips.push(S(msg.sender, msg.value, false)); }"
                               "function take(uint256 i) external { S storage s = slips[i]; require(!s.done); s.done = true;"
                               "(bool ok, bytes memory r) = s.who.call{value: s.sum}(\"\"); require(ok);";
    EXPECT_FREE(source + "emit Out(s.who, s.sum, r); } function move(uint256 i) external { slips[i].who = msg.sender; } }");
    EXPECT_NOT_FREE(source +
                    "emit Out(s.who, s.sum, r); payable(s.who).transfer(1); }"
                    "function move(uint256 i) external { slips[i].who = msg.sender; } }");
}

TEST(CallbackFreeRecords, NobodyReliesOnWhatIsGivenBack) {
    const std::string returns = "returns (uint256) ";
    EXPECT_TRUE(assumes(jar("return held[msg.sender];", "", returns), assumed(Assumed::Returns, "take", "Jar")));
    EXPECT_TRUE(assumes(jar("return address(this).balance;", "", returns), assumed(Assumed::Returns, "take", "Jar")));
    EXPECT_FALSE(assumes(jar("return a;", "", returns), assumed(Assumed::Returns, "take", "Jar")));
    // Whoever calls it in the sources may.
    EXPECT_NOT_FREE(
        "interface IJar { function take(uint256 a) external returns (uint256); }"
        "contract Desk { IJar jar; uint256 sum; constructor(IJar j) { jar = j; }"
        "function go() external { sum = jar.take(1); } }" +
        jar("return address(this).balance;", "", returns));
}

// Tokens that are minted and moved while their receivers are told; at[who] lists them.
std::string club(const std::string& more = "",
                 const std::string& link = "uint256 i = n[to]++; at[to][i] = id; place[id] = i;",
                 const std::string& mints = "uint256 id = all.length; link(to, id); all.push(id); tell(to, id);") {
    return "interface R { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }"
           "contract Club { mapping(uint256 => address) o; mapping(address => uint256) n; uint256[] all; uint256 x;"
           "mapping(address => mapping(uint256 => uint256)) at; mapping(uint256 => uint256) place;"
           "function tell(address to, uint256 id) private {"
           "  require(R(to).onERC721Received(msg.sender, address(0), id, \"\") == R.onERC721Received.selector); }"
           "function link(address to, uint256 id) private { " +
           link +
           " o[id] = to; }"
           "function unlink(address from, uint256 id) private { uint256 last = --n[from]; uint256 i = place[id];"
           "  if (i != last) { uint256 moved = at[from][last]; at[from][i] = moved; place[moved] = i; } delete "
           "at[from][last]; }"
           "function mint(uint256 q) external { for (uint256 k; k < q; ++k) one(msg.sender); }"
           "function one(address to) private { " +
           mints +
           " } function give(address to, uint256 id) external { require(o[id] == msg.sender); require(to != address(0));"
           "  unlink(msg.sender, id); link(to, id); }"
           "function tokenOf(address who, uint256 i) external view returns (uint256) { return at[who][i]; } " +
           more + " }";
}

TEST(CallbackFreeRecords, WhatOnlyLeadsToItselfIsADirectory) {
    EXPECT_TRUE(assumes(club(), assumed(Assumed::Directories, "all`, `at`, `place", "Club")));
    // Somebody looks at it for something else, keeps it, tells others, or another contract asks.
    EXPECT_NOT_FREE(club("function first() external { require(at[msg.sender][0] != 7); x = 1; }"));
    EXPECT_NOT_FREE(club("function keep(uint256 id) external { x = place[id]; }"));
    EXPECT_NOT_FREE(club("function last() external { o[at[msg.sender][0]] = msg.sender; }"));
    EXPECT_NOT_FREE(club("function next() external returns (uint256) { x += 1; return at[msg.sender][x]; }"));
    EXPECT_NOT_FREE(club("function count(uint256 id) external { if (place[id] > 2) x = 1; }"));
    const std::string asker =
        "contract Asker { Club c; constructor(Club club) { c = club; }"
        " function ask() external { require(c.tokenOf(msg.sender, 0) == 1); } }";
    EXPECT_FALSE(freedom(club() + asker, "Club").is_proved());
    // What leads nowhere is none.
    EXPECT_NOT_FREE(club(
        "mapping(uint256 => address) m; function note(uint256 id) external { if (m[id] == address(0)) m[id] = o[id]; }"));
    // A number that is counted with is none, nor is one of which a check may fail.
    EXPECT_NOT_FREE(club("", "uint256 i = n[to]++; at[to][i] = id; place[id] = place[id] * 2 + i;"));
    EXPECT_NOT_FREE(club("function shift(uint256 id) external { place[id] = at[msg.sender][place[id] - 1]; }"));
    // Nor is one at which something looks by its slot.
    EXPECT_NOT_FREE(club("function raw(uint256 s) external { assembly { sstore(x.slot, sload(s)) } }"));
    EXPECT_NOT_FREE(club("constructor(uint256 s) { assembly { sstore(s, not(0)) } }"));
}

// The number is the length that was there before, and rises in another function.
TEST(CallbackFreeRecords, WhatIsPushedIsOneMoreNumber) {
    const std::string length =
        "function total() private view returns (uint256) { return all.length; }"
        " function put(uint256 id) private { all.push(id); }";
    const auto mint = [&](const std::string& mints, const std::string& more = "") {
        return club(length + more, "uint256 i = n[to]++; at[to][i] = id; place[id] = i;", mints);
    };
    EXPECT_FREE(mint("uint256 id = total(); link(to, id); put(id); tell(to, id);"));
    EXPECT_FREE(mint("uint256 id = total(); require(o[id] == address(0)); put(id); link(to, id); tell(to, id);"));
    EXPECT_NOT_FREE(mint("uint256 id = total(); link(to, id); tell(to, id); put(id);"));
    EXPECT_NOT_FREE(mint("uint256 id = total(); link(to, id); if (id > 3) put(id); tell(to, id);"));
    EXPECT_NOT_FREE(
        mint("uint256 id = total(); link(to, id); put(id); tell(to, id);", "function drop() external { all.pop(); }"));
    EXPECT_NOT_FREE(mint("uint256 id = total(); link(to, id); put(id); tell(to, id);",
                         "function see(uint256 i) external { x = all[i]; }"));
    EXPECT_NOT_FREE(mint("uint256 id = total(); link(to, id); put(id); tell(to, id);",
                         "function see() external { require(all.length % 2 == 0); n[msg.sender] += 1; }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_records
