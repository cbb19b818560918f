// The words of the command line: which command, its operands and options; help; what was probably meant.
//
//   interlock check bank.ilk --timeout 5 --out=results -q -- -strange-name.ilk
//
// Options may stand anywhere behind the command. `--name VALUE` and `--name=VALUE` are the same, `-j4` and `-j 4` too;
// behind `--` everything is an operand. Without a command, a first word with a dot or a slash in it is a file to check.
#pragma once

#include <span>

#include "cli/command.hpp"

namespace interlock::cli {

// Runs what the words (without the program's own name) ask for. The exit code.
[[nodiscard]] int run_command_line(std::span<const Command> commands, std::vector<std::string> words);

}  // namespace interlock::cli
