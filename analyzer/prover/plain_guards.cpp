#include "analyzer/prover/plain_guards.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "lang/ir/effects.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

// Whether the block only computes, of words that are there, what is said of the failure.
bool only_reverts(const ir::Block& block) {
    if (block.terminator.kind != ir::Terminator::Kind::Revert || block.is_loop_head) return false;
    return std::ranges::all_of(block.instructions, [](const ir::Instruction& each) {
        const bool asks = each.op == Op::Load || each.op == Op::InternalCall || each.op == Op::Result || each.op == Op::Evm;
        return !asks && !ir::reads_of(each).intersects(vm::state_regions) && ir::writes_of(each).empty();
    });
}

class Guarding {
  public:
    explicit Guarding(ir::Function& function) : function_(function) {
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.result && (ir::opposite(each.op) || (each.op == Op::Not && each.type.kind == ir::TypeKind::Bool)))
                    made_by_.emplace(each.result.index, each);
    }

    // Returns whether something changed.
    bool run() {
        bool changed = false;
        for (ir::Block& block : function_.blocks) {
            ir::Terminator& end = block.terminator;
            if (end.kind != ir::Terminator::Kind::Branch) continue;
            const bool undoes_then = only_reverts(function_.blocks.at(end.then.block)),
                       undoes_otherwise = only_reverts(function_.blocks.at(end.otherwise.block));
            if (undoes_then == undoes_otherwise) continue;
            const ir::Block& undone = function_.blocks[undoes_then ? end.then.block : end.otherwise.block];
            ir::Instruction guard;
            guard.op = Op::Guard;
            guard.range = undone.terminator.range;
            guard.operands = {undoes_then ? denied(block, end.condition) : end.condition};
            block.instructions.push_back(std::move(guard));
            if (undoes_then) end.then = std::move(end.otherwise);
            end.kind = ir::Terminator::Kind::Jump;
            end.condition = {};
            end.otherwise = {};
            changed = true;
        }
        return changed;
    }

  private:
    // Returns the opposite of the condition, computed at the end of the block.
    ir::Value denied(ir::Block& block, ir::Value condition) {
        const auto made = made_by_.find(condition.index);
        if (made != made_by_.end() && made->second.op == Op::Not) return made->second.operands[0];
        ir::Instruction opposed;
        if (made != made_by_.end()) {
            opposed = made->second;
            opposed.op = *ir::opposite(opposed.op);
        } else {
            opposed.op = Op::Not;
            opposed.operands = {condition};
        }
        opposed.type = ir::bool_type;
        opposed.result.index = function_.values++;
        block.instructions.push_back(opposed);
        return opposed.result;
    }

    ir::Function& function_;
    std::map<std::uint32_t, ir::Instruction> made_by_;  // conditions
};

}  // namespace

ir::Contract with_plain_guards(ir::Contract contract) {
    for (ir::Function& function : contract.functions)
        if (!function.blocks.empty() && Guarding(function).run()) ir::simplify(function);
    return contract;
}

}  // namespace interlock::analyzer::prover
