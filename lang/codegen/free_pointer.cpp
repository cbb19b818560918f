// Backwards until nothing changes: the free memory pointer is needed where an item may read it, and where control can go on
// to such an item. Control goes to the next item, and to every label that is pushed. What an item reads is known where
// constants of the same block say so; otherwise it reads everything.
#include "lang/codegen/free_pointer.hpp"

#include <algorithm>
#include <optional>

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

namespace {

using enum vm::Opcode;

// The words on the stack that the items of one block have pushed, where they are constants.
class KnownStack {
  public:
    explicit KnownStack(const Assembly& assembly) : assembly_(assembly) {}

    void run(const Item& item) {
        if (item.is(Item::Kind::Mark)) return words_.clear();
        if (item.is(Item::Kind::Push)) return words_.push_back(assembly_.words[item.index]);
        if (item.is_push()) return words_.push_back(std::nullopt);
        const unsigned byte = static_cast<unsigned>(item.op);
        const unsigned first_dup = static_cast<unsigned>(DUP1), first_swap = static_cast<unsigned>(SWAP1);
        if (byte >= first_dup && byte < first_dup + 16) return words_.push_back(operand(byte - first_dup));
        if (byte >= first_swap && byte < first_swap + 16) {
            const std::size_t depth = byte - first_swap + 1;
            if (depth >= words_.size()) words_.insert(words_.begin(), depth + 1 - words_.size(), std::nullopt);
            return std::swap(words_.back(), words_[words_.size() - 1 - depth]);
        }
        const vm::OpcodeInfo& info = vm::info(item.op);
        words_.resize(words_.size() - std::min<std::size_t>(words_.size(), info.stack_in));
        words_.resize(words_.size() + info.stack_out);
    }

    [[nodiscard]] std::optional<Word> operand(std::size_t n) const {  // 0: the top
        return n < words_.size() ? words_[words_.size() - 1 - n] : std::nullopt;
    }

  private:
    const Assembly& assembly_;
    std::vector<std::optional<Word>> words_;
};

bool may_read_free_pointer(const Item& item, const KnownStack& stack) {
    if (!item.is(Item::Kind::Op)) return false;
    if (item.is(MSIZE)) return true;
    const auto& range = vm::effects_of(item.op).memory_read;
    if (!range) return vm::effects_of(item.op).reads.contains(vm::Region::Memory);
    const std::optional<Word> address = stack.operand(range->address_operand);
    const std::optional<Word> bytes = range->bytes_operand ? stack.operand(*range->bytes_operand) : Word(range->bytes);
    if (bytes && bytes->is_zero()) return false;
    if (!address) return true;
    constexpr std::uint64_t end_of_pointer = memory::free_pointer + 32;
    if (*address >= Word(end_of_pointer)) return false;  // who reads all the way round has no gas for it
    return !bytes || *bytes > Word(memory::free_pointer) || *address + *bytes > Word(memory::free_pointer);
}

std::vector<bool> find_readers(const Assembly& assembly) {
    const std::vector<Item>& items = assembly.items;
    std::vector<std::size_t> mark_of(assembly.label_count(), items.size());
    std::vector<bool> reads(items.size() + 1, false);
    KnownStack stack(assembly);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].is(Item::Kind::Mark)) mark_of[items[i].index] = i;
        reads[i] = may_read_free_pointer(items[i], stack);
        stack.run(items[i]);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = items.size(); i-- > 0;) {
            if (reads[i]) continue;
            const bool does = (!items[i].ends_flow() && reads[i + 1]) ||
                              (items[i].is(Item::Kind::PushLabel) && reads[mark_of[items[i].index]]);
            reads[i] = does;
            changed |= does;
        }
    }
    return reads;
}

}  // namespace

void set_free_pointer(Assembly& assembly, const std::vector<Label>& entries, std::uint64_t first_free,
                      const CostModel& cost) {
    constexpr std::uint64_t saved_gas = 15, bytes = 5;  // at least: three instructions, and two words of memory
    const std::vector<bool> reads = find_readers(assembly);
    std::vector<bool> is_entry(assembly.label_count(), false), is_reading_entry(assembly.label_count(), false);
    for (const Label entry : entries) is_entry[entry.index] = true;
    std::size_t readers = 0, others = 0;
    for (std::size_t i = 0; i < assembly.items.size(); ++i) {
        const Item& item = assembly.items[i];
        if (!item.is(Item::Kind::Mark) || !is_entry[item.index]) continue;
        is_reading_entry[item.index] = reads[i];
        ++(reads[i] ? readers : others);
    }
    const bool is_everywhere =
        cost.of(saved_gas * others, 0, false) < cost.of(0, bytes * (readers > 0 ? readers - 1 : 0), false);
    std::vector<Item> made;
    made.reserve(assembly.items.size() + 3 * (readers + 1));
    const auto set = [&](SourceRange range) {
        for (const std::uint64_t word : {first_free, memory::free_pointer})
            made.push_back({.kind = Item::Kind::Push, .index = assembly.add_word(Word(word)), .range = range});
        made.push_back({.kind = Item::Kind::Op, .op = MSTORE, .range = range});
    };
    const bool is_at_start = is_everywhere || others == 0;
    if (is_at_start) set(assembly.items.front().range);
    for (const Item& item : assembly.items) {
        made.push_back(item);
        if (!is_at_start && item.is(Item::Kind::Mark) && is_reading_entry[item.index]) set(item.range);
    }
    assembly.items = std::move(made);
}

}  // namespace interlock::lang::codegen
