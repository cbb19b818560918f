// What is read before a call and found out again after it, and what can never be: each contract that is callback-free beside
// twins that can be robbed.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_rechecks {
namespace {

TEST(CallbackFreeRechecks, WhatIsFoundOutAgainAfterTheCallNeedNotHaveBeenSeenBefore) {
    const auto take = [](const std::string& body) {
        return bank("function take(uint256 v, address to, bool c) external { " + body + " }");
    };
    const std::string call = R"((bool ok,) = msg.sender.call{value: v}(""); require(ok); )";
    const std::string all = R"(uint256 a = b[msg.sender]; (bool ok,) = msg.sender.call{value: a}(""); )";
    EXPECT_FREE(take("require(b[msg.sender] >= v); " + call + "b[msg.sender] -= v;"));
    EXPECT_FREE(take("if (b[msg.sender] < v) revert(); " + call + "b[msg.sender] -= v;"));
    EXPECT_FREE(take(all + "require(ok && b[msg.sender] == a); b[msg.sender] = 0;"));
    EXPECT_FREE(take(all + "require(ok); if (b[msg.sender] != a) revert(); b[msg.sender] = 0;"));
    // Less is subtracted than was asked for, or without a check, or only what was read is paid.
    EXPECT_NOT_FREE(take("require(b[msg.sender] >= v); " + call + "b[msg.sender] -= v / 2;"));
    EXPECT_NOT_FREE(take("require(b[msg.sender] >= v); " + call + "unchecked { b[msg.sender] -= v; }"));
    EXPECT_NOT_FREE(take("require(b[msg.sender] >= v); " + call + "if (c) b[msg.sender] -= v;"));
    EXPECT_NOT_FREE(take("require(b[msg.sender] >= v); " + call + "b[to] -= v;"));
    EXPECT_NOT_FREE(take(all + "require(ok && a >= v); b[msg.sender] -= v;"));
    // Another entry, only sometimes, too late, or what was read before.
    EXPECT_NOT_FREE(take(all + "require(ok && b[to] == a); b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(take(all + "require(ok); if (c) require(b[msg.sender] == a); b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(take(all + "require(ok); b[msg.sender] = a; require(b[msg.sender] == a); b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(take("uint256 d = b[msg.sender];" + all + "require(ok && d == a); b[msg.sender] = 0;"));
    EXPECT_TRUE(is_covered(take(all + "require(b[msg.sender] == a); if (ok) b[msg.sender] = 0;"), "take"));
    // What looks like a revert ends with success.
    const auto ends = [](const std::string& body) {
        return bank("function end() internal { assembly { return(0, 0) } } function take(uint256 v) external { " + body +
                    " }");
    };
    EXPECT_NOT_FREE(ends(all + "require(ok); if (b[msg.sender] != a) { end(); revert(); } b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(ends("if (b[msg.sender] < v) { end(); revert(); }" + call + "b[msg.sender] -= v;"));
    EXPECT_NOT_FREE(ends(all + "require(ok); if (b[msg.sender] != a) { assembly { return(0, 0) } } b[msg.sender] = 0;"));
    // Once for two calls.
    EXPECT_NOT_FREE(take(all + "require(ok); (ok,) = to.call{value: a}(\"\"); require(ok && b[msg.sender] == a); "
                               "b[msg.sender] = 0; (ok,) = to.call(\"\"); b[msg.sender] = 0;"));
    // What is asked for changes from round to round.
    EXPECT_NOT_FREE(
        bank("function take(uint256[] calldata v) external { for (uint256 i; i < v.length; ++i) {"
             "require(b[msg.sender] >= v[i]); (bool ok,) = msg.sender.call{value: v[i]}(\"\"); require(ok); }"
             "b[msg.sender] -= 1; }"));
}

TEST(CallbackFreeRechecks, OfALoopOnlyTheLastRoundIsFoundOutAgain) {
    const auto take = [](const std::string& body) {
        return "contract C { mapping(uint256 => uint256) b; function put(uint256 k) external payable { b[k] += msg.value; }"
               "function take(uint256[] calldata ks, uint256 n) external { uint256 a; uint256 x; uint256 k; uint256 i;" +
               body + " } }";
    };
    const std::string clear = "for (i = 0; i < ks.length; ++i) b[ks[i]] = 0;";
    EXPECT_FREE(take("k = ks[0]; x = b[k]; a = x; " + pay + "require(b[k] == x); b[k] = 0;"));
    EXPECT_NOT_FREE(
        take("do { k = ks[i]; x = b[k]; a += x; ++i; } while (i < ks.length);" + pay + "require(b[k] == x);" + clear));
    EXPECT_NOT_FREE(
        take("for (; i < ks.length; ++i) { k = ks[i]; x = b[k]; a += x; }" + pay + "require(b[k] == x);" + clear));
    EXPECT_NOT_FREE(take("do { k = n + i; x = b[k]; a += x; ++i; } while (i < 3);" + pay + "require(b[k] == x);" + clear));
    EXPECT_NOT_FREE(take("do { x = ks[i]; require(b[7] >= x); a += x; ++i; } while (i < ks.length);" + pay + "b[7] -= x;"));
    EXPECT_NOT_FREE(take("uint256 had = b[7]; do { x = ks[i]; require(had >= x); a += x; ++i; } while (i < ks.length);" +
                         pay + "b[7] -= x;"));
}

TEST(CallbackFreeRechecks, APaymentAsksForItsEtherItself) {
    const auto take = [](const std::string& asks, const std::string& then) {
        return bank(
            "uint256 seen; function take(uint256 v, uint256 w) external { require(b[msg.sender] >= v); b[msg.sender] -= v;" +
            asks + "(bool ok,) = msg.sender.call{value: v}(\"\");" + then + "}");
    };
    EXPECT_FREE(take("require(address(this).balance >= v);", "require(ok); seen += 1;"));
    EXPECT_FREE(take("if (address(this).balance < v) revert();", "if (!ok) revert(); seen += 1;"));
    EXPECT_NOT_FREE(take("require(address(this).balance >= v);", "require(ok); seen = address(this).balance;"));
    EXPECT_NOT_FREE(
        take("uint256 had = address(this).balance; require(had >= v);", "require(ok); seen = had + b[msg.sender];"));
    EXPECT_NOT_FREE(take("require(address(this).balance >= w);", "require(ok); seen = address(this).balance;"));
    EXPECT_NOT_FREE(
        bank("function take(uint256 v) external { require(b[msg.sender] >= v); require(address(this).balance >= v);"
             "(bool ok,) = msg.sender.call{value: v}(\"\"); if (ok) b[msg.sender] -= v; }"));
}

TEST(CallbackFreeRechecks, ASmallNumberLessOneMayBeTheLargest) {
    const auto locked = [](const std::string& poke) {
        return "contract C { uint256 lk; uint256[8] other; mapping(address => uint256) b;"
               "function put() external payable { require(lk == 0); b[msg.sender] += msg.value; }"
               "function poke(uint256 i, uint256 v) external { " +
               poke + " } function take() external { require(lk == 0); lk = 1; uint256 a = b[msg.sender]; " + pay +
               " b[msg.sender] = 0; lk = 0; } }";
    };
    EXPECT_FREE(locked("require(i < 8); assembly { sstore(add(1, i), v) }"));
    EXPECT_FREE(locked("require(i < 8); uint256 j = i - 1; assembly { sstore(add(1, j), v) }"));
    EXPECT_FREE(locked("require(i < 8); unchecked { if (i > 0) { i = i - 1; assembly { sstore(add(1, i), v) } } }"));
    EXPECT_NOT_FREE(locked("require(i < 8); assembly { sstore(add(1, sub(i, 1)), v) }"));
    EXPECT_NOT_FREE(locked("require(i < 8); unchecked { uint256 j = i - 1; assembly { sstore(add(1, j), v) } }"));
    EXPECT_NOT_FREE(locked("require(i < 8); unchecked { if (v > 0) { i = i - 1; assembly { sstore(add(1, i), v) } } }"));
}

// Assembly may make an array longer than any that was filled.
TEST(CallbackFreeRechecks, ALengthThatAssemblyWritesHasNoBound) {
    const auto take = [](const std::string& more) {
        return bank("function take() external { require(list.length == 2**70); uint256 a = b[msg.sender]; " + pay +
                        " b[msg.sender] = 0; } " + more,
                    "uint256[] list;");
    };
    EXPECT_NOT_FREE(take("function set() external { assembly { sstore(list.slot, shl(70, 1)) } }"));
    EXPECT_NOT_FREE(take("function set(uint256 n) external { assembly { sstore(list.slot, n) } }"));
    EXPECT_NOT_FREE(
        bank("function take() external { require(lists[1].length == 2**70); uint256 a = b[msg.sender]; " + pay +
                 " b[msg.sender] = 0; }"
                 "function set(uint256 n) external { uint256[] storage l = lists[1]; assembly { sstore(l.slot, n) } }",
             "mapping(uint256 => uint256[]) lists;"));
}

TEST(CallbackFreeRechecks, WhoCountsIsKeptOutByACounterThatMustBeAsItWas) {
    const auto counted = [](const std::string& first, const std::string& last, const std::string& more = "") {
        return "contract C { uint256 c; mapping(address => uint256) b; modifier nr() { " + first + " _; " + last +
               " }"
               "function put() external payable nr { b[msg.sender] += msg.value; }"
               "function take() external nr { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; } " + more + " }";
    };
    const std::string first = "c += 1; uint256 was = c;", last = "require(was == c);";
    EXPECT_FREE(counted(first, last));
    EXPECT_FREE(counted("c++; uint256 was = c;", "if (c != was) revert();"));
    EXPECT_FREE(counted("uint256 was = c;", last + " c += 1;"));
    // Nothing is added, or not always, or it can be taken away, or somebody does not count, or nobody looks.
    EXPECT_NOT_FREE(counted("c += 0; uint256 was = c;", last));
    EXPECT_NOT_FREE(counted("if (b[msg.sender] == 7) c += 1; uint256 was = c;", last));
    EXPECT_NOT_FREE(counted("c += b[msg.sender]; uint256 was = c;", last));
    EXPECT_NOT_FREE(counted(first, last, "function back() external { c -= 1; }"));
    EXPECT_NOT_FREE(counted(first, last, "function clear() external { c = 0; }"));
    EXPECT_NOT_FREE(
        counted(first, last, "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }"));
    EXPECT_NOT_FREE(counted(first, ""));
    EXPECT_NOT_FREE(counted(first, "if (b[msg.sender] > 1) require(was == c);"));
    EXPECT_NOT_FREE(counted(first, "was = c; require(was == c);"));
    EXPECT_FREE(counted("unchecked { c += 1; } uint256 was = c;", last));
    EXPECT_NOT_FREE(counted("unchecked { c += 2 ** 255; } uint256 was = c;", last));
    // It must be as it was written.
    EXPECT_FREE(counted("uint256 was = ++c;", last));
    EXPECT_FREE(counted("uint256 was = ++c;", "if (c != was) revert();"));
    EXPECT_FREE(counted("uint256 was = ++c;", last + " c += 1;"));
    EXPECT_NOT_FREE(counted("uint256 was = c++;", "require(was + 1 == c);", "function back() external { c -= 1; }"));
    EXPECT_NOT_FREE(counted("uint256 was = ++c;", last, "function back() external { c -= 1; }"));
    EXPECT_NOT_FREE(
        counted("uint256 was = ++c;", last, "function raw(uint256 n) external { assembly { sstore(c.slot, n) } }"));
    EXPECT_NOT_FREE(counted("uint256 was = ++c;", "if (b[msg.sender] > 1) require(was == c);"));
    EXPECT_NOT_FREE(counted("uint256 was = ++c; was = 5;", last));
    EXPECT_FREE(counted("unchecked { ++c; } uint256 was = c;", last));
    EXPECT_NOT_FREE(counted("uint256 was = ++c;", last,
                            "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }"));
}

// One more than what was there before, where it must still be there, is one more.
TEST(CallbackFreeRechecks, OneMoreThanWhatWasFoundAgainIsOneMore) {
    const auto box = [](const std::string& after, const std::string& put = "++turn;") {
        return "contract Box { uint256 turn; mapping(address => uint256) held; function put() external payable { " + put +
               " held[msg.sender] += msg.value; } function take() external { uint256 a = held[msg.sender]; uint256 seen = "
               "turn; " +
               pay + after + " held[msg.sender] = 0; } }";
    };
    EXPECT_FREE(box("require(turn == seen); turn = seen + 1;"));
    EXPECT_FREE(box("if (turn != seen) revert(); turn = 2 + seen;"));
    EXPECT_NOT_FREE(box("turn = seen + 1;"));
    EXPECT_NOT_FREE(box("require(turn == seen); turn = seen;"));
    EXPECT_NOT_FREE(box("require(turn >= seen); turn = seen + 1;"));
    EXPECT_FREE(box("require(turn == seen); unchecked { turn = seen + 1; }"));  // nobody does so 2^256 times
    EXPECT_NOT_FREE(box("require(turn == seen); unchecked { turn = seen + a; }"));
    EXPECT_NOT_FREE(box("require(turn == seen); turn = seen + 1;", "turn -= 1;"));
}

TEST(CallbackFreeRechecks, WhoCalledIsNotNobody) {
    const auto locked = [](const std::string& test, const std::string& set, const std::string& more = "") {
        return "contract C { address by; mapping(address => uint256) b; modifier nr() { " + test + " " + set +
               " _; by = address(0); } function put() external payable nr { b[msg.sender] += msg.value; }"
               "function take(address x) external nr { uint256 a = b[msg.sender]; " +
               pay + " b[msg.sender] = 0; x; } " + more + " }";
    };
    const std::string test = "require(by == address(0));";
    EXPECT_FREE(locked(test, "by = msg.sender;"));
    EXPECT_FREE(locked("if (by != address(0)) revert();", "by = msg.sender;"));
    EXPECT_NOT_FREE(locked("", "by = msg.sender;"));
    EXPECT_NOT_FREE(locked("require(by != msg.sender);", "by = msg.sender;"));
    EXPECT_NOT_FREE(locked(test, "by = address(uint160(b[msg.sender]));"));
    EXPECT_NOT_FREE(locked(test, "by = msg.sender;", "function open() external { by = address(0); }"));
}

// The payment may be made elsewhere.
TEST(CallbackFreeRechecks, WhatIsAskedForMayBePaidByAnotherFunction) {
    const auto splits = [](const std::string& pay, const std::string& send) {
        return "contract C { bool busy; uint256 n; uint256 seen; uint256 had; receive() external payable {}"
               "function bring() external payable { had += msg.value; }"
               "function send(address to, uint256 a) internal { " +
               send + " } function give(address to, uint256 a) internal { " + pay +
               " } function split(address to) external payable { require(!busy); busy = true; uint256 h = had; (bool ok,) = "
               "to.call(\"\"); require(ok);"
               " seen = h; uint256 rest = msg.value / 2; give(msg.sender, rest); busy = false; } function look() external { "
               "require(n < seen); } }";
    };
    const std::string asks = "require(address(this).balance >= a);";
    // Whoever brings ether does not come past a look at the balance, but past the question.
    const auto only_asks = [&](const std::string& pay, const std::string& send) {
        return freedom(splits(pay, send)).is_proved();
    };
    const std::string sends = "(bool ok,) = to.call{value: a}(\"\"); require(ok);";
    EXPECT_TRUE(only_asks(asks + "send(to, a);", sends));
    EXPECT_TRUE(only_asks(asks + "if (a > 0) send(to, a); else revert();", sends));
    EXPECT_FALSE(only_asks(asks + "if (a > 9) send(to, a);", sends));
    EXPECT_FALSE(only_asks(asks + "send(to, a + 1);", sends));
    EXPECT_FALSE(only_asks(asks + "n = 1; send(to, a);", sends));
    EXPECT_FALSE(only_asks(asks + "send(to, a);", "n = 1;" + sends));
    EXPECT_FALSE(only_asks(asks + "send(to, a);", "(bool ok,) = to.call{value: a}(\"\"); if (!ok) n = 1;"));
}

// The place is computed anew, from the same values.
TEST(CallbackFreeRechecks, WhatIsFoundOutAgainMayLieInAStructure) {
    const auto lockers = [](const std::string& members, const std::string& rent, const std::string& look,
                            const std::string& again) {
        return "contract C { struct L { address renter; uint256 kept; } " + members +
               " function rent() external payable { " + rent +
               " } function take(uint256 id, uint256 v) external { require(all[id].renter == msg.sender); " + look +
               "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok); " + again + " all[id].kept = kept - v; } }";
    };
    const std::string array = "L[] all;", push = "all.push(L(msg.sender, msg.value));",
                      map = "mapping(uint256 => L) all; uint256 n;", next = "all[n++] = L(msg.sender, msg.value);",
                      by_pointer = "L storage l = all[id]; uint256 kept = l.kept;", by_name = "uint256 kept = all[id].kept;";
    for (const auto& [members, rent] : {std::pair{array, push}, std::pair{map, next}}) {
        EXPECT_FREE(lockers(members, rent, by_name, "require(all[id].kept == kept);"));
        EXPECT_FREE(lockers(members, rent, by_pointer, "require(l.kept == kept);"));
        EXPECT_NOT_FREE(lockers(members, rent, by_name, ""));
        EXPECT_NOT_FREE(lockers(members, rent, by_name, "require(all[id].kept >= v);"));
        EXPECT_NOT_FREE(lockers(members, rent, by_name, "require(all[v].kept == kept);"));
        EXPECT_NOT_FREE(lockers(members, rent, by_name, "require(all[id].renter == msg.sender);"));
        EXPECT_NOT_FREE(lockers(members, rent, "uint256 kept = all[id].kept; id = v;", "require(all[id].kept == kept);"));
    }
    // It may get shorter, and longer again.
    EXPECT_NOT_FREE(
        lockers(array, push + "} function drop() external { all.pop();", by_name, "require(all[id].kept == kept);"));
}

// A function of its own tells before the call that an operation is due, and once more behind it.
std::string operation(const std::string& first, const std::string& second, const std::string& more = "",
                      const std::string& due = "at[h] > 1 && at[h] <= block.timestamp") {
    return "contract Desk { mapping(bytes32 => uint256) at; address boss = msg.sender; receive() external payable {}"
           "function plan(bytes32 h) external { require(msg.sender == boss); at[h] = block.timestamp + 9; }"
           "function run(address to, uint256 a) external { bytes32 h = keccak256(abi.encode(to, a)); " +
           first + " (bool ok,) = to.call{value: a}(\"\"); require(ok); " + second +
           " at[h] = 1; } function due(bytes32 h) internal view returns (bool) { return " + due +
           "; } function check(bytes32 h) internal view { require(due(h)); } " + more + " }";
}

TEST(CallbackFreeRechecks, WhatAFunctionTellsMayBeToldAgain) {
    const std::string asks = "require(due(h));", denies = "if (!due(h)) revert();";
    EXPECT_FREE(operation(asks, asks));
    EXPECT_FREE(operation(asks, denies));
    EXPECT_FREE(operation("check(h);", "check(h);"));
    EXPECT_FREE(operation("check(h);", asks));
    EXPECT_NOT_FREE(operation(asks, ""));
    EXPECT_NOT_FREE(operation(asks, "if (a > 1) check(h);"));
    EXPECT_NOT_FREE(operation(asks, "require(!due(h));"));
    EXPECT_NOT_FREE(operation(asks, "due(h);"));
    // Of another operation, or of one that it has changed itself.
    EXPECT_NOT_FREE(operation(asks, "require(due(bytes32(a)));"));
    EXPECT_NOT_FREE(operation(asks, "h = bytes32(a); require(due(h));"));
    EXPECT_NOT_FREE(operation(asks + " at[h] = block.timestamp;", asks));
    EXPECT_NOT_FREE(operation(asks, "at[h] = block.timestamp; " + asks));
    // The balance is not what it was.
    EXPECT_NOT_FREE(operation(asks, asks, "", "at[h] > 1 && at[h] <= address(this).balance"));
}

TEST(CallbackFreeRechecks, SeveralPlacesMayBeLookedAtAgainInOneBlock) {
    const auto box = [](const std::string& asked, const std::string& taken) {
        return "contract Box { uint256 limit; uint256 saved; address boss = msg.sender; function put() external payable {"
               "limit += msg.value / 2; saved += msg.value; } function take(uint256 a) external { require(" +
               asked + "); (bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); " + taken + " } }";
    };
    const std::string asked = "a <= limit && a <= saved";
    EXPECT_FREE(box(asked, "saved -= a; limit -= a;"));
    EXPECT_FREE(box("a <= limit", "saved -= a; limit -= a;"));
    EXPECT_NOT_FREE(box(asked, "saved -= a; limit = 0;"));
    EXPECT_NOT_FREE(box(asked, "limit = saved; limit -= a;"));
    EXPECT_NOT_FREE(box("a <= limit || a <= saved", "saved -= a; limit -= a;"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_rechecks
