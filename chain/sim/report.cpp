#include "chain/sim/report.hpp"

#include <set>

#include "chain/sim/formulas.hpp"
#include "chain/sim/summary.hpp"
#include "chain/sim/svg.hpp"

namespace interlock::chain::sim {

using consensus::BlockRef;

namespace {

constexpr std::size_t most_blocks_drawn = 600, most_messages_drawn = 200, most_nodes_drawn = 40,
                      named_colors = 8;  // more nodes than that share them

std::string page(std::string_view title, const std::string& body) {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title) +
           "</title>\n<style>\n"
           "body{font:15px/1.5 system-ui,sans-serif;max-width:1200px;margin:2em auto;padding:0 "
           "1em;color:#222;background:#fff}\n"
           "pre{font:13px/1.4 ui-monospace,monospace;overflow-x:auto;background:#f4f4f4;padding:1em}\n"
           "svg{font:12px system-ui,sans-serif;display:inline-block;vertical-align:top;margin:.5em}\n"
           "div.wide{overflow-x:auto}h2{margin-top:2em}p.note{color:#666}\n"
           "@media(prefers-color-scheme:dark){body{background:#1a1a1a;color:#ddd}pre{background:#262626}svg{fill:#ddd}}\n"
           "</style></head><body>\n<h1>" +
           escaped(title) + "</h1>\n" + body + "</body></html>\n";
}

std::string section(std::string_view title, std::string_view note, const std::string& content) {
    return "<h2>" + escaped(title) + "</h2>\n<p class=\"note\">" + escaped(note) + "</p>\n<div class=\"wide\">" + content +
           "</div>\n";
}

// --- the block tree ---

std::vector<const RecordedBlock*> by_height(const Simulation& simulation) {
    std::vector<const RecordedBlock*> blocks;
    for (const auto& [hash, block] : simulation.blocks()) blocks.push_back(&block);
    std::ranges::sort(blocks, [](const RecordedBlock* a, const RecordedBlock* b) {
        return std::pair(a->block->height(), a->block->hash.bytes) < std::pair(b->block->height(), b->block->hash.bytes);
    });
    if (blocks.size() > most_blocks_drawn) blocks.resize(most_blocks_drawn);
    return blocks;
}

std::set<Hash> best_branch(const Simulation& simulation) {
    const std::vector<Head>& heads = simulation.outcome().heads;
    const Head* best = nullptr;
    for (const Head& head : heads)
        if (head.is_correct && (!best || head.height > best->height)) best = &head;
    std::set<Hash> branch;
    if (!best) return branch;
    for (auto at = simulation.blocks().find(best->hash); at != simulation.blocks().end();
         at = simulation.blocks().find(at->second.block->parent()))
        branch.insert(at->first);
    return branch;
}

std::string block_tree(const Simulation& simulation) {
    constexpr double step = 46, lane = 30, box_width = 26, box_height = 18, left = 16, top = 30;
    const std::set<Hash> best = best_branch(simulation);
    std::map<std::uint64_t, int> others;  // by height: how many are drawn below the best branch
    std::map<Hash, std::pair<double, double>> places;
    const std::vector<const RecordedBlock*> blocks = by_height(simulation);
    int lanes = 1;
    std::uint64_t highest = 0;
    for (const RecordedBlock* each : blocks) {
        const std::uint64_t height = each->block->height();
        const int at = best.contains(each->block->hash) ? 0 : ++others[height];
        lanes = std::max(lanes, at + 1);
        highest = std::max(highest, height);
        places[each->block->hash] = {left + static_cast<double>(height) * step, top + at * lane};
    }
    Svg svg(std::max(left + static_cast<double>(highest + 1) * step + 20, left + 80.0 * named_colors),
            top + lanes * lane + 30);
    for (const RecordedBlock* each : blocks) {
        const auto [x, y] = places[each->block->hash];
        const auto parent = places.find(each->block->parent());
        const auto [px, py] = parent == places.end() ? std::pair(left, top) : parent->second;
        svg.line(px + box_width, py + box_height / 2, x, y + box_height / 2, "#888");
    }
    for (const RecordedBlock* each : blocks) {
        const auto [x, y] = places[each->block->hash];
        svg.box(x, y, box_width, box_height, best.contains(each->block->hash) ? color_of(each->maker) : "#aaaa",
                "height " + std::to_string(each->block->height()) + ", by node " + std::to_string(each->maker) + " at " +
                    readable(each->made) + ", " + std::to_string(each->block->transactions.size()) + " transactions, " +
                    vm::to_hex(ByteView(each->block->hash).first(4)));
    }
    svg.box(left, top, box_width, box_height, "#444", "genesis");
    const std::uint32_t colors = std::min<std::uint32_t>(simulation.options().nodes, named_colors);
    for (std::uint32_t node = 0; node < colors && simulation.options().nodes <= named_colors; ++node) {
        const double x = left + 80 * node, y = top + lanes * lane + 10;
        svg.box(x, y, 12, 12, color_of(node));
        svg.words(x + 16, y + 11, "node " + std::to_string(node));
    }
    for (std::uint64_t height = 0; height <= highest; height += 10)
        svg.words(left + static_cast<double>(height) * step, 20, std::to_string(height));
    return svg.text();
}

// --- messages ---

// Times at which something is sent or arrives, and where they are drawn: silence that is longer than a message takes on
// average is shortened to that.
std::map<Nanoseconds, Nanoseconds> without_silence(const std::vector<RecordedMessage>& messages) {
    std::map<Nanoseconds, Nanoseconds> drawn;
    Nanoseconds flights = 0;
    for (const RecordedMessage& each : messages) {
        drawn[each.sent] = 0;
        if (each.arrives == forever) continue;
        drawn[each.arrives] = 0;
        flights += each.arrives - each.sent;
    }
    const Nanoseconds most = std::max<Nanoseconds>(1, flights / static_cast<Nanoseconds>(messages.size()));
    Nanoseconds before = drawn.begin()->first, at = 0;
    for (auto& [time, place] : drawn) {
        place = at += std::min(time - before, most);
        before = time;
    }
    return drawn;
}

std::string message_diagram(const Simulation& simulation) {
    constexpr double lane = 28, left = 70, width = 1060;
    const std::uint32_t nodes = std::min<std::uint32_t>(simulation.options().nodes, most_nodes_drawn);
    std::vector<RecordedMessage> messages;
    for (const RecordedMessage& each : simulation.messages())
        if (each.from < nodes && each.to < nodes && messages.size() < most_messages_drawn) messages.push_back(each);
    if (messages.empty()) return "";
    const std::map<Nanoseconds, Nanoseconds> drawn = without_silence(messages);
    const Nanoseconds first = drawn.begin()->first, last = drawn.rbegin()->first;
    std::set<std::uint32_t> kinds;
    for (const RecordedMessage& each : messages) kinds.insert(each.kind);
    const auto x_of = [&](Nanoseconds time) {
        const auto all = static_cast<double>(std::max<Nanoseconds>(1, drawn.at(last)));
        return left + static_cast<double>(drawn.at(time)) / all * width;
    };
    const auto y_of = [&](consensus::NodeId node) { return 50 + node * lane; };
    Svg svg(left + width + 30, 60 + nodes * lane);
    double at = left;
    for (const std::uint32_t kind : kinds) {
        const bool is_known = kind < simulation.options().engine->message_kinds.size();
        const std::string name(is_known ? simulation.options().engine->message_kinds[kind] : "unreadable");
        svg.box(at, 6, 12, 12, color_of(kind), name);
        svg.words(at + 16, 17, name);
        at += 40 + 7.5 * static_cast<double>(name.size());
    }
    for (std::uint32_t node = 0; node < nodes; ++node) {
        svg.line(left, y_of(node), left + width, y_of(node), "#8886");
        svg.words(left - 8, y_of(node) + 4, "node " + std::to_string(node), "end");
    }
    for (const RecordedMessage& each : messages) {
        const bool is_lost = each.arrives == forever;
        const double x = x_of(each.sent), end = is_lost ? std::min(x + 15, left + width) : x_of(each.arrives);
        const double y = y_of(each.from), goal = is_lost ? y + (y_of(each.to) - y) / 3 : y_of(each.to);
        svg.line(x, y, end, goal, color_of(each.kind), is_lost ? "stroke-dasharray=\"3 3\"" : "");
        if (!is_lost) svg.dot(end, goal, color_of(each.kind));
    }
    svg.words(left, 56 + nodes * lane, readable(first));
    svg.words(left + width, 56 + nodes * lane, readable(last), "end");
    return svg.text();
}

// --- plots ---

Series share_below(std::string name, const std::vector<Nanoseconds>& times, std::size_t color) {
    Series series{std::move(name), {}, color, false};
    for (std::size_t i = 0; i < times.size(); i += 1 + times.size() / 200)
        series.points.emplace_back(static_cast<double>(times[i]) / second,
                                   100 * static_cast<double>(i + 1) / static_cast<double>(times.size()));
    return series;
}

std::string message_bars(const Simulation& simulation) {
    const Outcome& outcome = simulation.outcome();
    constexpr double left = 120, row = 22, width = 560;
    std::uint64_t most = 1;
    for (const std::uint64_t count : outcome.messages) most = std::max(most, count);
    const std::size_t kinds = std::min(outcome.messages.size(), simulation.options().engine->message_kinds.size());
    Svg svg(width, 30 + row * static_cast<double>(kinds));
    svg.words(left, 18, "messages by kind");
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        const double y = 26 + row * static_cast<double>(kind);
        const double length = 300 * static_cast<double>(outcome.messages[kind]) / static_cast<double>(most);
        svg.words(left - 6, y + 13, simulation.options().engine->message_kinds[kind], "end");
        svg.box(left, y, length, row - 6, color_of(kind));
        svg.words(left + length + 6, y + 13, grouped(outcome.messages[kind]));
    }
    return svg.text();
}

