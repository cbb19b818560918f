// Programs that Solidity accepts and programs that it refuses: the compiler does the same.
//
// tests/lang/verdicts/ holds them, many to a file. A line `=== accept NAME` or `=== refuse NAME` begins a program, and a
// line `--- b.sol` begins another file of it. The verdicts are solc's, which tests/differential/verdicts.mjs confirms.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lang/compile.hpp"
#include "lang/loading/load.hpp"

namespace interlock::lang {
namespace {

struct Program {
    std::string name;
    bool is_valid = false;
    std::map<std::string, std::string> files;
};

class Files : public Loader {
  public:
    explicit Files(const Program& program) : program_(program) {}

    File read(const std::string& path) override {
        const auto found = program_.files.find(path);
        return found == program_.files.end() ? File{} : File{.text = found->second};
    }

  private:
    const Program& program_;
};

constexpr const char* first_file = "a.sol";

// The verdicts are those of today's solc, which reads no file as an older one.
bool told_as_older(const Compilation& made) {
    return std::ranges::any_of(made.diagnostics.all(), [](const Diagnostic& each) { return each.code == "W103"; });
}

std::vector<Program> programs_in(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::vector<Program> programs;
    std::string line, file;
    while (std::getline(in, line)) {
        const std::string verdict = line.substr(0, 11);
        if (verdict == "=== accept " || verdict == "=== refuse ") {
            programs.push_back({line.substr(verdict.size()), verdict == "=== accept ", {{first_file, ""}}});
            file = first_file;
        } else if (line.starts_with("--- ")) {
            file = line.substr(4);
        } else if (!programs.empty()) {
            programs.back().files[file] += line + "\n";
        }
    }
    return programs;
}

TEST(Verdicts, AreSoliditys) {
    std::size_t valid = 0, invalid = 0;
    const std::filesystem::path folder = std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/verdicts";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        for (const Program& program : programs_in(entry.path())) {
            Files files(program);
            const Compilation made =
                compile(first_file, program.files.at(first_file), {.loader = &files}, {.size = CodeSize::Any});
            (program.is_valid ? valid : invalid) += 1;
            const bool is_accepted = made.ok() && !told_as_older(made);
            EXPECT_EQ(is_accepted, program.is_valid)
                << entry.path().filename() << ": " << program.name << "\n"
                << program.files.at(first_file) << render(made.diagnostics, *made.sources, false);
        }
    }
    EXPECT_GE(valid, 200u);
    EXPECT_GE(invalid, 400u);
    std::cout << valid << " programs accepted, " << invalid << " refused\n";
}

}  // namespace
}  // namespace interlock::lang
