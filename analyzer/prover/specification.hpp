// Translates specifications into formulas: an invariant in a state, a clause at the end of its function.
//
// A specification function is pure, so all its paths become one formula. It holds if it can be evaluated (no division
// by zero, no overflow) and gives true; the same reading applies whether it is assumed or proved.
#pragma once

#include "analyzer/prover/interpreter.hpp"

namespace interlock::analyzer::prover {

class Specifications {
  public:
    explicit Specifications(Session& session) : session_(session), interpreter_(session) {}

    // Throws NotCovered. `before` is the state that `old` means; it is null for invariants.
    [[nodiscard]] z3::expr holds(const ir::Function& specification, const std::vector<z3::expr>& arguments, const State& now,
                                 const State* before, const Message& message);

    static constexpr std::uint32_t max_steps = 20'000;  // per formula
    static constexpr std::uint32_t max_depth = 64;      // of nested calls and branches

  private:
    struct Outcome {
        z3::expr defined;
        std::vector<z3::expr> results;
    };
    struct Context {
        State now;
        const State* before;
        const Message& message;
    };
    [[nodiscard]] Outcome run(Invocation invocation, z3::expr guard, Context& context, std::uint32_t depth);
    [[nodiscard]] Outcome finish(Invocation& invocation, const z3::expr& defined, const z3::expr& guard, Context& context,
                                 std::uint32_t depth);

    Session& session_;
    Interpreter interpreter_;
    std::uint32_t steps_ = 0;
};

}  // namespace interlock::analyzer::prover
