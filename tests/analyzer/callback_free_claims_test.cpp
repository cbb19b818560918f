// Words that are claimed: what was found to be zero is nobody's, where nobody sets such a word to zero again.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_claims {
namespace {

const std::string receiver =
    "interface R { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }";
const std::string hook =
    "require(R(to).onERC721Received(msg.sender, address(0), id, \"\") == R.onERC721Received.selector); ";
const std::string usual = "require(o[id] == address(0)); o[id] = to; b[to] += 1; " + hook;

// Each token's buyer is told before the next one is made. Others may get the same numbers.
std::string club(const std::string& mint = usual, const std::string& more = "",
                 const std::string& give =
                     "require(o[id] == msg.sender && to != address(0)); o[id] = to; b[msg.sender] -= 1;"
                     " b[to] += 1;") {
    return receiver +
           "contract Club { mapping(uint256 => address) o; mapping(address => uint256) b; mapping(uint256 => address) ok;"
           "uint256 n; uint256 x; function buy(uint256 q) external { uint256 first = n; n = first + q;"
           "for (uint256 i = 0; i < q; ++i) _mint(msg.sender, first + 2 * i); }"
           "function _mint(address to, uint256 id) private { " +
           mint + " } function give(address to, uint256 id) external { " + give +
           " } function allow(address who, uint256 id) external { require(o[id] == msg.sender); ok[id] = who; } "
           "function see(uint256 id) external { require(ok[id] != msg.sender && x != 7); } " +
           more + "}";
}

TEST(CallbackFreeClaims, WhatIsNobodysIsNotWhatOthersHave) {
    EXPECT_FREE(club());
    EXPECT_FREE(club("address from = o[id]; o[id] = to; b[to] += 1; if (from != address(0)) revert(); " + hook));
    EXPECT_FREE(club("require(_of(id) == address(0)); o[id] = to; b[to] += 1; " + hook,
                     "function _of(uint256 id) private view returns (address) { return o[id]; }"));
    EXPECT_FREE(
        club("_put(to, id); " + hook,
             "function _put(address to, uint256 id) private { require(o[id] == address(0)); o[id] = to; b[to] += 1; }"));
    EXPECT_FREE(club(usual, "",
                     "address from = o[id]; require(to != address(0)); o[id] = to; require(from == msg.sender);"
                     " b[from] -= 1; b[to] += 1;"));
    // By number, and in a struct.
    EXPECT_FREE(receiver +
                "contract C { struct S { uint8 state; address by; } mapping(uint256 => S) s; uint256 n;"
                "function open(uint256 q) external { uint256 first = n; n = first + q; address to = msg.sender;"
                "for (uint256 i; i < q; ++i) { uint256 id = first + i; require(s[id].state == 0); s[id].state = 1; " +
                hook + "} } function close(uint256 id) external { require(s[id].state == 1); s[id].state = 2; } }");
}

// Where memory is counted as solc does, words are cut to their length, which may be in vain.
TEST(CallbackFreeClaims, WhatIsCutInVainIsTheSame) {
    const auto cut = [](const std::string& mask) {
        return club("require(_of(id) == address(0)); o[id] = to; b[to] += 1; " + hook,
                    "function _of(uint256 id) private view returns (address a) { a = o[id]; assembly { a := and(a, " + mask +
                        ") } }");
    };
    EXPECT_FREE(cut("0xffffffffffffffffffffffffffffffffffffffff"));
    EXPECT_FREE(cut("not(0)"));
    EXPECT_NOT_FREE(cut("0xffffffffffffffffffffffffffffffff"));
    EXPECT_NOT_FREE(cut("0xfffffffffffffffffffffffffffffffffffffff0"));
}

TEST(CallbackFreeClaims, NotWhereTheWordMayBeZeroAgain) {
    EXPECT_NOT_FREE(club(usual, "function burn(uint256 id) external { require(o[id] == msg.sender); delete o[id]; }"));
    EXPECT_NOT_FREE(club(usual, "function burn(uint256 id) external { require(o[id] == msg.sender); o[id] = address(0); }"));
    EXPECT_NOT_FREE(club(usual, "", "require(o[id] == msg.sender); o[id] = to; b[msg.sender] -= 1; b[to] += 1;"));
    EXPECT_NOT_FREE(club(usual, "function raw(uint256 s) external { assembly { sstore(s, 0) } }"));
    EXPECT_NOT_FREE(club(usual,
                         "function raw(uint256 id, uint256 v) external { assembly { mstore(0, id) mstore(32, o.slot)"
                         " sstore(keccak256(0, 64), v) } }"));
    EXPECT_NOT_FREE(club(usual,
                         "function two(uint256 id, bool f) external { require(o[id] == msg.sender);"
                         " o[id] = f ? msg.sender : address(0); }"));
}

TEST(CallbackFreeClaims, NotWhereTheWordWasNotFoundToBeZero) {
    const std::string put = " o[id] = to; b[to] += 1; ";
    EXPECT_NOT_FREE(club(put + hook));
    EXPECT_NOT_FREE(club("require(o[id + 1] == address(0));" + put + hook));
    EXPECT_NOT_FREE(club("require(o[id] != to);" + put + hook));
    EXPECT_NOT_FREE(club("if (o[id] == address(0)) x = 1;" + put + hook));
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); ++id;" + put + hook));
    EXPECT_NOT_FREE(club("if (id != 7) require(o[id] == address(0));" + put + hook));
    EXPECT_NOT_FREE(club("require(o[id] == address(0) || x == 1);" + put + hook));
    // Before the call, and written behind it.
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); " + hook + put));
    EXPECT_NOT_FREE(club("address from = o[id]; " + hook + put + "require(from == address(0));"));
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); if (id != 7) { " + put + " } " + hook));
    EXPECT_NOT_FREE(club(usual + put));
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); b[to] += 1; " + hook));
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); for (uint256 k; k < 2; ++k) { o[id] = to; id += 1; } " + hook));
}

