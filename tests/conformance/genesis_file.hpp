// A chain's beginning as go-ethereum's genesis files and the public genesis tests write it.
#pragma once

#include "chain/block.hpp"
#include "chain/fixtures/json_values.hpp"
#include "chain/state.hpp"

namespace interlock::conformance {

// An object {address: {balance or wei, nonce, code, storage}}, of which an account may lack any.
void allocate(chain::State&, const chain::fixtures::Json& accounts);

// The header in front of that state: of a block without transactions, before any fork that gave headers more fields.
[[nodiscard]] chain::Header read_header(const chain::fixtures::Json& genesis, const vm::Hash& state_root);

}  // namespace interlock::conformance
