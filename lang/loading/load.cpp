// Loads breadth first: the units of the tree are the queue.
#include "lang/loading/load.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lang/diagnostics/codes.hpp"

namespace interlock::lang {
namespace {

bool is_relative(std::string_view path) {
    return path.starts_with("./") || path.starts_with("../") || path == "." || path == "..";
}

std::string folder_of(std::string_view path) {
    std::string_view folder = path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
    while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
    return std::string(folder);
}

// Returns the path that a relative one means. The importing file's own path stays as it is written, for it may be a name
// such as "https://example.com/a.sol".
std::string seen_from(std::string_view importer, std::string_view relative) {
    std::string path = folder_of(importer);
    std::string steps = normalized(relative);
    while (steps.starts_with("..") && !path.empty() && path != "/" && path != ".." && !path.ends_with("/..")) {
        path = folder_of(path);
        steps.erase(0, steps.starts_with("../") ? 3 : 2);
    }
    return path + (path.empty() || path.ends_with('/') || steps.empty() ? "" : "/") + steps;
}

// Applies the remapping with the longest context, then the longest prefix, then the last of those. Without the found
// ones, only those that the user gave apply.
std::string remapped(const std::string& path, std::string_view importer, const std::vector<Remapping>& remappings,
                     bool with_found) {
    const Remapping* best = nullptr;
    for (const Remapping& each : remappings) {
        if (each.is_found && !with_found) continue;
        if (!importer.starts_with(each.context) || !path.starts_with(each.prefix)) continue;
        const bool is_better = !best || each.context.size() > best->context.size() ||
                               (each.context.size() == best->context.size() && each.prefix.size() >= best->prefix.size());
        if (is_better) best = &each;
    }
    return best ? best->target + path.substr(best->prefix.size()) : path;
}

bool is_path(std::string_view path) {
    if (path.empty() || path.size() > max_path_bytes) return false;
    for (const char c : path)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    return true;
}

class Loading {
  public:
    Loading(Sources& sources, Diagnostics& diagnostics, const ImportOptions& options, Levels levels)
        : sources_(sources), diagnostics_(diagnostics), options_(options), levels_(levels) {}

    [[nodiscard]] Tree run(std::span<const SourceFile* const> files) {
        for (const SourceFile* file : files) {
            bytes_ += file->text.size();
            paths_.push_back(name_of(file->path, options_));
            const std::size_t before = diagnostics_.all().size();
            const UnitId unit = parse_into(tree_, *file, diagnostics_, levels_);
            files_.push_back(file);
            units_.emplace(paths_.back(), unit);
            if (!tree_[unit].has_code && diagnostics_.all().size() == before) warn_of_no_code(*file);
        }
        for (std::uint32_t unit = 1; unit < tree_.units.size() && !is_full_; ++unit)
            for (std::size_t i = 0; i < tree_.units[unit].imports.size() && !is_full_; ++i) {
                const Import import = tree_.units[unit].imports[i];  // a copy: loading adds units
                const UnitId target = find(import, paths_[unit]);
                tree_.units[unit].imports[i].target = target;
            }
        return std::move(tree_);
    }

    // Parses all files of the tree anew, with what each allows the others.
    [[nodiscard]] Tree again(const Tree& before, Levels levels) {
        Tree tree;
        for (std::size_t unit = 1; unit < before.units.size(); ++unit) {
            const UnitId made = parse_into(tree, *files_[unit - 1], diagnostics_, levels);
            std::vector<Import>& imports = tree.units[made.index].imports;
            for (std::size_t i = 0; i < imports.size() && i < before.units[unit].imports.size(); ++i)
                imports[i].target = before.units[unit].imports[i].target;
        }
        return tree;
    }

  private:
    void warn_of_no_code(const SourceFile& file) {
        diagnostics_
            .warning(code::nothing_to_compile.id, "there is nothing to compile in this file", {file.start, file.start})
            .helps.push_back("begin with `contract Name { … }`");
    }

    UnitId find(const Import& import, const std::string& importer) {
        if (import.path_range == SourceRange{}) return {};  // a syntax error cut it short
        if (!is_path(import.path)) {
            report(import, "this cannot be the path of a file");
            return {};
        }
        const std::string_view written = import.path;
        const std::string asked = is_relative(written) ? seen_from(importer, written) : std::string(written);
        std::vector<std::string> names{remapped(asked, importer, options_.remappings, true)};
        if (std::string given = remapped(asked, importer, options_.remappings, false); given != names.front())
            names.push_back(std::move(given));
        std::vector<std::string> candidates;
        for (const std::string& name : names) {
            candidates.push_back(name_of(name, options_));
            for (const std::string& folder : options_.include_paths) candidates.push_back(normalized(folder + "/" + name));
        }
        std::vector<std::string> tried;
        for (const std::string& path : candidates) {
            if (const auto known = units_.find(path); known != units_.end()) return known->second;
            if (options_.loader == nullptr || !is_path(path)) continue;
            Loader::File found = options_.loader->read(path);
            if (found.text) return add(import, path, std::move(*found.text));
            tried.push_back(fmt::format("`{}`: {}", path, found.why_not.empty() ? "no such file" : found.why_not));
        }
        report_missing(import, tried);
        return {};
    }

