// The part of a Flow that settles what its sums are: capped, lent, or plain.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

bool Flow::notes_cap(Node& node, const ir::Instruction& load, const Area& area) const {
    if (!frames_[node.frame]->shape->caps.contains(&load) || is_survived(node.frame)) return false;
    const auto [place, is_new] = node.capped.try_emplace(&load, area);
    return is_new || place->second == area;
}

bool Flow::notes_bits(Node& node, const ir::Instruction& load, const Area& area) const {
    if (!frames_[node.frame]->shape->bit_loads.contains(&load) || is_survived(node.frame)) return false;
    const auto [place, is_new] = node.bits.try_emplace(&load, area);
    return is_new || place->second == area;
}

// How the number is looked at, or the contract's ether.
Access Flow::weighed(std::uint32_t frame, const ir::Instruction& load) const {
    const auto& all = frames_[frame]->shape->weighed;
    const auto found = all.find(&load);
    return found != all.end() && !is_survived(frame) ? found->second : Access::Read;
}

// Whether somebody else may act there.
bool Flow::hands_over(const Node& node) { return node.is_site || node.site.only_asks || !node.site.hits.empty(); }

struct Flow::Sum {
    std::uint32_t node = 0;
    const ir::Instruction* at = nullptr;
    Area area;
    Access access = Access::Add;
    std::optional<ir::Word> cap;
    bool is_of_loan = false, is_claimed = false;
};

struct Flow::Sums {
    explicit Sums(Flow& whole) : flow(whole), before(whole.nodes_.size()) {
        for (std::uint32_t i = 0; i < flow.nodes_.size(); ++i) {
            for (const std::uint32_t next : flow.nodes_[i]->next) before[next].push_back(i);
            for (const auto& [at, sum] : flow.nodes_[i]->sums) all.push_back({i, at, sum.first, sum.second, {}});
        }
    }

