// Units: what the numbers that functions are given count, as far as the code shows: ether or tokens, things, seconds,
// instants, or parts of a whole; or nothing, since they are the numbers of things. A system that is put together with likely
// numbers gets further.
#pragma once

#include <map>
#include <utility>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

enum class Unit : std::uint8_t {
    Unknown,
    Money,    // wei, or the smallest part of a token
    Things,   // counted one by one
    Span,     // seconds
    Instant,  // seconds since 1970
    Part,     // of a whole, as 500 of 10,000
    Key,      // of things that are numbered: entries of mappings, elements of arrays
};

struct Measure {
    Unit unit = Unit::Unknown;
    vm::Word whole;  // Part: of what
    friend bool operator==(const Measure&, const Measure&) = default;
};

// Returns what is known of parameters, by the function's index and the parameter's.
using Measures = std::map<std::pair<std::uint32_t, std::size_t>, Measure>;
[[nodiscard]] Measures measures_of(const lang::ir::Contract& contract);

}  // namespace interlock::analyzer
