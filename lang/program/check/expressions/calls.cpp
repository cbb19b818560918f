#include "lang/program/check/expressions/calls.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/arguments.hpp"
#include "lang/program/check/expressions/builtins.hpp"
#include "lang/program/check/expressions/call_options.hpp"
#include "lang/program/check/expressions/casts.hpp"
#include "lang/program/check/expressions/members.hpp"
#include "lang/program/check/expressions/overloads.hpp"
#include "lang/program/check/expressions/references.hpp"
#include "lang/program/check/expressions/specification_terms.hpp"

namespace interlock::lang::checking {

TypeId Calls::call(ExprId id) {
    const Expr& expr = context_.tree[id];
    for (const ExprId argument : expr.list) check(argument);
    const TypeId type = callee(expr.a, expr);
    switch (types_.kind(type)) {
        case TypeKind::Error: return {};
        case TypeKind::Meta: {
            const Type meant = types_[types_[type].value];
            return meant.kind == TypeKind::Struct ? Casts(*this).structure(id, meant.structure)
                                                  : Casts(*this).conversion(id, types_[type].value);
        }
        case TypeKind::Function: return function_call(id, expr.a);
        default: break;
    }
    Diagnostic& diagnostic = context_.report(code::not_callable, fmt::format("`{}` cannot be called", types_.name(type)),
                                             context_.tree[expr.a].range, "this is not a function");
    const std::string text = context_.text(context_.tree[expr.a].range);
    if (types_.kind(type) == TypeKind::Mapping || types_.kind(type) == TypeKind::Array)
        diagnostic.helps.push_back(fmt::format("its entries are written with brackets: `{}[…]`", text));
    else if (context_.program[expr.a].use.meaning == Meaning::Variable)
        diagnostic.helps.push_back(fmt::format("a variable is read without parentheses: `{}`", text));
    return {};
}

// Checks the callee, inside parentheses and options. The arguments choose among functions of the same name.
TypeId Calls::callee(ExprId id, const Expr& call) {
    const Expr& expr = context_.tree[id];
    TypeId type;
    switch (expr.kind) {
        case ExprKind::Name: type = References(*this).name(id, &call); break;
        case ExprKind::Member: type = Members(*this).member(id, &call); break;
        case ExprKind::CallOptions: type = options(id, &call); break;
        case ExprKind::ElementaryType: type = expr.text == "payable" ? types_.meta(types_.address(true)) : check(id); break;
        case ExprKind::Tuple:
            if (expr.list.size() == 1 && expr.list[0]) {
                type = parenthesised_callee(expr.list[0], call);
                context_.info(id).use = context_.info(expr.list[0]).use;
                break;
            }
            [[fallthrough]];
        default: type = check(id);
    }
    return context_.info(id).type = type;
}

// A name in parentheses is a value of its own, so the arguments do not choose among several functions.
TypeId Calls::parenthesised_callee(ExprId id, const Expr& call) {
    const ExprKind kind = context_.tree[id].kind;
    if (kind != ExprKind::Name && kind != ExprKind::Member) return callee(id, call);
    const TypeId type = check(id);
    return check_only_meaning(id) ? type : TypeId{};
}

// Some built-in functions take one argument or two, or none.
bool Calls::check_only_meaning(ExprId id) {
    const Use& use = context_.info(id).use;
    const bool is_several =
        use.builtin == Builtin::Require || use.builtin == Builtin::Revert || use.builtin == Builtin::ArrayPush;
    if (use.meaning != Meaning::Builtin || !is_several) return true;
    const Expr& expr = context_.tree[id];
    context_.report(code::ambiguous_call, fmt::format("`{}` means several", expr.text), expr.range)
        .helps.push_back("the arguments tell which one: write them right behind the name");
    return false;
}

TypeId Calls::options(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    for (const ExprId value : expr.list) check_value(value);
    const TypeId type = call ? callee(expr.a, *call) : check(expr.a);
    if (types_.is_error(type)) return {};
    if (types_.kind(type) != TypeKind::Function) {
        context_.report(code::bad_call_options, "only calls of functions have options", expr.range);
        return {};
    }
    context_.info(id).use = context_.info(expr.a).use;
    if (!call) CallOptions(*this).check(id, context_.info(id).use, CallOptions(*this).form_of(expr.a), types_[type]);
    return type;
}

TypeId Calls::function_call(ExprId id, ExprId callee_id) {
    const Expr* callee = &context_.tree[callee_id];
    std::vector<ExprId> options;
    for (ExprId at = callee_id; callee->kind == ExprKind::CallOptions || callee->kind == ExprKind::Tuple;
         callee = &context_.tree[at]) {
        if (callee->kind == ExprKind::CallOptions) options.push_back(at);
        if (callee->kind == ExprKind::Tuple && callee->list.size() != 1) break;
        at = callee->kind == ExprKind::CallOptions ? callee->a : callee->list.front();
    }
    const Use use = context_.info(callee_id).use;
    const Type type = types_[context_.type_of(callee_id)];
    const bool on_contract =
        callee->kind == ExprKind::Member && types_.kind(context_.type_of(callee->a)) == TypeKind::Contract && !use.is_bound;
    ExprInfo& info = context_.info(id);
    switch (use.meaning) {
        case Meaning::Builtin: info.call = CallForm::Builtin; break;
        case Meaning::Event: info.call = CallForm::Event; break;
        case Meaning::Error: info.call = CallForm::Error; break;
        case Meaning::Contract: info.call = CallForm::Create; break;
        default: info.call = on_contract ? CallForm::External : CallForm::Internal;
    }
    const bool is_declared = use.meaning == Meaning::Function || on_contract;
    if (type.form != FunctionForm::Named && !is_declared) info.call = CallForm::FunctionValue;
    const ContractId owner = use.meaning == Meaning::Function ? context_.program[use.function].contract : ContractId{};
    const Visibility visibility = owner ? context_.tree[use.function].visibility : Visibility::None;
    const bool is_linked = owner && use.dispatch == Dispatch::None && context_.tree[owner].kind == ContractKind::Library &&
                           (visibility == Visibility::Public || visibility == Visibility::External);
    if (is_linked) info.call = CallForm::External;
    if (use.meaning == Meaning::Function && !on_contract && !is_linked && use.dispatch == Dispatch::None) {
        context_
            .report(code::not_callable, fmt::format("`{}` needs a contract to be called on", context_.text(callee->range)),
                    callee->range)
            .helps.push_back(
                fmt::format("write `{}(address).{}(…)`", context_.text(context_.tree[callee->a].range), callee->text));
        return {};
    }
    const CallForm form = info.call;
    if (!SpecificationTerms(*this).check_call(id, use, form)) return {};
    if (options.size() > 1)
        context_.report(code::bad_call_options, "this call has options already", context_.tree[callee_id].range)
            .helps.push_back("write all options in one pair of braces");
    else if (!options.empty()) CallOptions(*this).check(options.front(), use, form, type);
    if (form == CallForm::Builtin) return Builtins(*this).call(id, callee_id);
    if (form == CallForm::Internal) note_call(use.function);
    if (form == CallForm::Internal && use.function &&
        context_.program.dialect_of(use.function) != context_.names.dialect()) {
        context_.report(code::wrong_version, "this function is for other versions of Solidity", context_.tree[id].range);
        return {};
    }
    if (is_linked && !options.empty()) {
        context_.report(code::bad_call_options, "a call of a library has no options", context_.tree[id].range);
        return result_of(type.results, false);
    }
    std::vector<VariableId> names = Overloads(*this).parameters_of(use);
    if (use.is_bound) names.erase(names.begin());
    if (!Arguments(*this).check_count(id, type.members.size(), Overloads(*this).declaration_of(use)))
        return result_of(type.results, form == CallForm::External);
    const std::optional<std::vector<ExprId>> arguments = Arguments(*this).arrange(id, names);
    if (!arguments) return result_of(type.results, form == CallForm::External);
    if (form == CallForm::External && context_.with_old_coder.contains(unit_here())) {
        const auto takes = [&](TypeId each) {
            return types_[each].location == DataLocation::Storage || old_coder_takes(types_, each);
        };
        if (!std::ranges::all_of(type.members, takes) || !std::ranges::all_of(type.results, takes))
            context_
                .report(code::bad_signature_type, "this call is too much for the ABI coder v1 of this file",
                        context_.tree[id].range)
                .helps.push_back("leave out `pragma abicoder v1;`");
    }
    std::vector<TypeId> parameters = type.members;
    const bool crosses = form != CallForm::Internal && form != CallForm::FunctionValue;
    for (TypeId& parameter : parameters) {
        const bool stays = is_linked && types_[parameter].location == DataLocation::Storage;
        parameter = crosses && !stays ? types_.at(parameter, DataLocation::Memory) : parameter;
    }
    Arguments(*this).pass(id, *arguments, parameters, names);
    if (use.is_bound) {
        std::vector<ExprId>& all = context_.info(id).arguments;
        all.insert(all.begin(), callee->a);
    }
    return result_of(type.results, form == CallForm::External);
}

void Calls::note_call(FunctionId function) {
    if (where_.function) context_.calls[where_.function].push_back(function);
    if (where_.modifier) context_.modifier_calls[where_.modifier].push_back(function);
}

TypeId Calls::result_of(const std::vector<TypeId>& results, bool from_outside) {
    std::vector<TypeId> types = results;
    for (TypeId& type : types) {  // only a library can return data in storage
        const bool stays = types_[type].location == DataLocation::Storage;
        type = from_outside && !stays ? types_.at(type, DataLocation::Memory) : type;
    }
    if (types.size() == 1) return types.front();
    return types_.tuple(std::move(types));
}

void Calls::check_raise(ExprId id, Meaning meaning, bool may_be_text) {
    check(id);
    const ExprInfo& info = context_.info(id);
    const CallForm wanted = meaning == Meaning::Event ? CallForm::Event : CallForm::Error;
    const Expr& expr = context_.tree[id];
    if (expr.kind == ExprKind::Error) return;
    if (expr.kind != ExprKind::Call) {
        if (types_.is_error(context_.type_of(id))) return;
        context_
            .report(code::bad_emit, fmt::format("this is no {}", meaning == Meaning::Event ? "event" : "error"), expr.range)
            .helps.push_back(fmt::format("write `{}(…)`, with its arguments", context_.text(expr.range)));
        return;
    }
    if (types_.is_error(context_.type_of(expr.a)) || info.call == wanted) return;
    if (may_be_text && context_.program[expr.a].use.builtin == Builtin::Revert) return;  // revert("text")
    const bool emits = meaning == Meaning::Event;
    Diagnostic& diagnostic = context_.report(
        code::bad_emit,
        fmt::format("`{}` is not an {}", context_.text(context_.tree[expr.a].range), emits ? "event" : "error"),
        context_.tree[expr.a].range);
    if (const SourceRange declared = Overloads(*this).declaration_of(context_.program[expr.a].use); declared.end != 0)
        diagnostic.secondary.push_back({declared, "declared here"});
    const std::string text = context_.text(expr.range);
    if (info.call == CallForm::Error || info.call == CallForm::Event)
        diagnostic.helps.push_back(emits ? fmt::format("errors are raised: write `revert {}`", text)
                                         : fmt::format("events are emitted: write `emit {}`", text));
    else
        diagnostic.helps.push_back(emits ? "declare it: `event Name(…);`"
                                         : "declare it: `error Name(…);`, or write `revert(\"text\")`");
}

}  // namespace interlock::lang::checking
