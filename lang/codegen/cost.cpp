#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

namespace {

// Whether control goes on from the item, and where else it may go.
struct Flow {
    bool goes_on = true;
    std::uint32_t target = Label::none;
    bool leaves = false;  // to where nobody knows: a successful end, or a return to a caller
};

Flow flow_of(const std::vector<Item>& items, std::size_t i) {
    const Item& item = items[i];
    const bool is_jump = item.is(Opcode::JUMP), is_branch = item.is(Opcode::JUMPI);
    if (!is_jump && !is_branch) {
        if (!item.ends_flow()) return {};
        return {.goes_on = false, .leaves = !item.is(Opcode::REVERT) && !item.is(Opcode::INVALID)};
    }
    const bool is_known = i > 0 && items[i - 1].is(Item::Kind::PushLabel);
    return {.goes_on = is_branch, .target = is_known ? items[i - 1].index : Label::none, .leaves = !is_known};
}

}  // namespace

// Backwards until nothing changes: an item is cold when all that can come behind it is.
std::vector<bool> find_cold_items(const Assembly& assembly) {
    const std::vector<Item>& items = assembly.items;
    std::vector<std::size_t> mark_of(assembly.label_count(), items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].is(Item::Kind::Mark)) mark_of[items[i].index] = i;
    std::vector<bool> cold(items.size(), false);
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = items.size(); i-- > 0;) {
            if (cold[i]) continue;
            const Flow flow = flow_of(items, i);
            if (flow.leaves) continue;
            if (flow.goes_on && (i + 1 == items.size() || !cold[i + 1])) continue;
            if (flow.target != Label::none && (mark_of[flow.target] == items.size() || !cold[mark_of[flow.target]]))
                continue;
            cold[i] = true;
            changed = true;
        }
    }
    return cold;
}

}  // namespace interlock::lang::codegen
