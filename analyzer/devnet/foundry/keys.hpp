// Private keys as tests write them: a number.
#pragma once

#include <optional>

#include "chain/secp256k1.hpp"

namespace interlock::analyzer::foundry {

// nullopt: zero, or not below the order of the curve.
[[nodiscard]] std::optional<chain::PrivateKey> private_key(const vm::Word& number);

}  // namespace interlock::analyzer::foundry
