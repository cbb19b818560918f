#include "cli/command.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "lang/load.hpp"

namespace interlock::cli {

bool Common::color_on(int file_descriptor) const {
    if (color == "always") return true;
    if (color == "never") return false;
    const char* no_color = std::getenv("NO_COLOR");
    return (!no_color || !*no_color) && isatty(file_descriptor);
}

void add_common(CLI::App& command, Common& common) {
    command.add_flag("--json", common.json, "Print one JSON object instead of text");
    command.add_option("--color", common.color, "auto (the default), always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_imports(CLI::App& command, Common& common) {
    command.add_option("--include-path", common.include_paths, "A folder where imported files are looked for; repeatable")
        ->allow_extra_args(false);
    command.add_option("--remap", common.remappings, "prefix=target, for the paths of imports; repeatable")
        ->allow_extra_args(false)
        ->check(CLI::Validator(
            [](const std::string& text) { return lang::parse_remapping(text) ? "" : "not of the form prefix=target"; },
            "prefix=target"));
}

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        std::cerr << "interlock: " << path << " is a folder, not a file\n";
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::cerr << "interlock: cannot read " << path << ": no such file, or no permission\n";
        return std::nullopt;
    }
    std::string text(max_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_bytes) {
        std::cerr << "interlock: " << path << " is larger than " << max_bytes << " bytes\n";
        return std::nullopt;
    }
    return text;
}

}  // namespace interlock::cli
