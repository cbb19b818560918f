#include "analyzer/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/report/source_literal.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::analyzer {

using lang::printable;

namespace {

constexpr std::size_t least_text_width = 40;  // of the left part, before the money columns
constexpr std::size_t least_column_width = 10;
constexpr std::size_t gap = 2;  // between columns, at least
constexpr std::size_t max_columns = 4;

// Counts characters as a terminal shows them: continuation bytes of UTF-8 take no space.
std::size_t shown_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t shown = shown_width(text);
    return shown < width ? text + std::string(width - shown, ' ') : text;
}

// Formats an amount of tokens, most of which count in units of 10^18.
std::string token_amount(const Word& amount) {
    std::string text = format_wei(amount);
    if (const auto unit = text.find(" ether"); unit != std::string::npos) return text.substr(0, unit) + "e18";
    return vm::to_decimal(amount);
}

// Formats a column's figure: ether without its unit. A few wei more or less are told apart from the ether: "10+1w".
std::string figure(const Word& wei) {
    const Word unit{1'000'000'000'000}, few{1'000'000};
    const Word rest = wei % unit, to_next = unit - rest;
    const auto plain = [](const Word& amount) {
        std::string text = format_wei(amount);
        return text.substr(0, text.find(" ether"));
    };
    if (rest.is_zero()) return plain(wei);
    if (rest < few) return (wei < unit ? "" : plain(wei - rest) + "+") + vm::to_decimal(rest) + "w";
    if (to_next < few) return plain(wei + to_next) + "-" + vm::to_decimal(to_next) + "w";
    const std::string text = format_ether(wei);
    return text.substr(0, text.find(" ether"));
}

// Returns "SeatCap.seatsOf says 2 of her".
std::string entry_of(const Trace& trace) {
    const LedgerLimit& limit = *trace.script.limit;
    return printable(limit.contract) + "." + printable(limit.view) + " says " + describe_wei(*trace.entry) +
           (limit.is_total ? "" : " of mallory") + (limit.id ? " for " + describe_wei(*limit.id) : "");
}

// Returns what she gains: "1 ether", "2 * 10^18 Token".
std::string gains_of(const Trace& trace) {
    std::string text = trace.gain.is_zero() ? "" : format_ether(trace.gain);
    for (const Holding& token : trace.tokens) {
        if (!(token.after > token.before)) continue;
        text += (text.empty() ? "" : " and ") + token_amount(token.after - token.before) + " " + printable(token.name);
    }
    return text;
}

// Returns " for 1 wei and 1 Token", if that is what she has less.
std::string cost_of(const Trace& trace) {
    std::string text;
    const Holding& ether = trace.ether.back();
    if (ether.after < ether.before) text = describe_wei(ether.before - ether.after) + " wei";
    for (const Holding& token : trace.tokens)
        if (token.after < token.before)
            text += (text.empty() ? "" : " and ") + token_amount(token.before - token.after) + " " + printable(token.name);
    return text.empty() ? "" : " for " + text;
}

// Returns "mallory has 0.5 ether more".
std::string surplus_of(const Trace& trace) {
    const SerialHolding& serial = *trace.script.serial;
    const Word more = trace.held() - serial.most;
    return "mallory has " +
           (serial.asset == "ether" ? format_ether(more) : token_amount(more) + " " + printable(serial.asset)) + " more";
}

class Teller {
  public:
    Teller(const Trace& trace, const StoryStyle& style) : trace_(trace), style_(style) {
        for (const Holding& holding : trace.ether)
            if (holding.before != holding.after || is_mentioned(holding.name))
                if (columns_.size() < max_columns) columns_.push_back(holding.name);
        if (std::find(columns_.begin(), columns_.end(), "mallory") == columns_.end()) columns_.push_back("mallory");
    }

