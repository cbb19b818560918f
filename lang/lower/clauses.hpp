// Lowers a contract's invariants and the clauses of its functions; each becomes a function of its own. A clause that is
// typed but has no form in the IR stays as a clause without a function, so that it never counts as proved.
#pragma once

#include <array>
#include <string>

#include "lang/ir/ir.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

class ContractLowering;

class Clauses {
  public:
    Clauses(ContractLowering& contract, ir::Contract& out);

    void lower();

  private:
    void lower_invariant(const Invariant& invariant, std::size_t& unlabelled);
    void lower_clauses(FunctionId function);
    void note_clauses_without_body(FunctionId function);
    void note_conditions_of_bodies();
    [[nodiscard]] ir::Clause clause_of(FunctionId function, const SpecClause& clause,
                                       std::array<std::size_t, 3>& counts) const;
    [[nodiscard]] static ir::Function specification(std::string name, SourceRange range);
    // `subject` is the index of a function, or ir::Contract::none.
    void add_open(std::uint32_t subject, std::string label, const std::string& reason, SourceRange range);
    [[nodiscard]] std::string text_of(ExprId expr) const;

    ContractLowering& contract_;
    const Program& program_;
    const Tree& tree_;
    ir::Contract& out_;  // its invariants and clauses
};

}  // namespace interlock::lang::lowering
