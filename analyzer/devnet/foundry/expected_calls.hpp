// expectCall: calls that have to be made before the test ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedCall {
    vm::Address callee;
    vm::Bytes data;  // how its call data begin
    std::optional<vm::Word> value;
    std::optional<std::uint64_t> gas, least_gas;
    std::uint64_t count = 1;
    bool is_exact = false;  // the count; otherwise it is the least

    std::uint64_t met = 0;
};

class ExpectedCalls {
  public:
    // Why it cannot be; empty: it is. Without a count, expecting the same again asks for one more.
    [[nodiscard]] std::string add(const ExpectedCall& expected);
    void on_call(const vm::Message& message, vm::ByteView input);
    [[nodiscard]] std::string missing() const;  // when the test ends; empty: nothing is

  private:
    std::vector<ExpectedCall> all_;
};

}  // namespace interlock::analyzer::foundry
