#include "lang/program/purity.hpp"

#include <algorithm>

namespace interlock::lang {
namespace {

class Purity {
  public:
    explicit Purity(const Program& program) : program_(program), tree_(*program.tree) {}

    [[nodiscard]] bool of(ExprId id) const {
        if (!id) return true;  // a hole
        const Expr& expr = tree_[id];
        const bool is_called = program_[id].use.meaning == Meaning::Function;  // an operator that is a function
        switch (expr.kind) {
            case ExprKind::Number:
            case ExprKind::String:
            case ExprKind::HexString:
            case ExprKind::Bool:
            case ExprKind::ElementaryType: return true;
            case ExprKind::TypeOf: return !is_in_contract(expr.type);
            case ExprKind::Name: return of_name(id);
            case ExprKind::Member: return of_member(id);
            case ExprKind::Slice:
            case ExprKind::Index:
            case ExprKind::Conditional: return of(expr.a) && of(expr.b) && of(expr.c);
            case ExprKind::Binary: return !is_called && of(expr.a) && of(expr.b);
            case ExprKind::Unary:
            case ExprKind::PostfixUnary: {
                const bool changes =
                    expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
                return !changes && !is_called && of(expr.a);
            }
            case ExprKind::Tuple:
            case ExprKind::ArrayLiteral: return all(expr.list);
            case ExprKind::New: return program_[id].use.meaning != Meaning::Contract;
            case ExprKind::Call: {
                const CallForm form = program_[id].call;
                const bool makes = form == CallForm::Conversion || form == CallForm::StructConstructor;
                const bool runs = form == CallForm::Internal || form == CallForm::External ||
                                  form == CallForm::FunctionValue || form == CallForm::Event || form == CallForm::Error;
                return all(expr.list) && (makes || (!runs && of(expr.a)));
            }
            default: return false;
        }
    }

  private:
    [[nodiscard]] bool all(const std::vector<ExprId>& list) const {
        return std::ranges::all_of(list, [&](ExprId each) { return of(each); });
    }

    // Whether the name of a type leads through a contract.
    [[nodiscard]] bool is_in_contract(TypeNameId id) const {
        const TypeName& name = tree_[id];
        if (name.kind != TypeNameKind::UserDefined || name.path.parts.size() < 2) return false;
        const Type& type = program_[program_.type_names[id.index]];
        switch (type.kind) {
            case TypeKind::Enum: return bool(tree_[type.enumeration].scope.contract);
            case TypeKind::Struct: return bool(tree_[type.structure].scope.contract);
            case TypeKind::UserValue: return bool(tree_[type.value_type].scope.contract);
            default: return false;
        }
    }

    [[nodiscard]] TypeKind kind_of(ExprId id) const { return program_[program_[id].type].kind; }

    [[nodiscard]] bool of_name(ExprId id) const {
        const Use& use = program_[id].use;
        switch (use.meaning) {
            case Meaning::Variable: return tree_[use.variable].is_constant;
            case Meaning::Contract:
            case Meaning::Struct:
            case Meaning::Enum:
            case Meaning::ValueType:
            case Meaning::Module:
            case Meaning::None: return true;  // of a constant, in the length of an array
            case Meaning::Builtin: return builtin_info(use.builtin).is_pure;
            default: return false;
        }
    }

    [[nodiscard]] bool of_member(ExprId id) const {
        const Use& use = program_[id].use;
        const Expr& expr = tree_[id];
        const TypeKind base = kind_of(expr.a);
        if (base == TypeKind::Struct) return false;
        if (is_module(program_[program_[expr.a].type])) return of(expr.a);
        switch (use.meaning) {
            case Meaning::Variable: return base != TypeKind::Contract && tree_[use.variable].is_constant;
            case Meaning::EnumValue: return true;
            case Meaning::Function: {  // of another contract, which is only named
                const ContractId owner = program_[use.function].contract;
                return base == TypeKind::Meta && use.dispatch == Dispatch::None && owner &&
                       tree_[owner].kind != ContractKind::Library && of(expr.a);
            }
            case Meaning::Builtin:
                return use.builtin == Builtin::FunctionSelector ? has_pure_selector(expr.a)
                                                                : builtin_info(use.builtin).is_pure;
            default: return false;
        }
    }

    [[nodiscard]] bool has_pure_selector(ExprId function) const {
        const Expr& expr = tree_[function];
        if (expr.kind != ExprKind::Member || program_[function].use.meaning != Meaning::Function) return false;
        const Expr& holder = tree_[expr.a];
        const bool is_own = holder.kind == ExprKind::Name && (holder.text == "this" || holder.text == "super");
        return is_own || of(expr.a);
    }

    const Program& program_;
    const Tree& tree_;
};

}  // namespace

bool is_pure(const Program& program, ExprId id) { return Purity(program).of(id); }

}  // namespace interlock::lang
