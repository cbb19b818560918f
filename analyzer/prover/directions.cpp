#include "analyzer/prover/directions.hpp"

#include <algorithm>

namespace interlock::analyzer::prover {

namespace {

// What is taken for granted of the ether that is paid.
enum class Ether : std::uint8_t {
    Nothing,
    AtHand,   // what must be paid, or everything is undone, needs none that comes in meanwhile
    Covered,  // nor does any payment fail because there is too little
};

// What a piece does with the ether of contracts of which another one does something with it, too.
struct EtherUse {
    bool receives = false, sends = false, sends_soft = false, reads = false;
    bool only_asks = false, only_asks_most = false;  // whether there is at least something, or at most

    [[nodiscard]] bool moves() const { return receives || sends; }
};

EtherUse use_of(const Footprint& footprint, const std::set<std::uint32_t>& common) {
    const auto is_common = [&](const std::set<std::uint32_t>& purses) {
        return std::ranges::any_of(purses, [&](std::uint32_t each) { return common.contains(each); });
    };
    EtherUse use;
    use.receives = is_common(footprint.purses.paid);
    use.sends = footprint.sends && is_common(footprint.purses.paying);
    use.sends_soft = use.sends && footprint.sends_soft;
    use.reads = footprint.reads_balance() && is_common(footprint.purses.seen);
    use.only_asks = use.reads && footprint.only_weighs_balance(Access::Ask);
    use.only_asks_most = use.reads && footprint.only_weighs_balance(Access::AskMost);
    return use;
}

// `payer`: one more that pays.
std::set<std::uint32_t> common_purses(const Footprint& a, const Footprint& b, std::optional<std::uint32_t> payer = {}) {
    std::set<std::uint32_t> first = a.purses.all(), second = b.purses.all(), common;
    if (payer) second.insert(*payer);
    std::ranges::set_intersection(first, second, std::inserter(common, common.end()));
    return common;
}

// Whether ether that moves in one makes a difference to the other. A payment that reverts everything when it fails was
// made, and is made again with no less ether.
bool ether_allows_later(const Footprint& its, const Footprint& others, Ether ether) {
    const std::set<std::uint32_t> common = common_purses(its, others);
    const EtherUse visitor = use_of(its, common), rest = use_of(others, common);
    if (ether != Ether::Covered) {
        if (rest.sends && visitor.receives && (ether == Ether::Nothing || rest.sends_soft)) return false;
        if (rest.sends_soft && visitor.sends) return false;
    }
    // What is enough although somebody was paid is enough before that.
    const bool only_pays = visitor.sends && !visitor.receives && !visitor.reads;
    if (only_pays && rest.only_asks) return true;
    // Ether may be forced in behind it, and would have to come later, too.
    return !(rest.reads && (visitor.moves() || visitor.reads)) && !(visitor.reads && rest.sends);
}
bool ether_allows_earlier(const Footprint& its, const CallSite& site, Ether ether) {
    const std::set<std::uint32_t> common =
        common_purses(its, site.before, site.pays ? std::optional(site.purse) : std::nullopt);
    const EtherUse visitor = use_of(its, common), begun = use_of(site.before, common);
    const bool pays = site.pays && common.contains(site.purse);
    if (ether != Ether::Covered) {
        if (visitor.sends && begun.receives && (ether == Ether::Nothing || visitor.sends_soft)) return false;
        if (visitor.receives && begun.sends_soft) return false;
        if (visitor.sends_soft && (begun.sends || pays)) return false;
    }
    const bool only_pays = visitor.sends && !visitor.receives && !visitor.reads;
    // There was at most so much before somebody was paid, and less behind it.
    if (only_pays && begun.only_asks_most) return true;
    if (begun.reads && (visitor.moves() || visitor.reads)) return false;
    return !(visitor.reads && (begun.moves() || pays));
}
// The same of two visitors, of which the second came after the first and is to come before it.
bool ether_allows_swap(const Footprint& one, const Footprint& other, Ether ether) {
    const std::set<std::uint32_t> common = common_purses(one, other);
    const EtherUse first = use_of(one, common), second = use_of(other, common);
    if (ether != Ether::Covered) {
        if (first.receives && second.sends && (ether == Ether::Nothing || second.sends_soft)) return false;
        // Ether that was forced in between comes first together with who saw it.
        if (first.sends_soft && (second.moves() || second.reads)) return false;
        if (second.sends_soft && first.moves()) return false;
    }
    if (first.reads && (second.moves() || second.reads)) return false;
    return !(second.reads && first.moves());
}

bool reads_code(const Footprint& footprint) { return footprint.accesses.contains({code_area(), Access::Read}); }
bool asks_for_code(const Footprint& footprint) {
    return reads_code(footprint) || footprint.accesses.contains({code_area(), Access::Ask});
}

bool calls_others(const Footprint& footprint) {
    return std::ranges::any_of(footprint.accesses,
                               [](const auto& each) { return each.first.is_outside() && !only_reads(each.second); });
}

// `allows`: whether ether allows the other order, if that is taken for granted.
template <class Allows>
Fit fit_with_ether(Fit fit, const Allows& allows) {
    if (allows(Ether::Nothing)) return fit;
    if (allows(Ether::AtHand)) return std::min(fit, Fit::IfAtHand);
    return allows(Ether::Covered) ? std::min(fit, Fit::IfCovered) : Fit::No;
}

// The footprint of another contract of the kind leaves out what it does outside, which may have an order with what others do
// there.
Fit fit_of_guests(const Visitor& first, const Visitor& second, const std::set<Area>& lost) {
    const Footprint &a = first.footprint, &b = second.footprint;
    const auto touches_outside = [](const Visitor& each) {
        const auto is_out = [](const auto& access) {
            return access.first.is_outside() || access.first.kind == Area::Kind::Code;
        };
        return each.is_outside || each.footprint.reads_balance() || std::ranges::any_of(each.footprint.accesses, is_out);
    };
    if ((first.is_outside && touches_outside(second)) || (second.is_outside && touches_outside(first))) return Fit::No;
    if (both_look_outside(a, b)) return Fit::No;
    // The first one may have paid the other contract of the kind what that pays on.
    const bool may_fund = second.is_outside && a.sends && b.sends;
    return fit_with_ether(fit_of_swap(a, b, lost), [&](Ether ether) {
        const bool is_funded = may_fund && ether != Ether::Covered && (ether == Ether::Nothing || b.sends_soft);
        return !is_funded && ether_allows_swap(a, b, ether);
    });
}

// Whether all guests find a direction if what is less sure than `least` does not count. Who cannot come first comes later,
// and with it whoever came after it and cannot come past it.
bool is_found(const std::vector<Stop>& stops, Fit least) {
    std::vector<std::vector<bool>> is_later(stops.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open;
    const auto move_later = [&](std::uint32_t stop, std::uint32_t guest) {
        if (stops[stop].guests[guest].later < least) return false;
        is_later[stop][guest] = true;
        open.emplace_back(stop, guest);
        return true;
    };
    for (std::uint32_t i = 0; i < stops.size(); ++i) {
        is_later[i].resize(stops[i].guests.size());
        for (std::uint32_t k = 0; k < stops[i].guests.size(); ++k)
            if (stops[i].guests[k].earlier < least && !move_later(i, k)) return false;
    }
    while (!open.empty()) {
        const auto [stop, guest] = open.back();
        open.pop_back();
        std::set<std::uint32_t> behind = stops[stop].following;
        behind.insert(stop);  // several may come during one call
        const Visitor& first = stops[stop].guests[guest].visitor;
        for (const std::uint32_t i : behind)
            for (std::uint32_t k = 0; k < stops[i].guests.size(); ++k)
                if (!is_later[i][k] && fit_of_guests(first, stops[i].guests[k].visitor, stops[i].lost) < least &&
                    !move_later(i, k))
                    return false;
    }
    return true;
}

}  // namespace

bool asks_owners(const Footprint& footprint) {
    return std::ranges::any_of(footprint.accesses, [](const auto& each) { return each.first.kind == Area::Kind::Owners; });
}

bool asks_others(const Footprint& footprint) {
    return std::ranges::any_of(footprint.accesses, [](const auto& each) {
        return each.first.kind == Area::Kind::World && each.second == Access::Read;
    });
}

bool asks_for_tokens(const Footprint& footprint) {
    return std::ranges::any_of(footprint.accesses, [](const auto& each) {
        return each.first.kind == Area::Kind::Tokens && only_reads(each.second);
    });
}

bool acts_on_others(const Footprint& footprint) {
    return footprint.makes_tokens || std::ranges::any_of(footprint.accesses, [](const auto& each) {
               const bool is_that = each.first.kind == Area::Kind::World || each.first.kind == Area::Kind::Receivers;
               return is_that && !only_reads(each.second);
           });
}

// What strangers change outside while control is theirs lies between the two, and neither order repeats it.
bool both_look_outside(const Footprint& first, const Footprint& second) {
    const auto asks = [](const Footprint& each) { return asks_others(each) || asks_owners(each) || asks_for_tokens(each); };
    // That an account has code stays so: who found no more than that finds it later, too.
    return (asks(first) && asks(second)) || (reads_code(first) && asks_for_code(second));
}

bool has_moved_tokens(const CallSite& site) { return site.moves == Access::Subtract; }
bool will_move_tokens(const CallSite& site) { return site.moves == Access::Add; }

namespace {

// Who is credited before all is taken is paid at once, and owed nothing afterwards: nobody may look at what is owed behind that,
// but to credit more, or to take it.
bool leaves_less_owed(const Footprint& credits, const Footprint& begun, const Footprint& others) {
    return std::ranges::any_of(begun.accesses, [&](const auto& taken) {
        if (taken.second != Access::Take) return false;
        const auto is_it = [&](const auto& each) { return overlap(each.first, taken.first); };
        const auto looks = [&](const auto& each) {
            return is_it(each) && each.second != Access::Add && each.second != Access::Take;
        };
        return std::ranges::any_of(credits.accesses, is_it) && std::ranges::any_of(others.accesses, looks);
    });
}

}  // namespace

Guest guest_at(const Visitor& visitor, const CallSite& site, const std::vector<Visitor>& all) {
    const Footprint& its = visitor.footprint;
    // What is called may be half done with its own work: nobody may look at it then. Owners of tokens that are one of a kind
    // are told only after a transfer, and how many there are changes at one instant of it. Who only looks around, and lets
    // others act meanwhile, keeps no promise, and has no work of which anybody relies on the order.
    const bool may_work = site.has_data && !site.only_looks;
    const bool looks = may_work && asks_others(its), sees_the_owner = may_work && asks_owners(its);
    const bool counts = may_work && !site.only_asks && asks_for_tokens(its);
    const bool sees_the_new = site.creates && (asks_for_code(its) || its.asks_for_caller);
    // The address of a new contract depends on how many were made before.
    const bool is_elder = site.creates && calls_others(its);
    Guest guest{visitor};
    guest.later = guest.earlier = Fit::No;
    if (!looks && !sees_the_new && (!counts || has_moved_tokens(site)) && !both_look_outside(its, site.after))
        guest.later = fit_with_ether(fit_of_swap(its, site.after),
                                     [&](Ether ether) { return ether_allows_later(its, site.after, ether); });
    if (!looks && !sees_the_owner && (!counts || will_move_tokens(site)) && !is_elder &&
        !both_look_outside(site.before, its))
        guest.earlier = fit_with_ether(fit_of_swap(site.before, its),
                                       [&](Ether ether) { return ether_allows_earlier(its, site, ether); });
    if (leaves_less_owed(its, site.before, site.after) ||
        std::ranges::any_of(all, [&](const Visitor& other) { return leaves_less_owed(its, site.before, other.footprint); }))
        guest.earlier = Fit::No;
    return guest;
}

namespace {

bool change_places(const std::vector<Stop>& stops, bool (Footprint::*does)() const, bool Stop::*entry_does) {
    bool is_any = false, is_none_late = true, is_none_early = true, is_beside = false;
    for (const Stop& stop : stops)
        for (const Guest& each : stop.guests) {
            const bool moves = (each.visitor.footprint.*does)();
            is_any |= moves;
            is_beside |= moves && stop.*entry_does;
            is_none_late &= each.later == Fit::Yes;
            is_none_early &= each.earlier == Fit::Yes;
        }
    return is_beside || (is_any && !is_none_late && !is_none_early);
}

}  // namespace

namespace {

// Whether the one does this and the other that at places that may be the same.
bool meet(const Footprint& one, Access does, const Footprint& other, Access others_do) {
    return std::ranges::any_of(one.accesses, [&](const auto& mine) {
        return mine.second == does && std::ranges::any_of(other.accesses, [&](const auto& theirs) {
                   return theirs.second == others_do && overlap(mine.first, theirs.first);
               });
    });
}

bool meet_at_any(const std::vector<CallSite>& sites, const std::vector<Stop>& stops, const auto& meets) {
    for (std::size_t i = 0; i < sites.size(); ++i)
        for (const Guest& each : stops[i].guests)
            if (meets(sites[i], each.visitor.footprint)) return true;
    return false;
}

}  // namespace

bool lists_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops) {
    return meet_at_any(sites, stops, [](const CallSite& site, const Footprint& its) {
        return meet(its, Access::Append, site.before, Access::Append) ||
               meet(its, Access::Append, site.after, Access::Append);
    });
}

bool records_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops) {
    const auto leaves_out = [](const Stop& each) { return std::ranges::any_of(each.dropped.accesses, only_leaves); };
    if (std::ranges::any_of(stops, leaves_out)) return true;
    return meet_at_any(sites, stops, [](const CallSite& site, const Footprint& its) {
        return meet(its, Access::Leave, site.before, Access::Leave) || meet(its, Access::Leave, site.after, Access::Leave);
    });
}

