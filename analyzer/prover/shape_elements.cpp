// What is fixed about the elements of arrays that a function reads: which of them lie below a length that it found before. If
// entries only push to the array, these are what they are for good (lists.hpp).
#include <algorithm>

#include "analyzer/prover/uses.hpp"
#include "lang/ir/dominators.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// That an index is below a length, from a place on.
struct Below {
    ir::Value index;
    std::uint32_t variable = 0;             // the array
    const ir::Instruction* load = nullptr;  // of the length
    std::uint32_t block = 0;
    std::size_t at = 0;  // instructions before this one are not meant
};

class Elements {
  public:
    Elements(const ir::Function& function, const Makers& made_by,
             const std::map<const ir::Instruction*, ir::Value>& hashed_word)
        : function_(function), made_by_(made_by), hashed_word_(hashed_word), dominators_(function.blocks) {
        for (std::uint32_t i = 0; i < function_.blocks.size(); ++i)
            if (dominators_.is_reachable(i)) learn_in(i);
    }

    // Returns the array of which the load reads such an element, or a length above its index.
    [[nodiscard]] std::optional<std::uint32_t> array_of(const ir::Instruction& load, std::uint32_t block, std::size_t at,
                                                        const ir::Value* below) const {
        if (below) {
            const auto of_length = array_at(load.operands[0]);
            return of_length && is_below(*below, *of_length, block, at, &load) ? of_length : std::nullopt;
        }
        const auto element = element_at(load.operands[0]);
        const bool is_known = element && is_below(element->second, element->first, block, at, nullptr);
        return is_known ? std::optional(element->first) : std::nullopt;
    }

  private:
    // Returns the variable that lies at the slot.
    [[nodiscard]] std::optional<std::uint32_t> array_at(ir::Value slot) const {
        const ir::Instruction* made = made_by_.at(slot.index);
        const bool is_plain = made && made->op == Op::SlotOf && made->place.steps.empty();
        return is_plain ? std::optional(made->place.variable) : std::nullopt;
    }

    void learn_in(std::uint32_t at) {
        const ir::Block& block = function_.blocks[at];
        for (std::size_t i = 0; i < block.instructions.size(); ++i)
            if (block.instructions[i].op == Op::Guard) learn(block.instructions[i].operands[0], true, at, i + 1);
        const ir::Terminator& end = block.terminator;
        if (end.kind != ir::Terminator::Kind::Branch || end.then.block == end.otherwise.block) return;
        for (const bool holds : {true, false}) {
            const std::uint32_t next = (holds ? end.then : end.otherwise).block;
            if (dominators_.predecessors(next).size() == 1) learn(end.condition, holds, next, 0);
        }
    }

    void learn(ir::Value condition, bool holds, std::uint32_t block, std::size_t at) {
        const ir::Instruction* made = made_by_.at(condition.index);
        while (made && made->op == Op::Not) {
            holds = !holds;
            made = made_by_.at(made->operands[0].index);
        }
        if (!made) return;
        const bool is_less = made->op == (holds ? Op::Less : Op::GreaterEqual),
                   is_greater = made->op == (holds ? Op::Greater : Op::LessEqual);
        if (!is_less && !is_greater) return;
        const ir::Value index = made->operands[is_less ? 0 : 1], length = made->operands[is_less ? 1 : 0];
        const ir::Instruction* load = made_by_.at(length.index);
        if (!load || !is_evm(*load, vm::Opcode::SLOAD) || load->type.is_signed()) return;
        if (const auto array = array_at(load->operands[0])) below_.push_back({index, *array, load, block, at});
    }

    // By another load of the length than this one.
    [[nodiscard]] bool is_below(ir::Value index, std::uint32_t variable, std::uint32_t block, std::size_t at,
                                const ir::Instruction* load) const {
        return std::ranges::any_of(below_, [&](const Below& each) {
            const bool is_before = each.block == block ? each.at <= at : dominators_.dominates(each.block, block);
            return each.index == index && each.variable == variable && each.load != load && is_before;
        });
    }

    // Returns the array and the index, if the slot is one of an element, or of some of its fields.
    [[nodiscard]] std::optional<std::pair<std::uint32_t, ir::Value>> element_at(ir::Value slot) const {
        const ir::Instruction* sum = made_by_.at(slot.index);
        if (!sum || sum->op != Op::Add) return std::nullopt;
        if (constant_in(made_by_, sum->operands[1])) return element_at(sum->operands[0]);
        const ir::Instruction* hash = made_by_.at(sum->operands[0].index);
        const auto hashed = hash ? hashed_word_.find(hash) : hashed_word_.end();
        const auto array = hashed == hashed_word_.end() ? std::nullopt : array_at(hashed->second);
        if (!array) return std::nullopt;
        ir::Value index = sum->operands[1];
        const ir::Instruction* made = made_by_.at(index.index);
        const bool is_part = made && (made->op == Op::Mul || is_evm(*made, vm::Opcode::DIV));
        if (is_part && constant_in(made_by_, made->operands[1])) index = made->operands[0];
        return std::pair{*array, index};
    }

    const ir::Function& function_;
    const Makers& made_by_;
    const std::map<const ir::Instruction*, ir::Value>& hashed_word_;
    const ir::Dominators dominators_;
    std::vector<Below> below_;
};

}  // namespace

void Flow::Shape::find_old_elements(const ir::Function& function) {
    std::optional<Elements> elements;
    for (std::uint32_t at = 0; at < function.blocks.size(); ++at)
        for (std::size_t i = 0; i < function.blocks[at].instructions.size(); ++i) {
            const ir::Instruction& each = function.blocks[at].instructions[i];
            if (!is_evm(each, vm::Opcode::SLOAD) && !is_evm(each, vm::Opcode::SSTORE)) continue;
            if (!elements) elements.emplace(function, made_by, hashed_word);
            const auto below = below_length.find(&each);
            const auto array = elements->array_of(each, at, i, below == below_length.end() ? nullptr : &below->second);
            if (array) old_elements[&each] = *array;
        }
}

}  // namespace interlock::analyzer::prover
