// interlock statetest PATH…: runs Ethereum's state tests, or those that a differential fuzzer writes in their format.
#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "chain/fixtures/state_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "cli/command.hpp"

namespace interlock::cli {

namespace {

using chain::fixtures::StateTestResult, chain::fixtures::Verdict;
using Json = nlohmann::ordered_json;

constexpr const char* statetest_help =
    "Each PATH is a file, or a folder of which all *.json are run. Prints a line for each case that failed, with the\n"
    "fields that differ below it, and \"N passed, M failed, K unavailable\". Unavailable is what needs a precompile\n"
    "that this machine does not have.\n"
    "\n"
    "  interlock statetest GeneralStateTests/stCallCodes --fork ConstantinopleFix\n"
    "  interlock statetest --json add11.json           as `evm statetest` of go-ethereum prints it\n"
    "  interlock statetest --trace --json case.json    for differential fuzzers: EIP-3155 lines on stderr\n"
    "\n"
    "Exit codes: 0 all passed or unavailable, 1 some failed, 64 usage, 65 a file could not be read, or there was\n"
    "nothing to run.";

struct Arguments {
    std::vector<std::string> paths;
    std::string fork;
    bool trace = false;
    unsigned threads = 0;
};

// Names come from files, and files from anywhere: a line stays a line.
std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, '?');
    return text;
}

struct FileReport {
    bool is_state_test = true;
    std::vector<StateTestResult> results;
    std::string error;  // why it cannot be run
};

FileReport run_file(const std::filesystem::path& file, const chain::fixtures::StateTestOptions& options) {
    try {
        auto results = chain::fixtures::run_state_tests(chain::fixtures::read_text(file), options);
        if (!results) return {false, {}, {}};
        return {true, *std::move(results), {}};
    } catch (const std::exception& error) {
        return {true, {}, error.what()};
    }
}

// Prints the reports as they come and counts.
class Report {
  public:
    Report(bool json, std::string fork) : json_(json), fork_(std::move(fork)) {}

    void add_error(const std::string& error) {
        std::cerr << "interlock: " << one_line(error) << "\n";
        ++errors_;
    }

    void add(const std::filesystem::path& file, const FileReport& report) {
        if (!report.error.empty()) return add_error(file.string() + ": " + report.error);
        if (!report.is_state_test) ++other_files_;
        for (const StateTestResult& result : report.results) {
            ++counts_[static_cast<std::size_t>(result.verdict)];
            if (result.verdict == Verdict::Unavailable) ++unavailable_[result.reason];
            if (json_)
                print_json(result);
            else if (result.verdict == Verdict::Failed)
                print_failure(file, result);
        }
    }

    // Prints the sums. The exit code.
    int finish() {
        if (json_) std::cout << (is_first_ ? "[]\n" : "\n]\n");
        std::ostream& out = json_ ? std::cerr : std::cout;
        if (other_files_ != 0) out << other_files_ << (other_files_ == 1 ? " file holds" : " files hold")
                                   << " no state tests\n";
        if (counts_ == decltype(counts_){}) return finish_empty();
        for (const auto& [reason, count] : unavailable_) out << count << " unavailable: " << one_line(reason) << "\n";
        if (!json_) out << counts_[0] << " passed, " << counts_[1] << " failed, " << counts_[2] << " unavailable\n";
        return errors_ != 0 ? exit_source : counts_[1] != 0 ? exit_findings : exit_ok;
    }

  private:
    int finish_empty() const {
        if (errors_ == 0)
            std::cerr << "interlock: there is no state test" << (fork_.empty() ? "" : " of " + fork_) << " to run\n";
        return exit_source;
    }

    static void print_failure(const std::filesystem::path& file, const StateTestResult& result) {
        std::cout << "failed: " << one_line(result.name()) << " in " << file.string() << ": " << one_line(result.reason)
                  << "\n";
        for (const std::string& difference : result.differences) std::cout << "    " << difference << "\n";
    }

    // The members and their order are go-ethereum's.
    void print_json(const StateTestResult& result) {
        Json json{{"name", result.test},
                  {"pass", result.verdict == Verdict::Passed},
                  {"stateRoot", vm::to_hex(result.state_root)},
                  {"fork", result.fork}};
        if (result.verdict == Verdict::Failed) json["error"] = result.reason;
        if (result.verdict == Verdict::Unavailable) json["error"] = "unavailable: " + result.reason;
        std::cout << (is_first_ ? "[\n  " : ",\n  ") << json.dump(-1, ' ', false, Json::error_handler_t::replace);
        is_first_ = false;
    }

    bool json_;
    std::string fork_;
    bool is_first_ = true;
    std::array<std::size_t, 3> counts_{};
    std::size_t other_files_ = 0, errors_ = 0;
    std::map<std::string, std::size_t> unavailable_;
};

int run(const Arguments& arguments, const Common& common) {
    chain::fixtures::StateTestOptions options;
    if (!arguments.fork.empty()) {
        options.fork = vm::parse_fork(arguments.fork);
        if (!options.fork) {
            std::cerr << "interlock: there is no fork " << arguments.fork << "; the oldest is Frontier, the newest "
                      << vm::name_of(static_cast<vm::Fork>(vm::fork_count - 1)) << "\n";
            return exit_usage;
        }
    }
    if (arguments.trace) {
        std::setvbuf(stderr, nullptr, _IOFBF, 1 << 16);  // else every field of every line is a system call
        options.trace = &std::clog;
    }
    unsigned threads = arguments.threads != 0 ? arguments.threads : std::thread::hardware_concurrency();
    if (arguments.trace) threads = 1;  // whose lines would they be?

    Report report(common.json, arguments.fork);
    const auto found = chain::fixtures::find_files({arguments.paths.begin(), arguments.paths.end()});
    for (const std::string& error : found.errors) report.add_error(error);
    std::vector<FileReport> reports(found.files.size());
    chain::fixtures::for_each_in_order(
        found.files.size(), threads, [&](std::size_t i) { reports[i] = run_file(found.files[i], options); },
        [&](std::size_t i) { report.add(found.files[i], std::exchange(reports[i], {})); });
    return report.finish();
}

}  // namespace

void add_statetest(CLI::App& app, Common& common, int& exit) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("statetest", "Run Ethereum's state tests");
    command->footer(statetest_help);
    command->add_option("PATH", arguments->paths, "Files, or folders with files")->required();
    command->add_option("--fork", arguments->fork, "Only cases of this fork: Frontier, …, EIP150, ConstantinopleFix, Osaka");
    command->add_flag("--trace", arguments->trace, "Print EIP-3155 lines on stderr, and each case's state root after them");
    command->add_option("-j", arguments->threads, "Threads (as many as there are processors)")->check(CLI::Range(1, 256));
    add_common(*command, common);
    command->callback([arguments, &common, &exit] { exit = run(*arguments, common); });
}

}  // namespace interlock::cli
