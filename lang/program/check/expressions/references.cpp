#include "lang/program/check/expressions/references.hpp"

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/builtins.hpp"
#include "lang/program/check/expressions/constants.hpp"
#include "lang/program/check/expressions/overloads.hpp"
#include "lang/program/check/expressions/specification_terms.hpp"

namespace interlock::lang::checking {

TypeId References::name(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    const std::vector<Declared>* found = context_.names.find(expr.text);
    const bool is_special = expr.text == "receive" || expr.text == "fallback";  // words that begin functions
    const bool hides =
        found && !is_special && !(Names::is_built_in(expr.text) && Names::are_external(context_.tree, *found));
    if (hides) return declared_name(id, *found, call);
    const TypeId builtin = builtin_name(id);
    if (!types_.is_error(builtin) || context_.info(id).use.meaning == Meaning::Builtin) return builtin;
    return report_unknown(id);
}

TypeId References::declared_name(ExprId id, const std::vector<Declared>& found, const Expr* call) {
    const Expr& expr = context_.tree[id];
    std::vector<const Declared*> candidates = Overloads(*this).without_overridden(found);
    if (candidates.size() > 1 && candidates.front()->use.meaning == Meaning::Function) {
        std::erase_if(candidates,
                      [&](const Declared* d) { return context_.tree[d->use.function].visibility == Visibility::External; });
        if (candidates.empty()) candidates.push_back(&found.front());
    }
    const Declared* chosen = Overloads(*this).choose_or_report(id, candidates, call);
    if (!chosen) return {};
    Use use = chosen->use;
    if (use.meaning == Meaning::Function)
        use.dispatch = Overloads(*this).is_bound_to_contract(use.function) ? Dispatch::Virtual : Dispatch::Exact;
    context_.info(id).use = use;
    switch (use.meaning) {
        case Meaning::Variable: return variable(id, use.variable);
        case Meaning::Function:
            if (context_.tree[use.function].visibility == Visibility::External) {
                return report_external(id, chosen->name.range);
            }
            return function_type(use.function, FunctionForm::Internal);
        case Meaning::Event: return types_.function(context_.types_of(context_.tree[use.event].parameters), {});
        case Meaning::Error: return types_.function(context_.types_of(context_.tree[use.error].parameters), {});
        case Meaning::Contract: return types_.meta(types_.contract(use.contract));
        case Meaning::Struct: return types_.meta(types_.structure(use.structure, DataLocation::None));
        case Meaning::Enum: return types_.meta(types_.enumeration(use.enumeration));
        case Meaning::Module: return types_.module_of(UnitId{use.number});
        case Meaning::ValueType: {
            const TypeId underlying = resolve(context_, context_.tree[use.value_type].underlying);
            return types_.is_value_type(underlying) ? types_.meta(types_.user_value(use.value_type, underlying)) : TypeId{};
        }
        default: break;
    }
    context_.report(code::not_a_value, fmt::format("`{}` is a modifier, not a value", expr.text), expr.range)
        .secondary.push_back({chosen->name.range, "declared here"});
    return {};
}

TypeId References::report_external(ExprId id, SourceRange declared) {
    const Expr& expr = context_.tree[id];
    Diagnostic& diagnostic =
        context_.report(code::external_by_name,
                        fmt::format("`{}` is external: it cannot be called by its bare name", expr.text), expr.range);
    diagnostic.secondary.push_back({declared, "declared here"});
    diagnostic.helps.push_back(fmt::format("make it `public`, or write `this.{}(…)`: a call from outside", expr.text));
    return {};
}

TypeId References::variable(ExprId id, VariableId variable) {
    const Variable& written = context_.tree[variable];
    ExprInfo& info = context_.info(id);
    info.use.meaning = Meaning::Variable;
    info.use.variable = variable;
    if (written.is_ghost && !in_specification()) {
        SpecificationTerms(*this).report_outside(id, written.name.text);
        return context_.program[variable].type;
    }
    const bool is_early = !written.type && !context_.program[variable].is_local && context_.has(rule::var_declares);
    if (is_early)  // in its function, in front of the `var` that gives it its type
        context_.report(code::unknown_name, fmt::format("`{}` has no type yet", written.name.text), context_.tree[id].range);
    if (!context_.program[variable].is_state) {
        info.is_lvalue = !in_specification();
        return context_.program[variable].type;
    }
    if (written.is_constant) {
        Constants(*this).check_initial(variable);
        if (written.initial) context_.info(id).constant = context_.program[written.initial].constant;
        return types_.at(context_.program[variable].type, DataLocation::Memory);
    }
    info.is_lvalue = !in_specification() && (!written.is_immutable || where_.in_constructor);
    return types_.at(context_.program[variable].type, DataLocation::Storage);
}

TypeId References::function_type(FunctionId id, FunctionForm form) {
    const Function& function = context_.tree[id];
    return types_.function(context_.types_of(function.parameters), context_.types_of(function.returns), form,
                           function.mutability == Mutability::Payable && form == FunctionForm::Internal
                               ? Mutability::NonPayable
                               : function.mutability);
}

TypeId References::builtin_name(ExprId id) {
    const Expr& expr = context_.tree[id];
    const auto magic = [&](MagicKind kind) {
        context_.info(id).use.meaning = Meaning::Builtin;
        return types_.magic(kind);
    };
    if (expr.text == "msg") return magic(MagicKind::Msg);
    if (expr.text == "block") return magic(MagicKind::Block);
    if (expr.text == "tx") return magic(MagicKind::Tx);
    if (expr.text == "abi") return magic(MagicKind::Abi);
    if (expr.text == "super" && where_.contract) return magic(MagicKind::Super);
    if (expr.text == "this" && where_.contract) return use_builtin(id, Builtin::This, types_.contract(where_.contract));
    return Builtins(*this).function(id);
}

TypeId References::report_unknown(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (context_.excuses_missing_names()) return {};
    if (expr.text == "result" && where_.spec != SpecPlace::None) return SpecificationTerms(*this).result(id);
    if (!in_specification() && (expr.text == "sum" || expr.text == "old" || expr.text == "result"))
        return SpecificationTerms(*this).report_outside(id, expr.text);
    if (report_private(expr)) return {};
    Diagnostic& diagnostic =
        context_.report(code::unknown_name, fmt::format("`{}` is not declared", expr.text), expr.range, "not found here");
    const std::string_view similar = context_.names.similar_to(expr.text);
    if (expr.text == "now") {
        diagnostic.helps.push_back("write `block.timestamp`");
    } else if (!similar.empty()) {
        diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    }
    return {};
}

// Reports a private name of a base, rather than suggesting a similar name.
bool References::report_private(const Expr& name) {
    if (!where_.contract) return false;
    const Declared* found =
        context_.names.find_private(name.text, context_.program[context_.names.contract()].linearization);
    if (found == nullptr) return false;
    const Use& use = found->use;
    const ContractId owner = use.meaning == Meaning::Function ? context_.program[use.function].contract
                                                              : context_.tree[use.variable].scope.contract;
    Diagnostic& diagnostic = context_.report(
        code::unknown_name, fmt::format("`{}` is private in `{}`", name.text, context_.tree[owner].name.text), name.range,
        "not visible here");
    diagnostic.secondary.push_back({found->name.range, "declared here"});
    diagnostic.helps.push_back("contracts that inherit it see what is `internal`");
    return true;
}

}  // namespace interlock::lang::checking
