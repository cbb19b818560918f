// Callback-freedom where something is only asked: whether there is enough, whether a person or a contract calls, who owns a
// token, and what is told to whoever called.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

bool assumes(const std::string& source, Assumed what) {
    return std::ranges::count(freedom(source).assumptions, assumed(what)) != 0;
}

TEST(CallbackFreeAsks, WhatIsEnoughIsEnoughAfterMoreWasAdded) {
    const auto twice = [](const std::string& ask, const std::string& type = "uint256") {
        return "contract C { mapping(address => " + type +
               ") b; function put() external payable { b[msg.sender] += " + type + "(msg.value); } function take(" + type +
               " a) external { " + ask +
               " (bool p,) = msg.sender.call{value: a / 2}(\"\"); require(p);"
               "(bool q,) = msg.sender.call{value: a - a / 2}(\"\"); require(q); } }";
    };
    for (const char* enough : {"require(b[msg.sender] >= a);", "if (a > b[msg.sender]) revert();"}) {
        EXPECT_FREE(twice(std::string(enough) + " b[msg.sender] -= a;"));
        EXPECT_FALSE(pays_what_is_at_hand(twice(std::string(enough) + " b[msg.sender] -= a;"), "take"));
    }
    // Else who pays in comes afterwards, and what is paid before must be there without that.
    for (const std::string& source : {twice("require(b[msg.sender] == a); b[msg.sender] -= a;"),
                                      twice("require(b[msg.sender] <= a); b[msg.sender] -= a;"),
                                      twice("require(b[msg.sender] >= a); b[msg.sender] -= a;", "uint64"),
                                      twice("uint256 h = b[msg.sender]; require(h >= a); b[msg.sender] -= h - a;")})
        EXPECT_TRUE(pays_what_is_at_hand(source, "take")) << source;
}

TEST(CallbackFreeAsks, WhoeverSubtractsIsNotPassedByWhoAsks) {
    EXPECT_NOT_FREE(
        "contract C { mapping(address => uint256) b; function give(address to, uint256 a) external { b[msg.sender] -= a; "
        "b[to] += a; } function f() external { require(b[msg.sender] >= 10); (bool ok,) = msg.sender.call(\"\"); "
        "require(ok); b[msg.sender] = 7; } }");
}

TEST(CallbackFreeAsks, WhoBeganTheTransactionHasNoCode) {
    const auto guarded = [](const std::string& put, const std::string& take, const std::string& more = "") {
        return "contract C { mapping(address => uint256) b; function put() external payable { " + put +
               " b[msg.sender] += msg.value; } function take() external { " + take + " uint256 a = b[msg.sender]; " + pay +
               " b[msg.sender] = 0; }" + more + "}";
    };
    const std::string person = "require(msg.sender == tx.origin);";
    EXPECT_FREE(guarded(person, person));
    EXPECT_FREE(guarded("if (tx.origin != msg.sender) revert();", person));
    EXPECT_TRUE(assumes(guarded(person, person), Assumed::PlainOrigin));
    const std::string move = "function move(address to) external { b[to] += b[msg.sender]; b[msg.sender] = 0; }";
    EXPECT_NOT_FREE(guarded(person, "", move));
    // Nobody calls back from there, whatever else is open.
    EXPECT_FREE(guarded("", person, move));
    EXPECT_FREE(guarded("", "if (msg.sender != tx.origin) revert();", move));
    EXPECT_FREE(guarded("", "require(msg.sender.code.length == 0);", move));
    EXPECT_FREE(guarded("", "if (msg.sender.code.length > 0) revert();", move));
    EXPECT_FREE(guarded("", "require(!_has(msg.sender));",
                        move + "function _has(address a) internal view returns (bool) { uint256 n; assembly { n := "
                               "extcodesize(a) } return n > 0; }"));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender != tx.origin);", move));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender.code.length != 0);", move));
    EXPECT_NOT_FREE(guarded("", "require(msg.sender.code.length < 2);", move));
    EXPECT_NOT_FREE(guarded("", "require(tx.origin.code.length == 0);", move));
    EXPECT_NOT_FREE(guarded("", "if (msg.sender == tx.origin) b[tx.origin] += 1;", move));
}

