#include "lang/loading/file_loader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace interlock::lang {

namespace fs = std::filesystem;

FileLoader::FileLoader(const std::vector<std::string>& folders, const ImportOptions& options) {
    for (const std::string& folder : folders) allow(folder);
    for (const std::string& folder : options.include_paths) allow(folder);
    for (const Remapping& remapping : options.remappings) allow(fs::path(remapping.target).parent_path().string());
}

void FileLoader::allow(const std::string& folder) {
    std::error_code error;
    const fs::path place = fs::canonical(folder.empty() ? "." : folder, error);
    if (!error) allowed_.push_back(place == place.root_path() ? place.string() : place.string() + "/");
}

std::vector<std::string> FileLoader::folders() const {
    std::vector<std::string> sorted = allowed_, outermost;
    std::ranges::sort(sorted);
    for (std::string& each : sorted)
        if (outermost.empty() || !each.starts_with(outermost.back())) outermost.push_back(std::move(each));
    return outermost;
}

Loader::File FileLoader::read(const std::string& path) {
    std::error_code error;
    const fs::path place = fs::canonical(path, error);
    if (error) return {};
    const auto holds = [&](const std::string& folder) { return place.string().starts_with(folder); };
    if (std::ranges::none_of(allowed_, holds)) return {.why_not = "outside of the folders that may be imported from"};
    if (!fs::is_regular_file(place, error)) return {.why_not = "not a file"};
    std::ifstream file(place, std::ios::binary);
    if (!file) return {.why_not = "no permission to read it"};
    const std::uintmax_t size = fs::file_size(place, error);
    if (error) return {.why_not = "no permission to read it"};
    std::string text(static_cast<std::size_t>(std::min<std::uintmax_t>(size, Sources::max_file_bytes + 1)), '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return {.text = std::move(text)};
}

}  // namespace interlock::lang
