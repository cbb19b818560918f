#include "analyzer/prover/effects.hpp"

#include <algorithm>

#include "lang/ir_walk.hpp"

namespace interlock::analyzer::prover {

using CallKind = ir::ExternalCall::Kind;
using ir::Op;

bool Effects::only_reads() const {
    return !hands_over && !sends && std::find(writes.begin(), writes.end(), true) == writes.end();
}

bool hands_over(const ir::Contract& contract, const ir::ExternalCall& call) {
    switch (call.kind) {
        case CallKind::Method: {
            const ir::Mutability mutability = contract.methods.at(call.method).mutability;
            return mutability != ir::Mutability::View && mutability != ir::Mutability::Pure;
        }
        case CallKind::LowLevel:
        case CallKind::LowLevelDelegate:
        case CallKind::Create: return true;
        case CallKind::Raw: return call.opcode != vm::Opcode::STATICCALL;
        case CallKind::LowLevelStatic:
        case CallKind::Send:
        case CallKind::Transfer: return false;
    }
    return true;
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
            switch (instruction.op) {
                case Op::Store:
                case Op::StoreImmutable:
                    if (const auto leaf = layout.find(instruction.place)) effects.writes[*leaf] = true;
                    break;
                case Op::Clear:
                    for (const LeafIndex leaf : layout.cleared_by(instruction.place)) effects.writes[leaf] = true;
                    break;
                case Op::Evm:
                    if (!ir::reaches_state(instruction.opcode)) break;
                    effects.writes.assign(effects.writes.size(), true);  // whatever slot that is
                    effects.hands_over = true;
                    break;
                case Op::Assume: effects.assumes = true; break;
                case Op::Check: add_check(effects.checks, instruction.range); break;
                default: break;
            }
        }
        if (block.terminator.kind != ir::Terminator::Kind::External) continue;
        const ir::ExternalCall& call = block.terminator.call;
        effects.hands_over |= hands_over(contract, call);
        if (call.kind == CallKind::Raw && call.opcode == vm::Opcode::DELEGATECALL)
            effects.writes.assign(effects.writes.size(), true);
        effects.sends |= call.kind == CallKind::Send || call.kind == CallKind::Transfer;
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
            if (instruction.op == Op::Clear) {
                for (const LeafIndex leaf : layout.cleared_by(instruction.place)) writes[leaf].any = true;
            }
            if (instruction.op == Op::Evm && ir::reaches_state(instruction.opcode)) {
                for (Writes& each : writes) each.only_constants = false;
            }
            if (instruction.op != Op::Store) continue;
            const auto leaf = layout.find(instruction.place);
            if (!leaf) continue;
            writes[*leaf].any = true;
            const ir::Instruction* value = constant[instruction.operands.back().index];
            if (value == nullptr) writes[*leaf].only_constants = false;
            else writes[*leaf].constants.push_back(value->word);
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