    // Whether both are the same word, whichever function of the run computes it, of the same words.
    [[nodiscard]] bool is_same(std::uint32_t frame, ir::Value value, std::uint32_t other, ir::Value second,
                               unsigned depth = 0) const {
        constexpr unsigned most_depth = 8;
        const ValueInFrame a = flow.source_of(frame, value), b = flow.source_of(other, second);
        if (a == b) return true;
        const ir::Instruction *one = maker(a), *two = maker(b);
        if (!one || !two || one->op != two->op || !(one->type == two->type) || depth == most_depth) return false;
        if (one->operands.size() != two->operands.size()) return false;
        switch (one->op) {
            case Op::Constant: return one->word == two->word;
            case Op::Caller:
            case Op::CallValue: return outer_of(a.first) == outer_of(b.first);
            case Op::Timestamp: return true;
            case Op::SlotOf:
                return one->place.variable == two->place.variable && one->place.steps.empty() && two->place.steps.empty() &&
                       flow.frames_[a.first]->entry.contract == flow.frames_[b.first]->entry.contract;
            case Op::And:
            case Op::Shl:
            case Op::Shr:
            case Op::Add:
            case Op::Mul:
            case Op::Div:
            case Op::Mod:
            case Op::Convert:
            case Op::Reinterpret: break;
            case Op::Evm:
                if (one->opcode == vm::Opcode::CALLDATALOAD && two->opcode == one->opcode &&
                    outer_of(a.first) == outer_of(b.first))
                    break;
                return one->opcode == vm::Opcode::KECCAK256 && two->opcode == one->opcode &&
                       are_hashed_alike(a.first, one, b.first, two, depth);
            default: return false;
        }
        for (std::size_t i = 0; i < one->operands.size(); ++i)
            if (!is_same(a.first, one->operands.data()[i], b.first, two->operands.data()[i], depth + 1)) return false;
        return true;
    }
    // Of one word, or of a key and a mapping's slot.
    [[nodiscard]] bool are_hashed_alike(std::uint32_t frame, const ir::Instruction* one, std::uint32_t other,
                                        const ir::Instruction* two, unsigned depth) const {
        const Shape &mine = *flow.frames_[frame]->shape, &theirs = *flow.frames_[other]->shape;
        const auto is_same_word = [&](const auto& ones, const auto& twos) {
            const auto first = ones.find(one), second = twos.find(two);
            return first != ones.end() && second != twos.end() &&
                   is_same(frame, first->second, other, second->second, depth + 1);
        };
        return is_same_word(mine.hashed_word, theirs.hashed_word) ||
               (is_same_word(mine.hashed_pair, theirs.hashed_pair) && is_same_word(mine.hashed_key, theirs.hashed_key));
    }
    [[nodiscard]] const ir::Instruction* maker(const ValueInFrame& value) const {
        return flow.frames_[value.first]->shape->made_by.at(value.second);
    }
    [[nodiscard]] std::uint32_t outer_of(std::uint32_t frame) const {
        while (!flow.frames_[frame]->is_outer) frame = flow.frames_[frame]->caller;
        return frame;
    }
    [[nodiscard]] ir::Value addend_of(const Sum& sum) const {
        return flow.frames_[flow.nodes_[sum.node]->frame]->shape->addends.at(sum.at);
    }
    [[nodiscard]] std::uint32_t frame_of(const Sum& sum) const { return flow.nodes_[sum.node]->frame; }
    // Whether both instructions name the same word of storage.
    [[nodiscard]] bool is_same_place(std::uint32_t one, const ir::Instruction& a, std::uint32_t other,
                                     const ir::Instruction& b) const {
        const std::uint32_t first = flow.nodes_[one]->frame, second = flow.nodes_[other]->frame;
        if (flow.frames_[first]->storage != flow.frames_[second]->storage ||
            flow.frames_[first]->entry.contract != flow.frames_[second]->entry.contract ||
            (a.op == Op::Evm) != (b.op == Op::Evm) || a.place.variable != b.place.variable ||
            a.place.steps.size() != b.place.steps.size())
            return false;
        if (a.op == Op::Evm) return is_same(first, a.operands[0], second, b.operands[0]);
        for (std::size_t i = 0; i < a.place.steps.size(); ++i) {
            const ir::PlaceStep &mine = a.place.steps[i], &theirs = b.place.steps[i];
            if (mine.kind != theirs.kind) return false;
            const bool is_field = mine.kind == ir::PlaceStep::Kind::Field;
            if (is_field ? mine.operand != theirs.operand
                         : !is_same(first, a.operands[mine.operand], second, b.operands[theirs.operand]))
                return false;
        }
        return true;
    }

    // Whether the node touches the word otherwise than by looking at it.
    [[nodiscard]] bool touches(std::uint32_t at, const Area& area, const ir::Instruction* except = nullptr) const {
        const Node& node = *flow.nodes_[at];
        return node.footprint.writes(area) || std::ranges::any_of(node.sums, [&](const auto& each) {
                   return each.first != except && overlap(each.second.first, area);
               });
    }
    [[nodiscard]] static bool is_earlier(const ir::Instruction* a, const ir::Instruction* b) {
        return std::less<>{}(a, b);  // of one block
    }

