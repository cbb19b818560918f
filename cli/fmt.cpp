// interlock fmt FILE…: lay source text out anew; with --check only say what would change.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "lang/format.hpp"

namespace interlock::cli {

namespace {

struct Arguments {
    std::vector<std::string> files;
    bool check = false;
    bool strip = false;
};

// The new text beside the old one, then in its place: a file is never half written.
bool replace(const std::string& path, const std::string& text) {
    std::error_code error;
    const std::filesystem::path place = std::filesystem::canonical(path, error);
    const std::filesystem::path beside = place.string() + ".interlock-fmt";
    if (!error) {
        std::ofstream out(beside, std::ios::binary);
        out << text;
        if (!out.flush()) error = std::make_error_code(std::errc::io_error);
    }
    if (!error) std::filesystem::permissions(beside, std::filesystem::status(place).permissions(), error);
    if (!error) std::filesystem::rename(beside, place, error);
    if (!error) return true;
    std::filesystem::remove(beside, error);
    std::cerr << "interlock: cannot write " << path << "\n";
    return false;
}

// The exit code of one file.
int format_file(const std::string& path, const Arguments& arguments, const Common& common) {
    std::optional<std::string> before = read_file(path, lang::Sources::max_file_bytes);
    if (!before) return exit_source;
    lang::Sources sources;
    lang::Diagnostics diagnostics;
    const lang::SourceFile& file = sources.add(path, *before);
    const std::optional<std::string> after = lang::format(file, diagnostics, {.strip = arguments.strip});
    report(diagnostics, sources, common);
    if (!after) return exit_source;
    if (arguments.strip) {
        std::cout << *after;
        return exit_ok;
    }
    if (*after == *before) return exit_ok;
    if (!arguments.check) return replace(path, *after) ? exit_ok : exit_source;
    std::cout << path << "\n";
    return exit_findings;
}

}  // namespace

void add_fmt(CLI::App& app, Common& common, int& exit) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("fmt", "Lay source text out anew");
    command->add_option("FILE", arguments->files, "Contracts (.ilk, .sol)")->required();
    command->add_flag("--check", arguments->check, "Change nothing; name the files that would change, and exit with 1");
    command->add_flag("--strip", arguments->strip, "Print plain Solidity, without specifications, and change nothing")
        ->excludes("--check");
    command->add_option("--color", common.color, "auto (the default), always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    command->callback([arguments, &common, &exit] {
        for (const std::string& path : arguments->files) exit = std::max<int>(exit, format_file(path, *arguments, common));
    });
}

}  // namespace interlock::cli
