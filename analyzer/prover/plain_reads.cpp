#include "analyzer/prover/plain_reads.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

class ReadsOnce {
  public:
    explicit ReadsOnce(ir::Function& function)
        : function_(function), dominators_(function.blocks), types_(function.values), known_behind_(function.blocks.size()) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Parameter& parameter : block.parameters) types_[parameter.value.index] = parameter.type;
            for (const ir::Instruction& each : block.instructions)
                if (each.result) types_[each.result.index] = each.type;
        }
        const Makers made_by = makers_of(function);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const ir::Instruction* sum = each.op == Op::Store ? made_by.at(each.operands.back().index) : nullptr;
                if (!sum || sum->op != Op::Add) continue;
                for (const ir::Value side : sum->operands) {
                    const ir::Instruction* load = made_by.at(side.index);
                    const bool raises = load && load->op == Op::Load && load->place.variable == each.place.variable;
                    if (raises) raised_.insert(side.index);
                }
            }
    }

    void run() {
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) read(block);
        if (same_.empty()) return;
        for (ir::Block& block : function_.blocks) {
            for (ir::Instruction& each : block.instructions) std::ranges::for_each(each.operands, replace_);
            ir::for_each_use(block.terminator, replace_);
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { std::ranges::for_each(jump.arguments, replace_); });
        }
    }

  private:
    using Numbers = std::map<std::uint32_t, ir::Value>;  // by variable

    // Blocks are in reverse postorder, so that all that leads to a block comes before it, but for a loop's rounds.
    void read(ir::BlockIndex index) {
        Numbers known;
        const auto before = dominators_.predecessors(index);
        for (std::size_t i = 0; i < before.size(); ++i) {
            const bool is_unknown =
                before[i] >= index || function_.blocks[before[i]].terminator.kind == ir::Terminator::Kind::External;
            const Numbers& there = known_behind_[before[i]];
            if (i == 0) known = there;
            if (is_unknown) known.clear();
            std::erase_if(known, [&](const auto& each) {
                const auto same = there.find(each.first);
                return same == there.end() || !(same->second == each.second);
            });
        }
        for (const ir::Instruction& each : function_.blocks[index].instructions) follow(each, known);
        known_behind_[index] = std::move(known);
    }

    void follow(const ir::Instruction& each, Numbers& known) {
        const bool is_variable = each.place.steps.empty() && !each.at_entry && each.type.kind == ir::TypeKind::Uint;
        const std::uint32_t variable = each.place.variable;
        if (each.op == Op::Load && is_variable) {
            const auto found = known.find(variable);
            const bool is_same = found != known.end() && types_[found->second.index] == each.type;
            // Where a counter rises again, it does so from what it holds.
            const bool rises_again = is_same && raised_.contains(each.result.index) && stored_.contains(found->second.index);
            if (is_same && !rises_again) same_[each.result.index] = found->second;
            else if (is_same || found == known.end()) known[variable] = each.result;
        } else if (each.op == Op::Store || each.op == Op::Clear) {
            known.erase(variable);
            const ir::Value stored = each.op == Op::Store ? each.operands.data()[each.operands.size() - 1] : ir::Value{};
            if (stored && is_variable && types_[stored.index] == each.type) {
                known[variable] = final(stored);
                stored_.insert(final(stored).index);
            }
        } else if (each.op == Op::InternalCall || ir::writes_of(each).contains(vm::Region::Storage) ||
                   ir::writes_of(each).contains(vm::Region::Transient)) {
            known.clear();
        }
    }

    [[nodiscard]] ir::Value final(ir::Value value) const {
        for (auto found = same_.find(value.index); found != same_.end(); found = same_.find(value.index))
            value = found->second;
        return value;
    }

    ir::Function& function_;
    ir::Dominators dominators_;
    std::vector<ir::Type> types_;
    std::vector<Numbers> known_behind_;
    std::map<std::uint32_t, ir::Value> same_;
    std::set<std::uint32_t> raised_, stored_;  // loads of which a sum is written back, and what was written
    std::function<void(ir::Value&)> replace_ = [this](ir::Value& value) { value = final(value); };
};

}  // namespace

ir::Contract with_plain_reads(ir::Contract contract) {
    for (ir::Function& function : contract.functions) {
        if (function.blocks.empty() || function.kind == ir::FunctionKind::Specification) continue;
        ir::simplify(function);
        ReadsOnce(function).run();
        ir::simplify(function);
        if (lang::optimize::number_values(function)) ir::simplify(function);
    }
    return contract;
}

}  // namespace interlock::analyzer::prover
