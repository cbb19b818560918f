// block_conformance: runs Ethereum's public blockchain tests, all networks.
//
//     block_conformance                              the daily archives
//     block_conformance --archive eest-blockchain    this one

#include "chain/fixtures/block_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "tests/conformance/archive_runner.hpp"

namespace {

using namespace interlock;
using conformance::CaseReport;

std::vector<CaseReport> run(const std::filesystem::path& file) {
    const auto results = chain::fixtures::run_block_tests(chain::fixtures::read_text(file));
    if (!results) throw chain::fixtures::FixtureError("holds no blockchain tests");
    std::vector<CaseReport> reports;
    for (const chain::fixtures::BlockTestResult& result : *results)
        reports.push_back({result.test, result.verdict, result.reason});
    return reports;
}

}  // namespace

int main(int argc, char** argv) {
    return conformance::run_archives(
        argc, argv, {"legacy-constantinople-blockchain", "tests-blockchain", "eest-blockchain", "eest-blockchain-by-fork"},
        run);
}
