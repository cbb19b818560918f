// mockCall: replies in place of contracts, which need not exist.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "vm/machine.hpp"

namespace interlock::analyzer::foundry {

struct MockedCall {
    vm::Address callee;
    vm::Bytes data;                 // the beginning of the call data
    std::optional<vm::Word> value;  // std::nullopt: any value
    bool reverts = false;
    std::deque<vm::Bytes> answers;        // used one after the other; the last one stays
    std::optional<vm::Address> stand_in;  // the account whose code runs instead
};

class Mocks {
  public:
    void add(MockedCall mocked);  // replaces a mock of the same call
    void clear() { all_.clear(); }
    // Uses the mock that matches most of the call data. `message.code_address` becomes the stand-in's, if there is one.
    [[nodiscard]] std::optional<vm::Reply> on_call(vm::Message& message, vm::ByteView input);

  private:
    std::vector<MockedCall> all_;
};

}  // namespace interlock::analyzer::foundry
