#include "chain/sim/summary.hpp"

#include <cstdio>

namespace interlock::chain::sim {

namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
    const int size = std::snprintf(nullptr, 0, format, values...);
    std::string text(static_cast<std::size_t>(size), ' ');
    std::snprintf(text.data(), text.size() + 1, format, values...);
    return text;
}

std::string row(std::string_view name, const std::string& text) {
    std::string line(name);
    line.resize(14, ' ');
    return line + text + "\n";
}

std::string counted(std::uint64_t count, std::string_view thing) {
    return grouped(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text.empty() ? "none" : text;
}

// Nodes with the same head stand in one row.
std::string heads_of(const Outcome& outcome) {
    std::map<std::pair<std::uint64_t, Hash>, std::vector<NodeId>> groups;
    for (NodeId node = 0; node < outcome.heads.size(); ++node)
        groups[{outcome.heads[node].height, outcome.heads[node].hash}].push_back(node);
    std::string text;
    for (auto at = groups.rbegin(); at != groups.rend(); ++at) {
        std::uint64_t final_height = UINT64_MAX;
        std::vector<std::string> names;
        for (const NodeId node : at->second) {
            final_height = std::min(final_height, outcome.heads[node].final_height);
            if (names.size() < 8) names.push_back(std::to_string(node));
        }
        if (names.size() < at->second.size()) names.push_back("…");
        text += row(text.empty() ? "heads" : "", vm::to_hex(ByteView(at->first.second).first(4)) + " at height " +
                                                     std::to_string(at->first.first) + ", final up to " +
                                                     std::to_string(final_height) + ": " +
                                                     counted(at->second.size(), "node") + " (" + joined(names) + ")");
    }
    return text;
}

std::string messages_of(const SimulationOptions& options, const Outcome& outcome) {
    std::vector<std::string> parts;
    std::uint64_t bytes = 0;
    for (std::size_t kind = 0; kind < outcome.messages.size(); ++kind) {
        bytes += outcome.message_bytes[kind];
        if (outcome.messages[kind] == 0 || kind >= options.engine->message_kinds.size()) continue;
        parts.push_back(std::string(options.engine->message_kinds[kind]) + " " + grouped(outcome.messages[kind]));
    }
    return grouped(outcome.all_messages()) + " of " + grouped(bytes) + " bytes: " + joined(parts);
}

std::string faults_of(const Outcome& outcome) {
    std::vector<std::string> parts;
    for (std::size_t kind = 0; kind < Fault::kinds; ++kind)
        if (outcome.faults[kind] != 0)
            parts.push_back(std::string(name_of(static_cast<Fault::Kind>(kind))) + " " +
                            std::to_string(outcome.faults[kind]));
    std::string text = joined(parts);
    if (outcome.lost + outcome.duplicated + outcome.corrupted > 0)
        text += "; of the messages " + grouped(outcome.lost) + " lost, " + grouped(outcome.duplicated) + " duplicated, " +
                grouped(outcome.corrupted) + " corrupted";
    return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string readable(Nanoseconds duration) {
    const auto value = static_cast<double>(duration);
    if (duration >= 10 * second) return formatted("%.1f s", value / second);
    if (duration >= second) return formatted("%.2f s", value / second);
    if (duration >= millisecond) return formatted("%.1f ms", value / millisecond);
    return formatted("%.1f us", value / microsecond);
}

std::string summary(const Simulation& simulation) {
    const SimulationOptions& options = simulation.options();
    const Outcome& outcome = simulation.outcome();
    std::string text =
        row("run", std::string(options.engine->name) + ", " + counted(options.nodes, "node") + ", seed " +
                       std::to_string(options.seed) + ": " + readable(outcome.end) + " in " + grouped(outcome.events) +
                       " events") +
        row("workload", options.workload->description.empty() ? "nothing" : options.workload->description) +
        row("signatures", options.signatures == Signatures::Secp256k1
                              ? "secp256k1"
                              : "keyed hash, which the simulator alone can compute") +
        heads_of(outcome) +
        row("blocks",
            grouped(outcome.blocks) + " made, " + grouped(outcome.stale) + " stale" +
                (outcome.uncles == 0 ? "" : ", of which " + counted(outcome.uncles, "uncle")) + "; " +
                counted(outcome.reorganisations, "reorganisation") +
                (outcome.reorganisations == 0 ? ""
                                              : ", the deepest of " + counted(outcome.deepest_reorganisation, "block")) +
                (outcome.revoked == 0 ? "" : "; " + counted(outcome.revoked, "final block") + " REVOKED")) +
        row("messages", messages_of(options, outcome)) +
        row("transactions", grouped(outcome.finalised) + " of " + grouped(outcome.submitted) + " final" +
                                formatted(", %.2f a second", outcome.transactions_per_second()));
    if (!outcome.latencies.empty())
        text += row("latency", "median " + readable(outcome.latency(50)) + ", 90% " + readable(outcome.latency(90)) +
                                   ", 99% " + readable(outcome.latency(99)));
    for (const auto& [question, answer] : outcome.shown)
        text += row(&question == &outcome.shown.front().first ? "contracts" : "", question + " = " + answer);
    text += row("faults", faults_of(outcome));
    if (outcome.holds()) text += row("invariants", "hold after each event");
    for (const Violation& violation : outcome.violations)
        text += row(&violation == outcome.violations.data() ? "VIOLATED" : "",
                    std::string(violation.rule) + " at " + readable(violation.time) + ", event " + grouped(violation.event) +
                        ": " + violation.text);
    return text + row("run hash", formatted("%016llx", static_cast<unsigned long long>(outcome.run_hash)));
}

}  // namespace interlock::chain::sim
