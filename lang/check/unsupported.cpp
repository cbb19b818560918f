// Declarations that the grammar reads and the checker gives no meaning yet: each is refused by its own code, where it
// is written. What is refused takes no part in anything else.
#include "lang/check/declarations.hpp"

namespace interlock::lang {
namespace {

void refuse(Context& context, const Code& what, SourceRange where, std::uint32_t length) {
    context.report(what, what.title, {where.begin, where.begin + length});
}

void refuse_members(Context& context, const Contract& contract) {
    const Tree& tree = context.tree;
    for (const Actor& actor : contract.actors) refuse(context, code::no_actors, actor.range, 5);
    for (const FunctionId id : contract.functions) {
        if (tree[id].is_ghost)
            context.report(code::no_such_specification, "ghost functions are not supported yet", tree[id].head);
    }
    if (contract.layout)
        context.report(code::no_storage_layout, code::no_storage_layout.title, tree[contract.layout].range);
}

}  // namespace

// The first ABI coder takes what the second one reverts on: the same source would behave in another way.
void refuse_old_coder(Context& context, const Pragma& pragma) {
    const auto has = [&](std::string_view word) { return pragma.text.find(word) != std::string_view::npos; };
    if (has("abicoder") && has("v1"))
        context.report(code::no_such_construct, "the ABI coder v1 is not supported", pragma.range);
}

void refuse_unsupported(Context& context) {
    const Tree& tree = context.tree;
    for (const Unit& unit : tree.units)
        for (const Pragma& pragma : unit.pragmas) refuse_old_coder(context, pragma);
    for (const ScenarioId id : tree.top_scenarios) refuse(context, code::no_scenarios, tree[id].range, 8);
    for (const ContractId id : tree.top_contracts) refuse_members(context, tree[id]);
}

}  // namespace interlock::lang
