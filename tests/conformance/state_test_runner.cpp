// state_conformance: runs Ethereum's public state tests, all forks.
//
//     state_conformance                          the daily archives
//     state_conformance --archive eest-state     this one

#include "chain/fixtures/state_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "tests/conformance/archive_runner.hpp"

namespace {

using namespace interlock;
using conformance::CaseReport;

std::vector<CaseReport> run(const std::filesystem::path& file) {
    const auto results = chain::fixtures::run_state_tests(chain::fixtures::read_text(file));
    if (!results) throw chain::fixtures::FixtureError("holds no state tests");
    std::vector<CaseReport> reports;
    for (const chain::fixtures::StateTestResult& result : *results)
        reports.push_back({result.name(), result.verdict, result.reason});
    return reports;
}

}  // namespace

int main(int argc, char** argv) {
    return conformance::run_archives(
        argc, argv, {"legacy-constantinople-state", "legacy-cancun-state", "tests-state", "eest-state", "eest-state.big"},
        run);
}
