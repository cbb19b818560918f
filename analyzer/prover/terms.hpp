// Terms: the IR's types and words as Z3 integers.
//
// A number is a mathematical integer with a range, never a bit vector: for contracts of a bank's size Z3 then decides
// in milliseconds what it does not decide at all with 256-bit vectors. Int values are signed integers. An address, an
// enum and a bytesN (left-aligned, as in the word) are unsigned. Bytes and String are names of contents. Bool is Bool.
#pragma once

#include <z3++.h>

#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// Connectives that fold the constants true and false, so that decided branches disappear before Z3 sees them.
[[nodiscard]] z3::expr both(const z3::expr& a, const z3::expr& b);
[[nodiscard]] z3::expr either(const z3::expr& a, const z3::expr& b);
[[nodiscard]] z3::expr negation(const z3::expr& a);
[[nodiscard]] z3::expr implication(const z3::expr& a, const z3::expr& b);
[[nodiscard]] z3::expr choice(const z3::expr& condition, const z3::expr& then, const z3::expr& otherwise);
[[nodiscard]] z3::expr equality(const z3::expr& a, const z3::expr& b);

class Terms {
  public:
    explicit Terms(z3::context& context) : context_(context) {}

    [[nodiscard]] z3::context& context() const { return context_; }
    [[nodiscard]] z3::expr truth(bool value) const { return context_.bool_val(value); }
    [[nodiscard]] z3::expr number(std::int64_t value) const { return context_.int_val(value); }
    [[nodiscard]] z3::expr word(const ir::Word& value) const;  // as an unsigned number
    [[nodiscard]] z3::expr constant(const ir::Word& value, const ir::Type& type) const;
    [[nodiscard]] z3::expr power_of_two(unsigned exponent) const;

    [[nodiscard]] z3::sort sort_of(const ir::Type& type) const;
    [[nodiscard]] z3::expr fresh(const ir::Type& type, const char* hint) const;  // any value of its sort, without a range
    [[nodiscard]] z3::expr fresh_integer(const char* hint) const;
    [[nodiscard]] z3::expr fresh_of_sort(const z3::sort& sort, const char* hint) const;

    // Returns what every value of the type satisfies; true for Bool, Integer and the references.
    [[nodiscard]] z3::expr in_range(const z3::expr& value, const ir::Type& type) const;
    [[nodiscard]] z3::expr smallest(const ir::Type& type) const;  // for types with a range
    [[nodiscard]] z3::expr largest(const ir::Type& type) const;

  private:
    z3::context& context_;
};

[[nodiscard]] bool has_range(const ir::Type& type);

// Returns how many bits the value has as a number: 256 for every bytesN, since it is left-aligned.
[[nodiscard]] unsigned width(const ir::Type& type);

}  // namespace interlock::analyzer::prover
