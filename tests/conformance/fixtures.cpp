#include "tests/conformance/fixtures.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace interlock::conformance {

namespace fs = std::filesystem;

namespace {

fs::path archive_path(const fs::path& archives, const std::string& name) { return archives / (name + ".tar.xz"); }

// Without a shell, so that a path may hold any character.
void extract(const fs::path& archive, const fs::path& into) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot start tar");
    if (child == 0) {
        execlp("tar", "tar", "-xf", archive.c_str(), "-C", into.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("tar could not unpack " + archive.string());
}

// The stamp is written last: a run that was interrupted unpacks again.
void unpack(const fs::path& archive, const fs::path& folder) {
    const fs::path stamp = folder / ".unpacked";
    if (fs::exists(stamp) && fs::last_write_time(stamp) >= fs::last_write_time(archive)) return;
    fs::remove_all(folder);
    fs::create_directories(folder);
    extract(archive, folder);
    std::ofstream(stamp) << archive.filename().string() << '\n';
}

}  // namespace

bool is_present(const fs::path& archives, const std::string& name) { return fs::exists(archive_path(archives, name)); }

std::vector<fs::path> fixture_files(const fs::path& archives, const std::string& name, const fs::path& unpacked) {
    const fs::path folder = unpacked / name;
    unpack(archive_path(archives, name), folder);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace interlock::conformance
