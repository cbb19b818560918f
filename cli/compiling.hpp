// Compiles a file and shows its diagnostics.
#pragma once

#include <memory>
#include <string>

#include "cli/project.hpp"
#include "lang/compile.hpp"

namespace interlock::cli {

// Compiles, and reports errors (rendered on stderr, or as {"errors":[…]} on stdout with --json).
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_input(const Input& input, const Common& common);

// Reads the file first, then does the same.
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_file(const std::string& path, const Common& common);

// The same for commands that deploy: it is an error if no contract has code.
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_deployable(const std::string& path, const Common& common);

// Prints diagnostics on stderr, and how to learn more about the first error.
void report(const lang::Diagnostics& diagnostics, const lang::Sources& sources, const Common& common);

}  // namespace interlock::cli