    std::string tell() {
        if (trace_.transactions.empty()) {
            deployments();
            conclusion();
            return std::move(text_);
        }
        tell_of_crowd();
        std::vector<Word> start;
        for (const std::string& column : columns_) start.push_back(holding(column).before);
        row("at the start", start, "");
        for (std::size_t i = 0; i < trace_.transactions.size(); ++i) transaction(i);
        std::vector<Word> end;
        for (const std::string& column : columns_) end.push_back(holding(column).after);
        row("at the end", end, "1");
        lay_out();
        text_ += "\n";
        conclusion();
        return std::move(text_);
    }

  private:
    std::string paint(std::string text, std::string_view code) const {
        return style_.color ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
    }

    // Tells what others did before her, if that is too much to be a part of the attack.
    void tell_of_crowd() {
        const auto& steps = trace_.script.recipe.steps;
        if (std::ranges::none_of(steps, [](const SetupStep& each) { return each.times > 1; })) return;
        text_ += "before her:\n";
        for (const SetupStep& each : steps) {
            if (each.to.empty() || !each.speaks_as.empty() || each.stands_at || !each.expects.empty()) continue;
            text_ += fmt::format("    {} {}.{}", printable(each.from), printable(each.to), printable(call_of(each)));
            if (!each.value.is_zero()) text_ += " with " + format_ether(each.value);
            text_ += each.times > 1 ? fmt::format(", {} times\n", each.times) : "\n";
        }
        text_ += "\n";
    }

    // Returns the function and its arguments, or the first bytes of call data that nothing is known of.
    std::string call_of(const SetupStep& step) const {
        const std::string unknown = vm::to_hex(ByteView(step.data).first(std::min<std::size_t>(step.data.size(), 4)));
        const lang::Artifact* artifact = trace_.script.compilation->find(step.to);
        const auto selector = selector_of(step.data);
        if (!artifact || !selector) return unknown;
        const auto& functions = artifact->ir->functions;
        const auto function = std::ranges::find_if(
            functions, [&](const lang::ir::Function& each) { return each.is_entry && each.selector == *selector; });
        if (function == functions.end()) return unknown;
        return function->name + "(" + literals_of(function->parameters, ByteView(step.data).subspan(4)) + ")";
    }

    // Tells of damage that the deployment alone does.
    void deployments() {
        for (std::size_t i = 0; i < trace_.contracts.size(); ++i) {
            const DeployedCode& code = trace_.contracts[i];
            text_ +=
                fmt::format("{:>2}  owner deploys {}({})\n", i + 1, printable(code.name), printable(arguments_of(code)));
        }
        text_ += "\n";
    }

    std::string arguments_of(const DeployedCode& code) const {
        const lang::Artifact* artifact = trace_.script.compilation->find(code.name);
        if (!artifact || artifact->ir->constructor == lang::ir::Contract::none) return "";
        const auto& parameters = artifact->ir->functions[artifact->ir->constructor].parameters;
        return literals_of(parameters, ByteView(code.creation_data).subspan(artifact->creation_code.size()));
    }

    std::string literals_of(const std::vector<lang::ir::NamedType>& parameters, ByteView encoded) const {
        const auto values = lang::abi::decode(parameters, encoded);
        std::string text;
        for (std::size_t i = 0; values && i < values->size(); ++i)
            text += (i ? ", " : "") + source_literal(parameters[i].type, (*values)[i],
                                                     [&](const Address& address) { return name_of(address); });
        return text;
    }

    std::string name_of(const Address& address) const {
        for (const DeployedCode& code : trace_.contracts)
            if (code.address == address) return code.name;
        const std::string_view name = account_at(address);
        return name.empty() ? vm::to_hex(address) : std::string(name);
    }

    // Returns whether the account takes part in some call and so gets a column.
    bool is_mentioned(const std::string& name) const {
        for (const TransactionRecord& record : trace_.transactions) {
            if (record.transaction.from == name) return true;
            for (const CallRecord& call : record.recording.calls)
                if (call.to == name) return true;
        }
        return false;
    }

    const Holding& holding(const std::string& name) const {
        return *std::find_if(trace_.ether.begin(), trace_.ether.end(), [&](const Holding& h) { return h.name == name; });
    }

