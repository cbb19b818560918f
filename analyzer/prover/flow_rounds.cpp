// Which calls of a Flow lie in a round of a loop that is as good as a call of its own.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

// Returns the round around the site, if
// - the entry passes its arguments to the function with the loop, does nothing else, and takes no ether,
// - what comes before the loop only reads state, and nothing that the loop writes, and nothing comes behind it.
// Then the entry with a part of its arrays reads the same before the loop, as long as strangers do not write that.
std::optional<Flow::Round> Flow::round_around(std::uint32_t site) const {
    const ir::Function& entry = *frames_.front()->function;
    if (recurses_ || entry.mutability == ir::Mutability::Payable || !entry.returns.empty()) return std::nullopt;
    // The frame that the entry calls, and where in it the node belongs to.
    const auto place_of = [&](std::uint32_t node) -> std::optional<std::pair<std::uint32_t, std::uint32_t>> {
        std::uint32_t frame = nodes_[node]->frame, block = nodes_[node]->block;
        while (frames_[frame]->caller != Frame::none && frames_[frame]->caller != 0) {
            block = frames_[frame]->block;
            frame = frames_[frame]->caller;
        }
        if (frame == 0 || frames_[frame]->is_outer) return std::nullopt;
        return std::pair{frame, block};
    };
    const auto place = place_of(site);
    if (!place) return std::nullopt;
    const std::uint32_t with_loop = place->first;
    const ir::Contract& contract = *code_.contracts.at(frames_[with_loop]->entry.contract);
    const std::optional<Rounds> rounds = rounds_of(contract, *frames_[with_loop]->function);
    if (!rounds || rounds->parts.at(place->second) != Rounds::Part::Loop) return std::nullopt;

    Round round;
    round.heads.resize(nodes_.size());
    Footprint inside;
    bool hits_inside = false;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!can_end_[i]) continue;
        const auto at = place_of(i);
        const bool is_here = at && at->first == with_loop;
        const Rounds::Part part = is_here ? rounds->parts.at(at->second) : Rounds::Part::Behind;
        Footprint all = footprint_of(i);
        all.add(nodes_[i]->call_footprint);
        if (part == Rounds::Part::Loop) {
            inside.add(all);
            hits_inside |= !nodes_[i]->site.hits.empty();
            round.heads[i] = nodes_[i]->frame == with_loop && nodes_[i]->block == rounds->head;
            continue;
        }
        const bool acts = nodes_[i]->is_site || !nodes_[i]->site.hits.empty() || all.writes_anything() || all.sends ||
                          all.receives || all.reads_balance;
        if (acts || (part == Rounds::Part::Behind && !all.accesses.empty())) return std::nullopt;
        round.before.add(all);
    }
    for (const auto& [area, access] : round.before.accesses)
        if (!area.is_of_state() || inside.writes(area) || hits_inside) return std::nullopt;
    return round;
}

}  // namespace interlock::analyzer::prover
