#include "analyzer/prover/guarded_sums.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "lang/ir/dominators.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

class GuardedSums {
  public:
    explicit GuardedSums(ir::Function& function) : function_(function), dominators_(function.blocks) {
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.result) made_.emplace(each.result.index, &each);
    }

    void mark() {
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            if (!dominators_.is_reachable(block)) continue;
            auto& instructions = function_.blocks[block].instructions;
            for (std::size_t i = 0; i < instructions.size(); ++i) {
                ir::Instruction& each = instructions[i];
                const bool wraps = !each.checked && each.type.kind == ir::TypeKind::Uint && each.operands.size() == 2;
                if (!wraps) continue;
                if (each.op == Op::Sub) each.checked = is_asked_before(block, i, each);
                if (each.op == Op::Add || each.op == Op::Mul) each.checked = is_looked_at(instructions, i, each);
            }
        }
    }

    // Returns the sum or difference, if all that the function does is to answer that of what it is given.
    [[nodiscard]] const ir::Instruction* only_sum() const {
        if (function_.is_entry || function_.blocks.size() != 1 || function_.returns.size() != 1) return nullptr;
        const ir::Block& block = function_.blocks.front();
        if (block.terminator.kind != ir::Terminator::Kind::Return || block.parameters.size() != 2) return nullptr;
        const ir::Instruction* sum = maker(block.terminator.values.at(0));
        if (!sum || !sum->checked || (sum->op != Op::Add && sum->op != Op::Sub) || sum->operands.size() != 2) return nullptr;
        const ir::Value a = block.parameters[0].value, b = block.parameters[1].value;
        if (sum->operands[0] != a || sum->operands[1] != b) return nullptr;
        const auto is_part = [&](const ir::Instruction& each) {
            if (&each == sum || each.op == Op::Constant || each.op == Op::Not) return true;
            if (each.op != Op::Guard) return order_of(each.result, true).has_value();
            const auto order = order_of(each.operands[0], true);
            if (!order) return false;
            return sum->op == Op::Sub ? order->less == b && order->greater == a
                                      : order->greater == sum->result && (order->less == a || order->less == b);
        };
        return std::ranges::all_of(block.instructions, is_part) ? sum : nullptr;
    }

  private:
    // less <= greater: what a condition says when it has a certain truth.
    struct Order {
        ir::Value less, greater;
    };

    [[nodiscard]] const ir::Instruction* maker(ir::Value value) const {
        const auto found = made_.find(value.index);
        return found == made_.end() ? nullptr : found->second;
    }

    [[nodiscard]] std::optional<Order> order_of(ir::Value condition, bool truth) const {
        const ir::Instruction* made = maker(condition);
        while (made && made->op == Op::Not) {
            truth = !truth;
            made = maker(made->operands[0]);
        }
        if (!made || made->operands.size() != 2) return std::nullopt;
        const ir::Value a = made->operands[0], b = made->operands[1];
        switch (made->op) {
            case Op::LessEqual: return truth ? Order{a, b} : Order{b, a};
            case Op::Less: return truth ? Order{a, b} : Order{b, a};
            case Op::GreaterEqual: return truth ? Order{b, a} : Order{a, b};
            case Op::Greater: return truth ? Order{b, a} : Order{a, b};
            default: return std::nullopt;
        }
    }

    // What is undone if the call reverts, and ends no call by itself.
    [[nodiscard]] static bool is_undone(const ir::Instruction& each) {
        return each.op != Op::InternalCall && each.op != Op::Evm;
    }

    // Behind a + b there is a guard c >= a in the same block, behind a * b one of c / a == b.
    [[nodiscard]] bool is_looked_at(const std::vector<ir::Instruction>& all, std::size_t at,
                                    const ir::Instruction& sum) const {
        const auto is_operand = [&](ir::Value value) { return value == sum.operands[0] || value == sum.operands[1]; };
        for (std::size_t i = at + 1; i < all.size() && is_undone(all[i]); ++i) {
            if (all[i].op != Op::Guard) continue;
            if (sum.op == Op::Add) {
                const auto order = order_of(all[i].operands[0], true);
                if (order && order->greater == sum.result && is_operand(order->less)) return true;
            } else if (const ir::Instruction* same = maker(all[i].operands[0]); same && same->op == Op::Equal) {
                const auto is_quotient = [&](ir::Value quotient, ir::Value other) {
                    const ir::Instruction* made = maker(quotient);
                    return made && made->op == Op::Div && made->operands[0] == sum.result && is_operand(made->operands[1]) &&
                           is_operand(other) && (made->operands[1] != other || sum.operands[0] == sum.operands[1]);
                };
                if (is_quotient(same->operands[0], same->operands[1]) || is_quotient(same->operands[1], same->operands[0]))
                    return true;
            }
        }
        return false;
    }

    // In front of a - b there is a guard b <= a, or a branch that only goes on where it holds.
    [[nodiscard]] bool is_asked_before(ir::BlockIndex block, std::size_t at, const ir::Instruction& difference) const {
        const auto is_it = [&](const std::optional<Order>& order) {
            return order && order->less == difference.operands[1] && order->greater == difference.operands[0];
        };
        for (ir::BlockIndex above = 0; above < function_.blocks.size(); ++above) {
            if (!dominators_.is_reachable(above) || !dominators_.dominates(above, block)) continue;
            const ir::Block& asked = function_.blocks[above];
            const std::size_t end = above == block ? at : asked.instructions.size();
            for (std::size_t i = 0; i < end; ++i)
                if (asked.instructions[i].op == Op::Guard && is_it(order_of(asked.instructions[i].operands[0], true)))
                    return true;
            if (above == block || asked.terminator.kind != ir::Terminator::Kind::Branch) continue;
            const auto only_way = [&](const ir::Jump& jump) {
                return dominators_.dominates(jump.block, block) && dominators_.predecessors(jump.block).size() == 1;
            };
            if (only_way(asked.terminator.then) && is_it(order_of(asked.terminator.condition, true))) return true;
            if (only_way(asked.terminator.otherwise) && is_it(order_of(asked.terminator.condition, false))) return true;
        }
        return false;
    }

    ir::Function& function_;
    const ir::Dominators dominators_;
    std::map<std::uint32_t, const ir::Instruction*> made_;  // by value
};

}  // namespace

