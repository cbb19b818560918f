// What is fixed about the bits of a function's words in storage: which it sets, and which it needs to be zero.
#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

class BitFinder {
  public:
    BitFinder(const ir::Function& function, const Makers& made_by) : made_by_(made_by), uses_(function) {}

    // Returns the bits that the load asks for, if all else that is done with it is to store it with some set.
    [[nodiscard]] std::optional<BitLoad> find(const ir::Instruction& load) const {
        BitLoad found;
        for (const Uses::User& user : uses_.users.at(load.result.index)) {
            if (!user.instruction || user.instruction->operands.size() != 2) return std::nullopt;
            const ir::Instruction& each = *user.instruction;
            if (each.op == Op::Or) {
                if (!is_only_stored(each)) return std::nullopt;
                continue;
            }
            const bool is_left = each.operands[0] == load.result;
            if (found.asked || each.operands[0] == each.operands[1]) return std::nullopt;
            if (each.op == Op::And) {
                found.asked = bits_of(each.operands[is_left ? 1 : 0]);
                if (!asks(each.result, found)) return std::nullopt;
            } else if (each.op == Op::Shr && is_left) {
                const auto& parts = uses_.users.at(each.result.index);
                const ir::Instruction* part = parts.size() == 1 ? parts[0].instruction : nullptr;
                if (!part || part->op != Op::And || part->operands[0] == part->operands[1]) return std::nullopt;
                const ir::Value one = part->operands[part->operands[0] == each.result ? 1 : 0];
                if (constant_in(made_by_, one) != ir::Word{1}) return std::nullopt;
                found.asked = BitsOfWord{each.operands[1], true};
                if (!asks(part->result, found)) return std::nullopt;
            } else {
                return std::nullopt;
            }
        }
        return found;
    }

    [[nodiscard]] BitsOfWord bits_of(ir::Value value) const {
        const ir::Instruction* made = made_by_.at(value.index);
        const bool is_one = made && made->op == Op::Shl && constant_in(made_by_, made->operands[0]) == ir::Word{1};
        return is_one ? BitsOfWord{made->operands[1], true} : BitsOfWord{value, false};
    }

  private:
    [[nodiscard]] bool is_only_stored(const ir::Instruction& sum) const {
        return std::ranges::all_of(uses_.users.at(sum.result.index), [&](const Uses::User& user) {
            const bool stores =
                user.instruction && (user.instruction->op == Op::Store || is_evm(*user.instruction, vm::Opcode::SSTORE));
            return stores && user.instruction->operands.back() == sum.result && user.instruction->operands[0] != sum.result;
        });
    }
    // Whether all that is done with the part is to require that it is zero, or to answer whether it is.
    [[nodiscard]] bool asks(ir::Value part, BitLoad& found) const {
        const auto& tests = uses_.users.at(part.index);
        if (tests.size() != 1 || !tests[0].instruction || tests[0].instruction->operands.size() != 2) return false;
        const ir::Instruction& test = *tests[0].instruction;
        const bool is_left = test.operands[0] == part;
        const auto other = constant_in(made_by_, test.operands[is_left ? 1 : 0]);
        const bool is_equality = test.op == Op::Equal || test.op == Op::NotEqual;
        const bool is_above = test.op == (is_left ? Op::Greater : Op::Less);
        const bool is_of_one = other == ir::Word{1} && found.asked->is_shift;  // the part is one bit
        if (!other || !(is_equality || is_above) || !(other->is_zero() || (is_of_one && is_equality))) return false;
        const bool truth = (test.op == Op::Equal) == other->is_zero();  // of the test, if the bits are zero
        if (uses_.only_required(test.result, truth)) return true;
        const auto* users = &uses_.users.at(test.result.index);
        if (users->size() == 1 && (*users)[0].instruction && (*users)[0].instruction->op == Op::Reinterpret)
            users = &uses_.users.at((*users)[0].instruction->result.index);
        const auto& answers = *users;
        const bool is_answer = answers.size() == 1 && !answers[0].instruction &&
                               answers[0].block->terminator.kind == ir::Terminator::Kind::Return &&
                               answers[0].block->terminator.values.size() == 1;
        found.answer = truth;
        return is_answer;
    }

    const Makers& made_by_;
    const Uses uses_;
};

}  // namespace

void Flow::Shape::find_bits(const ir::Contract& contract, const ir::Function& function) {
    const auto has_bits = [](const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
            return is_load(each) && each.type.kind == ir::TypeKind::Uint && each.type.bits == 256;
        });
    };
    if (std::ranges::none_of(function.blocks, has_bits) || may_halt(contract, function)) return;
    std::optional<BitFinder> finder;
    const auto load_of = [&](ir::Value value) {
        const ir::Instruction* made = made_by.at(value.index);
        const bool is_word = made && is_load(*made) && made->type.kind == ir::TypeKind::Uint && made->type.bits == 256;
        return is_word ? made : nullptr;
    };
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (is_load(each) && load_of(each.result) && !increments.contains(&each) && !caps.contains(&each)) {
                if (!finder) finder.emplace(function, made_by);
                if (const auto found = finder->find(each)) bit_loads.emplace(&each, *found);
            }
        }
    if (bit_loads.empty()) return;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            const bool stores = each.op == Op::Store || is_evm(each, vm::Opcode::SSTORE);
            const ir::Instruction* sum = stores ? made_by.at(each.operands.back().index) : nullptr;
            if (!sum || sum->op != Op::Or || sum->type.kind != ir::TypeKind::Uint) continue;
            for (const std::size_t side : {0u, 1u}) {
                const ir::Instruction* load = load_of(sum->operands[side]);
                if (!load || !bit_loads.contains(load) || !is_same_place(*load, each)) continue;
                bit_stores.emplace(&each, BitStore{finder->bits_of(sum->operands[1 - side]), load});
                break;
            }
        }
}

}  // namespace interlock::analyzer::prover
