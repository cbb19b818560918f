#include "cli/foundry_project.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "lang/loading/load.hpp"

namespace interlock::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_config_bytes = std::size_t{1} << 20;
constexpr std::size_t max_test_files = 10'000;
constexpr int max_library_depth = 3;  // of nested libraries

std::string text_of_file(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > max_config_bytes || error) return {};
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Returns the path as it is shown and kept in traces: relative to the working directory.
std::string shown(const fs::path& path) {
    std::error_code error;
    const std::string relative = fs::proximate(path, error).generic_string();
    return error || relative.empty() ? path.generic_string() : relative;
}

// --- foundry.toml ---

// Reads the part of TOML that such files use: keys, prefixed by their sections, and the text of their values. An inline
// table counts as a section.
class Config {
  public:
    explicit Config(const std::string& text) {
        std::istringstream lines(text);
        std::string section;
        for (std::string line; std::getline(lines, line);) {
            line = without_comment(line);
            if (line.empty()) continue;
            if (line.front() == '[') {
                section = line.substr(1, line.find(']') - 1) + ".";
                continue;
            }
            for (std::string more; !is_complete(line) && std::getline(lines, more);) line += " " + without_comment(more);
            add(section, line);
        }
    }

    // Returns the first of the keys that exists.
    [[nodiscard]] std::optional<std::string> find(std::initializer_list<std::string> keys) const {
        for (const std::string& key : keys)
            if (const auto found = values_.find(key); found != values_.end()) return found->second;
        return std::nullopt;
    }

    // Returns the strings in a value, which is one string or a list.
    [[nodiscard]] static std::vector<std::string> strings(const std::string& value) {
        std::vector<std::string> all;
        for (std::size_t at = 0; (at = value.find_first_of("\"'", at)) != std::string::npos;) {
            const std::size_t end = value.find(value[at], at + 1);
            if (end == std::string::npos) break;
            all.push_back(value.substr(at + 1, end - at - 1));
            at = end + 1;
        }
        return all;
    }

    [[nodiscard]] static std::optional<std::uint32_t> number(const std::string& value) {
        std::string digits = value;
        std::erase(digits, '_');
        std::uint32_t made = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), made);
        if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
        return made;
    }

  private:
    static std::string trimmed(const std::string& text) {
        const std::size_t first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
        return first == std::string::npos ? "" : text.substr(first, last - first + 1);
    }

    static std::string without_comment(const std::string& line) {
        char quote = '\0';
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (quote != '\0') quote = line[i] == quote ? '\0' : quote;
            else if (line[i] == '"' || line[i] == '\'') quote = line[i];
            else if (line[i] == '#') return trimmed(line.substr(0, i));
        }
        return trimmed(line);
    }

    static bool is_complete(const std::string& line) {
        const auto count = [&](char c) { return std::ranges::count(line, c); };
        return count('[') <= count(']') && count('{') <= count('}');
    }

    void add(const std::string& section, const std::string& line) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos) return;
        const std::string key = section + trimmed(line.substr(0, equals)), value = trimmed(line.substr(equals + 1));
        if (!value.starts_with('{') || !value.ends_with('}')) {
            values_[key] = value;
            return;
        }
        std::istringstream parts(value.substr(1, value.size() - 2));
        for (std::string part; std::getline(parts, part, ',');) add(key + ".", part);
    }

    std::map<std::string, std::string> values_;
};

// --- remappings ---

class Remappings {
  public:
    // Adds a line of a list in foundry.toml or remappings.txt, whose paths are relative to `folder`.
    void add_line(const std::string& line, const fs::path& folder) {
        std::optional<lang::Remapping> remapping = lang::parse_remapping(line);
        if (!remapping) return;
        const bool is_folder = remapping->target.ends_with('/');
        remapping->target = shown(folder / remapping->target);
        if (is_folder && !remapping->target.ends_with('/')) remapping->target += '/';
        if (!remapping->context.empty()) remapping->context = shown(folder / remapping->context);
        all_.push_back(std::move(*remapping));
    }

