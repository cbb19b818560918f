// All ends are sorted by their items, read backwards: those that have the longest tails in common come to lie side by side.
// Each end is compared with the last one before it that stayed as it is.
#include "lang/codegen/merge_tails.hpp"

#include <algorithm>
#include <map>

#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

namespace {

constexpr std::uint64_t jump_bytes = 4, mark_bytes = 1;  // PUSH2 and JUMP; JUMPDEST

class Merging {
  public:
    explicit Merging(Assembly& assembly)
        : assembly_(assembly), cold_(find_cold_items(assembly)), same_(numbers_of_items()) {}

    bool run() {
        std::vector<std::size_t> ends;
        for (std::size_t i = 0; i < items().size(); ++i)
            if (items()[i].ends_flow()) ends.push_back(i);
        std::sort(ends.begin(), ends.end(), [this](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
        std::size_t kept = ends.empty() ? 0 : ends.front();
        for (std::size_t n = 1; n < ends.size(); ++n) {
            std::size_t length = common(kept, ends[n]);
            if (!is_whole_block(ends[n], length)) length = cold_part(ends[n], length);
            if (pays(ends[n], length)) merge(ends[n], kept, length);
            else kept = ends[n];
        }
        if (cuts_.empty()) return false;
        write();
        return true;
    }

  private:
    struct Cut {
        std::size_t length = 0;  // items that go
        std::uint32_t label = 0;
    };

    [[nodiscard]] std::vector<Item>& items() const { return assembly_.items; }

    // Items that are the same have the same number, wherever they come from in the source.
    [[nodiscard]] std::vector<std::uint32_t> numbers_of_items() const {
        std::map<std::pair<std::uint32_t, std::vector<std::uint64_t>>, std::uint32_t> numbers;
        std::vector<std::uint32_t> result;
        result.reserve(items().size());
        for (const Item& item : items()) {
            const std::uint32_t kind = static_cast<std::uint32_t>(item.kind) << 8 | static_cast<std::uint32_t>(item.op);
            std::vector<std::uint64_t> what{item.index};
            if (item.is(Item::Kind::Push)) {
                const Word& word = assembly_.words[item.index];
                what.assign(word.limbs.begin(), word.limbs.end());
            }
            result.push_back(
                numbers.try_emplace({kind, std::move(what)}, static_cast<std::uint32_t>(numbers.size())).first->second);
        }
        return result;
    }

    // How many items before the end belong to it: down to the end before, or to a mark, which is not part of it.
    [[nodiscard]] bool is_within(std::size_t end, std::size_t length) const {
        if (length > end) return false;
        const Item& item = items()[end - length];
        return !item.is(Item::Kind::Mark) && (length == 0 || !item.ends_flow());
    }

    [[nodiscard]] int compare(std::size_t a, std::size_t b) const {
        if (a == b) return 0;
        for (std::size_t n = 0;; ++n) {
            const bool has_a = is_within(a, n), has_b = is_within(b, n);
            if (!has_a || !has_b) return has_a ? 1 : has_b ? -1 : a < b ? -1 : 1;
            if (same_[a - n] != same_[b - n]) return same_[a - n] < same_[b - n] ? -1 : 1;
        }
    }

    // Calls and writes to storage show in traces with their line of the source: those of two lines stay two.
    [[nodiscard]] std::size_t common(std::size_t a, std::size_t b) const {
        std::size_t n = 0;
        while (is_within(a, n) && is_within(b, n) && same_[a - n] == same_[b - n] &&
               (items()[a - n].range == items()[b - n].range || !shows_in_traces(items()[a - n])))
            ++n;
        return n;
    }

    // How many of the last items only run when the call is about to fail: not the branch that leads to them.
    [[nodiscard]] std::size_t cold_part(std::size_t end, std::size_t length) const {
        std::size_t n = 0;
        while (n < length && cold_[end - n]) ++n;
        return n;
    }

    [[nodiscard]] static bool shows_in_traces(const Item& item) {
        if (!item.is(Item::Kind::Op)) return false;
        const vm::Effects& effects = vm::effects_of(item.op);
        return effects.flow == vm::Flow::Call || effects.writes.contains(vm::Region::Storage);
    }

    [[nodiscard]] std::uint64_t bytes_of(const Item& item) const {
        switch (item.kind) {
            case Item::Kind::Push: return 1 + std::min(vm::byte_length(assembly_.words[item.index]), longest_constant);
            case Item::Kind::PushImmutable: return 33;
            case Item::Kind::PushLibrary: return 21;
            case Item::Kind::Op: return 1;
            default: return 3;
        }
    }

    // Where a call succeeds a jump is not worth its gas.
    [[nodiscard]] bool pays(std::size_t end, std::size_t length) const {
        std::uint64_t bytes = 0;
        for (std::size_t n = 0; n < length; ++n) bytes += bytes_of(items()[end - n]);
        if (is_whole_block(end, length)) return bytes > jump_bytes;
        return cold_[end] && bytes > jump_bytes + mark_bytes;
    }

    [[nodiscard]] bool is_whole_block(std::size_t end, std::size_t length) const {
        return length <= end && items()[end - length].is(Item::Kind::Mark) &&
               (end == length || items()[end - length - 1].ends_flow());
    }

    // Where the tail of `kept` begins is a mark, which may be there already.
    void merge(std::size_t end, std::size_t kept, std::size_t length) {
        const std::size_t first = kept - length + 1;
        auto [mark, is_new] = marks_.try_emplace(first, 0);
        if (is_new) {
            const bool is_marked = first > 0 && items()[first - 1].is(Item::Kind::Mark);
            mark->second = is_marked ? items()[first - 1].index : assembly_.new_label().index;
            if (is_marked) there_already_.push_back(first);
        }
        cuts_[end - length + 1] = {length, mark->second};
        for (std::size_t n = 0; n < length; ++n)
            if (items()[end - n].range != items()[kept - n].range) items()[kept - n].range = {};
        // Shared code belongs to no line of the source, nor does the mark where it begins.
        if (first > 0 && items()[first - 1].is(Item::Kind::Mark)) items()[first - 1].range = {};
    }

    void write() {
        std::vector<Item> made;
        made.reserve(items().size() + marks_.size());
        for (std::size_t i = 0; i < items().size();) {
            if (const auto mark = marks_.find(i);
                mark != marks_.end() && std::find(there_already_.begin(), there_already_.end(), i) == there_already_.end())
                made.push_back({.kind = Item::Kind::Mark, .index = mark->second, .range = {}});
            const auto cut = cuts_.find(i);
            if (cut == cuts_.end()) {
                made.push_back(items()[i++]);
                continue;
            }
            const SourceRange range = items()[i].range;
            made.push_back({.kind = Item::Kind::PushLabel, .index = cut->second.label, .range = range});
            made.push_back({.kind = Item::Kind::Op, .op = Opcode::JUMP, .range = range});
            i += cut->second.length;
        }
        items() = std::move(made);
    }

    static constexpr unsigned longest_constant = 8;  // what encode_constants makes of most that are longer

    Assembly& assembly_;
    std::vector<bool> cold_;
    std::vector<std::uint32_t> same_;
    std::map<std::size_t, std::uint32_t> marks_;  // by the item before which the label is
    std::vector<std::size_t> there_already_;
    std::map<std::size_t, Cut> cuts_;  // by the first item that goes
};

}  // namespace

bool merge_tails(Assembly& assembly) { return Merging(assembly).run(); }

}  // namespace interlock::lang::codegen
