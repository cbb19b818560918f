// The laws of block trees and of the choice of the head, on drawn trees.
// (Pîrlea and Sergey, "Mechanising Blockchain Consensus", 2018, assume or prove them.)
#include "chain/consensus/block_tree.hpp"

#include <gtest/gtest.h>

#include <set>

#include "chain/consensus/random.hpp"

namespace interlock::chain::consensus {
namespace {

BlockRef block_on(const SealedBlock* parent, std::uint64_t difficulty, std::uint64_t nonce) {
    Header header;
    header.number = parent ? parent->height() + 1 : 0;
    if (parent) header.parent_hash = parent->hash;
    header.difficulty = Word(difficulty);
    header.nonce = nonce;
    return seal(header, {});
}

// A genesis and a tree of so many blocks on it, parents before children.
std::vector<BlockRef> drawn_tree(std::size_t size, Random& random) {
    std::vector<BlockRef> blocks{block_on(nullptr, 1, 0)};
    while (blocks.size() <= size)
        blocks.push_back(block_on(blocks[random.below(blocks.size())].get(), 1 + random.below(3), random.next()));
    return blocks;
}

void shuffle(std::vector<BlockRef>& blocks, Random& random) {
    for (std::size_t i = blocks.size(); i > 2; --i) std::swap(blocks[i - 1], blocks[1 + random.below(i - 1)]);
}

BlockTree tree_of(const std::vector<BlockRef>& blocks) {
    BlockTree tree;
    tree.plant(blocks[0]);
    for (std::size_t i = 1; i < blocks.size(); ++i)
        (void)tree.add(blocks[i], nullptr, [](const BlockTree::Entry&, const BlockRef&) { return true; });
    return tree;
}

std::set<std::string> names_in(const BlockTree& tree) {
    std::set<std::string> names;
    for (const auto& [hash, entry] : tree.entries()) names.insert(vm::to_hex(hash));
    return names;
}

TEST(BlockTreeLaws, Row32AddingIsCommutativeAndIdempotent) {
    Random random(1, 1);
    for (int round = 0; round < 50; ++round) {
        std::vector<BlockRef> blocks = drawn_tree(40, random);
        const BlockTree once = tree_of(blocks);
        EXPECT_EQ(once.size(), blocks.size());
        shuffle(blocks, random);
        for (std::size_t i = 0; i < 20; ++i) blocks.push_back(blocks[1 + random.below(40)]);
        const BlockTree other = tree_of(blocks);
        EXPECT_EQ(names_in(once), names_in(other));
        EXPECT_EQ(once.head().block->hash, other.head().block->hash);
    }
}

TEST(BlockTreeLaws, Row33TheChoiceIsAStrictTotalOrderThatExtensionsWin) {
    Random random(2, 1);
    for (int round = 0; round < 20; ++round) {
        const BlockTree tree = tree_of(drawn_tree(25, random));
        std::vector<const BlockTree::Entry*> all;
        for (const auto& [hash, entry] : tree.entries()) all.push_back(&entry);
        for (const auto* a : all) {
            EXPECT_FALSE(BlockTree::is_better(*a, *a));
            for (const auto* at = a->parent; at; at = at->parent) EXPECT_TRUE(BlockTree::is_better(*a, *at));
            EXPECT_TRUE(a == &tree.head() || BlockTree::is_better(tree.head(), *a));
            for (const auto* b : all) {
                EXPECT_TRUE(a == b || BlockTree::is_better(*a, *b) != BlockTree::is_better(*b, *a));
                for (const auto* c : all) {
                    const bool are_in_order = BlockTree::is_better(*a, *b) && BlockTree::is_better(*b, *c);
                    ASSERT_TRUE(!are_in_order || BlockTree::is_better(*a, *c));
                }
            }
        }
    }
}

TEST(BlockTreeLaws, Row33FirstSeenIsNoOrderOfBlocks) {
    const BlockRef genesis = block_on(nullptr, 1, 0), a = block_on(genesis.get(), 1, 1), b = block_on(genesis.get(), 1, 2);
    const auto head_after = [&](const BlockRef& first, const BlockRef& second) {
        BlockTree tree(TieBreak::FirstSeen);
        tree.plant(genesis);
        for (const BlockRef& block : {first, second})
            (void)tree.add(block, nullptr, [](const BlockTree::Entry&, const BlockRef&) { return true; });
        return tree.head().block;
    };
    EXPECT_NE(head_after(a, b), head_after(b, a));
}

}  // namespace
}  // namespace interlock::chain::consensus
