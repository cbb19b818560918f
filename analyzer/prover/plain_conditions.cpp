#include "analyzer/prover/plain_conditions.hpp"

#include <algorithm>
#include <map>

#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
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

}  // namespace

ir::Contract with_plain_conditions(ir::Contract contract) {
    for (ir::Function& function : contract.functions)
        while (!function.blocks.empty() && Threading(function).run()) ir::simplify(function);
    return contract;
}

}  // namespace interlock::analyzer::prover
