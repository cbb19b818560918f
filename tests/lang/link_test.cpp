// Linking: what code needs, how its holes show, and what fills them.
#include "lang/codegen/link.hpp"
#include "lang/compile.hpp"

#include <gtest/gtest.h>

namespace interlock::lang {
namespace {

Compilation linked_contracts() {
    return compile("linked.ilk",
                   "contract C { function g() public pure returns (uint256) { return L.f(); } }\n"
                   "contract Maker { function make() external returns (C) { return new C(); } }\n"
                   "library L { function f() public pure returns (uint256) { return 1; } }\n"
                   "library Inner { function f() internal pure returns (uint256) { return 1; } }\n");
}

TEST(Link, LibrariesThatOthersCallComeFirstAndThoseThatNobodyCanCallNotAtAll) {
    const Compilation compilation = linked_contracts();
    ASSERT_EQ(compilation.artifacts.size(), 3u);
    EXPECT_EQ(compilation.artifacts[0].name, "L");
    EXPECT_EQ(compilation.main()->name, "Maker");
}

TEST(Link, AHoleShowsThePlaceholderThatSolcWrites) {
    const Compilation compilation = linked_contracts();
    const Artifact& contract = *compilation.find("C");
    ASSERT_FALSE(contract.creation_links.empty());
    const std::string text = unlinked_hex(contract.creation_code, contract.creation_links);
    EXPECT_NE(text.find("__$7c07c1bd7ae7944442b637bde20bd1014a$__"), std::string::npos);  // solc 0.8.28, of linked.ilk:L
    EXPECT_EQ(text.size(), 2 * contract.creation_code.size());
}

TEST(Link, AContractNeedsTheLibrariesOfThoseThatItCreates) {
    const Compilation compilation = linked_contracts();
    const Artifact& maker = *compilation.find("Maker");
    EXPECT_EQ(missing_library(maker.creation_links, {}), "linked.ilk:L");
    EXPECT_EQ(missing_library(maker.creation_links, {{"linked.ilk:L", vm::Address{}}}), "");
}

TEST(Link, TheAddressFillsEveryHole) {
    const Compilation compilation = linked_contracts();
    const Artifact& maker = *compilation.find("Maker");
    const vm::Address address = vm::to_address(vm::Word(0x1234));
    const vm::Bytes code = linked(maker.creation_code, maker.creation_links, {{"linked.ilk:L", address}});
    ASSERT_FALSE(maker.creation_links.empty());
    for (const LinkReference& link : maker.creation_links)
        EXPECT_TRUE(std::equal(address.bytes.begin(), address.bytes.end(), code.begin() + link.offset));
}

}  // namespace
}  // namespace interlock::lang
