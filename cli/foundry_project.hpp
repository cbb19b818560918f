// A project in forge's layout: foundry.toml says where tests and libraries are, and every folder below `lib` is a
// library whose name is a prefix of imports. (Foundry Book, "Project Layout", "Dependencies", "Config Reference".)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/compile.hpp"

namespace interlock::cli {

struct FoundryProject {
    std::string root;   // the folder of foundry.toml, relative to the working directory
    std::string tests;  // the folder of the tests, likewise
    // First those found by looking at the libraries, then those that the libraries and foundry.toml declare; later ones
    // take precedence.
    std::vector<lang::Remapping> remappings;
    std::optional<std::uint32_t> runs;              // per test with parameters
    std::optional<std::uint32_t> sequences, depth;  // per invariant
    bool fail_on_revert = false;
};

// Returns the project of the nearest folder above the file (or of the folder itself) that has a foundry.toml, or
// std::nullopt.
[[nodiscard]] std::optional<FoundryProject> foundry_project_around(const std::string& path);

// Returns the files with tests (*.t.sol) in a folder and those below it, in order. For a project's root it uses the
// test folder.
[[nodiscard]] std::vector<std::string> test_files_in(const std::string& folder);

}  // namespace interlock::cli
