// Reuses values that were computed before. Before and after:
//
//     %3 = evm ADD %1, %2                          %3 = evm ADD %1, %2
//     %4 = evm ADD %1, %2                          uses of %4 become uses of %3
//     %5 = evm MLOAD %1                            %5 = evm MLOAD %1
//     evm MSTORE %6, %7   (%6 = %1 + 32)           evm MSTORE %6, %7
//     %8 = evm MLOAD %1                            uses of %8 become uses of %5
//
// A value can be reused in every block that its own block dominates. A value that was read from memory or storage can
// be reused until something may have written there, in the same block and in blocks to which only it leads. (Click:
// "Global Code Motion, Global Value Numbering", 1995; this is the plain dominator-scoped form.)
#include <algorithm>
#include <bit>
#include <optional>

#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

using enum vm::Opcode;

// Returns whether an earlier result is worth keeping. Opcodes that read the environment are as cheap to repeat.
bool is_worth_keeping(const Instruction& i) {
    const bool is_of_specification = i.op == Op::Convert && i.type.kind == TypeKind::Integer;
    return i.result && ir::is_fixed(i) && !is_of_specification &&
           !(i.op == Op::Evm && ir::reads_of(i).contains(vm::Region::Environment));
}

// These operations write nothing, but knowledge from before them is not used after them.
bool ends_knowledge(Op op) {
    return op == Op::CodeLength || op == Op::CodeHash || op == Op::LibraryAddress ||
           (ir::info(op).group == ir::Group::Bytes && op != Op::BytesLength);
}

// An address in memory as a value plus a constant. For a constant address only the constant is set.
struct Address {
    Value base;
    std::uint64_t offset = 0;
    friend bool operator==(const Address&, const Address&) = default;
};

// The known content of memory and storage.
struct Known {
    struct Word {
        Address at;
        Value value;
    };
    std::vector<Word> memory;
    std::vector<std::pair<Value, Value>> storage;  // slot, value
    std::vector<const Instruction*> slots;         // instructions that compute slots from keys in memory

    void forget_memory() {
        memory.clear();
        slots.clear();
    }
};

class Numbering {
  public:
    explicit Numbering(ir::Function& function)
        : function_(function),
          dominators_(function.blocks),
          replacement_(function.values),
          definitions_(function.values, nullptr),
          known_(function.blocks.size()),
          types_(function.values),
          is_dropped_(function.values),
          seen_(std::bit_ceil(std::size_t{function.values} + 1)),
          numbered_(function.values) {
        for (std::uint32_t i = 0; i < function.values; ++i) replacement_[i] = {i};
        for (const ir::Block& block : function.blocks) {
            for (const ir::Parameter& parameter : block.parameters) types_[parameter.value.index] = parameter.type;
            for (const Instruction& i : block.instructions)
                if (i.result) types_[i.result.index] = i.type;
        }
    }

    bool run() {
        for (BlockIndex block = 0; block < function_.blocks.size(); ++block) visit(block);
        if (!found_) return false;
        // Back edges pass values that were replaced after the edges were visited.
        for (ir::Block& block : function_.blocks) {
            rename(block.terminator);
            std::erase_if(block.instructions, [&](const Instruction& i) { return i.result && is_dropped_[i.result.index]; });
        }
        return true;
    }

  private:
    void visit(BlockIndex index) {
        ir::Block& block = function_.blocks[index];
        const auto predecessors = dominators_.predecessors(index);
        Known known;
        if (index != 0 && predecessors.size() == 1 && predecessors[0] < index &&
            function_.blocks[predecessors[0]].terminator.kind != ir::Terminator::Kind::External)
            known = known_[predecessors[0]];
        for (Instruction& i : block.instructions) {
            for (Value& operand : i.operands) operand = replacement_[operand.index];
            if (is_worth_keeping(i) || is_pure_slot(i)) reuse(i, index);
            else follow(i, known);
            if (i.result) definitions_[i.result.index] = &i;
        }
        rename(block.terminator);
        known_[index] = std::move(known);
    }

    // Returns whether it is the slot of a mapping's entry whose key is not in memory, where it could change.
    [[nodiscard]] bool is_pure_slot(const Instruction& i) const {
        return i.op == Op::SlotOf && std::none_of(i.operands.begin(), i.operands.end(),
                                                  [&](Value key) { return types_[key.index].is_reference(); });
    }

    void rename(ir::Terminator& terminator) {
        const auto follow = [&](Value& value) {
            if (value) value = replacement_[value.index];
        };
        ir::for_each_use(terminator, follow);
        ir::for_each_jump(terminator,
                          [&](ir::Jump& jump) { std::for_each(jump.arguments.begin(), jump.arguments.end(), follow); });
    }

    static std::size_t hash_of(const Instruction& i) {
        std::size_t hash = static_cast<std::size_t>(i.op) * 31 + static_cast<std::size_t>(i.opcode);
        for (const Value operand : i.operands) hash = hash * 1'000'003 + operand.index;
        hash = hash * 1'000'003 + static_cast<std::size_t>(i.word.low64());
        return hash ^ hash >> 32;
    }

