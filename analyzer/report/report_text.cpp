#include "analyzer/report/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::analyzer {

namespace {

std::string paint(bool color, std::string_view code, std::string text) {
    return color ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

std::string_view color_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Exploit: return "1;31";
        case Verdict::Safe: return "1;32";
        case Verdict::Unknown: break;
    }
    return "1;33";
}

// The write that a re-entry should have seen, and the call before it.
struct Cause {
    const Event* write = nullptr;
    const CallRecord* call_out = nullptr;
};

Cause find_cause(const Trace& attack) {
    for (const TransactionRecord& record : attack.transactions)
        for (const CallRecord& call : record.recording.calls) {
            const CallRecord* last_call = nullptr;
            for (const Event& event : call.events) {
                if (event.kind == Event::Kind::Call) last_call = &record.recording.calls[event.child];
                else if (event.is_missed && last_call) return {&event, last_call};
            }
        }
    return {};
}

}  // namespace

namespace {

// Where there is no source there is nothing to point at.
lang::Diagnostic without_source(lang::Diagnostic diagnostic, const Trace& attack, const Cause& cause) {
    const auto& artifact = attack.script.compilation->artifacts[static_cast<std::size_t>(attack.script.which.contract)];
    diagnostic.primary = {artifact.ir->range, ""};
    if (cause.write)
        diagnostic.notes.push_back("control leaves the contract in " + cause.call_out->function + ", and only then is `" +
                                   cause.write->name + "` written");
    return diagnostic;
}

}  // namespace

lang::Diagnostic diagnose(const Trace& attack) {
    lang::Diagnostic diagnostic;
    diagnostic.code = attack.script.id;
    diagnostic.message = attack.script.kind == "reentrancy" ? "re-entrancy: " + summary_of(attack) : summary_of(attack);
    const Cause cause = find_cause(attack);
    if (!attack.script.compilation->bytecodes.empty() && (!cause.write || cause.call_out->range.end == 0))
        return without_source(std::move(diagnostic), attack, cause);
    if (cause.write) {
        diagnostic.primary = {cause.call_out->range, "1. control leaves the contract here…"};
        diagnostic.secondary.push_back({cause.write->range, "2. …and only then is `" + cause.write->name + "` written"});
        diagnostic.helps.push_back("make the write before the call: whoever calls back then finds the books in order");
        return diagnostic;
    }
    for (const InvariantChange& change : attack.invariants) {
        if (!change.is_broken()) continue;
        const auto& artifacts = attack.script.compilation->artifacts;
        const auto& contract = *artifacts[static_cast<std::size_t>(change.invariant.contract)].ir;
        const lang::SourceRange stated = statement_of(contract, change.invariant).range;
        diagnostic.primary = {stated, "this does not hold at the end"};
        if (!change.by_constructor) return diagnostic;
        if (contract.constructor == lang::ir::Contract::none) {
            diagnostic.primary.text = "this does not hold of a contract that was only deployed";
        } else {
            diagnostic.primary.text = "this does not hold when the constructor has ended";
            diagnostic.secondary.push_back({contract.functions[contract.constructor].range, "the constructor"});
        }
        return diagnostic;
    }
    for (const TransactionRecord& record : attack.transactions)
        for (const CallRecord& call : record.recording.calls)
            if (call.range.end != 0) diagnostic.primary = {call.range, "control leaves the contract here"};
    return diagnostic;
}

lang::Diagnostic diagnose(const Warning& warning) {
    lang::Diagnostic diagnostic;
    diagnostic.severity = lang::Severity::Warning;
    diagnostic.code = warning.id;
    diagnostic.message = lang::printable(warning.message);
    diagnostic.primary = {warning.range, ""};
    std::size_t number = 0;
    for (const std::string& step : warning.steps)
        diagnostic.notes.push_back(std::to_string(++number) + ". " + lang::printable(step));
    return diagnostic;
}

