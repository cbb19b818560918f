// interlock blocktest PATH…: runs Ethereum's blockchain tests: blocks imported by the rules of their network.
#include <algorithm>
#include <iterator>

#include "chain/fixtures/block_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "cli/suite_report.hpp"

namespace interlock::cli {

namespace {

constexpr const char* blocktest_help =
    "Each PATH is a file, or a folder of which all *.json are run. Prints a line for each test that failed, with the\n"
    "accounts that differ below it, and \"N passed, M failed, K unavailable\". Unavailable is what needs a precompile\n"
    "that this machine does not have. An invalid block that is refused for another reason than the test names has\n"
    "failed.\n"
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

}  // namespace

void add_blocktest(CLI::App& app, Common& common, int& exit) {
    struct Arguments {
        SuiteOptions suite;
        chain::fixtures::BlockTestOptions test;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("blocktest", "Run Ethereum's blockchain tests");
    command->footer(blocktest_help);
    command->add_option("PATH", arguments->suite.paths, "Files, or folders with files")->required();
    command->add_option("--fork", arguments->test.network, "Only tests of this network: Frontier, …, HomesteadToDaoAt5");
    command->add_option("-j", arguments->suite.threads, "Threads (as many as there are processors)")
        ->check(CLI::Range(1, 256));
    add_common(*command, common);
    command->callback([arguments, &common, &exit] {
        arguments->suite.json = common.json;
        arguments->suite.kind = "blockchain test";
        arguments->suite.only = arguments->test.network;
        exit = run_suite(arguments->suite, [&](const std::filesystem::path& file) {
            const auto results = chain::fixtures::run_block_tests(chain::fixtures::read_text(file), arguments->test);
            std::optional<std::vector<SuiteCase>> cases;
            if (results) std::ranges::transform(*results, std::back_inserter(cases.emplace()), to_case);
            return cases;
        });
    });
}

}  // namespace interlock::cli
