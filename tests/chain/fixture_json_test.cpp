#include <gtest/gtest.h>

#include "chain/fixtures/fixture_error.hpp"
#include "chain/fixtures/json_values.hpp"

namespace interlock::chain::fixtures {
namespace {

std::string nested(std::size_t depth, const std::string& inner) {
    return std::string(depth, '[') + inner + std::string(depth, ']');
}

TEST(FixtureJson, MayBeNestedToItsLimitAndNotDeeper) {
    EXPECT_NO_THROW(static_cast<void>(parse_json(nested(max_json_depth, "1"))));
    EXPECT_THROW(static_cast<void>(parse_json(nested(max_json_depth + 1, "1"))), FixtureError);
}

TEST(FixtureJson, TakesNoBracketInAStringForNesting) {
    const std::string brackets(10 * max_json_depth, '{');
    for (const std::string before : {"", R"(\")", R"(\\)", R"(\\\")", R"(\"\\\\)"}) {
        const std::string text = nested(max_json_depth, "\"" + before + brackets + "\"");
        EXPECT_NO_THROW(static_cast<void>(parse_json(text))) << before;
    }
}

TEST(FixtureJson, SeesTheNestingBehindAStringThatEndsInBackslashes) {
    for (const std::string string : {R"("")", R"("\\")", R"("\\\\")", R"("\"")", R"("a\"\\")"})
        EXPECT_THROW(static_cast<void>(parse_json("[" + string + "," + nested(max_json_depth, "1") + "]")), FixtureError)
            << string;
}

TEST(FixtureJson, RefusesAStringWithoutEnd) {
    for (const std::string text : {R"(")", R"("\")", R"(["a\\\")"})
        EXPECT_THROW(static_cast<void>(parse_json(text)), FixtureError) << text;
}

}  // namespace
}  // namespace interlock::chain::fixtures
