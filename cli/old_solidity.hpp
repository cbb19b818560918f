// Contracts for compilers before 0.8 that ours does not read: a solc of their time compiles them, and what comes of it is
// analysed as bytecode with its ABI and source map.
#pragma once

#include <string>
#include <variant>

#include "analyzer/bytecode/assemble.hpp"
#include "cli/command.hpp"
#include "lang/compile.hpp"

namespace interlock::cli {

// Returns whether the pragmas of the file allow a version before 0.8, and none of 0.8.
[[nodiscard]] bool is_for_older_solidity(const std::string& text);

// Compiles with `solc`, an executable or a folder of npm's package; if it is empty, with the package of a fitting version
// that is installed in node_modules of the file's folder or of one above it. The string is one line that says what is
// missing, or the errors of the compiler.
[[nodiscard]] std::variant<analyzer::Assembly, std::string> compile_older(const std::string& path, const std::string& text,
                                                                          const std::string& solc, vm::Fork fork);

}  // namespace interlock::cli
