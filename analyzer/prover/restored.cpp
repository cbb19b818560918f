#include "analyzer/prover/restored.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

bool is_of(const ir::Instruction& each, Op op, std::uint32_t variable) {
    return each.op == op && each.place.variable == variable && each.place.steps.empty();
}

bool ends_there(const ir::Contract& contract, const ir::Instruction& each) {
    return halts(each) || (each.op == Op::InternalCall && may_halt(contract, contract.functions.at(each.callee)));
}

// What one function does to a variable.
class Setter {
  public:
    Setter(const ir::Contract& contract, const ir::Function& function, std::uint32_t variable)
        : contract_(contract), function_(function), variable_(variable), uses_(function) {
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (is_of(each, Op::Load, variable) && only_kept(each)) saving_.insert(&each);
                if (each.place.variable == variable && (each.op == Op::Store || each.op == Op::Clear))
                    is_plain_ &= is_of(each, Op::Store, variable), stores_.insert(&each);
            }
    }

    [[nodiscard]] const std::set<const ir::Instruction*>& saving() const { return saving_; }
    [[nodiscard]] const std::set<const ir::Instruction*>& stores() const { return stores_; }

    // Whether the variable holds wherever the function ends what it held at first.
    [[nodiscard]] bool restores() const {
        if (!is_plain_) return false;
        std::set<std::pair<ir::BlockIndex, bool>> seen;  // with the variable as it was, or as it was not
        std::vector<std::pair<ir::BlockIndex, bool>> open{{0, true}};
        while (!open.empty()) {
            auto [index, is_as_it_was] = open.back();
            open.pop_back();
            if (!seen.emplace(index, is_as_it_was).second) continue;
            const ir::Block& block = function_.blocks[index];
            for (const ir::Instruction& each : block.instructions) {
                if (saving_.contains(&each) && !is_as_it_was) return false;
                if (!is_as_it_was && ends_there(contract_, each)) return false;
                if (stores_.contains(&each)) is_as_it_was = is_saved(each.operands.back());
            }
            if (block.terminator.kind == ir::Terminator::Kind::Return && !is_as_it_was) return false;
            ir::for_each_jump(block.terminator,
                              [&, was = is_as_it_was](const ir::Jump& jump) { open.emplace_back(jump.block, was); });
        }
        return true;
    }

  private:
    // Whether it is only kept to be stored there again.
    [[nodiscard]] bool only_kept(const ir::Instruction& load) const {
        return std::ranges::all_of(uses_.users.at(load.result.index), [&](const Uses::User& user) {
            return user.instruction && is_of(*user.instruction, Op::Store, variable_);
        });
    }
    [[nodiscard]] bool is_saved(ir::Value value) const {
        return std::ranges::any_of(saving_, [&](const ir::Instruction* each) { return each->result == value; });
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const std::uint32_t variable_;
    const Uses uses_;
    std::set<const ir::Instruction*> saving_, stores_;
    bool is_plain_ = true;
};

}  // namespace

void find_restored(CodeInScope& code) {
    std::map<Area, std::vector<Setter>> setters;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i) {
            if (contract.storage_types.at(contract.state[i].type).kind != ir::StorageType::Kind::Value) continue;
            std::vector<Setter> all;
            for (const ir::Function& function : contract.functions) {
                if (function.kind == ir::FunctionKind::Constructor) continue;
                Setter setter(contract, function, i);
                if (!setter.stores().empty()) all.push_back(std::move(setter));
            }
            if (!all.empty() && std::ranges::all_of(all, &Setter::restores))
                setters.emplace(area_of(contract, at, {i, {}}), std::move(all));
        }
    }
    if (setters.empty()) return;
    for (const auto& [area, all] : setters)
        for (const Setter& each : all) {
            code.restoring.insert(each.stores().begin(), each.stores().end());
            code.saving.insert(each.saving().begin(), each.saving().end());
        }
    // Nobody else may write there, by its slot.
    std::set<Area> written;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        Footprint all = flow.footprint();
        all.add(flow.undone());
        for (const auto& [area, access] : all.accesses)
            if (!only_reads(access) && access != Access::Restore) written.insert(area);
    }
    for (const auto& [variable, all] : setters) {
        if (std::ranges::none_of(written, [&](const Area& each) { return overlap(each, variable); })) continue;
        for (const Setter& each : all) {
            for (const ir::Instruction* store : each.stores()) code.restoring.erase(store);
            for (const ir::Instruction* load : each.saving()) code.saving.erase(load);
        }
    }
}

}  // namespace interlock::analyzer::prover