bool numbers_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops) {
    return meet_at_any(sites, stops, [](const CallSite& site, const Footprint& its) {
        return meet(its, Access::Number, site.before, Access::Number) ||
               meet(its, Access::Number, site.after, Access::Number);
    });
}

bool takings_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops) {
    return meet_at_any(sites, stops, [](const CallSite& site, const Footprint& its) {
        return meet(its, Access::Take, site.after, Access::Add) || meet(its, Access::Add, site.before, Access::Take);
    });
}

bool loans_are_used(const std::vector<CallSite>& sites, const std::vector<Stop>& stops) {
    return meet_at_any(sites, stops, [](const CallSite& site, const Footprint& its) {
        return meet(its, Access::Subtract, site.before, Access::Lend);
    });
}

bool tokens_change_places(const std::vector<Stop>& stops) {
    return change_places(stops, &Footprint::moves_tokens, &Stop::moves_tokens);
}

bool receivers_change_places(const std::vector<Stop>& stops) {
    const auto pass_each_other = [](const Stop& stop) {
        return std::ranges::any_of(stop.guests, [&](const Guest& each) {
            const Footprint& its = each.visitor.footprint;
            return (stop.tells_receivers && its.moves_tokens()) || (stop.moves_tokens && its.tells_receivers());
        });
    };
    return change_places(stops, &Footprint::tells_receivers, &Stop::tells_receivers) ||
           std::ranges::any_of(stops, pass_each_other);
}

