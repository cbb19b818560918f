// Runs the built program as a user would, in a fresh directory, and gives back what it said.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace interlock::tests {

struct Finished {
    int exit = -1;
    std::string out, err;
    double seconds = 0;
};

inline std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

inline void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string contract(const std::string& name) {
    return contents(std::string(INTERLOCK_SOURCE_DIR) + "/contracts/" + name);
}

// A directory of its own for each test, removed at its end.
class Command : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "interlock-test-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // `arguments` as a shell would read them.
    Finished interlock(const std::string& arguments) { return shell("'" INTERLOCK_BINARY "' " + arguments); }

    // A whole line for the shell, in the directory; where it sends its output itself, that is not in `out`.
    Finished shell(const std::string& command) {
        const auto began = std::chrono::steady_clock::now();
        const std::string line = "cd '" + folder_.string() + "' && { " + command + "; } >.out 2>.err </dev/null";
        const int status = std::system(line.c_str());
        Finished finished;
        finished.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        finished.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        finished.out = contents(folder_ / ".out");
        finished.err = contents(folder_ / ".err");
        return finished;
    }

    std::filesystem::path folder_;
};

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << "not found: " << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

}  // namespace interlock::tests