    static bool same_place(const ir::Place& a, const ir::Place& b) {
        return a.variable == b.variable && std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                                                      [](const ir::PlaceStep& x, const ir::PlaceStep& y) {
                                                          return x.kind == y.kind && x.operand == y.operand;
                                                      });
    }

    static bool is_same(const Instruction& a, const Instruction& b) {
        return a.op == b.op && a.opcode == b.opcode && a.type == b.type && (a.checked || !b.checked) &&
               a.operands == b.operands && a.word == b.word && same_place(a.place, b.place);
    }

    // Replaces the instruction by the earliest equal value that can be used here.
    void reuse(Instruction& i, BlockIndex block) {
        Value& newest = seen_[hash_of(i) & (seen_.size() - 1)];
        Value same;
        for (Value each = newest; each; each = numbered_[each.index].previous)
            if (is_same(*definitions_[each.index], i) && dominators_.dominates(numbered_[each.index].block, block))
                same = each;
        if (same) return replace(i, same);
        numbered_[i.result.index] = {block, newest};
        newest = i.result;
    }

    void replace(const Instruction& i, Value value) {
        replacement_[i.result.index] = value;
        is_dropped_[i.result.index] = true;
        found_ = true;
    }

    [[nodiscard]] std::optional<Word> constant(Value value) const {
        const Instruction* definition = definitions_[value.index];
        if (definition != nullptr && definition->op == Op::Constant) return definition->word;
        return std::nullopt;
    }

    [[nodiscard]] Address address_of(Value value) const {
        if (const auto word = constant(value)) return {{}, word->fits_u64() ? word->low64() : ~std::uint64_t{0}};
        const Instruction* i = definitions_[value.index];
        if (i != nullptr && ((i->op == Op::Evm && i->opcode == ADD) || (i->op == Op::Add && !i->checked)))
            for (const std::size_t n : {0u, 1u})
                if (const auto word = constant(i->operands[n]); word && word->fits_u64() && word->low64() < (1u << 30)) {
                    const Address rest = address_of(i->operands[1 - n]);
                    return {rest.base, rest.offset + word->low64()};
                }
        return {value, 0};
    }

    static bool may_overlap(const Address& a, const Address& b) {
        if (a.base != b.base) return true;
        return a.offset < b.offset + 32 && b.offset < a.offset + 32;
    }

    // Replaces reads, remembers writes, and forgets what any other instruction may write.
    void follow(Instruction& i, Known& known) {
        if (i.op == Op::Evm) return follow_machine(i, known);
        if (i.op == Op::SlotOf) return follow_slot(i, known);
        const vm::Regions writes = ir::writes_of(i);
        if (writes.empty() && !ir::info(i.op).effects.takes_memory && !ends_knowledge(i.op)) return;
        if (writes != vm::Regions(vm::Region::Logs)) known.storage.clear();
        known.forget_memory();
    }

    void follow_slot(Instruction& i, Known& known) {
        const auto same =
            std::find_if(known.slots.begin(), known.slots.end(), [&](const Instruction* each) { return is_same(*each, i); });
        if (same != known.slots.end()) replace(i, (*same)->result);
        else known.slots.push_back(&i);
    }

    void follow_machine(Instruction& i, Known& known) {
        switch (i.opcode) {
            case MLOAD: {
                const Address at = address_of(i.operands[0]);
                const auto found = std::find_if(known.memory.begin(), known.memory.end(),
                                                [&](const Known::Word& word) { return word.at == at; });
                if (found != known.memory.end()) replace(i, found->value);
                else remember(known, at, i.result);
                return;
            }
            case MSTORE: {
                known.slots.clear();
                const Address at = address_of(i.operands[0]);
                std::erase_if(known.memory, [&](const Known::Word& word) { return may_overlap(word.at, at); });
                return remember(known, at, i.operands[1]);
            }
            case SLOAD: {
                const auto found = std::find_if(known.storage.begin(), known.storage.end(),
                                                [&](const auto& each) { return each.first == i.operands[0]; });
                if (found != known.storage.end()) replace(i, found->second);
                else known.storage.emplace_back(i.operands[0], i.result);
                return;
            }
            case SSTORE: {
                std::erase_if(known.storage, [&](const auto& each) { return !are_different(each.first, i.operands[0]); });
                known.storage.emplace_back(i.operands[0], i.operands[1]);
                return;
            }
            default:
                if (ir::writes_of(i).contains(vm::Region::Memory)) known.forget_memory();
                if (ir::writes_of(i).contains(vm::Region::Storage)) known.storage.clear();
        }
    }

    // Returns whether the two are certainly different: two constants, or a constant and a hash, since keccak gives no
    // small numbers.
    [[nodiscard]] bool are_different(Value a, Value b) const {
        const auto is_small = [](const std::optional<Word>& word) { return word && word->fits_u64(); };
        const auto is_entry = [&](Value value) {
            const Instruction* i = definitions_[value.index];
            return i != nullptr && i->op == Op::SlotOf &&
                   std::any_of(i->place.steps.begin(), i->place.steps.end(),
                               [](const ir::PlaceStep& step) { return step.kind == ir::PlaceStep::Kind::Key; });
        };
        const auto left = constant(a), right = constant(b);
        if (left && right) return !(*left == *right);
        return (is_small(left) && is_entry(b)) || (is_small(right) && is_entry(a));
    }

    // Scratch memory is also written by code that is no instruction of its own, so only the free memory pointer is
    // remembered.
    static void remember(Known& known, const Address& at, Value value) {
        if (!at.base && at.offset != 0x40) return;
        known.memory.push_back({at, value});
    }

    ir::Function& function_;
    ir::Dominators dominators_;
    std::vector<Value> replacement_;
    std::vector<const Instruction*> definitions_;
    std::vector<Known> known_;
    std::vector<ir::Type> types_;
    std::vector<bool> is_dropped_;
    bool found_ = false;  // some value equals an earlier one
    struct Numbered {
        BlockIndex block;
        Value previous;  // another value with the same hash
    };
    std::vector<Value> seen_;  // by hash: the newest reusable value
    std::vector<Numbered> numbered_;
};

}  // namespace

bool number_values(ir::Function& function) { return Numbering(function).run(); }

}  // namespace interlock::lang::optimize
