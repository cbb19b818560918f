// Reads a file that the user named.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace interlock::cli {

struct FileText {
    std::optional<std::string> text;
    std::string error;  // set if there is no text: "nowhere.ilk cannot be read: No such file or directory"
};

[[nodiscard]] FileText read_file(const std::string& path, std::size_t max_bytes);
// The path "-" is standard input, whatever that is: a file, a pipe or a socket.
[[nodiscard]] FileText read_file_or_input(const std::string& path, std::size_t max_bytes);

// The same, with the error printed on stderr.
[[nodiscard]] std::optional<std::string> read_or_say(const std::string& path, std::size_t max_bytes);

}  // namespace interlock::cli
