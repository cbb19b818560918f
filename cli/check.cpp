// interlock check FILE…: search, proof, verdicts.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "analyzer/report/attack_file.hpp"
#include "analyzer/report/report_text.hpp"
#include "analyzer/report/sarif.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/progress.hpp"

namespace interlock::cli {

namespace {

struct Arguments {
    std::vector<std::string> files;
    bool strict = false;
    std::string out = "interlock-out";
    std::string sarif;
    analyzer::CheckOptions options;
};

// How a file in the folder imports the other one.
std::string import_path(const std::string& file, const std::string& folder) {
    std::error_code error;
    const std::string path = std::filesystem::proximate(file, folder, error).generic_string();
    return path.starts_with("..") || path.starts_with("/") ? path : "./" + path;
}

// Names of properties may hold spaces, which a shell would take for the end of a file's name.
std::string file_stem(const std::string& file, const analyzer::Scenario& scenario) {
    std::string stem = std::filesystem::path(file).stem().string() + "." + scenario.contract + "." + scenario.property;
    std::replace(stem.begin(), stem.end(), ' ', '_');
    return stem;
}

// Writes each attack as a trace, and as the attacker's contract with a scenario that runs it; the paths of the traces, empty where it failed.
std::vector<std::string> write_attacks(const analyzer::Report& report, const std::string& file, const std::string& folder) {
    namespace fs = std::filesystem;
    std::vector<std::string> paths;
    for (const analyzer::Trace& attack : report.attacks) {
        const std::string stem = file_stem(file, attack.scenario);
        const fs::path trace = fs::path(folder) / (stem + ".trace.json");
        const fs::path source = fs::path(folder) / (stem + ".attack.ilk");
        std::error_code error;
        fs::create_directories(folder, error);
        std::ofstream trace_file(trace, std::ios::binary), source_file(source, std::ios::binary);
        trace_file << analyzer::to_json(attack);
        source_file << analyzer::attack_file(attack, import_path(file, folder));
        trace_file.close();
        source_file.close();
        if (!trace_file || !source_file) {
            std::cerr << "interlock: cannot write to " << folder << "; use --out FOLDER\n";
            paths.emplace_back();
        } else {
            paths.push_back(trace.string());
        }
    }
    return paths;
}

int check_file(const std::string& file, const Arguments& arguments, const Common& common, analyzer::SarifLog& sarif) {
    const auto compilation =
        compile_deployable(file, common, [&](const lang::Compilation& c) { sarif.add(c.diagnostics, *c.sources); });
    if (!compilation) return exit_source;
    Progress progress;
    analyzer::CheckOptions options = arguments.options;
    options.progress = [&](std::string_view line) { progress.show(line); };
    const analyzer::Report report = analyzer::check(compilation, options);
    progress.clear();
    sarif.add(report, *compilation->sources);
    const std::vector<std::string> paths = write_attacks(report, file, arguments.out);
    if (common.json) std::cout << analyzer::to_json(report, paths) << "\n";
    else std::cout << analyzer::to_text(report, *compilation->sources, paths, {common.color_on(STDOUT_FILENO)});
    if (!report.contradiction.empty()) return exit_internal;
    if (report.has_exploit()) return exit_findings;
    return arguments.strict && !report.all_safe() ? exit_inconclusive : exit_ok;
}

// The gravest of two: an internal error before wrong input before findings before inconclusive.
int worse(int a, int b) { return std::max(a, b == exit_inconclusive && a == exit_findings ? a : b); }

int check_files(const Arguments& arguments, const Common& common) {
    analyzer::SarifLog sarif;
    int exit = exit_ok;
    for (const std::string& file : arguments.files) exit = worse(exit, check_file(file, arguments, common, sarif));
    if (!arguments.sarif.empty() && !(std::ofstream(arguments.sarif, std::ios::binary) << sarif.text()).flush()) {
        std::cerr << "interlock: cannot write " << arguments.sarif << "\n";
        return exit_usage;
    }
    return exit;
}

}  // namespace

void add_check(CLI::App& app, Common& common, int& exit) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("check", "Find attacks, or prove that there are none (the default command)");
    command->add_option("FILE", arguments->files, "Contracts (.ilk, .sol)")->required();
    command->add_flag("--strict", arguments->strict, "Exit with 2 when something remains unknown");
    command->add_option("--out", arguments->out, "Folder for traces and attacker contracts (interlock-out)");
    command->add_option("--sarif", arguments->sarif, "Also write findings and errors to this file, as SARIF 2.1.0");
    command->add_option("--timeout", arguments->options.timeout_seconds, "Seconds for the search (30)")
        ->check(CLI::PositiveNumber);
    command->add_option("--transactions", arguments->options.bounds.transactions, "Transactions in an attack (3)")
        ->check(CLI::Range(1, 8));
    command->add_option("--calls", arguments->options.bounds.calls, "Calls in an attack, by everybody (5)")
        ->check(CLI::Range(1, 12));
    command->add_option("--depth", arguments->options.bounds.depth, "Depth of re-entry (3)")->check(CLI::Range(1, 16));
    command->add_option("--states", arguments->options.bounds.states, "Distinct states, at most (200000)");
    add_common(*command, common);
    add_imports(*command, common);
    command
        ->add_option("--wide-calls", arguments->options.bounds.wide_calls,
                     "Calls where arguments come from code and storage, too (4)")
        ->check(CLI::Range(1, 12));
    command->callback([arguments, &common, &exit] { exit = check_files(*arguments, common); });
}

}  // namespace interlock::cli
