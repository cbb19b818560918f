// expectCreate: contracts that must be created before the test ends.
#pragma once

#include <string>
#include <vector>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedCreation {
    vm::Bytes code;  // the new contract's code
    vm::Address creator;
    vm::CallKind kind = vm::CallKind::Create;
};

class ExpectedCreations {
  public:
    void add(ExpectedCreation expected) { all_.push_back(std::move(expected)); }
    void on_created(const vm::Message& message, vm::ByteView code);  // one creation meets at most one expectation
    [[nodiscard]] std::string missing() const;                       // called at the test's end; empty if nothing is missing

  private:
    std::vector<ExpectedCreation> all_;  // that have not been met yet
};

}  // namespace interlock::analyzer::foundry
