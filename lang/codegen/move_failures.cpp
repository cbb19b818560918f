// Code that only runs when the call is about to fail is moved to the end, where going around it takes a negation. Before
// and after:
//
//     condition ISZERO PUSH L JUMPI                condition PUSH F JUMPI
//        failure                                   L: …
//     L: …                                         F: failure
//
// EQ ISZERO may stand there as XOR. Where nothing is negated the jump around costs less than a negation.
#include "lang/codegen/move_failures.hpp"

#include <algorithm>

#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

namespace {

using enum vm::Opcode;

class Moving {
  public:
    explicit Moving(Assembly& assembly) : assembly_(assembly), cold_(find_cold_items(assembly)) {}

    bool run() {
        std::vector<Item> kept, moved;
        std::vector<Item>& items = assembly_.items;
        for (std::size_t i = 0; i < items.size();) {
            const std::size_t end = end_of_failure(i);
            if (end == i) {
                kept.push_back(items[i++]);
                continue;
            }
            const Label label = assembly_.new_label();
            Item push = items[i + 1];
            push.index = label.index;
            if (items[i].is(XOR)) {
                kept.push_back(items[i]);
                kept.back().op = EQ;
            }
            kept.push_back(push);
            kept.push_back(items[i + 2]);
            moved.push_back({.kind = Item::Kind::Mark, .index = label.index, .range = items[i + 2].range});
            moved.insert(moved.end(), items.begin() + static_cast<std::ptrdiff_t>(i + 3),
                         items.begin() + static_cast<std::ptrdiff_t>(end));
            i = end;
        }
        if (moved.empty()) return false;
        kept.insert(kept.end(), moved.begin(), moved.end());
        items = std::move(kept);
        return true;
    }

  private:
    // Where a negation, a branch and the failure behind it end, which begin at `i`; `i` if they do not.
    [[nodiscard]] std::size_t end_of_failure(std::size_t i) const {
        const std::vector<Item>& items = assembly_.items;
        if (i + 3 >= items.size() || cold_[i] || !cold_[i + 3]) return i;
        if (!items[i].is(ISZERO) && !items[i].is(XOR)) return i;
        if (!items[i + 1].is(Item::Kind::PushLabel) || !items[i + 2].is(JUMPI)) return i;
        for (std::size_t at = i + 3; at < items.size() && cold_[at]; ++at)
            if (items[at].is(Item::Kind::Mark) && items[at].index == items[i + 1].index) return i;
        std::size_t end = i + 3;
        while (end < items.size() && cold_[end]) ++end;
        const bool goes_on_there = end < items.size() && items[end].is(Item::Kind::Mark) && items[end - 1].ends_flow() &&
                                   items[end].index == items[i + 1].index;
        return goes_on_there ? end : i;
    }

    Assembly& assembly_;
    const std::vector<bool> cold_;
};

}  // namespace

bool move_failures(Assembly& assembly) { return Moving(assembly).run(); }

}  // namespace interlock::lang::codegen
