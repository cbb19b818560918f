#include "chain/sim/progress_table.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "chain/sim/summary.hpp"

namespace interlock::chain::sim {

namespace {

constexpr std::size_t column_width = 12;

std::string table_line(std::initializer_list<std::string> cells) {
    std::string line;
    for (const std::string& cell : cells)
        line += std::string(cell.size() < column_width ? column_width - cell.size() : 1, ' ') + cell;
    return line + "\n";
}

// The two kinds of which most were sent: "commit 216, prepare 162".
std::string commonest_messages(const Simulation& simulation) {
    const Outcome& outcome = simulation.outcome();
    const auto& names = simulation.options().engine->message_kinds;
    std::vector<std::size_t> kinds;
    for (std::size_t kind = 0; kind < std::min(outcome.messages.size(), names.size()); ++kind)
        if (outcome.messages[kind] != 0) kinds.push_back(kind);
    std::ranges::stable_sort(kinds, std::greater{}, [&](std::size_t kind) { return outcome.messages[kind]; });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(kinds.size(), 2); ++i)
        text += (i ? ", " : "") + std::string(names[kinds[i]]) + " " + grouped(outcome.messages[kinds[i]]);
    return text;
}

std::string row_at(Nanoseconds time, const Simulation& simulation) {
    const Outcome& outcome = simulation.outcome();
    std::set<Hash> heads;
    std::uint64_t height = 0, final_height = UINT64_MAX;
    for (const Head& head : simulation.heads()) {
        if (!head.is_correct) continue;
        heads.insert(head.hash);
        height = std::max(height, head.height);
        final_height = std::min(final_height, head.final_height);
    }
    std::vector<Nanoseconds> latencies = outcome.latencies;
    std::ranges::sort(latencies);
    const auto quantile = [&](unsigned percent) {
        return latencies.empty() ? "-" : readable(Outcome::quantile(latencies, percent));
    };
    std::uint64_t faults = 0;
    for (const std::uint32_t begun : outcome.faults) faults += begun;
    return table_line({duration_text(time), grouped(outcome.events), grouped(height), std::to_string(heads.size()),
                       grouped(heads.empty() ? 0 : final_height), grouped(outcome.reorganisations),
                       grouped(outcome.all_messages()), grouped(outcome.finalised),
                       grouped(outcome.finalised * static_cast<std::uint64_t>(second) / static_cast<std::uint64_t>(time)),
                       quantile(50), quantile(99), std::to_string(faults), outcome.holds() ? "hold" : "VIOLATED",
                       "  " + commonest_messages(simulation)});
}

// 1, 2, 5, 10, 20, 50, …
Nanoseconds next_mark(Nanoseconds mark) {
    Nanoseconds leading = mark;
    while (leading >= 10) leading /= 10;
    return leading == 2 ? mark / 2 * 5 : mark * 2;
}

}  // namespace

std::string ProgressTable::rows_before(Nanoseconds next, const Simulation& simulation) {
    std::string text;
    for (; due_ < next; due_ = next_mark(due_)) {
        if (rows_++ == 0)
            text += table_line({"time", "events", "height", "heads", "final up to", "reorgs", "messages", "final txs",
                                "tx/s", "median", "99%", "faults", "invariants", "  most messages"});
        text += row_at(due_, simulation);
    }
    return text;
}

}  // namespace interlock::chain::sim