    // Whether every way on from the sum comes to the load before anybody acts, and before anything else is done to the word.
    [[nodiscard]] bool comes_to(const Sum& sum, std::uint32_t node, const ir::Instruction& load) const {
        if (sum.node == node && is_earlier(sum.at, &load)) return !touches(node, sum.area, sum.at);
        if (touches(sum.node, sum.area, sum.at) || touches(node, sum.area) || hands_over(*flow.nodes_[sum.node]))
            return false;
        const std::set<std::uint32_t>& next = flow.nodes_[sum.node]->next;
        return all_meet({next.begin(), next.end()}, node, sum.area, true);
    }
    // Whether every way to the sum comes from the load, and nothing is done to the word in between.
    [[nodiscard]] bool comes_from(const Sum& sum, std::uint32_t node, const ir::Instruction& load) const {
        if (touches(node, sum.area, sum.at) || touches(sum.node, sum.area, sum.at)) return false;
        if (sum.node == node) return is_earlier(&load, sum.at);
        return sum.node != 0 && all_meet(before[sum.node], node, sum.area, false);
    }
    [[nodiscard]] bool all_meet(std::vector<std::uint32_t> open, std::uint32_t wanted, const Area& area,
                                bool forward) const {
        std::set<std::uint32_t> seen;
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            if (!flow.can_end_[at] || !seen.insert(at).second) continue;
            const Node& node = *flow.nodes_[at];
            if (!forward && hands_over(node)) return false;
            if (at == wanted) continue;
            if ((forward ? node.ends : at == 0) || touches(at, area) || hands_over(node)) return false;
            if (forward) open.insert(open.end(), node.next.begin(), node.next.end());
            else open.insert(open.end(), before[at].begin(), before[at].end());
        }
        return true;
    }
    // Whether no way from there, or to there, gets to an end of the run without the other node.
    [[nodiscard]] bool passes(std::uint32_t from, std::uint32_t wanted, bool forward) const {
        if (from == wanted) return true;
        std::set<std::uint32_t> seen;
        std::vector<std::uint32_t> open{from};
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            if (!flow.can_end_[at] || at == wanted || !seen.insert(at).second) continue;
            const Node& node = *flow.nodes_[at];
            if (forward ? node.ends : at == 0) return false;
            if (forward) open.insert(open.end(), node.next.begin(), node.next.end());
            else open.insert(open.end(), before[at].begin(), before[at].end());
        }
        return true;
    }

    // What the load asks for is what the sum is capped by: nothing if it asks for something else, or of another word.
    void find_cap(std::uint32_t node, const ir::Instruction& load, const Area& area) {
        const std::uint32_t frame = flow.nodes_[node]->frame;
        const Cap& cap = flow.frames_[frame]->shape->caps.at(&load);
        bool is_of_sum = false;
        for (Sum& sum : all) {
            if (sum.access != Access::Add || !flow.can_end_[sum.node] || !is_same_place(node, load, sum.node, *sum.at))
                continue;
            std::optional<ir::Word> limit;
            const bool is_behind = !cap.more && comes_to(sum, node, load);
            if (is_behind) {
                limit = cap.limit;
                is_of_sum |= passes(node, sum.node, false);
            } else if (comes_from(sum, node, load)) {
                const ir::Value added = addend_of(sum);
                const auto constant = constant_in(flow.frames_[frame_of(sum)]->shape->made_by, added);
                if (cap.more && is_same(frame, *cap.more, frame_of(sum), added)) limit = cap.limit;
                else if (!cap.more && constant) limit = raised(cap.limit, *constant);
                is_of_sum |= limit && passes(node, sum.node, true);
            }
            if (!sum.cap && limit) sum.cap = limit;
            else if (limit && sum.cap != limit) is_of_sum = false;
        }
        if (!is_of_sum) flow.nodes_[node]->footprint.accesses.emplace(area, Access::AskMost);
    }
    // x is at most the limit, so x + more is at most what is returned.
    [[nodiscard]] static std::optional<ir::Word> raised(const ir::Word& limit, const ir::Word& more) {
        const ir::Word variables = ir::Word{1} << 255;
        if (limit < variables) return more < variables - limit ? std::optional(limit + more) : std::nullopt;
        // It is below the variable, so one more is at most that.
        const bool is_strict = !(limit & ir::Word{1}).is_zero();
        return is_strict && more == ir::Word{1} ? std::optional(limit - ir::Word{1}) : std::nullopt;
    }

    [[nodiscard]] bool is_once(std::uint32_t node) const { return !flow.reached(flow.nodes_[node]->next, true)[node]; }
    // Whether all that the run does to the word besides is to look at it, add and subtract.
    [[nodiscard]] bool is_only_summed(const Area& area) const {
        const auto is_sum = [&](const auto& each) {
            return only_reads(each.second) || each.second == Access::Add || each.second == Access::Subtract ||
                   each.second == Access::SubtractSeen || !overlap(each.first, area);
        };
        const auto sets_bits = [&](const Sum& each) { return each.access == Access::Claim && overlap(each.area, area); };
        if (std::ranges::any_of(all, sets_bits)) return false;
        for (std::uint32_t i = 0; i < flow.nodes_.size(); ++i)
            if (flow.can_end_[i] && (!std::ranges::all_of(flow.nodes_[i]->footprint.accesses, is_sum) ||
                                     !std::ranges::all_of(flow.nodes_[i]->call_footprint.accesses, is_sum)))
                return false;
        return true;
    }
    [[nodiscard]] bool is_paid_back(const Sum& lent, const Sum& repaid) const {
        return lent.node != repaid.node && is_same_place(lent.node, *lent.at, repaid.node, *repaid.at) &&
               is_same(frame_of(lent), addend_of(lent), frame_of(repaid), addend_of(repaid)) &&
               passes(lent.node, repaid.node, true) && passes(repaid.node, lent.node, false) && is_only_summed(lent.area);
    }

    void find_loans() {
        // The contract's own entries, called in the middle, may do anything to what is lent.
        for (std::uint32_t i = 0; i < flow.nodes_.size(); ++i)
            if (flow.can_end_[i] && !flow.nodes_[i]->site.hits.empty()) return;
        for (Sum& lent : all) {
            if (lent.access != Access::Add || !flow.can_end_[lent.node] || !is_once(lent.node)) continue;
            const auto repaid = std::ranges::find_if(all, [&](const Sum& each) {
                return each.access == Access::Subtract && !each.is_of_loan && flow.can_end_[each.node] &&
                       is_once(each.node) && is_paid_back(lent, each);
            });
            if (repaid == all.end()) continue;
            lent.is_of_loan = repaid->is_of_loan = true;
            Area area = lent.area;
            area.cap = lent.cap;
            flow.loans_.push_back({lent.node, repaid->node, area});
        }
    }

    // Whether the load asks for the bits that the store sets, and every way from one leads to the other.
    [[nodiscard]] bool asks_for(const Sum& claim, std::uint32_t node, const ir::Instruction& load) const {
        const std::uint32_t frame = flow.nodes_[node]->frame;
        const BitLoad& bits = flow.frames_[frame]->shape->bit_loads.at(&load);
        const BitsOfWord& set = flow.frames_[frame_of(claim)]->shape->bit_stores.at(claim.at).set;
        return bits.asked && is_required(frame, bits) && bits.asked->is_shift == set.is_shift &&
               is_same(frame, bits.asked->value, frame_of(claim), set.value) &&
               is_same_place(node, load, claim.node, *claim.at) && comes_from(claim, node, load);
    }
    [[nodiscard]] bool is_required(std::uint32_t frame, const BitLoad& bits) const {
        const Frame& here = *flow.frames_[frame];
        return !bits.answer || (!here.is_outer && flow.call_of(here) && flow.required_answer(here) == *bits.answer);
    }
    // Visits the loads of which only bits matter.
    void for_each_bit_load(const auto& visit) const {
        for (std::uint32_t i = 0; i < flow.nodes_.size(); ++i)
            for (const auto& [load, area] : flow.nodes_[i]->bits) visit(i, *load, area);
    }
    void find_claims() {
        for (Sum& claim : all) {
            if (claim.access != Access::Claim || !flow.can_end_[claim.node]) continue;
            const ir::Instruction* stored = flow.frames_[frame_of(claim)]->shape->bit_stores.at(claim.at).load;
            bool is_asked = false, is_fresh = false;
            for_each_bit_load([&](std::uint32_t node, const ir::Instruction& load, const Area&) {
                if (!flow.can_end_[node]) return;
                is_asked |= asks_for(claim, node, load);
                is_fresh |= &load == stored && flow.nodes_[node]->frame == frame_of(claim) && comes_from(claim, node, load);
            });
            claim.is_claimed = is_asked && is_fresh;
        }
        for_each_bit_load([&](std::uint32_t node, const ir::Instruction& load, const Area& area) {
            const bool is_part = std::ranges::any_of(all, [&](const Sum& claim) {
                if (!claim.is_claimed || !passes(node, claim.node, true)) return false;
                const auto& store = flow.frames_[frame_of(claim)]->shape->bit_stores.at(claim.at);
                const bool is_stored = store.load == &load && flow.nodes_[node]->frame == frame_of(claim);
                const std::uint32_t frame = flow.nodes_[node]->frame;
                return asks_for(claim, node, load) || (is_stored && !flow.frames_[frame]->shape->bit_loads.at(&load).asked &&
                                                       comes_from(claim, node, load));
            });
            if (!is_part) flow.nodes_[node]->footprint.accesses.emplace(area, Access::Read);
        });
    }

    void settle() const {
        for (const Sum& each : all) {
            if (each.access == Access::Claim && !each.is_claimed) {
                flow.nodes_[each.node]->footprint.accesses.emplace(each.area, Access::Write);
                continue;
            }
            Area area = each.area;
            area.cap = each.cap;
            const bool is_added = each.access == Access::Add;
            flow.nodes_[each.node]->footprint.accesses.emplace(area, !each.is_of_loan ? each.access
                                                                     : is_added       ? Access::Lend
                                                                                      : Access::Repay);
        }
    }

    Flow& flow;
    std::vector<std::vector<std::uint32_t>> before;  // by node: those that lead there
    std::vector<Sum> all;
};

