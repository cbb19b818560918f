// interlock sim: a simulated network of nodes that order transactions by a consensus engine, with faults.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "chain/sim/progress_table.hpp"
#include "chain/sim/report.hpp"
#include "chain/sim/scenario.hpp"
#include "chain/sim/summary.hpp"
#include "cli/command.hpp"
#include "cli/input_file.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/workload_input.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

namespace sim = chain::sim;

constexpr std::size_t most_script_bytes = 1 << 20, recorded_for_reports = 1000;

struct SimArguments {
    std::string engine = "pow", faults, workload, report, duration, interval, latency;
    std::uint32_t nodes = 4;
    std::uint64_t seed = 1, seeds = 1, transfers = 30;
    bool is_difficult = false, json = false, has_real_signatures = false, takes_uncles = false, adjusts_difficulty = false;
};

std::vector<std::string_view> engine_names() {
    std::vector<std::string_view> names;
    for (const chain::consensus::EngineEntry& engine : chain::consensus::all_engines()) names.push_back(engine.name);
    return names;
}

std::string engine_list() {
    std::string list;
    for (const chain::consensus::EngineEntry& engine : chain::consensus::all_engines())
        list += fmt::format("  {:<11} {}\n", engine.name, engine.help);
    return list;
}

sim::Nanoseconds duration_of(std::string_view option, const std::string& text) {
    const std::optional<sim::Nanoseconds> read = sim::parse_duration(text);
    if (!read || *read == 0) throw UsageError{fmt::format("{} needs a time such as 300ms or 2min, not `{}`", option, text)};
    return *read;
}

// Returns the faults of a file; throws an exit code if it cannot be used.
std::vector<sim::Fault> faults_of(const std::string& path, std::uint32_t nodes) {
    const std::optional<std::string> text = read_or_say(path, most_script_bytes);
    if (!text) throw exit_source;
    const auto parsed = sim::parse_faults(*text, nodes);
    if (const auto* error = std::get_if<sim::ScriptError>(&parsed)) {
        std::cerr << fmt::format("{}:{}: {}\n", lang::printable(path), error->line, lang::printable(error->message));
        throw exit_source;
    }
    return std::get<0>(parsed);
}

sim::SimulationOptions options_of(const SimArguments& arguments, std::uint64_t seed) {
    const chain::consensus::EngineEntry& engine = *chain::consensus::find_engine(arguments.engine);
    sim::SimulationOptions options =
        arguments.is_difficult ? sim::difficult(engine, arguments.nodes, seed) : sim::usual(engine, arguments.nodes, seed);
    if (!arguments.faults.empty()) options.faults = faults_of(arguments.faults, arguments.nodes);
    if (!arguments.duration.empty()) options.duration = duration_of("--duration", arguments.duration);
    if (!arguments.interval.empty()) options.engine_options.interval = duration_of("--interval", arguments.interval);
    if (!arguments.latency.empty()) {
        const sim::Nanoseconds mean = duration_of("--latency", arguments.latency);
        options.network.latency = {sim::Latency::Uniform, mean / 2, mean / 2};
    }
    if (arguments.transfers != SimArguments{}.transfers) {
        const sim::Nanoseconds time = options.workload->submissions.front().time;
        options.workload = std::make_shared<const sim::Workload>(sim::transfers(arguments.transfers, time));
    }
    if (!arguments.workload.empty()) {
        options.workload = workload_of(arguments.workload);
        if (std::ranges::any_of(options.workload->members, [&](auto node) { return node >= arguments.nodes; })) {
            std::cerr << fmt::format("{}: the nodes are 0 to {}\n", lang::printable(arguments.workload),
                                     arguments.nodes - 1);
            throw exit_source;
        }
        options.duration = std::max(options.duration, options.workload->submissions.back().time + options.duration);
    }
    if (!arguments.report.empty()) options.record = recorded_for_reports;
    if ((arguments.takes_uncles || arguments.adjusts_difficulty) && arguments.engine != "pow")
        throw UsageError{
            fmt::format("--{} is for pow, not for {}", arguments.takes_uncles ? "uncles" : "retarget", arguments.engine)};
    options.engine_options.takes_ommers |= arguments.takes_uncles;
    options.engine_options.adjusts_difficulty |= arguments.adjusts_difficulty;
    if (arguments.has_real_signatures) options.signatures = sim::Signatures::Secp256k1;
    return options;
}

nlohmann::ordered_json json_of(const sim::Simulation& simulation) {
    const sim::SimulationOptions& options = simulation.options();
    const sim::Outcome& outcome = simulation.outcome();
    nlohmann::ordered_json messages = nlohmann::ordered_json::object(), violations = nlohmann::ordered_json::array();
    for (std::size_t kind = 0; kind < options.engine->message_kinds.size(); ++kind)
        messages[std::string(options.engine->message_kinds[kind])] = outcome.messages[kind];
    for (const sim::Violation& violation : outcome.violations)
        violations.push_back(
            {{"rule", violation.rule}, {"text", violation.text}, {"time_ns", violation.time}, {"event", violation.event}});
    nlohmann::ordered_json shown = nlohmann::ordered_json::object();
    for (const auto& [question, answer] : outcome.shown) shown[question] = answer;
    return {{"engine", options.engine->name},
            {"nodes", options.nodes},
            {"seed", options.seed},
            {"simulated_ns", outcome.end},
            {"events", outcome.events},
            {"run_hash", fmt::format("{:016x}", outcome.run_hash)},
            {"height", outcome.best_height},
            {"blocks", outcome.blocks},
            {"stale", outcome.stale},
            {"uncles", outcome.uncles},
            {"reorganisations", outcome.reorganisations},
            {"revoked", outcome.revoked},
            {"messages", messages},
            {"submitted", outcome.submitted},
            {"final", outcome.finalised},
            {"latency_ns", {{"median", outcome.latency(50)}, {"p90", outcome.latency(90)}, {"p99", outcome.latency(99)}}},
            {"transactions_per_second", outcome.transactions_per_second()},
            {"contracts", shown},
            {"violations", violations}};
}