TEST(CallbackFreeAsks, NftsTellAfterTheTransfer) {
    const auto market = [](const std::string& asked, const std::string& end) {
        return "interface N { function safeTransferFrom(address from, address to, uint256 id) external; "
               "function ownerOf(uint256 id) external view returns (address); "
               "function balanceOf(address who) external view returns (uint256); }"
               "contract C { N immutable n; constructor(N x) { n = x; } mapping(uint256 => uint256) price; "
               "mapping(uint256 => address) by; mapping(address => uint256) due;"
               "function list(uint256 id, uint256 p) external { require(" +
               asked +
               "); price[id] = p; by[id] = msg.sender; }"
               "function buy(uint256 id) external payable { uint256 p = price[id]; require(p > 0 && msg.value == p); "
               "address from = by[id]; price[id] = 0; due[from] += p; n.safeTransferFrom(from, msg.sender, id); " +
               end + "} }";
    };
    EXPECT_FREE(market("n.ownerOf(id) == msg.sender", ""));
    EXPECT_TRUE(assumes(market("n.ownerOf(id) == msg.sender", ""), Assumed::ToldAfterwards));
    EXPECT_NOT_FREE(market("n.balanceOf(msg.sender) > 0", ""));
    EXPECT_NOT_FREE(market("n.ownerOf(id) == msg.sender", "price[id] = 0;"));
    EXPECT_NOT_FREE(market("n.ownerOf(id) == msg.sender", "require(n.ownerOf(id) == msg.sender);"));
}

TEST(CallbackFreeAsks, WhatIsToldToWhoeverCalledConcernsNobodyHere) {
    const auto executor = [](const std::string& after, const std::string& returns = "bytes memory") {
        return "contract C { mapping(bytes32 => bool) due; address owner = msg.sender; uint256 n;"
               "function set(uint256 x) external { require(msg.sender == address(this)); n = x; }"
               "function queue(bytes32 h) external { require(msg.sender == owner); due[h] = true; }"
               "function run(address t, bytes calldata d) external returns (" +
               returns +
               ") { bytes32 h = keccak256(abi.encode(t, d)); require(due[h]); due[h] = false; (bool ok, bytes memory r) = "
               "t.call(d); require(ok); " +
               after + " } }";
    };
    EXPECT_FREE(executor("return r;"));
    EXPECT_NOT_FREE(executor("n = r.length; return r;"));
    EXPECT_NOT_FREE(executor("if (r.length == 32) n = 1; return r;"));
    EXPECT_NOT_FREE(executor("bytes[] memory all = new bytes[](1); all[0] = r; n = uint8(all[0][3]); return r;"));
}

TEST(CallbackFreeAsks, TheStipendDoesNotPayForSelfdestruct) {
    const auto shared = [](const std::string& first) {
        return "contract C { address dev; constructor(address d) { dev = d; } function sell(uint256 part) external { "
               "uint256 v = address(this).balance / part; " +
               first + " payable(msg.sender).transfer(v); } }";
    };
    EXPECT_FREE(shared("payable(dev).transfer(v / 20);"));
    EXPECT_NOT_FREE(shared("(bool ok,) = dev.call{value: v / 20}(\"\"); require(ok);"));
}

TEST(CallbackFreeAsks, EveryAssumptionHasAPage) {
    EXPECT_EQ(find_assumption("A101"), &page_of(Assumed::Fork));
    EXPECT_EQ(find_assumption("A999"), nullptr);
    for (const Assumption& each : assumptions()) {
        EXPECT_FALSE(each.text.empty()) << each.id;
        EXPECT_EQ(find_assumption(each.id), &each);
    }
    EXPECT_EQ(assumption_of(assumed(Assumed::OddViews, "Pool", "price, supply")), &page_of(Assumed::OddViews));
    EXPECT_EQ(assumption_of(assumed(Assumed::OneOfKind, "`t` of `C`", "T")), &page_of(Assumed::OneOfKind));
    EXPECT_EQ(assumption_of(assumed(Assumed::SharedOfKind, "`t` of `C`", "T")), &page_of(Assumed::SharedOfKind));
    EXPECT_EQ(assumption_of("nothing of the kind"), nullptr);
}

}  // namespace
}  // namespace interlock::analyzer::tests
