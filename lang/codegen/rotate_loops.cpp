// The condition of a loop is written again at the loop's end. Before and after:
//
//     H: condition PUSH exit JUMPI                 H: condition PUSH exit JUMPI
//        body                                      B: body
//        PUSH H JUMP                                  condition ISZERO PUSH B JUMPI
//                                                     PUSH exit JUMP
//
// This saves a jump, its destination and usually a negation in each iteration, and costs the bytes of the condition.
// The same instructions run in the same order, so nothing has to be known about them. (Muchnick: "Advanced Compiler
// Design and Implementation", 1997, "loop inversion".)
#include "lang/codegen/rotate_loops.hpp"

#include <map>

namespace interlock::lang::codegen {

namespace {

using enum vm::Opcode;

constexpr std::size_t longest_condition = 24;  // in items; longer ones are not worth a copy
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

class Rotation {
  public:
    explicit Rotation(Assembly& assembly) : assembly_(assembly), places_(assembly.label_count(), nowhere) {
        for (std::size_t i = 0; i < items().size(); ++i)
            if (items()[i].is(Item::Kind::Mark)) places_[items()[i].index] = i;
    }

    bool run() {
        std::vector<std::size_t> branches(assembly_.label_count(), nowhere);  // by label of a loop's head
        for (const std::uint32_t head : assembly_.loops)
            if (places_[head] != nowhere) branches[head] = branch_behind(places_[head]);
        for (std::size_t i = 0; i + 1 < items().size(); ++i) {
            if (!items()[i].is(Item::Kind::PushLabel) || !items()[i + 1].is(JUMP)) continue;
            const std::size_t branch = branches[items()[i].index];
            if (branch == nowhere || branch > i) continue;
            changes_[branch] = changes_[i] = branch;
            if (!behind_.contains(branch)) behind_[branch] = assembly_.new_label();
        }
        if (changes_.empty()) return false;
        rewrite();
        return true;
    }

  private:
    [[nodiscard]] const std::vector<Item>& items() const { return assembly_.items; }

    // Returns the JUMPI that control reaches from there, if the way is short and straight.
    [[nodiscard]] std::size_t branch_behind(std::size_t mark) const {
        for (std::size_t i = mark + 1; i < items().size() && i <= mark + longest_condition; ++i) {
            if (items()[i].is(JUMPI)) return items()[i - 1].is(Item::Kind::PushLabel) ? i : nowhere;
            if (items()[i].is(Item::Kind::Mark) || items()[i].ends_flow()) return nowhere;
        }
        return nowhere;
    }

    void copy(std::size_t first, std::size_t end, std::vector<Item>& all) const {
        all.insert(all.end(), items().begin() + static_cast<std::ptrdiff_t>(first),
                   items().begin() + static_cast<std::ptrdiff_t>(end));
    }

    void rewrite() {
        std::vector<Item> all;
        all.reserve(items().size() + changes_.size() * longest_condition);
        std::size_t next = 0;
        for (const auto& [place, branch] : changes_) {
            if (place == branch) {
                copy(next, place + 1, all);
                all.push_back({.kind = Item::Kind::Mark, .index = behind_.at(branch).index, .range = items()[place].range});
                next = place + 1;
            } else {
                copy(next, place, all);
                write_end(place, branch, all);
                next = place + 2;
            }
        }
        copy(next, items().size(), all);
        assembly_.items = std::move(all);
    }

    // The branch continues the loop; the code after the loop's end follows it.
    void write_end(std::size_t end, std::size_t branch, std::vector<Item>& all) const {
        std::size_t first = branch;
        while (!items()[first - 1].is(Item::Kind::Mark)) --first;
        copy(first, branch - 1, all);
        const Item& taken = items()[branch - 1];
        Item other = taken;
        other.index = behind_.at(branch).index;
        const bool is_exit = places_[taken.index] > end;
        if (is_exit) all.push_back({.kind = Item::Kind::Op, .op = ISZERO, .range = taken.range});
        all.push_back(is_exit ? other : taken);
        all.push_back(items()[branch]);
        all.push_back(is_exit ? taken : other);
        all.push_back(items()[end + 1]);
    }

    Assembly& assembly_;
    std::vector<std::size_t> places_;      // by label: its mark
    std::map<std::size_t, Label> behind_;  // by a condition's JUMPI: the label of the next item
    // By position of a JUMPI, or of a loop's jump back to its condition: the JUMPI.
    std::map<std::size_t, std::size_t> changes_;
};

}  // namespace

bool rotate_loops(Assembly& assembly) { return !assembly.loops.empty() && Rotation(assembly).run(); }

}  // namespace interlock::lang::codegen
