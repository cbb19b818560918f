// What the runners of the public suites share: archives unpacked, their files run in parallel, cases counted.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chain/fixtures/verdict.hpp"

namespace interlock::conformance {

struct CaseReport {
    std::string name;
    chain::fixtures::Verdict verdict = chain::fixtures::Verdict::Passed;
    std::string reason;  // unless it passed
};

// All cases of a file; what it throws is one failed case.
using RunFile = std::function<std::vector<CaseReport>(const std::filesystem::path& file)>;

// The `main` of a runner: runs these archives, or those that the arguments name, and prints a line for each that says
// how many cases passed. Fails when a case does not pass.
//
//     NAME_conformance [--fixtures FOLDER] [--archive NAME]... [--leave-out FILE]...
[[nodiscard]] int run_archives(int argc, char** argv, const std::vector<std::string>& archives, const RunFile& run);

}  // namespace interlock::conformance
