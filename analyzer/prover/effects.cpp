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

void add_check(std::vector<lang::SourceRange>& checks, lang::SourceRange check) {
    const auto earlier = [](lang::SourceRange a, lang::SourceRange b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    };
    const auto at = std::lower_bound(checks.begin(), checks.end(), check, earlier);
    if (at == checks.end() || *at != check) checks.insert(at, check);
}

// Returns the leaves that an operation on storage writes. Clearing a whole variable can write many leaves, and some
// variables have none.
std::vector<LeafIndex> written_by(const Layout& layout, const ir::Instruction& instruction) {
    if (instruction.op == Op::Clear) return layout.cleared_by(instruction.place);
    if (const auto leaf = layout.find(instruction.place)) return {*leaf};
    return {};
}

void add_own(const ir::Contract& contract, const Layout& layout, const ir::Function& function, Effects& effects) {
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& instruction : block.instructions) {
            const vm::Regions written = ir::writes_of(instruction);
            if (ir::info(instruction.op).group == ir::Group::Storage) {
                if (written.empty()) continue;
                for (const LeafIndex leaf : written_by(layout, instruction)) effects.writes[leaf] = true;
            } else if (instruction.op == Op::Assume) {
                effects.assumes = true;
            } else if (instruction.op == Op::Check) {
                add_check(effects.checks, instruction.range);
            } else if (instruction.op != Op::InternalCall && written.intersects(vm::state_regions)) {
                effects.writes.assign(effects.writes.size(), true);  // the slot may be any
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
            const bool is_of_storage = ir::info(instruction.op).group == ir::Group::Storage;
            const vm::Regions written = ir::writes_of(instruction);
            if (!is_of_storage && instruction.op != Op::InternalCall && written.intersects(vm::state_regions)) {
                for (Writes& each : writes) each.only_constants = false;
            }
            if (!is_of_storage || written.empty()) continue;
            const ir::Instruction* value =
                instruction.op == Op::Clear ? nullptr : constant[instruction.operands.back().index];
            for (const LeafIndex leaf : written_by(layout, instruction)) {
                writes[leaf].any = true;
                if (value != nullptr) writes[leaf].constants.push_back(value->word);
                // Clearing writes the constant zero.
                else if (instruction.op != Op::Clear) writes[leaf].only_constants = false;
            }
        }
    }
}

bool can_be_switch(const ir::Contract& contract, const Leaf& leaf) {
    return leaf.keys.empty() && !contract.state[leaf.variable].is_immutable &&
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
        if (!all.any || !all.only_constants || !can_be_switch(contract, layout.leaves()[leaf])) continue;
        std::sort(all.constants.begin(), all.constants.end());
        all.constants.erase(std::unique(all.constants.begin(), all.constants.end()), all.constants.end());
        if (all.constants.size() <= max_switch_constants) switches.push_back({leaf, all.constants});
    }
    return switches;
}

}  // namespace interlock::analyzer::prover
