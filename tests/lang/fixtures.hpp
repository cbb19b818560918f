// Fixtures: an input file `name.ilk` and beside it `name.expected`, the exact text that it must give.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/expectation.hpp"

namespace interlock::lang {

// The inputs of tests/lang/fixtures/<folder>, sorted.
inline std::vector<std::filesystem::path> fixtures(const std::string& folder) {
    std::vector<std::filesystem::path> result;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures" / folder))
        if (entry.path().extension() == ".ilk") result.push_back(entry.path());
    std::sort(result.begin(), result.end());
    return result;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline void expect_fixture(const std::filesystem::path& input, const std::string& actual) {
    std::filesystem::path expected = input;
    expected.replace_extension(".expected");
    expect_file(expected, actual);
}

// "missing_semicolon.ilk" as a test's name.
inline std::string fixture_name(const testing::TestParamInfo<std::filesystem::path>& info) {
    return info.param.stem().string();
}

}  // namespace interlock::lang
