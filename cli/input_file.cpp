#include "cli/input_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

// Reads in pieces, so that a small file does not allocate space for the largest one.
std::optional<std::string> read_at_most(std::istream& file, std::size_t max_bytes) {
    constexpr std::size_t piece = std::size_t{1} << 16;
    std::string text;
    while (file && text.size() <= max_bytes) {
        const std::size_t before = text.size();
        text.resize(before + piece);
        file.read(text.data() + before, piece);
        text.resize(before + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return std::nullopt;
    return text;
}

FileText read_stream(std::istream& file, const std::string& name, std::size_t max_bytes) {
    std::optional<std::string> text = read_at_most(file, max_bytes);
    if (!text) return {std::nullopt, name + " cannot be read to its end"};
    if (text->size() > max_bytes) return {std::nullopt, name + " is larger than " + std::to_string(max_bytes) + " bytes"};
    return {std::move(text), {}};
}

}  // namespace

FileText read_file(const std::string& path, std::size_t max_bytes) {
    const auto refuse = [&](const std::string& why) { return FileText{std::nullopt, path + why}; };
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return refuse(" is a folder: name the files in it");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(std::string(" cannot be read: ") + std::strerror(errno));
    return read_stream(file, path, max_bytes);
}

FileText read_file_or_input(const std::string& path, std::size_t max_bytes) {
    return path == "-" ? read_stream(std::cin, "standard input", max_bytes) : read_file(path, max_bytes);
}

std::optional<std::string> read_or_say(const std::string& path, std::size_t max_bytes) {
    FileText file = read_file(path, max_bytes);
    if (!file.text) std::cerr << "interlock: " << lang::printable(file.error) << "\n";
    return std::move(file.text);
}

}  // namespace interlock::cli
