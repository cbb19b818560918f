// SARIF 2.1.0 (OASIS): findings, open questions and compile errors for code hosts and editors.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/check.hpp"

namespace interlock::analyzer {

// A path as a URI reference (RFC 3986): relative as it is, with what must not stand in it as `%20`; absolute with `file:`.
[[nodiscard]] std::string uri_of(std::string_view path);

class SarifLog {
  public:
    SarifLog();
    ~SarifLog();

    void add(const lang::Diagnostics& diagnostics, const lang::Sources& sources);
    void add(const Report& report, const lang::Sources& sources);

    // A file that could not be checked to its end, and why.
    void add_unchecked(std::string_view file, std::string_view message);

    [[nodiscard]] std::string text() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::analyzer
