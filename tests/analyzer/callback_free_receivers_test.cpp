// Accounts that are told of tokens which they got: others may be told first.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

const std::string receiver =
    "interface R { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4);"
    " function onSold(address, address, uint256, bytes calldata) external returns (bytes4); }"
    "interface T { function transferFrom(address, address, uint256) external returns (bool);"
    " function balanceOf(address) external view returns (uint256); }";

std::string tell(const std::string& to = "msg.sender", const std::string& how = "onERC721Received") {
    return "require(R(" + to + ")." + how + "(msg.sender, address(0), i, \"\") == R." + how + ".selector);";
}

// Tokens that are one of a kind; `after` follows when the buyer is told.
std::string gallery(const std::string& after = "", const std::string& told = tell(), const std::string& more = "") {
    return receiver +
           "contract N { mapping(uint256 => address) o; mapping(address => uint256) b; mapping(address => uint256) got;"
           "uint256 n; uint256 sold; T t; function buy(address to, uint256 q) external payable { uint256 first = n;"
           "require(got[msg.sender] + q < 4); got[msg.sender] += q; n = first + q;"
           "for (uint256 i = first; i < first + q; ++i) { o[i] = msg.sender; b[msg.sender] += 1; }"
           "for (uint256 i = first; i < first + q; ++i) { " +
           told + " } " + after +
           " } function give(address to, uint256 id) external { require(o[id] == msg.sender); o[id] = to; b[msg.sender] -= "
           "1;"
           "b[to] += 1; } " +
           more + "}";
}

TEST(CallbackFreeReceivers, MayBeToldInAnotherOrder) {
    EXPECT_FREE(gallery());
    EXPECT_FREE(gallery("", "if (msg.sender.code.length > 0) { " + tell() + " }"));
    EXPECT_FREE(gallery("",
                        "try R(msg.sender).onERC721Received(msg.sender, address(0), i, \"\") returns (bytes4 r) {"
                        " require(r == R.onERC721Received.selector); } catch { revert(); }"));
    EXPECT_FREE(gallery("if (msg.value > 1) { (bool ok,) = msg.sender.call{value: msg.value - 1}(\"\"); require(ok); }"));
    EXPECT_FREE(gallery("sold += q;"));
    const CallbackFreedom found = freedom(gallery());
    EXPECT_EQ(std::ranges::count(found.assumptions, assumed(Assumed::ToldInOrder)), 1);
    EXPECT_EQ(std::ranges::count(freedom(bank("")).assumptions, assumed(Assumed::ToldInOrder)), 0);
}

TEST(CallbackFreeReceivers, ButNotBeforeWhatConcernsThem) {
    EXPECT_NOT_FREE(gallery("n = first + q + 1;"));
    EXPECT_NOT_FREE(gallery("sold = n;"));
    EXPECT_NOT_FREE(gallery("require(got[msg.sender] < 3);"));
    EXPECT_NOT_FREE(gallery("", tell() + " o[i] = msg.sender;"));
    EXPECT_NOT_FREE(gallery("", tell() + " require(o[i] == msg.sender);"));
    // Whoever is called otherwise, or answers more, may tell the order.
    EXPECT_NOT_FREE(gallery("", tell("msg.sender", "onSold")));
    EXPECT_NOT_FREE(
        gallery("", "if (R(msg.sender).onERC721Received(msg.sender, address(0), i, \"\") == \"abcd\") sold = i;"));
    EXPECT_NOT_FREE(gallery("require(t.transferFrom(msg.sender, address(this), q));"));
    EXPECT_NOT_FREE(gallery("require(t.balanceOf(address(this)) > 7);"));
    EXPECT_NOT_FREE(gallery("", tell(), "function look() external { got[msg.sender] = t.balanceOf(msg.sender); }"));
    // Strangers choose whose code is asked for.
    EXPECT_NOT_FREE(gallery("", "if (to.code.length > 0) { " + tell("to") + " }"));
}

// Who is made in the middle has no code then, and has some afterwards.
TEST(CallbackFreeReceivers, WhoIsMadeThereIsNotWhoCallsLater) {
    const auto maker = [](const std::string& test) {
        return "contract M { uint256 n; mapping(address => uint256) b; function make(bytes calldata c) external { n += 1;"
               " bytes memory d = c; assembly { pop(create(0, add(d, 32), mload(d))) } b[msg.sender] = n; }"
               " function join() external { " +
               test + " b[msg.sender] += 1; } }";
    };
    EXPECT_NOT_FREE(maker("require(msg.sender.code.length == 0);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
