// Integers that are known before anything runs: lengths of arrays, positions in storage. This is not in
// declarations.hpp, which most of the checker includes, because it includes Boost.Multiprecision.
#pragma once

#include <optional>

#include "lang/program/check/context.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {

// Returns the value of numbers, constants and expressions of them, or std::nullopt if it is unknown or not an integer.
std::optional<BigInteger> constant_integer(Context& context, ExprId id);

}  // namespace interlock::lang
