#include "lang/lower/specifications.hpp"

#include "lang/ir/simplify.hpp"
#include "lang/lower/bodies.hpp"

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
        case ExprKind::Unary:
            return info.use.meaning != Meaning::Function && (expr.unary == UnaryOp::Not || expr.unary == UnaryOp::Negate);
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

void Specifications::lower_invariant(ExprId expr) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    terminator.values = {in(mode_.specifying()).value(expr, ir::bool_type)};
    builder_.finish(std::move(terminator), tree_[expr].range);
    simplify(frame_.function);
}

void Specifications::lower_clause(FunctionId subject, const SpecClause& clause) {
    frame_.outcome.function = subject;
    const Function& function = tree_[subject];
    Bodies(frame_).bind_parameters(function.parameters);
    if (clause.kind == SpecKind::Ensures) {
        const auto given = frame_.function.blocks.front().parameters;  // the results come last
        std::size_t next = given.size();
        for (const VariableId each : function.returns) next -= contract_.types.words(each).size();
        for (const VariableId each : function.returns)
            for (const Local local : variables_.declare(each)) variables_.write(local, given.at(next++).value, clause.range);
        frame_.outcome.results_are_bound = true;
    }
    lower_invariant(clause.expr);
}

}  // namespace interlock::lang::lowering
