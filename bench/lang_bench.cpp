// How fast the compiler is, over the contracts of the differential suite and of contracts/: source bytes a second, from
// text to tree, and to bytecode; and the slowest single file.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "lang/compile.hpp"
#include "lang/syntax/parse.hpp"

namespace {

namespace fs = std::filesystem;
using namespace interlock::lang;

struct File {
    std::string name, text;
};

const std::vector<File>& files() {
    static const std::vector<File> all = [] {
        std::vector<File> found;
        for (const char* folder : {"tests/differential/contracts", "contracts"})
            for (const auto& entry : fs::directory_iterator(fs::path(INTERLOCK_SOURCE_DIR) / folder)) {
                std::ifstream in(entry.path(), std::ios::binary);
                std::ostringstream text;
                text << in.rdbuf();
                if (entry.path().extension() == ".sol" || entry.path().extension() == ".ilk")
                    found.push_back({entry.path().filename().string(), text.str()});
            }
        std::sort(found.begin(), found.end(), [](const File& a, const File& b) { return a.name < b.name; });
        return found;
    }();
    return all;
}

std::size_t all_bytes() {
    std::size_t bytes = 0;
    for (const File& file : files()) bytes += file.text.size();
    return bytes;
}

void parse_everything(benchmark::State& state) {
    for (auto _ : state)
        for (const File& file : files()) {
            Sources sources;
            Diagnostics diagnostics;
            benchmark::DoNotOptimize(parse(sources.add(file.name, file.text), diagnostics));
            if (diagnostics.has_errors()) state.SkipWithError(("does not parse: " + file.name).c_str());
        }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * all_bytes()));
}
BENCHMARK(parse_everything)->Unit(benchmark::kMillisecond);

void compile_everything(benchmark::State& state) {
    for (auto _ : state)
        for (const File& file : files())
            if (!compile(file.name, file.text).ok()) state.SkipWithError(("does not compile: " + file.name).c_str());
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * all_bytes()));
}
BENCHMARK(compile_everything)->Unit(benchmark::kMillisecond);

void compile_one(benchmark::State& state, const File& file) {
    for (auto _ : state)
        if (!compile(file.name, file.text).ok()) state.SkipWithError("does not compile");
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.text.size()));
}

}  // namespace

int main(int count, char** arguments) {
    for (const File& file : files())
        benchmark::RegisterBenchmark(("compile/" + file.name).c_str(), [&](benchmark::State& state) {
            compile_one(state, file);
        })->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