// Shows a run that broke a rule as a script that is as short as possible.
void show_shortest(const sim::SimulationOptions& options, const sim::Outcome& outcome) {
    const sim::Shrunk shrunk = sim::shrink(options, outcome.violations[0].rule);
    std::cout << fmt::format(
                     "\nThe same rule breaks with {} of {} faults in {} ({} runs tried). As a file for --faults, with "
                     "--seed {}:\n\n",
                     shrunk.options.faults.size(), options.faults.size(), sim::readable(shrunk.outcome.end), shrunk.runs,
                     options.seed)
              << sim::text_of(shrunk.options.faults);
}

int run_one(const SimArguments& arguments) {
    const sim::SimulationOptions options = options_of(arguments, arguments.seed);
    sim::Simulation simulation(options);
    sim::ProgressTable table;
    const auto show = [&](sim::Nanoseconds time) { std::cout << table.rows_before(time, simulation) << std::flush; };
    const sim::Outcome& outcome = arguments.json ? simulation.run() : simulation.run(show);
    if (!arguments.json) std::cout << (table.is_empty() ? "" : "\n");
    if (arguments.json) std::cout << json_of(simulation).dump(2) << "\n";
    else std::cout << sim::summary(simulation);
    if (!arguments.report.empty()) write_or_say(arguments.report, sim::page_of(simulation));
    if (outcome.holds()) return exit_ok;
    if (!arguments.json && !options.faults.empty()) show_shortest(options, outcome);
    return exit_findings;
}

// Runs one seed after another, up to the first that breaks a rule.
int run_many(const SimArguments& arguments) {
    Progress progress;
    std::uint64_t events = 0;
    for (std::uint64_t seed = arguments.seed; seed - arguments.seed < arguments.seeds; ++seed) {
        const sim::SimulationOptions options = options_of(arguments, seed);
        sim::Simulation simulation(options);
        const sim::Outcome& outcome = simulation.run();
        events += outcome.events;
        progress.show(fmt::format("seed {}, {} events", seed, grouped(events)));
        if (outcome.holds()) continue;
        progress.clear();
        std::cout << sim::summary(simulation);
        show_shortest(options, outcome);
        return exit_findings;
    }
    progress.clear();
    std::cout << fmt::format("{} seeds from {} on, {} events: invariants hold after each\n", grouped(arguments.seeds),
                             arguments.seed, grouped(events));
    return exit_ok;
}

int run_sim(const SimArguments& arguments) {
    try {
        return arguments.seeds == 1 ? run_one(arguments) : run_many(arguments);
    } catch (const Exit& exit) {
        return exit;
    }
}

}  // namespace

Command sim_command() {
    auto arguments = std::make_shared<SimArguments>();
    static const std::string footer =
        "Engines:\n" + engine_list() +
        "\n"
        "Without --faults and --difficult nothing goes wrong. A file of faults has one on each line (docs/protocols.md):\n"
        "  from 2s to 5s crash 1 torn\n"
        "  from 3s to 8s partition 0 1 | 2 3\n"
        "  at 0s equivocate 0\n"
        "\n"
        "Exit codes: 0 the invariants hold, 1 one is violated, 64 usage, 65 a file cannot be used.";
    return {
        .name = "sim",
        .help = "simulate a network of nodes under a consensus engine, with faults",
        .options = {one_of("--engine", "NAME", "what orders the transactions", engine_names(), arguments->engine),
                    number("--nodes", "N", "in the network", 1, 2000, arguments->nodes),
                    number("--seed", "N", "of everything that is drawn", 0, UINT64_MAX, arguments->seed),
                    number("--seeds", "N", "runs, with one seed after another", 1, 1'000'000'000, arguments->seeds),
                    flag("--difficult", "faults drawn from the seed, as many as the engine tolerates",
                         arguments->is_difficult),
                    text("--faults", "FILE", "what goes wrong, and when", arguments->faults),
                    text("--workload", "FILE", "what clients send, in the place of transfers", arguments->workload),
                    text("--report", "FILE", "write a page with the block tree, messages and plots", arguments->report),
                    number("--transfers", "N", "transactions", 1, 100'000, arguments->transfers),
                    text("--duration", "TIME", "of the run at most", arguments->duration),
                    text("--interval", "TIME", "between blocks, or of a slot", arguments->interval),
                    text("--latency", "TIME", "of a message, on average", arguments->latency),
                    flag("--uncles", "pow: later blocks name stale ones, whose finders are paid", arguments->takes_uncles),
                    flag("--retarget", "pow: the difficulty follows the times of the blocks", arguments->adjusts_difficulty),
                    flag("--real-signatures", "secp256k1 in the place of a hash", arguments->has_real_signatures),
                    flag("--json", "print JSON", arguments->json)},
        .footer = footer,
        .run = [arguments] { return run_sim(*arguments); }};
}

}  // namespace interlock::cli
