#include "chain/sim/report.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "chain/sim/formulas.hpp"
#include "chain/sim/summary.hpp"
#include "chain/sim/svg.hpp"

namespace interlock::chain::sim {

using consensus::SealedBlock;

namespace {

constexpr std::size_t most_blocks_drawn = 600, most_messages_drawn = 200, most_transactions_drawn = 40,
                      most_nodes_drawn = 40,
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
    std::set<Hash> uncles;
    for (const Hash& hash : best)
        for (const Header& uncle : simulation.blocks().at(hash).block->ommers) uncles.insert(hash_of(uncle));
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
        const bool is_uncle = uncles.contains(each->block->hash), is_best = best.contains(each->block->hash);
        const std::string color =
            is_best || is_uncle ? std::string(color_of(each->maker)) + (is_uncle ? "70" : "") : "#aaaa";
        svg.box(x, y, box_width, box_height, color,
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

std::string reorganisations(const Simulation& simulation) {
    constexpr std::size_t most_told = 50;
    const auto named = [](const SealedBlock& block) {
        return vm::to_hex(ByteView(block.hash).first(4)) + " at height " + std::to_string(block.height());
    };
    std::string text;
    const auto& all = simulation.reorganisations();
    for (std::size_t i = 0; i < std::min(all.size(), most_told); ++i) {
        const RecordedReorganisation& each = all[i];
        text += readable(each.time) + ": node " + std::to_string(each.node) + " gave up " + std::to_string(each.given_up) +
                (each.given_up == 1 ? " block" : " blocks") + ", the last " + named(*each.from) + ", for " +
                named(*each.to) + "\n";
    }
    if (all.size() > most_told) text += "and " + grouped(all.size() - most_told) + " more\n";
    return "<pre>" + escaped(text) + "</pre>";
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
    std::size_t transactions =
        0;  // messages of the first kind pass these on; there may be many before anything else happens
    for (const RecordedMessage& each : simulation.messages()) {
        if (each.from >= nodes || each.to >= nodes || messages.size() == most_messages_drawn) continue;
        if (each.kind == 0 && ++transactions > most_transactions_drawn) continue;
        messages.push_back(each);
    }
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

// --- of a comparison ---

using Run = Comparison::Run;
using RunValue = double (*)(const Run&);

// A curve for each engine, of those runs that have a place on the x axis.
std::string curves(const std::vector<Run>& runs, std::string_view title, std::string_view x_axis, std::string_view unit,
                   bool is_logarithmic, const std::function<std::optional<double>(const Run&)>& place, RunValue value) {
    Plot plot{std::string(title), std::string(x_axis), std::string(unit), {}, is_logarithmic};
    for (const Run& run : runs) {
        const std::optional<double> x = place(run);
        if (!x) continue;
        if (plot.series.empty() || plot.series.back().name != run.engine)
            plot.series.push_back({std::string(run.engine), {}, plot.series.size(), false});
        plot.series.back().points.emplace_back(*x, value(run));
    }
    const auto is_zero = [](const Series& each) {
        return std::ranges::all_of(each.points, [](const auto& point) { return point.second == 0; });
    };
    if (std::ranges::all_of(plot.series, is_zero)) return "<p class=\"note\">" + escaped(title) + ": none</p>\n";
    return plot.svg();
}

double throughput(const Run& run) { return run.outcome.transactions_per_second(); }
double messages(const Run& run) { return run.messages_per_transaction(); }
double inclusion(const Run& run) { return static_cast<double>(run.outcome.inclusion(50)) / second; }
double latency(const Run& run) { return static_cast<double>(run.outcome.latency(50)) / second; }
double stale(const Run& run) { return static_cast<double>(run.outcome.stale); }

std::string curves_by_size(const Comparison& comparison) {
    const auto by_size = [&](std::string_view title, std::string_view unit, bool is_logarithmic, RunValue value) {
        return curves(
            comparison.by_size, title, "nodes", unit, is_logarithmic, [](const Run& run) { return run.nodes; }, value);
    };
    return by_size("throughput", "tx/s", true, throughput) + by_size("messages for a transaction", "", true, messages) +
           by_size("time to be in a block (median)", "s", true, inclusion) +
           by_size("time to finality (median)", "s", true, latency) + by_size("stale blocks", "", false, stale);
}

std::string curves_by_faults(const Comparison& comparison) {
    const auto lost = [](const Run& run) {
        return run.lost > 0 || run.faults == "none" ? std::optional<double>(run.lost) : std::nullopt;
    };
    const auto crashed = [](const Run& run) {
        return run.crashed > 0 || run.faults == "none" ? std::optional<double>(run.crashed) : std::nullopt;
    };
    std::string plots;
    const auto both = [&](const std::string& title, std::string_view unit, bool is_logarithmic, RunValue value) {
        plots += curves(comparison.by_faults, title + " as messages are lost", "% of the messages", unit, is_logarithmic,
                        lost, value);
        plots += curves(comparison.by_faults, title + " as nodes crash", "nodes", unit, is_logarithmic, crashed, value);
    };
    both("throughput", "tx/s", true, throughput);
    both("time to finality", "s", true, latency);
    both("messages for a transaction", "", true, messages);
    both("stale blocks", "", false, stale);
    return plots;
}

Series simulated(std::string name, const std::vector<Measured>& all, std::size_t color) {
    Series series{std::move(name), {}, color};
    for (const Measured& measured : all) series.points.emplace_back(measured.nodes, measured.simulated);
    return series;
}

// Work is as fast with any number of nodes: its line is the mean of the runs.
std::string figure_6(const Comparison& comparison) {
    constexpr unsigned least = 1000, most = 10'000;
    Plot plot{"1 MiB blocks over 100 Mbit/s (Fig. 6)", "nodes", "tx/s", {}, true};
    Series leader{"leader, formula", {}, 0, true};
    for (unsigned nodes = least; nodes <= most; nodes += 250) leader.points.emplace_back(nodes, paxos_throughput(nodes));
    double mean = 0;
    for (const Measured& each : comparison.work) mean += each.simulated / static_cast<double>(comparison.work.size());
    plot.series = {std::move(leader),
                   simulated("leader", comparison.leader, 0),
                   {"work, formula", {{least, work_throughput()}, {most, work_throughput()}}, 1, true},
                   {"work", {{least, mean}, {most, mean}}, 1}};
    return plot.svg();
}

std::string rounds_by_size(const Comparison& comparison) {
    Plot plot{"rounds of a busy leader (Fig. 4)", "nodes", "a second", {}, true};
    Series formula{"formula", {}, 0, true};
    for (const Measured& measured : comparison.rounds) formula.points.emplace_back(measured.nodes, measured.formula);
    plot.series = {std::move(formula), simulated("simulated", comparison.rounds, 0)};
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
    body += section("Block tree",
                    "The best branch is in its makers' colours, its uncles are paler; what is grey was given up. Point at a "
                    "block to see more.",
                    block_tree(simulation));
    if (!simulation.reorganisations().empty())
        body += section("Reorganisations", "The first ones, as nodes went from one branch to a better one.",
                        reorganisations(simulation));
    body += section("Messages",
                    "The first ones, of those that pass on transactions only a few, from when they were sent to when they "
                    "arrived; dashed ones were lost. Long silence is shortened.",
                    message_diagram(simulation));
    body += section("Transactions and messages", "", latency.svg() + message_bars(simulation));
    return page("A run of " + std::string(options.engine->name) + ", " + std::to_string(options.nodes) + " nodes, seed " +
                    std::to_string(options.seed),
                body);
}

std::string page_of(const Comparison& comparison) {
    const std::optional<double> crossing = crossing_of(comparison.leader, comparison.work);
    const std::string crossings =
        "Charapko, Ailijiang and Demirbas, 2018. Formulas are dashed; runs that keep to their assumptions are not. In Fig. "
        "6 "
        "the leader and proof of work are equally fast at N = " +
        grouped(crossover()) + " by the formulas" +
        (crossing ? ", at N = " + grouped(static_cast<std::uint64_t>(std::lround(*crossing))) + " as simulated." : ".");
    return page(
        "Consensus engines compared",
        "<p>" + escaped(comparison.workload->description) + ", the same under each engine; seed " +
            std::to_string(comparison.seed) + "</p>\n" +
            section("As the network grows", "Nothing goes wrong. Where curves are one, the later engine's is the thinner.",
                    curves_by_size(comparison)) +
            section("As more goes wrong",
                    std::to_string(comparison.by_faults.empty() ? 0 : comparison.by_faults[0].nodes) +
                        " nodes. Crashed ones are down from the beginning, as many as the engine survives.",
                    curves_by_faults(comparison)) +
            section("Formulas beside simulated runs", crossings,
                    figure_4() + rounds_by_size(comparison) + figure_6(comparison)) +
            section("Table", "", "<pre>" + escaped(table(comparison)) + "</pre>"));
}

}  // namespace interlock::chain::sim
