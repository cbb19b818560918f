// Private keys as tests write them, namely as numbers.
#pragma once

#include <optional>

#include "chain/secp256k1.hpp"

namespace interlock::analyzer::foundry {

// Returns std::nullopt for zero and for numbers that are not below the order of the curve.
[[nodiscard]] std::optional<chain::PrivateKey> private_key(const vm::Word& number);

}  // namespace interlock::analyzer::foundry
