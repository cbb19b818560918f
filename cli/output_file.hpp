// Files that the program writes: completely or not at all, and only where the user asked for them.
//
// A text is written to a temporary file in the same folder, which is then renamed. Symbolic links are refused, both as
// the file and as its folder, because a repository that somebody checks may contain links that its author placed there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace interlock::cli {

// Writes a new file or replaces a regular one, whose permissions stay. Returns why it failed, or an empty text.
[[nodiscard]] std::string write_file(const std::filesystem::path& path, std::string_view text);

// Returns text as a part of a file's name: letters, digits, `-`, `_` and inner dots stay; everything else becomes `_`.
[[nodiscard]] std::string file_name_part(std::string_view text);

}  // namespace interlock::cli
