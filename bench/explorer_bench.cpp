// The explorer's speed: macro steps and distinct states a second, on the banks that the program ships with, and with one and
// two threads from all roots of a lesson. Before it is timed, each search must come to the right result, and to the same
// counts every time. And the engine's speed, on a model of a bank without a VM, whose counts are known.
//
// On a busy machine instructions say more than seconds: valgrind --tool=callgrind explorer_bench --benchmark_filter=…
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "analyzer/engine/search.hpp"
#include "analyzer/explorer/explorer.hpp"
#include "analyzer/models/evm_bank.hpp"
#include "analyzer/system/system.hpp"

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
    auto roots = std::get<std::vector<analyzer::Root>>(analyzer::infer_systems(compilation, {}, {}));
    roots.erase(roots.begin() + 1, roots.end());
    analyzer::SearchBounds bounds;
    bounds.calls = calls;
    bounds.argument_level = 0;
    bounds.is_guided = false;
    analyzer::ExplorerHooks hooks;
    hooks.confirm = [&](analyzer::Root&, const analyzer::Purse&, const analyzer::SuspectedAttack&) {
        return run.found = true;
    };
    run.stats = analyzer::explore(roots, bounds, hooks);
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
    state.counters["bytes/state"] = static_cast<double>(first.stats.table_bytes) / static_cast<double>(first.stats.states);
    state.counters["threads"] = 1;
}

// All roots of a contract that has no attack, for two seconds, with one thread or more.
void explore_together(benchmark::State& state) {
    constexpr double seconds = 2;
    const auto compilation = compile("lessons/flash_loan_fixed.ilk");
    analyzer::SearchBounds bounds;
    bounds.threads = static_cast<unsigned>(state.range(0));
    std::uint64_t steps = 0, states = 0, table_bytes = 0;
    for (auto _ : state) {
        auto roots = std::get<std::vector<analyzer::Root>>(analyzer::infer_systems(compilation, {}, {}));
        analyzer::ExplorerHooks hooks;
        bool is_found = false;
        hooks.confirm = [&](analyzer::Root&, const analyzer::Purse&, const analyzer::SuspectedAttack&) {
            return is_found = true;
        };
        hooks.deadline = analyzer::Deadline(seconds);
        const analyzer::SearchStats stats = analyzer::explore(roots, bounds, hooks);
        if (is_found) return state.SkipWithError("the search came to the wrong result");
        steps += stats.macro_steps;
        states += stats.states;
        table_bytes += stats.table_bytes;
    }
    const auto per_second = [&](std::uint64_t count) {
        return benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsRate);
    };
    state.counters["states/s"] = per_second(states);
    state.counters["steps/s"] = per_second(steps);
    state.counters["bytes/state"] = static_cast<double>(table_bytes) / static_cast<double>(states);
    state.counters["threads"] = static_cast<double>(bounds.threads);
}

void search_model(benchmark::State& state, const analyzer::engine::Options& options, bool is_symmetric) {
    analyzer::models::EvmBank::Parameters parameters;
    parameters.is_symmetric = is_symmetric;
    const analyzer::models::EvmBank bank(parameters);
    const std::uint64_t states = is_symmetric ? 85'351 : 504'849, generated = is_symmetric ? 320'531 : 1'894'483;
    analyzer::engine::Report report;
    for (auto _ : state) {
        report = analyzer::engine::search(bank, options);
        if (report.states != states || report.generated != generated) return state.SkipWithError("the counts are wrong");
    }
    state.counters["states"] = static_cast<double>(report.states);
    state.counters["bytes/state"] = static_cast<double>(report.table_bytes) / static_cast<double>(report.states);
    state.counters["threads"] = options.threads;
    state.counters["states/s"] =
        benchmark::Counter(static_cast<double>(report.states), benchmark::Counter::kIsIterationInvariantRate);
}

using analyzer::engine::Order;

}  // namespace

BENCHMARK_CAPTURE(search_model, depth, {.order = Order::Depth, .is_reduced = false}, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_model, depth_reduced, {.order = Order::Depth}, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_model, depth_symmetric, {.order = Order::Depth, .is_reduced = false}, true)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_model, breadth, {.is_reduced = false}, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_model, breadth_reduced, {}, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_model, breadth_2_threads, {.threads = 2}, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(explore, bank, "bank.ilk", 4, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, bank_fixed, "bank_fixed.ilk", 6, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, bank_mutex, "bank_mutex.ilk", 6, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore, dao_fixed, "dao_fixed.ilk", 4, false)->Unit(benchmark::kMillisecond);
BENCHMARK(explore_together)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

BENCHMARK_MAIN();
