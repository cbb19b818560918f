// Specifications are typed and attached, and leave no trace in the code.
#include <gmock/gmock.h>

#include <algorithm>

#include "lang/compile.hpp"
#include "lang/output/abi_json.hpp"
#include "lang/output/format.hpp"
#include "tests/lang/fixtures.hpp"

namespace interlock::lang {
namespace {

Compilation compiled(const std::string& path, const std::string& text) {
    Compilation made = compile(path, text);
    EXPECT_TRUE(made.ok()) << render(made.diagnostics, *made.sources, false);
    return made;
}

std::string stripped(const std::string& path, const std::string& text) {
    Sources sources;
    Diagnostics diagnostics;
    const auto plain = format(sources.add(path, text), diagnostics, {.strip = true});
    EXPECT_TRUE(plain) << render(diagnostics, sources, false);
    return plain.value_or("");
}

std::string fixture(const std::string& name) {
    return read_file(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures/specifications" / name);
}

class Specified : public ::testing::TestWithParam<const char*> {
  protected:
    const std::string name = GetParam();
    const std::string text = fixture(name);
};

TEST_P(Specified, HasTheCodeThatItHasWithoutSpecifications) {
    const Compilation with = compiled(name, text);
    const std::string plain = stripped(name, text);
    const Compilation without = compiled(name, plain);
    ASSERT_EQ(with.artifacts.size(), without.artifacts.size());
    for (std::size_t i = 0; i < with.artifacts.size(); ++i) {
        EXPECT_EQ(with.artifacts[i].runtime_code, without.artifacts[i].runtime_code) << with.artifacts[i].name;
        EXPECT_EQ(with.artifacts[i].creation_code, without.artifacts[i].creation_code);
        EXPECT_EQ(abi::to_json(*with.artifacts[i].ir), abi::to_json(*without.artifacts[i].ir));
    }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Specified, ::testing::Values("ledger.ilk", "annotated.sol"));

std::vector<std::string> labels(const ir::Contract& contract, bool open) {
    std::vector<std::string> labels;
    for (const ir::Clause& clause : contract.clauses)
        if ((clause.function == ir::Contract::none) == open) labels.push_back(clause.label);
    return labels;
}

TEST(Specifications, ThatTheIrCannotExpressStayAsOpenClauses) {
    const Compilation compilation = compiled("ledger.ilk", fixture("ledger.ilk"));
    const ir::Contract& contract = *compilation.find("Ledger")->ir;
    EXPECT_THAT(labels(contract, true),
                ::testing::IsSupersetOf({"covered", "counted", "recorded", "asked", "priced", "deposit: modifies",
                                         "deposit: nonreentrant", "add: ensures 1", "check at ledger.ilk:60",
                                         "loop invariant at ledger.ilk:57", "loop invariant at ledger.ilk:58",
                                         "loop invariant at ledger.ilk:64"}));
    EXPECT_THAT(labels(contract, false),
                ::testing::IsSupersetOf({"constructor: ensures 1", "deposit: reverts if 1", "deposit: ensures 1"}));
    ASSERT_EQ(contract.invariants.size(), 1u);
    EXPECT_EQ(contract.invariants.front().label, "books");
}

}  // namespace
}  // namespace interlock::lang
