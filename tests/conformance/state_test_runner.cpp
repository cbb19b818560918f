// state_conformance: runs Ethereum's public state tests, all forks. Fails when a case does, or when one is unavailable for
// another reason than a precompile that the table names as missing.
//
//     state_conformance                          the daily archives
//     state_conformance --archive eest-state     this one

#include <array>
#include <ctime>
#include <iostream>
#include <map>
#include <thread>
#include <utility>

#include "chain/fixtures/state_test.hpp"
#include "chain/fixtures/suite.hpp"
#include "tests/conformance/fixtures.hpp"

namespace {

using namespace interlock;
using chain::fixtures::StateTestResult, chain::fixtures::Verdict;
namespace fs = std::filesystem;

const std::vector<std::string> daily_archives = {"legacy-constantinople-state", "legacy-cancun-state", "tests-state",
                                                 "eest-state", "eest-state.big"};

struct Options {
    std::vector<std::string> archives;
    fs::path fixtures = INTERLOCK_FIXTURES;  // where the archives are
};

bool read_options(const std::vector<std::string>& arguments, Options& options) {
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        if (arguments[i] == "--fixtures")
            options.fixtures = arguments[i + 1];
        else if (arguments[i] == "--archive")
            options.archives.push_back(arguments[i + 1]);
        else
            return false;
    }
    if (options.archives.empty()) options.archives = daily_archives;
    return arguments.size() % 2 == 0;
}

// What running one file gave.
struct FileReport {
    std::vector<StateTestResult> results;
    std::string error;
};

FileReport run(const fs::path& file) {
    try {
        const auto results = chain::fixtures::run_state_tests(chain::fixtures::read_text(file));
        if (results) return {*results, {}};
        return {{}, "holds no state tests"};
    } catch (const std::exception& error) {
        return {{}, error.what()};
    }
}

// Counts the cases of one archive and prints those that failed.
class Count {
  public:
    void add(const fs::path& file, const FileReport& report) {
        if (!report.error.empty()) fail(file.string() + ": " + report.error);
        for (const StateTestResult& result : report.results) {
            ++cases_[static_cast<std::size_t>(result.verdict)];
            if (result.verdict == Verdict::Failed) fail(result.name() + " in " + file.string() + ": " + result.reason);
            if (result.verdict == Verdict::Unavailable) ++unavailable_[result.reason];
        }
    }

    // Whether all is well.
    bool report(const std::string& archive, double cpu_seconds) const {
        std::cout << archive << ": " << cases_[0] << " passed, " << failures_ << " failed, " << cases_[2]
                  << " unavailable, " << cpu_seconds << " CPU seconds\n";
        bool all_named = true;
        for (const auto& [reason, count] : unavailable_) {
            std::cout << "  unavailable: " << count << " need the " << reason << '\n';
            all_named = all_named && reason.starts_with("precompile ");
        }
        return failures_ == 0 && all_named;
    }

  private:
    void fail(const std::string& what) {
        ++failures_;
        std::cout << "failed: " << what << '\n';
    }

    std::array<std::size_t, 3> cases_{};
    std::size_t failures_ = 0;
    std::map<std::string, std::size_t> unavailable_;
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

bool run_archive(const Options& options, const std::string& name) {
    if (!conformance::is_present(options.fixtures, name)) {
        std::cout << "not present: " << (options.fixtures / (name + ".tar.xz")).lexically_normal().string() << '\n';
        return true;
    }
    const auto files = conformance::fixture_files(options.fixtures, name, INTERLOCK_UNPACKED);
    std::vector<FileReport> reports(files.size());
    Count count;
    const double before = cpu_seconds();
    chain::fixtures::for_each_in_order(
        files.size(), std::thread::hardware_concurrency(), [&](std::size_t i) { reports[i] = run(files[i]); },
        [&](std::size_t i) { count.add(files[i], std::exchange(reports[i], {})); });
    return count.report(name, cpu_seconds() - before);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!read_options({argv + 1, argv + argc}, options)) {
        std::cerr << "usage: state_conformance [--fixtures FOLDER] [--archive NAME]...\n";
        return 64;
    }
    bool ok = true;
    try {
        for (const std::string& archive : options.archives) ok = run_archive(options, archive) && ok;
    } catch (const std::exception& error) {
        std::cerr << "state_conformance: " << error.what() << '\n';
        return 70;
    }
    return ok ? 0 : 1;
}