template <class Value>
Plot plot_of(const Comparison& comparison, std::string title, std::string unit, bool is_logarithmic, Value value) {
    Plot plot{std::move(title), "nodes", std::move(unit), {}, is_logarithmic};
    for (const Comparison::Run& run : comparison.by_size) {
        if (plot.series.empty() || plot.series.back().name != run.engine)
            plot.series.push_back({std::string(run.engine), {}, plot.series.size(), false});
        plot.series.back().points.emplace_back(run.nodes, value(run));
    }
    return plot;
}

std::string figure_6() {
    Plot plot{"1 MiB blocks over 100 Mbit/s (Fig. 6)", "nodes", "tx/s", {}, true};
    plot.series = {{"leader to all", {}, 0, true}, {"proof of work", {}, 1, true}};
    for (unsigned nodes = 1000; nodes <= 10'000; nodes += 250) {
        plot.series[0].points.emplace_back(nodes, paxos_throughput(nodes));
        plot.series[1].points.emplace_back(nodes, work_throughput());
    }
    return plot.svg();
}

// Formulas and runs that keep to their assumptions.
std::string measured_plot(const std::string& title, const std::string& unit,
                          const std::vector<std::pair<std::string, const std::vector<Measured>*>>& lines) {
    Plot plot{title, "nodes", unit, {}, true};
    for (const auto& [name, points] : lines) {
        Series formula{name + ", formula", {}, plot.series.size() / 2, true}, simulated{name, {}, plot.series.size() / 2};
        for (const Measured& measured : *points) {
            formula.points.emplace_back(measured.nodes, measured.formula);
            simulated.points.emplace_back(measured.nodes, measured.simulated);
        }
        plot.series.push_back(std::move(formula));
        plot.series.push_back(std::move(simulated));
    }
    return plot.svg();
}

