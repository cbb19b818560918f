// interlock replay TRACE.json…: runs traces again; each must give the same result.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "analyzer/report/story.hpp"
#include "cli/command.hpp"
#include "cli/input_file.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

namespace {

struct ReplayArguments {
    std::vector<std::string> paths;
    bool quiet = false;
    Common common;
};

Json known(const std::optional<bool>& holds) { return holds ? Json(*holds) : Json(); }

Json json_of(const std::string& path, const analyzer::Replay& replay) {
    Json json{{"file", path}, {"repeats", replay.repeats}, {"differences", replay.differences}};
    if (!replay.trace) return json;
    json["gain_wei"] = vm::to_decimal(replay.trace->gain);
    for (const analyzer::Holding& holding : replay.trace->ether)
        json["ether"][holding.name] = {{"before", vm::to_decimal(holding.before)}, {"after", vm::to_decimal(holding.after)}};
    for (const analyzer::InvariantChange& change : replay.trace->invariants)
        json["invariants"][change.contract + "." + change.label] = {{"before", known(change.held_before)},
                                                                    {"after", known(change.holds_after)}};
    return json;
}

// Prints a difference, which may have several lines, for example the compiler's messages. Control characters are escaped.
void print_lines(const std::string& text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::cout << "  " << lang::printable(text.substr(begin, end - begin)) << "\n";
        begin = end + 1;
    }
}

void print(const std::string& path, const analyzer::Replay& replay, const ReplayArguments& arguments) {
    if (replay.repeats) {
        if (!arguments.quiet) std::cout << analyzer::tell(*replay.trace, {arguments.common.color_on(STDOUT_FILENO)}) << "\n";
        std::cout << lang::printable(path) << ": repeats exactly (" << analyzer::summary_of(*replay.trace) << ")\n";
    } else {
        std::cout << lang::printable(path) << ": does not repeat\n";
        for (const std::string& difference : replay.differences) print_lines(difference);
    }
}

int replay(const ReplayArguments& arguments) {
    int exit = exit_ok;
    Json results = Json::array();
    for (const std::string& path : arguments.paths) {
        const std::optional<std::string> text = read_or_say(path, analyzer::max_trace_bytes);
        if (!text) {
            exit = exit_source;
            continue;
        }
        const analyzer::Replay replay = analyzer::replay(*text);
        if (!replay.repeats) exit = std::max<int>(exit, exit_findings);
        if (arguments.common.json) results.push_back(json_of(path, replay));
        else print(path, replay, arguments);
    }
    // Prints one trace as an object, several as a list.
    if (arguments.common.json && !results.empty())
        std::cout << (arguments.paths.size() == 1 ? results[0] : results).text() << "\n";
    return exit;
}

}  // namespace

Command replay_command() {
    auto arguments = std::make_shared<ReplayArguments>();
    return {.name = "replay",
            .help = "run a trace again on the VM and compare everything",
            .operands = {"TRACE", "traces that `check` wrote", 1, SIZE_MAX, &arguments->paths},
            .options = joined(
                {{flag("--quiet,-q", "say only whether it repeats", arguments->quiet)}, output_options(arguments->common)}),
            .run = [arguments] { return replay(*arguments); }};
}

}  // namespace interlock::cli
