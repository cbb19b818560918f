// SARIF 2.1.0 (OASIS): findings, undecided properties and compile errors for code hosts and editors.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/check.hpp"

namespace interlock::analyzer {

// Returns a path as a URI reference (RFC 3986): a relative path stays relative, with escapes such as `%20`; an absolute
// path gets `file:`.
[[nodiscard]] std::string uri_of(std::string_view path);

class SarifLog {
  public:
    SarifLog();
    ~SarifLog();

    void add(const lang::Diagnostics& diagnostics, const lang::Sources& sources);
    void add(const Report& report, const lang::Sources& sources);

    // Adds a file whose check did not reach its end, with the reason.
    void add_unchecked(std::string_view file, std::string_view message);

    [[nodiscard]] std::string text() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::analyzer
