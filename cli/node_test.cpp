// interlock node-test: nodes as processes of their own on this machine, some of which are killed.
#include <fmt/format.h>

#include <iostream>

#include "chain/process/cluster.hpp"
#include "cli/command.hpp"

namespace interlock::cli {

namespace {

namespace process = chain::process;

struct NodeTestArguments {
    std::string engine = "pbft";
    std::uint32_t nodes = 4, transactions = 60, most_seconds = 30;
    std::optional<std::uint32_t> kills;
};

// Engines whose final blocks are never revoked: only those acknowledge anything.
std::vector<std::string_view> lasting_engines() {
    std::vector<std::string_view> names;
    for (const chain::consensus::EngineEntry& engine : chain::consensus::all_engines())
        if (engine.finality == chain::consensus::Finality::Irrevocable) names.push_back(engine.name);
    return names;
}

int run_node_test(const NodeTestArguments& arguments) {
    process::ClusterOptions options;
    options.engine = chain::consensus::find_engine(arguments.engine);
    options.nodes = arguments.nodes;
    options.transactions = arguments.transactions;
    options.kills = arguments.kills;
    options.most_time = static_cast<std::int64_t>(arguments.most_seconds) * chain::consensus::second;
    const process::ClusterOutcome outcome = process::run_cluster(options);
    if (!outcome.error.empty()) {
        std::cerr << "interlock node-test: " << outcome.error << "\n";
        return exit_output;
    }
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
                    number("--most-seconds", "N", "until it ends in any case", 1, 3600, arguments->most_seconds)},
        .footer =
            "As many nodes as the engine survives are killed with SIGKILL while transactions come in, and started again\n"
            "later. What one node said is final must be final at all of them in the end, in the same order.\n"
            "\n"
            "Exit codes: 0 nothing is missing, 1 something is, 64 usage, 74 there are no sockets or processes.",
        .run = [arguments] { return run_node_test(*arguments); }};
}

}  // namespace interlock::cli