namespace {

std::string_view stop_of(SearchEnd end) {
    switch (end) {
        case SearchEnd::Bounds: return "";
        case SearchEnd::States: return " (stopped at its limit of states)";
        case SearchEnd::MacroSteps: return " (stopped at its limit of VM steps)";
        case SearchEnd::Time: return " (stopped when its time was up)";
        case SearchEnd::Interruption: return " (interrupted)";
        case SearchEnd::NotSearched: return " (not searched)";
    }
    return "";
}

// Shows where the search got stuck, if it matters.
std::string barriers_text(const Report& report, const lang::Sources& sources) {
    constexpr std::size_t most = 5;
    const auto is_unknown = [](const PropertyVerdict& v) { return v.verdict == Verdict::Unknown; };
    if (report.stats.barriers.empty() || std::ranges::none_of(report.verdicts, is_unknown)) return "";
    std::string text = "no run got past\n";
    std::size_t shown = 0;
    for (const lang::SourceRange& range : report.stats.barriers) {
        if (shown++ == most) {
            text += fmt::format("  and {} more\n", report.stats.barriers.size() - most);
            break;
        }
        const std::uint32_t line = sources.position(range.begin).line;
        const std::string_view whole = sources.line(sources.file_of(range), line);
        const std::size_t first = whole.find_first_not_of(" \t");
        text += fmt::format("  {}:{}  {}\n", lang::printable(sources.file_of(range).path), line,
                            lang::printable(std::string(first == whole.npos ? "" : whole.substr(first))));
    }
    return text;
}

}  // namespace

std::string to_text(const Report& report, const lang::Sources& sources, const std::vector<std::string>& trace_paths,
                    const ReportStyle& style) {
    std::string text;
    for (std::size_t i = 0; i < report.attacks.size(); ++i) {
        text += lang::render(diagnose(report.attacks[i]), sources, style.color);
        text += "\nThe attack, replayed on the VM:\n\n" + tell(report.attacks[i], {style.color});
        if (i < trace_paths.size() && !trace_paths[i].empty())
            text += "\nreplay it:  interlock replay " + lang::printable(trace_paths[i]) + "\n";
        text += "\n";
    }

    for (const Warning& warning : report.warnings) text += lang::render(diagnose(warning), sources, style.color) + "\n";

    const auto name_of_property = [&](const PropertyVerdict& v) {
        return lang::printable((style.file.empty() ? "" : style.file + ": ") + v.contract + "." + v.property);
    };
    std::size_t width = 0;
    for (const PropertyVerdict& v : report.verdicts) width = std::max(width, name_of_property(v).size());
    bool any_safe = false;
    for (const PropertyVerdict& v : report.verdicts) {
        any_safe |= v.verdict == Verdict::Safe;
        const std::string name = name_of_property(v);
        const bool is_unstated = v.which.kind == PropertyKind::Views || v.which.kind == PropertyKind::Solvent;
        const std::string why = is_unstated ? lang::printable(fmt::format("{}: {}", v.kind, fmt::join(v.reasons, ", ")))
                                : v.verdict == Verdict::Safe    ? "proved: any number of transactions, any depth of re-entry"
                                : v.verdict == Verdict::Exploit ? summary_of(report.attacks[*v.attack])
                                                                : v.kind;
        text += paint(style.color, color_of(v.verdict), fmt::format("{:<8}", name_of(v.verdict))) +
                fmt::format(" {:<{}}  {}  {}\n", name, width, v.id, why);
        if (is_unstated) continue;
        for (const std::string& reason : v.reasons) text += "           " + lang::printable(reason) + "\n";
    }
    if (!report.found.empty()) {
        text += "\nfound, and proved of every run:\n";
        for (const std::string& each : report.found) text += "  - " + lang::printable(each) + "\n";
    }
    if (any_safe && !report.assumptions.empty()) {
        text += "\nassuming:\n";
        for (const std::string& assumption : report.assumptions) {
            const Assumption* page = assumption_of(assumption);
            text += fmt::format("  - {}{}\n", lang::printable(assumption), page ? fmt::format(" [{}]", page->id) : "");
        }
    }
    const SearchBounds& bounds = report.bounds;
    text += fmt::format(
        "\nsearched {} states, {} VM steps, {} of {} branches: up to {} transactions, {} calls, re-entry depth {}{}; {:.0f} "
        "ms\n",
        report.stats.states, report.stats.macro_steps, report.stats.branches_taken, report.stats.branches,
        bounds.transactions, bounds.calls, bounds.depth, stop_of(report.stats.end), report.seconds * 1000);
    text += barriers_text(report, sources);
    if (!report.left_out.empty()) {
        text += "left out, since they hold nothing, call nobody and are called by nobody, or are only bases of others:";
        for (const std::string& name : report.left_out) text += " " + lang::printable(name);
        text += "\n";
    }
    if (report.fork != vm::default_fork) text += fmt::format("by the rules of {}\n", vm::name_of(report.fork));
    if (report.stats.dropped_calls)
        text += fmt::format("{} call(s) always ran out of gas and were given up\n", report.stats.dropped_calls);
    if (!report.contradiction.empty())
        text += "internal error: " + lang::printable(report.contradiction) + "; please report this\n";
    return text;
}

}  // namespace interlock::analyzer