std::optional<Fit> directions_of(const std::vector<Stop>& stops) {
    for (const Fit least : {Fit::Yes, Fit::IfNoSumOverflows, Fit::IfAtHand, Fit::IfCovered})
        if (is_found(stops, least)) return least;
    return std::nullopt;
}

// Who only brings ether, and writes what the entry overwrites unseen, leaves what ether leaves that is forced in.
void drop_what_is_lost(const std::vector<CallSite>& sites, std::vector<Stop>& stops) {
    std::vector<std::vector<Visitor>> kept(stops.size());
    for (std::size_t i = 0; i < stops.size(); ++i) {
        std::set<std::uint32_t> seeing = stops[i].following;
        seeing.insert(static_cast<std::uint32_t>(i));
        const auto is_any = [&](const auto& visits) {
            return std::ranges::any_of(seeing,
                                       [&](std::uint32_t at) { return std::ranges::any_of(stops[at].visitors, visits); });
        };
        // Who adds sees whether the sum fits, which is so of every order of sums, but not after another write.
        const auto is_seen = [&](const Area& place) {
            return is_any([&](const Visitor& each) { return each.footprint.looks_at(place); }) ||
                   (is_any([&](const Visitor& each) { return each.footprint.adds_to(place); }) &&
                    is_any([&](const Visitor& each) { return each.footprint.overwrites(place); }));
        };
        for (const Area& place : sites[i].overwritten)
            if (!is_seen(place)) stops[i].lost.insert(place);
        for (const Visitor& each : stops[i].visitors) {
            const bool is_lost =
                !each.is_outside && !each.footprint.sends &&
                std::ranges::all_of(each.footprint.accesses, [&](const auto& access) {
                    return only_reads(access.second) || only_leaves(access) || stops[i].lost.contains(access.first);
                });
            if (!is_lost) kept[i].push_back(each);
            else
                for (const std::uint32_t at : seeing) stops[at].dropped.add(each.footprint);
        }
    }
    for (std::size_t i = 0; i < stops.size(); ++i) stops[i].visitors = std::move(kept[i]);
}

}  // namespace interlock::analyzer::prover
