// SARIF 2.1.0 (OASIS): findings, open questions and compile errors for code hosts and editors.
#pragma once

#include <memory>
#include <string>

#include "analyzer/check.hpp"

namespace interlock::analyzer {

class SarifLog {
  public:
    SarifLog();
    ~SarifLog();

    void add(const lang::Diagnostics& diagnostics, const lang::Sources& sources);
    void add(const Report& report, const lang::Sources& sources);

    [[nodiscard]] std::string text() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::analyzer
