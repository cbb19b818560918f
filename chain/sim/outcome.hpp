// What came of a run.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "chain/sim/faults.hpp"

namespace interlock::chain::sim {

// A rule that a run broke, and when.
struct Violation {
    std::string_view rule;  // "agreement"
    std::string text;
    Nanoseconds time = 0;
    std::uint64_t event = 0;  // how many events had happened
};

struct Head {
    std::uint64_t height = 0, final_height = 0;
    Hash hash;
    bool is_correct = true;  // the node did not lie
};

struct Outcome {
    std::uint64_t run_hash = 0;  // of everything that happened, in its order
    std::uint64_t events = 0;
    Nanoseconds end = 0;
    std::vector<Head> heads;
    std::vector<Violation> violations;

    std::vector<std::uint64_t> messages, message_bytes;  // sent, by kind
    std::uint64_t lost = 0, duplicated = 0, corrupted = 0;
    std::array<std::uint32_t, Fault::kinds> faults{};  // that began, by kind

    std::uint64_t blocks = 0;                                       // made, by anybody
    std::uint64_t best_height = 0;                                  // of a correct node's head
    std::uint64_t stale = 0;                                        // blocks that are not on that branch
    std::uint64_t uncles = 0;                                       // of these, those whose finders that branch pays
    std::uint64_t reorganisations = 0, deepest_reorganisation = 0;  // heads that left a branch; blocks given up
    std::uint64_t revoked = 0;  // final blocks that some node took back, or that nodes differed in

    std::uint64_t submitted = 0, finalised = 0;              // transactions
    std::vector<Nanoseconds> latencies;                      // until they were final, ascending when the run is over
    std::vector<Nanoseconds> inclusions;                     // until somebody made a block with them, likewise
    std::vector<std::pair<std::string, std::string>> shown;  // questions to contracts, and their answers
    Nanoseconds first_submission = 0, last_final = 0;

    [[nodiscard]] bool holds() const { return violations.empty(); }
    [[nodiscard]] std::uint64_t all_messages() const {
        std::uint64_t sum = 0;
        for (const std::uint64_t count : messages) sum += count;
        return sum;
    }
    // The latency below which so many per cent of the transactions were final, or in a block.
    [[nodiscard]] Nanoseconds latency(unsigned percent) const { return quantile(latencies, percent); }
    [[nodiscard]] Nanoseconds inclusion(unsigned percent) const { return quantile(inclusions, percent); }
    [[nodiscard]] static Nanoseconds quantile(const std::vector<Nanoseconds>& times, unsigned percent) {
        return times.empty() ? 0 : times[std::min(times.size() - 1, times.size() * percent / 100)];
    }
    [[nodiscard]] double transactions_per_second() const {
        const Nanoseconds time = last_final - first_submission;
        return time <= 0 ? 0 : static_cast<double>(finalised) * 1e9 / static_cast<double>(time);
    }
};

}  // namespace interlock::chain::sim
