// Which of the files to check belong together: a contract of one expects, by an interface, what a contract of another
// one is. Such files are one system, whatever names they import.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/compile.hpp"

namespace interlock::cli {

struct CompiledFile {
    std::string path;
    std::shared_ptr<const lang::Compilation> compilation;  // null: it could not be compiled, or has no contract
};

// Returns the indices of the files by system, in the order of the files. A file that another one of its system imports is
// left out: the other one has its contracts.
[[nodiscard]] std::vector<std::vector<std::size_t>> systems_of(const std::vector<CompiledFile>& files);

// Returns a source at `path` that imports all files.
[[nodiscard]] std::string source_of_system(const std::string& path, const std::vector<std::string>& files);

}  // namespace interlock::cli