    // The money columns come after the longest line that has figures.
    void lay_out() {
        std::size_t width = least_text_width;
        for (const Line& line : lines_)
            if (!line.money.empty()) width = std::max(width, shown_width(line.text) + 1);
        std::vector<std::size_t> widths;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            std::size_t widest = std::max(least_column_width, shown_width(printable(columns_[i])) + gap);
            for (const Line& line : lines_)
                if (!line.money.empty()) widest = std::max(widest, figure(line.money[i]).size() + gap);
            widths.push_back(widest);
        }
        std::string heading(width, ' ');
        for (std::size_t i = 0; i < columns_.size(); ++i)
            heading += fmt::format("{:>{}}", printable(columns_[i]), widths[i]);
        text_ += paint(heading + "  ether", "2") + "\n";
        for (const Line& line : lines_) {
            std::string text = line.money.empty() ? line.text : padded(line.text, width);
            for (std::size_t i = 0; i < line.money.size(); ++i)
                text += fmt::format("{:>{}}", figure(line.money[i]), widths[i]);
            text_ += (line.code.empty() ? text : paint(std::move(text), line.code)) + "\n";
        }
    }

    void row(std::string left, std::vector<Word> money, std::string_view code) {
        lines_.push_back({std::move(left), std::move(money), code});
    }

    // Returns what everybody has just after a call's value moved; mallory's contract counts as hers.
    std::vector<Word> money_at(const CallRecord& call) const {
        std::vector<Word> money;
        for (const std::string& column : columns_) {
            Word wei;
            for (const auto& [name, balance] : call.balances)
                if (name == column || (column == "mallory" && name == trace_.attacker)) wei += balance;
            money.push_back(wei);
        }
        return money;
    }

    void transaction(std::size_t index) {
        const TransactionRecord& record = trace_.transactions[index];
        if (record.recording.calls.empty()) {
            row(fmt::format("{:>2}  {}: refused, {}", index + 1, printable(record.transaction.from), record.status), {},
                "33");
            return;
        }
        const CallRecord& first = record.recording.calls.front();
        const std::string what = first.kind == "create" ? fmt::format("deploys {} with {}", printable(first.to),
                                                                      format_wei(record.transaction.value))
                                                        : call_text(first);
        row(fmt::format("{:>2}  {} {}", index + 1, printable(record.transaction.from), what), money_at(first), "");
        events(record.recording, first, 1);
        if (first.status != "success")
            line(1, paint("ends with " + first.status + (first.result.empty() ? "" : ": " + printable(first.result)), "33"));
    }

    static std::string call_text(const CallRecord& call) {
        std::string text = printable(call.to);
        if (!call.function.empty()) text += "." + printable(call.function);
        if (!call.value.is_zero()) text += " with " + format_wei(call.value);
        return text;
    }

    void line(std::size_t depth, const std::string& text) { row("    " + std::string(3 * (depth - 1), ' ') + text, {}, ""); }

    void events(const Recording& recording, const CallRecord& call, std::size_t depth) {
        for (const Event& event : call.events) {
            const std::string at = event.line ? fmt::format("   line {}", event.line) : "";
            switch (event.kind) {
                case Event::Kind::Read:
                    if (event.is_stale)
                        line(depth,
                             paint(fmt::format("reads  {} = {}", printable(event.name), printable(event.before)), "33") +
                                 paint("   ← stale: the write below is still to come", "33") + paint(at, "2"));
                    break;
                case Event::Kind::Write:
                    if (event.before == event.after && !event.is_missed) break;
                    if (event.is_missed)
                        line(depth, paint(fmt::format("writes {} = {}   ← too late: it was read above",
                                                      printable(event.name), printable(event.after)),
                                          "33") +
                                        paint(at, "2"));
                    else
                        line(depth,
                             paint(fmt::format("writes {} = {}", printable(event.name), printable(event.after)) + at, "2"));
                    break;
                case Event::Kind::Call: inner(recording, recording.calls[event.child], depth); break;
            }
        }
    }

    void inner(const Recording& recording, const CallRecord& call, std::size_t depth) {
        const std::string indent(3 * (depth - 1), ' ');
        const std::string mark = call.is_reentry ? "↻ " : "→ ";
        std::string text = "    " + indent + mark + call_text(call);
        if (call.status != "success")
            text += " (" + call.status + (call.result.empty() ? "" : ": " + printable(call.result)) + ")";
        row(text, money_at(call), call.is_reentry ? "31" : "");
        events(recording, call, depth + 1);
    }

    void conclusion() {
        if (trace_.has_surplus())
            text_ += paint(surplus_of(trace_), "1;31") +
                     " than any order of the same calls without re-entry in which most of them work\n";
        else if (trace_.has_gain() && !trace_.passes_limit())
            text_ += paint("mallory gains " + gains_of(trace_) + cost_of(trace_), "1;31") +
                     ": more than any order of the same calls without re-entry gives her\n";
        if (trace_.passes_limit())
            text_ += paint(entry_of(trace_), "1;31") + ": calls one after the other reach at most " +
                     describe_wei(trace_.script.limit->limit) + "\n";
        for (const InvariantChange& change : trace_.invariants) {
            if (!change.is_broken()) continue;
            const bool says_it = change.label.starts_with("invariant");  // as one without a name does: "invariant 1"
            text_ += fmt::format("{}{}: {}\n", says_it ? "" : "invariant ", printable(change.label), printable(change.text));
            if (!change.by_constructor) side("before", change.before, "holds", "32");
            side("after", change.after, "VIOLATED", "1;31");
        }
    }

    void side(std::string_view when, const std::vector<lang::Operand>& operands, std::string_view verdict,
              std::string_view code) {
        std::string values;
        for (const lang::Operand& operand : operands) {
            if (!values.empty()) values += ", ";
            values += fmt::format("{} = {}", printable(operand.text), printable(value_text(operand.value)));
        }
        text_ += fmt::format("    {:<7} {}  {}\n", when, values, paint(std::string(verdict), code));
    }

    // Formats a sum. Sums are unbounded: one that does not fit a word is shown as an amount above 2^256.
    static std::string value_text(const std::string& decimal) {
        if (const auto word = vm::parse_word(decimal)) return describe_wei(*word);
        const Word half = (Word{1} << 128) - Word{1};
        Word low, high;  // 128 bits each; the carry out of `high` counts multiples of 2^256
        Word multiple;
        for (const char digit : decimal) {
            if (digit < '0' || digit > '9') return decimal;
            low = low * Word{10} + Word{static_cast<std::uint64_t>(digit - '0')};
            high = high * Word{10} + (low >> 128);
            multiple = multiple * Word{10} + (high >> 128);
            low = low & half;
            high = high & half;
        }
        const Word rest = (high << 128) | low;
        std::string text = multiple == Word{1} ? "2^256" : vm::to_decimal(multiple) + " * 2^256";
        if (!rest.is_zero()) text += rest.is_negative() ? " + (" + describe_wei(rest) + ")" : " + " + describe_wei(rest);
        return text;
    }

    struct Line {
        std::string text;
        std::vector<Word> money;  // one figure per column; empty: the line has none
        std::string_view code;    // the colour's escape code
    };

    const Trace& trace_;
    const StoryStyle& style_;
    std::vector<Line> lines_;
    std::vector<std::string> columns_;
    std::string text_;
};

}  // namespace

std::string tell(const Trace& trace, const StoryStyle& style) { return Teller(trace, style).tell(); }

std::string summary_of(const Trace& trace) {
    std::string text;
    if (trace.passes_limit()) text = entry_of(trace);
    else if (trace.has_surplus()) text = surplus_of(trace) + " than calls one after the other leave her with";
    else if (trace.has_gain()) text = "mallory gains " + gains_of(trace) + cost_of(trace);
    for (const InvariantChange& change : trace.invariants) {
        if (!change.is_broken()) continue;
        const std::string label = printable(change.label);
        text += text.empty() ? "" : " and ";
        if (change.by_constructor) text += "the constructor of `" + change.contract + "` leaves `" + label + "` false";
        else text += "breaks `" + label + "`";
    }
    return text;
}

}  // namespace interlock::analyzer
