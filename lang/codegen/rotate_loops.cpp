// The condition of a loop is written again at the loop's end. Before and after:
//
//     H: condition PUSH exit JUMPI                 H: condition PUSH exit JUMPI
//        body                                      B: body
//        PUSH H JUMP                                  condition ISZERO PUSH B JUMPI
//                                                     PUSH exit JUMP
//
// which saves a jump, its destination and most often a negation in each turn, and costs the bytes of the condition. It is the
// same instructions in the same order whatever they are, so that nothing has to be known about them. (Muchnick: "Advanced
// Compiler Design and Implementation", 1997, "loop inversion".)
#include "lang/codegen/rotate_loops.hpp"

#include <map>
#include <optional>

namespace interlock::lang::codegen {

namespace {

using enum vm::Opcode;

constexpr std::size_t longest_condition = 16;  // items that are worth a copy
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

class Rotation {
  public:
    explicit Rotation(Assembly& assembly) : assembly_(assembly), places_(assembly.label_count(), nowhere) {
        for (std::size_t i = 0; i < items().size(); ++i)
            if (items()[i].is(Item::Kind::Mark)) places_[items()[i].index] = i;
    }

    bool run() {
        std::map<std::size_t, std::size_t> ends;  // of loops: where it jumps back, and the JUMPI of the condition
        for (const std::uint32_t head : assembly_.loops)
            if (places_[head] != nowhere)
                if (const auto branch = branch_behind(places_[head])) find_ends(head, *branch, ends);
        for (const auto& [end, branch] : ends) behind_.try_emplace(branch, assembly_.new_label());
        rewrite(ends);
        return !ends.empty();
    }

  private:
    [[nodiscard]] const std::vector<Item>& items() const { return assembly_.items; }

    // The JUMPI to which control goes from there, if the way is short and straight.
    [[nodiscard]] std::optional<std::size_t> branch_behind(std::size_t mark) const {
        for (std::size_t i = mark + 1; i < items().size() && i <= mark + longest_condition; ++i) {
            if (items()[i].is(JUMPI)) return items()[i - 1].is(Item::Kind::PushLabel) ? std::optional(i) : std::nullopt;
            if (items()[i].is(Item::Kind::Mark) || items()[i].ends_flow()) return std::nullopt;
        }
        return std::nullopt;
    }

    void find_ends(std::uint32_t head, std::size_t branch, std::map<std::size_t, std::size_t>& ends) const {
        for (std::size_t i = branch + 1; i + 1 < items().size(); ++i)
            if (items()[i].is(Item::Kind::PushLabel) && items()[i].index == head && items()[i + 1].is(JUMP)) ends.emplace(i, branch);
    }

    void rewrite(const std::map<std::size_t, std::size_t>& ends) {
        std::vector<Item> all;
        for (std::size_t i = 0; i < items().size(); ++i) {
            if (const auto end = ends.find(i); end != ends.end()) {
                write_end(i++, end->second, all);
                continue;
            }
            all.push_back(items()[i]);
            if (const auto label = behind_.find(i); label != behind_.end())
                all.push_back({.kind = Item::Kind::Mark, .index = label->second.index, .range = items()[i].range});
        }
        assembly_.items = std::move(all);
    }

    // The branch goes on with the loop; what lies behind its end is out of it.
    void write_end(std::size_t end, std::size_t branch, std::vector<Item>& all) const {
        std::size_t first = branch;
        while (!items()[first - 1].is(Item::Kind::Mark)) --first;
        all.insert(all.end(), items().begin() + static_cast<std::ptrdiff_t>(first), items().begin() + static_cast<std::ptrdiff_t>(branch) - 1);
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
    std::vector<std::size_t> places_;         // by label: its mark
    std::map<std::size_t, Label> behind_;     // by the JUMPI of a condition: what comes next
};

}  // namespace

bool rotate_loops(Assembly& assembly) { return !assembly.loops.empty() && Rotation(assembly).run(); }

}  // namespace interlock::lang::codegen
