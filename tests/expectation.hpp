// Expectations that are files: the exact text that something must give, as a person can read it. With the environment
// variable INTERLOCK_BLESS=1 the tests write these files instead of comparing with them; read the difference before
// committing it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace interlock {

// Whether this run writes expectations.
inline bool is_blessing() {
    const char* bless = std::getenv("INTERLOCK_BLESS");
    return bless != nullptr && std::string_view(bless) == "1";
}

inline void expect_file(const std::filesystem::path& path, const std::string& actual) {
    if (is_blessing()) std::ofstream(path, std::ios::binary) << actual;
    std::ostringstream expected;
    expected << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_EQ(expected.str(), actual) << "INTERLOCK_BLESS=1 writes " << path;
}

}  // namespace interlock
