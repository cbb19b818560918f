// How fast the compiler is, over the contracts of the differential suite and of contracts/: source bytes a second, from
// text to tree, and to bytecode; and the slowest single file. With INTERLOCK_BENCH_FOLDER, also the .sol files below that
// folder as one batch, on one thread and on several; imports of packages are looked up in the nearest node_modules above it:
//
//     npm install @openzeppelin/contracts
//     INTERLOCK_BENCH_FOLDER=node_modules/@openzeppelin/contracts lang_bench --benchmark_filter=batch
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "lang/batch.hpp"
#include "lang/compile.hpp"
#include "lang/loading/file_loader.hpp"
#include "lang/syntax/parse.hpp"

namespace {

namespace fs = std::filesystem;
using namespace interlock::lang;

struct File {
    std::string name, text;
};

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

const std::vector<File>& files() {
    static const std::vector<File> all = [] {
        std::vector<File> found;
        for (const char* folder : {"tests/differential/contracts", "contracts"})
            for (const auto& entry : fs::directory_iterator(fs::path(INTERLOCK_SOURCE_DIR) / folder)) {
                if (entry.path().extension() == ".sol" || entry.path().extension() == ".ilk")
                    found.push_back({entry.path().filename().string(), text_of(entry.path())});
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

void compile_batch(benchmark::State& state, const fs::path& folder) {
    ImportOptions imports;
    for (fs::path above = fs::weakly_canonical(folder); above.has_relative_path(); above = above.parent_path())
        if (above.filename() == "node_modules") imports.include_paths.push_back(above.string());
    FileLoader loader({folder.string()}, imports);
    imports.loader = &loader;
    std::vector<BatchFile> batch;
    std::size_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".sol") {
            batch.push_back({{normalized(entry.path().string()), text_of(entry.path())}, &imports, 0});
            bytes += batch.back().text.size();
        }
    for (auto _ : state) {
        const Batch compiled(batch, CodeOptions{}, static_cast<unsigned>(state.range(0)));
        for (std::size_t i = 0; i < batch.size(); ++i)
            if (!compiled.is_ok(i)) state.SkipWithError(("does not compile: " + batch[i].path).c_str());
    }
    state.SetLabel(fmt::format("{} files", batch.size()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

}  // namespace

int main(int count, char** arguments) {
    for (const File& file : files())
        benchmark::RegisterBenchmark(("compile/" + file.name).c_str(), [&](benchmark::State& state) {
            compile_one(state, file);
        })->Unit(benchmark::kMillisecond);
    if (const char* folder = std::getenv("INTERLOCK_BENCH_FOLDER"))
        benchmark::RegisterBenchmark("batch", [=](benchmark::State& state) { compile_batch(state, folder); })
            ->ArgName("threads")
            ->Arg(1)
            ->Arg(std::max(2u, std::thread::hardware_concurrency()))
            ->MeasureProcessCPUTime()
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
