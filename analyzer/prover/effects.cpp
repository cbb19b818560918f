#include "analyzer/prover/effects.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

bool Effects::only_reads() const {
    return !hands_over && !sends && std::find(writes.begin(), writes.end(), true) == writes.end();
}

bool hands_over(const ir::Contract& contract, const ir::ExternalCall& call) {
    return !ir::has_only_stipend(call) && vm::effects_of(ir::opcode_of(contract, call)).changes_state();
}

namespace {

bool writes_slots(const ir::Instruction& instruction) {
    const bool is_by_place = ir::info(instruction.op).group == ir::Group::Storage;
    return (is_by_place || SlotAccesses::names_slot(instruction)) && !ir::writes_of(instruction).empty();
}

}  // namespace

std::vector<LeafIndex> written_by(const Layout& layout, const ir::Instruction& instruction) {
    if (!writes_slots(instruction)) return {};
    std::vector<LeafIndex> written = layout.others_written_by(instruction);
    const bool is_by_slot = SlotAccesses::names_slot(instruction);
    if (instruction.op == Op::Clear) {
        const std::vector<LeafIndex> cleared = layout.cleared_by(instruction.place);
        written.insert(written.end(), cleared.begin(), cleared.end());
    } else if (const auto leaf = is_by_slot ? layout.at_slot(instruction) : layout.find(instruction.place)) {
        written.push_back(*leaf);
    }
    return written;
}

namespace {

void add_check(std::vector<lang::SourceRange>& checks, lang::SourceRange check) {
    const auto earlier = [](lang::SourceRange a, lang::SourceRange b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    };
    const auto at = std::lower_bound(checks.begin(), checks.end(), check, earlier);
    if (at == checks.end() || *at != check) checks.insert(at, check);
}

void add_own(const ir::Contract& contract, const Layout& layout, const ir::Function& function, Effects& effects) {
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& instruction : block.instructions) {
            const vm::Regions written = ir::writes_of(instruction);
            if (writes_slots(instruction)) {
                for (const LeafIndex leaf : written_by(layout, instruction)) effects.writes[leaf] = true;
            } else if (instruction.op == Op::Assume) {
                effects.assumes = true;
            } else if (instruction.op == Op::Check) {
                add_check(effects.checks, instruction.range);
            } else if (instruction.op != Op::InternalCall && written.intersects(vm::state_regions)) {
                effects.writes.assign(effects.writes.size(), true);
                effects.hands_over = true;
            }
        }
        if (block.terminator.kind != ir::Terminator::Kind::External) continue;
        const ir::ExternalCall& call = block.terminator.call;
        effects.hands_over |= hands_over(contract, call);
        if (ir::runs_foreign_code(contract, call)) effects.writes.assign(effects.writes.size(), true);
        effects.sends |= ir::has_only_stipend(call);
    }
}

bool absorb(Effects& into, const Effects& other) {
    const Effects before = into;
    for (std::size_t leaf = 0; leaf < into.writes.size(); ++leaf)
        into.writes[leaf] = into.writes[leaf] || other.writes[leaf];
    into.hands_over |= other.hands_over;
    into.sends |= other.sends;
    into.assumes |= other.assumes;
    for (const lang::SourceRange check : other.checks) add_check(into.checks, check);
    return before.writes != into.writes || before.hands_over != into.hands_over || before.sends != into.sends ||
           before.assumes != into.assumes || before.checks != into.checks;
}

}  // namespace

std::vector<Effects> effects_of(const ir::Contract& contract, const Layout& layout) {
    std::vector<Effects> effects(contract.functions.size());
    for (std::size_t i = 0; i < effects.size(); ++i) {
        effects[i].writes.resize(layout.leaves().size());
        add_own(contract, layout, contract.functions[i], effects[i]);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < effects.size(); ++i) {
            for (const ir::Block& block : contract.functions[i].blocks) {
                for (const ir::Instruction& instruction : block.instructions) {
                    if (instruction.op != Op::InternalCall || instruction.callee == i) continue;
                    changed |= absorb(effects[i], effects[instruction.callee]);
                }
            }
        }
    }
    return effects;
}

namespace {

struct Writes {
    std::vector<ir::Word> constants{ir::Word{}};
    bool only_constants = true;
    bool any = false;
};

void note_writes(const Layout& layout, const ir::Function& function, std::vector<Writes>& writes) {
    std::vector<const ir::Instruction*> constant(function.values, nullptr);
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& instruction : block.instructions) {
            if (instruction.op == Op::Constant && instruction.result) constant[instruction.result.index] = &instruction;
        }
    }
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& instruction : block.instructions) {
            if (!writes_slots(instruction)) {
                if (instruction.op == Op::InternalCall || !ir::writes_of(instruction).intersects(vm::state_regions))
                    continue;
                for (Writes& each : writes) each.only_constants = false;
                continue;
            }
            const ir::Instruction* value =
                instruction.op == Op::Clear ? nullptr : constant[instruction.operands.back().index];
            const std::vector<LeafIndex>& others = layout.others_written_by(instruction);
            for (const LeafIndex leaf : written_by(layout, instruction)) {
                const bool is_named = std::ranges::find(others, leaf) == others.end();
                writes[leaf].any = true;
                if (is_named && value != nullptr) writes[leaf].constants.push_back(value->word);
                // Clearing writes the constant zero.
                else if (!is_named || instruction.op != Op::Clear) writes[leaf].only_constants = false;
            }
        }
    }
}

bool can_be_switch(const Leaf& leaf) {
    return leaf.keys.empty() && !leaf.is_immutable &&
           (leaf.value.kind == ir::TypeKind::Bool || leaf.value.kind == ir::TypeKind::Uint ||
            leaf.value.kind == ir::TypeKind::Enum);
}

}  // namespace

std::vector<Switch> switches_of(const ir::Contract& contract, const Layout& layout) {
    std::vector<Writes> writes(layout.leaves().size());
    for (const ir::Function& function : contract.functions) note_writes(layout, function, writes);
    std::vector<Switch> switches;
    for (LeafIndex leaf = 0; leaf < writes.size() && switches.size() < max_switches; ++leaf) {
        Writes& all = writes[leaf];
        if (!all.any || !all.only_constants || !can_be_switch(layout.leaves()[leaf])) continue;
        std::sort(all.constants.begin(), all.constants.end());
        all.constants.erase(std::unique(all.constants.begin(), all.constants.end()), all.constants.end());
        if (all.constants.size() <= max_switch_constants) switches.push_back({leaf, all.constants});
    }
    return switches;
}

}  // namespace interlock::analyzer::prover
