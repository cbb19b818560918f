// All files of a compilation: the first one, what it imports, what that imports, each once.
//
// How an import's path becomes a file is solc's way (Solidity documentation, "Import Path Resolution"): a path that
// begins with `./` or `../` is relative to the importing file; every path goes through the remappings; then it is
// looked for as it is and below each include path. Where files come from is the caller's business: a Loader.
#pragma once

#include <string>
#include <vector>

#include "lang/loading/options.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {

// Limits of hostile input; running into one is a clear error.
inline constexpr std::size_t max_files = 1000;
inline constexpr std::size_t max_total_bytes = 64u << 20;
inline constexpr std::size_t max_path_bytes = 1024;

// Parses the file and all that it imports into one tree, whose first unit it is. What an import means is in
// Import::target; one that could not be loaded has none, and was reported.
[[nodiscard]] Tree load(const SourceFile& file, Sources& sources, Diagnostics& diagnostics, const ImportOptions& options);

// "a/./b//../c" is "a/c". Empty where nothing is left.
[[nodiscard]] std::string normalized(std::string_view path);

}  // namespace interlock::lang
