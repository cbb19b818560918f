#include "analyzer/prover/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

constexpr std::size_t most_sums = 4, most_numbers = 6, most_guards = 2;

bool moves_ether(const ir::Contract& contract) {
    bool takes = false, pays = false;
    for (const ir::Function& function : contract.functions) {
        takes |= function.mutability == ir::Mutability::Payable;
        pays |= std::ranges::any_of(
            function.blocks, [](const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; });
    }
    return takes && pays;
}

std::vector<bool> written_leaves(const Session& session) {
    std::vector<bool> written(session.layout.leaves().size());
    for (const Effects& each : effects_of(session.contract, session.layout))
        for (std::size_t leaf = 0; leaf < written.size(); ++leaf) written[leaf] = written[leaf] || each.writes[leaf];
    return written;
}

std::string name_in_source(const Leaf& leaf) {
    if (leaf.keys.empty()) return leaf.name;
    const std::size_t key = leaf.name.find("[]");
    const std::string variable = leaf.name.substr(0, key), field = leaf.name.substr(key + 2);
    return field.empty() ? fmt::format("sum({})", variable) : fmt::format("sum({}[·]{})", variable, field);
}

// Whether the second follows at once from the first: it owes less, or only sometimes.
bool says_more(const Candidate& one, const Candidate& other) {
    if (one.total != other.total || one == other) return false;
    if (one.guard && one.guard != other.guard) return false;
    const auto is_in_one = [&](LeafIndex leaf) { return std::ranges::find(one.owed, leaf) != one.owed.end(); };
    return one.total ? one.owed == other.owed : std::ranges::all_of(other.owed, is_in_one);
}

}  // namespace

std::vector<Candidate> candidates_of(const Session& session) {
    const std::vector<Leaf>& leaves = session.layout.leaves();
    if (!moves_ether(session.contract)) return {};
    const std::vector<bool> written = written_leaves(session);
    const std::vector<Switch> switches = switches_of(session.contract, session.layout);
    std::vector<LeafIndex> sums, numbers;
    for (LeafIndex leaf = 0; leaf < leaves.size(); ++leaf) {
        const bool is_switch = std::ranges::find(switches, leaf, &Switch::leaf) != switches.end();
        if (!written[leaf] || is_switch || leaves[leaf].value.kind != ir::TypeKind::Uint) continue;
        if (leaves[leaf].is_summed && sums.size() < most_sums) sums.push_back(leaf);
        if (leaves[leaf].keys.empty() && numbers.size() < most_numbers) numbers.push_back(leaf);
    }
    std::vector<Candidate> candidates;
    for (const LeafIndex sum : sums) candidates.push_back({{sum}, {}, {}});
    for (const LeafIndex number : numbers) candidates.push_back({{number}, {}, {}});
    for (const LeafIndex sum : sums)
        for (const LeafIndex number : numbers) {
            candidates.push_back({{sum}, number, {}});
            candidates.push_back({{sum, number}, {}, {}});
        }
    for (std::size_t i = 0; i < sums.size(); ++i)
        for (std::size_t k = i + 1; k < sums.size(); ++k) candidates.push_back({{sums[i], sums[k]}, {}, {}});
    // A lock may be taken while what is owed is not there.
    const std::size_t unguarded = candidates.size();
    for (std::size_t i = 0; i < switches.size() && i < most_guards; ++i)
        for (const ir::Word& constant : switches[i].constants) {
            candidates.push_back({{}, {}, {{switches[i].leaf, constant}}});
            for (std::size_t k = 0; k < unguarded; ++k)
                if (candidates[k].owed.size() == 1)
                    candidates.push_back({candidates[k].owed, candidates[k].total, {{switches[i].leaf, constant}}});
        }
    return candidates;
}

std::vector<Candidate> without_repetition(const std::vector<FoundCandidate>& found) {
    std::vector<Candidate> kept;
    for (const FoundCandidate& each : found) {
        const Candidate& one = each.candidate;
        const auto is_said_by = [&](const FoundCandidate& other) {
            if (other.is_strong < each.is_strong) return false;
            const bool is_empty = other.candidate.owed.empty() && one.guard == other.candidate.guard;
            return is_empty || says_more(other.candidate, one);
        };
        if (std::ranges::none_of(found, is_said_by)) kept.push_back(one);
    }
    return kept;
}

z3::expr formula_of(const Candidate& candidate, Session& session, const State& state) {
    const std::vector<Leaf>& leaves = session.layout.leaves();
    const auto is_switched = [&] {
        const z3::expr constant = session.terms.constant(candidate.guard->constant, leaves[candidate.guard->leaf].value);
        return equality(state.cells[candidate.guard->leaf].term, constant);
    };
    if (candidate.owed.empty()) return !is_switched();
    z3::expr owed = session.terms.number(0);
    for (const LeafIndex leaf : candidate.owed)
        owed = owed + (leaves[leaf].keys.empty() ? state.cells[leaf].term : state.cells[leaf].sum);
    const z3::expr holds = candidate.total ? owed == state.cells[*candidate.total].term : owed <= state.balance;
    return candidate.guard ? either(!is_switched(), holds) : holds;
}

bool is_solvency(const Candidate& candidate, const Layout& layout) {
    const auto is_sum = [&](LeafIndex leaf) { return !layout.leaves()[leaf].keys.empty(); };
    return !candidate.total && !candidate.guard && std::ranges::any_of(candidate.owed, is_sum);
}

std::string condition_of(const Candidate& candidate, const Layout& layout) {
    std::string text;
    if (candidate.guard) {
        const Leaf& leaf = layout.leaves()[candidate.guard->leaf];
        const bool is_truth = leaf.value.kind == ir::TypeKind::Bool;
        text = is_truth ? (candidate.guard->constant.is_zero() ? "!" : "") + leaf.name
                        : fmt::format("{} == {}", leaf.name, vm::to_decimal(candidate.guard->constant));
        text += " ==> ";
    }
    for (std::size_t i = 0; i < candidate.owed.size(); ++i)
        text += (i == 0 ? "" : " + ") + name_in_source(layout.leaves()[candidate.owed[i]]);
    return text + (candidate.total ? " == " + layout.leaves()[*candidate.total].name : " <= address(this).balance");
}

}  // namespace interlock::analyzer::prover
