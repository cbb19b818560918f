#include "lang/program/check/expressions/type_members.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/abi/abi.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/members.hpp"
#include "lang/program/check/expressions/overloads.hpp"
#include "lang/program/check/expressions/references.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang::checking {

TypeId TypeMembers::of_module(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    const UnitId file{context_.program[expr.a].use.number};
    if (const std::vector<Declared>* found = context_.names.find_in(file, expr.text)) {
        const TypeId type = References(*this).declared_name(id, *found, call);
        ExprId module = expr.a;
        while (context_.tree[module].kind == ExprKind::Tuple) module = context_.tree[module].list.front();
        // The condition in (c ? M : M).x is evaluated, so this is more than the value of x.
        if (context_.tree[module].kind == ExprKind::Conditional) context_.info(id).constant.reset();
        return type;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, list] : context_.names.names_of(file)) known.push_back(name);
    return Members(*this).report_unknown(id, known);
}

TypeId TypeMembers::of_type(ExprId id, TypeId meant, const Expr* call) {
    const Expr& expr = context_.tree[id];
    const Type type = types_[meant];
    if (type.kind == TypeKind::Enum) {
        const std::vector<Name>& values = context_.tree[type.enumeration].values;
        const auto place = std::ranges::find_if(values, [&](const Name& n) { return n.text == expr.text; });
        std::vector<std::string_view> known;
        for (const Name& value : values) known.push_back(value.text);
        if (place == values.end()) return Members(*this).report_unknown(id, known);
        ExprInfo& info = context_.info(id);
        info.use = {.meaning = Meaning::EnumValue,
                    .enumeration = type.enumeration,
                    .number = static_cast<std::uint32_t>(place - values.begin())};
        info.constant = vm::Word(info.use.number);
        return meant;
    }
    if (type.kind == TypeKind::Contract) return of_contract(id, type.contract, call);
    if (type.kind == TypeKind::UserValue) return of_value_type(id, meant);
    const Holder holder = type.kind == TypeKind::Bytes    ? Holder::Bytes
                          : type.kind == TypeKind::String ? Holder::String
                                                          : Holder::Other;
    if (const BuiltinInfo* found = find_builtin(holder, expr.text)) return use_builtin(id, *found);
    return Members(*this).report_unknown(id, {});
}

// Checks Price.wrap(x) and Price.unwrap(p).
TypeId TypeMembers::of_value_type(ExprId id, TypeId meant) {
    const TypeId underlying = types_[meant].value;
    if (context_.tree[id].text == "wrap") return use_builtin(id, Builtin::Wrap, types_.function({underlying}, {meant}));
    if (context_.tree[id].text == "unwrap") return use_builtin(id, Builtin::Unwrap, types_.function({meant}, {underlying}));
    return Members(*this).report_unknown(id, {"wrap", "unwrap"});
}

// Base.f and Base.x of a base are its own function and variable. For other contracts, types, events, errors and
// selectors can be named. What `contract` inherits is not found after its name.
TypeId TypeMembers::of_contract(ExprId id, ContractId contract, const Expr* call) {
    const Expr& expr = context_.tree[id];
    const bool is_base = where_.contract && types_.is_a(where_.contract, contract);
    const std::vector<Declared>* found = context_.names.find_own(contract, expr.text);
    if (!found || found->front().modifier) return report_missing(id, contract);
    const Use& first = found->front().use;
    if (first.meaning == Meaning::Variable) {
        const bool is_private = context_.tree[first.variable].visibility == Visibility::Private;
        const bool is_visible = is_base || context_.tree[contract].kind == ContractKind::Library;
        return is_visible && !is_private ? References(*this).declared_name(id, *found, call) : report_missing(id, contract);
    }
    if (first.meaning != Meaning::Function) return References(*this).declared_name(id, *found, call);
    const Declared* chosen = Overloads(*this).choose_or_report(id, Overloads(*this).without_overridden(*found), call);
    if (!chosen) return {};
    Use use = chosen->use;
    const Function& function = context_.tree[use.function];
    const bool is_library = context_.tree[contract].kind == ContractKind::Library;
    const bool is_outer = function.visibility == Visibility::External || function.visibility == Visibility::Public;
    const bool is_linked = is_library && is_outer;  // called at the library's own address
    const bool can_be_called = (is_base || is_library) && !is_linked && function.visibility != Visibility::External &&
                               function.body && function.visibility != Visibility::Private;
    if (!can_be_called && !is_outer) return report_missing(id, contract);
    if (is_linked && contract == where_.contract && call) {
        context_.report(code::unknown_member, "a library cannot call its own functions from outside", expr.range)
            .helps.push_back(fmt::format("write `{}(…)`", expr.text));
        return {};
    }
    if (can_be_called) use.dispatch = Dispatch::Exact;
    context_.info(id).use = use;
    return References(*this).function_type(use.function, can_be_called ? FunctionForm::Internal : FunctionForm::Named);
}

TypeId TypeMembers::report_missing(ExprId id, ContractId contract) {
    if (context_.misses_base[contract.index]) return {};
    const Expr& expr = context_.tree[id];
    const std::vector<Declared>* hidden = context_.names.find_own(contract, expr.text);
    const std::vector<Declared>* inherited = context_.names.find_in(contract, expr.text);
    if (!hidden && !inherited) return Members(*this).report_unknown(id, {});
    const std::string_view name = context_.tree[contract].name.text;
    Diagnostic& diagnostic =
        context_.report(code::unknown_member,
                        hidden ? fmt::format("`{}` of `{}` cannot be reached from here", expr.text, name)
                               : fmt::format("`{}` inherits `{}`, and does not declare it itself", name, expr.text),
                        expr.name_range.end != 0 ? expr.name_range : expr.range);
    diagnostic.secondary.push_back({(hidden ? hidden : inherited)->front().name.range, "declared here"});
    if (!hidden) diagnostic.helps.push_back("write the name of the contract that declares it");
    return {};
}

