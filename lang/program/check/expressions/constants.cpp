#include "lang/program/check/expressions/constants.hpp"

#include <fmt/format.h>

#include "lang/program/purity.hpp"

namespace interlock::lang::checking {

void Constants::check_initial(VariableId id) {
    const Variable& variable = context_.tree[id];
    Progress& progress = context_.constants[id.index];
    if (progress == Progress::Done || !variable.initial) return;
    if (progress == Progress::Running) {
        context_.report(code::endless_definition,
                        fmt::format("the value of constant `{}` depends on itself", variable.name.text), variable.range);
        return;
    }
    if (types_.kind(context_.program[id].type) == TypeKind::Mapping) return;  // reported with the declaration
    progress = Progress::Running;
    const Scope scope_before = context_.names.scope();
    context_.names.enter(variable.scope);
    Room inside = in({.contract = context_.program[id].contract, .in_constructor = true});
    inside.check(variable.initial);
    const TypeId target =
        context_.types.at(context_.program[id].type, variable.is_constant ? DataLocation::Memory : DataLocation::Storage);
    inside.convert(variable.initial, target,
                   {context_.tree[variable.type].range, fmt::format("`{}`", types_.name(context_.program[id].type))});
    if (variable.is_constant && !context_.has(rule::constants_may_vary) &&
        !types_.is_error(context_.type_of(variable.initial)) && !is_pure(context_.program, variable.initial)) {
        context_
            .report(code::not_constant,
                    fmt::format("the value of constant `{}` is not known at compile time", variable.name.text),
                    context_.tree[variable.initial].range)
            .helps.push_back("make it `immutable`: then it is set once, at construction");
    }
    context_.names.enter(scope_before);
    progress = Progress::Done;
}

}  // namespace interlock::lang::checking
