// The simulator's benchmark: events in a second of processor time, and memory.
//
// 600 nodes and 100 blocks of proof of work, as SimBlock's own example has them (Aoki and others, 2019: about 136,600
// events, 68,000 a second and 180 MB where this was written). What is timed is checked in the same run: all nodes come to
// one head, the invariants hold, and a second run has the same hash.
//
//     sim_bench [NODES [BLOCKS]]
#include <fmt/format.h>

#include <sys/resource.h>
#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "chain/sim/scenario.hpp"

using namespace interlock::chain;

namespace {

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

long peak_kilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

sim::SimulationOptions mining(std::uint32_t nodes, std::uint64_t blocks) {
    sim::SimulationOptions options = sim::usual(*consensus::find_engine("pow"), nodes, 1);
    options.workload = std::make_shared<const sim::Workload>();
    options.engine_options.most_blocks = blocks;
    options.engine_options.interval = 600 * sim::second;
    options.network.latency = {sim::Latency::Uniform, 10 * sim::millisecond, 100 * sim::millisecond};
    options.duration = sim::forever;
    options.has_own_ledgers = false;
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const auto number = [&](int at, int otherwise) {
        return at < argc && std::atoi(argv[at]) > 0 ? std::atoi(argv[at]) : otherwise;
    };
    const auto nodes = static_cast<std::uint32_t>(number(1, 600));
    const auto blocks = static_cast<std::uint64_t>(number(2, 100));
    std::uint64_t hash = 0;
    for (int run = 0; run < 2; ++run) {
        const double begin = processor_seconds();
        sim::Simulation simulation(mining(nodes, blocks));
        const sim::Outcome& outcome = simulation.run();
        const double seconds = processor_seconds() - begin;
        fmt::print("{} nodes, {} blocks: {} events in {:.3f} CPU s = {:.0f} a second; peak {} MB; run hash {:016x}\n", nodes,
                   outcome.blocks, outcome.events, seconds, static_cast<double>(outcome.events) / seconds,
                   peak_kilobytes() / 1024, outcome.run_hash);
        const bool is_one =
            std::ranges::all_of(outcome.heads, [&](const sim::Head& head) { return head.hash == outcome.heads[0].hash; });
        if (!outcome.holds() || !is_one || outcome.best_height != blocks || (run > 0 && hash != outcome.run_hash)) {
            fmt::print("WRONG\n");
            return 1;
        }
        hash = outcome.run_hash;
    }
}
