// What is fixed about accesses to words that share a slot, by the slot: of a store that leaves the rest of the slot as it was,
// and of loads that look at one of the words, as code does that gets a storage pointer.
#include <algorithm>
#include <bit>

#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using ir::Word;

namespace {

constexpr unsigned slot_bits = 256, byte_bits = 8;

// Reads the patterns, which the compiler makes always in the same way.
class Packing {
  public:
    Packing(const ir::Function& function, const Makers& made_by) : function_(function), made_by_(made_by), uses_(function) {}

    struct Store {
        PackedPart part;
        const ir::Instruction* kept = nullptr;  // the load of what stays as it is
    };

    // Returns what the store writes, if it leaves the rest of the slot as it was right before.
    [[nodiscard]] std::optional<Store> store_at(const ir::Block& block, std::size_t at) const {
        const ir::Instruction& store = block.instructions[at];
        const ir::Instruction* joined = is_evm(store, vm::Opcode::SSTORE) ? made_by_.at(store.operands[1].index) : nullptr;
        if (!joined || joined->op != Op::Or) return std::nullopt;
        const ir::Instruction* rest = made_by_.at(joined->operands[0].index);
        if (!rest || rest->op != Op::And || !is_used_once(rest->result)) return std::nullopt;
        const ir::Instruction* load = made_by_.at(rest->operands[0].index);
        const auto mask = constant(rest->operands[1]);
        if (!load || !mask || !is_evm(*load, vm::Opcode::SLOAD) || load->operands[0] != store.operands[0])
            return std::nullopt;
        if (!is_used_once(load->result) || !is_quiet(block, *load, at)) return std::nullopt;
        const auto range = range_of(~*mask);
        const auto value = range ? value_in(joined->operands[1], *range) : std::nullopt;
        if (!value) return std::nullopt;
        return Store{{*range, *value}, load};
    }

    // Returns the one part of the slot at which the users of the load look.
    [[nodiscard]] std::optional<BitRange> range_seen(const ir::Instruction& load) const {
        std::optional<BitRange> seen;
        const auto see = [&](std::optional<BitRange> range) {
            const bool is_same = range && (!seen || *seen == *range);
            if (is_same) seen = range;
            return is_same;
        };
        for (const Uses::User& user : uses_.users.at(load.result.index)) {
            if (!user.instruction) return std::nullopt;
            if (user.instruction->op == Op::And) {
                if (!see(low_bits(*user.instruction, load.result, 0))) return std::nullopt;
                continue;
            }
            const auto shift = user.instruction->op == Op::Shr ? constant(user.instruction->operands[1]) : std::nullopt;
            if (!shift || !(*shift < Word{slot_bits}) || user.instruction->operands[0] != load.result) return std::nullopt;
            for (const Uses::User& next : uses_.users.at(user.instruction->result.index)) {
                const bool cuts = next.instruction && next.instruction->op == Op::And;
                const auto first = static_cast<unsigned>(shift->low64());
                if (!cuts || !see(low_bits(*next.instruction, user.instruction->result, first))) return std::nullopt;
            }
        }
        return seen;
    }

    // Returns the load of the same part, if the value is what it held and a number more or less, and nobody else looks at it.
    [[nodiscard]] const ir::Instruction* summed(const ir::Block& block, std::size_t at, const PackedPart& part,
                                                std::size_t side) const {
        const ir::Instruction* sum = made_by_.at(part.value.index);
        if (!sum || !is_used_once(sum->result)) return nullptr;
        ir::Value value = sum->operands[side];
        for (unsigned steps = 0; steps < 4; ++steps) {
            if (!is_used_once(value)) return nullptr;
            const ir::Instruction* made = made_by_.at(value.index);
            if (!made) return nullptr;
            if (is_evm(*made, vm::Opcode::SLOAD)) {
                const bool is_it = made->operands[0] == block.instructions[at].operands[0] && is_quiet(block, *made, at) &&
                                   range_seen(*made) == part.range;
                return is_it ? made : nullptr;
            }
            if (made->op != Op::Reinterpret && made->op != Op::And && made->op != Op::Shr) return nullptr;
            value = made->operands[0];
        }
        return nullptr;
    }

  private:
    [[nodiscard]] bool is_used_once(ir::Value value) const { return uses_.users.at(value.index).size() == 1; }

    [[nodiscard]] static bool is_quiet(const ir::Block& block, const ir::Instruction& load, std::size_t at) {
        bool is_behind = false;
        for (std::size_t i = 0; i < at; ++i) {
            const ir::Instruction& each = block.instructions[i];
            if (is_behind && ir::writes_of(each).intersects(vm::state_regions)) return false;
            is_behind |= &each == &load;
        }
        return is_behind;
    }

