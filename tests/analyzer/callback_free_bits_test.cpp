// Flags that are bits of words: each is set once.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// What was claimed cannot be claimed later than what is asked for behind the call.
std::string drop(const std::string& claims, const std::string& others = "", const std::string& takes = "") {
    return "contract C { mapping(uint256 => uint256) words; uint256 sold; mapping(address => uint256) b;"
           " function isSpent(uint256 i) public view returns (bool) { return words[i >> 8] & (1 << (i & 0xff)) != 0; }"
           " function isSet(uint256 i) internal view returns (bool) { return (words[i / 256] >> (i % 256)) & 1 == 1; }"
           " function claim(uint256 i, uint256 k) external { " +
           claims + " (bool ok,) = msg.sender.call(\"\"); require(ok && sold != 7); b[msg.sender] += 1; }" +
           " function take(uint256 i, uint256 k) external { " + (takes.empty() ? claims : takes) + " sold += 1; } " +
           others + " }";
}
const std::string once =
    "uint256 w = words[i >> 8]; uint256 bit = 1 << (i & 0xff); require(w & bit == 0); words[i >> 8] = w | bit;";

TEST(CallbackFreeBits, ABitIsSetOnce) {
    EXPECT_FREE(drop(once));
    EXPECT_FREE(drop("require(!isSpent(i)); words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_FREE(drop("if (isSpent(i)) revert(); words[i >> 8] = words[i >> 8] | (1 << (i & 0xff));"));
    EXPECT_FREE(drop("require(!isSet(i)); words[i / 256] |= 1 << (i % 256);"));
    EXPECT_FREE(drop(once, "", "require(!isSpent(i)); words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_FREE(drop("require(words[0] & k == 0); words[0] |= k;"));
}

// In a struct that a library is given.
TEST(CallbackFreeBits, ALibraryMayKeepThem) {
    const auto drop_by = [](const std::string& asks, const std::string& sets) {
        return "library Bits { struct Map { mapping(uint256 => uint256) words; }"
               " function get(Map storage m, uint256 i) internal view returns (bool) { return m.words[i >> 8] & (1 << (i & "
               "0xff)) "
               "!= 0; } function set(Map storage m, uint256 i) internal { m.words[i >> 8] |= 1 << (i & 0xff); } }"
               "contract C { using Bits for Bits.Map; Bits.Map done; Bits.Map other; uint256 sold; mapping(address => "
               "uint256) b;"
               " function claim(uint256 i) external { " +
               asks + sets +
               " (bool ok,) = msg.sender.call(\"\"); require(ok && sold != 7); b[msg.sender] += 1; }"
               " function take(uint256 i) external { " +
               asks + sets + " sold += 1; } }";
    };
    EXPECT_FREE(drop_by("require(!done.get(i));", "done.set(i);"));
    EXPECT_NOT_FREE(drop_by("require(!done.get(i));", "done.set(i + 1);"));
    EXPECT_NOT_FREE(drop_by("require(!other.get(i));", "done.set(i);"));
    EXPECT_NOT_FREE(drop_by("require(done.get(i));", "done.set(i);"));
    EXPECT_NOT_FREE(drop_by("", "done.set(i);"));
}

TEST(CallbackFreeBits, ButOnlyWhereItIsAskedFor) {
    EXPECT_NOT_FREE(
        drop("words[i >> 8] |= 1 << (i & 0xff);", "function ask(uint256 i) external { require(!isSpent(i)); sold += 1; }"));
    EXPECT_NOT_FREE(drop("require(!isSpent(k)); words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(drop("require(isSpent(i)); words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(drop("if (k > 5) require(!isSpent(i)); words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(drop("require(!isSpent(i)); if (k > 5) words[i >> 8] |= 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(drop("uint256 w = words[i >> 8]; require(w & (1 << (i & 0xff)) == 0); words[k] = w | 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(
        drop("uint256 w = words[i >> 8]; (bool o,) = msg.sender.call(\"\"); require(o); "
             "require(w & (1 << (i & 0xff)) == 0); words[i >> 8] = w | 1 << (i & 0xff);"));
    EXPECT_NOT_FREE(drop(once, "function clear(uint256 i) external { words[i] = 0; }"));
    EXPECT_NOT_FREE(drop(once, "function toggle(uint256 i) external { words[i] ^= 1; sold += 1; }"));
    EXPECT_NOT_FREE(drop(once, "function many(uint256 i) external { require(words[i] == 5); sold += 1; }"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
