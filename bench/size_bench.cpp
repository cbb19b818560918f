// The size of real contracts' runtime code against solc's: bench/size/contracts.txt names contracts of npm's packages, and of
// files that put such packages' parts together. Their versions are those of bench/size/package.json.
//
//   size_bench            the table: one line a contract, bytes of our code and of both pipelines of solc
//   size_bench --record   asks solc again and writes its numbers to bench/size/solc.json
//
// The packages are installed into the build folder with npm. Without node and npm it says so and ends with 77.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bench/packages.hpp"
#include "lang/compile.hpp"
#include "lang/loading/file_loader.hpp"

namespace {

using namespace interlock;
namespace fs = std::filesystem;

const fs::path folder = fs::path(INTERLOCK_SOURCE_DIR) / "bench/size";
const fs::path work = INTERLOCK_SIZE_WORK;

using bench::contents;
using bench::succeeds;

struct Line {
    std::string file;
    std::vector<std::string> contracts;
};

std::vector<Line> lines() {
    std::vector<Line> lines;
    std::istringstream list(contents(folder / "contracts.txt"));
    for (std::string text; std::getline(list, text);) {
        if (text.empty() || text.front() == '#') continue;
        std::istringstream words(text);
        Line line;
        words >> line.file;
        for (std::string name; words >> name;) line.contracts.push_back(name);
        lines.push_back(std::move(line));
    }
    return lines;
}

int table() {
    const auto solc = nlohmann::json::parse(contents(folder / "solc.json"));
    double logarithms = 0;
    int count = 0, exit = 0;
    fmt::print("{:<32}{:>8}{:>10}{:>10}{:>8}\n", "runtime bytes", "ours", "--via-ir", "legacy", "ratio");
    for (const Line& line : lines()) {
        const fs::path path = fs::exists(folder / line.file) ? folder / line.file : work / "node_modules" / line.file;
        lang::ImportOptions imports;
        imports.include_paths = {(work / "node_modules").string()};
        lang::FileLoader loader({path.parent_path().string()}, imports);
        imports.loader = &loader;
        const lang::Compilation compilation = lang::compile(path.string(), contents(path), imports);
        if (!compilation.ok()) {
            fmt::print("{}: does not compile\n", line.file);
            std::cerr << lang::render(compilation.diagnostics, *compilation.sources, false);
            exit = 1;
            continue;
        }
        for (const std::string& name : line.contracts) {
            const lang::Artifact* const artifact = compilation.find(name);
            if (artifact == nullptr) {
                fmt::print("{}: has no contract {}\n", line.file, name);
                exit = 1;
                continue;
            }
            const auto& theirs = solc["contracts"][line.file + ":" + name];
            const auto ours = artifact->runtime_code.size();
            const double ratio = static_cast<double>(ours) / theirs["ir"].get<double>();
            logarithms += std::log(ratio), ++count;
            fmt::print("{:<32}{:>8}{:>10}{:>10}{:>8.3f}\n", name, ours, theirs["ir"].get<int>(),
                       theirs["legacy"].is_number() ? std::to_string(theirs["legacy"].get<int>()) : "-", ratio);
        }
    }
    fmt::print("{:<32}{:>36.3f}\n", fmt::format("geometric mean of {}", count), std::exp(logarithms / std::max(count, 1)));
    return exit;
}

}  // namespace

int main(int argc, char** argv) {
    if (const std::string obstacle = bench::install_packages(folder / "package.json", work); !obstacle.empty()) {
        std::cerr << "size_bench: skipped: " << obstacle << "\n";
        return 77;
    }
    if (argc > 1 && std::string_view(argv[1]) == "--record")
        return succeeds(fmt::format("node '{}' '{}'", (folder / "record.mjs").string(), work.string())) ? 0 : 1;
    return table();
}
