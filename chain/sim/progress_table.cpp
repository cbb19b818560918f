#include "chain/sim/progress_table.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <set>

#include "chain/sim/summary.hpp"

namespace interlock::chain::sim {

namespace {

// The columns; in the last one, which stands to the left, there is text of any length.
constexpr std::pair<std::string_view, std::size_t> table_columns[] = {
    {"time", 7}, {"events", 10}, {"height", 7}, {"heads", 6},  {"final", 6},       {"reorgs", 7},  {"final txs", 10},
    {"tx/s", 6}, {"median", 10}, {"99%", 10},   {"faults", 7}, {"invariants", 11}, {"messages", 0}};
using Cells = std::array<std::string, std::size(table_columns)>;

std::string table_line(const Cells& cells) {
    std::string line;
    for (std::size_t i = 0; i + 1 < cells.size(); ++i)
        line += std::string(std::max(table_columns[i].second, cells[i].size() + 1) - cells[i].size(), ' ') + cells[i];
    return line + "  " + cells.back() + "\n";
}

std::string table_heading() {
    Cells names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = table_columns[i].first;
    return table_line(names);
}

// All of them, and the two kinds of which most were sent: "430: commit 216, prepare 162".
std::string message_cell(const Simulation& simulation) {
    const Outcome& outcome = simulation.outcome();
    const auto& names = simulation.options().engine->message_kinds;
    std::vector<std::size_t> kinds;
    for (std::size_t kind = 0; kind < std::min(outcome.messages.size(), names.size()); ++kind)
        if (outcome.messages[kind] != 0) kinds.push_back(kind);
    std::ranges::stable_sort(kinds, std::greater{}, [&](std::size_t kind) { return outcome.messages[kind]; });
    std::string text = grouped(outcome.all_messages());
    for (std::size_t i = 0; i < std::min<std::size_t>(kinds.size(), 2); ++i)
        text += (i ? ", " : ": ") + std::string(names[kinds[i]]) + " " + grouped(outcome.messages[kinds[i]]);
    return text;
}

// "0.35", "19"
std::string rate_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.2f" : "%.0f", value);
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
    const auto rate = static_cast<double>(outcome.finalised) * 1e9 / static_cast<double>(time);
    return table_line({duration_text(time), grouped(outcome.events), grouped(height), std::to_string(heads.size()),
                       grouped(heads.empty() ? 0 : final_height), grouped(outcome.reorganisations),
                       grouped(outcome.finalised), rate_text(rate), quantile(50), quantile(99), std::to_string(faults),
                       outcome.holds() ? "hold" : "VIOLATED", message_cell(simulation)});
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
        if (rows_++ == 0) text += table_heading();
        text += row_at(due_, simulation);
    }
    return text;
}

}  // namespace interlock::chain::sim
