// Where imported files come from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::lang {

struct Remapping {        // of the paths of imports
    std::string context;  // only in files whose path begins like this; empty: everywhere
    std::string prefix;   // of a path, replaced by
    std::string target;
};

// Reads "prefix=target" or "context:prefix=target"; any other text is std::nullopt.
[[nodiscard]] std::optional<Remapping> parse_remapping(std::string_view text);

class Loader {
  public:
    struct File {
        std::optional<std::string> text;  // of the file; at most one byte more than Sources::max_file_bytes matters
        std::string why_not;              // empty: there is no such file
    };

    Loader() = default;
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;
    virtual ~Loader() = default;

    // `path` is normalized: no empty or `.` steps, `..` only at its beginning. It comes from source text: any file may
    // be asked for.
    [[nodiscard]] virtual File read(const std::string& path) = 0;
};

struct ImportOptions {
    Loader* loader = nullptr;  // none: nothing can be imported
    std::vector<Remapping> remappings;
    std::vector<std::string> include_paths;
};

}  // namespace interlock::lang
