#include "lang/ast/flags.hpp"

#include <algorithm>

namespace interlock::lang::ast {
namespace {

bool is_pure_builtin(Builtin builtin) {
    switch (builtin) {
        case Builtin::Keccak256:
        case Builtin::Sha256:
        case Builtin::Ripemd160:
        case Builtin::EcRecover:
        case Builtin::AddMod:
        case Builtin::MulMod:
        case Builtin::AbiEncode:
        case Builtin::AbiEncodePacked:
        case Builtin::AbiEncodeWithSelector:
        case Builtin::AbiEncodeWithSignature:
        case Builtin::AbiEncodeCall:
        case Builtin::AbiDecode:
        case Builtin::Wrap:
        case Builtin::Unwrap: return true;
        default: return false;
    }
}

}  // namespace

ExpressionFlags::ExpressionFlags(const Program& program)
    : program_(program), tree_(*program.tree), requested_(tree_.exprs.size()), known_(tree_.exprs.size()) {
    for (const Expr& expr : tree_.exprs) {
        const bool is_unary = expr.kind == ExprKind::Unary || expr.kind == ExprKind::PostfixUnary;
        const bool changes = expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
        if (expr.kind == ExprKind::Assign || (is_unary && changes)) request(expr.a);
    }
}

void ExpressionFlags::request(ExprId target) {
    if (!target) return;
    requested_[target.index] = true;
    if (tree_[target].kind == ExprKind::Tuple)
        for (const ExprId each : tree_[target].list) request(each);
}

Flags ExpressionFlags::of(ExprId id) {
    if (!known_[id.index]) known_[id.index] = found(id);
    return *known_[id.index];
}

bool ExpressionFlags::all_pure(const std::vector<ExprId>& list) {
    return std::ranges::all_of(list, [&](ExprId each) { return !each || of(each).is_pure; });
}

Flags ExpressionFlags::of_name(ExprId id) const {
    const Use& use = program_[id].use;
    switch (use.meaning) {
        case Meaning::Variable: return of_variable(use.variable);
        case Meaning::Contract:
        case Meaning::Struct:
        case Meaning::Enum:
        case Meaning::ValueType:
        case Meaning::Module: return {false, false, true};
        case Meaning::Builtin: return {false, false, is_pure_builtin(use.builtin) || type_of(id).kind == TypeKind::Magic};
        case Meaning::None: return {true, false, true};  // of a constant, in the length of an array
        default: return {};
    }
}

Flags ExpressionFlags::of_variable(VariableId id) const {
    const bool is_constant = tree_[id].is_constant;
    return {is_constant, !is_constant, is_constant};
}

Flags ExpressionFlags::of_member(ExprId id) {
    const Use& use = program_[id].use;
    const Expr& expr = tree_[id];
    const Type& base = type_of(expr.a);
    if (base.kind == TypeKind::Struct) return {false, base.location != DataLocation::Calldata, false};
    switch (use.meaning) {
        case Meaning::Variable: {
            const bool is_constant = base.kind != TypeKind::Contract && tree_[use.variable].is_constant;
            return {false, base.kind != TypeKind::Contract && !is_constant, is_constant};
        }
        case Meaning::EnumValue: return {false, false, true};
        case Meaning::Function: {
            const ContractId owner = program_[use.function].contract;
            const bool is_only_named = base.kind == TypeKind::Meta && use.dispatch == Dispatch::None && owner &&
                                       tree_[owner].kind != ContractKind::Library;
            return {false, false, is_only_named && of(expr.a).is_pure};
        }
        case Meaning::Builtin: return {false, false, is_pure_member(id)};
        default: return {};
    }
}

bool ExpressionFlags::is_pure_member(ExprId id) {
    const Expr& expr = tree_[id];
    switch (program_[id].use.builtin) {
        case Builtin::TypeMin:
        case Builtin::TypeMax:
        case Builtin::TypeName:
        case Builtin::TypeInterfaceId:
        case Builtin::TypeCreationCode:
        case Builtin::TypeRuntimeCode: return true;
        case Builtin::FunctionSelector: {
            const Expr& function = tree_[expr.a];
            if (function.kind != ExprKind::Member || program_[expr.a].use.meaning != Meaning::Function) return false;
            const Expr& holder = tree_[function.a];
            return of(function.a).is_pure || (holder.kind == ExprKind::Name && (holder.text == "this" || holder.text == "super"));
        }
        default: return is_pure_builtin(program_[id].use.builtin);
    }
}

Flags ExpressionFlags::found(ExprId id) {
    const Expr& expr = tree_[id];
    const bool is_called = program_[id].use.meaning == Meaning::Function;  // of an operator: it is a function
    switch (expr.kind) {
        case ExprKind::Number:
        case ExprKind::String:
        case ExprKind::HexString:
        case ExprKind::Bool:
        case ExprKind::ElementaryType: return {false, false, true};
        case ExprKind::TypeOf: return {false, false, true};
        case ExprKind::Name: return of_name(id);
        case ExprKind::Member: return of_member(id);
        case ExprKind::Index: {
            const Type& base = type_of(expr.a);
            const bool is_place = base.kind == TypeKind::Mapping ||
                                  ((base.kind == TypeKind::Array || base.kind == TypeKind::Bytes) &&
                                   base.location != DataLocation::Calldata);
            return {false, is_place, of(expr.a).is_pure && (!expr.b || of(expr.b).is_pure)};
        }
        case ExprKind::Slice:
            return {false, false, of(expr.a).is_pure && (!expr.b || of(expr.b).is_pure) && (!expr.c || of(expr.c).is_pure)};
        case ExprKind::Call: {
            const bool pure = all_pure(expr.list);
            const ExprInfo& info = program_[id];
            if (info.call == CallForm::Conversion || info.call == CallForm::StructConstructor) return {false, false, pure};
            const bool is_push = program_[expr.a].use.builtin == Builtin::ArrayPush && expr.list.empty();
            return {false, is_push, pure && of(expr.a).is_pure};
        }
        case ExprKind::Unary:
        case ExprKind::PostfixUnary: {
            const bool changes =
                expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
            return {false, false, !changes && !is_called && of(expr.a).is_pure};
        }
        case ExprKind::Binary: return {false, false, !is_called && of(expr.a).is_pure && of(expr.b).is_pure};
        case ExprKind::Conditional:
            return {false, false, of(expr.a).is_pure && of(expr.b).is_pure && of(expr.c).is_pure};
        case ExprKind::Tuple:
        case ExprKind::ArrayLiteral: {
            if (requested_[id.index]) return {false, true, false};
            return {false, false, all_pure(expr.list)};
        }
        case ExprKind::New: return {false, false, program_[id].use.meaning != Meaning::Contract};
        default: return {};
    }
}

}  // namespace interlock::lang::ast
