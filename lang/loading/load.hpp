// Loads all files of a compilation: the given ones and everything that they import, directly or not, each once.
//
// An import's path becomes a file in the same way as in solc (Solidity documentation, "Import Path Resolution"): a path
// that begins with `./` or `../` is relative to the importing file; every path goes through the remappings; then it is
// looked up as it is and below each include path. The caller's Loader provides the files.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lang/loading/options.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {

// Limits against hostile input; exceeding one is reported as an error.
inline constexpr std::size_t max_files = 1000;
inline constexpr std::size_t max_total_bytes = 64u << 20;
inline constexpr std::size_t max_path_bytes = 1024;

// Parses the file and everything that it imports into one tree, of which it is the first unit. Import::target is the
// imported unit; an import that could not be loaded has none and was reported.
[[nodiscard]] Tree load(const SourceFile& file, Sources& sources, Diagnostics& diagnostics, const ImportOptions& options);

// The same for several files, which are the first units of the tree. Their names (name_of) must differ. Each is read as the
// newest of the levels `among` which its pragmas allow; a file with those that it imports, as the newest that all allow.
[[nodiscard]] Tree load(std::span<const SourceFile* const> files, Sources& sources, Diagnostics& diagnostics,
                        const ImportOptions& options, Levels among = Levels::all());

// Returns the levels that the pragmas of all files allow.
[[nodiscard]] Levels levels_of(const Tree& tree);

// Returns the unit and everything that it imports, directly or not, in the order in which load() reads them for this unit
// alone.
[[nodiscard]] std::vector<UnitId> reached_from(const Tree& tree, UnitId unit);

// Returns the path under which the file is known in a compilation.
[[nodiscard]] std::string name_of(const std::string& path, const ImportOptions& options);

}  // namespace interlock::lang
