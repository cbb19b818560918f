// The results of `check` for all its files as one JSON document. The order of keys is part of the interface.
//
//   {"verdicts": [{"file", "contract", "property", "verdict", "id", "kind", "trace", …}],
//    "errors":   [{"severity", "code", "message", "file", "line", "column", "label", "help"}],
//    "files":    [{"file", "status", "left_out", "barriers": [{"file", "line"}], "stats"}],
//    "stats":    {"states", "transitions", "seconds", …}}
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/check.hpp"

namespace interlock::analyzer {

class JsonLog {
  public:
    JsonLog();
    ~JsonLog();

    // Adds a checked file. `trace_paths` says where each attack was written, parallel to `attacks`; empty: nowhere.
    void add(std::string_view file, const Report& report, const lang::Sources& sources,
             const std::vector<std::string>& trace_paths);

    // Adds the compiler's diagnostics for a file, errors and warnings.
    void add(const lang::Diagnostics& diagnostics, const lang::Sources& sources);

    // Adds a file that could not be checked, with the reason: "unreadable", "not compiled", "not reached".
    void add_unchecked(std::string_view file, std::string_view status, std::string_view message);

    [[nodiscard]] std::string text() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::analyzer
