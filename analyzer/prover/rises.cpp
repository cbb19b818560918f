#include "analyzer/prover/rises.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether the sum is one more, or a few: unchecked, no number of additions that anybody can make brings a wide one back to zero.
bool counts_on(const ir::Instruction& sum, const std::optional<ir::Word>& added) {
    constexpr unsigned wide_bits = 128;
    if (sum.type.kind != ir::TypeKind::Uint || !added || added->is_zero()) return false;
    return sum.checked || (sum.type.bits >= wide_bits && *added < (ir::Word{1} << few_bits));
}

// Goes through blocks, one after the other, and finds where counters rise.
class RiseFinder {
  public:
    RiseFinder(const ir::Contract& contract, const ir::Function& function)
        : contract_(contract), function_(function), made_by_(makers_of(function)) {}

    [[nodiscard]] std::vector<Rise> find() {
        std::vector<Rise> all;
        for (const ir::Block& block : function_.blocks) {
            made_.clear();
            loads_.clear();
            // What was loaded before a condition that has to hold is as it was loaded.
            if (const ir::Block* before = block_before(function_, block)) pass(*before);
            rises_.clear();
            pass(block);
            std::ranges::move(rises_, std::back_inserter(all));
        }
        return all;
    }

  private:
    void pass(const ir::Block& block) {
        bool is_last = false;  // the counter was not written since the last rise
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::Store && is_number(contract_, each.place) && !note_rise(each, 0)) note_rise(each, 1);
            const bool may_write = each.op == Op::InternalCall || ir::writes_of(each).intersects(vm::state_regions);
            const bool is_named = each.op == Op::Store || each.op == Op::Clear;
            const auto is_written = [&](const ir::Instruction& load) {
                return !is_named || load.place.variable == each.place.variable;
            };
            if (may_write) {
                std::erase_if(loads_, [&](const auto& load) { return is_written(*load.second); });
                if (!rises_.empty() && is_written(*rises_.back().load)) is_last = rises_.back().store == &each;
            }
            if (is_last && each.op == Op::Load && is_number(contract_, each.place) &&
                each.place.variable == rises_.back().store->place.variable)
                rises_.back().again.push_back(&each);
            if (each.result) made_[each.result.index] = &each;
            if (each.op == Op::Load && is_number(contract_, each.place)) loads_[each.result.index] = &each;
        }
    }
    bool note_rise(const ir::Instruction& store, std::size_t side) {
        const auto sum = made_.find(store.operands.back().index);
        if (sum == made_.end() || sum->second->op != Op::Add) return false;
        const auto load = loads_.find(sum->second->operands[side].index);
        if (load == loads_.end() || load->second->place.variable != store.place.variable) return false;
        if (!counts_on(*sum->second, constant_in(made_by_, sum->second->operands[1 - side]))) return false;
        rises_.push_back({load->second, sum->second, &store});
        return true;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const Makers made_by_;
    std::map<std::uint32_t, const ir::Instruction*> made_, loads_;  // loads: since which nothing was written
    std::vector<Rise> rises_;
};

// Whether the instruction may write the variable, hand control over, or end the run.
bool may_disturb(const ir::Contract& contract, std::uint32_t variable, const ir::Instruction& each) {
    if (each.op == Op::InternalCall)
        return std::ranges::any_of(
            with_callees(contract, {&contract.functions.at(each.callee)}), [&](const ir::Function* callee) {
                return std::ranges::any_of(callee->blocks, [&](const ir::Block& block) {
                    return block.terminator.kind == ir::Terminator::Kind::External ||
                           std::ranges::any_of(block.instructions, [&](const ir::Instruction& inner) {
                               return inner.op != Op::InternalCall && may_disturb(contract, variable, inner);
                           });
                });
            });
    if (each.op == Op::Evm) return ir::writes_of(each).intersects(vm::state_regions) || halts(each);
    return (each.op == Op::Store || each.op == Op::Clear) && each.place.variable == variable;
}

// Whether the counter rises on every way from the load that ends well, and nobody acts in between.
bool surely_rises(const ir::Contract& contract, const ir::Function& function, const Rise& rise, std::uint32_t block,
                  std::uint32_t load) {
    std::set<std::uint32_t> seen;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{block, load + 1}};
    while (!open.empty()) {
        const auto [index, first] = open.back();
        open.pop_back();
        if (first == 0 && !seen.insert(index).second) continue;
        const ir::Block& here = function.blocks[index];
        bool has_risen = false;
        for (std::uint32_t i = first; i < here.instructions.size() && !has_risen; ++i) {
            has_risen = &here.instructions[i] == rise.store;
            const bool is_again = index == block && i == load;
            if (is_again || (!has_risen && may_disturb(contract, rise.store->place.variable, here.instructions[i])))
                return false;
        }
        if (has_risen) continue;
        const ir::Terminator& end = here.terminator;
        if (end.kind == ir::Terminator::Kind::External || end.kind == ir::Terminator::Kind::Return) return false;
        ir::for_each_jump(end, [&](const ir::Jump& jump) { open.emplace_back(jump.block, 0); });
    }
    return true;
}

// Finds the loads before the rise, if nothing else in the function writes the counter.
void find_before(const ir::Contract& contract, const ir::Function& function, Rise& rise) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> loads;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
        for (std::uint32_t i = 0; i < function.blocks[b].instructions.size(); ++i) {
            const ir::Instruction& each = function.blocks[b].instructions[i];
            if (each.place.variable != rise.store->place.variable) continue;
            if ((each.op == Op::Store || each.op == Op::Clear) && &each != rise.store) return;
            if (each.op == Op::Load && each.place.steps.empty() && &each != rise.load) loads.emplace_back(b, i);
        }
    for (const auto& [block, at] : loads) {
        const ir::Instruction& load = function.blocks[block].instructions[at];
        if (std::ranges::count(rise.again, &load) == 0 && surely_rises(contract, function, rise, block, at))
            rise.before.push_back(&load);
    }
}

}  // namespace

std::vector<Rise> rises_of(const ir::Contract& contract, const ir::Function& function) {
    std::vector<Rise> rises = RiseFinder(contract, function).find();
    for (Rise& each : rises) find_before(contract, function, each);
    return rises;
}

}  // namespace interlock::analyzer::prover
