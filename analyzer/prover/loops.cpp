#include "analyzer/prover/loops.hpp"

#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

void unite(std::vector<bool>& into, const std::vector<bool>& other) {
    for (std::size_t leaf = 0; leaf < into.size(); ++leaf) into[leaf] = into[leaf] || other[leaf];
}

std::vector<ir::BlockIndex> successors_of(const ir::Terminator& terminator) {
    switch (terminator.kind) {
        case ir::Terminator::Kind::Jump: return {terminator.then.block};
        case ir::Terminator::Kind::Branch: return {terminator.then.block, terminator.otherwise.block};
        case ir::Terminator::Kind::External: return {terminator.call.next.block};
        default: return {};
    }
}

// The blocks from which `last`, the end of a round, is reached without passing the head.
std::vector<bool> body_of(const ir::Dominators& dominators, std::size_t blocks, ir::BlockIndex head,
                          const std::vector<ir::BlockIndex>& last) {
    std::vector<bool> body(blocks);
    body[head] = true;
    std::vector<ir::BlockIndex> open = last;
    while (!open.empty()) {
        const ir::BlockIndex block = open.back();
        open.pop_back();
        if (body[block]) continue;
        body[block] = true;
        const auto before = dominators.predecessors(block);
        open.insert(open.end(), before.begin(), before.end());
    }
    return body;
}

}  // namespace

Loops::Loops(const ir::Contract& contract, const Layout& layout, const std::vector<Effects>& effects)
    : contract_(contract), layout_(layout), effects_(effects), written_(layout.leaves().size()) {
    for (const Effects& each : effects) unite(written_, each.writes);
}

void Loops::add(const ir::Block& block, LoopBody& loop) const {
    const auto add_effects = [&](const Effects& effects) {
        unite(loop.writes, effects.hands_over ? written_ : effects.writes);
        loop.moves_ether |= effects.hands_over || effects.sends;
    };
    for (const ir::Instruction& instruction : block.instructions) {
        if (instruction.op == ir::Op::InternalCall) add_effects(effects_.at(instruction.callee));
        else
            for (const LeafIndex leaf : written_by(layout_, instruction)) loop.writes[leaf] = true;
    }
    if (block.terminator.kind != ir::Terminator::Kind::External) return;
    loop.moves_ether = true;
    if (hands_over(contract_, block.terminator.call)) unite(loop.writes, written_);
}

std::map<ir::BlockIndex, LoopBody> Loops::loops_of(const ir::Function& function) const {
    const ir::Dominators dominators(function.blocks);
    std::map<ir::BlockIndex, std::vector<ir::BlockIndex>> last;
    for (ir::BlockIndex from = 0; from < function.blocks.size(); ++from) {
        if (!dominators.is_reachable(from)) continue;
        for (const ir::BlockIndex to : successors_of(function.blocks[from].terminator))
            if (dominators.dominates(to, from)) last[to].push_back(from);
    }
    std::map<ir::BlockIndex, LoopBody> loops;
    for (const auto& [head, ends] : last) {
        LoopBody& loop = loops[head];
        loop.writes.resize(layout_.leaves().size());
        const std::vector<bool> body = body_of(dominators, function.blocks.size(), head, ends);
        for (ir::BlockIndex block = 0; block < body.size(); ++block)
            if (body[block]) add(function.blocks[block], loop);
    }
    return loops;
}

const std::map<ir::BlockIndex, LoopBody>& Loops::loops_in(const ir::Function& function) {
    auto found = loops_.find(&function);
    if (found == loops_.end()) found = loops_.emplace(&function, loops_of(function)).first;
    return found->second;
}

const LoopBody* Loops::headed_by(const ir::Function& function, ir::BlockIndex block) {
    const auto& loops = loops_in(function);
    const auto loop = loops.find(block);
    return loop == loops.end() ? nullptr : &loop->second;
}

bool Loops::any_in(const ir::Function& function) {
    std::set<const ir::Function*> seen{&function};
    std::vector<const ir::Function*> open{&function};
    while (!open.empty()) {
        const ir::Function& each = *open.back();
        open.pop_back();
        if (!loops_in(each).empty()) return true;
        for (const ir::Block& block : each.blocks)
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.op != ir::Op::InternalCall) continue;
                const ir::Function& callee = contract_.functions.at(instruction.callee);
                if (seen.insert(&callee).second) open.push_back(&callee);
            }
    }
    return false;
}

}  // namespace interlock::analyzer::prover
