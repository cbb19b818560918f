// interlock model [NAME]: searches a model of a contract for states in which a property is false; lists the models.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "analyzer/engine/fingerprint_table.hpp"
#include "analyzer/models/models.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/diagnostics/spelling.hpp"

namespace interlock::cli {

namespace {

namespace engine = analyzer::engine;
using analyzer::models::ModelEntry, analyzer::models::Parameter, analyzer::models::PropertyResult, analyzer::models::Result,
    analyzer::models::Step;
using OrderedJson = nlohmann::ordered_json;

constexpr const char* model_help =
    "Counts the states that the model can reach and looks for one in which a property is false. A violated property comes\n"
    "with a shortest trace; of each state only what changed is shown. Without NAME it lists the models.\n"
    "\n"
    "  interlock model EVMBank --set N=2 --set T=2 --set FIXED=1\n"
    "  interlock model EVMBank --symmetry                 users are alike: count states up to who is who\n"
    "  interlock model EVMBank --no-reduction -j 2        two threads come to the same counts\n"
    "  interlock model engine-pbft --set liars=1          the engine of `interlock sim` itself, in every order\n"
    "  interlock model DAO5a --json\n"
    "\n"
    "Exit codes: 0 all properties hold, 1 one is violated, 2 a limit ended the search before, 64 usage, 130 interrupted.";

struct ModelArguments {
    std::vector<std::string> names, settings;
    bool is_symmetric = false, is_unreduced = false, is_depth_first = false, is_full = false, json = false;
    unsigned threads = 1;
    std::uint64_t states = 20'000'000;
    double timeout = 600;
};

// --- reading ---

std::string lower(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

std::string meant(std::string_view word, const std::vector<std::string_view>& known) {
    const std::string_view similar = lang::closest(word, known);
    return similar.empty() ? "" : fmt::format("; did you mean `{}`?", similar);
}

const ModelEntry& find_model(const std::string& name) {
    std::vector<std::string_view> known;
    for (const ModelEntry& model : analyzer::models::all_models()) {
        if (lower(model.name) == lower(name)) return model;
        known.push_back(model.name);
    }
    throw UsageError{fmt::format("there is no model `{}`{}", name, meant(name, known))};
}

std::vector<int> values_of(const ModelEntry& model, const std::vector<std::string>& settings) {
    std::vector<int> values;
    std::vector<std::string_view> known;
    for (const Parameter& parameter : model.parameters) {
        values.push_back(parameter.preset);
        known.push_back(parameter.name);
    }
    for (const std::string& setting : settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw UsageError{fmt::format("--set is of the form NAME=VALUE, for example {}={}, not `{}`",
                                         model.parameters[0].name, model.parameters[0].preset, setting)};
        const std::string name = setting.substr(0, equals);
        const auto found = std::ranges::find(known, name);
        if (found == known.end())
            throw UsageError{fmt::format("{} has no parameter `{}`, but {}{}", model.name, name, fmt::join(known, ", "),
                                         meant(name, known))};
        const std::size_t index = static_cast<std::size_t>(found - known.begin());
        const Parameter& parameter = model.parameters[index];
        values[index] = static_cast<int>(whole_number(parameter.name, setting.substr(equals + 1),
                                                      static_cast<std::uint64_t>(parameter.least),
                                                      static_cast<std::uint64_t>(parameter.most)));
    }
    return values;
}

// --- what came of it ---

struct Run {
    const ModelArguments& arguments;
    const ModelEntry& model;
    std::vector<int> values;
    engine::Options options;
    Result result;

    [[nodiscard]] bool is_reduced() const { return model.has_footprints && options.is_reduced && options.threads == 1; }
    [[nodiscard]] double table_bytes() const { return per_state(result.report.table_bytes); }
    [[nodiscard]] double other_bytes() const { return per_state(result.report.other_bytes); }
    [[nodiscard]] std::uint64_t left_out() const { return result.report.generated - 1 - result.report.taken; }
    [[nodiscard]] double per_state(std::size_t bytes) const {
        return static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(1, result.report.states));
    }
};

std::string_view end_of(engine::End end) {
    switch (end) {
        case engine::End::Complete: return "complete";
        case engine::End::States: return "states";
        case engine::End::Time: return "timeout";
        case engine::End::Interruption: return "interrupted";
    }
    return {};
}

std::string_view verdict_of(const Run& run, const PropertyResult& property) {
    if (property.is_broken) return "violated";
    return run.result.report.end == engine::End::Complete ? "holds" : "unknown";
}

int exit_of(const Run& run) {
    if (run.result.report.end == engine::End::Interruption) return exit_interrupted;
    if (!run.result.report.broken.empty()) return exit_findings;
    return run.result.report.end == engine::End::Complete ? exit_ok : exit_inconclusive;
}

// --- JSON ---

OrderedJson to_json(const std::vector<Step>& trace) {
    OrderedJson steps = OrderedJson::array();
    for (const Step& step : trace) {
        OrderedJson state = OrderedJson::object();
        for (const engine::Variable& variable : step.variables) state[variable.name] = variable.value;
        steps.push_back(
            {{"choice", step.choice.empty() ? OrderedJson() : OrderedJson(step.choice)}, {"state", std::move(state)}});
    }
    return steps;
}

OrderedJson to_json(const Run& run) {
    const engine::Report& report = run.result.report;
    OrderedJson parameters = OrderedJson::object();
    for (std::size_t i = 0; i < run.values.size(); ++i)
        parameters[std::string(run.model.parameters[i].name)] = run.values[i];
    OrderedJson properties = OrderedJson::array();
    for (const PropertyResult& property : run.result.properties) {
        OrderedJson& row =
            properties.emplace_back(OrderedJson{{"name", property.property.name}, {"verdict", verdict_of(run, property)}});
        if (!property.is_broken) continue;
        row["choices"] = property.choices;
        row["trace"] = to_json(property.trace);
    }
    return {{"model", run.model.name},
            {"parameters", std::move(parameters)},
            {"symmetry", run.arguments.is_symmetric},
            {"reduction", run.is_reduced()},
            {"order", run.arguments.is_depth_first ? "depth" : "breadth"},
            {"threads", run.options.threads},
            {"end", end_of(report.end)},
            {"states", report.states},
            {"generated", report.generated},
            {"leftOut", run.left_out()},
            {"depth", report.depth},
            {"bytesPerState", run.table_bytes()},
            {"otherBytesPerState", run.other_bytes()},
            {"collisionOdds", engine::collision_odds(report.states)},
            {"seconds", report.seconds},
            {"properties", std::move(properties)}};
}

// --- text ---

std::string row(std::string_view name, const std::string& value, const std::string& note) {
    const std::string line = fmt::format("{:<14}{:>12}  {}", name, value, note);
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string why(const Run& run) {
    const ModelArguments& arguments = run.arguments;
    switch (run.result.report.end) {
        case engine::End::Complete:
            return arguments.is_symmetric ? "all that there are, up to who is who" : "all that there are";
        case engine::End::States: return fmt::format("not all: --states {} ended the search", grouped(arguments.states));
        case engine::End::Time: return fmt::format("not all: --timeout {} ended the search", arguments.timeout);
        case engine::End::Interruption: return "not all: interrupted";
    }
    return {};
}

void print_counts(const Run& run) {
    const engine::Report& report = run.result.report;
    const bool is_complete = report.end == engine::End::Complete;
    const std::string left_out = fmt::format("{} were left out: they commute with others", grouped(run.left_out()));
    std::cout << row("states", grouped(report.states), why(run))
              << row("generated", grouped(report.generated), is_complete && run.is_reduced() ? left_out : "")
              << row("depth", grouped(report.depth),
                     run.arguments.is_depth_first ? "of this search; breadth order knows the least" : "")
              << row("bytes a state", fmt::format("{:.1f}", run.table_bytes()),
                     fmt::format("and {:.1f} for the paths; odds that a state was lost: below {:.0e}", run.other_bytes(),
                                 engine::collision_odds(report.states)))
              << row("seconds", fmt::format("{:.3f}", report.seconds),
                     run.options.threads == 1 ? "" : fmt::format("{} threads", run.options.threads));
}

void print_properties(const Run& run) {
    std::size_t width = 0;
    for (const PropertyResult& property : run.result.properties) width = std::max(width, property.property.name.size());
    for (const PropertyResult& property : run.result.properties) {
        const std::string_view verdict = verdict_of(run, property);
        std::cout << fmt::format("{:<{}}  {:<8}  {}\n", property.property.name, width,
                                 verdict == "violated" ? "VIOLATED" : verdict, property.property.meaning);
    }
}

using Cells = std::vector<std::string>;

// The rows as a table whose columns stand below one another; a row may be empty.
void print_table(const std::vector<Cells>& rows) {
    std::vector<std::size_t> widths;
    for (const Cells& cells : rows) {
        widths.resize(std::max(widths.size(), cells.size()));
        for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
    }
    for (const Cells& cells : rows) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i)
            line += i == 0 ? fmt::format("{:>{}}", cells[i], widths[i]) : fmt::format("  {:<{}}", cells[i], widths[i]);
        std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
    }
}

void print_trace(const Run& run, const PropertyResult& property) {
    constexpr std::size_t most = 40, first = 10;  // of a longer trace the first and the last states
    const std::vector<Step>& trace = property.trace;
    std::cout << fmt::format("\n{}: {} trace, {} states\n", property.property.name,
                             run.arguments.is_depth_first ? "a" : "a shortest", trace.size());
    Cells head{"", ""};
    for (const engine::Variable& variable : trace[0].variables) head.push_back(variable.name);
    std::vector<Cells> rows{head};
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const std::size_t behind = trace.size() - (most - first);
        const bool is_cut = !run.arguments.is_full && trace.size() > most && i >= first && i < behind;
        if (is_cut && i == first) rows.push_back({"…", fmt::format("{} states; --trace shows all", behind - first)});
        if (is_cut) continue;
        const std::vector<engine::Variable>& now = trace[i].variables;
        Cells cells{std::to_string(i + 1), i == 0 ? "start" : trace[i].choice};
        for (std::size_t v = 0; v < now.size(); ++v) {
            const bool is_shown = run.arguments.is_full || i == 0 || now[v] != trace[i - 1].variables[v];
            cells.push_back(is_shown ? now[v].value : "");
        }
        rows.push_back(std::move(cells));
    }
    print_table(rows);
}

