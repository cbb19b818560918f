#include "analyzer/prover/plain_conditions.hpp"

#include <algorithm>
#include <map>

#include "analyzer/prover/known.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

class Threading {
  public:
    explicit Threading(ir::Function& function) : function_(function), uses_(function.values) {
        for (const ir::Block& block : function.blocks) {
            const auto use = [&](ir::Value value) { ++uses_.at(value.index); };
            for (const ir::Instruction& each : block.instructions) {
                std::ranges::for_each(each.operands, use);
                if (each.op == Op::Constant && each.type.kind == ir::TypeKind::Bool)
                    truths_[each.result.index] = !each.word.is_zero();
            }
            ir::for_each_use(block.terminator, use);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
        }
    }

    // Returns whether something changed.
    bool run() {
        bool changed = false;
        for (ir::Block& block : function_.blocks) {
            if (block.terminator.kind != ir::Terminator::Kind::Jump) continue;
            changed |= ends(block) || goes_on(block);
        }
        return changed;
    }

  private:
    [[nodiscard]] std::optional<bool> truth_of(ir::Value value) const {
        const auto found = truths_.find(value.index);
        return found == truths_.end() ? std::nullopt : std::optional(found->second);
    }
    // Returns the word that the jump gives a parameter of its block, or the word itself.
    [[nodiscard]] static ir::Value given(const ir::Block& to, const ir::Jump& jump, ir::Value value) {
        const auto place = std::ranges::find(to.parameters, value, &ir::Parameter::value);
        return place == to.parameters.end() ? value
                                            : jump.arguments.data()[static_cast<std::size_t>(place - to.parameters.begin())];
    }

    // The block begins with a guard of what is false on this way.
    bool ends(ir::Block& block) const {
        const ir::Jump& jump = block.terminator.then;
        const ir::Block& to = function_.blocks[jump.block];
        if (&to == &block || to.is_loop_head || to.instructions.empty() || to.instructions[0].op != Op::Guard) return false;
        const ir::Instruction& guard = to.instructions[0];
        if (truth_of(given(to, jump, guard.operands[0])) != false) return false;
        ir::Terminator end;
        end.kind = ir::Terminator::Kind::Revert;
        end.failure = guard.failure;
        end.range = guard.range;
        for (std::size_t i = 1; i < guard.operands.size(); ++i)
            end.values.push_back(given(to, jump, guard.operands.data()[i]));
        block.terminator = std::move(end);
        return true;
    }

    // The block does nothing but to fork by what is known on this way.
    bool goes_on(ir::Block& block) const {
        const ir::Jump& jump = block.terminator.then;
        const ir::Block& to = function_.blocks[jump.block];
        const ir::Terminator& fork = to.terminator;
        if (&to == &block || to.is_loop_head || to.parameters.size() != 1 || fork.kind != ir::Terminator::Kind::Branch)
            return false;
        const ir::Value asked = to.parameters[0].value;
        auto truth = truth_of(jump.arguments[0]);
        if (!truth) return false;
        std::size_t uses = 1;
        if (to.instructions.size() == 1 && to.instructions[0].op == Op::Not && to.instructions[0].operands[0] == asked &&
            fork.condition == to.instructions[0].result && uses_.at(fork.condition.index) == 1)
            truth = !*truth;
        else if (!to.instructions.empty() || !(fork.condition == asked)) return false;
        for (const ir::Jump* way : {&fork.then, &fork.otherwise})
            uses += static_cast<std::size_t>(std::ranges::count(way->arguments, asked));
        if (uses_.at(asked.index) != uses) return false;
        ir::Jump next = *truth ? fork.then : fork.otherwise;
        for (ir::Value& argument : next.arguments) argument = given(to, jump, argument);
        block.terminator.then = std::move(next);
        return true;
    }

    ir::Function& function_;
    std::vector<std::size_t> uses_;         // by value
    std::map<std::uint32_t, bool> truths_;  // by value: constants
};

// A truth that was made one for sure, as assembly may not, is what it was before if that was made by comparing.
void leave_cleaning_out(ir::Function& function) {
    const Makers made_by = makers_of(function);
    const auto maker = [&](ir::Value value) { return made_by.at(value.index); };
    const auto under = [&](const ir::Instruction* each, bool is_it) {
        return each && is_it ? maker(each->operands[0]) : nullptr;
    };
    std::map<std::uint32_t, ir::Value> same;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            const bool is_truth = each.op == Op::Reinterpret && each.type.kind == ir::TypeKind::Bool;
            const ir::Instruction* outer = under(&each, is_truth);
            const ir::Instruction* inner = under(outer, outer && is_evm(*outer, vm::Opcode::ISZERO));
            const ir::Instruction* word = under(inner, inner && is_evm(*inner, vm::Opcode::ISZERO));
            const ir::Instruction* truth = under(word, word && word->op == Op::Reinterpret);
            const bool is_clean =
                truth && truth->type.kind == ir::TypeKind::Bool && (orders_of(truth->op) || truth->op == Op::Not);
            if (is_clean) same[each.result.index] = truth->result;
        }
    if (same.empty()) return;
    const auto replace = [&](ir::Value& value) {
        for (auto found = same.find(value.index); found != same.end(); found = same.find(value.index)) value = found->second;
    };
    for (ir::Block& block : function.blocks) {
        for (ir::Instruction& each : block.instructions) std::ranges::for_each(each.operands, replace);
        ir::for_each_use(block.terminator, replace);
        ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { std::ranges::for_each(jump.arguments, replace); });
    }
    ir::simplify(function);
}

}  // namespace

ir::Contract with_plain_conditions(ir::Contract contract) {
    for (ir::Function& function : contract.functions)
        if (!function.blocks.empty()) leave_cleaning_out(function);
    for (ir::Function& function : contract.functions)
        while (!function.blocks.empty() && Threading(function).run()) ir::simplify(function);
    return contract;
}

}  // namespace interlock::analyzer::prover
