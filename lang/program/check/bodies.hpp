// The pass over all bodies: functions and modifiers with their heads (bodies.cpp), and the statements in scopes as
// Solidity nests them (statements.cpp).
#pragma once

#include <set>

#include "lang/program/check/expressions.hpp"

namespace interlock::lang {

class Bodies {
  public:
    explicit Bodies(Context& context) : context_(context), tree_(context.tree), expressions_(context) {}

    void run();

  private:
    void initials(ContractId id);
    void contract(ContractId id);
    void check_labels(ContractId id);
    void modifier_body(ContractId id, ModifierId modifier);
    void function_body(ContractId id, FunctionId function_id);
    void clauses(ContractId id, FunctionId function);
    void modified(ContractId contract, FunctionId function, ExprId path);
    void condition_here(ExprId expr);
    void specification(ContractId contract, FunctionId function, SpecPlace place, ExprId expr);
    void modifier_use(FunctionId function, const Invocation& invocation);
    void base_constructor(FunctionId function, ContractId base, const Invocation& invocation);
    void base_arguments(ContractId base, const Invocation& invocation);
    void bases(ContractId id);
    void check_base_arguments(ContractId id);
    void report_no_modifier(const Name& name, const Invocation& invocation);
    [[nodiscard]] const Declared* named_by(const Path& path) const;

    // --- statements.cpp ---
    void declare_all(const std::vector<VariableId>& variables);
    void declare(VariableId id);
    void statement(StmtId id);
    void try_statement(const Stmt& stmt);
    void tried_results(const Stmt& stmt, bool is_error);
    void catch_clause(const Catch& clause);
    void block(const Stmt& stmt);
    void inner(StmtId id);
    void unchecked(const Stmt& stmt);
    void loop_body(StmtId id);
    void loop_invariants(const Stmt& stmt);
    void for_loop(const Stmt& stmt);
    void jump(const Stmt& stmt);
    void placeholder(const Stmt& stmt);
    void return_values(const Stmt& stmt);
    void expression(const Stmt& stmt);
    void ghost_update(ExprId id);
    void evaluate(ExprId id);
    void settle_all(const std::vector<ExprId>& list);
    void declaration(const Stmt& stmt);
    void note_pointer(VariableId id);
    void initial_values(const Stmt& stmt, const std::vector<TypeId>& wanted);

    Context& context_;
    const Tree& tree_;
    Expressions expressions_;
    unsigned loops_ = 0;
    bool in_unchecked_ = false;
    bool has_body_ = false;
    bool has_placeholder_ = false;        // whether the current modifier has one
    std::set<FunctionId> with_pointers_;  // functions that declare references without a place, including results
    std::set<ModifierId> modifiers_with_pointers_;
};

}  // namespace interlock::lang
