// Closed forms from the literature, beside which simulated runs are put.
#pragma once

#include <cstdint>

namespace interlock::chain::sim {

// --- proof of work ---

// Whether an attacker with a share q of the work ever catches up from z blocks behind. Nakamoto's (2008) takes a Poisson
// distribution for the attacker's blocks; the exact race has the negative binomial one (Rosenfeld, 2014).
[[nodiscard]] double nakamoto_catch_up(double q, unsigned z);
[[nodiscard]] double exact_catch_up(double q, unsigned z);

// The share of the blocks that a selfish pool with a share alpha of the work earns, if a share gamma of the others mines on
// its block in a tie. (Eyal and Sirer, 2014)
[[nodiscard]] double selfish_revenue(double alpha, double gamma);

// The share of blocks that become stale where a block takes `delay` to spread: 1 - e^(-delay / interval).
[[nodiscard]] double stale_rate(double delay, double interval);

// --- performance, after Charapko, Ailijiang and Demirbas, "Bridging Paxos and Blockchain Consensus" (2018) ---

// What a message costs the leader, in milliseconds: mean and standard deviation.
struct ServiceTimes {
    double in = .025, in_deviation = .015, out = .001, out_deviation = .005;
    double transmission = 100 * 8 / 980e6 * 1e3;
};

// Section VI: the most rounds of Paxos in a second, and the time in milliseconds that a request waits for the leader, by
// Marchal's approximation for a queue of type G/G/1 with bursty arrivals (the square of whose coefficient of variation is 4).
[[nodiscard]] double paxos_service_time(unsigned nodes, const ServiceTimes& times = {});
[[nodiscard]] double paxos_most_rounds(unsigned nodes, const ServiceTimes& times = {});
[[nodiscard]] double marchal_wait(unsigned nodes, double rounds_per_second, const ServiceTimes& times = {});

// Figure 6: transactions in a second where a block of `bytes` goes from a leader to each node over a link of so many bits
// a second, and where proof of work makes a block every `interval` seconds.
struct Blocks {
    double bytes = 1 << 20, transaction_bytes = 495, bits_per_second = 100e6, interval = 600;
    [[nodiscard]] double transactions() const {
        return static_cast<double>(static_cast<std::uint64_t>(bytes / transaction_bytes));
    }
};
[[nodiscard]] double seconds_to_send(unsigned followers, const Blocks& blocks = {});
[[nodiscard]] double work_throughput(const Blocks& blocks = {});
[[nodiscard]] double paxos_throughput(unsigned nodes, const Blocks& blocks = {});
[[nodiscard]] unsigned crossover(const Blocks& blocks = {});  // the least N at which proof of work is not slower

// Messages for one decided block where nothing goes wrong, as chain/consensus/ sends them.
[[nodiscard]] constexpr std::uint64_t pbft_messages(std::uint64_t nodes) { return 2 * nodes * (nodes - 1); }
[[nodiscard]] constexpr std::uint64_t certified_messages(std::uint64_t nodes) { return 5 * (nodes - 1); }
[[nodiscard]] constexpr std::uint64_t paxos_messages(std::uint64_t nodes) { return 2 * (nodes - 1); }

}  // namespace interlock::chain::sim
