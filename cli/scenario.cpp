// interlock scenario FILE…: run scenarios, tests and invariants before anything is deployed.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "analyzer/devnet/test_run.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"

namespace interlock::cli {

namespace {

using analyzer::TestRun;
using Json = nlohmann::ordered_json;

struct Arguments {
    std::vector<std::string> files;
    analyzer::TestRunOptions options;
};

const char* word_of(TestRun::Kind kind) {
    switch (kind) {
        case TestRun::Kind::Scenario: return "scenario";
        case TestRun::Kind::Test: return "test";
        case TestRun::Kind::Invariant: return "invariant";
    }
    return "";
}

// "1,234,567"
std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
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

class Reporter {
  public:
    Reporter(const Arguments& arguments, const Common& common) : arguments_(arguments), common_(common) {}

    void add(const std::string& path, const lang::Compilation& compilation, const std::vector<TestRun>& runs) {
        for (const TestRun& run : runs) {
            ++(run.passed() ? passed_ : failed_);
            common_.json ? add_json(path, compilation, run) : print(compilation, run);
        }
    }

    int finish() {
        if (common_.json)
            std::cout << Json{{"passed", passed_}, {"failed", failed_}, {"results", results_}}.dump(
                             -1, ' ', false, Json::error_handler_t::replace)
                      << "\n";
        else if (passed_ + failed_ == 0) std::cout << "nothing to run: no scenario, no test…() and no invariant_…()\n";
        else std::cout << fmt::format("{} passed, {} failed\n", passed_, failed_);
        return failed_ == 0 ? exit_ok : exit_findings;
    }

  private:
    void print(const lang::Compilation& compilation, const TestRun& run) {
        const bool color = common_.color_on(STDOUT_FILENO);
        const std::string verdict = run.passed() ? "passed" : "FAILED";
        const std::string painted =
            color ? fmt::format("\033[{}m{}\033[0m", run.passed() ? "1;32" : "1;31", verdict) : verdict;
        std::cout << fmt::format("{}  {:<9} {}  ({})\n", painted, word_of(run.kind), run.name,
                                 effort_of(run, arguments_.options.seed));
        if (!run.failure) return;
        std::cout << lang::render(*run.failure, *compilation.sources, color);
        if (!run.sequence.empty()) std::cout << "after\n";
        for (std::size_t i = 0; i < run.sequence.size(); ++i) std::cout << fmt::format("  {}. {}\n", i + 1, run.sequence[i]);
        if (run.is_drawn) std::cout << fmt::format("again with --seed {} --filter {}\n", arguments_.options.seed, run.name);
        std::cout << "\n";
    }

    void add_json(const std::string& path, const lang::Compilation& compilation, const TestRun& run) {
        Json json{{"file", path},           {"kind", word_of(run.kind)}, {"name", run.name},
                  {"passed", run.passed()}, {"calls", run.calls},        {"gas", run.gas}};
        if (run.kind != TestRun::Kind::Scenario) json["runs"] = run.runs;
        if (run.is_drawn) json["seed"] = arguments_.options.seed;
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

    const Arguments& arguments_;
    const Common& common_;
    std::uint64_t passed_ = 0, failed_ = 0;
    Json results_ = Json::array();
};

int run(const Arguments& arguments, const Common& common) {
    Reporter reporter(arguments, common);
    for (const std::string& path : arguments.files) {
        const auto compilation = compile_deployable(path, common);
        if (!compilation) return exit_source;
        reporter.add(path, *compilation, analyzer::run_all(*compilation, arguments.options));
    }
    return reporter.finish();
}

}  // namespace

void add_scenario(CLI::App& app, Common& common, int& exit) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("scenario", "Run scenarios, test…() and invariant_…() functions");
    command->footer(
        "Scenarios are blocks of the language (docs/language.md). Tests are as in Foundry: a contract is deployed,\n"
        "setUp() called, and from there each test…() must not revert; with parameters it is called with drawn values.\n"
        "invariant_…() must hold after drawn sequences of calls of the contract and of the contracts it created.\n"
        "Exit codes: 0 all passed, 1 something failed, 64 usage, 65 the file does not compile.");
    command->add_option("FILE", arguments->files, "Contracts (.ilk, .sol)")->required();
    command->add_option("--filter", arguments->options.filter, "Only what has this text in its name");
    command->add_option("--seed", arguments->options.seed, "Of drawn values (1)");
    command->add_option("--runs", arguments->options.runs, "Of each test with parameters (256)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--sequences", arguments->options.sequences, "Of calls, for each invariant (64)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--depth", arguments->options.depth, "Calls of a sequence at most (32)")
        ->check(CLI::Range(1, 10'000));
    add_common(*command, common);
    add_imports(*command, common);
    command->callback([arguments, &common, &exit] { exit = run(*arguments, common); });
}

}  // namespace interlock::cli
