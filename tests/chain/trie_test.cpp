// Roots of Merkle Patricia tries: published ones, and that of a state.

#include "chain/trie.hpp"

#include <gtest/gtest.h>

#include "chain/state.hpp"
#include "tests/chain/state_content.hpp"

namespace interlock::chain {
namespace {

Bytes text(std::string_view s) { return Bytes(s.begin(), s.end()); }
Hash hash(std::string_view s) { return vm::parse_hash(s).value(); }

TEST(Trie, WithoutEntriesHasTheKnownRoot) {
    EXPECT_EQ(trie_root({}), hash("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"));
}

TEST(Trie, OneShortEntryHasThePublishedRoot) {  // ethereum/tests, TrieTests: singleItem
    EXPECT_EQ(trie_root({{text("A"), text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")}}),
              hash("d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"));
}

TEST(Trie, KeysThatArePrefixesOfOthersHaveThePublishedRoot) {  // TrieTests: dogs
    EXPECT_EQ(
        trie_root({{text("doe"), text("reindeer")}, {text("dog"), text("puppy")}, {text("dogglesworth"), text("cat")}}),
        hash("8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3"));
}

TEST(Trie, AShortNodeIsPutIntoItsParent) {  // TrieTests: puppy
    EXPECT_EQ(trie_root({{text("do"), text("verb")},
                         {text("horse"), text("stallion")},
                         {text("doge"), text("coin")},
                         {text("dog"), text("puppy")}}),
              hash("5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"));
}

TEST(HexPrefix, TellsLeavesAndOddLengths) {
    EXPECT_EQ(hex_prefix(Bytes{0, 1, 2, 3, 4, 5}, false), (Bytes{0x00, 0x01, 0x23, 0x45}));
    EXPECT_EQ(hex_prefix(Bytes{1, 2, 3, 4, 5}, false), (Bytes{0x11, 0x23, 0x45}));
    EXPECT_EQ(hex_prefix(Bytes{15, 1, 12, 11, 8}, true), (Bytes{0x3f, 0x1c, 0xb8}));
}

TEST(StateRoot, OfNothingIsTheEmptyTries) { EXPECT_EQ(State{}.root(), empty_trie_root()); }

TEST(StateRoot, DoesNotDependOnHowTheStateCameAbout) {
    State one, other;
    one.set_balance(testing::address_at(1), 5);
    one.store(testing::address_at(1), 1, 2);
    other.store(testing::address_at(1), 3, 4);
    other.store(testing::address_at(1), 1, 2);
    other.store(testing::address_at(1), 3, 0);
    other.set_balance(testing::address_at(1), 5);
    EXPECT_EQ(one.root(), other.root());
}

}  // namespace
}  // namespace interlock::chain
