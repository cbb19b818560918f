// Options that say where imported files come from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::lang {

struct Remapping {        // of the paths of imports
    std::string context;  // applies only to files whose path begins like this; empty: to all
    std::string prefix;   // the beginning of a path, which is replaced by
    std::string target;
    bool is_found =
        false;  // in a project, not given by the user: if it leads to no file, the import is looked for without it
};

// Reads "prefix=target" or "context:prefix=target". Returns std::nullopt for any other text.
[[nodiscard]] std::optional<Remapping> parse_remapping(std::string_view text);

// Normalizes "a/./b//../c" to "a/c". The result may be empty.
[[nodiscard]] std::string normalized(std::string_view path);

class Loader {
  public:
    struct File {
        std::optional<std::string> text;  // at most one byte more than Sources::max_file_bytes is used
        std::string why_not;              // empty if the file does not exist
    };

    Loader() = default;
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;
    virtual ~Loader() = default;

    // Returns the path under which the file is read, once however it was written: usually the normalized path, which has
    // no empty or `.` steps, and `..` only at its beginning. Files without a place on disk may have any other names.
    [[nodiscard]] virtual std::string name_of(const std::string& path) const { return normalized(path); }

    // `path` is a name_of() one. It comes from source text, so any file may be requested.
    [[nodiscard]] virtual File read(const std::string& path) = 0;
};

struct ImportOptions {
    Loader* loader = nullptr;  // null: nothing can be imported
    std::vector<Remapping> remappings;
    std::vector<std::string> include_paths;
};

}  // namespace interlock::lang
