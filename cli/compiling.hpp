// From a file to a compilation: what is wrong is shown on the way.
#pragma once

#include <memory>
#include <string>

#include "cli/project.hpp"
#include "lang/compile.hpp"

namespace interlock::cli {

// Compiles; reports what is wrong (rendered on stderr, or as {"errors":[…]} on stdout with --json).
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_input(const Input& input, const Common& common);

// Reads the file first.
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_file(const std::string& path, const Common& common);

// The same, for what needs something to deploy: it is an error when nothing has code.
[[nodiscard]] std::shared_ptr<const lang::Compilation> compile_deployable(const std::string& path, const Common& common);

// On stderr, for a person: what is wrong, and where more is said about the first error.
void report(const lang::Diagnostics& diagnostics, const lang::Sources& sources, const Common& common);

}  // namespace interlock::cli
