#include "analyzer/devnet/foundry/project.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace interlock::analyzer::foundry {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_sources = 10'000, max_entries = 200'000;  // limits of files, and of visited folder entries
constexpr std::size_t max_candidates = 4;                           // files that are compiled to find one contract

bool is_made(const std::string& name) {
    return name.starts_with('.') || name == "out" || name == "cache" || name == "node_modules" || name == "broadcast";
}

}  // namespace

Project::Project(const fs::path& root, Compile compile) : compile_(std::move(compile)) {
    std::error_code error;
    root_ = fs::canonical(root, error);
    if (error) root_.clear();
}

std::optional<fs::path> Project::inside(const std::string& path) const {
    if (root_.empty() || path.find('\0') != std::string::npos) return std::nullopt;
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(root_ / path, error);
    if (error) return std::nullopt;
    const auto [end, at] = std::ranges::mismatch(root_, whole);
    if (end != root_.end()) return std::nullopt;
    return whole;
}

std::optional<std::string> Project::text_of(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > max_file_bytes || error) return std::nullopt;
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

const std::vector<std::string>& Project::sources() const {
    if (sources_) return *sources_;
    sources_.emplace();
    std::error_code error;
    fs::recursive_directory_iterator each(root_, fs::directory_options::skip_permission_denied, error);
    std::size_t seen = 0;
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        if (++seen > max_entries || sources_->size() == max_sources) break;
        const std::string name = each->path().filename().string();
        if (each->is_directory(error) && is_made(name)) each.disable_recursion_pending();
        if (name.ends_with(".sol") && each->is_regular_file(error)) sources_->push_back(each->path().generic_string());
    }
    std::ranges::sort(*sources_);
    const std::string libraries = (root_ / "lib/").generic_string();
    std::stable_partition(sources_->begin(), sources_->end(),
                          [&](const std::string& path) { return !path.starts_with(libraries); });
    return *sources_;
}

std::vector<std::shared_ptr<const lang::Compilation>> Project::sources_with(const std::string& file,
                                                                            const std::string& contract) const {
    std::vector<std::shared_ptr<const lang::Compilation>> found;
    if (root_.empty()) return found;
    const auto is_candidate = [&](const std::string& path) {
        if (!file.empty()) return path.ends_with("/" + file);
        if (path.ends_with("/" + contract + ".sol")) return true;
        return text_of(path).value_or("").find("contract " + contract) != std::string::npos;
    };
    for (const std::string& path : sources()) {
        if (found.size() == max_candidates) break;
        if (!is_candidate(path)) continue;
        const auto known = compiled_.find(path);
        const auto made = known != compiled_.end() ? known->second : compiled_[path] = compile_(path);
        if (made) found.push_back(made);
    }
    return found;
}

}  // namespace interlock::analyzer::foundry
