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
        std::string faults;  // "none", "drop 10%"
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
    std::vector<std::uint32_t> sizes = {4, 7, 13, 25};
    std::uint32_t faulty_size = 7;
};

// `before` is called before each run with its engine and its size.
[[nodiscard]] Comparison compare(const ComparisonOptions& options,
                                 const std::function<void(std::string_view, std::uint32_t)>& before = {});

[[nodiscard]] std::string table(const Comparison& comparison);

}  // namespace interlock::chain::sim
