// A project as forge lays it out: foundry.toml says where tests and libraries are, and every folder below `lib` is a
// library whose name is a prefix of imports. (Foundry Book, "Project Layout", "Dependencies", "Config Reference".)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/compile.hpp"

namespace interlock::cli {

struct FoundryProject {
    std::string root;   // the folder of foundry.toml, seen from the working directory
    std::string tests;  // the folder of the tests, likewise
    // Found by looking at the libraries, then those that they and foundry.toml say: later ones go before earlier ones.
    std::vector<lang::Remapping> remappings;
    std::optional<std::uint32_t> runs;              // of a test with parameters
    std::optional<std::uint32_t> sequences, depth;  // of an invariant
    bool fail_on_revert = false;
};

// Of the nearest folder above the file (or the folder itself) that has a foundry.toml; nullopt: none has.
[[nodiscard]] std::optional<FoundryProject> foundry_project_around(const std::string& path);

// The files with tests (*.t.sol) in a folder and those below it, in order; of a project's root, those of its test folder.
[[nodiscard]] std::vector<std::string> test_files_in(const std::string& folder);

}  // namespace interlock::cli
