// Files that the program makes: whole or not at all, and nowhere but where they were asked for.
//
// A text is written under a temporary name in the same folder, then renamed. Symbolic links are refused, as the file and
// as its folder: a repository may hold links that its author laid out for whoever checks it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace interlock::cli {

// Writes a new file, or the place of a regular one, whose permissions stay. Why it could not; empty: it is written.
[[nodiscard]] std::string write_file(const std::filesystem::path& path, std::string_view text);

// Text as a part of a file's name: letters, digits, `-`, `_` and dots between them; everything else becomes `_`.
[[nodiscard]] std::string file_name_part(std::string_view text);

}  // namespace interlock::cli
