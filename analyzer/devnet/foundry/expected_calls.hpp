// expectCall: calls that must be made before the test ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedCall {
    vm::Address callee;
    vm::Bytes data;  // the beginning of the call data
    std::optional<vm::Word> value;
    std::optional<std::uint64_t> gas, least_gas;
    std::uint64_t count = 1;
    bool is_exact = false;  // whether `count` is exact; otherwise it is the minimum

    std::uint64_t met = 0;
};

class ExpectedCalls {
  public:
    // Adds an expectation. Returns why that is not possible, or an empty text. Without a count, repeating an
    // expectation asks for one more call.
    [[nodiscard]] std::string add(const ExpectedCall& expected);
    void on_call(const vm::Message& message, vm::ByteView input);
    [[nodiscard]] std::string missing() const;  // called at the test's end; empty if nothing is missing

  private:
    std::vector<ExpectedCall> all_;
};

}  // namespace interlock::analyzer::foundry
