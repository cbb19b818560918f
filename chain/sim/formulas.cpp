#include "chain/sim/formulas.hpp"

#include <cmath>

namespace interlock::chain::sim {

double nakamoto_catch_up(double q, unsigned z) {
    const double p = 1 - q, lambda = z * q / p;
    double sum = 1, poisson = std::exp(-lambda);
    for (unsigned k = 0; k <= z; ++k) {
        sum -= poisson * (1 - std::pow(q / p, z - k));
        poisson *= lambda / (k + 1);
    }
    return sum;
}

double exact_catch_up(double q, unsigned z) {
    const double p = 1 - q;
    if (q >= p) return 1;
    double sum = 1, ways = 1;  // C(m + z - 1, m)
    for (unsigned m = 0; m <= z; ++m) {
        sum -= ways * (std::pow(p, z) * std::pow(q, m) - std::pow(p, m) * std::pow(q, z));
        ways *= static_cast<double>(m + z) / (m + 1);
    }
    return sum;
}

double selfish_revenue(double alpha, double gamma) {
    const double a = alpha, b = 1 - alpha;
    return (a * b * b * (4 * a + gamma * (1 - 2 * a)) - a * a * a) / (1 - a * (1 + (2 - a) * a));
}

double stale_rate(double delay, double interval) { return -std::expm1(-delay / interval); }

double paxos_service_time(unsigned nodes, const ServiceTimes& times) {
    return nodes * (times.in + times.transmission) + 2 * (times.out + times.transmission);
}

double paxos_most_rounds(unsigned nodes, const ServiceTimes& times) { return 1e3 / paxos_service_time(nodes, times); }

double marchal_wait(unsigned nodes, double rounds_per_second, const ServiceTimes& times) {
    constexpr double arrivals = 4;
    const double service = paxos_service_time(nodes, times), rate = rounds_per_second / 1e3, load = rate * service;
    const double variance = std::pow(nodes * times.in_deviation, 2) + std::pow(2 * times.out_deviation, 2);
    const double services = variance / (service * service), squared = load * load;
    return squared * (1 + services) * (arrivals + squared * services) / (2 * rate * (1 - load) * (1 + squared * services));
}

double seconds_to_send(unsigned followers, const Blocks& blocks) {
    return followers * blocks.bytes * 8 / blocks.bits_per_second;
}

double work_throughput(const Blocks& blocks) { return blocks.transactions() / blocks.interval; }

double paxos_throughput(unsigned nodes, const Blocks& blocks) {
    return blocks.transactions() / seconds_to_send(nodes, blocks);
}

unsigned crossover(const Blocks& blocks) {
    unsigned nodes = 1;
    while (paxos_throughput(nodes, blocks) > work_throughput(blocks)) ++nodes;
    return nodes;
}

}  // namespace interlock::chain::sim
