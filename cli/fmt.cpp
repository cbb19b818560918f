// interlock fmt FILE…: formats source text; with --check it only says which files would change.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/input_file.hpp"
#include "cli/output_file.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/format.hpp"

namespace interlock::cli {

namespace {

struct FmtArguments {
    std::vector<std::string> files;
    bool check = false;
    bool strip = false;
    Common common;
};

// Replaces the file itself if the path is a link to it, because the file itself was read.
bool replace(const std::string& path, const std::string& text) {
    std::error_code error;
    const std::filesystem::path place = std::filesystem::canonical(path, error);
    const std::string why_not = error ? error.message() : write_file(place, text);
    if (!why_not.empty()) std::cerr << "interlock: " << lang::printable(path) << " cannot be written: " << why_not << "\n";
    return why_not.empty();
}

// Returns the exit code for one file.
int format_file(const std::string& path, const FmtArguments& arguments, const Common& common) {
    std::optional<std::string> before = read_or_say(path, lang::Sources::max_file_bytes);
    if (!before) return exit_source;
    lang::Sources sources;
    lang::Diagnostics diagnostics;
    const lang::SourceFile& file = sources.add(path, *before);
    const std::optional<std::string> after = lang::format(file, diagnostics, {.strip = arguments.strip});
    report(diagnostics, sources, common);
    if (!after) return exit_source;
    if (arguments.strip) {
        std::cout << (isatty(STDOUT_FILENO) ? lang::printable_lines(*after) : *after);
        return exit_ok;
    }
    if (*after == *before) return exit_ok;
    if (!arguments.check) return replace(path, *after) ? exit_ok : exit_output;
    std::cout << lang::printable(path) << "\n";
    return exit_findings;
}

int format(const FmtArguments& arguments, const Common& common) {
    if (arguments.check && arguments.strip) throw UsageError{"--check and --strip exclude each other"};
    int exit = exit_ok;
    for (const std::string& path : arguments.files) exit = std::max(exit, format_file(path, arguments, common));
    return exit;
}

}  // namespace

Command fmt_command() {
    auto arguments = std::make_shared<FmtArguments>();
    return {
        .name = "fmt",
        .help = "lay source text out anew",
        .operands = {"FILE", "contracts (.ilk, .sol)", 1, SIZE_MAX, &arguments->files},
        .options = {flag("--check", "change nothing; name the files that would change, and exit with 1", arguments->check),
                    flag("--strip", "print plain Solidity, without specifications, and change nothing", arguments->strip),
                    color_option(arguments->common)},
        .run = [arguments] { return format(*arguments, arguments->common); }};
}

}  // namespace interlock::cli