    // Adds the libraries in a folder. Libraries that they contain are added before all of them, so that a library of
    // the project takes precedence over a copy inside another library. `import "name/…"` means the library's sources,
    // wherever they are in it; `import "name/src/…"` means the same.
    void add_libraries(const fs::path& folder, int depth) {
        std::error_code error;
        std::vector<fs::path> libraries;
        for (const fs::directory_entry& each : fs::directory_iterator(folder, error))
            if (each.is_directory(error)) libraries.push_back(each.path());
        std::ranges::sort(libraries);
        for (const fs::path& each : libraries) {
            if (depth < max_library_depth) add_libraries(each / "lib", depth + 1);
            add_lines_of(each);
        }
        for (const fs::path& each : libraries) add_library(each);
    }

    [[nodiscard]] std::vector<lang::Remapping> take() { return std::move(all_); }

  private:
    void add(const std::string& prefix, const fs::path& target) { all_.push_back({"", prefix, shown(target) + "/"}); }

    void add_library(const fs::path& folder) {
        std::error_code error;
        const std::string name = folder.filename().string();
        fs::path sources = folder;
        for (const char* const inside : {"contracts", "src"})
            if (fs::is_directory(folder / inside, error)) {
                sources = folder / inside;
                add(name + "/" + inside + "/", sources);
            }
        add(name + "/", sources);
    }

    void add_lines_of(const fs::path& folder) {
        std::istringstream lines(text_of_file(folder / "remappings.txt"));
        for (std::string line; std::getline(lines, line);) {
            while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
            if (!line.empty()) add_line(line, folder);
        }
    }

    std::vector<lang::Remapping> all_;
};

FoundryProject read_project(const fs::path& root) {
    const Config config(text_of_file(root / "foundry.toml"));
    const auto of_profile = [&](const std::string& key) {
        return config.find({"profile.default." + key, "default." + key});
    };
    const auto number = [&](const std::string& section, const std::string& key) {
        const auto value = config.find({"profile.default." + section + "." + key, section + "." + key});
        return value ? Config::number(*value) : std::nullopt;
    };

    FoundryProject project;
    project.root = shown(root);
    const auto tests = Config::strings(of_profile("test").value_or("'test'"));
    project.tests = shown(root / (tests.empty() ? "test" : tests.front()));
    project.runs = number("fuzz", "runs");
    project.sequences = number("invariant", "runs");
    project.depth = number("invariant", "depth");
    project.fail_on_revert = config.find({"profile.default.invariant.fail_on_revert", "invariant.fail_on_revert"}) == "true";

    Remappings remappings;
    for (const std::string& folder : Config::strings(of_profile("libs").value_or("'lib'")))
        if (folder != "node_modules") remappings.add_libraries(root / folder, 1);
    for (const std::string& line : Config::strings(of_profile("remappings").value_or(""))) remappings.add_line(line, root);
    project.remappings = remappings.take();
    return project;
}

}  // namespace

std::optional<FoundryProject> foundry_project_around(const std::string& path) {
    std::error_code error;
    fs::path folder = fs::weakly_canonical(path.empty() ? "." : path, error);
    if (error) return std::nullopt;
    if (!fs::is_directory(folder, error)) folder = folder.parent_path();
    for (;; folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / "foundry.toml", error)) return read_project(folder);
        if (folder == folder.root_path() || folder.empty()) return std::nullopt;
    }
}

std::vector<std::string> test_files_in(const std::string& folder) {
    std::error_code error;
    fs::path where = folder;
    if (fs::is_regular_file(where / "foundry.toml", error))
        if (const auto project = foundry_project_around(folder)) where = project->tests;
    std::vector<std::string> files;
    fs::recursive_directory_iterator each(where, fs::directory_options::skip_permission_denied, error);
    for (; !error && each != fs::recursive_directory_iterator() && files.size() < max_test_files; each.increment(error)) {
        const std::string name = each->path().filename().string();
        const bool is_elsewhere = name == "node_modules" || name == "lib" || name == "out" || name == "cache";
        if (each->is_directory(error) && is_elsewhere) each.disable_recursion_pending();
        if (name.ends_with(".t.sol") && each->is_regular_file(error))
            files.push_back(each->path().lexically_normal().generic_string());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace interlock::cli