// Returns the implementation that follows this contract in the linearization of the most derived one.
TypeId TypeMembers::of_super(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    std::vector<Declared> found;
    for (const ContractId base : context_.program[where_.contract].linearization) {
        const std::vector<Declared>* own = base == where_.contract ? nullptr : context_.names.find_own(base, expr.text);
        if (!own || own->front().use.meaning != Meaning::Function) continue;
        std::ranges::copy_if(*own, std::back_inserter(found), [&](const Declared& declared) {
            const Function& function = context_.tree[declared.use.function];
            const bool visible = function.visibility != Visibility::Private && function.visibility != Visibility::External;
            return visible && function.body;
        });
    }
    if (found.empty()) {
        if (context_.misses_base[where_.contract.index]) return {};
        context_
            .report(code::unknown_member,
                    fmt::format("no base of `{}` implements a function `{}`", context_.tree[where_.contract].name.text,
                                expr.text),
                    expr.name_range.end != 0 ? expr.name_range : expr.range)
            .helps.push_back("`super` reaches public and internal functions with a body");
        return {};
    }
    const Declared* chosen = Overloads(*this).choose_or_report(id, Overloads(*this).without_overridden(found), call);
    if (!chosen) return {};
    Use use = chosen->use;
    use.dispatch = Dispatch::Super;
    use.contract = where_.contract;
    context_.info(id).use = use;
    return References(*this).function_type(use.function, FunctionForm::Internal);
}

TypeId TypeMembers::of_information(ExprId id, TypeId meant) {
    const Expr& expr = context_.tree[id];
    const Type type = types_[meant];
    if (type.kind == TypeKind::Contract) {
        const Contract& contract = context_.tree[type.contract];
        if (expr.text == "name") return use_builtin(id, Builtin::TypeName, types_.string_literal(contract.name.text));
        const bool is_open = contract.kind == ContractKind::Interface || contract.kind == ContractKind::AbstractContract;
        if (expr.text == "interfaceId" && is_open) {
            std::uint32_t all = 0;
            for (const FunctionId member : contract.functions) {
                const Visibility visibility = context_.tree[member].visibility;
                const bool is_outer = visibility == Visibility::Public || visibility == Visibility::External;
                if (is_outer) all ^= context_.program[member].selector;
            }
            for (const VariableId member : contract.state_variables)
                if (context_.tree[member].visibility == Visibility::Public)
                    all ^= abi::selector(getter_signature(context_, member));
            context_.info(id).constant = left_aligned_selector(all);
            return use_builtin(id, Builtin::TypeInterfaceId, types_.fixed_bytes(4));
        }
        if (expr.text == "creationCode" || expr.text == "runtimeCode") return code_of(id, type.contract);
        return Members(*this).report_unknown(id, {"name", "interfaceId", "creationCode", "runtimeCode"});
    }
    if (expr.text != "min" && expr.text != "max") return Members(*this).report_unknown(id, {"min", "max"});
    const bool greatest = expr.text == "max";
    BigInteger value = 0;
    if (type.kind == TypeKind::Enum) {
        value = greatest ? types_.enum_size(type.enumeration) - 1 : 0;
    } else if (type.kind == TypeKind::Int) {
        value =
            greatest ? BigInteger((BigInteger(1) << (type.bits - 1)) - 1) : BigInteger(-(BigInteger(1) << (type.bits - 1)));
    } else if (greatest) {
        value = (BigInteger(1) << type.bits) - 1;
    }
    context_.info(id).constant = to_word(value);
    return use_builtin(id, greatest ? Builtin::TypeMax : Builtin::TypeMin, meant);
}

// Checks type(C).creationCode and type(C).runtimeCode.
TypeId TypeMembers::code_of(ExprId id, ContractId contract) {
    const Expr& expr = context_.tree[id];
    const auto refuse = [&](std::string why) -> TypeId {
        context_.report(code::not_creatable, std::move(why), expr.range);
        return {};
    };
    const std::string_view name = context_.tree[contract].name.text;
    const ContractKind kind = context_.tree[contract].kind;
    if (kind == ContractKind::Interface || kind == ContractKind::AbstractContract)
        return refuse(fmt::format("`{}` has no code", name));
    if (where_.contract && types_.is_a(contract, where_.contract))
        return refuse(fmt::format("the code of `{}` would be part of itself", name));
    const bool is_runtime = expr.text == "runtimeCode";
    const bool has_immutables = std::ranges::any_of(context_.program[contract].linearization, [&](ContractId base) {
        return std::ranges::any_of(context_.tree[base].state_variables,
                                   [&](VariableId v) { return context_.tree[v].is_immutable; });
    });
    if (is_runtime && has_immutables)
        return refuse(fmt::format("`{}` has immutables: its code is known at construction only", name));
    return use_builtin(id, is_runtime ? Builtin::TypeRuntimeCode : Builtin::TypeCreationCode,
                       types_.bytes(DataLocation::Memory));
}

}  // namespace interlock::lang::checking
