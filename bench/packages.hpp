// npm's packages of bench/size/package.json, which the benchmarks of real code compile.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace interlock::bench {

namespace fs = std::filesystem;

inline std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

// Installs the packages of a package.json into a folder, unless they are there. Returns what is in the way, or an empty
// text.
inline std::string install_packages(const fs::path& package, const fs::path& folder) {
    if (!succeeds("command -v node >/dev/null && command -v npm >/dev/null"))
        return "node and npm are missing (apt-get install nodejs npm)";
    if (fs::exists(folder / "installed") && contents(folder / "installed") == contents(package)) return {};
    fs::create_directories(folder);
    fs::copy_file(package, folder / "package.json", fs::copy_options::overwrite_existing);
    std::cerr << "installing npm packages\n";
    if (!succeeds(
            fmt::format("cd '{}' && npm install --ignore-scripts --legacy-peer-deps --no-audit --no-fund --no-package-lock "
                        ">npm.log 2>&1",
                        folder.string())))
        return fmt::format("npm could not install the packages: see {}", (folder / "npm.log").string());
    fs::copy_file(package, folder / "installed", fs::copy_options::overwrite_existing);
    return {};
}

}  // namespace interlock::bench
