// Removes checks that cannot fail. Before and after:
//
//     b1(%1): %2 = less %1, %0; branch %2 ? b2 : b3          b1(%1): …
//     b2(): %3 = checked add %1, 1; jump b1(%3)              b2(): %3 = add %1, 1; jump b1(%3)
//     %5 = less %1, %4; guard %5                             (removed if %5 is known to hold)
//
// Every unsigned value has a range. It follows from the type and the operation, from the conditions of branches and
// guards that lead to the block, and around loops by repetition: a range that has grown twice becomes the type's whole
// range, so that this ends after a few rounds. Conditions that were decided before are remembered. (Harrison: "Compiler
// Analysis of the Value Ranges for Variables", 1977.)
#include <algorithm>
#include <optional>

#include "lang/ir/dominators.hpp"
#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

struct Range {
    Word low, high;
    friend bool operator==(const Range&, const Range&) = default;
};

Range everything() { return {Word(), all_ones}; }

Range range_of(const ir::Type& type) {
    if (type.bits == 256) return everything();
    switch (type.kind) {
        case TypeKind::Bool: return {Word(), Word(1)};
        case TypeKind::Uint:
        case TypeKind::Address: return {Word(), all_ones >> (256u - type.bits)};
        case TypeKind::Enum: return {Word(), Word(type.members - 1u)};
        default: return everything();
    }
}

