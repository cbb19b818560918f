#include "cli/project.hpp"

#include "cli/foundry_project.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

#include "cli/input_file.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_remappings_bytes = std::size_t{1} << 20;

// Returns the path as it is shown and kept in traces: relative to the working directory.
std::string shown(const fs::path& path) {
    std::error_code error;
    const std::string shown = fs::proximate(path, error).generic_string();
    return error || shown.empty() ? path.generic_string() : shown;
}

// Converts a path in the project's file to one relative to the working directory.
std::string moved_to(const fs::path& folder, const std::string& path) {
    const std::string moved = shown(folder / path);
    return path.ends_with('/') && !moved.ends_with('/') ? moved + "/" : moved;
}

void read_remappings(const fs::path& folder, const fs::path& file, std::vector<lang::Remapping>& remappings) {
    const std::optional<std::string> text = read_or_say(file.string(), max_remappings_bytes);
    if (!text) return;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.pop_back();
        if (line.empty()) continue;
        std::optional<lang::Remapping> remapping = lang::parse_remapping(line);
        if (!remapping) {
            std::cerr << "interlock: " << lang::printable(shown(file)) << ": `" << lang::printable(line)
                      << "` is not of the form prefix=target\n";
            continue;
        }
        remapping->is_found = true;
        remapping->target = moved_to(folder, remapping->target);
        if (!remapping->context.empty()) remapping->context = moved_to(folder, remapping->context);
        remappings.push_back(std::move(*remapping));
    }
}

// Returns the nearest folder around the file that tools take for a project's, if there is one.
std::optional<fs::path> project_around(const std::string& path) {
    constexpr std::string_view marks[] = {"node_modules",      "package.json",      "foundry.toml", "remappings.txt",
                                          "hardhat.config.ts", "hardhat.config.js", ".git"};
    for (const fs::path& folder : folders_around(path)) {
        std::error_code error;
        if (folder == folder.root_path()) break;
        if (std::ranges::any_of(marks, [&](std::string_view mark) { return fs::exists(folder / mark, error); }))
            return folder;
    }
    return std::nullopt;
}

lang::ImportOptions imports_of(const std::string& path, const Common& common) {
    lang::ImportOptions imports{.include_paths = common.include_paths};
    std::error_code error;
    const std::vector<fs::path> folders = folders_around(path);
    const std::optional<FoundryProject> project = foundry_project_around(path);
    if (project) imports.remappings = project->remappings;
    for (const fs::path& folder : folders)
        if (fs::is_regular_file(folder / "remappings.txt", error)) {
            read_remappings(folder, folder / "remappings.txt", imports.remappings);
            break;
        }
    if (project) imports.include_paths.push_back(project->root);
    for (const fs::path& folder : folders)
        if (fs::is_directory(folder / "node_modules", error))
            imports.include_paths.push_back(shown(folder / "node_modules"));
    // Of equal remappings the last wins, which is the user's.
    for (const std::string& remapping : common.remappings)
        imports.remappings.push_back(lang::parse_remapping(remapping).value());
    return imports;
}

}  // namespace

std::vector<fs::path> folders_around(const std::string& file) {
    std::error_code error;
    std::vector<fs::path> folders;
    for (fs::path folder = fs::weakly_canonical(file, error).parent_path(); !error; folder = folder.parent_path()) {
        folders.push_back(folder);
        if (folder == folder.root_path()) break;
    }
    return folders;
}

Input input_of(const std::string& path, std::string text, const Common& common, const std::vector<std::string>& folders) {
    Input input{path, std::move(text), imports_of(path, common), nullptr};
    std::vector<std::string> allowed{".", fs::path(path).parent_path().string()};
    if (const auto root = project_around(path)) allowed.push_back(root->string());
    allowed.insert(allowed.end(), folders.begin(), folders.end());
    input.loader = std::make_unique<lang::FileLoader>(allowed, input.imports);
    input.imports.loader = input.loader.get();
    return input;
}

std::optional<Input> read_input(const std::string& path, const Common& common) {
    std::optional<std::string> text = read_or_say(path, lang::Sources::max_file_bytes);
    if (!text) return std::nullopt;
    return input_of(path, std::move(*text), common);
}

}  // namespace interlock::cli
