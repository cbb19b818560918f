// Each rule looks at the end of the list of items kept so far, as if the last one had just been written: a rewrite can
// make another one possible at the same place. Jumps and marks need the whole list, so they have passes of their own.
#include "lang/codegen/peephole.hpp"

#include <array>
#include <functional>
#include <iterator>
#include <optional>

#include "lang/codegen/rotate_loops.hpp"
#include "vm/compute.hpp"
#include "vm/effects.hpp"

namespace interlock::lang::codegen {

namespace {

using Items = std::vector<Item>;
using vm::all_ones;
using enum vm::Opcode;

constexpr unsigned byte_of(Opcode op) { return static_cast<unsigned>(op); }
bool is_dup(const Item& item) { return item.is(Item::Kind::Op) && byte_of(item.op) >= 0x80 && byte_of(item.op) <= 0x8f; }
bool is_swap(const Item& item) { return item.is(Item::Kind::Op) && byte_of(item.op) >= 0x90 && byte_of(item.op) <= 0x9f; }
bool is_constant(const Item& item) { return item.is(Item::Kind::Push); }

// Returns whether the item pushes one word and does nothing else, so that it can be dropped with its result.
bool is_pure_push(const Item& item) {
    if (item.is_push() || is_dup(item)) return true;
    if (!item.is(Item::Kind::Op) || vm::info(item.op).stack_in != 0 || vm::info(item.op).stack_out != 1) return false;
    const vm::Effects& effects = vm::effects_of(item.op);
    return effects.has_no_effect() && !effects.reads.intersects(vm::Regions(vm::Region::Memory, vm::Region::GasLeft));
}

bool is_commutative(Opcode op) { return op == ADD || op == MUL || op == AND || op == OR || op == XOR || op == EQ; }

bool yields_bool(const Item& item) {
    return item.is(LT) || item.is(GT) || item.is(SLT) || item.is(SGT) || item.is(EQ) || item.is(ISZERO);
}

// Computes `first op second`, where first is on top of the stack. Division and signed operations on constants are rare
// and left out.
std::optional<Word> folded(Opcode op, const Word& first, const Word& second) {
    switch (op) {
        case ADD:
        case SUB:
        case MUL:
        case AND:
        case OR:
        case XOR:
        case SHL:
        case SHR:
        case EQ:
        case LT:
        case GT: return vm::compute(op, std::array{first, second});
        default: return std::nullopt;
    }
}

// A shifted selector takes 8 bytes as a shift and 33 as a constant.
bool is_worth_it(const Word& a, const Word& b, Opcode op, const Word& result) {
    return op != SHL || vm::byte_length(result) <= vm::byte_length(a) + vm::byte_length(b) + 2;
}

// k, where the word is 2^k.
std::optional<unsigned> power_of_two(const Word& word) {
    return word.is_zero() || !vm::has_at_most_one_bit(word) ? std::nullopt : std::optional(vm::exponent_of_two(word));
}

// Returns whether `word` on top changes nothing: adding zero, shifting by zero, masking with ones.
bool is_neutral(const Word& word, Opcode op) {
    switch (op) {
        case ADD:
        case OR:
        case XOR:
        case SHL:
        case SHR:
        case SAR: return word.is_zero();
        case MUL: return word == Word(1);
        case AND: return word == ~Word();
        default: return false;
    }
}

// The items kept so far are at the front of the list; later items are appended to them one by one.
class Kept {
  public:
    explicit Kept(Items& items) : items_(items) {}

    void add(const Item& item) {
        Item& place = items_[size_++];
        if (&place != &item) place = item;
    }
    [[nodiscard]] bool has(std::size_t n) const { return size_ >= n; }
    Item& last(std::size_t n) { return items_[size_ - 1 - n]; }  // 0: the newest
    void drop(std::size_t n) { size_ -= n; }

    // Drops the remaining items and returns whether the list became shorter.
    bool finish() {
        const bool is_shorter = size_ < items_.size();
        items_.resize(size_);
        return is_shorter;
    }

  private:
    Items& items_;
    std::size_t size_ = 0;
};

// Returns whether some rule ends with the operation.
constexpr bool ends_a_rule(Opcode op) {
    switch (op) {
        case POP:
        case NOT:
        case ISZERO:
        case ADD:
        case SUB:
        case MUL:
        case DIV:
        case MOD:
        case EXP:
        case AND:
        case OR:
        case XOR:
        case SHL:
        case SHR:
        case SAR:
        case EQ:
        case LT:
        case GT:
        case SLT:
        case SGT:
        case JUMPI: return true;
        default: return byte_of(op) >= byte_of(SWAP1) && byte_of(op) <= byte_of(SWAP16);
    }
}

class Window {
  public:
    Window(Kept& kept, Assembly& assembly) : kept_(kept), assembly_(assembly) {}

    // Applies one rule at the end. Returns false if none fits.
    bool rewrite() {
        if (!has(2) || !last(0).is(Item::Kind::Op) || !ends_a_rule(last(0).op)) return false;
        return rewrite_pair() || rewrite_triple() || rewrite_branch();
    }

