// Code that the commands for public test suites share: walking folders, printing failures and sums.
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
    std::string reason;                    // empty when it passed
    std::vector<std::string> differences;  // printed below a failure
    Json json;                             // with --json: an object, to which "error" is added
};

struct SuiteOptions {
    std::vector<std::string> paths;  // files, or folders whose *.json are all run
    unsigned threads = 0;            // 0: one per processor
    bool json = false;
    std::string kind;  // "blockchain test"
    std::string only;  // run only this fork; empty: all
};

// Runs the cases of a file. Returns std::nullopt if it holds none of this kind. Throws a description of what is wrong
// with the file.
using RunSuiteFile = std::function<std::optional<std::vector<SuiteCase>>(const std::filesystem::path& file)>;

// Prints a line for each failure, then "N passed, M failed, K unavailable"; with JSON it prints an array. Returns the
// exit code: 0 if nothing failed, 1 if something failed, 65 if a file could not be read or there was nothing to run.
[[nodiscard]] int run_suite(const SuiteOptions& options, const RunSuiteFile& run_file);

}  // namespace interlock::cli
