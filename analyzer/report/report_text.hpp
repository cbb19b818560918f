// A report for people: findings in the compiler's format with the attack as a story, then one line per property.
#pragma once

#include <string>

#include "analyzer/check.hpp"
#include "analyzer/report/story.hpp"

namespace interlock::analyzer {

// Returns the finding as a diagnostic: where control leaves, which write comes too late, what to do instead.
[[nodiscard]] lang::Diagnostic diagnose(const Trace& attack);

// Returns the warning as a diagnostic, with its steps as notes.
[[nodiscard]] lang::Diagnostic diagnose(const Warning& warning);

struct ReportStyle {
    bool color = false;
    std::string file;  // shown on each verdict's line; empty if there is only one file
};

// `trace_paths` says where each attack was written (it may be shorter than the list of attacks, or empty).
[[nodiscard]] std::string to_text(const Report& report, const lang::Sources& sources,
                                  const std::vector<std::string>& trace_paths, const ReportStyle& style);

}  // namespace interlock::analyzer
