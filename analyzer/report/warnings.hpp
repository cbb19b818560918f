// Makes the warnings of a report from what the searches remarked.
#pragma once

#include <set>

#include "analyzer/check.hpp"
#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

class Warnings {
  public:
    // A gain counts only if it repeats on the plain VM.
    void add(World& world, const Remark& remark);

    // Returns those that the report should have: where an attack by re-entry was found, it says enough about re-entry.
    [[nodiscard]] std::vector<Warning> all(const Report& report) const;

  private:
    std::vector<Warning> list_;
    std::set<std::pair<std::string, std::string>> subjects_;  // ids, and what the warnings are about
};

}  // namespace interlock::analyzer
