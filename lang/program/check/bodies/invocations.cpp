#include "lang/program/check/bodies/invocations.hpp"

#include <fmt/format.h>

#include "lang/program/check/expressions/arguments.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::checking {

void Invocations::in_head(FunctionId function, const Invocation& invocation) {
    if (invocation.path.parts.empty()) return;
    const Declared* found = named_by(invocation.path);
    const bool is_constructor = context_.tree[function].kind == FunctionKind::Constructor;
    if (found && is_constructor && found->use.meaning == Meaning::Contract)
        return base_constructor(function, found->use.contract, invocation);
    if (!found || !found->modifier) {
        for (const ExprId argument : invocation.arguments) check(argument);
        return report_no_modifier(invocation.path.parts.back(), invocation);
    }
    const Modifier& modifier = context_.tree[found->modifier];
    if (!context_.types.is_a(where_.contract, modifier.scope.contract)) {
        for (const ExprId argument : invocation.arguments) check(argument);
        context_
            .report(code::unknown_modifier,
                    fmt::format("`{}` belongs to a contract that is no base of this one", modifier.name.text),
                    invocation.range)
            .secondary.push_back({modifier.name.range, "declared here"});
        return;
    }
    Arguments(*this).check_pack(modifier.parameters, invocation.arguments, invocation.range, "modifier",
                                modifier.name.range);
    const bool is_virtual = invocation.path.parts.size() == 1;
    if (!is_virtual && !modifier.body)
        context_.report(code::unknown_modifier, fmt::format("`{}` has no body there", modifier.name.text), invocation.range);
    context_.info(function).modifiers.push_back({found->modifier, invocation.arguments, is_virtual});
}

// Returns a modifier or a contract; after a contract's name, a member of that contract.
const Declared* Invocations::named_by(const Path& path) const {
    const std::vector<Declared>* found = context_.names.find(path);
    return found ? &found->front() : nullptr;
}

void Invocations::base_constructor(FunctionId function, ContractId base, const Invocation& invocation) {
    const ContractId id = where_.contract;
    if (base == id || !context_.types.is_a(id, base)) {
        for (const ExprId argument : invocation.arguments) check(argument);
        context_.report(code::bad_base_arguments,
                        fmt::format("`{}` is no base of `{}`", context_.tree[base].name.text, context_.tree[id].name.text),
                        invocation.range);
        return;
    }
    if (!invocation.has_arguments && context_.has(rule::bases_are_only_named)) return;
    if (!invocation.has_arguments) {
        context_
            .report(code::bad_base_arguments,
                    fmt::format("the constructor of base `{}` is named without arguments", context_.tree[base].name.text),
                    invocation.range)
            .helps.push_back(fmt::format("write `{}(…)`, or leave it out", context_.tree[base].name.text));
        return;
    }
    base_arguments(base, invocation);
    context_.info(function).bases.push_back({base, invocation.arguments});
}

void Invocations::base_arguments(ContractId base, const Invocation& invocation) {
    const FunctionId constructor = own_function(context_.tree, base, FunctionKind::Constructor);
    const std::vector<VariableId> none;
    Arguments(*this).check_pack(constructor ? context_.tree[constructor].parameters : none, invocation.arguments,
                                invocation.range, "base", context_.tree[base].name.range);
}

void Invocations::report_no_modifier(const Name& name, const Invocation& invocation) {
    if (context_.excuses_missing_names()) return;
    Diagnostic& diagnostic =
        context_.report(code::unknown_modifier, fmt::format("there is no modifier `{}`", name.text), invocation.range);
    std::vector<std::string_view> known{"payable", "external", "internal", "public", "private",
                                        "view",    "pure",     "override", "virtual"};
    for (const ContractId contract : context_.program[where_.contract].linearization) {
        for (const ModifierId id : context_.tree[contract].modifiers) known.push_back(context_.tree[id].name.text);
    }
    const std::string_view similar = closest(name.text, known);
    if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
}

}  // namespace interlock::lang::checking
