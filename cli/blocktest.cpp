// interlock blocktest PATH…: runs Ethereum's blockchain tests, which import blocks by the rules of a network.
#include <algorithm>
#include <iterator>
#include <memory>

#include "chain/fixtures/block_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "cli/suite_report.hpp"

namespace interlock::cli {

namespace {

constexpr const char* blocktest_help =
    "Each PATH is a file, or a folder of which all *.json are run. Prints a line for each test that failed, with the\n"
    "accounts that differ below it, and \"N passed, M failed, K unavailable\". Unavailable is a test for a\n"
    "network that this machine does not know. An invalid block that is refused for another reason than the test names\n"
    "has failed.\n"
    "\n"
    "  interlock blocktest BlockchainTests/InvalidBlocks\n"
    "  interlock blocktest BlockchainTests --fork HomesteadToDaoAt5\n"
    "  interlock blocktest --json case.json            as `evm blocktest` of go-ethereum prints it\n"
    "\n"
    "Exit codes: 0 all passed or unavailable, 1 some failed, 64 usage, 65 a file could not be read, or there was\n"
    "nothing to run.";

SuiteCase to_case(const chain::fixtures::BlockTestResult& result) {
    SuiteCase out{result.test + "[" + result.network + "]", result.verdict, result.reason, result.differences, {}};
    out.json = {{"name", result.test},
                {"pass", result.verdict == chain::fixtures::Verdict::Passed},
                {"lastBlockHash", vm::to_hex(result.head)},
                {"fork", result.network}};
    return out;
}

struct BlocktestArguments {
    SuiteOptions suite;
    chain::fixtures::BlockTestOptions test;
    Common common;
};

int run(const BlocktestArguments& arguments) {
    SuiteOptions suite = arguments.suite;
    suite.json = arguments.common.json;
    suite.kind = "blockchain test";
    suite.only = arguments.test.network;
    return run_suite(suite, [&](const std::filesystem::path& file) {
        const auto results = chain::fixtures::run_block_tests(chain::fixtures::read_text(file), arguments.test);
        std::optional<std::vector<SuiteCase>> cases;
        if (results) std::ranges::transform(*results, std::back_inserter(cases.emplace()), to_case);
        return cases;
    });
}

}  // namespace

Command blocktest_command() {
    auto arguments = std::make_shared<BlocktestArguments>();
    return {.name = "blocktest",
            .help = "run Ethereum's blockchain tests",
            .operands = {"PATH", "files, or folders with files", 1, SIZE_MAX, &arguments->suite.paths},
            .options = joined({{text("--fork", "NAME", "only tests of this network: Frontier, …, HomesteadToDaoAt5",
                                     arguments->test.network),
                                threads_option(arguments->suite.threads), jit_option()},
                               output_options(arguments->common)}),
            .footer = blocktest_help,
            .run = [arguments] { return run(*arguments); }};
}

}  // namespace interlock::cli
