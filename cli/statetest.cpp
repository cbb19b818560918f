// interlock statetest PATH…: runs Ethereum's state tests, or tests that a differential fuzzer writes in the same format.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "chain/fixtures/state_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "cli/suite_report.hpp"
#include "lang/diagnostics/spelling.hpp"

namespace interlock::cli {

namespace {

constexpr const char* statetest_help =
    "Each PATH is a file, or a folder of which all *.json are run. Prints a line for each case that failed, with the\n"
    "fields that differ below it, and \"N passed, M failed, K unavailable\". Unavailable is a test for a fork\n"
    "that this machine does not know.\n"
    "\n"
    "  interlock statetest GeneralStateTests/stCallCodes --fork ConstantinopleFix\n"
    "  interlock statetest --json add11.json           as `evm statetest` of go-ethereum prints it\n"
    "  interlock statetest --trace --json case.json    for differential fuzzers: EIP-3155 lines on stderr\n"
    "\n"
    "Exit codes: 0 all passed or unavailable, 1 some failed, 64 usage, 65 a file could not be read, or there was\n"
    "nothing to run.";

struct StatetestArguments {
    SuiteOptions suite;
    std::string fork;
    bool trace = false;
    Common common;
};

// The members and their order are those of go-ethereum.
SuiteCase to_case(const chain::fixtures::StateTestResult& result) {
    SuiteCase out{result.name(), result.verdict, result.reason, result.differences, {}};
    out.json = {{"name", result.test},
                {"pass", result.verdict == chain::fixtures::Verdict::Passed},
                {"stateRoot", vm::to_hex(result.state_root)},
                {"fork", result.fork}};
    return out;
}

int run(const StatetestArguments& arguments, const Common& common) {
    chain::fixtures::StateTestOptions options;
    if (!arguments.fork.empty()) {
        options.fork = vm::parse_fork(arguments.fork);
        if (!options.fork) {
            std::vector<std::string_view> known;
            for (std::size_t i = 0; i < vm::fork_count; ++i) known.push_back(vm::name_of(static_cast<vm::Fork>(i)));
            const std::string_view similar = lang::closest(arguments.fork, known);
            throw UsageError{"there is no fork " + arguments.fork + "; the oldest is Frontier, the newest " +
                             std::string(known.back()) +
                             (similar.empty() ? "" : "; did you mean `" + std::string(similar) + "`?")};
        }
    }
    if (arguments.trace) {
        std::setvbuf(stderr, nullptr, _IOFBF, 1 << 16);  // otherwise every field of every line would be a system call
        options.trace = &std::clog;
    }
    SuiteOptions suite = arguments.suite;
    suite.json = common.json;
    suite.kind = "state test";
    suite.only = arguments.fork;
    if (arguments.trace) suite.threads = 1;  // otherwise lines of several threads would mix
    return run_suite(suite, [&](const std::filesystem::path& file) {
        const auto results = chain::fixtures::run_state_tests(chain::fixtures::read_text(file), options);
        std::optional<std::vector<SuiteCase>> cases;
        if (results) std::ranges::transform(*results, std::back_inserter(cases.emplace()), to_case);
        return cases;
    });
}

}  // namespace

Command statetest_command() {
    auto arguments = std::make_shared<StatetestArguments>();
    return {.name = "statetest",
            .help = "run Ethereum's state tests",
            .operands = {"PATH", "files, or folders with files", 1, SIZE_MAX, &arguments->suite.paths},
            .options = joined(
                {{text("--fork", "NAME", "only cases of this fork: Frontier, …, EIP150, ConstantinopleFix, Osaka",
                       arguments->fork),
                  flag("--trace", "print EIP-3155 lines on stderr, and each case's state root after them", arguments->trace),
                  threads_option(arguments->suite.threads), jit_option()},
                 output_options(arguments->common)}),
            .footer = statetest_help,
            .run = [arguments] { return run(*arguments, arguments->common); }};
}

}  // namespace interlock::cli
