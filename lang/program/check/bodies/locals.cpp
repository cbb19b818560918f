#include "lang/program/check/bodies/locals.hpp"

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"

namespace interlock::lang::checking {

void Locals::declare(const std::vector<VariableId>& variables, bool warns) {
    for (const VariableId id : variables) declare(id, warns);
}

void Locals::declare(VariableId id, bool warns) {
    const Name& name = context_.tree[id].name;
    if (name.text.empty()) return;
    check_reserved(context_, name);
    std::optional<std::vector<Declared>> hidden;
    if (const auto* found = context_.names.find_hidden(name.text)) hidden = *found;
    const Declared* earlier =
        context_.names.declare_local({.use = {.meaning = Meaning::Variable, .variable = id}, .name = name});
    if (earlier) {
        context_
            .report(code::already_declared, fmt::format("`{}` is declared twice", name.text), name.range,
                    "declared again here")
            .secondary.push_back({earlier->name.range, "first declared here"});
    } else if (warns) {
        warn_of_hiding(context_, name, hidden ? &*hidden : nullptr);
    }
}

bool Locals::is_pointer(VariableId id) const {
    const TypeId type = context_.program[id].type;
    const DataLocation location = types_[type].location;
    return types_.kind(type) == TypeKind::Mapping || location == DataLocation::Storage || location == DataLocation::Calldata;
}

}  // namespace interlock::lang::checking
