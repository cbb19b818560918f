// interlock scenario FILE…: runs scenarios, tests and invariants before anything is deployed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>

#include "analyzer/devnet/test_run.hpp"
#include "analyzer/report/diagnostic_json.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/foundry_project.hpp"
#include "cli/input_file.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"
#include "lang/scenario.hpp"

namespace interlock::cli {

namespace {

using analyzer::TestRun;

struct ScenarioArguments {
    std::vector<std::string> files;
    analyzer::TestRunOptions options;
    std::optional<std::uint32_t> runs, sequences, depth;  // std::nullopt: the project's value, or the default
    Common common;
};

// Compiles a file that a test names, or returns null if it cannot be read.
std::shared_ptr<const lang::Compilation> compile_for_test(const std::string& path, const Common& common) {
    FileText read = read_file(path, lang::Sources::max_file_bytes);
    if (!read.text) return nullptr;
    const Input input = input_of(path, std::move(*read.text), common);
    return std::make_shared<const lang::Compilation>(
        lang::compile(input.path, input.text, input.imports, {.size = lang::CodeSize::Any}));
}

// Uses the command line's options, then those of the project around the file. A file without a project belongs to its
// folder.
analyzer::TestRunOptions options_for(const std::string& path, const ScenarioArguments& arguments) {
    analyzer::TestRunOptions options = arguments.options;
    const std::optional<FoundryProject> found = foundry_project_around(path);
    const FoundryProject project = found.value_or(FoundryProject{});
    const std::filesystem::path root =
        found ? std::filesystem::path(project.root) : std::filesystem::path(path).parent_path();
    options.project = analyzer::foundry::Project(root.empty() ? "." : root, [&arguments](const std::string& file) {
        return compile_for_test(file, arguments.common);
    });
    options.runs = arguments.runs.value_or(project.runs.value_or(options.runs));
    options.sequences = arguments.sequences.value_or(project.sequences.value_or(options.sequences));
    options.depth = arguments.depth.value_or(project.depth.value_or(options.depth));
    options.fail_on_revert = project.fail_on_revert;
    return options;
}

// An option that leaves its target unchanged if it is not given. `usual` is the default that the help shows.
Option number_or_project(std::string_view name, std::string_view help, std::uint32_t most, std::uint32_t usual,
                         std::optional<std::uint32_t>& target) {
    return {
        name, "N", std::string(help) + " (foundry.toml, or " + grouped(usual) + "; 1 to " + grouped(most) + ")",
        [=, &target](const std::string& text) { target = static_cast<std::uint32_t>(whole_number(name, text, 1, most)); }};
}

const char* word_of(TestRun::Kind kind) {
    switch (kind) {
        case TestRun::Kind::Scenario: return "scenario";
        case TestRun::Kind::Test: return "test";
        case TestRun::Kind::Invariant: return "invariant";
    }
    return "";
}

std::string counted(std::uint64_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string effort_of(const TestRun& run, std::uint64_t seed) {
    const std::string drawn = run.is_drawn ? fmt::format(", seed {}", seed) : "";
    switch (run.kind) {
        case TestRun::Kind::Scenario: return fmt::format("{}, {} gas", counted(run.calls, "transaction"), grouped(run.gas));
        case TestRun::Kind::Test:
            if (run.is_drawn) return fmt::format("{}, median {} gas{}", counted(run.runs, "run"), grouped(run.gas), drawn);
            return grouped(run.gas) + " gas";
        case TestRun::Kind::Invariant: break;
    }
    return fmt::format("{}, {}{}", counted(run.runs, "sequence"), counted(run.calls, "call"), drawn);
}

// Returns the names of a file's scenarios, tests and invariants, whether they are selected or not.
std::vector<std::string> names_of(const lang::Compilation& compilation) {
    std::vector<std::string> names;
    for (const auto& scenario : compilation.scenarios) names.push_back(scenario->name);
    for (const lang::Artifact& artifact : compilation.artifacts)
        for (const lang::ir::Function& function : artifact.ir->functions)
            if (function.is_entry && (function.name.starts_with("test") || function.name.starts_with("invariant")))
                names.push_back(artifact.name + "." + function.name);
    return names;
}

class ScenarioSession {
  public:
    explicit ScenarioSession(const ScenarioArguments& arguments) : arguments_(arguments), common_(arguments.common) {}

    // Returns the exit code.
    int run() {
        bool is_everything_compiled = true;
        for (const std::string& path : arguments_.files)
            is_everything_compiled &= std::filesystem::is_directory(path) ? run_folder(path) : run_file(path);
        if (passed_ + failed_ + skipped_ == 0 && !arguments_.options.filter.empty() && is_everything_compiled)
            refuse_filter();
        if (common_.json) print_json();
        else if (passed_ + failed_ + skipped_ != 0)
            std::cout << fmt::format("{} passed, {} failed{}\n", passed_, failed_,
                                     skipped_ == 0 ? "" : fmt::format(", {} skipped", skipped_));
        else if (is_everything_compiled) std::cout << "nothing to run: no scenario, no test…() and no invariant_…()\n";
        return !is_everything_compiled ? exit_source : failed_ == 0 ? exit_ok : exit_findings;
    }

  private:
    // Runs the tests in a folder.
    bool run_folder(const std::string& path) {
        const std::vector<std::string> files = test_files_in(path);
        if (files.empty()) return refuse(path, path + " contains no tests (*.t.sol)");
        bool is_everything_compiled = true;
        for (const std::string& file : files) is_everything_compiled &= run_file(file);
        return is_everything_compiled;
    }

    // Returns false if the file does not compile; the other files still run.
    bool run_file(const std::string& path) {
        FileText read = read_file(path, lang::Sources::max_file_bytes);
        if (!read.text) return refuse(path, read.error);
        const Input input = input_of(path, std::move(*read.text), common_);
        const lang::Compilation compilation =
            lang::compile(input.path, input.text, input.imports, {.size = lang::CodeSize::Any});
        if (common_.json) {
            Json errors = analyzer::diagnostics_json(compilation.diagnostics, *compilation.sources);
            for (Json& each : errors.elements()) errors_.push_back(std::move(each));
        } else {
            report(compilation.diagnostics, *compilation.sources, common_);
        }
        if (!compilation.ok()) return false;
        const bool is_library_of_tests = path.ends_with(".t.sol");  // for example a file with only an abstract contract
        if (compilation.artifacts.empty() && !is_library_of_tests) return refuse(path, path + " contains no contract");
        for (const TestRun& run : analyzer::run_all(compilation, options_for(path, arguments_))) {
            ++(run.skipped ? skipped_ : run.passed() ? passed_ : failed_);
            common_.json ? add_json(path, compilation, run) : print(compilation, run);
        }
        std::ranges::move(names_of(compilation), std::back_inserter(names_));
        return true;
    }

    bool refuse(const std::string& path, const std::string& message) {
        std::cerr << "interlock: " << lang::printable(message) << "\n";
        errors_.push_back(Json{{"severity", "error"}, {"message", message}, {"file", path}});
        return false;
    }

    [[noreturn]] void refuse_filter() const {
        constexpr std::size_t most = 8;  // names that are shown
        std::string known;
        for (std::size_t i = 0; i < names_.size() && i < most; ++i) known += (i == 0 ? "" : ", ") + names_[i];
        if (names_.size() > most) known += fmt::format(" and {} more", names_.size() - most);
        throw UsageError{fmt::format("nothing has `{}` in its name; there is {}", arguments_.options.filter,
                                     names_.empty() ? "nothing to run at all" : known)};
    }

    void print_json() const {
        Json json{{"passed", passed_}, {"failed", failed_}, {"skipped", skipped_}, {"results", results_}};
        if (!errors_.empty()) json["errors"] = errors_;
        std::cout << json.text() << "\n";
    }

    void print(const lang::Compilation& compilation, const TestRun& run) {
        const bool color = common_.color_on(STDOUT_FILENO);
        const std::string verdict = run.skipped ? "skipped" : run.passed() ? "passed" : "FAILED";
        const char* const paint = run.skipped ? "1;33" : run.passed() ? "1;32" : "1;31";
        const std::string painted = color ? fmt::format("\033[{}m{}\033[0m", paint, verdict) : verdict;
        const std::string name = lang::printable(run.name);
        std::cout << fmt::format("{}  {:<9} {}  ({})\n", painted, word_of(run.kind), name,
                                 effort_of(run, arguments_.options.seed));
        for (const std::string& line : run.console) std::cout << "    " << lang::printable(line) << "\n";
        if (!run.failure) return;
        std::cout << lang::render(*run.failure, *compilation.sources, color);
        if (!run.sequence.empty()) std::cout << "after\n";
        for (std::size_t i = 0; i < run.sequence.size(); ++i)
            std::cout << fmt::format("  {}. {}\n", i + 1, lang::printable(run.sequence[i]));
        if (run.is_drawn) std::cout << fmt::format("again with --seed {} --filter {}\n", arguments_.options.seed, name);
        std::cout << "\n";
    }

    void add_json(const std::string& path, const lang::Compilation& compilation, const TestRun& run) {
        Json json{{"file", path},           {"kind", word_of(run.kind)}, {"name", run.name},
                  {"passed", run.passed()}, {"calls", run.calls},        {"gas", run.gas}};
        if (run.kind != TestRun::Kind::Scenario) json["runs"] = run.runs;
        if (run.is_drawn) json["seed"] = arguments_.options.seed;
        if (run.skipped) json["skipped"] = *run.skipped;
        if (!run.console.empty()) json["console"] = run.console;
        if (run.failure) {
            const lang::SourceRange range = run.failure->primary.range;
            const lang::LineColumn place = compilation.sources->position(range.begin);
            json["failure"] = {{"message", run.failure->message},
                               {"file", compilation.sources->file_of(range).path},
                               {"line", place.line},
                               {"column", place.column},
                               {"statement", compilation.sources->text(range)},
                               {"notes", run.failure->notes}};
            if (!run.sequence.empty()) json["failure"]["sequence"] = run.sequence;
        }
        results_.push_back(std::move(json));
    }

    const ScenarioArguments& arguments_;
    const Common& common_;
    std::uint64_t passed_ = 0, failed_ = 0, skipped_ = 0;
    std::vector<std::string> names_;
    Json results_ = Json::array(), errors_ = Json::array();
};

}  // namespace

Command scenario_command() {
    auto arguments = std::make_shared<ScenarioArguments>();
    analyzer::TestRunOptions& options = arguments->options;
    return {
        .name = "scenario",
        .help = "run scenarios, test…() and invariant_…() functions",
        .operands = {"FILE", "contracts (.ilk, .sol), or folders with tests (*.t.sol)", 1, SIZE_MAX, &arguments->files},
        .options =
            joined({{text("--filter", "TEXT", "only what has this text in its name", options.filter),
                     number("--seed", "N", "of drawn values", 0, UINT64_MAX, options.seed),
                     number_or_project("--runs", "of each test with parameters", 1'000'000, options.runs, arguments->runs),
                     number_or_project("--sequences", "of calls, for each invariant", 1'000'000, options.sequences,
                                       arguments->sequences),
                     number_or_project("--depth", "calls of a sequence at most", 10'000, options.depth, arguments->depth)},
                    output_options(arguments->common),
                    import_options(arguments->common)}),
        .footer =
            "Scenarios are blocks of the language (docs/language.md). Tests are as in Foundry: a contract is deployed,\n"
            "setUp() called, and from there each test…() must not revert; with parameters it is called with drawn values.\n"
            "invariant_…() must hold after drawn sequences of calls of the contract and of the contracts it created.\n"
            "Exit codes: 0 all passed, 1 something failed, 64 usage, 65 the file does not compile.",
        .run = [arguments] { return ScenarioSession(*arguments).run(); }};
}

}  // namespace interlock::cli
