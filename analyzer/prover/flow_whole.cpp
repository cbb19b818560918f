// What a Flow says of its entry as a whole: its footprint, and what lies before and after each call.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

Footprint Flow::footprint_of(std::uint32_t node) const {
    Footprint footprint = nodes_[node]->footprint;
    const Shape& shape = *frames_[nodes_[node]->frame]->shape;
    for (const auto& [load, area] : nodes_[node]->loads) footprint.accesses.emplace(area, shape.access_of(*load));
    for (const auto& [at, access] : nodes_[node]->codes) footprint.accesses.emplace(code_area(), access);
    return footprint;
}

// Whether every run that goes on after the call comes to the recheck, before it writes the place, reads it anew or calls
// anybody else.
bool Flow::is_rechecked(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load, const Area& area,
                        const Recheck& recheck, bool only_counts) const {
    const std::uint32_t frame = nodes_[reader]->frame;
    const ir::Function& function = *frames_[frame]->function;
    const auto is_fixed = [&](ir::Value value) {
        return value == load.result || std::ranges::find(recheck.fixed, value) != recheck.fixed.end();
    };
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open(nodes_[site]->next.begin(), nodes_[site]->next.end());
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        if (!can_end_[at] || !seen.insert(at).second) continue;
        const Node& node = *nodes_[at];
        if (node.frame == frame) {
            const ir::Block& block = function.blocks.at(node.block);
            if ((node.first == 0 || block.instructions.empty()) &&
                std::ranges::any_of(block.parameters, [&](const ir::Parameter& each) { return is_fixed(each.value); }))
                return false;
            bool is_done = false;
            for (std::uint32_t i = node.first; i < block.instructions.size() && !is_done; ++i) {
                const ir::Instruction& each = block.instructions[i];
                is_done = node.block == recheck.block && i == recheck.at;
                if (is_done) break;
                if (each.result && is_fixed(each.result)) return false;
                if (each.op == ir::Op::InternalCall) break;
                const bool is_elsewhere =
                    each.op == ir::Op::Store && !overlap(area_of(*code_.contracts.at(frames_[frame]->entry.contract),
                                                                 frames_[frame]->storage, each.place),
                                                         area);
                if (!only_counts && node.block == recheck.block && !is_elsewhere &&
                    ir::writes_of(each).intersects(vm::state_regions))
                    return false;
            }
            if (is_done) continue;
        }
        const bool acts = node.is_site || !node.site.hits.empty() || node.footprint.writes(area);
        if (node.ends || (acts && !only_counts)) return false;
        open.insert(open.end(), node.next.begin(), node.next.end());
    }
    return true;
}

bool Flow::is_rechecked(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load, const Area& area) const {
    const auto& rechecks = frames_[nodes_[reader]->frame]->shape->rechecks;
    const auto found = rechecks.find(&load);
    return found != rechecks.end() && std::ranges::any_of(found->second, [&](const Recheck& each) {
               return is_rechecked(site, reader, load, area, each, false);
           });
}

// Whether every run that goes on after the call requires the word to be the same, whatever it does until then.
bool Flow::is_equal_again(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load, const Area& area) const {
    const auto& rechecks = frames_[nodes_[reader]->frame]->shape->rechecks;
    const auto found = rechecks.find(&load);
    return found != rechecks.end() && std::ranges::any_of(found->second, [&](const Recheck& each) {
               return each.is_equality && is_rechecked(site, reader, load, area, each, true);
           });
}

