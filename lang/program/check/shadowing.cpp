// Warns where a declaration hides another one of an outer scope, or what is built in, as solc does: what a contract inherits
// is hidden without a word.
#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"

namespace interlock::lang {

void warn_of_hiding(Context& context, const Name& name, const std::vector<Declared>* hidden) {
    if (!hidden && !Names::hides_built_in(name.text)) return;
    Diagnostic& warning = context.diagnostics.warning(
        code::shadowing.id, fmt::format("`{}` hides {}", name.text, hidden ? "another declaration" : "what is built in"),
        name.range, "from here on, this one is meant");
    if (hidden) warning.secondary.push_back({hidden->front().name.range, "this one is hidden"});
}

void check_shadowing(Context& context) {
    const Tree& tree = context.tree;
    for (std::uint32_t i = 1; i < tree.contracts.size(); ++i) {
        const ContractId contract{i};
        for (const auto& [name, all] : context.names.own_names_of(contract))
            for (const Declared& each : all)
                warn_of_hiding(context, each.name, context.names.find_in(tree[contract].unit, name));
    }
    for (std::uint32_t i = 1; i < tree.units.size(); ++i)
        for (const auto& [name, all] : context.names.names_of(UnitId{i}))
            for (const Declared& each : all) {
                const bool is_declared_here = each.name.text == name && context.sources.number_of(each.name.range) ==
                                                                            context.sources.number_of(tree[UnitId{i}].range);
                if (is_declared_here) warn_of_hiding(context, each.name, nullptr);
            }
}

}  // namespace interlock::lang
