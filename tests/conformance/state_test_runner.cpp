// state_conformance: runs Ethereum's public state tests and says how many passed. Fails when one does.
//
//     state_conformance                                the daily archives, fork Cancun
//     state_conformance --fork London --fork Berlin    other forks
//     state_conformance --verbose a.json b.json        these files; names what is unavailable or unsupported, too

#include <array>
#include <atomic>
#include <iostream>
#include <map>
#include <thread>

#include "tests/conformance/fixtures.hpp"
#include "tests/conformance/state_case.hpp"

namespace {

using namespace interlock;
using conformance::CaseResult;
namespace fs = std::filesystem;

const std::vector<std::string> daily_archives = {"legacy-cancun-state", "tests-state", "eest-state"};

struct Options {
    std::set<vm::Fork> forks;
    std::vector<std::string> archives;
    std::vector<fs::path> files;
    fs::path fixtures = INTERLOCK_FIXTURES;  // where the archives are
    bool verbose = false;
};

int usage() {
    std::cerr << "usage: state_conformance [--fork NAME]... [--fixtures FOLDER] [--archive NAME]... [--verbose] "
                 "[FILE.json]...\n";
    return 64;
}

bool read_options(const std::vector<std::string>& arguments, Options& options) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const bool has_value = i + 1 < arguments.size();
        if (argument == "--verbose") {
            options.verbose = true;
        } else if (argument == "--fork" && has_value) {
            const auto fork = vm::parse_fork(arguments[++i]);
            if (!fork) return false;
            options.forks.insert(*fork);
        } else if (argument == "--fixtures" && has_value) {
            options.fixtures = arguments[++i];
        } else if (argument == "--archive" && has_value) {
            options.archives.push_back(arguments[++i]);
        } else if (argument.starts_with("--")) {
            return false;
        } else {
            options.files.emplace_back(argument);
        }
    }
    if (options.forks.empty()) options.forks.insert(vm::Fork::Cancun);
    if (options.archives.empty() && options.files.empty()) options.archives = daily_archives;
    return true;
}

// Adds the archives' files; an archive that is missing is said so and left out.
void add_archives(Options& options) {
    for (const std::string& name : options.archives) {
        if (!conformance::is_present(options.fixtures, name)) {
            std::cout << "not present: " << (options.fixtures / (name + ".tar.xz")).lexically_normal().string() << '\n';
            continue;
        }
        const auto files = conformance::fixture_files(options.fixtures, name, INTERLOCK_UNPACKED);
        options.files.insert(options.files.end(), files.begin(), files.end());
    }
}

// One list of results a file, so that the report does not depend on which thread was faster.
std::vector<std::vector<CaseResult>> run_all(const Options& options) {
    std::vector<std::vector<CaseResult>> results(options.files.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < options.files.size(); i = next++)
            results[i] = conformance::run_state_tests(options.files[i], options.forks);
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
    threads.clear();  // waits for all
    return results;
}

constexpr std::array<std::string_view, 4> kinds = {"passed", "failed", "unavailable", "unsupported"};

int report(const Options& options, const std::vector<std::vector<CaseResult>>& results) {
    std::array<std::size_t, kinds.size()> counts{};
    std::map<std::string, std::size_t> reasons;
    for (std::size_t i = 0; i < results.size(); ++i) {
        for (const CaseResult& result : results[i]) {
            ++counts[result.kind];
            if (result.kind >= CaseResult::Unavailable) ++reasons[result.why];
            if (result.kind == CaseResult::Failed || (options.verbose && result.kind != CaseResult::Passed))
                std::cout << kinds[result.kind] << ": " << result.name << " in " << options.files[i].string() << ": "
                          << result.why << '\n';
        }
    }
    std::cout << counts[CaseResult::Passed] << " passed, " << counts[CaseResult::Failed] << " failed, "
              << counts[CaseResult::Unavailable] << " unavailable, " << counts[CaseResult::Unsupported]
              << " unsupported\n";
    for (const auto& [reason, count] : reasons) std::cout << "  " << count << ": " << reason << '\n';
    return counts[CaseResult::Failed] == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!read_options({argv + 1, argv + argc}, options)) return usage();
    try {
        add_archives(options);
        return report(options, run_all(options));
    } catch (const std::exception& error) {
        std::cerr << "state_conformance: " << error.what() << '\n';
        return 70;
    }
}
