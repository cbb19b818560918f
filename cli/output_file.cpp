#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace interlock::cli {

namespace {

constexpr std::size_t max_part_bytes = 100;  // of a name: three parts and an extension still fit a file name

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { (void)close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

    // Returns false if the written data could not be stored after all.
    bool close() {
        const int number = std::exchange(number_, -1);
        return number < 0 || ::close(number) == 0;
    }

  private:
    int number_;
};

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Returns a file name that nobody else in the folder uses.
std::string temporary_name(int attempt) {
    return ".interlock-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp";
}

std::string replace(const Descriptor& folder, const std::string& name, std::string_view text, mode_t mode, bool is_new) {
    constexpr int attempts = 100;
    std::string temporary;
    int number = -1;
    for (int i = 0; i < attempts && number < 0; ++i) {
        temporary = temporary_name(i);
        number = ::openat(folder.number(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (number < 0 && errno != EEXIST) break;
    }
    Descriptor file(number);
    if (!file.is_open()) return std::strerror(errno);
    if (write_all(file.number(), text) && (is_new || ::fchmod(file.number(), mode) == 0) && file.close() &&
        ::renameat(folder.number(), temporary.c_str(), folder.number(), name.c_str()) == 0)
        return {};
    const std::string why = std::strerror(errno);
    ::unlinkat(folder.number(), temporary.c_str(), 0);
    return why;
}

}  // namespace

std::string write_file(const std::filesystem::path& path, std::string_view text) {
    const std::string name = path.filename().string();
    if (name.empty() || name == "." || name == "..") return "it is a folder";
    const std::string parent = path.has_parent_path() ? path.parent_path().string() : ".";
    const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!folder.is_open()) {
        const int error = errno;
        if (::lstat(parent.c_str(), &status) == 0 && S_ISLNK(status.st_mode))
            return "its folder is a symbolic link, and those are not followed";
        return std::strerror(error);
    }
    const bool is_new = ::fstatat(folder.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0;
    if (is_new && errno != ENOENT) return std::strerror(errno);
    if (!is_new && S_ISLNK(status.st_mode)) return "it is a symbolic link, and those are not followed";
    if (!is_new && !S_ISREG(status.st_mode)) return "it is no regular file";
    return replace(folder, name, text, status.st_mode & 07777, is_new);
}

std::string file_name_part(std::string_view text) {
    std::string part;
    for (const char c : text.substr(0, max_part_bytes)) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                              (c == '.' && !part.empty() && part.back() != '.');
        part += is_plain ? c : '_';
    }
    return part.empty() ? "_" : part;
}

}  // namespace interlock::cli
