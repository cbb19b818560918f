// How long proofs take: for each contract that the program ships with, the proof that it is callback-free, and the proofs
// of what it states. A contract that is there to be attacked must not come out proved; if one does, the run fails.
//
//     prover_bench [FOLDER…]     also the .ilk and .sol files of these folders, where nothing is known to be attacked
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "analyzer/prover/callback_free.hpp"
#include "lang/compile.hpp"

namespace {

using namespace interlock;
namespace fs = std::filesystem;

constexpr int rounds = 5;  // the quickest counts
constexpr double seconds_for_one = 20;

// Calls the function several times. Returns its last result and the least time, in milliseconds.
template <class Function>
auto timed(const Function& function) {
    double least = 1e300;
    for (int i = 0;; ++i) {
        const auto began = std::chrono::steady_clock::now();
        auto result = function();
        least = std::min(least, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
        if (i + 1 == rounds) return std::pair{std::move(result), least};
    }
}

struct Row {
    std::string name;
    std::size_t contracts = 0, free = 0;  // that have code, and of these the ones proved callback-free
    std::size_t stated = 0, proved = 0;   // properties
    double freedom_ms = 0, properties_ms = 0;
    [[nodiscard]] bool is_all_free() const { return contracts != 0 && free == contracts; }
    [[nodiscard]] bool is_all_proved() const { return stated == 0 ? is_all_free() : proved == stated; }
};

Row measure(const fs::path& path, const lang::Compilation& compilation) {
    Row row{path.stem().string()};
    std::vector<const lang::ir::Contract*> contracts;
    for (const lang::Artifact& artifact : compilation.artifacts) contracts.push_back(artifact.ir.get());
    const auto [freedom, freedom_ms] = timed([&] {
        return analyzer::prove_callback_freedom(contracts, *compilation.sources, analyzer::Deadline(seconds_for_one));
    });
    row.freedom_ms = freedom_ms;
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (contracts[i]->is_interface || contracts[i]->is_library) continue;
        ++row.contracts;
        row.free += freedom[i].is_proved();
        analyzer::ProverOptions options;
        options.deadline = analyzer::Deadline(seconds_for_one);
        const auto [proof, ms] = timed([&] { return analyzer::prove(*contracts[i], *compilation.sources, options); });
        row.stated += proof.properties.size();
        row.proved += static_cast<std::size_t>(
            std::ranges::count(proof.properties, analyzer::ProofStatus::Safe, &analyzer::PropertyProof::status));
        if (!proof.properties.empty()) row.properties_ms += ms;
    }
    return row;
}

void print(const Row& row) {
    fmt::print("{:<28} {:>4}/{:<4} {:>10.2f} {:>5}/{:<4} {:>11.2f}\n", row.name, row.free, row.contracts, row.freedom_ms,
               row.proved, row.stated, row.properties_ms);
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".ilk" || entry.path().extension() == ".sol") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

// Those that are attacked have a mended twin.
bool is_attacked(const fs::path& path) {
    return fs::exists(path.parent_path() / (path.stem().string() + "_fixed" + path.extension().string())) &&
           path.stem() != "block_king";  // a race, not a re-entry
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path contracts = fs::path(INTERLOCK_SOURCE_DIR) / "contracts";
    std::vector<fs::path> folders{contracts, contracts / "lessons"};
    folders.insert(folders.end(), argv + 1, argv + argc);
    fmt::print("{:<28} {:>9} {:>10} {:>10} {:>11}\n", "", "callback-", "ms", "properties", "ms");
    fmt::print("{:<28} {:>9} {:>10} {:>10} {:>11}\n", "contract", "free", "", "proved", "");
    std::vector<double> times;
    for (const fs::path& folder : folders)
        for (const fs::path& path : files_in(folder)) {
            std::ifstream file(path);
            std::stringstream text;
            text << file.rdbuf();
            const lang::Compilation compilation = lang::compile(path.filename().string(), text.str());
            if (!compilation.ok()) continue;
            const Row row = measure(path, compilation);
            print(row);
            times.push_back(row.freedom_ms);
            if (is_attacked(path) && row.is_all_free() && row.is_all_proved()) {
                fmt::print(stderr, "{} is there to be attacked, and it is proved\n", row.name);
                return 1;
            }
        }
    std::ranges::sort(times);
    fmt::print("\ncallback-freeness: {} files, median {:.2f} ms, slowest {:.2f} ms\n", times.size(), times[times.size() / 2],
               times.back());
}
