// The explorer's speed: macro steps and distinct states a second, on the banks that the program ships with. Before it
// is timed, each search must come to the right result, and to the same counts every time.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "analyzer/explorer/explorer.hpp"

namespace {

using namespace interlock;

std::shared_ptr<const lang::Compilation> compile(const std::string& name) {
    const std::string path = std::string(INTERLOCK_SOURCE_DIR) + "/contracts/" + name;
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    auto compilation = std::make_shared<lang::Compilation>(lang::compile(name, text.str()));
    if (!compilation->ok()) {
        std::cerr << render(compilation->diagnostics, *compilation->sources, false);
        std::exit(1);
    }
    return compilation;
}

struct Run {
    analyzer::SearchStats stats;
    bool found = false;
};

Run search(const std::shared_ptr<const lang::Compilation>& compilation, std::uint32_t calls) {
    Run run;
    analyzer::World world = std::get<analyzer::World>(analyzer::World::deploy(compilation));
    analyzer::SearchBounds bounds;
    bounds.calls = calls;
    bounds.argument_level = 0;
    analyzer::ExplorerHooks hooks;
    hooks.confirm = [&](const analyzer::SuspectedAttack&) { return run.found = true; };
    run.stats = analyzer::explore(world, bounds, hooks);
    return run;
}

void explore(benchmark::State& state, const std::string& name, std::uint32_t calls, bool is_vulnerable) {
    const auto compilation = compile(name);
    const Run first = search(compilation, calls);
    if (first.found != is_vulnerable) return state.SkipWithError("the search came to the wrong result");
    for (auto _ : state) {
        const Run run = search(compilation, calls);
        if (run.stats.states != first.stats.states || run.stats.macro_steps != first.stats.macro_steps)
            return state.SkipWithError("the counts differ from run to run");
    }
    const auto per_second = [&](std::uint64_t count) {
        return benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate);
    };
    state.counters["states"] = static_cast<double>(first.stats.states);
    state.counters["steps"] = static_cast<double>(first.stats.macro_steps);
    state.counters["states/s"] = per_second(first.stats.states);
    state.counters["steps/s"] = per_second(first.stats.macro_steps);
}

}  // namespace

BENCHMARK_CAPTURE(explore, bank, "bank.ilk", 4, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, bank_fixed, "bank_fixed.ilk", 6, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, bank_mutex, "bank_mutex.ilk", 6, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, dao_fixed, "dao_fixed.ilk", 4, false)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
