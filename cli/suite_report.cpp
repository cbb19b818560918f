#include "cli/suite_report.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <thread>
#include <utility>

#include "chain/fixtures/suite.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

using chain::fixtures::Verdict;

namespace {

struct FileReport {
    std::optional<std::vector<SuiteCase>> cases;
    std::string error;  // why the file cannot be run
};

FileReport report_on(const std::filesystem::path& file, const RunSuiteFile& run_file) {
    try {
        return {run_file(file), {}};
    } catch (const std::exception& error) {
        return {std::nullopt, error.what()};
    }
}

// Prints the reports as they come, and counts.
class Report {
  public:
    explicit Report(const SuiteOptions& options) : options_(options) {}

    void add_error(const std::string& error) {
        std::cerr << "interlock: " << lang::printable(error) << "\n";
        ++errors_;
    }

    void add(const std::filesystem::path& file, const FileReport& report) {
        if (!report.error.empty()) return add_error(file.string() + ": " + report.error);
        if (!report.cases) ++other_files_;
        for (const SuiteCase& result : report.cases.value_or(std::vector<SuiteCase>{})) {
            ++counts_[static_cast<std::size_t>(result.verdict)];
            if (result.verdict == Verdict::Unavailable) ++unavailable_[result.reason];
            if (options_.json) print_json(result);
            else print_text(file, result);
        }
    }

    // Prints the sums and returns the exit code.
    int finish() {
        if (options_.json) std::cout << (is_first_ ? "[]\n" : "\n]\n");
        std::ostream& out = options_.json ? std::cerr : std::cout;
        if (other_files_ != 0)
            out << other_files_ << (other_files_ == 1 ? " file holds" : " files hold") << " no " << options_.kind << "s\n";
        if (counts_ == decltype(counts_){}) return finish_empty();
        for (const auto& [reason, count] : unavailable_) out << count << " unavailable: " << lang::printable(reason) << "\n";
        if (!options_.json) out << counts_[0] << " passed, " << counts_[1] << " failed, " << counts_[2] << " unavailable\n";
        return errors_ != 0 ? exit_source : counts_[1] != 0 ? exit_findings : exit_ok;
    }

  private:
    int finish_empty() const {
        const std::string of = options_.only.empty() ? "" : " of " + lang::printable(options_.only);
        if (errors_ == 0) std::cerr << "interlock: there is no " << options_.kind << of << " to run\n";
        return exit_source;
    }

    static void print_text(const std::filesystem::path& file, const SuiteCase& result) {
        if (result.verdict != Verdict::Failed) return;
        std::cout << "failed: " << lang::printable(result.name) << " in " << lang::printable(file.string()) << ": "
                  << lang::printable(result.reason) << "\n";
        for (const std::string& difference : result.differences) std::cout << "    " << lang::printable(difference) << "\n";
    }

    void print_json(const SuiteCase& result) {
        Json json = result.json;
        if (result.verdict == Verdict::Failed) json["error"] = result.reason;
        if (result.verdict == Verdict::Unavailable) json["error"] = "unavailable: " + result.reason;
        std::cout << (is_first_ ? "[\n  " : ",\n  ") << json.text();
        is_first_ = false;
    }

    const SuiteOptions& options_;
    bool is_first_ = true;
    std::array<std::size_t, 3> counts_{};
    std::size_t other_files_ = 0, errors_ = 0;
    std::map<std::string, std::size_t> unavailable_;
};

}  // namespace

int run_suite(const SuiteOptions& options, const RunSuiteFile& run_file) {
    Report report(options);
    const auto found = chain::fixtures::find_files({options.paths.begin(), options.paths.end()});
    for (const std::string& error : found.errors) report.add_error(error);
    std::vector<FileReport> reports(found.files.size());
    const unsigned threads = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
    chain::fixtures::for_each_in_order(
        found.files.size(), threads, [&](std::size_t i) { reports[i] = report_on(found.files[i], run_file); },
        [&](std::size_t i) { report.add(found.files[i], std::exchange(reports[i], {})); });
    return report.finish();
}

}  // namespace interlock::cli
