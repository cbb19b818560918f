// expectCreate: contracts that have to be created before the test ends.
#pragma once

#include <string>
#include <vector>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedCreation {
    vm::Bytes code;  // that the new contract has
    vm::Address creator;
    vm::CallKind kind = vm::CallKind::Create;
};

class ExpectedCreations {
  public:
    void add(ExpectedCreation expected) { all_.push_back(std::move(expected)); }
    void on_created(const vm::Message& message, vm::ByteView code);  // each creation is one that was expected
    [[nodiscard]] std::string missing() const;                       // when the test ends; empty: nothing is

  private:
    std::vector<ExpectedCreation> all_;  // that have not been seen yet
};

}  // namespace interlock::analyzer::foundry