  private:
    [[nodiscard]] const Word& word_of(const Item& constant) const { return assembly_.words[constant.index]; }
    void replace_word(Item& constant, const Word& word) { constant.index = assembly_.add_word(word); }
    [[nodiscard]] bool has(std::size_t n) const { return kept_.has(n); }
    Item& last(std::size_t n) { return kept_.last(n); }
    void drop(std::size_t n) { kept_.drop(n); }

    bool rewrite_pair() {
        Item& first = last(1);
        Item& second = last(0);
        if ((is_pure_push(first) && second.is(POP)) || (is_swap(first) && second.is(first.op)) ||
            (first.is(NOT) && second.is(NOT)) ||
            (is_constant(first) && second.is(Item::Kind::Op) && is_neutral(word_of(first), second.op)))
            return drop(2), true;
        if (first.is(SWAP1) && second.is(Item::Kind::Op))
            if (const auto op = mirrored(second.op)) {
                first.op = *op;
                return drop(1), true;
            }
        if (first.is(DUP1) && second.is(SWAP1)) return drop(1), true;
        if (is_constant(first) && second.is(ISZERO)) {
            replace_word(first, *vm::compute(ISZERO, {&word_of(first), 1}));
            return drop(1), true;
        }
        if ((first.is(XOR) || first.is(SUB)) && second.is(ISZERO)) {
            first.op = EQ;
            return drop(1), true;
        }
        return is_constant(first) && rewrite_with_constant(first, second);
    }

    // PUSH c and an operation that takes it as its first operand.
    bool rewrite_with_constant(Item& constant, Item& operation) {
        const Word& word = word_of(constant);
        if (operation.is(EQ) && word.is_zero()) {
            operation.op = ISZERO;
            constant = operation;
            return drop(1), true;
        }
        if (operation.is(GT) && word == Word(1)) {
            operation.op = ISZERO;
            constant = operation;
            return drop(1), true;
        }
        if (operation.is(MUL))
            if (const auto bits = power_of_two(word)) {
                replace_word(constant, Word(*bits));
                operation.op = SHL;
                return true;
            }
        return false;
    }

    bool rewrite_triple() {
        if (!has(3)) return false;
        Item& a = last(2);
        Item& b = last(1);
        const Item& c = last(0);
        if (is_constant(a) && is_constant(b) && c.is(Item::Kind::Op))
            if (const auto word = folded(c.op, word_of(b), word_of(a));
                word && is_worth_it(word_of(a), word_of(b), c.op, *word)) {
                replace_word(a, *word);
                return drop(2), true;
            }
        if (b.is(ISZERO) && c.is(ISZERO) && yields_bool(a)) return drop(2), true;
        // 0 < x is no cheaper to negate than x.
        if (is_constant(a) && word_of(a).is_zero() && b.is(LT) && c.is(ISZERO)) {
            a = c;
            return drop(2), true;
        }
        if (a.is_push() && b.is_push() && c.is(SWAP1)) {
            std::swap(a, b);
            return drop(1), true;
        }
        if (is_constant(a) && (b.is(SWAP1) || is_dup(b)) && c.is(Item::Kind::Op) && rewrite_second_operand(a, b, last(0)))
            return true;
        // Joins two masks.
        if (has(4) && c.is(AND) && a.is(AND) && is_constant(b) && is_constant(last(3)) && word_of(last(3)) == word_of(b))
            return drop(2), true;
        return false;
    }

    // PUSH c, then the first operand by SWAP1 or DUP, then the operation: if another one does the same with a constant as
    // its first operand, that comes last.
    bool rewrite_second_operand(Item& constant, Item& first, Item& operation) {
        if (first.is(DUP1)) return false;  // of the constant itself
        const Word word = word_of(constant);
        const auto bits = power_of_two(word);
        if (operation.is(DIV) && bits) {
            replace_word(constant, Word(*bits));
            operation.op = SHR;
        } else if (operation.is(MUL) && bits) {
            replace_word(constant, Word(*bits));
            operation.op = SHL;
        } else if (operation.is(MOD) && bits) {
            replace_word(constant, word - Word(1));
            operation.op = AND;
        } else if (operation.is(SUB) && word == Word(1) && first.is(SWAP1)) {
            replace_word(constant, all_ones);
            operation.op = ADD;
        } else if (operation.is(GT) && word.is_zero()) {  // x > 0
            operation.op = LT;
        } else if (operation.is(LT) && word == Word(1)) {  // x < 1
            operation.op = GT;
        } else if (!operation.is(EQ) || !word.is_zero()) {
            return false;
        }
        if (first.is(SWAP1)) {
            first = operation;
            return drop(1), true;
        }
        std::swap(constant, first);
        constant.op = static_cast<Opcode>(byte_of(constant.op) - 1);
        return true;
    }