namespace {

// Puts sums in the place of calls of functions that answer nothing else.
void put_in_place(ir::Block& block, const std::map<std::uint32_t, ir::Instruction>& sums) {
    std::vector<ir::Instruction> instructions;
    std::map<std::uint32_t, const ir::Instruction*> calls;  // by value
    for (const ir::Instruction& each : block.instructions) {
        const auto is_read = [&](const ir::Instruction& other) {
            return other.op == Op::Result && other.operands[0] == each.result;
        };
        if (each.op == Op::InternalCall && sums.contains(each.callee) && std::ranges::any_of(block.instructions, is_read)) {
            calls[each.result.index] = &each;
            continue;
        }
        const auto call = each.op == Op::Result ? calls.find(each.operands[0].index) : calls.end();
        instructions.push_back(each);
        if (call == calls.end()) continue;
        instructions.back() = sums.at(call->second->callee);
        instructions.back().operands = call->second->operands;
        instructions.back().result = each.result;
        instructions.back().range = call->second->range;
    }
    block.instructions = std::move(instructions);
}

}  // namespace

ir::Contract with_guarded_sums(ir::Contract contract) {
    std::map<std::uint32_t, ir::Instruction> sums;  // by function
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        ir::Function& function = contract.functions[i];
        if (function.blocks.empty()) continue;
        GuardedSums(function).mark();
        const GuardedSums marked(function);
        if (const ir::Instruction* sum = marked.only_sum()) sums.emplace(i, *sum);
    }
    if (sums.empty()) return contract;
    for (ir::Function& function : contract.functions)
        for (ir::Block& block : function.blocks) put_in_place(block, sums);
    return contract;
}

}  // namespace interlock::analyzer::prover
