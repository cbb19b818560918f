// interlock compare: the same transactions under every consensus engine, while the network and its faults grow.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "chain/sim/comparison.hpp"
#include "chain/sim/report.hpp"
#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/workload_input.hpp"

namespace interlock::cli {

namespace {

namespace sim = chain::sim;

struct CompareArguments {
    std::string workload, report;
    std::uint64_t seed = 1;
    std::uint32_t most_nodes = 49;
};

int run_compare(const CompareArguments& arguments) {
    try {
        sim::ComparisonOptions options;
        options.workload = arguments.workload.empty()
                               ? std::make_shared<const sim::Workload>(sim::transfers(100, sim::second / 10))
                               : workload_of(arguments.workload);
        options.seed = arguments.seed;
        std::erase_if(options.sizes, [&](std::uint32_t size) { return size > arguments.most_nodes; });
        Progress progress;
        const sim::Comparison comparison = sim::compare(options, [&](std::string_view engine, std::uint32_t nodes) {
            progress.show(nodes == 0 ? std::string(engine) : fmt::format("{}, {} nodes", engine, nodes));
        });
        progress.clear();
        std::cout << sim::table(comparison);
        if (!arguments.report.empty()) write_or_say(arguments.report, sim::page_of(comparison));
        const auto holds = [](const sim::Comparison::Run& run) { return run.outcome.holds(); };
        return std::ranges::all_of(comparison.by_size, holds) && std::ranges::all_of(comparison.by_faults, holds)
                   ? exit_ok
                   : exit_findings;
    } catch (const Exit& exit) {
        return exit;
    }
}

}  // namespace

Command compare_command() {
    auto arguments = std::make_shared<CompareArguments>();
    static const std::string footer =
        "A workload has a line for each thing that clients do (docs/protocols.md):\n"
        "  transfers 100 every 50ms from 1s among 10\n"
        "  at 1s alice deploys counter 0x6001600055\n"
        "  at 2s bob calls counter increment()\n"
        "\n"
        "Exit codes: 0 the invariants hold, 1 one is violated, 64 usage, 65 a file cannot be used.";
    return {.name = "compare",
            .help = "the same transactions under every consensus engine",
            .options = {text("--workload", "FILE", "what clients send (100 transfers)", arguments->workload),
                        text("--report", "FILE", "write a page with plots", arguments->report),
                        number("--seed", "N", "of everything that is drawn", 0, UINT64_MAX, arguments->seed),
                        number("--most-nodes", "N", "leave out larger networks", 4, 49, arguments->most_nodes)},
            .footer = footer,
            .run = [arguments] { return run_compare(*arguments); }};
}

}  // namespace interlock::cli