std::string figure_4() {
    Plot plot{"wait for a Paxos leader (Fig. 4)", "rounds a second", "ms", {}, true};
    for (const unsigned nodes : {3U, 5U, 9U}) {
        Series series{"N = " + std::to_string(nodes), {}, plot.series.size(), true};
        const double most = paxos_most_rounds(nodes);
        for (int i = 1; i < 40; ++i) series.points.emplace_back(most * i / 40, marchal_wait(nodes, most * i / 40));
        plot.series.push_back(std::move(series));
    }
    return plot.svg();
}

}  // namespace

std::string page_of(const Simulation& simulation) {
    const SimulationOptions& options = simulation.options();
    Plot latency{"transactions by time", "seconds", "%", {}, false};
    latency.series = {share_below("in a block", simulation.outcome().inclusions, 1),
                      share_below("final", simulation.outcome().latencies, 0)};
    std::string body = "<pre>" + escaped(summary(simulation)) + "</pre>\n";
    if (!options.faults.empty())
        body += section("Faults", "As a file for --faults.", "<pre>" + escaped(text_of(options.faults)) + "</pre>");
    body += section("Block tree", "The best branch is in its makers' colours; what is grey was given up.",
                    block_tree(simulation));
    body += section(
        "Messages",
        "The first ones, from when they were sent to when they arrived; dashed ones were lost. Long silence is shortened.",
        message_diagram(simulation));
    body += section("Transactions and messages", "", latency.svg() + message_bars(simulation));
    return page("A run of " + std::string(options.engine->name) + ", " + std::to_string(options.nodes) + " nodes, seed " +
                    std::to_string(options.seed),
                body);
}

std::string page_of(const Comparison& comparison) {
    using Run = Comparison::Run;
    Plot messages = plot_of(comparison, "messages for a transaction", "", true,
                            [](const Run& run) { return run.messages_per_transaction(); });
    const std::string plots = plot_of(comparison, "throughput", "tx/s", false,
                                      [](const Run& run) { return run.outcome.transactions_per_second(); })
                                  .svg() +
                              messages.svg() +
                              plot_of(comparison, "time to be in a block (median)", "s", true,
                                      [](const Run& run) { return static_cast<double>(run.outcome.inclusion(50)) / second; })
                                  .svg() +
                              plot_of(comparison, "time to finality (median)", "s", true,
                                      [](const Run& run) { return static_cast<double>(run.outcome.latency(50)) / second; })
                                  .svg() +
                              plot_of(comparison, "stale blocks", "", false, [](const Run& run) {
                                  return static_cast<double>(run.outcome.stale);
                              }).svg();
    return page(
        "Consensus engines compared",
        section("Simulated", "The same transactions under each engine, as the network grows.", plots) +
            section("Formulas", "Charapko, Ailijiang and Demirbas, 2018; they cross at N = " + grouped(crossover()) + ".",
                    figure_4() + figure_6()) +
            section("Formulas beside simulated runs", "Runs that keep to the formulas' assumptions; formulas are dashed.",
                    measured_plot("rounds of a busy leader (Fig. 4)", "a second", {{"leader", &comparison.rounds}}) +
                        measured_plot("a leader whose line is full, and work (Fig. 6)", "tx/s",
                                      {{"leader", &comparison.leader}, {"work", &comparison.work}})) +
            section("Table", "", "<pre>" + escaped(table(comparison)) + "</pre>"));
}

}  // namespace interlock::chain::sim
