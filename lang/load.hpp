// All files of a compilation: the first one, what it imports, what that imports, each once.
//
// How an import's path becomes a file is solc's way (Solidity documentation, "Import Path Resolution"): a path that
// begins with `./` or `../` is relative to the importing file; every path goes through the remappings; then it is
// looked for as it is and below each include path. Where files come from is the caller's business: a Loader.
#pragma once

#include <string>
#include <vector>

#include "lang/compile.hpp"
#include "lang/parse.hpp"

namespace interlock::lang {

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

// Limits of hostile input; running into one is a clear error.
inline constexpr std::size_t max_files = 1000;
inline constexpr std::size_t max_total_bytes = 64u << 20;
inline constexpr std::size_t max_path_bytes = 1024;

// Parses the file and all that it imports into one tree, whose first unit it is. What an import means is in
// Import::target; one that could not be loaded has none, and was reported.
[[nodiscard]] Tree load(const SourceFile& file, Sources& sources, Diagnostics& diagnostics, const ImportOptions& options);

// As the other compile(); imported files from a loader. Artifacts of all files come out.
[[nodiscard]] Compilation compile(std::string path, std::string text, const ImportOptions& imports,
                                  CodeSize size = CodeSize::Deployable);

// "a/./b//../c" is "a/c". Empty where nothing is left.
[[nodiscard]] std::string normalized(std::string_view path);

}  // namespace interlock::lang