// What is found out again after the call need not have been seen before it: strangers may as well have come first.
void Flow::add_reads_before(CallSite& site, std::uint32_t at, const std::vector<bool>& until,
                            const std::set<std::uint32_t>& again) const {
    const bool may_hit = !site.hits.empty() || !site.hits_before.empty();
    const Footprint written = site.before;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!can_end_[i] || !until[i] || again.contains(nodes_[i]->frame)) continue;
        // In a loop only what was read last is looked at again.
        const bool is_again = !nodes_[i]->loads.empty() && reached(nodes_[i]->next, true)[i];
        for (const auto& [load, area] : nodes_[i]->loads)
            if (may_hit || is_again || written.writes(area) || !is_rechecked(at, i, *load, area))
                site.before.accesses.emplace(area, frames_[nodes_[i]->frame]->shape->access_of(*load));
        // That an account had code stays so.
        for (const auto& [code_at, access] : nodes_[i]->codes)
            site.before.accesses.emplace(code_area(), has_code_at(at, i, code_at) ? Access::Ask : access);
        for (const auto& [load, area] : nodes_[i]->loads)
            if (!is_again && is_equal_again(at, i, *load, area)) site.unchanged.insert(area);
        if (nodes_[i]->stamps.empty() || reached(nodes_[i]->next, true)[i]) continue;
        for (const auto& [store, area] : nodes_[i]->stamps)
            if (is_equal_again(at, i, *store, area)) site.unchanged.insert(area);
    }
}

// A variable is counted if no way to the end passes by all that adds to it.
void Flow::find_counted() {
    std::set<Area> areas;
    for (const auto& node : nodes_) areas.insert(node->counted.begin(), node->counted.end());
    for (const Area& area : areas) {
        std::vector<bool> seen(nodes_.size());
        std::vector<std::uint32_t> open{0};
        bool is_sure = true;
        while (!open.empty() && is_sure) {
            const std::uint32_t at = open.back();
            open.pop_back();
            if (seen[at] || nodes_[at]->counted.contains(area)) continue;
            seen[at] = true;
            is_sure = !nodes_[at]->ends;
            open.insert(open.end(), nodes_[at]->next.begin(), nodes_[at]->next.end());
        }
        if (is_sure) counted_.insert(area);
    }
}

// Whether all that it does to the place is to write it, where it holds one word on every way before the first write, and at
// the end again.
bool Flow::leaves_as_found(const Area& place) const {
    std::optional<ir::Word> word;
    const auto is_it = [&](const Facts& facts) {
        const auto fact = facts.find(place);
        if (fact == facts.end() || !fact->second.is_constant()) return false;
        if (!word) word = fact->second.word;
        return *word == fact->second.word;
    };
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (can_end_[i] && nodes_[i]->ends && !is_it(nodes_[i]->left)) return false;
    std::vector<bool> seen(nodes_.size());
    std::vector<std::uint32_t> open{0};
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        if (seen[at] || !can_end_[at]) continue;
        seen[at] = true;
        if (!nodes_[at]->found.contains(place)) open.insert(open.end(), nodes_[at]->next.begin(), nodes_[at]->next.end());
        else if (!is_it(nodes_[at]->found)) return false;
    }
    return true;
}

Footprint Flow::whole_footprint() const {
    Footprint whole = footprint_;
    for (const auto& [place, access] : footprint_.accesses) {
        if (!is_place(place) || !only_writes(access)) continue;
        const auto is_fine = [&](const auto& each) {
            return only_reads(each.second) || !overlap(each.first, place) ||
                   (each.first == place && only_writes(each.second));
        };
        if (!std::ranges::all_of(footprint_.accesses, is_fine) || !leaves_as_found(place)) continue;
        std::erase_if(whole.accesses, [&](const auto& each) { return each.first == place && !only_reads(each.second); });
        whole.accesses.emplace(place, Access::Read);
    }
    return whole;
}

