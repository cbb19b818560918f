#include "analyzer/engine/checkpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace interlock::analyzer::engine {

namespace {

namespace fs = std::filesystem;

struct Header {
    std::uint64_t magic, label, known;  // fingerprints in the other file that belong to it
};
constexpr std::uint64_t checkpoint_magic = 0x696c6b7365617231ULL;

// Writes at a place of a file and waits until it is on the disk.
bool write_at(const std::string& path, std::uint64_t offset, const void* data, std::size_t size) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return false;
    const auto* bytes = static_cast<const char*>(data);
    bool is_written = true;
    for (std::size_t done = 0; is_written && done < size;) {
        const ssize_t count = pwrite(file, bytes + done, size - done, static_cast<off_t>(offset + done));
        is_written = count > 0;
        done += static_cast<std::size_t>(count > 0 ? count : 0);
    }
    is_written = fsync(file) == 0 && is_written;
    return close(file) == 0 && is_written;
}

}  // namespace

Checkpoint::Checkpoint(std::string folder, unsigned rank, unsigned size, std::uint64_t label)
    : folder_(std::move(folder)), prefix_(std::to_string(rank) + "-of-" + std::to_string(size)), label_(label) {
    std::error_code failed;
    fs::create_directories(folder_, failed);
}

std::string Checkpoint::level_file(std::uint64_t level) const {
    return folder_ + "/" + prefix_ + ".level." + std::to_string(level);
}
std::string Checkpoint::table_file() const { return folder_ + "/" + prefix_ + ".table"; }

std::optional<std::uint64_t> Checkpoint::newest() const {
    std::optional<std::uint64_t> newest;
    std::error_code failed;
    const std::string start = prefix_ + ".level.";
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, failed)) {
        const std::string name = entry.path().filename().string();
        std::uint64_t level = 0;
        if (!name.starts_with(start)) continue;
        const auto read = std::from_chars(name.data() + start.size(), name.data() + name.size(), level);
        if (read.ec != std::errc{} || read.ptr != name.data() + name.size()) continue;
        Header header{};
        std::ifstream file(entry.path(), std::ios::binary);
        if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) continue;
        if (header.magic == checkpoint_magic && header.label == label_ && (!newest || level > *newest)) newest = level;
    }
    return newest;
}

bool Checkpoint::write(std::uint64_t level, std::uint64_t known_before, const std::vector<std::uint64_t>& fresh,
                       const Bytes& content) {
    const Header header{checkpoint_magic, label_, known_before + fresh.size()};
    Bytes whole(sizeof header);
    std::memcpy(whole.data(), &header, sizeof header);
    whole.insert(whole.end(), content.begin(), content.end());
    const std::string unfinished = folder_ + "/" + prefix_ + ".unfinished";
    std::error_code failed;
    fs::remove(unfinished, failed);
    if (!write_at(table_file(), known_before * sizeof(std::uint64_t), fresh.data(), fresh.size() * sizeof(std::uint64_t)) ||
        !write_at(unfinished, 0, whole.data(), whole.size()))
        return false;
    fs::rename(unfinished, level_file(level), failed);
    return !failed;
}

void Checkpoint::forget(std::uint64_t level) const {
    std::error_code failed;
    fs::remove(level_file(level), failed);
}

std::optional<Checkpoint::Bytes> Checkpoint::read(std::uint64_t level, std::vector<std::uint64_t>& fingerprints) const {
    std::ifstream file(level_file(level), std::ios::binary);
    Header header{};
    if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
    Bytes content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::error_code failed;
    if (fs::file_size(table_file(), failed) < header.known * sizeof(std::uint64_t) || failed) return std::nullopt;
    fingerprints.resize(header.known);
    std::ifstream table(table_file(), std::ios::binary);
    const auto size = static_cast<std::streamsize>(header.known * sizeof(std::uint64_t));
    if (!table.read(reinterpret_cast<char*>(fingerprints.data()), size)) return std::nullopt;
    return content;
}

}  // namespace interlock::analyzer::engine