void print_text(const Run& run) {
    std::cout << run.model.name;
    for (std::size_t i = 0; i < run.values.size(); ++i)
        std::cout << (i == 0 ? "  " : " ") << run.model.parameters[i].name << "=" << run.values[i];
    std::cout << "\n\n";
    print_counts(run);
    std::cout << "\n";
    print_properties(run);
    for (const PropertyResult& property : run.result.properties)
        if (property.is_broken) print_trace(run, property);
}

// --- the command ---

int list(const ModelArguments& arguments) {
    if (arguments.json) {
        OrderedJson models = OrderedJson::array();
        for (const ModelEntry& model : analyzer::models::all_models()) {
            OrderedJson parameters = OrderedJson::array();
            for (const Parameter& parameter : model.parameters)
                parameters.push_back({{"name", parameter.name},
                                      {"meaning", parameter.meaning},
                                      {"default", parameter.preset},
                                      {"least", parameter.least},
                                      {"most", parameter.most}});
            models.push_back({{"model", model.name}, {"summary", model.summary}, {"parameters", std::move(parameters)}});
        }
        std::cout << models.dump(2) << "\n";
        return exit_ok;
    }
    for (const ModelEntry& model : analyzer::models::all_models()) {
        std::cout << model.name << "  " << model.summary << "\n";
        std::vector<Cells> rows;
        for (const Parameter& parameter : model.parameters)
            rows.push_back({"", fmt::format("{}={}", parameter.name, parameter.preset),
                            fmt::format("{} to {}", parameter.least, parameter.most), std::string(parameter.meaning)});
        print_table(rows);
        std::cout << "\n";
    }
    std::cout << "`interlock model NAME` searches one; `--set N=2` changes a parameter.\n";
    return exit_ok;
}