std::vector<bool> Flow::reached(const std::set<std::uint32_t>& from, bool forward, const std::vector<bool>& heads) const {
    std::vector<std::vector<std::uint32_t>> edges(nodes_.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        for (const std::uint32_t next : nodes_[i]->next) forward ? edges[i].push_back(next) : edges[next].push_back(i);
    std::vector<bool> seen(nodes_.size());
    std::vector<std::uint32_t> open(from.begin(), from.end());
    while (!open.empty()) {
        const std::uint32_t node = open.back();
        open.pop_back();
        if (seen[node]) continue;
        seen[node] = true;
        if (!heads.empty() && heads[node]) continue;
        open.insert(open.end(), edges[node].begin(), edges[node].end());
    }
    return seen;
}

// The places that are written on every way from the call to the end, where nobody looks at them before.
std::set<Area> Flow::overwritten_after(const std::vector<bool>& after, std::uint32_t site) const {
    std::set<Area> places;
    if (!nodes_[site]->site.hits.empty()) return places;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (after[i] && can_end_[i]) places.insert(nodes_[i]->set.begin(), nodes_[i]->set.end());
    std::erase_if(places, [&](const Area& place) {
        const auto sees = [&](const Area& each) { return overlap(each, place); };
        std::vector<bool> passed(nodes_.size());
        std::vector<std::uint32_t> open(nodes_[site]->next.begin(), nodes_[site]->next.end());
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            const Node& node = *nodes_[at];
            if (passed[at] || !after[at] || !can_end_[at] || node.set.contains(place)) continue;
            passed[at] = true;
            if (node.ends || !node.site.hits.empty() || std::ranges::any_of(node.seen, sees)) return true;
            open.insert(open.end(), node.next.begin(), node.next.end());
        }
        return false;
    });
    return places;
}

// Whether no way leads back to what the instruction of the frame makes.
bool Flow::is_made_once(const std::pair<std::uint32_t, const ir::Instruction*>& at) const {
    for (std::uint32_t i = 0; i < nodes_.size() && !recurses_; ++i) {
        const auto& made = frames_[nodes_[i]->frame]->function->blocks.at(nodes_[i]->block).instructions;
        const bool is_there =
            nodes_[i]->frame == at.first && at.second >= made.data() && at.second < made.data() + made.size();
        if (is_there && reached(nodes_[i]->next, true)[i]) return false;
    }
    return !recurses_;
}

void Flow::add_payment(Footprint& footprint) const {
    const Frame& entry = *frames_.front();
    if (entry.function->mutability != ir::Mutability::Payable) return;
    footprint.receives = true;
    footprint.purses.paid.insert(entry.storage);
}

void Flow::conclude() {
    std::set<std::uint32_t> ends;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (nodes_[i]->ends) ends.insert(i);
    add_marks();
    drop_ways();
    can_end_ = reached(ends, false);
    const std::vector<bool> is_come_to = reached({0}, true);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) can_end_[i] = can_end_[i] && is_come_to[i];
    settle_sums();
    succeeds_ = can_end_.at(0);
    takes_own_number_ = own_at_ && takes_one_number_ && is_made_once(*own_at_);
    for (const auto& [hash, frame] : hash_at_)
        if (!is_made_once({frame, hash})) hashed_again_.insert(hash);
    heed_forks();
    find_hard_payments();
    find_balance_asked();
    find_tokens_asked();
    find_code_asked();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        survives_hits_ |= nodes_[i]->may_go_on && (is_survived(nodes_[i]->frame) || follow(i, false).ends);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (nodes_[i]->tells_answer && can_end_[i] && !only_ends_after(i)) heed_answer(i);
    // What answers is read as soon as any answer is heeded.
    const std::pair heeding{Area{Area::Kind::World, 0, 0, {}, {}, {}, 0, 32}, Access::Read};
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        heeds_answers_ |= can_end_[i] && (nodes_[i]->footprint.accesses.contains(heeding) ||
                                          nodes_[i]->call_footprint.accesses.contains(heeding));
    for (const auto& node : nodes_) {
        if (heeds_answers_) node->site.hits.merge(node->site.told);
        told_.insert(node->site.told.begin(), node->site.told.end());
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!can_end_[i]) {
            for (const auto& [area, access] : footprint_of(i).accesses) undone_.accesses.emplace(area, Access::Read);
            if (nodes_[i]->footprint.reads_balance()) undone_.balance.insert(Access::Read);
            undone_.purses.add({nodes_[i]->footprint.purses.seen, {}, {}});
            continue;
        }
        footprint_.add(footprint_of(i));
        footprint_.add(nodes_[i]->call_footprint);
        const std::set<Entry>& hits = nodes_[i]->site.hits;
        oracles_.insert(nodes_[i]->asked.begin(), nodes_[i]->asked.end());
        elsewhere_.insert(nodes_[i]->elsewhere.begin(), nodes_[i]->elsewhere.end());
        hits_.insert(hits.begin(), hits.end());
        impersonates_ |= nodes_[i]->is_site && !hits.empty();
        calls_out_ |= nodes_[i]->is_site || !hits.empty();
        asks_out_ |= nodes_[i]->site.only_asks;
    }
    footprint_.take_loans_out();
    for (const Loan& each : loans_) take_back(footprint_, each);
    find_counted();
    add_payment(footprint_);
}

