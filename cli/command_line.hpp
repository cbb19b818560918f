// Parses the command line: which command, its operands and options; prints help, and suggestions for misspelt words.
//
//   interlock check bank.ilk --timeout 5 --out=results -q -- -strange-name.ilk
//
// Options may stand anywhere after the command. `--name VALUE` and `--name=VALUE` are the same, and so are `-j4` and
// `-j 4`; after `--` everything is an operand. Without a command, a first word that contains a dot or a slash is a file
// to check.
#pragma once

#include <span>

#include "cli/command.hpp"

namespace interlock::cli {

// Runs the command that the words (without the program's own name) ask for, and returns its exit code.
[[nodiscard]] int run_command_line(std::span<const Command> commands, std::vector<std::string> words);

}  // namespace interlock::cli