void Flow::settle_sums() {
    Sums sums(*this);
    for (Sum& each : sums.all) {
        const auto& capped = frames_[nodes_[each.node]->frame]->shape->capped;
        if (const auto cap = capped.find(each.at); cap != capped.end() && !recurses_) each.cap = cap->second;
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        for (const auto& [load, area] : nodes_[i]->capped) {
            if (!recurses_ && can_end_[i]) sums.find_cap(i, *load, area);
            else nodes_[i]->footprint.accesses.emplace(area, Access::Read);
        }
    if (!recurses_) sums.find_loans();
    if (!recurses_) sums.find_claims();
    else
        sums.for_each_bit_load([&](std::uint32_t node, const ir::Instruction&, const Area& area) {
            nodes_[node]->footprint.accesses.emplace(area, Access::Read);
        });
    sums.settle();
}

bool Flow::takes_back(const Area& area) const {
    return std::ranges::any_of(loans_, [&](const Loan& each) { return overlap(each.area, area); });
}

// Who takes back what is lent asked whether it fits, and leaves nothing.
void Flow::take_back(Footprint& part, const Loan& loan) {
    part.lends = true;
    Area area = loan.area;
    area.cap.reset();
    if (loan.area.cap) part.accesses.emplace(area, Access::AskMost);
}

// Of what is lent: what lies before the call is open there, and taken back behind it.
void Flow::lay_loans(CallSite& site, const std::vector<bool>& until, const std::vector<bool>& after) const {
    site.before.take_loans_out();
    site.after.take_loans_out();
    for (const Loan& each : loans_) {
        if (until[each.repaid]) take_back(site.before, each);
        else if (until[each.lent]) site.before.accesses.emplace(each.area, Access::Lend);
        if (after[each.lent]) take_back(site.after, each);
        else if (after[each.repaid]) {
            Area area = each.area;
            area.cap.reset();
            site.after.accesses.emplace(area, Access::Subtract);
        }
    }
}

}  // namespace interlock::analyzer::prover
