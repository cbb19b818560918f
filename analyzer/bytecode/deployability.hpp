// What running a code tells about it: whether it is creation code, what it deploys, which arguments it wants.
#pragma once

#include "vm/bytes.hpp"
#include "vm/fork.hpp"

namespace interlock::analyzer {

struct TriedCode {
    bool is_creation = false;
    bool is_payable = false;      // the constructor
    std::vector<bool> arguments;  // the words that the constructor takes, as far as it tells: whether each is an address
    vm::Bytes runtime_code;       // what is deployed; empty if no attempt succeeded
};

[[nodiscard]] TriedCode try_code(const vm::Bytes& code, vm::Fork fork);

// Returns creation code that deploys the runtime code as it is.
[[nodiscard]] vm::Bytes creation_of(const vm::Bytes& runtime_code);

}  // namespace interlock::analyzer
