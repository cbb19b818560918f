#include "cli/file_systems.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "analyzer/system/environment.hpp"
#include "analyzer/system/roles.hpp"

namespace interlock::cli {

namespace {

namespace fs = std::filesystem;

std::string place_of(const std::string& path) {
    std::error_code error;
    return fs::weakly_canonical(path, error).string();
}

bool includes(const CompiledFile& file, const CompiledFile& other) {
    const std::string place = place_of(other.path);
    return std::ranges::any_of(file.compilation->sources->files(),
                               [&](const lang::SourceFile& each) { return place_of(each.path) == place; });
}

bool is_of_package(const std::string& path) {
    return std::ranges::any_of(fs::path(path), [](const fs::path& part) { return part == "node_modules" || part == "lib"; });
}

// Whether a contract of the second file is what the first file declares as an interface. Any token is an ERC-20, so those
// do not count.
bool expects(const CompiledFile& file, const CompiledFile& other) {
    const auto is_there = [&](const lang::ir::Contract& role) {
        return std::ranges::any_of(other.compilation->artifacts, [&](const lang::Artifact& each) {
            return !each.ir->is_interface && analyzer::fits(*each.ir, role);
        });
    };
    return std::ranges::any_of(file.compilation->codeless, [&](const auto& each) {
        return each->is_interface && !is_of_package(file.compilation->sources->file_of(each->range).path) &&
               analyzer::environment_for(*each).empty() && is_there(*each);
    });
}

}  // namespace

std::vector<std::vector<std::size_t>> systems_of(const std::vector<CompiledFile>& files) {
    std::vector<std::size_t> system(files.size());
    std::iota(system.begin(), system.end(), 0);
    std::vector<bool> is_inside(files.size());
    for (std::size_t a = 0; a < files.size(); ++a)
        for (std::size_t b = 0; b < files.size(); ++b) {
            if (a == b || !files[a].compilation || !files[b].compilation) continue;
            const bool has = includes(files[a], files[b]);
            if (has && (a < b || !includes(files[b], files[a]))) is_inside[b] = true;
            if (!has && !expects(files[a], files[b])) continue;
            const auto [from, to] = std::minmax(system[a], system[b]);
            std::ranges::replace(system, std::size_t{to}, std::size_t{from});
        }
    std::vector<std::vector<std::size_t>> systems;
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::vector<std::size_t> members;
        for (std::size_t k = i; k < files.size() && system[i] == i; ++k)
            if (system[k] == i && !is_inside[k]) members.push_back(k);
        if (!members.empty()) systems.push_back(std::move(members));
    }
    return systems;
}

std::string source_of_system(const std::string& path, const std::vector<std::string>& files) {
    std::string text;
    std::error_code error;
    for (const std::string& file : files) {
        const std::string from = fs::proximate(file, fs::path(path).parent_path(), error).generic_string();
        text += "import \"" + (from.starts_with("..") || from.starts_with("/") ? from : "./" + from) + "\";\n";
    }
    return text;
}

}  // namespace interlock::cli
