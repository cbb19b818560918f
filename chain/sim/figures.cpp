#include "chain/sim/figures.hpp"

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

Measured transactions_of_leader(std::uint32_t nodes) {
    SimulationOptions options = paxos_options(nodes);
    options.workload = payments(600);
    options.network.degree = 0;
    options.network.latency = {Latency::Fixed, millisecond};
    options.network.bandwidth = 1'000'000;  // bytes a second
    options.engine_options = {.timeout = 100 * second, .block_transactions = 20};
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    constexpr std::size_t accept = consensus::paxos::Message::Accept;
    Blocks blocks;
    blocks.bytes = static_cast<double>(outcome.message_bytes.at(accept)) / static_cast<double>(outcome.messages.at(accept));
    blocks.bits_per_second = 8e6;
    const double expected = static_cast<double>(outcome.finalised) /
                            (static_cast<double>(outcome.best_height) * seconds_to_send(nodes - 1, blocks));
    return {nodes, expected, outcome.transactions_per_second(), outcome};
}

Measured transactions_of_work(std::uint32_t nodes, std::uint32_t blocks) {
    SimulationOptions options = usual(*consensus::find_engine("pow"), nodes, 1);
    options.workload = payments(blocks);
    options.has_own_ledgers = false;
    options.engine_options.block_transactions = 1;
    options.engine_options.interval = 10 * second;
    options.duration = Nanoseconds{20} * blocks * second;
    Simulation simulation(options);
    while (simulation.outcome().finalised < blocks && simulation.step()) {}
    const Outcome& outcome = simulation.finish();
    Blocks one;
    one.bytes = one.transaction_bytes = 1;
    one.interval = 10;
    return {nodes, work_throughput(one), outcome.transactions_per_second(), outcome};
}

}  // namespace interlock::chain::sim
