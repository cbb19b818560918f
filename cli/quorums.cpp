// interlock quorums FILE: whether any two quorums of a system of quorum slices meet.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "analyzer/quorums.hpp"
#include "cli/command.hpp"
#include "cli/input_file.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

constexpr std::size_t most_quorum_bytes = 4 << 20;

struct QuorumArguments {
    std::vector<std::string> files, faulty;
    double timeout = 60;  // seconds
    bool json = false;
};

std::vector<bool> faulty_of(const analyzer::QuorumSystem& system, const std::vector<std::string>& names) {
    std::vector<bool> faulty(system.nodes.size());
    for (const std::string& name : names) {
        std::size_t index = 0;
        while (index < system.nodes.size() && system.nodes[index].name != name) ++index;
        if (index == system.nodes.size()) throw UsageError{fmt::format("there is no node `{}`", lang::printable(name))};
        faulty[index] = true;
    }
    return faulty;
}

std::string_view word_for(analyzer::QuorumAnswer::Kind kind) {
    using enum analyzer::QuorumAnswer::Kind;
    switch (kind) {
        case Intersect: return "intersect";
        case Disjoint: return "disjoint";
        case NoQuorum: return "no quorum";
        case Unknown: return "unknown";
    }
    return {};
}

void print_quorums(const analyzer::QuorumAnswer& answer) {
    using enum analyzer::QuorumAnswer::Kind;
    switch (answer.kind) {
        case Intersect: std::cout << "INTERSECT  any two quorums have a node in common\n"; break;
        case NoQuorum: std::cout << "NO QUORUM  no set of nodes has what all of them need\n"; break;
        case Unknown: std::cout << "UNKNOWN    --timeout ended the search\n"; break;
        case Disjoint:
            std::cout << "DISJOINT   these quorums may decide differently:\n"
                      << "  " << lang::printable(fmt::format("{}", fmt::join(answer.left, ", "))) << "\n"
                      << "  " << lang::printable(fmt::format("{}", fmt::join(answer.right, ", "))) << "\n";
    }
}

int run_quorums(const QuorumArguments& arguments) {
    const std::optional<std::string> text = read_or_say(arguments.files.front(), most_quorum_bytes);
    if (!text) return exit_source;
    const auto parsed = analyzer::parse_quorums(*text);
    if (const auto* error = std::get_if<std::string>(&parsed)) {
        std::cerr << lang::printable(arguments.files.front()) << ": " << lang::printable(*error) << "\n";
        return exit_source;
    }
    const auto& system = std::get<analyzer::QuorumSystem>(parsed);
    const analyzer::QuorumAnswer answer =
        analyzer::intersect(system, faulty_of(system, arguments.faulty), static_cast<unsigned>(arguments.timeout * 1000));
    if (arguments.json)
        std::cout << nlohmann::ordered_json{{"nodes", system.nodes.size()},
                                            {"verdict", word_for(answer.kind)},
                                            {"left", answer.left},
                                            {"right", answer.right}}
                         .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                  << "\n";
    else print_quorums(answer);
    if (answer.kind == analyzer::QuorumAnswer::Kind::Unknown) return exit_inconclusive;
    return answer.kind == analyzer::QuorumAnswer::Kind::Disjoint ? exit_findings : exit_ok;
}

}  // namespace

Command quorums_command() {
    auto arguments = std::make_shared<QuorumArguments>();
    const auto set_timeout = [arguments](const std::string& text) {
        arguments->timeout = seconds("--timeout", text, 0.01, 86'400);
    };
    return {.name = "quorums",
            .help = "whether any two quorums of quorum slices have a node in common",
            .operands = {"FILE", "JSON: the nodes, and whom each needs", 1, 1, &arguments->files},
            .options = {repeated("--faulty", "NAME", "a node that says anything to anybody", arguments->faulty),
                        {"--timeout", "SECONDS", "end after so long (60; 0.01 to 86,400)", set_timeout},
                        flag("--json", "print one JSON document instead of text", arguments->json)},
            .run = [arguments] { return run_quorums(*arguments); }};
}

}  // namespace interlock::cli
