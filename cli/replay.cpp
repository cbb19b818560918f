// interlock replay TRACE.json: run a trace again; it must come out the same.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "analyzer/report/story.hpp"
#include "cli/command.hpp"

namespace interlock::cli {

namespace {

int replay_file(const std::string& path, bool quiet, const Common& common) {
    const std::optional<std::string> text = read_file(path, analyzer::max_trace_bytes);
    if (!text) return exit_source;
    const analyzer::Replay replay = analyzer::replay(*text);
    if (common.json) {
        nlohmann::ordered_json json{{"repeats", replay.repeats}, {"differences", replay.differences}};
        if (replay.trace) {
            json["gain_wei"] = vm::to_decimal(replay.trace->gain);
            for (const analyzer::Holding& holding : replay.trace->ether)
                json["ether"][holding.name] = {{"before", vm::to_decimal(holding.before)},
                                               {"after", vm::to_decimal(holding.after)}};
            for (const analyzer::InvariantChange& change : replay.trace->invariants)
                json["invariants"][change.contract + "." + change.label] = {{"before", change.held_before},
                                                                            {"after", change.holds_after}};
        }
        std::cout << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    } else if (replay.repeats) {
        if (!quiet) std::cout << analyzer::tell(*replay.trace, {common.color_on(STDOUT_FILENO)}) << "\n";
        std::cout << path << ": repeats exactly (" << analyzer::summary_of(*replay.trace) << ")\n";
    } else {
        std::cout << path << ": does not repeat\n";
        for (const std::string& difference : replay.differences) std::cout << "  " << difference << "\n";
    }
    return replay.repeats ? exit_ok : exit_findings;
}

}  // namespace

void add_replay(CLI::App& app, Common& common, int& exit) {
    struct Arguments {
        std::string path;
        bool quiet = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("replay", "Run a trace again on the VM and compare everything");
    command->add_option("TRACE", arguments->path, "A trace that `check` wrote")->required();
    command->add_flag("--quiet,-q", arguments->quiet, "Say only whether it repeats");
    add_common(*command, common);
    command->callback([arguments, &common, &exit] { exit = replay_file(arguments->path, arguments->quiet, common); });
}

}  // namespace interlock::cli
