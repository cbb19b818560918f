// The archives of the public test suites, unpacked once into the build folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::conformance {

// All JSON files of `archives`/`name`.tar.xz, in the order of their paths. Unpacks with tar(1) into a folder of that
// name below `unpacked`, unless what is there is newer than the archive. Throws std::runtime_error when tar fails.
[[nodiscard]] std::vector<std::filesystem::path> fixture_files(const std::filesystem::path& archives,
                                                               const std::string& name,
                                                               const std::filesystem::path& unpacked);

[[nodiscard]] bool is_present(const std::filesystem::path& archives, const std::string& name);

}  // namespace interlock::conformance
