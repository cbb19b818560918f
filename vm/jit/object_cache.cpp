#include "vm/jit/object_cache.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "vm/keccak.hpp"

namespace interlock::vm {
namespace {

constexpr std::uintmax_t max_file_bytes = 16 << 20;

std::filesystem::path file_of(const std::filesystem::path& folder, const Hash& key) {
    return folder / (to_hex(ByteView(key)).substr(2) + ".native");
}

}  // namespace

ObjectCache::ObjectCache(const std::filesystem::path& folder) : folder_(folder) {
    static_cast<void>(mkdir(folder.c_str(), 0700));
    struct stat about {};
    is_usable_ = lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() &&
                 (about.st_mode & 0077) == 0;
}

const ObjectCache* ObjectCache::chosen() {
    static const std::optional<ObjectCache> cache = [] {
        const char* const folder = std::getenv("INTERLOCK_JIT_CACHE");
        return folder == nullptr || *folder == '\0' ? std::nullopt : std::optional<ObjectCache>(folder);
    }();
    return cache && cache->is_usable() ? &*cache : nullptr;
}

Hash ObjectCache::key(ByteView code, Fork fork, std::uint64_t agreement, std::string_view compiler) {
    Bytes all(compiler.begin(), compiler.end());
    all.push_back(0);
    all.push_back(static_cast<std::uint8_t>(fork));
    for (int shift = 0; shift < 64; shift += 8) all.push_back(static_cast<std::uint8_t>(agreement >> shift));
    all.insert(all.end(), code.begin(), code.end());
    return keccak256(all);
}

std::optional<Bytes> ObjectCache::find(const Hash& key) const {
    const std::filesystem::path path = file_of(folder_, key);
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error || !is_usable_ || size > max_file_bytes || size < sizeof(Hash)) return {};
    std::ifstream file(path, std::ios::binary);
    const Bytes all{std::istreambuf_iterator<char>(file), {}};
    if (all.size() != size) return {};
    const ByteView hash = ByteView(all).first(sizeof(Hash)), bytes = ByteView(all).subspan(sizeof(Hash));
    const Hash actual = keccak256(bytes);
    if (!std::equal(hash.begin(), hash.end(), ByteView(actual).begin())) return {};
    return Bytes(bytes.begin(), bytes.end());
}

// Writes another file first: whoever looks meanwhile finds all or nothing.
void ObjectCache::keep(const Hash& key, ByteView compiled) const {
    if (!is_usable_) return;
    std::string name = (folder_ / "new-XXXXXX").string();
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) return;
    close(descriptor);
    std::ofstream file(name, std::ios::binary);
    const Hash hash = keccak256(compiled);
    const auto put = [&](ByteView bytes) {
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    put(ByteView(hash)), put(compiled);
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(name, file_of(folder_, key), error);
    if (!file || error) std::filesystem::remove(name, error);
}

}  // namespace interlock::vm
