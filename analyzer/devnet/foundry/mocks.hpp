// mockCall: answers of contracts that need not be there.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "vm/machine.hpp"

namespace interlock::analyzer::foundry {

struct MockedCall {
    vm::Address callee;
    vm::Bytes data;                 // how its call data begin
    std::optional<vm::Word> value;  // none: any
    bool reverts = false;
    std::deque<vm::Bytes> answers;        // one after the other; the last stays
    std::optional<vm::Address> stand_in;  // whose code runs instead of an answer
};

class Mocks {
  public:
    void add(MockedCall mocked);  // in place of one for the same call
    void clear() { all_.clear(); }
    // The one that asks for most of the call data. `message.code_address` becomes the stand-in's, if there is one.
    [[nodiscard]] std::optional<vm::Reply> on_call(vm::Message& message, vm::ByteView input);

  private:
    std::vector<MockedCall> all_;
};

}  // namespace interlock::analyzer::foundry