int run_model(const ModelArguments& arguments) {
    if (arguments.names.empty()) {
        if (!arguments.settings.empty()) throw UsageError{"NAME is missing: --set belongs to a model"};
        return list(arguments);
    }
    const ModelEntry& model = find_model(arguments.names.front());
    std::vector<int> values = values_of(model, arguments.settings);
    if (arguments.is_symmetric && !model.has_symmetry)
        throw UsageError{fmt::format("{} has no symmetry: nothing in it can be exchanged", model.name)};
    if (!model.takes_threads && arguments.threads > 1)
        throw UsageError{fmt::format("{} is searched by one thread: it learns what nodes do on the way", model.name)};
    if (arguments.is_depth_first && arguments.threads > 1)
        throw UsageError{"--depth-first and several threads exclude each other"};

    Interrupt interrupt;
    engine::Options options;
    options.order = arguments.is_depth_first ? engine::Order::Depth : engine::Order::Breadth;
    options.is_reduced = !arguments.is_unreduced && !arguments.is_symmetric;
    options.threads = arguments.threads;
    options.most_states = arguments.states;
    options.deadline = analyzer::Deadline(arguments.timeout, Interrupt::flag());
    Result result = model.search(values, arguments.is_symmetric, options);
    const Run run{arguments, model, std::move(values), options, std::move(result)};
    if (arguments.json) std::cout << to_json(run).dump(2) << "\n";
    else print_text(run);
    return exit_of(run);
}

}  // namespace

Command model_command() {
    auto arguments = std::make_shared<ModelArguments>();
    const auto set_timeout = [arguments](const std::string& text) {
        arguments->timeout = seconds("--timeout", text, 0.01, 86'400);
    };
    return {
        .name = "model",
        .help = "count a model's states and check its properties in each; all models",
        .operands = {"NAME", "a model, for example EVMBank; a list of all without it", 0, 1, &arguments->names},
        .options = {repeated("--set", "NAME=VALUE", "a parameter of the model", arguments->settings),
                    flag("--symmetry", "count states that differ only by who is who as one", arguments->is_symmetric),
                    flag("--no-reduction", "follow every order of choices that commute", arguments->is_unreduced),
                    flag("--depth-first", "least memory: one path at a time, no shortest traces", arguments->is_depth_first),
                    number("-j", "N", "threads; several follow every order of choices", 1, 64, arguments->threads),
                    number("--states", "N", "end at so many", 1, 1'000'000'000, arguments->states),
                    {"--timeout", "SECONDS", "end after so long (600; 0.01 to 86,400)", set_timeout},
                    flag("--trace", "print traces in full, with every variable in each state", arguments->is_full),
                    flag("--json", "print one JSON document instead of text", arguments->json)},
        .footer = model_help,
        .run = [arguments] { return run_model(*arguments); }};
}

}  // namespace interlock::cli
