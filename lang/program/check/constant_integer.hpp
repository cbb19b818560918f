// Whole numbers that are known before anything runs: lengths of arrays, places in storage.
// Apart from declarations.hpp, which most of the checker includes, because it brings Boost.Multiprecision.
#pragma once

#include <optional>

#include "lang/program/check/context.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {

// The value of numbers, constants and what is calculated from them; std::nullopt where it is not known, or not whole.
std::optional<BigInteger> constant_integer(Context& context, ExprId id);

}  // namespace interlock::lang
