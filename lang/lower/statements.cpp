#include "lang/lower/statements.hpp"

#include "lang/lower/assembly.hpp"
#include "lang/lower/assignments.hpp"
#include "lang/lower/bodies.hpp"
#include "lang/lower/events.hpp"
#include "lang/lower/failures.hpp"
#include "lang/lower/members.hpp"
#include "lang/lower/results.hpp"
#include "lang/lower/specification_terms.hpp"
#include "lang/lower/specifications.hpp"
#include "lang/lower/try.hpp"

namespace interlock::lang::lowering {

namespace {

// A reference to storage with a value stands for the place that it names, which is known only there.
bool is_bound_late(const Program& program, VariableId variable) {
    const Type& type = program[program[variable].type];
    return type.location == DataLocation::Storage || type.kind == TypeKind::Mapping;
}

}  // namespace

void Statements::placeholder() {
    const Variables::Names saved = variables_.names();
    const auto& parameters = tree_[level_.function].parameters;
    std::size_t next = 0;
    for (const VariableId parameter : parameters)
        for (const Local local : variables_.locals_of(parameter)) builder_.write(local, level_.parameters[next++]);
    for (std::size_t i = 0; i < level_.results.size(); ++i) builder_.write(frame_.returns[i], level_.results[i]);
    Bodies(frame_).level(level_.function, level_.number + 1);
    variables_.restore(saved);
}

void Statements::statement(StmtId id) {
    const Stmt& stmt = tree_[id];
    switch (stmt.kind) {
        case StmtKind::Error: return;
        case StmtKind::Block:
            for (const StmtId each : stmt.list) statement(each);
            return;
        case StmtKind::UncheckedBlock: {
            Statements inside(frame_, mode_.wrapping(), level_, loop_);
            for (const StmtId each : stmt.list) inside.statement(each);
            return;
        }
        case StmtKind::If: return if_statement(stmt);
        case StmtKind::While:
        case StmtKind::For: return loop(stmt);
        case StmtKind::DoWhile: return do_while(stmt);
        case StmtKind::Break: return builder_.jump(loop_.on_break, stmt.range);
        case StmtKind::Continue: return builder_.jump(loop_.on_continue, stmt.range);
        case StmtKind::Return: return return_statement(stmt);
        case StmtKind::Emit: return Events(*this).emit(stmt.expr, stmt.range);
        case StmtKind::Revert: return Failures(*this).raise(stmt.expr, stmt.range);
        case StmtKind::Placeholder: return placeholder();
        case StmtKind::Declare: return declaration(stmt);
        case StmtKind::Expression:
            Members(*this).choose_module(stmt.expr);
            if (stmt.flag || is_text(stmt.expr) || names_no_value(checked_type(stmt.expr)) ||
                checked_type(stmt.expr).kind == TypeKind::RationalLiteral)
                return;  // it updates a ghost variable, or does nothing
            return Results(*this).discard(expression(stmt.expr), stmt.range);
        case StmtKind::Assume:
        case StmtKind::Check:
            if (!is_plain_condition(program_, stmt.expr)) return;  // kept as an open clause
            return SpecificationTerms(*this).condition(stmt.kind == StmtKind::Assume ? ir::Op::Assume : ir::Op::Check,
                                                       stmt.expr, stmt.range);
        case StmtKind::Try: return TryLowering(*this, *this).try_statement(stmt);
        case StmtKind::Assembly: return Assembly(*this).block(stmt.assembly);
    }
}

void Statements::if_statement(const Stmt& stmt) {
    const ir::Value condition = value(stmt.expr);
    const ir::BlockIndex then = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    const ir::BlockIndex otherwise = stmt.other ? builder_.make_block(stmt.range) : after;
    builder_.branch(condition, then, otherwise, tree_[stmt.expr].range);
    builder_.enter_sealed(then);
    statement(stmt.body);
    builder_.jump(after, stmt.range);
    if (stmt.other) {
        builder_.enter_sealed(otherwise);
        statement(stmt.other);
        builder_.jump(after, stmt.range);
    }
    builder_.enter_sealed(after);
}

void Statements::loop(const Stmt& stmt) {
    if (stmt.init) statement(stmt.init);
    const ir::BlockIndex head = builder_.make_block(stmt.range);
    const ir::BlockIndex body = builder_.make_block(stmt.range);
    const ir::BlockIndex step = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    builder_.jump(head, stmt.range);
    builder_.enter(head);
    for (const ExprId invariant : stmt.invariants)
        SpecificationTerms(*this).condition(ir::Op::Check, invariant, tree_[invariant].range);
    if (stmt.expr) builder_.branch(value(stmt.expr), body, after, tree_[stmt.expr].range);
    else builder_.jump(body, stmt.range);
    builder_.enter_sealed(body);
    Statements(frame_, mode_, level_, Loop{step, after}).statement(stmt.body);
    builder_.jump(step, stmt.range);
    builder_.enter_sealed(step);
    if (stmt.step) Results(*this).discard(expression(stmt.step), stmt.range);
    builder_.jump(head, stmt.range);
    builder_.seal(head);
    builder_.enter_sealed(after);
}

void Statements::do_while(const Stmt& stmt) {
    const ir::BlockIndex body = builder_.make_block(stmt.range);
    const ir::BlockIndex condition = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    builder_.jump(body, stmt.range);
    builder_.enter(body);
    const ir::BlockIndex next = contract_.has(rule::continue_repeats) ? body : condition;
    Statements(frame_, mode_, level_, Loop{next, after}).statement(stmt.body);
    builder_.jump(condition, stmt.range);
    builder_.enter_sealed(condition);
    builder_.branch(value(stmt.expr), body, after, tree_[stmt.expr].range);
    builder_.seal(body);
    builder_.enter_sealed(after);
}

void Statements::declaration(const Stmt& stmt) {
    Assignments to(*this);
    if (!stmt.expr) {
        if (contract_.has(rule::scope_is_function)) return;
        for (const VariableId variable : stmt.variables)
            to.bind(variable, to.initial_value(program_[variable].type, stmt.range), stmt.range);
        return;
    }
    const SourceRange range = tree_[stmt.expr].range;
    const Result initial = evaluate(stmt.expr);
    if (initial.kind != Result::Kind::Tuple) return set(stmt.variables.front(), initial, range);
    for (std::size_t i = 0; i < stmt.variables.size() && i < initial.parts.size(); ++i) {
        if (stmt.variables[i]) set(stmt.variables[i], initial.parts[i], range);
    }
}

// A variable that was there before is assigned.
void Statements::set(VariableId variable, const Result& initial, SourceRange range) {
    if (!contract_.has(rule::scope_is_function) || is_bound_late(program_, variable))
        return Assignments(*this).bind(variable, initial, range);
    const ir::Values words = Results(*this).flatten(initial, program_[variable].type, range);
    const std::vector<Local> locals = variables_.locals_of(variable);
    for (std::size_t i = 0; i < locals.size(); ++i) variables_.write(locals[i], words[i], range);
}

void Statements::hoist(StmtId id) {
    if (!id || !contract_.has(rule::scope_is_function)) return;
    const Stmt& stmt = tree_[id];
    for (const VariableId each : stmt.kind == StmtKind::Declare ? stmt.variables : std::vector<VariableId>{}) {
        if (!each || (stmt.expr && is_bound_late(program_, each))) continue;
        const SourceRange range = tree_[each].range;
        Assignments(*this).bind(each, Assignments(*this).initial_value(program_[each].type, range), range);
    }
    for (const StmtId each : stmt.list) hoist(each);
    for (const StmtId each : {stmt.init, stmt.body, stmt.other}) hoist(each);
}

void Statements::return_statement(const Stmt& stmt) {
    if (stmt.expr) {
        const SourceRange range = tree_[stmt.expr].range;
        const Result result = evaluate(stmt.expr);
        const std::vector<Result> parts = result.kind == Result::Kind::Tuple ? result.parts : std::vector<Result>{result};
        const std::vector<VariableId>& returns = tree_[level_.function].returns;
        ir::Values words;
        for (std::size_t i = 0; i < returns.size() && i < parts.size(); ++i) {
            const auto some = Results(*this).flatten(parts[i], program_[returns[i]].type, range);
            words.insert(words.end(), some.begin(), some.end());
        }
        for (std::size_t i = 0; i < words.size(); ++i) variables_.write(frame_.returns[i], words[i], range);
    }
    if (level_.exit) builder_.jump(*level_.exit, stmt.range);
    else Bodies(frame_).return_locals(stmt.range);
}

}  // namespace interlock::lang::lowering
