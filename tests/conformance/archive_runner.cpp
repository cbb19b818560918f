#include "tests/conformance/archive_runner.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <thread>
#include <utility>

#include "chain/fixtures/suite.hpp"
#include "tests/conformance/fixtures.hpp"

namespace interlock::conformance {

using chain::fixtures::Verdict;
namespace fs = std::filesystem;

namespace {

struct Options {
    std::vector<std::string> archives;
    std::vector<std::string> left_out;       // files, without ".json"
    fs::path fixtures = INTERLOCK_FIXTURES;  // where the archives are
};

bool read_options(const std::vector<std::string>& arguments, Options& options) {
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        if (arguments[i] == "--fixtures") options.fixtures = arguments[i + 1];
        else if (arguments[i] == "--archive") options.archives.push_back(arguments[i + 1]);
        else if (arguments[i] == "--leave-out") options.left_out.push_back(arguments[i + 1]);
        else return false;
    }
    return arguments.size() % 2 == 0;
}

// What running one file gave.
struct FileReport {
    std::vector<CaseReport> cases;
    std::string error;
};

FileReport report_on(const fs::path& file, const RunFile& run) {
    try {
        return {run(file), {}};
    } catch (const std::exception& error) {
        return {{}, error.what()};
    }
}

// Counts the cases of one archive and prints those that failed.
class Count {
  public:
    void add(const fs::path& file, const FileReport& report) {
        if (!report.error.empty()) fail(file.string() + ": " + report.error);
        for (const CaseReport& result : report.cases) {
            if (result.verdict == Verdict::Passed) ++passed_;
            else fail(result.name + " in " + file.string() + ": " + result.reason);
        }
    }

    // Whether all is well.
    bool report(const std::string& archive, double cpu_seconds) const {
        std::cout << archive << ": " << passed_ << " passed, " << failures_ << " failed, " << cpu_seconds
                  << " CPU seconds\n";
        return failures_ == 0;
    }

  private:
    void fail(const std::string& what) {
        ++failures_;
        std::cout << "failed: " << what << '\n';
    }

    std::size_t passed_ = 0, failures_ = 0;
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

bool run_archive(const Options& options, const std::string& name, const RunFile& run) {
    if (!is_present(options.fixtures, name)) {
        std::cout << "not present: " << (options.fixtures / (name + ".tar.xz")).lexically_normal().string() << '\n';
        return true;
    }
    auto files = fixture_files(options.fixtures, name, INTERLOCK_UNPACKED);
    std::erase_if(files, [&](const fs::path& file) {
        const bool is_left_out = std::ranges::find(options.left_out, file.stem().string()) != options.left_out.end();
        if (is_left_out) std::cout << "not run: " << file.filename().string() << ", as --leave-out asks\n";
        return is_left_out;
    });
    std::vector<FileReport> reports(files.size());
    Count count;
    const double before = cpu_seconds();
    chain::fixtures::for_each_in_order(
        files.size(), std::thread::hardware_concurrency(), [&](std::size_t i) { reports[i] = report_on(files[i], run); },
        [&](std::size_t i) { count.add(files[i], std::exchange(reports[i], {})); });
    return count.report(name, cpu_seconds() - before);
}

}  // namespace

int run_archives(int argc, char** argv, const std::vector<std::string>& archives, const RunFile& run) {
    Options options;
    if (!read_options({argv + 1, argv + argc}, options)) {
        std::cerr << "usage: " << argv[0] << " [--fixtures FOLDER] [--archive NAME]... [--leave-out FILE]...\n";
        return 64;
    }
    if (options.archives.empty()) options.archives = archives;
    bool ok = true;
    try {
        for (const std::string& archive : options.archives) ok = run_archive(options, archive, run) && ok;
    } catch (const std::exception& error) {
        std::cerr << argv[0] << ": " << error.what() << '\n';
        return 70;
    }
    return ok ? 0 : 1;
}

}  // namespace interlock::conformance
