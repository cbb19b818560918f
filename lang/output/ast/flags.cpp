#include "lang/output/ast/flags.hpp"

#include "lang/program/purity.hpp"

namespace interlock::lang::ast {

ExpressionFlags::ExpressionFlags(const Program& program)
    : program_(program), tree_(*program.tree), requested_(tree_.exprs.size()) {
    for (const Expr& expr : tree_.exprs) {
        const bool is_unary = expr.kind == ExprKind::Unary || expr.kind == ExprKind::PostfixUnary;
        const bool changes =
            expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
        if (expr.kind == ExprKind::Assign || (is_unary && changes)) request(expr.a);
    }
}

void ExpressionFlags::request(ExprId target) {
    if (!target) return;
    requested_[target.index] = true;
    if (tree_[target].kind == ExprKind::Tuple)
        for (const ExprId each : tree_[target].list) request(each);
}

Flags ExpressionFlags::of(ExprId id) const {
    const bool is_target = tree_[id].kind == ExprKind::Tuple && requested_[id.index];
    return {is_constant(id), is_l_value(id), !is_target && is_pure(program_, id)};
}

bool ExpressionFlags::is_constant(ExprId id) const {
    const Use& use = program_[id].use;
    return tree_[id].kind == ExprKind::Name && use.meaning == Meaning::Variable && tree_[use.variable].is_constant;
}

bool ExpressionFlags::is_l_value(ExprId id) const {
    const Expr& expr = tree_[id];
    const Use& use = program_[id].use;
    switch (expr.kind) {
        case ExprKind::Name: return use.meaning == Meaning::Variable && !tree_[use.variable].is_constant;
        case ExprKind::Member: {
            const Type& base = type_of(expr.a);
            if (base.kind == TypeKind::Struct) return base.location != DataLocation::Calldata;
            return use.meaning == Meaning::Variable && base.kind != TypeKind::Contract && !tree_[use.variable].is_constant;
        }
        case ExprKind::Index: {
            const Type& base = type_of(expr.a);
            const bool is_list = base.kind == TypeKind::Array || base.kind == TypeKind::Bytes;
            return base.kind == TypeKind::Mapping || (is_list && base.location != DataLocation::Calldata);
        }
        case ExprKind::Call: return program_[expr.a].use.builtin == Builtin::ArrayPush && expr.list.empty();
        case ExprKind::Tuple: return requested_[id.index];
        default: return false;
    }
}

}  // namespace interlock::lang::ast
