// The part of an Execution that walks loops.
#include <algorithm>

#include "analyzer/prover/execution.hpp"

namespace interlock::analyzer::prover {

bool Execution::go_to(Path& path, const ir::Jump& jump, const std::vector<z3::expr>& received) {
    Invocation& invocation = path.calls.back();
    const ir::Function& function = *invocation.function;
    const LoopBody* loop = loops_.headed_by(function, jump.block);
    if (loop != nullptr && invocation.visited.at(jump.block)) {
        end_round(path, *loop, function.blocks[jump.block]);
        return false;
    }
    interpreter_.jump(invocation, jump, received);
    if (loop != nullptr) begin_round(path, *loop, function.blocks[jump.block]);
    return true;
}

void Execution::drop(const ir::Block& head, const Kept& kept) { dropped_some_ |= dropped_[&head].insert(kept).second; }

std::vector<std::pair<Execution::Kept, z3::expr>> Execution::kept_by(const LoopBody& loop, const ir::Block& head,
                                                                     const State& before, const State& now) {
    std::vector<std::pair<Kept, z3::expr>> kept;
    const std::set<Kept>& dropped = dropped_[&head];
    const auto add = [&](const Kept& each, const auto& formula) {
        if (!dropped.contains(each)) kept.emplace_back(each, formula());
    };
    for (LeafIndex leaf = 0; leaf < loop.writes.size(); ++leaf) {
        if (!loop.writes[leaf]) continue;
        const Cell &then = before.cells[leaf], &cell = now.cells[leaf];
        add({Kept::Kind::Leaf, leaf}, [&] { return both(same_content(cell, then), equality(cell.sum, then.sum)); });
    }
    const std::vector<z3::expr> then = numbers_in(loop, before), numbers = numbers_in(loop, now);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        add({Kept::Kind::AtLeast, i}, [&] { return numbers[i] >= then[i]; });
        add({Kept::Kind::AtMost, i}, [&] { return numbers[i] <= then[i]; });
        for (std::size_t k = 0; k < i; ++k)
            add({Kept::Kind::Apart, i, k}, [&] { return equality(numbers[i] - numbers[k], then[i] - then[k]); });
    }
    const std::vector<z3::expr> facts = observer_.loop_candidates(now);
    for (std::size_t i = 0; i < facts.size(); ++i) add({Kept::Kind::Fact, i}, [&] { return facts[i]; });
    return kept;
}

// The numbers that a round may change, and the sums.
std::vector<z3::expr> Execution::numbers_in(const LoopBody& loop, const State& state) const {
    constexpr std::size_t most = 6;
    std::vector<z3::expr> numbers;
    if (loop.moves_ether) numbers.push_back(state.balance);
    for (LeafIndex leaf = 0; leaf < loop.writes.size() && numbers.size() < most; ++leaf) {
        const Leaf& what = session_.layout.leaves()[leaf];
        if (!loop.writes[leaf]) continue;
        if (what.keys.empty() && what.value.kind == ir::TypeKind::Uint) numbers.push_back(state.cells[leaf].term);
        else if (what.is_summed) numbers.push_back(state.cells[leaf].sum);
    }
    return numbers;
}

void Execution::begin_round(Path& path, const LoopBody& loop, const ir::Block& head) {
    const State before = path.now;
    if (settles_)
        for (const auto& [kept, formula] : kept_by(loop, head, before, before))
            if (session_.prove(formula) != Session::Decision::Proved) drop(head, kept);
    Invocation& invocation = path.calls.back();
    for (const ir::Parameter& parameter : head.parameters) {
        const z3::expr any = session_.terms.fresh(parameter.type, "round");
        session_.assume(session_.terms.in_range(any, parameter.type));
        invocation.values.at(parameter.value.index) = any;
    }
    const std::set<Kept>& dropped = dropped_[&head];
    for (LeafIndex leaf = 0; leaf < loop.writes.size(); ++leaf)
        if (loop.writes[leaf] && dropped.contains({Kept::Kind::Leaf, leaf}))
            path.now.cells[leaf] = unknown_cell(session_, leaf);
    if (loop.moves_ether) path.now.balance = unknown_balance(session_);
    for (const auto& [kept, formula] : kept_by(loop, head, before, path.now)) session_.assume(formula);
    path.rounds.push_back({path.calls.size(), &head, before});
}

void Execution::end_round(Path& path, const LoopBody& loop, const ir::Block& head) {
    if (!settles_) return;
    const auto is_it = [&](const Rounds& each) { return each.head == &head && each.depth == path.calls.size(); };
    const auto rounds = std::find_if(path.rounds.rbegin(), path.rounds.rend(), is_it);
    for (const auto& [kept, formula] : kept_by(loop, head, rounds->before, path.now))
        if (session_.prove(formula) != Session::Decision::Proved) drop(head, kept);
}

}  // namespace interlock::analyzer::prover
