// What assembly can observe of a contract, as the typed tree says it.
#include "lang/lower/sight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/lower/contract.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {
namespace {

using testing::ElementsAre;
using testing::Pair;

// The last contract of the text.
struct Seen {
    Sources sources;
    Diagnostics diagnostics;
    Tree tree;
    lowering::Sight sight;

    explicit Seen(std::string text) : tree(parse(sources.add("test.sol", std::move(text)), diagnostics)) {
        const Program program = check(tree, sources, diagnostics);
        EXPECT_FALSE(diagnostics.has_errors()) << render(diagnostics, sources, false);
        if (diagnostics.has_errors()) return;
        lowering::ContractLowering contract(program, tree.top_contracts.back(), diagnostics);
        sight = lowering::sight_of(contract);
    }
    [[nodiscard]] std::map<std::string, std::uint32_t> numbers() const {
        std::map<std::string, std::uint32_t> named;
        for (const auto& [function, number] : sight.numbers) named[std::string(tree[function].name.text)] = number;
        return named;
    }
};

Seen in_function(const std::string& body) {
    return Seen("contract C { function f(uint8 n) external pure returns (uint256 r) { " + body + " } }");
}

TEST(Sight, CountsMemoryWhereAssemblyReadsTheFreeMemoryPointer) {
    EXPECT_TRUE(in_function("assembly { r := mload(0x40) }").sight.counts_memory);
}

TEST(Sight, CountsMemoryWhereAssemblyAsksForItsSize) {
    EXPECT_TRUE(in_function("assembly { r := msize() }").sight.counts_memory);
}

TEST(Sight, DoesNotCountMemoryThatAssemblyOnlyReads) {
    EXPECT_FALSE(in_function("assembly { r := mload(0x80) }").sight.counts_memory);
}

TEST(Sight, CountsMemoryThatAFunctionOfAssemblyObservesOnlyIfItIsCalled) {
    const std::string looks = "function look() -> at { at := mload(64) } ";
    EXPECT_FALSE(in_function("assembly { " + looks + "r := n }").sight.counts_memory);
    EXPECT_TRUE(in_function("assembly { " + looks + "if n { r := look() } }").sight.counts_memory);
}

TEST(Sight, CountsMemoryInAModifierOnlyWhereItIsUsed) {
    const auto seen = [](const std::string& use) {
        return Seen("contract C { modifier looks { assembly { pop(msize()) } _; } function f() external " + use + " {} }");
    };
    EXPECT_FALSE(seen("").sight.counts_memory);
    EXPECT_TRUE(seen("looks").sight.counts_memory);
}

TEST(Sight, LooksIntoTheConstructorOfABase) {
    EXPECT_TRUE(Seen("contract A { constructor() { assembly { pop(msize()) } } } contract C is A {}").sight.counts_memory);
}

TEST(Sight, LooksIntoAnOverriddenFunctionOnlyIfSuperRunsIt) {
    const auto seen = [](const std::string& body) {
        return Seen(
            "contract A { function f() public virtual { assembly { pop(msize()) } } } "
            "contract C is A { function f() public override { " +
            body + " } }");
    };
    EXPECT_FALSE(seen("").sight.counts_memory);
    EXPECT_TRUE(seen("super.f();").sight.counts_memory);
}

TEST(Sight, TracksBitsOfANarrowVariableThatAssemblyWritesAndReads) {
    EXPECT_TRUE(in_function("uint8 x; assembly { x := 300 r := x }").sight.tracks_dirt);
}

TEST(Sight, DoesNotTrackBitsThatNothingReads) {
    EXPECT_FALSE(in_function("uint8 x; assembly { x := 300 } r = x;").sight.tracks_dirt);
}

TEST(Sight, KnowsThatAnArgumentFromOutsideFitsItsType) {
    EXPECT_FALSE(in_function("uint8 x; assembly { x := 300 r := n }").sight.tracks_dirt);
    EXPECT_TRUE(in_function("uint8 x; n = 3; assembly { x := 300 r := n }").sight.tracks_dirt);
}

TEST(Sight, NumbersFunctionsThatRunBeforeThoseThatDoNot) {
    const Seen seen(
        "contract C { function a() internal pure {} function b() internal pure {} function c() internal pure {} "
        "function unused() internal pure { function() internal pure p = a; p(); } "
        "function f() external pure { function() internal pure p = c; p(); p = b; p(); } }");
    EXPECT_THAT(seen.numbers(), ElementsAre(Pair("a", 3), Pair("b", 1), Pair("c", 2)));
}

TEST(Sight, DoesNotNumberAFunctionThatIsOnlyCalled) {
    EXPECT_TRUE(Seen("contract C { function a() internal pure {} function f() external pure { a(); } }").numbers().empty());
}

}  // namespace
}  // namespace interlock::lang
