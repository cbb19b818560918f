// Runs another program, with text for its standard input and its standard output as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace interlock::cli {

struct ProgramResult {
    int exit = 0;
    std::string out;
    std::string error;  // set if the program could not be run: "node: No such file or directory"
};

// `words` are the program, which is looked up in PATH, and its arguments. Its standard error is that of this program.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& words, const std::string& input);

}  // namespace interlock::cli