// Where something else is done to the place, too, what was seen may be there no more.
Footprint Flow::with_sure_sights(const Footprint& part) const {
    const auto is_sure = [&](const Area& place) {
        return std::ranges::all_of(footprint_.accesses, [&](const auto& each) {
            return only_reads(each.second) || each == std::pair{place, Access::SubtractSeen} || !overlap(each.first, place);
        });
    };
    Footprint sure = part;
    for (const auto& [place, access] : part.accesses) {
        if (access != Access::SubtractSeen || is_sure(place)) continue;
        sure.accesses.erase({place, access});
        sure.accesses.emplace(place, Access::Subtract);
    }
    return sure;
}

std::set<const ir::Block*> Flow::blocks() const {
    std::set<const ir::Block*> blocks;
    for (const auto& node : nodes_) blocks.insert(&frames_[node->frame]->function->blocks[node->block]);
    return blocks;
}

std::vector<CallSite> Flow::sites(bool in_parts, bool with_asked) const {
    std::vector<CallSite> sites;
    std::vector<std::uint32_t> node_of;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if ((nodes_[i]->is_site || (with_asked && nodes_[i]->site.only_asks)) && can_end_[i]) node_of.push_back(i);
    for (const std::uint32_t at : node_of) {
        CallSite site = nodes_[at]->site;
        const std::optional<Round> round = in_parts ? round_around(at) : std::nullopt;
        const std::vector<bool> heads = round ? round->heads : std::vector<bool>{};
        std::vector<bool> after = follow(at, true, heads).nodes;
        // Whether it goes on is for the next part to find out.
        for (std::uint32_t i = 0; i < heads.size(); ++i) after[i] = after[i] && !heads[i];
        // Nodes before it by at least one edge; the node itself only in a loop.
        const std::vector<bool> until = reached({at}, false, heads);
        site.is_in_round = round.has_value();
        site.is_counted = round && round->is_counted;
        if (round) {  // each part looks anew at what was looked at before the loop
            site.before.add(round->before);
            site.after.add(round->before);
        }
        const std::set<std::uint32_t> again = round ? std::set<std::uint32_t>{} : asked_again(at, until);
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            if (!can_end_[i]) continue;
            const std::set<Entry>& hits = nodes_[i]->site.hits;
            if (until[i] && !again.contains(nodes_[i]->frame)) site.before.add(nodes_[i]->footprint);
            if (until[i]) site.asked_before.insert(nodes_[i]->asked.begin(), nodes_[i]->asked.end());
            if (after[i]) site.asked_after.insert(nodes_[i]->asked.begin(), nodes_[i]->asked.end());
            if (until[i] && (i != at || after[at])) {
                site.before.add(nodes_[i]->call_footprint);
                site.hits_before.insert(hits.begin(), hits.end());
            }
            if (after[i]) {
                site.after.add(footprint_of(i));
                site.after.add(nodes_[i]->call_footprint);
                site.hits_after.insert(hits.begin(), hits.end());
            }
        }
        lay_loans(site, until, after);
        add_reads_before(site, at, until, again);
        if (!round) site.overwritten = overwritten_after(after, at);
        add_payment(site.before);
        for (std::uint32_t other = 0; other < node_of.size(); ++other)
            if (after[node_of[other]]) site.later.insert(other);
        site.before = with_sure_sights(site.before);
        site.after = with_sure_sights(site.after);
        sites.push_back(std::move(site));
    }
    return sites;
}

}  // namespace interlock::analyzer::prover