    UnitId add(const Import& import, const std::string& path, std::string text) {
        bytes_ += text.size();
        if (units_.size() >= max_files || bytes_ > max_total_bytes) {
            is_full_ = true;
            diagnostics_.error(code::too_many_files.id,
                               units_.size() >= max_files
                                   ? fmt::format("more than {} files in one compilation", max_files)
                                   : fmt::format("more than {} MiB in one compilation", max_total_bytes >> 20),
                               import.path_range, "not read any more from here on");
            return {};
        }
        files_.push_back(&sources_.add(path, std::move(text)));
        const UnitId unit = parse_into(tree_, *files_.back(), diagnostics_, levels_);
        units_.emplace(path, unit);
        paths_.push_back(path);
        return unit;
    }

    Diagnostic& report(const Import& import, std::string message) {
        return diagnostics_.error(code::import_not_found.id, std::move(message), import.path_range);
    }

    void report_missing(const Import& import, const std::vector<std::string>& tried) {
        Diagnostic& d = report(import, fmt::format("`{}` cannot be imported", import.path));
        for (const std::string& each : tried) d.notes.push_back(each);
        if (options_.loader == nullptr) d.notes.push_back("there are no other files here");
        else if (!is_relative(import.path))
            d.helps.push_back("say where it is: `--include-path FOLDER`, or a remapping `prefix=target`");
    }

    Sources& sources_;
    Diagnostics& diagnostics_;
    const ImportOptions& options_;
    Levels levels_;  // of those that a file's pragmas allow
    Tree tree_;
    std::map<std::string, UnitId> units_;  // by path
    std::vector<std::string> paths_{""};   // by unit
    std::vector<const SourceFile*> files_;
    std::size_t bytes_ = 0;
    bool is_full_ = false;
};

}  // namespace

std::optional<Remapping> parse_remapping(std::string_view text) {
    const std::size_t sign = text.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    const std::string_view left = text.substr(0, sign);
    const std::size_t colon = left.find(':');
    Remapping remapping{.target = std::string(text.substr(sign + 1))};
    if (colon != std::string_view::npos) remapping.context = left.substr(0, colon);
    remapping.prefix = left.substr(colon == std::string_view::npos ? 0 : colon + 1);
    return remapping.prefix.empty() ? std::nullopt : std::optional(std::move(remapping));
}

std::string name_of(const std::string& path, const ImportOptions& options) {
    return options.loader == nullptr ? normalized(path) : options.loader->name_of(path);
}

std::string normalized(std::string_view path) {
    std::vector<std::string_view> steps;
    const bool is_absolute = path.starts_with('/');
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view step = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        if (step.empty() || step == ".") continue;
        const bool goes_up = step == ".." && !steps.empty() && steps.back() != "..";
        if (goes_up) steps.pop_back();
        else if (step != ".." || !is_absolute) steps.push_back(step);
    }
    return (is_absolute ? "/" : "") + fmt::format("{}", fmt::join(steps, "/"));
}

Levels levels_of(const Tree& tree) {
    Levels levels = Levels::all();
    for (const Unit& unit : tree.units) levels = levels & unit.levels;
    return levels;
}

Tree load(const SourceFile& file, Sources& sources, Diagnostics& diagnostics, const ImportOptions& options) {
    const SourceFile* only = &file;
    return load({&only, 1}, sources, diagnostics, options);
}

Tree load(std::span<const SourceFile* const> files, Sources& sources, Diagnostics& diagnostics, const ImportOptions& options,
          Levels among) {
    const Diagnostics before = diagnostics;
    Loading loading(sources, diagnostics, options, among);
    Tree tree = loading.run(files);
    if (files.size() != 1 || diagnostics.has_errors_of(code::import_not_found.id)) return tree;
    // A file alone is of the newest dialect that its pragmas allow; together they are of the newest that all allow.
    const Levels levels = levels_of(tree);
    const auto differs = [&](const Unit& unit) { return unit.range.end != 0 && unit.dialect.level != *levels.newest(); };
    if (!levels.newest() || std::ranges::none_of(tree.units, differs)) return tree;
    diagnostics = before;
    return loading.again(tree, levels);
}

std::vector<UnitId> reached_from(const Tree& tree, UnitId unit) {
    std::vector<bool> is_reached(tree.units.size());
    is_reached[unit.index] = true;
    std::vector<UnitId> reached{unit};
    for (std::size_t i = 0; i < reached.size(); ++i)
        for (const Import& import : tree[reached[i]].imports) {
            if (!import.target || is_reached[import.target.index]) continue;
            is_reached[import.target.index] = true;
            reached.push_back(import.target);
        }
    return reached;
}

}  // namespace interlock::lang
