// Which words a function requires to be no more than something that does not change.
#pragma once

#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

class Caps {
  public:
    Caps(const Makers& made_by, const Uses& uses) : made_by_(made_by), uses_(uses) {}

    // Returns the limit if all that is done with x, but by `except`, is to require that it is at most that.
    [[nodiscard]] std::optional<ir::Word> most_of(ir::Value x, const ir::Instruction* except) const;
    // The same of a load, or of its sum with something.
    [[nodiscard]] std::optional<Cap> cap_of(const ir::Instruction& load) const;

  private:
    [[nodiscard]] std::optional<ir::Word> limit_of(ir::Value value, bool is_strict) const;

    const Makers& made_by_;
    const Uses& uses_;
};

}  // namespace interlock::analyzer::prover
