// The passes that shorten the IR for code generation: each program of fixtures/optimized beside the IR that is left of it.
#include "lang/optimize/optimize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "lang/compile.hpp"

namespace interlock::lang {
namespace {

class Optimized : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Optimized, is_what_is_left) {
    const Compilation compilation = compile(GetParam().filename().string(), read_file(GetParam()));
    ASSERT_TRUE(compilation.ok()) << render(compilation.diagnostics, *compilation.sources, false);
    const ir::Contract optimized = optimize::optimize(*compilation.main()->ir);
    EXPECT_THAT(ir::verify(optimized), testing::IsEmpty());
    expect_fixture(GetParam(), ir::print(optimized));
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Optimized, testing::ValuesIn(fixtures("optimized")), fixture_name);

// Every contract that runs in another test: its shortened IR keeps the rules of the IR.
class Shortened : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Shortened, keeps_the_rules_of_the_IR) {
    const Compilation compilation = compile(GetParam().filename().string(), read_file(GetParam()));
    for (const Artifact& artifact : compilation.artifacts)
        EXPECT_THAT(ir::verify(optimize::optimize(*artifact.ir)), testing::IsEmpty()) << artifact.name;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Shortened, testing::ValuesIn(fixtures("run")), fixture_name);

}  // namespace
}  // namespace interlock::lang
