// Clauses and checks: conditions at the end of one function, or at one statement in it, in addition to the strong facts.
#pragma once

#include "analyzer/prover/induction.hpp"

namespace interlock::analyzer::prover {

// Proves all `ensures`, `reverts if` and `check`, in the order of ProofReport. A function's `requires` is assumed for
// that function's own clauses and checks only.
class Clauses {
  public:
    Clauses(Session& session, Induction& induction, const std::vector<Effects>& effects);

    void prove();  // never throws OutOfTime: what was not reached is Unknown
    [[nodiscard]] const std::vector<PropertyProof>& proofs() const { return proofs_; }

  private:
    class Obligations;

    [[nodiscard]] bool concerns(std::uint32_t function) const;
    void prove_function(std::uint32_t function);
    void assume_requirements(std::uint32_t function, const Start& start);
    void fail_function(std::uint32_t function, const Obstacle& obstacle);
    void discharge(PropertyProof& proof, const z3::expr& goal, const std::string& where, lang::SourceRange range);
    void discharge_clauses(std::uint32_t function, const Start& start, const State& end,
                           const std::vector<z3::expr>& results);
    void find_internal_calls();
    [[nodiscard]] std::vector<z3::expr> arguments_of(const ir::Function& specification, const ir::Function& subject,
                                                     const Start& start);
    [[nodiscard]] PropertyProof* check_at(lang::SourceRange range);
    void conclude();

    Session& session_;
    Induction& induction_;
    const std::vector<Effects>& effects_;
    Specifications specifications_;
    std::vector<PropertyProof> proofs_;      // clauses first, then checks
    std::vector<std::uint32_t> clause_of_;   // of the first proofs: index into contract.clauses
    std::vector<lang::SourceRange> checks_;  // of the other proofs: the place of the check
    std::vector<bool> called_inside_;        // functions that other functions call
    std::vector<bool> runs_at_creation_;     // functions that the constructor calls, and those that they call
};

}  // namespace interlock::analyzer::prover
