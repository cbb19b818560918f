// interlock node-test: nodes as processes of their own on this machine, some of which are killed.
#include <fmt/format.h>

#include <iostream>

#include "chain/process/cluster.hpp"
#include "chain/process/replay.hpp"
#include "chain/process/zookeeper/external_order.hpp"
#include "chain/process/zookeeper/servers.hpp"
#include "chain/sim/scenario.hpp"
#include "cli/command.hpp"

namespace interlock::cli {

namespace {

namespace process = chain::process;

struct NodeTestArguments {
    std::string engine = "pbft";
    std::uint32_t nodes = 4, transactions = 60, most_seconds = 30;
    std::optional<std::uint32_t> kills;
    std::optional<std::uint64_t> replayed_seed;
};

// Engines whose final blocks are never revoked: only those acknowledge anything.
std::vector<std::string_view> lasting_engines() {
    std::vector<std::string_view> names;
    for (const chain::consensus::EngineEntry& engine : chain::consensus::all_engines())
        if (engine.finality == chain::consensus::Finality::Irrevocable) names.push_back(engine.name);
    names.push_back(process::zookeeper_entry().name);
    return names;
}

int fail(std::string_view why) {
    std::cerr << "interlock node-test: " << why << "\n";
    return exit_output;
}

int run_replay(const NodeTestArguments& arguments) {
    const chain::consensus::EngineEntry* engine = chain::consensus::find_engine(arguments.engine);
    if (!engine) throw UsageError{"--replay is for engines that can be simulated, not for " + arguments.engine};
    const process::ReplayOutcome outcome =
        process::replay_in_processes(chain::sim::difficult(*engine, arguments.nodes, *arguments.replayed_seed));
    if (!outcome.error.empty()) return fail(outcome.error);
    std::cout << fmt::format("simulated     {} nodes with {}, seed {}: final up to height {}\n", arguments.nodes,
                             arguments.engine, *arguments.replayed_seed, outcome.height)
              << fmt::format("in processes  {} steps, {} messages, {} restarts: {}\n", grouped(outcome.steps),
                             grouped(outcome.messages), outcome.restarts,
                             outcome.difference.empty() ? "the same" : "DIFFERENT");
    if (!outcome.difference.empty()) std::cout << outcome.difference << "\n";
    return outcome.holds() ? exit_ok : exit_findings;
}

int run_node_test(const NodeTestArguments& arguments) {
    if (arguments.replayed_seed) return run_replay(arguments);
    process::ClusterOptions options;
    std::optional<process::ZooKeeperServers> servers;
    if (arguments.engine == process::zookeeper_entry().name) {
        if (const std::string missing = process::ZooKeeperServers::what_is_missing(); !missing.empty()) return fail(missing);
        if (const std::string& error = servers.emplace().error(); !error.empty()) return fail(error);
        options.engine_options.ordering_service = servers->addresses();
        options.when_killed = [&servers] { servers->kill(0); };
        options.when_restarted = [&servers] { servers->start(0); };
    }
    options.engine = servers ? &process::zookeeper_entry() : chain::consensus::find_engine(arguments.engine);
    options.nodes = arguments.nodes;
    options.transactions = arguments.transactions;
    options.kills = arguments.kills;
    options.most_time = static_cast<std::int64_t>(arguments.most_seconds) * chain::consensus::second;
    const process::ClusterOutcome outcome = process::run_cluster(options);
    if (!outcome.error.empty()) return fail(outcome.error);
    std::cout << fmt::format("processes     {} with {}, on 127.0.0.1; {} killed, {} started again\n", arguments.nodes,
                             arguments.engine, outcome.killed, outcome.restarted)
              << fmt::format("transactions  {} of {} acknowledged in {:.1f} s; {} of these missing at a node\n",
                             outcome.acknowledged, arguments.transactions, static_cast<double>(outcome.time) / 1e9,
                             outcome.missing)
              << fmt::format("final         {} at the nodes, {}\n", fmt::join(outcome.final_transactions, ", "),
                             outcome.agree ? "in the same order" : "IN DIFFERENT ORDERS");
    if (!outcome.is_complete) std::cout << "not all nodes had all transactions in time\n";
    return outcome.holds() ? exit_ok : exit_findings;
}

}  // namespace

Command node_test_command() {
    auto arguments = std::make_shared<NodeTestArguments>();
    return {
        .name = "node-test",
        .help = "run the nodes of an engine as processes, and kill some of them",
        .options = {one_of("--engine", "NAME", "what orders the transactions", lasting_engines(), arguments->engine),
                    number("--nodes", "N", "processes", 1, 32, arguments->nodes),
                    number("--transactions", "N", "that a client sends", 1, 10'000, arguments->transactions),
                    {"--kill", "N", "processes at the same time (as many as the engine survives; 0 to 32)",
                     [arguments](const std::string& text) {
                         arguments->kills = static_cast<std::uint32_t>(whole_number("--kill", text, 0, 32));
                     }},
                    {"--replay", "SEED", "a difficult run of the simulation, step by step, in the place of all that",
                     [arguments](const std::string& text) {
                         arguments->replayed_seed = whole_number("--replay", text, 0, UINT64_MAX);
                     }},
                    number("--most-seconds", "N", "until it ends in any case", 1, 3600, arguments->most_seconds)},
        .footer =
            "As many nodes as the engine survives are killed with SIGKILL while transactions come in, and started again\n"
            "later. What one node said is final must be final at all of them in the end, in the same order. With "
            "zookeeper,\n"
            "Debian's server keeps the order, in three processes of which one is killed, too.\n"
            "\n"
            "Exit codes: 0 nothing is missing, 1 something is, 64 usage, 74 there are no sockets or processes.",
        .run = [arguments] { return run_node_test(*arguments); }};
}

}  // namespace interlock::cli
