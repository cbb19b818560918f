// Finds where a file's imports come from: first the command line's options, then the project around the file.
//
// The project provides `node_modules` of the file's folder and of those above it, as Node.js looks packages up;
// `remappings.txt` of the nearest folder that has one, as forge writes it; and the libraries that forge would find by
// itself (foundry_project.hpp). So the contracts of most projects compile without options.
#pragma once

#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "lang/loading/file_loader.hpp"

namespace interlock::cli {

// A file to compile, with everything that it may import.
struct Input {
    std::string path, text;
    lang::ImportOptions imports;  // its loader is the member below
    std::unique_ptr<lang::FileLoader> loader;
};

// Prints a message on stderr for a line of remappings.txt that is not a remapping.
// It may import what is in the working folder, in its own, in the further ones, and in the project around it: the nearest
// folder that tools take for one (package.json, foundry.toml, .git and the like).
[[nodiscard]] Input input_of(const std::string& path, std::string text, const Common& common,
                             const std::vector<std::string>& folders = {});

// Returns std::nullopt after printing on stderr why the file cannot be read.
[[nodiscard]] std::optional<Input> read_input(const std::string& path, const Common& common);

// Returns the folder of the file and the folders above it, the nearest first.
[[nodiscard]] std::vector<std::filesystem::path> folders_around(const std::string& file);

}  // namespace interlock::cli
