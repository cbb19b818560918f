// Tokens of the sources that may be taken for tokens of which there is no source.
#include "analyzer/prover/plain_tokens.hpp"
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_plain_tokens {
namespace {

const std::string sender_first = "hook(from); b[from] -= n; b[to] += n; hook(to);";

// The last contract of the source keeps what arrives of the token before it.
std::string vault(const std::string& move, const std::string& lock = "require(!on); on = true; _; on = false;",
                  const std::string& members = "", const std::string& more = "") {
    return "interface Hook { function moved(address from, address to, uint256 n) external; }"
           "contract Coin { mapping(address => uint256) b; mapping(address => mapping(address => uint256)) public allowance;"
           "mapping(address => Hook) hooks; " +
           members +
           " function listen(Hook h) external { hooks[msg.sender] = h; }"
           "function balanceOf(address who) external view returns (uint256) { return b[who]; }"
           "function approve(address who, uint256 n) external returns (bool) { allowance[msg.sender][who] = n; return true; "
           "}"
           "function transfer(address to, uint256 n) external returns (bool) { move(msg.sender, to, n); return true; }"
           "function transferFrom(address from, address to, uint256 n) external returns (bool) {"
           "allowance[from][msg.sender] -= n; move(from, to, n); return true; }"
           "function hook(address who) internal { Hook h = hooks[who]; if (address(h) != address(0)) h.moved(who, who, 0); }"
           "function move(address from, address to, uint256 n) internal { " +
           move +
           " } }"
           "contract Vault { Coin immutable coin; bool on; uint256 total; mapping(address => uint256) public shares;"
           "modifier once() { " +
           lock + " } constructor(Coin c) { coin = c; } " + more +
           "function put(uint256 n) external once { uint256 before = coin.balanceOf(address(this));"
           "coin.transferFrom(msg.sender, address(this), n); uint256 got = coin.balanceOf(address(this)) - before;"
           "total += got; shares[msg.sender] += got; }"
           "function take(uint256 n) external once { shares[msg.sender] -= n; total -= n; coin.transfer(msg.sender, n); } }";
}

bool is_plain(const std::string& move, const std::string& members = "") {
    const lang::Compilation compilation = lang::compile("c.sol", "pragma solidity ^0.8.24;\n" + vault(move, "_;", members));
    EXPECT_TRUE(compilation.ok()) << move;
    for (const lang::Artifact& each : compilation.artifacts)
        if (each.name == "Coin") return prover::is_plain_token(*each.ir);
    return false;
}

TEST(CallbackFreePlainTokens, CallWhoSendsBeforeAndWhoGetsAfterwards) {
    EXPECT_TRUE(is_plain(sender_first));
    EXPECT_TRUE(is_plain("b[from] -= n; b[to] += n;"));
    EXPECT_TRUE(is_plain("b[from] -= n; b[to] += n; hook(to);"));
    EXPECT_TRUE(is_plain("hook(from); b[from] -= n; b[to] += n;"));
    EXPECT_TRUE(
        is_plain("uint256 had = b[from]; require(had >= n); unchecked { b[from] = had - n; b[to] += n; } hook(to);"));
    EXPECT_FALSE(is_plain("b[from] -= n; hook(from); b[to] += n;"));
    EXPECT_FALSE(is_plain("hook(to); b[from] -= n; b[to] += n;"));
    EXPECT_FALSE(is_plain("b[from] -= n; b[to] += n; hook(from);"));
    EXPECT_FALSE(is_plain("if (n > 5) hook(to); b[from] -= n; b[to] += n;"));
    EXPECT_FALSE(is_plain("for (uint256 i; i < 2; ++i) { b[from] -= n / 2; b[to] += n / 2; hook(to); }"));
    EXPECT_FALSE(is_plain("hook(address(this)); b[from] -= n; b[to] += n;"));
    EXPECT_FALSE(is_plain("b[from] = 0; b[to] += n; hook(to);"));
}

TEST(CallbackFreePlainTokens, DoNothingElse) {
    EXPECT_TRUE(is_plain(sender_first, "function burn(uint256 n) external { b[msg.sender] -= n; }"));
    EXPECT_TRUE(is_plain(sender_first, "function mint(address who) external { hook(who); b[who] += 1; }"));
    EXPECT_FALSE(is_plain(sender_first, "function mint(address who) external { b[who] += 1; hook(who); b[who] += 1; }"));
    EXPECT_FALSE(
        is_plain(sender_first,
                 "function cash(uint256 n) external { b[msg.sender] -= n; (bool ok,) = msg.sender.call{value: n}(\"\");"
                 "require(ok); }"));
    EXPECT_FALSE(is_plain(sender_first, "function poke(uint256 s) external { assembly { sstore(s, 1) } }"));
    EXPECT_FALSE(is_plain(sender_first, "function run(address a) external { a.delegatecall(\"\"); }"));
}

TEST(CallbackFreePlainTokens, MayBeGivenAwayInTheMiddle) {
    EXPECT_FREE(vault(sender_first));
    EXPECT_FREE(vault("b[from] -= n; b[to] += n;", "_;"));
    EXPECT_NOT_FREE(vault(sender_first, "_;"));
    // Where the token does it the other way round, or half, it is looked at itself.
    EXPECT_NOT_FREE(vault("hook(to); b[from] -= n; b[to] += n;"));
    EXPECT_NOT_FREE(vault("b[from] -= n; hook(from); b[to] += n;"));
    // So it is where the vault listens.
    EXPECT_NOT_FREE(vault(sender_first, "require(!on); on = true; _; on = false;", "",
                          "function moved(address, address, uint256 n) external { total += n; }"));
}

// A proof that takes it for one needs the token's own.
TEST(CallbackFreePlainTokens, AreProvedThemselves) {
    const auto of_vault = [](const std::string& members) {
        return vault(sender_first, "require(!on); on = true; _; on = false;", members);
    };
    EXPECT_FREE(of_vault("uint256 last; function note() external { last = 1; }"));
    EXPECT_NOT_FREE(
        of_vault("uint256 last; uint256 sum; function note() external { uint256 l = last; hook(msg.sender); last = l + 1; "
                 "sum += l; }"));
}

// Of two views that do not fit together it takes both to see that.
TEST(CallbackFreeMixedViews, AreSeenByWhoAsksBoth) {
    const auto book = [](const std::string& asks) {
        return "interface Told { function told() external; }"
               "contract Book { uint256 public a; uint256 public b; function put(uint256 n) external { a += n;"
               "Told(msg.sender).told(); b += n; } } contract Reader { Book immutable book; constructor(Book x) { book = x; "
               "}"
               "function look() external view returns (uint256) { return " +
               asks + "; } }";
    };
    const auto of_book = [](const std::string& source) { return freedom(source, "Book"); };
    EXPECT_TRUE(of_book(book("book.a()")).is_proved()) << obstacles(of_book(book("book.a()")));
    EXPECT_TRUE(of_book(book("book.b()")).is_proved());
    EXPECT_FALSE(of_book(book("book.a() + book.b()")).is_proved());
    EXPECT_FALSE(of_book(book("book.b()") + "contract Other { function see(Book x) external view returns (uint256) {"
                                            "return x.a(); } }")
                     .is_proved());
}

// Who sends tokens on is taken to have had them, also where what is given was taken and is not checked again.
TEST(CallbackFreePlainTokens, HoldersMayBeToldBeforeTheirTokensLeave) {
    const auto coin = [](const std::string& move, const std::string& first = "") {
        return "interface Hook { function leaving(address to, uint256 n) external; } contract Coin {"
               "mapping(address => uint256) b; mapping(address => mapping(address => uint256)) allowance;"
               "mapping(address => Hook) hooks; function listen(Hook h) external { hooks[msg.sender] = h; }"
               "function approve(address who, uint256 n) external { allowance[msg.sender][who] = n; }"
               "function transfer(address to, uint256 n) external { move(msg.sender, to, n); }"
               "function transferFrom(address from, address to, uint256 n) external {"
               "allowance[from][msg.sender] -= n; move(from, to, n); }"
               "function move(address from, address to, uint256 n) internal { " +
               first + " if (address(hooks[from]) != address(0)) hooks[from].leaving(to, n); " + move + " } }";
    };
    EXPECT_FREE(coin("b[from] -= n; b[to] += n;"));
    EXPECT_FREE(coin("require(b[from] >= n); unchecked { b[from] -= n; b[to] += n; }"));
    EXPECT_EQ(std::ranges::count(freedom(coin("b[from] -= n; unchecked { b[to] += n; }")).assumptions,
                                 assumed(Assumed::AtHand, "transferFrom")),
              1);
    EXPECT_NOT_FREE(coin("b[from] = had - n; unchecked { b[to] += n; }", "uint256 had = b[from];"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_plain_tokens
