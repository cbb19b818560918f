#include "chain/sim/figures.hpp"

#include <cmath>

#include "chain/consensus/multipaxos/multipaxos.hpp"
#include "chain/sim/formulas.hpp"
#include "chain/sim/scenario.hpp"

namespace interlock::chain::sim {

namespace {

// Payments of as many senders, all at once, so that none waits for another.
std::shared_ptr<const Workload> payments(std::uint32_t count, std::optional<NodeId> node = std::nullopt) {
    WorkloadBuilder builder;
    for (std::uint32_t i = 0; i < count; ++i)
        (void)builder.send(10 * millisecond, "payer" + std::to_string(i), builder.address_of("payee"), 1, {}, node);
    return std::make_shared<const Workload>(builder.take());
}

SimulationOptions paxos_options(std::uint32_t nodes) {
    SimulationOptions options = usual(*consensus::find_engine("multipaxos"), nodes, 1);
    options.has_own_ledgers = false;
    options.client_retry = 0;
    return options;
}

}  // namespace

Measured rounds_of_leader(std::uint32_t nodes) {
    constexpr std::uint32_t rounds = 400;
    ServiceTimes times;
    times.in_deviation = times.out = times.out_deviation = times.transmission = 0;
    SimulationOptions options = paxos_options(nodes);
    options.workload = payments(rounds, 1);
    options.disk = 0;
    options.engine_options = {.timeout = 20 * second, .block_transactions = 1, .window = 64};
    options.network.latency = {Latency::Fixed, 200 * microsecond};
    options.network.receiving = {Latency::Fixed, static_cast<Nanoseconds>(times.in * 1e6)};
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    const double seconds = static_cast<double>(outcome.last_final - outcome.first_submission) / 1e9;
    return {nodes, paxos_most_rounds(nodes, times), static_cast<double>(outcome.best_height) / seconds, outcome};
}

// Blocks are small here, and the line is as much slower: what counts is how long one takes.
Measured transactions_of_leader(std::uint32_t nodes) {
    constexpr std::uint32_t count = 12;
    constexpr std::size_t accept = consensus::paxos::Message::Accept;
    const auto run = [](std::uint32_t size, std::uint64_t bytes_a_second) {
        SimulationOptions options = paxos_options(size);
        options.workload = payments(count, 0);
        options.network.is_star = true;
        options.network.latency = {Latency::Fixed, millisecond};
        options.network.bandwidth = bytes_a_second;
        options.duration = forever;
        // Whoever waits for a full line must not take its leader for dead.
        options.engine_options = {.timeout = Nanoseconds{1'000'000} * second, .block_transactions = 1, .window = 2};
        Simulation simulation(options);
        while (simulation.outcome().finalised < count && simulation.step()) {}
        return simulation.finish();
    };
    const Blocks full;
    const Outcome few = run(3, 0);
    const auto block_bytes =
        static_cast<double>(few.message_bytes.at(accept)) / static_cast<double>(few.messages.at(accept));
    const double line = block_bytes * full.bits_per_second / (8 * full.bytes);
    const Outcome outcome = run(nodes, static_cast<std::uint64_t>(std::lround(line)));
    // From one block to the next: how long the first one took has nothing to do with a full line.
    const double seconds = static_cast<double>(outcome.latencies.back() - outcome.latencies.front()) / 1e9;
    return {nodes, paxos_throughput(nodes), (count - 1) * full.transactions() / seconds, outcome};
}

// A block holds one transaction, which stands for all that a full one has: proof of work is as fast with blocks of any size.
Measured transactions_of_work(std::uint32_t nodes, std::uint32_t blocks) {
    const Blocks full;
    SimulationOptions options = usual(*consensus::find_engine("pow"), nodes, 1);
    const Nanoseconds interval = static_cast<Nanoseconds>(full.interval) * second;
    options.workload = std::make_shared<const Workload>(transfers(blocks, interval / 2));  // always more than one waits
    options.has_own_ledgers = false;
    options.client_retry = 0;
    options.engine_options.block_transactions = 1;
    options.engine_options.interval = interval;
    options.duration = forever;
    Simulation simulation(options);
    while (simulation.outcome().finalised < blocks && simulation.step()) {}
    const Outcome& outcome = simulation.finish();
    return {nodes, work_throughput(), outcome.transactions_per_second() * full.transactions(), outcome};
}

std::optional<double> crossing_of(const std::vector<Measured>& leader, const std::vector<Measured>& work) {
    double flat = 0;
    for (const Measured& each : work) flat += each.simulated / static_cast<double>(work.size());
    for (std::size_t i = 1; i < leader.size(); ++i) {
        const Measured &before = leader[i - 1], &behind = leader[i];
        if (before.simulated < flat || behind.simulated >= flat) continue;
        const double share = (before.simulated - flat) / (before.simulated - behind.simulated);
        return before.nodes + share * (behind.nodes - before.nodes);
    }
    return std::nullopt;
}

}  // namespace interlock::chain::sim
