#include "lang/program/check/bodies/tried.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/bodies/locals.hpp"
#include "lang/program/check/declarations.hpp"

namespace interlock::lang::checking {

void Tried::results(const Stmt& stmt, bool is_error) {
    const TypeId given = context_.type_of(stmt.expr);
    const std::vector<TypeId> results =
        context_.types.kind(given) == TypeKind::Tuple ? context_.types[given].members : std::vector<TypeId>{given};
    if (!is_error && results.size() != stmt.variables.size()) {
        context_.report(
            code::bad_try,
            fmt::format("the call returns {}, {} declared", counted(results.size(), "value"), stmt.variables.size()),
            context_.tree[stmt.expr].range);
        is_error = true;
    }
    std::vector<TypeId> types;
    {
        const ParameterScope scope(context_, stmt.variables);
        for (const VariableId id : stmt.variables)
            types.push_back(id ? resolve_variable(context_, id, VariableRole::Local) : TypeId{});
    }
    for (std::size_t i = 0; i < stmt.variables.size(); ++i) {
        const VariableId id = stmt.variables[i];
        if (!id) continue;
        const TypeId declared = types[i];
        const bool known = !is_error && !context_.types.is_error(declared) && !context_.types.is_error(results[i]);
        if (known && declared != results[i])
            context_.report(code::bad_try,
                            fmt::format("this comes back as `{}`, not as `{}`", context_.types.name(results[i]),
                                        context_.types.name(declared)),
                            context_.tree[id].range);
        Locals(*this).declare(id);
    }
}

void Tried::clause(const Catch& clause) {
    const bool any = clause.name.text.empty();
    const bool is_error = clause.name.text == "Error", is_panic = clause.name.text == "Panic";
    std::vector<TypeId> types;
    {
        const ParameterScope scope(context_, clause.parameters);
        for (const VariableId id : clause.parameters) types.push_back(resolve_variable(context_, id, VariableRole::Local));
    }
    for (const VariableId id : clause.parameters) Locals(*this).declare(id);
    const TypeId wanted = is_error   ? context_.types.string(DataLocation::Memory)
                          : is_panic ? context_.types.uint()
                                     : context_.types.bytes(DataLocation::Memory);
    const bool known = std::ranges::none_of(types, [&](TypeId type) { return context_.types.is_error(type); });
    if (!any && !is_error && !is_panic) {
        context_.report(code::bad_try, fmt::format("`{}` cannot be caught", clause.name.text), clause.name.range)
            .helps.push_back("write `Error(string memory why)`, `Panic(uint256 code)` or `(bytes memory data)`");
    } else if (known && !(any && types.empty()) && types != std::vector<TypeId>{wanted}) {
        context_.report(code::bad_try, fmt::format("this clause takes one `{}`", context_.types.name(wanted)), clause.range);
    }
}

}  // namespace interlock::lang::checking