TEST(CallbackFreeClaims, NotWhereOthersLookAtWhatIsNobodys) {
    EXPECT_NOT_FREE(
        club(usual,
             "mapping(uint256 => address) m; function note(uint256 id) external { if (m[id] == address(0)) m[id] = o[id]; }"
             " function ask(uint256 id) external { require(m[id] == msg.sender && x != 7); }"));
    EXPECT_NOT_FREE(club(usual, "function none(uint256 id) external { require(o[id] == address(0)); x = id; }"));
    EXPECT_NOT_FREE(club(usual, "function some(uint256 id) external { if (o[id] != address(0)) x = id; }"));
    EXPECT_NOT_FREE(club(usual, "",
                         "address from = o[id]; require(to != address(0)); if (from == msg.sender) o[id] = to;"
                         " b[msg.sender] -= 1; b[to] += 1;"));
    // What was claimed before is given on in the middle.
    EXPECT_NOT_FREE(club("require(o[id] == address(0)); o[id] = to; b[to] += 1; " + hook + "x = uint160(o[id]);"));
    // The count that the next one is made by.
    EXPECT_NOT_FREE(club("id = n; n = id + 1; " + usual));
}

// As in OpenZeppelin's ERC-721, where one function gives, makes and burns.
TEST(CallbackFreeClaims, WhatHadNobodyIsTakenFromNobody) {
    const auto update = [](const std::string& more, const std::string& found = "require(from == address(0)); ",
                           const std::string& from = "o[id]") {
        return club("address from = _put(to, id, address(0)); " + found + hook,
                    "function _put(address to, uint256 id, address by) private returns (address from) { from = " + from +
                        "; if (by != address(0)) require(by == from || ok[id] == by);"
                        "if (from != address(0)) { ok[id] = address(0); unchecked { b[from] -= 1; } }"
                        "if (to != address(0)) { unchecked { b[to] += 1; } } o[id] = to; " +
                        more + "}",
                    "require(to != address(0)); address from = _put(to, id, msg.sender); require(from == msg.sender);");
    };
    EXPECT_FREE(update(""));
    EXPECT_NOT_FREE(update("", ""));
    EXPECT_NOT_FREE(update("", "if (from != address(0)) return; "));
    EXPECT_NOT_FREE(update("", "require(from == address(0)); ", "o[id + 1]"));
    EXPECT_NOT_FREE(update("if (o[id + 1] != address(0)) ok[id] = address(0);"));
    EXPECT_NOT_FREE(update("if (from == address(0)) ok[id] = address(0);"));
    EXPECT_NOT_FREE(update("ok[id] = address(0);"));
}

