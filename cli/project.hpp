// Where a file's imports come from: what the command line says, then what the project around the file says.
//
// `node_modules` of the file's folder and of those above it, as Node.js looks packages up; `remappings.txt` of the
// nearest folder that has one, as forge writes it, and what forge would find by itself (foundry_project.hpp). So the
// contracts of most projects compile as they lie there.
#pragma once

#include <memory>

#include "cli/command.hpp"
#include "lang/loading/file_loader.hpp"

namespace interlock::cli {

// A file to compile, with everything that it may import.
struct Input {
    std::string path, text;
    lang::ImportOptions imports;  // its loader is the one below
    std::unique_ptr<lang::FileLoader> loader;
};

// A line of remappings.txt that is no remapping is said on stderr.
[[nodiscard]] Input input_of(const std::string& path, std::string text, const Common& common);

// None: it cannot be read, which was said on stderr.
[[nodiscard]] std::optional<Input> read_input(const std::string& path, const Common& common);

}  // namespace interlock::cli
