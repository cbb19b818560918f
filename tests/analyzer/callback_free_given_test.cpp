// Numbers that a counter gives out: who gets the next one touches nothing that was found at an earlier one.
#include "analyzer/prover/struct_copies.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_given {
namespace {

// Counted in few bits, so that it soon begins anew if nothing checks that.
std::string with_small_count(std::string source) {
    const std::string wide = "uint256 count;";
    return source.replace(source.find(wide), wide.size(), "uint64 count;");
}

// Orders, of which one is paid out in two steps; what is sold is read after the first call.
std::string orders(const std::string& open, const std::string& more = "",
                   const std::string& test = "require(orders[id].status == 1);") {
    return "contract Orders { struct Order { address maker; uint256 money; uint256 status; uint256 note; }"
           "uint256 count; mapping(uint256 => Order) orders; function open() external payable returns (uint256 id) { " +
           open + " } function fill(uint256 id) external { " + test +
           " orders[id].status = 2; (bool ok,) = msg.sender.call(\"\"); require(ok);"
           "(ok,) = orders[id].maker.call{value: orders[id].money}(\"\"); require(ok); orders[id].money = 0; } " +
           more + "}";
}

const std::string made = "orders[id].maker = msg.sender; orders[id].money = msg.value; orders[id].status = 1;";

TEST(CallbackFreeGiven, TheNextNumberIsNoneThatWasGivenOut) {
    EXPECT_FREE(orders("id = ++count; " + made));
    EXPECT_FREE(orders("id = count++; " + made));
    EXPECT_FREE(orders("unchecked { id = ++count; } " + made));
    EXPECT_FREE(orders("count += 2; id = count; orders[id].note = 0; id = ++count; " + made));
    EXPECT_FREE(orders("id = ++count; orders[id] = Order(msg.sender, msg.value, 1, 7);"));
    EXPECT_FREE(
        orders("id = ++count; " + made, "", "require(orders[id].maker != address(0)); require(orders[id].status == 0);"));
    EXPECT_FREE(orders("id = ++count; " + made, "", "require(orders[id].maker == msg.sender && orders[id].status == 1);"));
    EXPECT_FREE(orders("id = ++count; " + made,
                       "function close(uint256 id) external { require(orders[id].status == 1); orders[id].status = 3; }"));
}

// What is kept at the next number may be written first, as long as nobody acts before the counter has risen.
TEST(CallbackFreeGiven, TheNumberMayBeUsedBeforeTheCounterRises) {
    const std::string hand_over = "(bool ok,) = msg.sender.call(\"\"); require(ok); ";
    EXPECT_FREE(orders("id = count; " + made + " count++;"));
    EXPECT_FREE(orders("orders[count] = Order(msg.sender, msg.value, 1, count); count = count + 1;"));
    EXPECT_FREE(
        orders("require(count < 900); if (msg.value > 9) orders[count].note = 3; id = count; " + made + " count++;"));
    EXPECT_FREE(orders("id = count; _note(id); " + made + " count++;",
                       "function _note(uint256 id) private { orders[id].note = 3; }"));
    EXPECT_FREE(
        orders("orders[count].maker = msg.sender; orders[count].money = msg.value; orders[count].status = 1; ++count;"));
    // Somebody acts before, it may not rise, is written otherwise, or the function ends.
    EXPECT_NOT_FREE(orders("id = count; " + made + hand_over + " count++;"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " if (msg.value > 9) count++;"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " if (msg.value > 9) return 0; count++;"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " if (msg.value == 9) count = 3; count++;"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " _call(); count++;", "function _call() private { " + hand_over + " }"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " _less(); count++;", "function _less() private { count -= 1; }"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " assembly { if gt(callvalue(), 9) { return(0, 0) } } count++;"));
    EXPECT_NOT_FREE(orders("id = count; " + made + " assembly { sstore(0, 3) } count++;"));
}

// What has not expired was made, since it is never the year zero.
TEST(CallbackFreeGiven, WhatHasNotExpiredWasGivenOut) {
    const std::string open = "require(msg.value > block.timestamp); id = ++count; " + made;
    EXPECT_FREE(orders(open, "", "require(orders[id].status != 2 && block.timestamp <= orders[id].money);"));
    EXPECT_FREE(orders(open, "", "require(orders[id].status != 2 && !(block.timestamp > orders[id].money));"));
    EXPECT_FREE(orders(open, "", "require(orders[id].status != 2 && orders[id].money >= block.timestamp);"));
    EXPECT_NOT_FREE(orders(open, "", "require(orders[id].status != 2 && block.timestamp >= orders[id].money);"));
    EXPECT_NOT_FREE(orders(open, "", "require(orders[id].status != 2 && id <= orders[id].money);"));
}

TEST(CallbackFreeGiven, NotWhereItMayBeOneByOtherMeans) {
    const std::string open = "id = ++count; " + made;
    EXPECT_NOT_FREE(orders("id = count; " + made));
    EXPECT_NOT_FREE(orders(open, "function less() external { count -= 1; }"));
    EXPECT_NOT_FREE(orders(open, "function set(uint256 n) external { count = n; }"));
    EXPECT_NOT_FREE(orders(open, "function clear() external { delete count; }"));
    EXPECT_NOT_FREE(orders(open, "function raw(uint256 n) external { assembly { sstore(count.slot, n) } }"));
    EXPECT_NOT_FREE(with_small_count(orders("unchecked { id = ++count; } " + made)));
    EXPECT_NOT_FREE(orders("id = ++count; id = id / 2; " + made));
    EXPECT_NOT_FREE(orders(open, "", ""));
    EXPECT_NOT_FREE(orders(open, "", "require(orders[id + 1].status == 1);"));
    EXPECT_NOT_FREE(orders(open, "", "require(orders[id].status < 2);"));
}

TEST(CallbackFreeGiven, NotWhereTheFieldIsWrittenAtNumbersThatWereNotGivenOut) {
    const std::string open = "id = ++count; " + made;
    const auto also = [&](const std::string& body) {
        return orders(open, "function also(uint256 id) external { " + body + " }");
    };
    EXPECT_NOT_FREE(also("orders[id].status = 1;"));
    EXPECT_NOT_FREE(also("require(orders[id].money != 1); orders[id].status = 1;"));
    EXPECT_NOT_FREE(also("require(orders[id].status == 0); orders[id].status = 1;"));
    EXPECT_NOT_FREE(also("if (orders[id].status == 1) count++; orders[id].status = 1;"));
    EXPECT_NOT_FREE(also("require(orders[id].status == 1); orders[id + 1].status = 1;"));
    EXPECT_NOT_FREE(also("require(orders[id].status == 1); for (uint256 i = id; i < 9; ++i) orders[i].status = 1;"));
    EXPECT_NOT_FREE(also("Order storage o = orders[id]; assembly { sstore(add(o.slot, 2), 1) }"));
    // The number before was given out in the other manner.
    EXPECT_NOT_FREE(orders(open, "function other() external payable { uint256 id = count++; " + made + " }"));
    EXPECT_NOT_FREE(orders(open, "constructor() { orders[5].status = 1; }"));
    EXPECT_NOT_FREE(orders(open,
                           "constructor() { other(); count = 0; } function other() internal { uint256 id = ++count; "
                           "orders[id].status = 1; }"));
}

// Of the number that the entry gets itself: nobody else gets it, though what is kept there is written behind the call.
std::string tickets(const std::string& open, const std::string& more = "") {
    return "contract Tickets { uint256 count; uint256 sold; mapping(uint256 => address) by; mapping(uint256 => uint256) "
           "worth;"
           "function open(uint256 q) external payable { uint256 id; " +
           open +
           " } function close(uint256 id) external { require(by[id] == msg.sender && worth[id] != 7); by[id] = "
           "address(0); " +
           more + "}";
}
const std::string tell = "{ (bool ok,) = msg.sender.call(\"\"); require(ok); }",
                  keep = "by[id] = msg.sender; worth[id] = msg.value;", rest = " worth[id] = 0; }";

TEST(CallbackFreeGiven, WhoGetsANumberHasItAlone) {
    EXPECT_FREE(tickets("id = ++count; " + tell + keep, rest));
    EXPECT_FREE(tickets("id = count++; " + tell + keep, rest));
    EXPECT_NOT_FREE(tickets("id = ++count; by[id] = msg.sender; " + tell + " worth[id] = msg.value;", rest));
    EXPECT_FREE(
        tickets("id = next(); " + tell + keep, rest + " function next() private returns (uint256) { return ++count; }"));
    EXPECT_NOT_FREE(tickets("id = count; " + tell + keep + " count++;", rest));
    EXPECT_NOT_FREE(tickets(tell + " id = count++; " + tell + keep + " id = count++; " + tell + keep, rest));
    EXPECT_NOT_FREE(tickets("for (uint256 i; i < q; ++i) { id = count++; " + tell + keep + " }", rest));
    EXPECT_NOT_FREE(tickets("id = ++count; id /= 2; " + tell + keep, rest));
    EXPECT_FREE(tickets("unchecked { id = ++count; } " + tell + keep, rest));
    EXPECT_NOT_FREE(with_small_count(tickets("unchecked { id = ++count; } " + tell + keep, rest)));
    EXPECT_NOT_FREE(tickets("unchecked { count += 2 ** 128; id = count; } " + tell + keep, rest));
    const std::string open = "id = ++count; " + tell + keep;
    EXPECT_NOT_FREE(tickets(open, rest + " function less() external { count -= 1; }"));
    EXPECT_NOT_FREE(tickets(open, rest + " function raw(uint256 n) external { assembly { sstore(count.slot, n) } }"));
    EXPECT_NOT_FREE(tickets(open, rest + " function other() external payable { uint256 id = count++; " + keep + " }"));
    // Anybody may write there before.
    EXPECT_NOT_FREE(tickets("id = ++count; worth[id] = 7; " + tell + "require(by[id] != msg.sender); " + keep,
                            rest + " function take(uint256 id) external { by[id] = msg.sender; worth[id] += 1; }"));
}

// The status is set by a function that others call with a number that they found, or that was just given out.
TEST(CallbackFreeGiven, InternalFunctionsWriteWhereTheirCallersFound) {
    const auto staged = [](const std::string& set, const std::string& close) {
        return orders("id = ++count; orders[id].maker = msg.sender; orders[id].money = msg.value; _set(id, 1);",
                      "function _set(uint256 id, uint256 s) private { " + set + " } function close(uint256 id) external { " +
                          close + " }");
    };
    const std::string plain = "orders[id].status = s;";
    EXPECT_FREE(staged(plain, "require(orders[id].status == 1); _set(id, 3);"));
    EXPECT_FREE(staged(plain,
                       "_check(id); _set(id, 3); } function _check(uint256 id) private view {"
                       "require(orders[id].status == 1);"));
    EXPECT_FREE(staged("_store(id, s); } function _store(uint256 id, uint256 s) private { " + plain,
                       "require(orders[id].status == 1); _set(id, 3);"));
    EXPECT_NOT_FREE(staged(plain, "_set(id, 3);"));
    EXPECT_NOT_FREE(staged(plain, "require(orders[id].status == 1); _set(id + 1, 3);"));
    EXPECT_NOT_FREE(staged(plain,
                           "if (id != 5) _check(id); _set(id, 3); } function _check(uint256 id) private view {"
                           "if (id > 9) require(orders[id].status == 1);"));
    EXPECT_NOT_FREE(staged(plain,
                           "require(orders[id].status == 1); _set(id, 3); } function any(uint256 id) external {"
                           "_set(id, 1);"));
}

// The same through storage pointers, which internal functions find.
std::string pointed(const std::string& open, const std::string& at = "require(o.status == wanted);",
                    const std::string& more = "") {
    return "contract Orders { struct Order { address maker; uint256 money; uint8 status; uint64 until; uint256 note; }"
           "uint256 count; mapping(uint256 => Order) orders; function open() external payable returns (uint256 id) { " +
           open + " } function _at(uint256 id, uint8 wanted) private view returns (Order storage o) { o = orders[id]; " +
           at +
           " } function fill(uint256 id) external { Order storage o = _at(id, 1); o.status = 2;"
           "(bool ok,) = msg.sender.call(\"\"); require(ok); (ok,) = o.maker.call{value: o.money}(\"\"); require(ok); "
           "o.money = 0; } " +
           more + "}";
}

TEST(CallbackFreeGiven, NumbersAreFollowedThroughPointers) {
    const std::string set = "o.maker = msg.sender; o.money = msg.value; o.status = 1; o.until = 7;";
    const std::string fresh = "id = ++count; Order storage o = orders[id]; " + set;
    const auto also = [](const std::string& body) { return "function also(uint256 id) external { " + body + " }"; };
    const std::string asked = "require(o.status == wanted);";
    EXPECT_FREE(pointed(fresh));
    EXPECT_FREE(pointed(fresh, "require(o.maker == msg.sender); require(o.status != 2);"));
    EXPECT_FREE(pointed(fresh, "require(block.timestamp < o.until && o.status != 2);"));
    EXPECT_FREE(pointed(fresh, "require(!(o.status == 2 || block.timestamp >= o.until));"));
    EXPECT_FREE(pointed(fresh, asked, also("Order storage o = _at(id, 1); o.status = 3; o.until = 9;")));
    EXPECT_FREE(pointed(fresh, asked, also("Order storage o = orders[id]; o.note = 3;")));
    // Neither where nothing tells that the number was given out, nor where the slot is written at others.
    EXPECT_NOT_FREE(pointed(fresh, ""));
    EXPECT_NOT_FREE(pointed(fresh, "require(o.note == 1);", also("Order storage o = orders[id]; o.note = 1;")));
    EXPECT_NOT_FREE(pointed(fresh, "require(o.status < wanted);"));
    EXPECT_NOT_FREE(pointed("id = count; Order storage o = orders[id]; " + set));
    EXPECT_NOT_FREE(pointed("id = ++count; Order storage o = orders[id + 1]; " + set));
    EXPECT_NOT_FREE(pointed("Order storage o = orders[++id]; " + set + " count += 1;"));
    EXPECT_NOT_FREE(pointed(fresh, asked, also("Order storage o = orders[id]; o.until = 9;")));
    EXPECT_NOT_FREE(pointed(fresh, asked, also("Order storage o = _at(id, 1); o = orders[id + 1]; o.status = 1;")));
    EXPECT_NOT_FREE(pointed(fresh, asked, also("if (orders[id].status == 0) orders[id].until = 9;")));
    EXPECT_NOT_FREE(pointed(fresh, asked, "constructor() { orders[5].status = 1; }"));
    EXPECT_NOT_FREE(pointed(fresh, asked, also("assembly { sstore(id, 1) }")));
}

TEST(CallbackFreeGiven, OfSeveralThatAreTakenEachIsFoundWhereItIsWritten) {
    const std::string set = "o.status = 1; o.maker = msg.sender; ";
    const std::string both = "id = ++count; Order storage o = orders[id]; " + set + "uint256 other = ++count; ";
    EXPECT_FREE(pointed(both + "o = orders[other]; " + set));
    EXPECT_FREE(pointed("for (uint256 i; i < 3; ++i) { id = ++count; Order storage o = orders[id]; " + set + " }"));
    EXPECT_NOT_FREE(
        pointed("for (uint256 i; i < 3; ++i) { id = count; Order storage o = orders[id]; " + set + " count++; }"));
}

// Tokens that are minted one after the other, each with a call to whoever gets it.
std::string mint(const std::string& one, const std::string& more = "", const std::string& first = "") {
    return "interface Receiver { function onERC721Received(address by, address from, uint256 id, bytes memory data) "
           "external; } contract Tokens { uint256 next = 1; "
           "mapping(uint256 => address) owner; mapping(uint256 => uint256) pot; mapping(address => uint256) count; "
           "mapping(address => uint256) due; "
           "function buy() external payable { due[msg.sender] += msg.value / 1 ether; } function mintAll() external { "
           "uint256 n = due[msg.sender]; due[msg.sender] = 0; " +
           first + "for (uint256 i; i < n; ++i) { " + one +
           " } } function transfer(address to, uint256 id) external { require(owner[id] == msg.sender && to != address(0)); "
           "owner[id] = to; count[msg.sender] -= 1; count[to] += 1; } " +
           more + "}";
}

TEST(CallbackFreeGiven, AnyNumberIsAsGoodAsAnother) {
    const std::string take = "uint256 id = next++; ", give = "owner[id] = msg.sender; count[msg.sender] += 1; ",
                      tell = "Receiver(msg.sender).onERC721Received(msg.sender, address(0), id, \"\"); ";
    const std::string burn =
        "function burn(uint256 id) external { require(owner[id] == msg.sender); delete owner[id]; "
        "count[msg.sender] -= 1; (bool ok,) = msg.sender.call{value: 1 ether}(\"\"); require(ok); }";
    EXPECT_FREE(mint(take + give + tell));
    EXPECT_FREE(mint("uint256 id = ++next; " + give + tell));
    EXPECT_FREE(mint("next++; uint256 id = next; " + give + tell));
    EXPECT_FREE(mint(take + give + tell, burn));
    const CallbackFreedom alike = freedom(mint(take + give + tell, burn));
    EXPECT_EQ(std::ranges::count(alike.assumptions, assumed(Assumed::NumbersAlike, "Tokens")), 1);
    EXPECT_FREE(mint(take + give + tell, burn, "emit From(next); ") + " event From(uint256 id);");
    // All who take one find that it is not too great.
    EXPECT_FREE(mint("require(next < 9); " + take + give + tell));
    EXPECT_NOT_FREE(
        mint("require(next < 9); " + take + give + tell, "function more() external { next++; due[msg.sender] = 1; }"));
    // Who looks at the counter sees how many came before.
    EXPECT_NOT_FREE(mint(take + give + tell, "function late() external { require(next > 9); due[msg.sender] = 1; }"));
    // Where the number is not one that nobody else has, or nothing tells that it was given out, the order counts.
    EXPECT_NOT_FREE(mint("uint256 id = next; " + give + tell + "next++;"));
    EXPECT_NOT_FREE(mint(take + tell + give));
    EXPECT_NOT_FREE(mint(take + give + tell, "function seize(uint256 id) external { owner[id] = msg.sender; }"));
    EXPECT_NOT_FREE(mint(take + give + tell, "function clear(uint256 id) external { delete owner[id]; }"));
    EXPECT_NOT_FREE(mint(take + give + tell, "function back() external { next = 1; }"));
    EXPECT_NOT_FREE(mint(take + give + tell + "owner[id] = msg.sender;"));
    EXPECT_NOT_FREE(mint(take + give + "pot[id] = 1; " + tell, "function fill(uint256 id) external { pot[id] += 5; }"));
    EXPECT_NOT_FREE(mint(take + give + tell, "function other() external { uint256 id = ++next; " + give + "}"));
    // What is owed must not be looked at again.
    EXPECT_NOT_FREE(mint(take + give + tell + "due[msg.sender] = 0;"));
}

// Whoever moves what nobody has yet has to be let by nobody, or by who moved it there.
TEST(CallbackFreeGiven, NobodyMovesWhatWasNotGivenOut) {
    const auto moved = [](const std::string& is_let, const std::string& let = "require(owner[id] == msg.sender); ",
                          const std::string& who = "msg.sender") {
        return mint(
            "uint256 id = next++; owner[id] = msg.sender; unchecked { count[msg.sender] += 1; } "
            "Receiver(msg.sender).onERC721Received(msg.sender, address(0), id, \"\"); ",
            "mapping(uint256 => address) mover; mapping(address => mapping(address => bool)) all;"
            "function allowAll(address who, bool may) external { all[" +
                who +
                "][who] = may; }"
                "function allow(address who, uint256 id) external { " +
                let +
                "mover[id] = who; }"
                "function move(address from, address to, uint256 id) external { require(owner[id] == from && "
                "to != address(0)); require(" +
                is_let + "); delete mover[id]; count[from] -= 1; count[to] += 1; owner[id] = to; }");
    };
    EXPECT_FREE(moved("msg.sender == from"));
    EXPECT_FREE(moved("msg.sender == from || all[from][msg.sender]"));
    EXPECT_FREE(moved("msg.sender == from || msg.sender == mover[id]"));
    EXPECT_FREE(moved("msg.sender == from || all[from][msg.sender] || msg.sender == mover[id]",
                      "address holder = owner[id]; require(msg.sender == holder || all[holder][msg.sender]);"));
    EXPECT_NOT_FREE(moved("msg.sender == to || all[to][msg.sender]"));
    EXPECT_NOT_FREE(moved("msg.sender == from || msg.sender == mover[id]", ""));
    EXPECT_NOT_FREE(moved("msg.sender == from || msg.sender == mover[id]", "require(owner[id + 1] == msg.sender); "));
    EXPECT_NOT_FREE(moved("msg.sender == from || all[from][msg.sender]", "require(owner[id] == msg.sender); ", "who"));
    EXPECT_NOT_FREE(moved("msg.sender == from || !all[from][msg.sender]"));
}

// What was copied to memory was read from storage.
std::string parcels(const std::string& accept, const std::string& more = "") {
    return "contract C { struct P { address from; bool open; uint64 until; uint256 worth; } mapping(uint256 => P) parcels;"
           "P[] list; mapping(uint256 => uint8) busy; uint256 next = 1;"
           "modifier handle(uint256 id) { require(busy[id] == 0); busy[id] = 1; _; delete busy[id]; }"
           "function send() external payable { uint256 id = next++; parcels[id] = P(msg.sender, true, 5, msg.value); }"
           "function take(uint256 id) external handle(id) { " +
           accept + " } " + more + " }";
}

TEST(CallbackFreeGiven, FieldsOfACopyTellOfTheNumber) {
    const std::string test = "P memory p = parcels[id]; require(p.from == msg.sender && block.timestamp > p.until);";
    const std::string call = "(bool ok,) = p.from.call{value: p.worth}(\"\"); require(ok);", gone = "delete parcels[id];";
    EXPECT_FREE(parcels(test + call + gone));
    EXPECT_NOT_FREE(parcels("P memory p = parcels[id]; " + call + gone));
    EXPECT_NOT_FREE(parcels("P memory p = parcels[id]; p.from = msg.sender; require(p.from == msg.sender);" + call + gone));
    EXPECT_NOT_FREE(
        parcels("P memory p = parcels[id]; assembly { mstore(0x80, caller()) } "
                "require(p.from == msg.sender);" +
                call + gone));
    EXPECT_NOT_FREE(
        parcels("P memory p = parcels[id]; assembly { calldatacopy(0, 0, calldatasize()) } "
                "require(p.from == msg.sender);" +
                call + gone));
    EXPECT_FREE(parcels(gone,
                        "function f(uint256 i) external { P memory p = list[i]; require(p.open); list[i].open = false;"
                        "(bool ok,) = p.from.call{value: p.worth}(\"\"); require(ok); list[i].until = p.until; }"));
}

// Functions that are given the copy only read it, or it may change.
TEST(CallbackFreeGiven, ACopyMayBePassedOn) {
    const std::string test = "P memory p = parcels[id]; require(p.from == msg.sender); ", gone = "delete parcels[id];";
    const auto pay = [](const std::string& first) {
        return "function pay(P memory p) private { " + first +
               " (bool ok,) = p.from.call{value: p.worth}(\"\"); require(ok); }";
    };
    EXPECT_FREE(parcels(test + "pay(p); " + gone, pay("")));
    EXPECT_FREE(parcels(test + "pay(p); " + gone, pay("note(p.from, p); ") +
                                                      "function note(address a, P memory p) private { next += p.worth + "
                                                      "(a == address(0) ? 0 : 1); }"));
    EXPECT_NOT_FREE(parcels("P memory p = parcels[id]; change(p); require(p.from == msg.sender); pay(p); " + gone,
                            pay("") + "function change(P memory p) private { p.from = msg.sender; }"));
    EXPECT_NOT_FREE(
        parcels("P memory p = parcels[id]; P memory q = same(p); q.from = msg.sender; require(p.from == msg.sender);"
                "pay(p); " +
                    gone,
                pay("") + "function same(P memory p) private returns (P memory) { return p; }"));
}

// What is only set where another field tells that the number was given out is zero elsewhere, too.
TEST(CallbackFreeGiven, OneFieldTellsOfTheOther) {
    const auto duels = [](const std::string& answer) {
        return "contract C { enum Hand { None, One } struct D { address host; address guest; bytes32 mark; Hand hand; "
               "uint256 worth; }"
               "mapping(uint256 => D) duels; uint256 count; bool busy; modifier alone() { require(!busy); busy = true; _; "
               "busy = "
               "false; }"
               "function open(bytes32 mark) external payable { uint256 id = ++count;"
               "duels[id] = D(msg.sender, address(0), mark, Hand.None, msg.value); }"
               "function answer(uint256 id, Hand hand) external payable alone { " +
               answer +
               " duels[id].guest = msg.sender; duels[id].hand = hand; }"
               "function end(uint256 id, bytes32 salt) external alone { D memory d = duels[id]; require(d.guest != "
               "address(0));"
               "require(d.mark == 0 || keccak256(abi.encode(salt)) == d.mark); pay(d.hand == Hand.One ? d.guest : d.host, "
               "d); delete "
               "duels[id]; }"
               "function pay(address to, D memory d) private { (bool ok,) = to.call{value: d.worth}(\"\"); require(ok); } }";
    };
    EXPECT_FREE(duels("require(duels[id].host != address(0) && duels[id].guest == address(0));"));
    EXPECT_FREE(duels("D storage d = duels[id]; require(!(d.host == address(0) || d.guest != address(0)));"));
    EXPECT_NOT_FREE(duels("require(duels[id].guest == address(0));"));
    EXPECT_NOT_FREE(duels("require(duels[id].host != address(0) || duels[id].guest == address(0));"));
    EXPECT_NOT_FREE(duels("require(duels[id + 1].host != address(0) && duels[id].guest == address(0));"));
}

TEST(CallbackFreeGiven, ReadingFieldsByNameLeavesTheCodeSound) {
    const std::string uses[] = {
        "P memory p = parcels[id]; require(p.open && p.from != msg.sender && p.until + p.worth > 0);",
        "P memory p = list[id]; if (p.open) { next = p.worth; } else { next = p.until; } require(p.from == msg.sender);",
        "for (uint256 i; i < 3; ++i) { P memory p = list[i]; next += p.worth; if (!p.open) continue; next += p.until; }",
        "P memory p = parcels[id]; p.worth += 1; next = p.worth;", "P memory p = list[id]; list.push(p); next = p.worth;"};
    for (const std::string& use : uses) {
        const auto compilation = lang::compile("c.sol", "pragma solidity ^0.8.0; " + parcels(use));
        ASSERT_TRUE(compilation.ok()) << use;
        const lang::ir::Contract changed = prover::without_struct_copies(*compilation.artifacts.front().ir);
        EXPECT_EQ(lang::ir::verify(changed), std::vector<std::string>{}) << lang::ir::print(changed);
        const std::string before = lang::ir::print(*compilation.artifacts.front().ir), after = lang::ir::print(changed);
        const bool is_kept = use.find("p.worth +=") != std::string::npos;
        EXPECT_EQ(before == after, is_kept) << use;
    }
}

// Orders of somebody who may have only so many: what tells of the number tells of all that is kept under it.
std::string book(const std::string& take, const std::string& more = "") {
    return "contract C { struct Order { address maker; address give; uint256 left; } uint256 next = 1; uint256 other;"
           "mapping(uint256 => Order) orders; mapping(uint256 => uint256) loose; mapping(address => uint256) open;"
           "function place(address give, uint256 a) external { require(open[msg.sender] < 9); open[msg.sender] += 1;"
           R"((bool ok,) = give.call(""); require(ok); uint256 id = next++; orders[id] = Order(msg.sender, give, a); })"
           "function take(uint256 id) external { " +
           take + " } " + more + "}";
}

TEST(CallbackFreeGiven, WhatTellsOfANumberTellsOfAllUnderIt) {
    const std::string is_there = "require(orders[id].maker != address(0)); ",
                      gone = "delete orders[id]; open[msg.sender] = 0;";
    EXPECT_FREE(book(is_there + "other = orders[id].left; " + gone));
    EXPECT_FREE(book("Order memory o = orders[id]; require(o.maker != address(0)); " + gone + "other = o.left;"));
    EXPECT_FREE(book("Order storage o = orders[id]; require(o.maker == msg.sender); o.left -= 1; open[o.maker] = 0;"));
    EXPECT_FREE(book(is_there + "orders[id].left = 0; orders[id].maker = address(0); open[msg.sender] = 0;"));
    // It must be found under the same number, before anybody else acts.
    EXPECT_NOT_FREE(book("other = orders[id].left; open[msg.sender] = 0;",
                         "function clear(uint256 id) external { delete "
                         "orders[id]; }"));
    EXPECT_NOT_FREE(book("if (other == 3) require(orders[id].maker != address(0)); other = orders[id].left; " + gone));
    EXPECT_NOT_FREE(book("require(orders[id + 1].maker != address(0)); other = orders[id].left; " + gone));
    EXPECT_NOT_FREE(book(is_there + "id = id + 1; other = orders[id].left; " + gone));
    EXPECT_NOT_FREE(book("require(loose[id] != 0); other = orders[id].left; " + gone,
                         "function set(uint256 id) external { loose[id] = 1; }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_given
