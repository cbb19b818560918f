// Storage pointers: a library reaches the fields of what it gets by adding, entries and elements by hashing.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_pointers {
namespace {

const std::string sets =
    "library Sets { struct Set { address[] values; mapping(address => uint256) position; } struct AddressSet { Set inner; }"
    "function add(AddressSet storage s, address v) internal { put(s.inner, v); }"
    "function drop(AddressSet storage s, address v) internal { cut(s.inner, v); }"
    "function put(Set storage s, address v) private { if (s.position[v] == 0) {"
    "  s.values.push(v); s.position[v] = s.values.length; } }"
    "function cut(Set storage s, address v) private { uint256 at = s.position[v]; if (at != 0) {"
    "  uint256 last = s.values.length; if (at != last) { address moved = s.values[last - 1];"
    "  s.values[at - 1] = moved; s.position[moved] = at; } s.values.pop(); delete s.position[v]; } } }";

// What uses the set while the lock is taken, and what is more.
std::string queue(const std::string& set, const std::string& where, const std::string& more = "") {
    return sets + "contract Queue { using Sets for Sets.AddressSet; " + set +
           " uint256 status = 1; bool paused; address owner = msg.sender; mapping(address => uint256) b;"
           "modifier lock() { require(status == 1); status = 2; _; status = 1; }"
           "function pause(bool on) external { require(msg.sender == owner); paused = on; }"
           "function put() external payable lock { require(!paused); b[msg.sender] += msg.value; " +
           where + ".add(msg.sender); }" + "function take() external lock { require(!paused); uint256 a = b[msg.sender]; " +
           pay + " b[msg.sender] = 0; " + where + ".drop(msg.sender); } " + more + "}";
}

TEST(CallbackFreePointers, ArraysInStructsAreToldFromTheRest) {
    const std::string one = "Sets.AddressSet set;", many = "mapping(uint256 => Sets.AddressSet) set;",
                      deep = "struct Box { uint256 n; Sets.AddressSet[2] sets; } mapping(uint256 => Box) boxes;";
    EXPECT_FREE(queue(one, "set"));
    EXPECT_FREE(queue(many, "set[block.number]"));
    EXPECT_FREE(queue(deep, "boxes[3].sets[1]"));
    const std::string pass = "function pass(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }";
    EXPECT_NOT_FREE(queue(one, "set", pass));
    EXPECT_NOT_FREE(queue(many, "set[block.number]", pass));
    EXPECT_NOT_FREE(queue(deep, "boxes[3].sets[1]", pass));
    // The set has a say in what is paid.
    const auto count = [&](const std::string& more) {
        return queue(many, "set[2]",
                     "function empty() external lock { uint256 a = set[1].inner.values.length; " + pay +
                         " delete set[1].inner.values; } " + more);
    };
    EXPECT_FREE(count(""));
    EXPECT_NOT_FREE(count("function late(uint256 k, address who) external { set[k].drop(who); }"));
}

TEST(CallbackFreePointers, AnElementIsAnythingWhereALengthInAStructIsOdd) {
    const std::string one = "Sets.AddressSet set;", many = "mapping(uint256 => Sets.AddressSet) set;";
    const auto grow = [](const std::string& set) {
        return "function grow(uint256 n) external lock { address[] storage r = " + set +
               ".inner.values;"
               " assembly { sstore(r.slot, n) } }";
    };
    const std::string write = "function write(uint256 i, address v) external { set.inner.values[i] = v; }",
                      write_one = "function write(uint256 i, address v) external { set[7].inner.values[i] = v; }";
    EXPECT_FREE(queue(one, "set",
                      "function few(uint256 n) external lock { require(n < 9); address[] storage r ="
                      " set.inner.values; assembly { sstore(r.slot, n) } }"));
    EXPECT_NOT_FREE(queue(one, "set", grow("set") + write));
    EXPECT_NOT_FREE(queue(many, "set[7]", grow("set[8]") + write_one));
    // The pointer is moved by assembly: from a number to the length behind it.
    EXPECT_NOT_FREE(queue("struct Two { uint256 n; address[] values; } mapping(uint256 => Two) two; Sets.AddressSet set;",
                          "set",
                          "function grow(uint256 n) external lock { Two storage t = two[1];"
                          " assembly { sstore(add(t.slot, 1), n) } }"
                          "function write(uint256 i, address v) external { two[1].values[i] = v; }"));
    EXPECT_NOT_FREE(queue("struct Two { uint256 n; address[] values; } mapping(uint256 => Two) two; Sets.AddressSet set;",
                          "set",
                          "function grow(uint256 i, uint256 n) external lock { Two storage t = two[1];"
                          " assembly { sstore(add(t.slot, and(i, 1)), n) } }"
                          "function write(uint256 i, address v) external { two[1].values[i] = v; }"));
    // An array's element is a length itself.
    EXPECT_NOT_FREE(queue("uint256[][] rows; Sets.AddressSet set;", "set",
                          "function grow(uint256 n) external lock { assembly { mstore(0, rows.slot)"
                          " sstore(keccak256(0, 32), n) } }"
                          "function write(uint256 i, uint256 v) external { rows[0][i] = v; }"));
}

TEST(CallbackFreePointers, FieldsBehindAPointerAreToldFromEachOther) {
    const auto deals = [](const std::string& late) {
        return "contract Deals { struct Deal { uint256 money; uint256 notes; mapping(address => uint256) votes; }"
               "mapping(address => Deal) deals;"
               "function put() external payable { deals[msg.sender].money += msg.value; }"
               "function note(address who) external { Deal storage d = deals[who]; assembly { let s := add(d.slot, 1)"
               " sstore(s, add(sload(s), 1)) } }"
               "function see(address who) external { require(deals[who].notes + deals[who].votes[who] != 7); }"
               "function vote(address who) external { Deal storage d = deals[who]; assembly { mstore(0, caller())"
               " mstore(32, add(d.slot, 2)) sstore(keccak256(0, 64), 1) } }"
               "function take() external { Deal storage d = deals[msg.sender]; uint256 a = d.money; d.money = 0; " +
               pay + " " + late + " } }";
    };
    EXPECT_FREE(deals(""));
    EXPECT_NOT_FREE(deals("assembly { sstore(add(d.slot, 1), 7) }"));
    EXPECT_NOT_FREE(deals("assembly { sstore(d.slot, 7) }"));
    EXPECT_NOT_FREE(deals("d.votes[msg.sender] = 0;"));
}

// Storage that begins at a slot which is written out, as ERC-7201 has it.
std::string namespaced(const std::string& functions, const std::string& members = "",
                       const std::string& slot =
                           "0x52c63247e1f4"
                           "7db19d5ce0460030c497f067ca4cebf71ba98ee"
                           "adabe20bace00") {
    return "contract C { struct S { mapping(address => uint256) b; mapping(address => mapping(uint256 => uint256)) n;"
           "uint256 total; bool busy; } " +
           members + " function s() private pure returns (S storage r) { assembly { r.slot := " + slot +
           " } } function put() external payable { s().b[msg.sender] += msg.value; s().total += msg.value; } " + functions +
           "}";
}

TEST(CallbackFreePointers, AMappingMayLieAtASlotThatIsWrittenOut) {
    const std::string zero = "s().b[msg.sender] = 0; s().total -= a; ", load = "uint256 a = s().b[msg.sender]; ";
    EXPECT_FREE(namespaced("function take() external { " + load + zero + pay + "}"));
    EXPECT_NOT_FREE(namespaced("function take() external { " + load + pay + zero + "}"));
    EXPECT_FREE(namespaced("function take() external { " + load + zero + pay + " s().n[msg.sender][1] += 1; }"));
    EXPECT_NOT_FREE(namespaced("function take() external { " + load + zero + pay +
                               " s().n[msg.sender][1] += 1; }"
                               "function move(uint256 i) external { s().n[msg.sender][i] = s().n[msg.sender][0] + 2; "
                               "s().b[msg.sender] = s().total; }"));
    // A lock in it keeps out who looks at it.
    const auto locked = [&](const std::string& more) {
        return namespaced(
            "function take() external { require(!s().busy); s().busy = true; " + load + pay + zero +
            " s().busy = false; } function add() external payable { require(!s().busy); s().b[msg.sender] += 1; }" + more);
    };
    EXPECT_NOT_FREE(locked(""));  // put() does not
    // Where a variable lies, there lies no other mapping.
    const auto beside = [&](const std::string& slot) {
        return namespaced(
            "function take() external { uint256 a = 1; require(w == 0); w = 1; " + pay + " s().n[msg.sender][9] = 1; }" +
                "function look() external { require(w == 1 && m[msg.sender][9] > 5); m[msg.sender][9] = 0; }",
            "uint256 first; mapping(address => mapping(uint256 => uint256)) m; uint256[7] gap; uint256 w;", slot);
    };
    EXPECT_NOT_FREE(beside("0"));
    EXPECT_FREE(beside("0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00"));
}

// Fields that share a slot are told from each other, also through a pointer.
TEST(CallbackFreePointers, AFieldIsAPartOfItsSlot) {
    const auto purses = [](const std::string& drain, const std::string& more = "") {
        return "contract C { struct P { uint128 coins; uint64 at; bool busy; uint16 trips; } mapping(address => P) purses;"
               "P company;"
               "function put(P storage p, uint256 n) private { p.coins += uint128(n); p.trips += 1; }"
               "function load() external payable { put(purses[msg.sender], msg.value); put(company, 1); }"
               "function drain(P storage p, address to) private { " +
               drain + " } function close() external { drain(purses[msg.sender], msg.sender); } " + more + " }";
    };
    const std::string out = "uint256 out = p.coins; require(out != 0);", zero = "p.coins = 0;",
                      call = "(bool ok,) = to.call{value: out}(\"\"); require(ok);",
                      stamp = "p.at = uint64(block.timestamp);";
    EXPECT_FREE(purses(out + zero + call + stamp));
    EXPECT_FREE(purses(out + zero + call + "p.trips += 1;"));
    EXPECT_NOT_FREE(purses(out + call + zero + stamp));
    // A lock among them.
    const auto locked = [](const std::string& put, const std::string& drain) {
        return "contract C { struct P { uint128 coins; bool busy; uint64 at; } mapping(address => P) purses;"
               "function enter(P storage p) private { require(!p.busy); p.busy = true; }"
               "function leave(P storage p) private { p.busy = false; }"
               "function load() external payable { P storage p = purses[msg.sender]; " +
               put + " p.coins += uint128(msg.value); } function close() external { P storage p = purses[msg.sender]; " +
               drain +
               " uint256 out = p.coins; (bool ok,) = msg.sender.call{value: out}(\"\"); require(ok); p.coins = 0; leave(p); "
               "} }";
    };
    EXPECT_FREE(locked("require(!p.busy);", "enter(p);"));
    EXPECT_FREE(locked("enter(p); leave(p);", "enter(p);"));
    EXPECT_NOT_FREE(locked("p.busy = false;", "enter(p);"));
    EXPECT_NOT_FREE(locked("require(!p.busy);", "p.at = 1;"));
    EXPECT_NOT_FREE(purses(out + zero + call + stamp,
                           "function old() external { P storage p = purses[msg.sender]; if (p.at == 0) p.coins = 1; }"));
    EXPECT_NOT_FREE(purses(out + zero + call + "assembly { sstore(p.slot, 1) }"));
    EXPECT_NOT_FREE(purses(out + zero + call + "uint256 w; assembly { w := sload(p.slot) } total = w;", "uint256 total;"));
    EXPECT_NOT_FREE(purses(out + zero + call + "p.trips = p.trips + 1; company.trips = p.trips;"));
    EXPECT_NOT_FREE(purses(out + zero + "uint256 w; assembly { w := sload(p.slot) } " + call +
                           " assembly { sstore(p.slot, and(w, not(0xff))) }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_pointers
