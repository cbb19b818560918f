// Lowers invariants and clauses to functions of their own, which return one Bool and have no control flow, and
// conditions in bodies.
#include "lang/lower/specifications.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

namespace {

bool is_plain_part(const Program& program, ExprId id) {
    const Expr& expr = (*program.tree)[id];
    const ExprInfo& info = program[id];
    if (info.constant) return true;
    switch (expr.kind) {
        case ExprKind::Number:
        case ExprKind::Bool:
        case ExprKind::Sum: return true;
        case ExprKind::Name: {
            const Variable& variable = (*program.tree)[info.use.variable];
            const bool is_known = info.use.meaning != Meaning::Variable ||
                                  (!variable.is_ghost && !variable.is_constant && !variable.is_transient);
            const TypeKind kind = program[info.type].kind;
            return is_known && kind != TypeKind::Array && kind != TypeKind::Bytes && kind != TypeKind::String;
        }
        case ExprKind::Member: {
            const TypeKind kind = program[program[expr.a].type].kind;
            const bool is_stored =
                kind == TypeKind::Struct && program[program[expr.a].type].location == DataLocation::Storage;
            return is_stored || kind == TypeKind::Magic || info.use.builtin == Builtin::AddressBalance;
        }
        case ExprKind::Index: return program[program[expr.a].type].kind == TypeKind::Mapping;
        case ExprKind::Unary: return expr.unary == UnaryOp::Not || expr.unary == UnaryOp::Negate;
        case ExprKind::Binary: return info.use.meaning != Meaning::Function;
        case ExprKind::Tuple: return expr.list.size() == 1;
        case ExprKind::Call: return info.call == CallForm::Conversion && program[info.type].kind != TypeKind::Enum;
        default: return false;
    }
}

}  // namespace

bool is_plain_condition(const Program& program, ExprId condition) {
    std::vector<ExprId> open{condition};
    while (!open.empty()) {
        const ExprId id = open.back();
        open.pop_back();
        if (!id) continue;
        if (!is_plain_part(program, id)) return false;
        const Expr& expr = (*program.tree)[id];
        const bool is_conversion = expr.kind == ExprKind::Call;
        if (expr.kind == ExprKind::Sum || program[id].constant) continue;
        if (!is_conversion) open.insert(open.end(), {expr.a, expr.b, expr.c});
        open.insert(open.end(), expr.list.begin(), expr.list.end());
    }
    return true;
}

void FunctionLowering::return_specification(ExprId expr) {
    specification_ = true;
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    terminator.values = {value(expr, ir::bool_type)};
    builder_.finish(std::move(terminator), tree_[expr].range);
    simplify(function_);
}

void FunctionLowering::lower_invariant(ExprId expr) { return_specification(expr); }

// The parameters are those of the subject, and for an ensures also its results.
void FunctionLowering::lower_clause(FunctionId subject, const SpecClause& clause) {
    id_ = subject;
    const Function& function = tree_[subject];
    bind_parameters(function.parameters);
    if (clause.kind == SpecKind::Ensures) {
        for (std::size_t i = 0; i < function.returns.size(); ++i) {
            const ir::Parameter& result = function_.blocks.front().parameters[function.parameters.size() + i];
            write(declare(function.returns[i], result.type), result.value, clause.range);
            specification_results_.push_back(result.value);
        }
    }
    return_specification(clause.expr);
}

Result FunctionLowering::result_value(const Expr& expr) {
    const auto& returns = tree_[id_].returns;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!expr.text.empty() && tree_[returns[i]].name.text != expr.text) continue;
        if (results_are_bound_) return variable(returns[i], expr.range);
        if (i < specification_results_.size()) return specification_results_[i];
    }
    unsupported("this result is not supported yet", expr.range);
}

VariableId FunctionLowering::field_named(TypeId structure, std::string_view name, SourceRange range) const {
    if (program_[structure].kind == TypeKind::Struct) {
        for (const VariableId field : contract_.fields_of(structure)) {
            if (tree_[field].name.text == name) return field;
        }
    }
    unsupported("this sum is not supported yet", range);
}

// Lowers sum(m), sum(m.field) over the entries' struct, and sum(s.m) of a mapping in a struct.
ir::Value FunctionLowering::sum(ExprId id) {
    const Expr& expr = tree_[id];
    ExprId summed = inner(expr.a);
    std::string_view field = expr.text;
    const bool written_as_member =
        tree_[summed].kind == ExprKind::Member && checked_type(tree_[summed].a).kind == TypeKind::Mapping;
    if (field.empty() && written_as_member) {
        field = tree_[summed].text;
        summed = tree_[summed].a;
    }
    PlaceReference at = place(summed);
    if (!field.empty()) {
        const bool of_entries = program_[at.type].kind == TypeKind::Mapping;
        const TypeId owner = of_entries ? program_[at.type].value : at.type;
        const VariableId named = field_named(owner, field, expr.range);
        at.type = owner;
        at = with_field(std::move(at), named);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Sum;
    instruction.type = ir::integer_type;
    instruction.at_entry = at_entry_;
    instruction.place = {at.variable, at.steps};
    instruction.operands = at.keys;
    instruction.range = expr.range;
    return builder_.emit(std::move(instruction));
}

}  // namespace interlock::lang::lowering
