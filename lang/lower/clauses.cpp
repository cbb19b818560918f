#include "lang/lower/clauses.hpp"

#include <algorithm>
#include <string_view>

#include "lang/lower/contract.hpp"
#include "lang/lower/specifications.hpp"

namespace interlock::lang::lowering {

Clauses::Clauses(ContractLowering& contract, ir::Contract& out)
    : contract_(contract), program_(contract.program), tree_(contract.tree), out_(out) {}

// Invariants are inherited; a clause stays with the function on which it is written.
void Clauses::lower() {
    std::size_t unlabelled = 0;
    for (const ContractId contract : contract_.linearization())
        for (const Invariant& invariant : tree_[contract].invariants) lower_invariant(invariant, unlabelled);
    std::vector<FunctionId> subjects;
    for (const ContractId contract : contract_.linearization()) {
        std::ranges::copy_if(tree_[contract].functions, std::back_inserter(subjects),
                             [&](FunctionId function) { return contract_.functions.has(function); });
    }
    // Free functions belong to whoever uses them, and so do those of a library that has no code of its own.
    for (const FunctionId function : contract_.functions.declared()) {
        const ContractId owner = program_[function].contract;
        if (!owner || (!contract_.functions.is_member(function) && !has_outer_functions(tree_, owner)))
            subjects.push_back(function);
    }
    for (const FunctionId function : subjects) lower_clauses(function);
    for (const ContractId contract : contract_.linearization())
        for (const FunctionId function : tree_[contract].functions) note_clauses_without_body(function);
    note_conditions_of_bodies();
}

void Clauses::lower_invariant(const Invariant& invariant, std::size_t& unlabelled) {
    ir::Invariant made;
    made.label = invariant.label.text;
    if (made.label.empty()) made.label = "invariant " + std::to_string(++unlabelled);
    try {
        made.strong = invariant.strong;
        made.text = text_of(invariant.expr);
        made.range = invariant.range;
        const std::string name = invariant.label.text.empty() ? made.label : "invariant " + made.label;
        ir::Function function = specification(name, invariant.range);
        Frame frame(contract_, function);
        Specifications(frame).lower_invariant(invariant.expr);
        made.function = contract_.functions.add(std::move(function));
        out_.invariants.push_back(std::move(made));
    } catch (const Unsupported& unsupported) {
        add_open(ir::Contract::none, made.label, unsupported.message, invariant.range);
    }
}

void Clauses::lower_clauses(FunctionId function) {
    const std::uint32_t subject = contract_.functions.at(function);
    std::array<std::size_t, 3> counts{};
    for (const SpecClause& clause : tree_[function].specs) {
        const bool is_condition = clause.kind != SpecKind::Modifies && clause.kind != SpecKind::Nonreentrant;
        if (!is_condition) {
            const std::string word = clause.kind == SpecKind::Modifies ? "modifies" : "nonreentrant";
            add_open(subject, contract_.functions.head(subject).name + ": " + word,
                     "`" + word + "` is not supported here yet", clause.range);
            continue;
        }
        ir::Clause made = clause_of(function, clause, counts);
        try {
            made.text = text_of(clause.expr);
            ir::Function condition = specification(made.label, clause.range);
            if (contract_.functions.head(subject).is_raw) {  // a constructor; its parameters are decoded by its body
                for (const VariableId each : tree_[function].parameters)
                    std::ranges::copy(contract_.types.words(each), std::back_inserter(condition.parameters));
            } else {
                condition.parameters = contract_.functions.head(subject).parameters;
            }
            if (made.kind == ir::Clause::Kind::Ensures)
                std::ranges::copy(contract_.functions.head(subject).returns, std::back_inserter(condition.parameters));
            Frame frame(contract_, condition);
            Specifications(frame).lower_clause(function, clause);
            made.function = contract_.functions.add(std::move(condition));
            out_.clauses.push_back(std::move(made));
        } catch (const Unsupported& unsupported) {
            if (made.kind != ir::Clause::Kind::Requires)  // an omitted `requires` only means that less is assumed
                add_open(subject, made.label, unsupported.message, clause.range);
        }
    }
}

// Nothing of this contract owes what is stated of a function without a body, so nothing is proved of it.
void Clauses::note_clauses_without_body(FunctionId function) {
    if (tree_[function].body || tree_[function].is_ghost) return;
    const std::string owner(tree_[program_[function].contract].name.text);
    for (const SpecClause& clause : tree_[function].specs) {
        if (clause.kind == SpecKind::Requires) continue;
        const std::string own = clause.label.text.empty() ? "clause" : std::string(clause.label.text);
        add_open(ir::Contract::none, owner + "." + std::string(tree_[function].name.text) + ": " + own,
                 "the function has no body, and what overrides it owes nothing to this clause", clause.range);
    }
}

// The label is "withdraw: ensures 1" or "withdraw: the label".
ir::Clause Clauses::clause_of(FunctionId function, const SpecClause& clause, std::array<std::size_t, 3>& counts) const {
    constexpr std::array<std::string_view, 3> words{"requires", "ensures", "reverts if"};
    ir::Clause made;
    switch (clause.kind) {
        case SpecKind::Requires: made.kind = ir::Clause::Kind::Requires; break;
        case SpecKind::Ensures: made.kind = ir::Clause::Kind::Ensures; break;
        case SpecKind::RevertsIf: made.kind = ir::Clause::Kind::RevertsIf; break;
        case SpecKind::Modifies:
        case SpecKind::Nonreentrant: break;  // they have no condition
    }
    const auto kind = static_cast<std::size_t>(made.kind);
    const std::string number = std::to_string(++counts[kind]);
    const std::string own =
        clause.label.text.empty() ? std::string(words[kind]) + ' ' + number : std::string(clause.label.text);
    made.subject = contract_.functions.at(function);
    made.label = out_.functions[made.subject].name + ": " + own;
    made.range = clause.range;
    return made;
}

// Notes conditions in bodies that the IR does not contain: those that are not plain, and invariants of loops.
void Clauses::note_conditions_of_bodies() {
    const auto place = [&](SourceRange range) {
        return program_.sources->file_of(range).path + ":" + std::to_string(program_.sources->position(range.begin).line);
    };
    std::vector<StmtId> bodies;
    for (const FunctionId function : contract_.functions.declared()) bodies.push_back(tree_[function].body);
    for (const ContractId contract : contract_.linearization())
        for (const ModifierId modifier : tree_[contract].modifiers) bodies.push_back(tree_[modifier].body);
    while (!bodies.empty()) {
        const StmtId body = bodies.back();
        bodies.pop_back();
        if (!body) continue;
        const Stmt& stmt = tree_[body];
        if (stmt.kind == StmtKind::Check && !is_plain_condition(program_, stmt.expr))
            add_open(ir::Contract::none, "check at " + place(stmt.range),
                     "this condition is not supported inside of a body yet", stmt.range);
        for (const ExprId invariant : stmt.invariants)
            add_open(ir::Contract::none, "loop invariant at " + place(tree_[invariant].range),
                     "invariants of loops are not supported yet", tree_[invariant].range);
        bodies.insert(bodies.end(), stmt.list.begin(), stmt.list.end());
        bodies.insert(bodies.end(), {stmt.init, stmt.body, stmt.other});
        for (const Catch& clause : stmt.catches) bodies.push_back(clause.body);
    }
}

ir::Function Clauses::specification(std::string name, SourceRange range) {
    ir::Function made;
    made.kind = ir::FunctionKind::Specification;
    made.mutability = ir::Mutability::View;
    made.name = std::move(name);
    made.range = range;
    made.returns = {{"", ir::bool_type}};
    return made;
}

void Clauses::add_open(std::uint32_t subject, std::string label, const std::string& reason, SourceRange range) {
    ir::Clause made;
    made.subject = subject;
    made.function = ir::Contract::none;
    made.label = std::move(label);
    made.text = reason;
    made.range = range;
    out_.clauses.push_back(std::move(made));
}

std::string Clauses::text_of(ExprId expr) const { return std::string(program_.sources->text(tree_[expr].range)); }

}  // namespace interlock::lang::lowering