Range united(const Range& a, const Range& b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

bool adds_up(const Word& a, const Word& b, const Word& limit) { return a <= limit && b <= limit - a; }
bool multiplies_up(const Word& a, const Word& b, const Word& limit) { return a.is_zero() || b <= limit / a; }

// Returns whether values of the type are compared and counted without a sign.
bool is_unsigned(const ir::Type& type) {
    return type.kind == TypeKind::Uint || type.kind == TypeKind::Address || type.kind == TypeKind::Enum ||
           type.kind == TypeKind::Bool;
}

bool is_comparison(const Instruction& i) {
    if (i.op == Op::Evm)
        return i.opcode == Opcode::LT || i.opcode == Opcode::GT || i.opcode == Opcode::EQ || i.opcode == Opcode::ISZERO;
    return i.type.kind == TypeKind::Bool && (ir::info(i.op).group == ir::Group::Comparison || i.op == Op::Not);
}

// Returns whether there is anything that ranges could decide.
bool asks_for_ranges(const ir::Function& function) {
    return std::any_of(function.blocks.begin(), function.blocks.end(), [](const ir::Block& block) {
        return block.terminator.kind == ir::Terminator::Kind::Branch ||
               std::any_of(block.instructions.begin(), block.instructions.end(),
                           [](const Instruction& i) { return i.checked || i.op == Op::Guard || is_comparison(i); });
    });
}

class Ranges {
  public:
    explicit Ranges(ir::Function& function)
        : function_(function),
          dominators_(function.blocks),
          ranges_(function.values),
          known_(function.values, false),
          types_(function.values),
          definitions_(function.values, nullptr),
          newest_fact_(function.values, none),
          newest_order_(function.values, none) {
        for (ir::Block& block : function.blocks) {
            for (const ir::Parameter& parameter : block.parameters) types_[parameter.value.index] = parameter.type;
            for (Instruction& i : block.instructions) {
                if (!i.result) continue;
                types_[i.result.index] = i.type;
                definitions_[i.result.index] = &i;
            }
        }
    }

    bool run() {
        constexpr std::size_t likely = 32;  // number of facts in a function of usual size
        facts_.reserve(likely);
        orders_.reserve(likely);
        constexpr int rounds = 6;  // by then every range that still grows has been widened
        const bool is_repeated = has_loops();
        while (visit_all()) {
            if (++round_ == rounds) return false;
            if (!is_repeated) break;
        }
        forget();
        for (block_ = 0; block_ < function_.blocks.size(); ++block_) rewrite(function_.blocks[block_]);
        return changed_;
    }

  private:
    // What a condition says about the blocks to which it leads: narrower ranges, and the condition itself.
    struct Fact {
        BlockIndex block;  // the fact holds in this block and those that it dominates
        Range range;
        std::uint32_t earlier;  // the previous fact about the same value; none: there is none
    };

    // An upper bound of a value.
    struct Order {
        BlockIndex block;
        Value other;
        std::uint32_t earlier;
    };

    static constexpr std::uint32_t none = 0xffffffff;

    // Without loops, everything that leads to a block has been visited before the block.
    [[nodiscard]] bool has_loops() const {
        for (BlockIndex block = 0; block < function_.blocks.size(); ++block)
            for (const BlockIndex from : dominators_.predecessors(block))
                if (from >= block) return true;
        return false;
    }

    bool visit_all() {
        bool changed = false;
        forget();
        for (block_ = 0; block_ < function_.blocks.size(); ++block_) changed |= visit(function_.blocks[block_]);
        return changed;
    }

    bool visit(const ir::Block& block) {
        bool changed = enter(block);
        for (const Instruction& i : block.instructions) {
            if (i.op == Op::Guard) learn(i.operands[0], true);
            if (i.result) changed |= widen(i.result, evaluate(i), false);
        }
        return changed;
    }

    // Handles parameters, and the condition of the only edge into the block.
    bool enter(const ir::Block& block) {
        const auto predecessors = dominators_.predecessors(block_);
        if (block_ != 0 && predecessors.size() == 1) {
            const ir::Terminator& terminator = function_.blocks[predecessors[0]].terminator;
            if (terminator.kind == ir::Terminator::Kind::Branch && terminator.then.block != terminator.otherwise.block)
                learn(terminator.condition, terminator.then.block == block_);
        }
        bool changed = false;
        for (std::size_t n = 0; n < block.parameters.size(); ++n) {
            const Value parameter = block.parameters[n].value;
            std::optional<Range> range;
            if (block_ == 0) range = range_of(block.parameters[n].type);
            for (const BlockIndex from : predecessors)
                ir::for_each_jump(function_.blocks[from].terminator, [&](const ir::Jump& jump) {
                    if (jump.block != block_) return;
                    const bool is_result = n >= jump.arguments.size();
                    if (!is_result && !known_[jump.arguments[n].index] && from >= block_) return;  // not visited yet
                    const Range one = is_result ? range_of(block.parameters[n].type) : range_at(jump.arguments[n], from);
                    range = range ? united(*range, one) : one;
                });
            changed |= widen(parameter, range.value_or(range_of(block.parameters[n].type)), true);
        }
        return changed;
    }

    // A parameter that still changes in the second round is widened to the limit of its type, on the side that changes.
    bool widen(Value value, Range range, bool is_parameter) {
        const Range whole = range_of(types_[value.index]);
        if (range.low < whole.low || range.high > whole.high) range = whole;
        Range& kept = ranges_[value.index];
        if (!known_[value.index]) {
            known_[value.index] = true;
            kept = range;
            return true;
        }
        if (is_parameter && round_ > 0) {
            if (range.low < kept.low) range.low = whole.low;
            if (range.high > kept.high) range.high = whole.high;
            range = united(range, kept);
        }
        if (range == kept) return false;
        kept = range;
        return true;
    }

    [[nodiscard]] Range range_of_value(Value value) const {
        return known_[value.index] ? ranges_[value.index] : range_of(types_[value.index]);
    }

    [[nodiscard]] Range range_at(Value value, BlockIndex block) const {
        Range range = range_of_value(value);
        for (std::uint32_t each = newest_fact_[value.index]; each != none; each = facts_[each].earlier) {
            const Fact& fact = facts_[each];
            if (!dominators_.dominates(fact.block, block)) continue;
            range.low = std::max(range.low, fact.range.low);
            range.high = std::min(range.high, fact.range.high);
        }
        if (range.low > range.high) return range_of_value(value);  // this code is never reached, so any range is valid
        return range;
    }

    [[nodiscard]] Range range(Value value) const { return range_at(value, block_); }

    void note(Value value, const Range& range) {
        facts_.push_back({block_, range, newest_fact_[value.index]});
        newest_fact_[value.index] = static_cast<std::uint32_t>(facts_.size() - 1);
    }

    void note_order(Value smaller, Value other) {
        orders_.push_back({block_, other, newest_order_[smaller.index]});
        newest_order_[smaller.index] = static_cast<std::uint32_t>(orders_.size() - 1);
    }

    // Each round starts anew in the order of the code, because facts that are learnt later do not hold earlier.
    void forget() {
        facts_.clear();
        orders_.clear();
        std::fill(newest_fact_.begin(), newest_fact_.end(), none);
        std::fill(newest_order_.begin(), newest_order_.end(), none);
    }

    // --- conditions ---
    void learn(Value condition, bool holds) {
        note(condition, {Word(holds), Word(holds)});
        const Instruction* i = definitions_[condition.index];
        if (i == nullptr || i->operands.empty()) return;
        switch (i->op) {
            case Op::Not: return learn(i->operands[0], !holds);
            case Op::And:
                return holds && types_[condition.index].kind == TypeKind::Bool
                           ? (learn(i->operands[0], true), learn(i->operands[1], true))
                           : void();
            case Op::Or:
                return !holds && types_[condition.index].kind == TypeKind::Bool
                           ? (learn(i->operands[0], false), learn(i->operands[1], false))
                           : void();
            case Op::Less: return order(i->operands[0], i->operands[1], holds);
            case Op::Greater: return order(i->operands[1], i->operands[0], holds);
            case Op::LessEqual: return order(i->operands[1], i->operands[0], !holds);
            case Op::GreaterEqual: return order(i->operands[0], i->operands[1], !holds);
            case Op::Equal: return equal(i->operands[0], i->operands[1], holds);
            case Op::NotEqual: return equal(i->operands[0], i->operands[1], !holds);
            case Op::Reinterpret:
            case Op::Convert: return learn_word(i->operands[0], holds);
            case Op::Evm: return learn_machine(*i, holds);
            default: return;
        }
    }

    // A word that is zero, or nonzero.
    void learn_word(Value word, bool holds) {
        if (!holds) note(word, {Word(), Word()});
        else if (range(word).low.is_zero()) note(word, {Word(1), range(word).high});
        const Instruction* i = definitions_[word.index];
        if (i != nullptr && i->op == Op::Evm) learn_machine(*i, holds);
        if (i != nullptr && i->op == Op::Reinterpret && types_[i->operands[0].index].kind == TypeKind::Bool)
            learn(i->operands[0], holds);
    }

    void learn_machine(const Instruction& i, bool holds) {
        if (i.opcode == Opcode::LT) order(i.operands[0], i.operands[1], holds);
        if (i.opcode == Opcode::GT) order(i.operands[1], i.operands[0], holds);
        if (i.opcode == Opcode::EQ) equal(i.operands[0], i.operands[1], holds);
        if (i.opcode == Opcode::ISZERO) learn_word(i.operands[0], !holds);
    }

    // Learns a < b, or a >= b.
    void order(Value a, Value b, bool less) {
        if (!is_unsigned(types_[a.index]) || !is_unsigned(types_[b.index])) return;
        const Range left = range(a), right = range(b);
        if (less) {
            note_order(a, b);
            if (!right.high.is_zero()) note(a, {left.low, std::min(left.high, right.high - Word(1))});
            if (left.low < all_ones) note(b, {std::max(right.low, left.low + Word(1)), right.high});
        } else {
            note_order(b, a);
            note(a, {std::max(left.low, right.low), left.high});
            note(b, {right.low, std::min(right.high, left.high)});
        }
    }

    void equal(Value a, Value b, bool same) {
        if (!is_unsigned(types_[a.index]) || !is_unsigned(types_[b.index])) return;
        const Range left = range(a), right = range(b);
        if (same) {
            const Range both{std::max(left.low, right.low), std::min(left.high, right.high)};
            note(a, both);
            note(b, both);
        } else if (right == Range{} && left.low.is_zero()) {
            note(a, {Word(1), left.high});
        } else if (left == Range{} && right.low.is_zero()) {
            note(b, {Word(1), right.high});
        }
    }

    // Returns whether a condition that leads here says a <= b.
    [[nodiscard]] bool is_at_most(Value a, Value b) const {
        if (a == b) return true;
        for (std::uint32_t each = newest_order_[a.index]; each != none; each = orders_[each].earlier)
            if (orders_[each].other == b && dominators_.dominates(orders_[each].block, block_)) return true;
        return false;
    }

    // --- values ---
    [[nodiscard]] Range evaluate(const Instruction& i) const {
        if (i.op == Op::Constant) return {i.word, i.word};
        if (i.op == Op::Evm) return evaluate_machine(i);
        const Range whole = range_of(i.type);
        if (!is_unsigned(i.type)) return whole;
        const auto operand = [&](std::size_t n) { return range(i.operands[n]); };
        const Word& limit = whole.high;
        switch (i.op) {
            case Op::Add: {
                const Range a = operand(0), b = operand(1);
                if (adds_up(a.high, b.high, limit)) return {a.low + b.low, a.high + b.high};
                return i.checked && adds_up(a.low, b.low, limit) ? Range{a.low + b.low, limit} : whole;
            }
            case Op::Sub: {
                const Range a = operand(0), b = operand(1);
                if (a.low >= b.high) return {a.low - b.high, a.high - b.low};
                return i.checked || is_at_most(i.operands[1], i.operands[0]) ? Range{Word(), a.high} : whole;
            }
            case Op::Mul: {
                const Range a = operand(0), b = operand(1);
                return multiplies_up(a.high, b.high, limit) ? Range{a.low * b.low, a.high * b.high} : whole;
            }
            case Op::Div: {
                const Range a = operand(0), b = operand(1);
                return {Word(), b.low.is_zero() ? a.high : a.high / b.low};
            }
            case Op::Mod: {
                const Range a = operand(0), b = operand(1);
                return {Word(), b.high.is_zero() ? limit : std::min(a.high, b.high - Word(1))};
            }
            case Op::And: return {Word(), std::min(operand(0).high, operand(1).high)};
            case Op::Shr: return {Word(), shifted(operand(0).high, operand(1).low)};
            case Op::Convert:
            case Op::Reinterpret: {
                if (!is_unsigned(types_[i.operands[0].index])) return whole;
                const Range a = operand(0);
                return a.high <= limit ? a : whole;
            }
            case Op::Select: return united(operand(1), operand(2));
            default: return decided(i).value_or(whole);
        }
    }

    [[nodiscard]] Range evaluate_machine(const Instruction& i) const {
        const auto operand = [&](std::size_t n) { return range(i.operands[n]); };
        using enum vm::Opcode;
        switch (i.opcode) {
            case ADD: {
                const Range a = operand(0), b = operand(1);
                return adds_up(a.high, b.high, all_ones) ? Range{a.low + b.low, a.high + b.high} : everything();
            }
            case MUL: {
                const Range a = operand(0), b = operand(1);
                return multiplies_up(a.high, b.high, all_ones) ? Range{a.low * b.low, a.high * b.high} : everything();
            }
            case AND: return {Word(), std::min(operand(0).high, operand(1).high)};
            case SHR: return {Word(), shifted(operand(1).high, operand(0).low)};
            case BYTE: return {Word(), Word(255)};
            case CALLDATASIZE: return {Word(), Word(0xffff'ffff)};
            case LT:
            case GT:
            case SLT:
            case SGT:
            case EQ:
            case ISZERO: return decided(i).value_or(Range{Word(), Word(1)});
            default: return everything();
        }
    }

    // Shifts to the right, by `by` or more.
    static Word shifted(const Word& word, const Word& by) {
        return by.fits_u64() ? word >> std::min<std::uint64_t>(by.low64(), 256) : Word();
    }

    // Returns the result of a comparison if it is known.
    [[nodiscard]] std::optional<Range> decided(const Instruction& i) const {
        const auto answer = [](bool holds) { return Range{Word(holds), Word(holds)}; };
        if (i.operands.empty()) return std::nullopt;
        const bool is_machine = i.op == Op::Evm;
        if (is_machine && i.opcode == Opcode::ISZERO) {
            if (!range(i.operands[0]).low.is_zero()) return answer(false);
            if (range(i.operands[0]).high.is_zero()) return answer(true);
            return std::nullopt;
        }
        if (i.op == Op::Not && i.type.kind == TypeKind::Bool) {
            if (range(i.operands[0]).low == range(i.operands[0]).high) return answer(range(i.operands[0]).low.is_zero());
            return std::nullopt;
        }
        if (i.operands.size() != 2 || !is_unsigned(types_[i.operands[0].index]) || !is_unsigned(types_[i.operands[1].index]))
            return std::nullopt;
        const auto less = [&](Value a, Value b) -> std::optional<Range> {
            if (range(a).high < range(b).low) return answer(true);
            if (range(a).low >= range(b).high || is_at_most(b, a)) return answer(false);
            return std::nullopt;
        };
        const auto negated = [&](std::optional<Range> of) { return of ? std::optional(answer(of->low.is_zero())) : of; };
        const Value a = i.operands[0], b = i.operands[1];
        if (is_machine) {
            if (i.opcode == Opcode::LT) return less(a, b);
            if (i.opcode == Opcode::GT) return less(b, a);
        } else {
            if (i.op == Op::Less) return less(a, b);
            if (i.op == Op::Greater) return less(b, a);
            if (i.op == Op::LessEqual) return negated(less(b, a));
            if (i.op == Op::GreaterEqual) return negated(less(a, b));
        }
        const bool asks_equal = is_machine ? i.opcode == Opcode::EQ : i.op == Op::Equal;
        if (!asks_equal && (is_machine || i.op != Op::NotEqual)) return std::nullopt;
        if (range(a).high < range(b).low || range(b).high < range(a).low) return answer(!asks_equal);
        return std::nullopt;
    }

    // --- results ---
    [[nodiscard]] bool cannot_overflow(const Instruction& i) const {
        if (i.operands.size() != 2 || i.type.kind != TypeKind::Uint) return false;
        const Range left = range(i.operands[0]), right = range(i.operands[1]);
        const Word limit = range_of(i.type).high;
        switch (i.op) {
            case Op::Add: return adds_up(left.high, right.high, limit);
            case Op::Sub: return left.low >= right.high || is_at_most(i.operands[1], i.operands[0]);
            case Op::Mul: return multiplies_up(left.high, right.high, limit);
            default: return false;
        }
    }

    void rewrite(ir::Block& block) {
        enter(block);
        std::vector<bool> is_gone(block.instructions.size());
        for (std::size_t n = 0; n < block.instructions.size(); ++n) {
            Instruction& i = block.instructions[n];
            if (i.checked && cannot_overflow(i)) i.checked = false;
            if (i.op == Op::Guard) {
                is_gone[n] = range(i.operands[0]).low == Word(1) && types_[i.operands[0].index].kind == TypeKind::Bool;
                changed_ = changed_ || is_gone[n];
                learn(i.operands[0], true);
            } else if (i.result && is_comparison(i)) {
                if (const Range answer = evaluate(i); answer.low == answer.high) make_constant(i, answer.low);
            }
        }
        std::size_t n = 0;
        std::erase_if(block.instructions, [&](const Instruction&) { return is_gone[n++]; });
        for (Instruction& i : block.instructions)
            if (i.result) definitions_[i.result.index] = &i;
        decide(block.terminator);
    }

    static void make_constant(Instruction& i, const Word& word) {
        i.op = Op::Constant;
        i.word = word;
        i.operands.clear();
    }

    void decide(ir::Terminator& terminator) {
        if (terminator.kind != ir::Terminator::Kind::Branch) return;
        const Range answer = range(terminator.condition);
        if (answer.low != answer.high) return;
        terminator.kind = ir::Terminator::Kind::Jump;
        changed_ = true;
        if (answer.low.is_zero()) terminator.then = terminator.otherwise;
    }

    ir::Function& function_;
    ir::Dominators dominators_;
    std::vector<Range> ranges_;
    std::vector<bool> known_;
    std::vector<ir::Type> types_;
    std::vector<const Instruction*> definitions_;
    std::vector<Fact> facts_;
    std::vector<Order> orders_;
    std::vector<std::uint32_t> newest_fact_, newest_order_;  // by value
    BlockIndex block_ = 0;
    int round_ = 0;
    bool changed_ = false;
};

}  // namespace

bool find_ranges(ir::Function& function) { return asks_for_ranges(function) && Ranges(function).run(); }

}  // namespace interlock::lang::optimize
