// One workload under every engine, while the network grows and while more goes wrong: what Charapko, Ailijiang and
// Demirbas, "Bridging Paxos and Blockchain Consensus" (2018), ask for as future work.
#pragma once

#include <functional>

#include "chain/sim/figures.hpp"
#include "chain/sim/scenario.hpp"

namespace interlock::chain::sim {

struct Comparison {
    struct Run {
        std::string_view engine;
        std::uint32_t nodes = 0;
        std::string faults;         // "none", "drop 10%"
        std::uint32_t crashed = 0;  // nodes that are down from the beginning
        std::uint32_t lost = 0;     // of the messages, in per cent
        Outcome outcome;

        [[nodiscard]] double messages_per_transaction() const;
        [[nodiscard]] double bytes_per_transaction() const;
    };

    std::shared_ptr<const Workload> workload;
    std::uint64_t seed = 1;
    std::vector<Run> by_size;                    // nothing goes wrong
    std::vector<Run> by_faults;                  // one size
    std::vector<Measured> rounds, leader, work;  // beside Figures 4 and 6
};

struct ComparisonOptions {
    std::shared_ptr<const Workload> workload;
    std::uint64_t seed = 1;
    std::vector<std::uint32_t> sizes = {4, 7, 13, 25, 49};
    std::uint32_t faulty_size = 7;
    std::vector<std::uint32_t> losses = {0, 5, 10, 20};  // per cent of the messages
    // Beside the figures: nodes, and blocks of proof of work. A leader is simulated as far as work overtakes it.
    std::vector<std::uint32_t> leader_sizes = {1000, 2000, 4000, 7000, 7300};
    std::uint32_t work_blocks = 3000;
};

// `before` is called before each run with its engine and its size, and at last with "formulas" and 0.
[[nodiscard]] Comparison compare(const ComparisonOptions& options,
                                 const std::function<void(std::string_view, std::uint32_t)>& before = {});

[[nodiscard]] std::string table(const Comparison& comparison);

}  // namespace interlock::chain::sim
