#include "analyzer/prover/plain_counts.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/uses.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

class Counting {
  public:
    Counting(ir::Function& function, ir::BlockIndex head, std::size_t position)
        : function_(function),
          head_(head),
          position_(position),
          counted_(function.blocks[head].parameters[position]),
          dominators_(function.blocks),
          made_by_(makers_of(function)),
          uses_(function) {}

    // Returns whether the loop was changed.
    bool run() {
        if (counted_.type.kind != ir::TypeKind::Uint || !find_jumps() || !find_tests() || !find_inside()) return false;
        rewrite();
        return true;
    }

  private:
    [[nodiscard]] const ir::Instruction* maker(ir::Value value) const { return made_by_.at(value.index); }

    // The loop gets the first number from wherever it is come to, and one more from each of its rounds.
    bool find_jumps() {
        bool is_plain = true;
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block)
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) {
                if (jump.block != head_) return;
                const ir::Value passed = jump.arguments.data()[position_];
                if (!dominators_.is_reachable(block)) is_plain = false;
                else if (dominators_.dominates(head_, block)) is_plain &= is_step(passed);
                else is_plain &= is_first(passed);
            });
        return is_plain && first_ && !steps_.empty();
    }
    bool is_first(ir::Value value) {
        const ir::Instruction* made = maker(value);
        if (!made || made->op != Op::Load || !(made->type == counted_.type) || (first_ && !(*first_ == value))) return false;
        first_ = value;
        return true;
    }
    // Which nobody else uses.
    bool is_step(ir::Value value) {
        const ir::Instruction* made = maker(value);
        const bool is_more = made && made->op == Op::Add && made->operands[0] == counted_.value &&
                             constant_in(made_by_, made->operands[1]) == ir::Word{1} &&
                             uses_.users.at(value.index).size() == 1;
        if (is_more) steps_.insert(value.index);
        return is_more;
    }

    // The number is below a sum of the first one and another one, that is there before the loop.
    bool find_tests() {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != Op::Less && each.op != Op::Greater) continue;
                const std::size_t side = each.op == Op::Less ? 0 : 1;
                if (!(each.operands[side] == counted_.value)) continue;
                const ir::Instruction* sum = maker(each.operands[1 - side]);
                if (!sum || sum->op != Op::Add || !sum->checked || !(sum->type == counted_.type)) continue;
                for (const std::size_t other : {0u, 1u})
                    if (sum->operands[1 - other] == *first_ && is_there_before(sum->operands[other]))
                        tests_.emplace_back(each.result.index, sum->operands[other]);
            }
        return !tests_.empty();
    }
    // The block to which one of the questions leads, and nothing else: all that looks at the number is there or behind it.
    bool find_inside() {
        for (const ir::Block& block : function_.blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind != ir::Terminator::Kind::Branch || end.then.block == end.otherwise.block) continue;
            const bool asks =
                std::ranges::any_of(tests_, [&](const auto& test) { return test.first == end.condition.index; });
            if (!asks || dominators_.predecessors(end.then.block).size() != 1) continue;
            inside_ = end.then.block;
            return std::ranges::all_of(uses_.users.at(counted_.value.index), [&](const Uses::User& user) {
                const auto* made = user.instruction;
                const auto at = static_cast<ir::BlockIndex>(user.block - function_.blocks.data());
                const bool is_test = made && made->result && std::ranges::any_of(tests_, [&](const auto& test) {
                                         return test.first == made->result.index;
                                     });
                return is_test || (dominators_.is_reachable(at) && dominators_.dominates(inside_, at));
            });
        }
        return false;
    }
    [[nodiscard]] bool is_there_before(ir::Value value) const {
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            const ir::Block& each = function_.blocks[block];
            const bool is_here =
                std::ranges::any_of(each.parameters,
                                    [&](const auto& it) { return it.value == value && it.type == counted_.type; }) ||
                std::ranges::any_of(each.instructions,
                                    [&](const auto& it) { return it.result == value && it.type == counted_.type; });
            if (is_here) return block != head_ && dominators_.is_reachable(block) && dominators_.dominates(block, head_);
        }
        return false;
    }

    void rewrite() {
        const ir::Value count{function_.values++};
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            ir::Block& each = function_.blocks[block];
            for (ir::Instruction& made : each.instructions) {
                if (made.result && steps_.contains(made.result.index)) made.operands[0] = count;
                for (const auto& [test, number] : tests_) {
                    if (!made.result || made.result.index != test) continue;
                    made.operands[made.op == Op::Less ? 0 : 1] = count;
                    made.operands[made.op == Op::Less ? 1 : 0] = number;
                }
            }
            if (dominators_.is_reachable(block) && dominators_.dominates(head_, block)) continue;
            ir::for_each_jump(each.terminator, [&](ir::Jump& jump) {
                if (jump.block != head_) return;
                ir::Instruction zero;
                zero.op = Op::Constant;
                zero.type = counted_.type;
                zero.result.index = function_.values++;
                jump.arguments.data()[position_] = zero.result;
                each.instructions.push_back(std::move(zero));
            });
        }
        ir::Instruction sum;
        sum.op = Op::Add;
        sum.type = counted_.type;
        sum.operands = {*first_, count};
        sum.result = counted_.value;
        function_.blocks[head_].parameters[position_].value = count;
        std::vector<ir::Instruction>& inside = function_.blocks[inside_].instructions;
        inside.insert(inside.begin(), std::move(sum));
    }

    ir::Function& function_;
    const ir::BlockIndex head_;
    const std::size_t position_;
    const ir::Parameter counted_;
    const ir::Dominators dominators_;
    const Makers made_by_;
    const Uses uses_;
    std::optional<ir::Value> first_;
    ir::BlockIndex inside_ = 0;
    std::set<std::uint32_t> steps_;
    std::vector<std::pair<std::uint32_t, ir::Value>> tests_;  // and how many numbers there are
};

}  // namespace

ir::Contract with_plain_counts(ir::Contract contract) {
    for (ir::Function& function : contract.functions)
        for (ir::BlockIndex head = 1; head < function.blocks.size(); ++head)
            for (std::size_t i = 0; function.blocks[head].is_loop_head && i < function.blocks[head].parameters.size(); ++i)
                (void)Counting(function, head, i).run();
    return contract;
}

}  // namespace interlock::analyzer::prover
