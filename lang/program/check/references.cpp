// Finds what a plain name in an expression means, and which of several functions of one name a call uses.
#include <algorithm>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions.hpp"

namespace interlock::lang {

TypeId Expressions::name(ExprId id, const Expr* call) {
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

// Overridden functions cannot be named: of functions with the same parameters, the most derived one is meant.
std::vector<const Declared*> Expressions::without_overridden(const std::vector<Declared>& found) const {
    std::vector<const Declared*> result;
    std::unordered_set<std::string_view> seen;
    for (const Declared& declared : found) {
        const bool is_function = declared.use.meaning == Meaning::Function && found.size() > 1;
        const std::string_view key = is_function ? context_.program[declared.use.function].key : std::string_view();
        if (key.empty() || seen.insert(key).second) result.push_back(&declared);
    }
    return result;
}

// Returns the declaration that is meant, or null after reporting that the arguments do not determine it.
const Declared* Expressions::choose_or_report(ExprId id, const std::vector<const Declared*>& candidates, const Expr* call,
                                              bool from_outside) {
    if (candidates.size() == 1) return candidates.front();
    const Expr& expr = context_.tree[id];
    if (!call) {  // nothing determines which one
        Diagnostic& diagnostic =
            context_.report(code::ambiguous_call, fmt::format("`{}` means several", expr.text), expr.range);
        for (const Declared* candidate : candidates) diagnostic.secondary.push_back({candidate->name.range, "one of them"});
        return nullptr;
    }
    const std::vector<const Declared*> fitting = choose(candidates, *call, from_outside);
    if (fitting.size() == 1) return fitting.front();
    Diagnostic& diagnostic =
        fitting.empty()
            ? context_.report(code::no_matching_overload, fmt::format("no `{}` takes these arguments", expr.text),
                              expr.range)
            : context_.report(code::ambiguous_call, fmt::format("several `{}` take these arguments", expr.text), expr.range);
    for (const Declared* candidate : fitting.empty() ? candidates : fitting)
        diagnostic.secondary.push_back({candidate->name.range, "one of them"});
    if (!fitting.empty()) diagnostic.helps.push_back("convert an argument to the type that is meant, as in `uint256(1)`");
    return nullptr;
}

bool Expressions::is_bound_to_contract(FunctionId id) const {
    const ContractId owner = context_.program[id].contract;
    return owner && context_.tree[owner].kind != ContractKind::Library;
}

TypeId Expressions::declared_name(ExprId id, const std::vector<Declared>& found, const Expr* call) {
    const Expr& expr = context_.tree[id];
    std::vector<const Declared*> candidates = without_overridden(found);
    if (candidates.size() > 1 && candidates.front()->use.meaning == Meaning::Function) {
        std::erase_if(candidates,
                      [&](const Declared* d) { return context_.tree[d->use.function].visibility == Visibility::External; });
        if (candidates.empty()) candidates.push_back(&found.front());
    }
    const Declared* chosen = choose_or_report(id, candidates, call);
    if (!chosen) return {};
    Use use = chosen->use;
    if (use.meaning == Meaning::Function)
        use.dispatch = is_bound_to_contract(use.function) ? Dispatch::Virtual : Dispatch::Exact;
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
        case Meaning::Module: return types_.magic(MagicKind::Module);
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

TypeId Expressions::report_external(ExprId id, SourceRange declared) {
    const Expr& expr = context_.tree[id];
    Diagnostic& diagnostic =
        context_.report(code::external_by_name,
                        fmt::format("`{}` is external: it cannot be called by its bare name", expr.text), expr.range);
    diagnostic.secondary.push_back({declared, "declared here"});
    diagnostic.helps.push_back(fmt::format("make it `public`, or write `this.{}(…)`: a call from outside", expr.text));
    return {};
}

TypeId Expressions::variable(ExprId id, VariableId variable) {
    const Variable& written = context_.tree[variable];
    ExprInfo& info = context_.info(id);
    info.use.meaning = Meaning::Variable;
    info.use.variable = variable;
    if (written.is_ghost && !in_specification()) {
        report_outside(id, written.name.text);
        return context_.program[variable].type;
    }
    if (!context_.program[variable].is_state) {
        info.is_lvalue = !in_specification();
        return context_.program[variable].type;
    }
    if (written.is_constant) {
        check_initial(variable);
        if (written.initial) context_.info(id).constant = context_.program[written.initial].constant;
        return types_.at(context_.program[variable].type, DataLocation::Memory);
    }
    info.is_lvalue = !in_specification() && (!written.is_immutable || where.in_constructor);
    return types_.at(context_.program[variable].type, DataLocation::Storage);
}

TypeId Expressions::function_type(FunctionId id, FunctionForm form) {
    const Function& function = context_.tree[id];
    return types_.function(context_.types_of(function.parameters), context_.types_of(function.returns), form,
                           function.mutability == Mutability::Payable && form == FunctionForm::Internal
                               ? Mutability::NonPayable
                               : function.mutability);
}

TypeId Expressions::use_builtin(ExprId id, Builtin builtin, TypeId type) {
    Use& use = context_.info(id).use;
    use.meaning = Meaning::Builtin;
    use.builtin = builtin;
    return type;
}

TypeId Expressions::builtin_name(ExprId id) {
    const Expr& expr = context_.tree[id];
    const auto magic = [&](MagicKind kind) {
        context_.info(id).use.meaning = Meaning::Builtin;
        return types_.magic(kind);
    };
    if (expr.text == "msg") return magic(MagicKind::Msg);
    if (expr.text == "block") return magic(MagicKind::Block);
    if (expr.text == "tx") return magic(MagicKind::Tx);
    if (expr.text == "abi") return magic(MagicKind::Abi);
    if (expr.text == "super" && where.contract) return magic(MagicKind::Super);
    if (expr.text == "this" && where.contract) return use_builtin(id, Builtin::This, types_.contract(where.contract));
    return builtin_function(id);
}

TypeId Expressions::report_unknown(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (context_.excuses_missing_names()) return {};
    if (expr.text == "result" && where.spec != SpecPlace::None) return result(id);
    if (!in_specification() && (expr.text == "sum" || expr.text == "old" || expr.text == "result"))
        return report_outside(id, expr.text);
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
bool Expressions::report_private(const Expr& name) {
    if (!where.contract) return false;
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

// --- overloads ---

std::vector<VariableId> Expressions::parameters_of(const Use& use) const {
    const Tree& tree = context_.tree;
    switch (use.meaning) {
        case Meaning::Contract:
        case Meaning::Function: return use.function ? tree[use.function].parameters : std::vector<VariableId>{};
        case Meaning::Event: return tree[use.event].parameters;
        case Meaning::Error: return tree[use.error].parameters;
        case Meaning::Struct: return tree[use.structure].fields;
        default: return {};
    }
}

// Returns the candidates that accept the arguments, which have been checked.
std::vector<const Declared*> Expressions::choose(const std::vector<const Declared*>& candidates, const Expr& call,
                                                 bool from_outside) {
    std::vector<const Declared*> fitting;
    std::ranges::copy_if(candidates, std::back_inserter(fitting),
                         [&](const Declared* candidate) { return could_take(*candidate, call, from_outside); });
    return fitting;
}

// Arguments of external calls are copied, so the parameter's location does not matter.
bool Expressions::could_take(const Declared& candidate, const Expr& call, bool from_outside) {
    std::vector<VariableId> parameters = parameters_of(candidate.use);
    if (candidate.use.is_bound) parameters.erase(parameters.begin());
    if (parameters.size() != call.list.size()) return false;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        std::size_t at = i;
        if (!call.names.empty()) {
            const auto named = std::ranges::find_if(
                parameters, [&](VariableId p) { return context_.tree[p].name.text == call.names[i].text; });
            if (named == parameters.end()) return false;
            at = static_cast<std::size_t>(named - parameters.begin());
        }
        TypeId parameter = context_.program[parameters[at]].type;
        if (from_outside) parameter = types_.at(parameter, DataLocation::Memory);
        if (!call.list[i] || !converts(types_, context_.type_of(call.list[i]), parameter)) return false;
    }
    return true;
}

}  // namespace interlock::lang
