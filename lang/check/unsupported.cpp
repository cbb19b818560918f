// Declarations that the grammar reads and the checker gives no meaning yet: each is refused by its own code, where it
// is written. What is refused takes no part in anything else.
#include "lang/check/declarations.hpp"

namespace interlock::lang {

void refuse_unsupported(Context& context) {
    const Tree& tree = context.tree;
    for (const ContractId id : tree.top_contracts)
        if (tree[id].layout) context.report(code::no_storage_layout, code::no_storage_layout.title, tree[tree[id].layout].range);
}

}  // namespace interlock::lang
