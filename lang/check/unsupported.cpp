// Declarations that the grammar reads and the checker gives no meaning yet: each is refused by its own code, where it
// is written. What is refused takes no part in anything else.
#include "lang/check/declarations.hpp"

namespace interlock::lang {
namespace {

void refuse_members(Context& context, const Contract& contract) {
    const Tree& tree = context.tree;
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
    for (const ContractId id : tree.top_contracts) refuse_members(context, tree[id]);
}

}  // namespace interlock::lang