    // Handles ISZERO ISZERO PUSH L JUMPI, EQ ISZERO PUSH L JUMPI and PUSH 0 LT PUSH L JUMPI.
    bool rewrite_branch() {
        if (!has(4) || !last(0).is(JUMPI) || !last(1).is(Item::Kind::PushLabel)) return false;
        if (last(2).is(LT) && is_constant(last(3)) && word_of(last(3)).is_zero()) {  // 0 < x
            last(3) = last(1);
            last(2) = last(0);
            return drop(2), true;
        }
        if (last(2).is(ISZERO) && last(3).is(EQ)) {
            last(3).op = XOR;
            last(2) = last(1);
            last(1) = last(0);
            return drop(1), true;
        }
        if (!last(2).is(ISZERO) || !last(3).is(ISZERO)) return false;
        std::swap(last(3), last(1));
        std::swap(last(2), last(0));
        return drop(2), true;
    }

    Kept& kept_;
    Assembly& assembly_;
};

bool shorten_sequences(Assembly& assembly) {
    Kept kept(assembly.items);
    Window window(kept, assembly);
    for (const Item& item : assembly.items) {
        kept.add(item);
        while (window.rewrite()) {}
    }
    return kept.finish();
}

bool remove_dead_code(Items& items) {
    Kept kept(items);
    bool reachable = true;
    for (const Item& item : items) {
        const bool ends_flow = item.ends_flow();
        if (item.is(Item::Kind::Mark)) reachable = true;
        if (reachable) kept.add(item);
        if (ends_flow) reachable = false;
    }
    return kept.finish();
}

// A label followed only by a jump to another label is replaced by that label.
bool thread_jumps(Assembly& assembly) {
    Items& items = assembly.items;
    std::vector<std::uint32_t> forward(assembly.label_count(), Label::none);
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        if (!items[i].is(Item::Kind::Mark)) continue;
        if (items[i + 1].is(Item::Kind::Mark)) forward[items[i].index] = items[i + 1].index;
        if (i + 2 < items.size() && items[i + 1].is(Item::Kind::PushLabel) && items[i + 2].is(JUMP))
            forward[items[i].index] = items[i + 1].index;
    }
    bool changed = false;
    for (Item& item : items) {
        if (!item.is(Item::Kind::PushLabel)) continue;
        std::uint32_t target = item.index;
        std::size_t hops = 0;
        while (forward[target] != Label::none && hops++ < forward.size()) target = forward[target];
        if (forward[target] != Label::none || target == item.index) continue;  // an empty endless loop stays
        item.index = target;
        changed = true;
    }
    return changed;
}

// Handles PUSH L JUMP L: and c PUSH L JUMPI PUSH M JUMP L:.
bool straighten_jumps(Items& items) {
    bool changed = false;
    Kept kept(items);
    for (const Item& item : items) {
        if (item.is(Item::Kind::Mark) && kept.has(2) && kept.last(0).is(JUMP) && kept.last(1).is(Item::Kind::PushLabel)) {
            if (kept.last(1).index == item.index) {
                kept.drop(2);
                changed = true;
            } else if (kept.has(4) && kept.last(2).is(JUMPI) && kept.last(3).is(Item::Kind::PushLabel) &&
                       kept.last(3).index == item.index) {
                const Item jump = kept.last(2);
                Item negation = jump;
                negation.op = ISZERO;
                Item push = kept.last(3);
                push.index = kept.last(1).index;
                kept.drop(4);
                for (const Item& each : {negation, push, jump}) kept.add(each);
                changed = true;
            }
        }
        kept.add(item);
    }
    kept.finish();
    return changed;
}

bool remove_unused_marks(Assembly& assembly) {
    std::vector<bool> named(assembly.label_count(), false);
    for (const Item& item : assembly.items)
        if (item.is(Item::Kind::PushLabel)) named[item.index] = true;
    return std::erase_if(assembly.items, [&](const Item& item) { return item.is(Item::Kind::Mark) && !named[item.index]; }) >
           0;
}

}  // namespace

std::optional<Opcode> mirrored(Opcode op) {
    switch (op) {
        case LT: return GT;
        case GT: return LT;
        case SLT: return SGT;
        case SGT: return SLT;
        default: return is_commutative(op) ? std::optional(op) : std::nullopt;
    }
}

void clean_up(Assembly& assembly) {
    const auto on_items = [](auto pass) { return [pass](Assembly& all) { return pass(all.items); }; };
    const std::function<bool(Assembly&)> passes[] = {shorten_sequences, thread_jumps, on_items(remove_dead_code),
                                                     on_items(straighten_jumps), remove_unused_marks};
    // Runs the passes in turn until none changes anything. Loops are rotated once, after all passes have run.
    std::size_t idle = 0;
    for (std::size_t turn = 0; idle < std::size(passes); ++turn) {
        idle = passes[turn % std::size(passes)](assembly) ? 0 : idle + 1;
        if (turn + 1 == std::size(passes) && rotate_loops(assembly)) idle = 0;
    }
}

}  // namespace interlock::lang::codegen
