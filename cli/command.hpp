// A command as data: its name, its parameters and its function. The command line (command_line.hpp) reads the words,
// sets the variables that the options are bound to, and writes the help texts; a command's file only declares what exists.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::cli {

// Exit codes, from sysexits(3) if it has one.
enum Exit : int {
    exit_ok = 0,
    exit_findings = 1,      // an exploit, or a replay that differs
    exit_inconclusive = 2,  // a check with --strict, or a search of a model that a limit ended
    exit_usage = 64,
    exit_source = 65,  // wrong input: it does not compile, cannot be read, or cannot be called like this
    exit_internal = 70,
    exit_resources = 71,     // out of memory
    exit_output = 74,        // output could not be written
    exit_interrupted = 130,  // Ctrl-C
};

// A meaningless command line. The text is printed after the command's name.
struct UsageError {
    std::string message;
};

struct Option {
    std::string_view name;   // "--timeout"; with a short form "--quiet,-q"
    std::string_view value;  // the value's name in the help; empty: the option takes no value
    std::string help;
    std::function<void(const std::string& value)> set;  // throws UsageError if the value is wrong
};

struct Command {
    std::string_view name, help;
    struct Operands {
        std::string_view name, help;             // "FILE"
        std::size_t least = 0, most = SIZE_MAX;  // number of words
        std::vector<std::string>* words = nullptr;
    } operands;
    std::vector<Option> options;
    std::string_view footer;
    std::function<int()> run;  // returns the exit code; throws UsageError
};

// --- options by the type of variable that they are bound to; the variable's initial value is the default ---

[[nodiscard]] Option flag(std::string_view name, std::string_view help, bool& is_given);
[[nodiscard]] Option text(std::string_view name, std::string_view value, std::string_view help, std::string& target);
[[nodiscard]] Option repeated(std::string_view name, std::string_view value, std::string_view help,
                              std::vector<std::string>& target);
[[nodiscard]] Option one_of(std::string_view name, std::string_view value, std::string_view help,
                            std::vector<std::string_view> choices, std::string& target);
// Takes several values with commas between them.
[[nodiscard]] Option some_of(std::string_view name, std::string_view value, std::string_view help,
                             std::vector<std::string_view> choices, std::vector<std::string>& target);

// Formats a number: "200,000".
[[nodiscard]] std::string grouped(std::uint64_t number);

// Reads a number in the range; throws a description of what is wrong with the text.
[[nodiscard]] std::uint64_t whole_number(std::string_view option, const std::string& text, std::uint64_t least,
                                         std::uint64_t most);
[[nodiscard]] double seconds(std::string_view option, const std::string& text, double least, double most);

template <class Number>
[[nodiscard]] Option number(std::string_view name, std::string_view value, std::string_view help, std::uint64_t least,
                            std::uint64_t most, Number& target) {
    return {name, value, std::string(help) + " (" + grouped(target) + "; " + grouped(least) + " to " + grouped(most) + ")",
            [=, &target](const std::string& text) {
                target = static_cast<Number>(whole_number(name.substr(0, name.find(',')), text, least, most));
            }};
}

// --- options that most commands take ---

struct Common {
    bool json = false;
    std::string color = "auto";
    std::vector<std::string> include_paths, remappings;

    [[nodiscard]] bool color_on(int file_descriptor) const;  // honours NO_COLOR
};

[[nodiscard]] Option color_option(Common& common);
[[nodiscard]] std::vector<Option> output_options(Common& common);  // --json and --color
[[nodiscard]] Option threads_option(unsigned& threads);            // -j; zero stays: one for each processor
[[nodiscard]] Option jit_option();                                 // --jit, for what runs in this process
[[nodiscard]] std::vector<Option> import_options(Common& common);  // --include-path and --remap

// Concatenates the lists.
[[nodiscard]] std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists);

// --- the commands; each has its own file ---

[[nodiscard]] Command check_command();
[[nodiscard]] Command run_command();
[[nodiscard]] Command scenario_command();
[[nodiscard]] Command replay_command();
[[nodiscard]] Command verify_command();
[[nodiscard]] Command build_command();
[[nodiscard]] Command fmt_command();
[[nodiscard]] Command demo_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command model_command();
[[nodiscard]] Command quorums_command();
[[nodiscard]] Command sim_command();
[[nodiscard]] Command compare_command();
[[nodiscard]] Command node_test_command();
[[nodiscard]] Command statetest_command();
[[nodiscard]] Command blocktest_command();

}  // namespace interlock::cli
