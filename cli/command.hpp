// What all subcommands share: exit codes, how to show things, and how a command joins the command line.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace interlock::cli {

// sysexits(3) where it has a code.
enum Exit : int {
    exit_ok = 0,
    exit_findings = 1,      // an exploit; a replay that differs
    exit_inconclusive = 2,  // only with --strict
    exit_usage = 64,
    exit_source = 65,  // the input is wrong: it does not compile, does not read, cannot be called so
    exit_internal = 70,
};

// Flags that every command takes.
struct Common {
    bool json = false;
    std::string color = "auto";
    std::vector<std::string> include_paths, remappings;

    [[nodiscard]] bool color_on(int file_descriptor) const;  // honours NO_COLOR
};

// Each adds its subcommand; its callback sets `exit`.
void add_check(CLI::App& app, Common& common, int& exit);
void add_run(CLI::App& app, Common& common, int& exit);
void add_replay(CLI::App& app, Common& common, int& exit);
void add_build(CLI::App& app, Common& common, int& exit);
void add_fmt(CLI::App& app, Common& common, int& exit);
void add_demo(CLI::App& app, Common& common, int& exit);
void add_explain(CLI::App& app, Common& common, int& exit);
void add_scenario(CLI::App& app, Common& common, int& exit);
void add_statetest(CLI::App& app, Common& common, int& exit);
void add_blocktest(CLI::App& app, Common& common, int& exit);

// --json and --color.
void add_common(CLI::App& command, Common& common);

// --include-path and --remap.
void add_imports(CLI::App& command, Common& common);

// The whole file, or an error line on stderr.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace interlock::cli
