#include "lang/output/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace interlock {
namespace {

TEST(Json, MembersStandInTheOrderInWhichTheyWereAdded) {
    Json json{{"b", 1}, {"a", Json::array({true, nullptr, "x"})}};
    json["c"]["d"] = std::vector<std::string>{"y"};
    EXPECT_EQ(json.text(), R"({"b":1,"a":[true,null,"x"],"c":{"d":["y"]}})");
}

TEST(Json, SortedKeysAreSortedAtEveryLevel) {
    const Json json{{"b", {{"z", 1}, {"y", 2}}}, {"a", Json::object()}};
    EXPECT_EQ(json.text(Json::Keys::Sorted), R"({"a":{},"b":{"y":2,"z":1}})");
}

TEST(Json, IndentedTextHasALineForEachValue) {
    const Json json{{"a", Json::array({1, 2})}, {"b", Json::array()}, {"c", {{"d", 3}}}};
    EXPECT_EQ(json.indented_text(), "{\n \"a\": [\n  1,\n  2\n ],\n \"b\": [],\n \"c\": {\n  \"d\": 3\n }\n}");
}

TEST(Json, OfTwoMembersWithOneKeyTheFirstCountsUntilItIsSetAgain) {
    Json json{{"a", 1}, {"a", 2}};
    EXPECT_EQ(json.text(), R"({"a":1})");
    json["a"] = 3;
    EXPECT_EQ(json.text(), R"({"a":3})");
}

TEST(Json, AMemberMayBeSetToAnotherOne) {
    Json json{{"a", "x"}};
    json["b"] = json["a"];
    json["c"] = json["d"] = json["b"];
    EXPECT_EQ(json.text(Json::Keys::Sorted), R"({"a":"x","b":"x","c":"x","d":"x"})");
}

TEST(Json, TakenMembersReplaceThoseWithTheSameKey) {
    Json json{{"a", 1}, {"b", 2}};
    json.take({{"b", 3}, {"c", 4}});
    json.erase("a");
    EXPECT_EQ(json.text(), R"({"b":3,"c":4})");
}

TEST(Json, NumbersKeepAllTheirDigits) {
    EXPECT_EQ(Json(UINT64_MAX).text(), "18446744073709551615");
    EXPECT_EQ(Json(INT64_MIN).text(), "-9223372036854775808");
    EXPECT_EQ(Json(std::uint8_t{7}).text(), "7");
    EXPECT_EQ(Json(0.25).text(), "0.25");
    EXPECT_EQ(Json(2.0).text(), "2.0");
    EXPECT_EQ(Json(1.0 / 0.0).text(), "null");
}

TEST(Json, AFlagIsNoNumberAndAPointerNoFlag) {
    EXPECT_EQ(Json(true).text(), "true");
    const char* text = "pointed to";
    EXPECT_EQ(Json(text).text(), "\"pointed to\"");
}

TEST(Json, WhatIsNotUtf8IsReplaced) {
    EXPECT_EQ(Json("\xC3\xA4 \xE2\x82").text(), "\"\xC3\xA4 \xEF\xBF\xBD\"");
    EXPECT_EQ(Json("\xED\xA0\x80").text(), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a surrogate";
}

// Another writer, by other people, says the same of strings of all kinds.
TEST(Json, StringsAreWrittenAsByAnotherLibrary) {
    constexpr std::string_view pieces[] = {"a",    "\"",   "\\",   "\x01", "\x1f", "\x7f",        "\n",   "\xC3",
                                           "\xA4", "\xE0", "\x80", "\xBF", "\xED", "\xF0",        "\x9F", "\x98",
                                           "\xF4", "\x90", "\xF5", "\xC0", "\xFF", "\xE2\x82\xAC"};
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (unsigned length = random() % 8; length > 0; --length) text += pieces[random() % std::size(pieces)];
        if (round % 3 == 0) text += '\0';
        ASSERT_EQ(Json(text).text(), nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
}

}  // namespace
}  // namespace interlock
