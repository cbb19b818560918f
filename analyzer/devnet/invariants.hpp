// Evaluates a contract's invariants on the concrete state of a world.
#pragma once

#include <vector>

#include "analyzer/devnet/world.hpp"
#include "lang/ir/evaluate.hpp"

namespace interlock::analyzer {

struct InvariantReading {
    PropertyId invariant;
    lang::Evaluation evaluation;

    [[nodiscard]] bool is_false() const { return evaluation.holds.has_value() && !*evaluation.holds; }
};

// Evaluates the invariants of one contract, in the order of its IR. `preimages` covers everything that has run on this
// state. Without sources the operands are left out.
[[nodiscard]] std::vector<lang::Evaluation> evaluate_invariants(chain::State& state, const Preimages& preimages,
                                                                const Address& address, const lang::Artifact& artifact,
                                                                const lang::Sources* sources);

// Evaluates all invariants of all contracts, in order. A report shows the operands, which take longer than the rest.
enum class Operands : std::uint8_t { Left, Shown };
[[nodiscard]] std::vector<InvariantReading> read_invariants(World& world, Operands operands = Operands::Left);

}  // namespace interlock::analyzer