// As in solmate's ERC-721: nobody acts for nobody.
TEST(CallbackFreeClaims, WhoMayActForSomebodyActsForSomebody) {
    const auto acting = [](const std::string& grant, const std::string& test = "msg.sender == from || all[from][msg.sender]",
                           const std::string& more = "") {
        return club(usual,
                    "mapping(address => mapping(address => bool)) all; function grant(address who, bool yes) external { " +
                        grant + " } function allow2(address who, uint256 id) external { address from = o[id]; require(" +
                        test + "); ok[id] = who; } " + more);
    };
    EXPECT_FREE(acting("all[msg.sender][who] = yes;"));
    EXPECT_FREE(acting("require(who != address(0)); all[who][msg.sender] = yes;"));
    EXPECT_NOT_FREE(acting("all[who][msg.sender] = yes;"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "msg.sender == from || all[msg.sender][from]"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "msg.sender == from || !all[from][msg.sender]"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "from == address(0) || all[from][msg.sender]"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "msg.sender == from || all[from][msg.sender] || x == 1"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "msg.sender == from || all[from][msg.sender]",
                           "constructor(address who) { all[who][msg.sender] = true; }"));
    EXPECT_NOT_FREE(acting("all[msg.sender][who] = yes;", "msg.sender == from || all[from][msg.sender]",
                           "function raw(uint256 k) external { assembly { mstore(0, k) mstore(32, all.slot)"
                           " mstore(32, keccak256(0, 64)) sstore(keccak256(0, 64), 1) } }"));
}

// A registry of flags that nobody takes back: who finds one set finds it set later, too.
TEST(CallbackFreeClaims, AFlagThatWasFoundSetStaysSet) {
    const auto registry = [](const std::string& use, const std::string& set = "known[x] = true;") {
        return "contract R { mapping(address => bool) known; mapping(address => uint256) n; address last; uint256 total;"
               "function add(address x) external { last = x; (bool ok,) = msg.sender.call(\"\"); require(ok); " +
               set + " } function use(address x) external { require(last != address(9) && n[x] + total < 9); " + use +
               " total += 1; } }";
    };
    EXPECT_FREE(registry("require(known[x]);"));
    EXPECT_FREE(registry("if (!known[x]) revert();"));
    EXPECT_NOT_FREE(registry("require(!known[x]);"));
    EXPECT_NOT_FREE(registry("if (known[x]) n[x] = 1; "));
    EXPECT_NOT_FREE(registry("bool had = known[x]; known[x] = true; if (had) n[x] = 1;"));
    EXPECT_NOT_FREE(registry("require(known[x]);", "known[x] = !known[x];"));
    EXPECT_NOT_FREE(registry("require(n[x] != 0);", "n[x] = 1;") +
                    " contract S { function f(R r) external { r.use(address(1)); } }");
    EXPECT_NOT_FREE(registry("require(n[x] != 0); total = n[x];", "n[x] = 1;"));
}

// What was put at the next number keeps those out who have to find nothing there, until the number is taken.
TEST(CallbackFreeClaims, WhoFindsSomethingAtTheNextNumberWaits) {
    const auto drop = [](const std::string& mint, const std::string& more = "") {
        return "contract Drop { mapping(uint256 => address) o; uint256 next; mapping(address => uint256) had; uint256 x;"
               "function mint() external { require(had[msg.sender] < 2 && next < 900); " +
               mint +
               " had[msg.sender] += 1; } function give(uint256 id, address to) external {"
               " require(o[id] == msg.sender); require(to != address(0)); o[id] = to; } " +
               more + " }";
    };
    const std::string put = "require(o[next] == address(0)); o[next] = msg.sender; ",
                      call = "(bool ok,) = msg.sender.call(\"\"); require(ok); ";
    EXPECT_FREE(drop(put + call + "next += 1;"));
    EXPECT_FREE(drop("uint256 id = next; require(o[id] == address(0)); o[id] = msg.sender; " + call + "next = id + 1;"));
    // Nobody has to find nothing there, or somebody goes on, or it may be empty again.
    EXPECT_NOT_FREE(drop("o[next] = msg.sender; " + call + "next += 1;"));
    EXPECT_NOT_FREE(drop("require(o[next + 1] == address(0)); o[next] = msg.sender; " + call + "next += 1;"));
    EXPECT_NOT_FREE(drop(put + call + "next += 1;", "function skip() external { next += 1; }"));
    EXPECT_NOT_FREE(drop(put + call + "next += 1;",
                         "function burn(uint256 id) external { require(o[id] == msg.sender); delete o[id]; }"));
    EXPECT_NOT_FREE(drop(put + "next += 1; " + call + "x += next;"));
    EXPECT_NOT_FREE(drop("require(o[next] == address(0)); " + call + "o[next] = msg.sender; next += 1;"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_claims
