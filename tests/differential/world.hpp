// A simulated chain with one contract on it: transactions in order, and what each of them did.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chain/state.hpp"
#include "tests/differential/inputs.hpp"
#include "vm/message.hpp"

namespace interlock::differential {

// Who calls, who else is known, and where the contract lies: the same in every world.
[[nodiscard]] const vm::Address& caller();
[[nodiscard]] const std::vector<vm::Address>& accounts();  // caller, another one, the contract, nobody

struct Effect {
    vm::Outcome outcome;
    std::vector<vm::Log> logs;
    std::int64_t compute_gas = 0;  // of instructions that are not storage, logs, calls, creations or looks at other accounts
};

class World {
  public:
    World();
    Effect deploy(const vm::Bytes& creation_code, const vm::Bytes& arguments);
    Effect call(const Call&);
    // Balances, nonces and storage of everybody, as text: what two worlds must agree in. Code is left out.
    [[nodiscard]] std::string state() const;
    [[nodiscard]] std::size_t code_bytes();  // of the contract

  private:
    Effect send(vm::Message message);
    chain::State state_;
};

// What has to be equal in two worlds, as text: status, output, logs. Gas is no part of it.
[[nodiscard]] std::string describe(const Effect&);

}  // namespace interlock::differential
