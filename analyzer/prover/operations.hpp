// Operations: what one arithmetic, bitwise or conversion instruction of the IR means on integers with ranges.
//
// The meaning is exact where integers can express it (checked and wrapping arithmetic, shifts and masks by constants,
// division by a fresh quotient and remainder). Otherwise it is any value of the result's type within sound bounds.
#pragma once

#include "analyzer/prover/terms.hpp"

namespace interlock::analyzer::prover {

// Receives the conditions of an operation. Both functions may be called for values that no real run has, in branches
// that are not taken. Neither condition is therefore global: the receiver guards it with the condition under which the
// run gets here.
class Conditions {
  public:
    virtual ~Conditions() = default;
    virtual void require(const z3::expr& condition) = 0;  // the run continues only if this holds; otherwise it reverts
    virtual void define(const z3::expr& definition) = 0;  // holds for the fresh values that were just made
};

struct Operand {
    z3::expr value;
    ir::Type type;
};

class Operations {
  public:
    Operations(const Terms& terms, Conditions& conditions) : terms_(terms), conditions_(conditions) {}

    // Applies any Op that reads only its operands, except those on bytes in memory.
    [[nodiscard]] z3::expr apply(const ir::Instruction& instruction, const std::vector<Operand>& operands);

    [[nodiscard]] z3::expr any(const ir::Type& type, const char* hint);  // any value of the type
    [[nodiscard]] z3::expr convert(const Operand& from, const ir::Type& to);

  private:
    [[nodiscard]] z3::expr reinterpreted(const Operand& from, const ir::Type& to);
    [[nodiscard]] z3::expr sum(const ir::Instruction& instruction, const z3::expr& exact);
    [[nodiscard]] z3::expr product(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b);
    [[nodiscard]] z3::expr division(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b);
    [[nodiscard]] z3::expr power(const ir::Instruction& instruction, const z3::expr& base, const z3::expr& exponent);
    [[nodiscard]] z3::expr shift(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b);
    [[nodiscard]] z3::expr bitwise(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b);
    [[nodiscard]] z3::expr complement(const ir::Type& type, const z3::expr& a);
    [[nodiscard]] z3::expr compare(ir::Op op, const z3::expr& a, const z3::expr& b);
    [[nodiscard]] z3::expr remainder(const z3::expr& a,
                                     const z3::expr& modulus);  // of a positive constant; never negative
    [[nodiscard]] z3::expr floor_quotient(const z3::expr& a, const z3::expr& divisor);  // likewise
    [[nodiscard]] z3::expr reduced(const z3::expr& exact,
                                   const ir::Type& type);  // modulo 2^bits, into the type's range

    const Terms& terms_;
    Conditions& conditions_;
};

}  // namespace interlock::analyzer::prover
