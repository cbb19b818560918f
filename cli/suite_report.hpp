// What the commands that run public test suites share: walking folders, printing what failed, the sums.
#pragma once

#include <filesystem>
#include <functional>

#include "chain/fixtures/verdict.hpp"
#include "cli/command.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

struct SuiteCase {
    std::string name;
    chain::fixtures::Verdict verdict = chain::fixtures::Verdict::Passed;
    std::string reason;                    // unless it passed
    std::vector<std::string> differences;  // printed below a failure
    Json json;                             // with --json: an object, to which "error" is added
};

struct SuiteOptions {
    std::vector<std::string> paths;  // files, or folders of which all *.json are run
    unsigned threads = 0;            // 0: as many as there are processors
    bool json = false;
    std::string kind;  // "blockchain test"
    std::string only;  // the fork that is asked for; empty: all
};

// The cases of a file; nullopt: it holds none of this kind. Throws what is wrong with the file.
using RunSuiteFile = std::function<std::optional<std::vector<SuiteCase>>(const std::filesystem::path& file)>;

// -j
[[nodiscard]] Option threads_option(SuiteOptions& options);

// Prints a line for each failure, then "N passed, M failed, K unavailable"; with JSON an array. The exit code: 0 nothing
// failed, 1 something did, 65 a file could not be read or there was nothing to run.
[[nodiscard]] int run_suite(const SuiteOptions& options, const RunSuiteFile& run_file);

}  // namespace interlock::cli
