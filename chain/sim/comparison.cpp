#include "chain/sim/comparison.hpp"

#include <cmath>
#include <cstdio>

#include "chain/sim/formulas.hpp"
#include "chain/sim/summary.hpp"

namespace interlock::chain::sim {

using consensus::EngineEntry, consensus::Finality;

namespace {

constexpr Nanoseconds patience = 600 * second;  // behind the last transaction
// What deciding a block takes, of all kinds of messages.
constexpr std::string_view rounds[] = {"pre-prepare", "propose", "prepare", "prepared", "commit", "committed"};

Outcome run_until_final(SimulationOptions options) {
    options.duration = options.workload->submissions.back().time + patience;
    options.stops_when_settled = false;
    Simulation simulation(options);
    const std::uint64_t all = options.workload->submissions.size();
    while (simulation.outcome().finalised < all && simulation.step()) {}
    return simulation.finish();
}

SimulationOptions options_for(const EngineEntry& engine, std::uint32_t nodes, const ComparisonOptions& of) {
    SimulationOptions options = usual(engine, nodes, of.seed);
    options.workload = of.workload;
    options.network.degree = 0;
    options.has_own_ledgers = false;
    return options;
}

// The last nodes are down from the beginning.
std::vector<Fault> crashes(std::uint32_t count, std::uint32_t nodes) {
    Fault crash;
    crash.kind = Fault::Crash;
    for (std::uint32_t i = 0; i < count; ++i) crash.nodes.push_back(nodes - 1 - i);
    return {crash};
}

std::vector<Fault> weather(Fault::Kind kind, std::int64_t amount) {
    Fault fault;
    fault.kind = kind;
    fault.amount = amount;
    return {fault};
}

std::string cells(std::initializer_list<std::pair<std::string, int>> columns) {
    std::string line;
    for (const auto& [text, width] : columns) {
        const std::size_t size = static_cast<std::size_t>(std::abs(width));
        const std::string space(text.size() < size ? size - text.size() : 0, ' ');
        line += (width < 0 ? text + space : space + text) + " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 100 ? "%.2f" : "%.0f", value);
    return text;
}

std::string row_of(const Comparison::Run& run, std::size_t all) {
    const Outcome& outcome = run.outcome;
    return cells({{std::string(run.engine), -11},
                  {std::to_string(run.nodes), 5},
                  {run.faults, -16},
                  {std::to_string(outcome.finalised) + "/" + std::to_string(all), 11},
                  {decimal(outcome.transactions_per_second()), 8},
                  {readable(outcome.inclusion(50)), 9},
                  {readable(outcome.latency(50)), 9},
                  {readable(outcome.latency(99)), 9},
                  {decimal(run.messages_per_transaction()), 9},
                  {grouped(static_cast<std::uint64_t>(run.bytes_per_transaction())), 9},
                  {std::to_string(outcome.stale), 5},
                  {std::to_string(outcome.revoked), 7},
                  {outcome.holds() ? "hold" : std::string(outcome.violations[0].rule), -10}});
}

std::string heading() {
    return cells({{"engine", -11},
                  {"nodes", 5},
                  {"faults", -16},
                  {"final", 11},
                  {"tx/s", 8},
                  {"in block", 9},
                  {"final", 9},
                  {"99%", 9},
                  {"msgs/tx", 9},
                  {"bytes/tx", 9},
                  {"stale", 5},
                  {"revoked", 7},
                  {"invariants", -10}});
}

// Messages for one block: how they grow, and how many that is.
std::pair<std::string, std::uint64_t> formula_of(std::string_view engine, std::uint32_t nodes) {
    if (engine == "pbft") return {"2N(N-1)", pbft_messages(nodes)};
    if (engine == "multipaxos") return {"2(N-1)", paxos_messages(nodes)};
    return {"5(N-1)", certified_messages(nodes)};
}

std::string beside(std::string_view what, const std::vector<Measured>& all) {
    std::string text = std::string(what) + "\n";
    for (const Measured& measured : all)
        text += cells({{std::to_string(measured.nodes) + " nodes:", -12},
                       {"formula " + decimal(measured.formula), 18},
                       {"simulated " + decimal(measured.simulated), 20}});
    return text;
}

std::string formulas_beside(const Comparison& comparison) {
    std::string text = "Messages for one block, by the formula and as counted where nothing goes wrong:\n";
    for (const Comparison::Run& run : comparison.by_size) {
        const std::uint64_t blocks = std::max<std::uint64_t>(1, run.outcome.best_height);
        const EngineEntry& engine = *consensus::find_engine(run.engine);
        if (!engine.voting) continue;
        std::uint64_t votes = 0;
        for (std::size_t kind = 0; kind < engine.message_kinds.size(); ++kind) {
            const std::string_view name = engine.message_kinds[kind];
            if (name.ends_with("(2a)") || name.ends_with("(2b)") || std::ranges::count(rounds, name) != 0)
                votes += run.outcome.messages[kind];
        }
        const auto [formula, number] = formula_of(run.engine, run.nodes);
        text += cells({{std::string(run.engine), -11},
                       {std::to_string(run.nodes), 5},
                       {formula, 8},
                       {std::to_string(number), 6},
                       {decimal(static_cast<double>(votes) / static_cast<double>(blocks)), 9}});
    }
    text += "\nThe formulas beside runs that keep to their assumptions:\n";
    text += beside("rounds/s of a leader whose processor is busy (Fig. 4)", comparison.rounds);
    text += beside("tx/s of a leader who sends blocks of 1 MiB over 100 Mbit/s to all (Fig. 6)", comparison.leader);
    text += beside("tx/s of proof of work, a block of 1 MiB every 600 s on average (Fig. 6)", comparison.work);
    text += "By the formulas they cross at N = " + grouped(crossover());
    if (const std::optional<double> crossing = crossing_of(comparison.leader, comparison.work))
        text += ", as simulated at N = " + grouped(static_cast<std::uint64_t>(std::lround(*crossing)));
    return text + ".\n";
}

}  // namespace

double Comparison::Run::messages_per_transaction() const {
    return static_cast<double>(outcome.all_messages()) / static_cast<double>(std::max<std::uint64_t>(1, outcome.finalised));
}

double Comparison::Run::bytes_per_transaction() const {
    std::uint64_t bytes = 0;
    for (const std::uint64_t each : outcome.message_bytes) bytes += each;
    return static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(1, outcome.finalised));
}

Comparison compare(const ComparisonOptions& options, const std::function<void(std::string_view, std::uint32_t)>& before) {
    Comparison comparison{options.workload, options.seed, {}, {}, {}, {}, {}};
    using Run = Comparison::Run;
    const auto run = [&](const EngineEntry& engine, Run kind, std::vector<Fault> faults) {
        if (before) before(engine.name, kind.nodes);
        SimulationOptions simulated = options_for(engine, kind.nodes, options);
        simulated.faults = std::move(faults);
        kind.engine = engine.name;
        kind.outcome = run_until_final(std::move(simulated));
        return kind;
    };
    for (const EngineEntry& engine : consensus::all_engines()) {
        const std::uint32_t nodes = options.faulty_size, most_crashes = engine.tolerance(nodes).crashes;
        if (most_crashes == 0) continue;  // for development alone
        for (const std::uint32_t size : options.sizes)
            comparison.by_size.push_back(run(engine, {.nodes = size, .faults = "none"}, {}));
        std::vector<Run>& faulty = comparison.by_faults;
        for (const std::uint32_t lost : options.losses) {
            const Run kind{
                .nodes = nodes, .faults = lost == 0 ? "none" : "drop " + std::to_string(lost) + "%", .lost = lost};
            faulty.push_back(run(engine, kind, lost == 0 ? std::vector<Fault>{} : weather(Fault::Drop, lost * 10'000)));
        }
        faulty.push_back(run(engine, {.nodes = nodes, .faults = "delay 200ms"}, weather(Fault::Delay, 200 * millisecond)));
        for (std::uint32_t crashed = 1; crashed <= most_crashes; ++crashed) {
            const std::string name = std::to_string(crashed) + " crashed";
            faulty.push_back(run(engine, {.nodes = nodes, .faults = name, .crashed = crashed}, crashes(crashed, nodes)));
        }
    }
    if (before) before("formulas", 0);
    for (const std::uint32_t nodes : {3U, 5U, 9U, 25U}) comparison.rounds.push_back(rounds_of_leader(nodes));
    for (const std::uint32_t nodes : options.leader_sizes) comparison.leader.push_back(transactions_of_leader(nodes));
    for (const std::uint32_t nodes : {4U, 12U}) comparison.work.push_back(transactions_of_work(nodes, options.work_blocks));
    return comparison;
}

std::string table(const Comparison& comparison) {
    const std::size_t all = comparison.workload->submissions.size();
    std::string text =
        "workload: " + comparison.workload->description + "; seed " + std::to_string(comparison.seed) + "\n\n";
    text += heading();
    for (const Comparison::Run& run : comparison.by_size) text += row_of(run, all);
    text += "\n" + heading();
    for (const Comparison::Run& run : comparison.by_faults) text += row_of(run, all);
    return text + "\n" + formulas_beside(comparison);
}

}  // namespace interlock::chain::sim
