// A report for people: findings in the compiler's shape with the attack as a story, then a line a property.
#pragma once

#include <string>

#include "analyzer/check.hpp"
#include "analyzer/report/story.hpp"

namespace interlock::analyzer {

// The finding as a diagnostic: where control leaves, which write comes too late, what to do instead.
[[nodiscard]] lang::Diagnostic diagnose(const Trace& attack);

struct ReportStyle {
    bool color = false;
    std::string file;  // said on each verdict's line; empty: there is only one
};

// `trace_paths`: where each attack was written (may be shorter or empty).
[[nodiscard]] std::string to_text(const Report& report, const lang::Sources& sources,
                                  const std::vector<std::string>& trace_paths, const ReportStyle& style);

}  // namespace interlock::analyzer
