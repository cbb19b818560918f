// Which calls of a Flow lie in a round of a loop that is as good as a call of its own.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

// Returns the round around the site, if
// - the entry has the loop itself, or passes its arguments to the function with it and does nothing else, and takes no ether,
// - what comes before the loop only reads state, and nothing that the loop writes, and nothing comes behind it.
// Then the entry with a part of its arrays reads the same before the loop, as long as strangers do not write that.
std::optional<Flow::Round> Flow::round_around(std::uint32_t site) const {
    const ir::Function& entry = *frames_.front()->function;
    if (recurses_ || entry.mutability == ir::Mutability::Payable) return std::nullopt;
    // Where in the frame the node belongs to, if it does.
    const auto place_in = [&](std::uint32_t with_loop, std::uint32_t node) -> std::optional<std::uint32_t> {
        std::uint32_t frame = nodes_[node]->frame, block = nodes_[node]->block;
        while (frame != with_loop && frames_[frame]->caller != Frame::none) {
            block = frames_[frame]->block;
            frame = frames_[frame]->caller;
        }
        return frame == with_loop ? std::optional(block) : std::nullopt;
    };
    // The entry, or what it calls.
    std::vector<std::uint32_t> frames{0};
    for (std::uint32_t frame = nodes_[site]->frame; frame != 0; frame = frames_[frame]->caller)
        if (frames_[frame]->caller == 0 && !frames_[frame]->is_outer) frames.push_back(frame);
    std::uint32_t with_loop = 0;
    std::optional<Rounds> rounds;
    for (const std::uint32_t frame : frames) {
        const ir::Contract& contract = *code_.contracts.at(frames_[frame]->entry.contract);
        auto found = rounds_of(contract, *frames_[frame]->function);
        if (!found || found->parts.at(*place_in(frame, site)) != Rounds::Part::Loop) continue;
        if (frame != 0) {
            const ir::Block& calls = entry.blocks.at(frames_[frame]->block);
            if (!passes_on_rounds(contract, entry, calls.instructions.at(frames_[frame]->at - 1), *found)) continue;
        }
        with_loop = frame;
        rounds = std::move(found);
    }
    if (!rounds || (with_loop != 0 && !entry.returns.empty())) return std::nullopt;

    Round round;
    round.heads.resize(nodes_.size());
    Footprint inside;
    bool hits_inside = false;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!can_end_[i]) continue;
        const auto at = place_in(with_loop, i);
        const Rounds::Part part = at ? rounds->parts.at(*at) : Rounds::Part::Behind;
        Footprint all = footprint_of(i);
        all.add(nodes_[i]->call_footprint);
        const bool leaves_record = std::erase_if(all.accesses, only_leaves) != 0;
        if (part == Rounds::Part::Loop) {
            inside.add(all);
            hits_inside |= !nodes_[i]->site.hits.empty();
            round.heads[i] = nodes_[i]->frame == with_loop && nodes_[i]->block == rounds->head;
            continue;
        }
        round.is_counted |= leaves_record;
        const bool acts = nodes_[i]->is_site || !nodes_[i]->site.hits.empty() || all.changes_anything() || all.sends ||
                          all.receives || all.reads_balance();
        if (acts || (part == Rounds::Part::Behind && !all.accesses.empty())) return std::nullopt;
        round.before.add(all);
    }
    for (const auto& [area, access] : round.before.accesses)
        if (!area.is_of_state() || inside.writes(area) || hits_inside) return std::nullopt;
    return round;
}

}  // namespace interlock::analyzer::prover