    // Also of what is computed from constants alone.
    [[nodiscard]] std::optional<Word> constant(ir::Value value, unsigned depth = 0) const {
        constexpr unsigned most_depth = 4;
        const ir::Instruction* made = made_by_.at(value.index);
        if (!made || depth == most_depth) return std::nullopt;
        if (made->op == Op::Constant) return made->word;
        const auto operand = [&](std::size_t i) { return constant(made->operands[i], depth + 1); };
        if (made->op == Op::Not && made->type.bits == slot_bits) {
            const auto word = operand(0);
            return word ? std::optional(~*word) : std::nullopt;
        }
        if (made->op != Op::Mul && made->op != Op::Shl) return std::nullopt;
        const auto a = operand(0), b = operand(1);
        if (!a || !b) return std::nullopt;
        if (made->op == Op::Mul) return *a * *b;
        return *b < Word{slot_bits} ? std::optional(*a << static_cast<unsigned>(b->low64())) : std::nullopt;
    }

    // The bits that are set, if they are one row of bytes, and not all.
    [[nodiscard]] static std::optional<BitRange> range_of(const Word& bits) {
        if (bits.is_zero() || bits == vm::all_ones) return std::nullopt;
        unsigned first = 0;
        while (((bits >> first) & Word{1}).is_zero()) ++first;
        const unsigned count = static_cast<unsigned>(vm::bit_length(bits)) - first;
        const bool is_row = bits >> first == vm::all_ones >> (slot_bits - count);
        if (!is_row || first % byte_bits != 0 || count % byte_bits != 0) return std::nullopt;
        return BitRange{first, count};
    }

    [[nodiscard]] std::optional<BitRange> low_bits(const ir::Instruction& cut, ir::Value of, unsigned first) const {
        const auto mask = cut.operands[0] == of ? constant(cut.operands[1]) : std::nullopt;
        const auto range = mask ? range_of(*mask) : std::nullopt;
        return range && range->first == 0 && first % byte_bits == 0 && first + range->bits <= slot_bits
                   ? std::optional(BitRange{first, range->bits})
                   : std::nullopt;
    }

    // Returns the word that was moved to these bits, if it has no others.
    [[nodiscard]] std::optional<ir::Value> value_in(ir::Value moved, const BitRange& range) const {
        const ir::Instruction* made = made_by_.at(moved.index);
        if (range.first != 0) {
            if (!made || made->op != Op::Shl || constant(made->operands[1]) != Word{range.first}) return std::nullopt;
            made = made_by_.at(made->operands[0].index);
        }
        if (!made || made->op != Op::Reinterpret) return std::nullopt;
        const ir::Instruction* source = made_by_.at(made->operands[0].index);
        const ir::Type type = source ? source->type : parameter_type(made->operands[0]);
        const bool fits = (type.kind == ir::TypeKind::Uint && type.bits <= range.bits) ||
                          (type.kind == ir::TypeKind::Address && range.bits == 160) ||
                          ((type.kind == ir::TypeKind::Bool || type.kind == ir::TypeKind::Enum) && range.bits == byte_bits);
        return fits ? std::optional(made->operands[0]) : std::nullopt;
    }

    [[nodiscard]] ir::Type parameter_type(ir::Value value) const {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Parameter& each : block.parameters)
                if (each.value == value) return each.type;
        return {};
    }

    const ir::Function& function_;
    const Makers& made_by_;
    const Uses uses_;
};

// What the store does to the word, if it is x += y or x -= y.
std::optional<Access> access_of_part(const ir::Instruction& sum) {
    constexpr unsigned wide_bits = 128;
    if (sum.type.kind != ir::TypeKind::Uint) return std::nullopt;
    if (!sum.checked) return Access::Shift;
    const bool is_wide = sum.type.bits >= wide_bits;
    if (sum.op == Op::Sub) return is_wide ? Access::Subtract : Access::SmallSubtract;
    return is_wide ? Access::Add : Access::SmallAdd;
}

}  // namespace

void Flow::Shape::find_packed(const ir::Function& function) {
    std::optional<Packing> packing;
    for (const ir::Block& block : function.blocks)
        for (std::size_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& each = block.instructions[at];
            if (!is_evm(each, vm::Opcode::SSTORE) && !is_evm(each, vm::Opcode::SLOAD)) continue;
            if (!packing) packing.emplace(function, made_by);
            if (is_evm(each, vm::Opcode::SLOAD)) {
                if (const auto range = packing->range_seen(each)) parts_seen[&each] = *range;
                continue;
            }
            const auto store = packing->store_at(block, at);
            if (!store) continue;
            parts_written.emplace(&each, store->part);
            kept_parts.emplace(store->kept, store->part.range);
            const ir::Instruction* sum = made_by.at(store->part.value.index);
            if (!sum || (sum->op != Op::Add && sum->op != Op::Sub)) continue;
            for (std::size_t side = 0; side < (sum->op == Op::Add ? 2u : 1u); ++side) {
                const ir::Instruction* load = packing->summed(block, at, store->part, side);
                const auto access = access_of_part(*sum);
                if (!load || !access) continue;
                part_sums[load] = part_sums[&each] = *access;
                break;
            }
        }
}

}  // namespace interlock::analyzer::prover
