#include "analyzer/prover/asked_views.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace interlock::analyzer::prover {

namespace {

bool moves_before(const CallSite& site) { return site.before.sends || site.before.receives || site.pays; }

bool counts_tokens(const Footprint& seen, const CallSite& site) {
    return site.has_data && !site.only_asks && asks_for_tokens(seen);
}
bool is_as_before(const Footprint& seen, const CallSite& site) {
    return !conflict(seen, site.before) && !(seen.reads_balance() && moves_before(site)) &&
           (!counts_tokens(seen, site) || will_move_tokens(site));
}
bool is_as_after(const Footprint& seen, const CallSite& site) {
    return !conflict(seen, site.after) && !(seen.reads_balance() && site.after.sends) &&
           (!counts_tokens(seen, site) || has_moved_tokens(site));
}

// Whether the view answers yes or no, and all that it sees of what the entry does is a lock: it only says that somebody is
// inside.
bool only_tells_lock(const ir::Function& view, const Footprint& seen, const CallSite& site) {
    if (view.returns.size() != 1 || view.returns[0].type.kind != ir::TypeKind::Bool || seen.reads_balance()) return false;
    return std::ranges::all_of(seen.accesses, [&](const auto& access) {
        const Area& area = access.first;
        return site.held.contains(area) || !(site.before.writes(area) || site.after.writes(area));
    });
}

Guest asked_at(const Entry& view, const Footprint& seen, const CallSite& site, const Stop& stop) {
    Guest guest = guest_at({view, seen, {}}, site);
    // What is lost later on can still be seen here.
    if (conflict(seen, stop.dropped)) guest.later = guest.earlier = Fit::No;
    // Ether that is forced in after it stays before what follows, and comes past no one that looks at the balance.
    const bool is_forced_in = seen.reads_balance() && site.gas != Gas::Stipend;
    if (is_forced_in && site.after.reads_balance()) guest.later = Fit::No;
    if (is_forced_in && site.after.sends_soft) guest.later = std::min(guest.later, Fit::IfCovered);
    return guest;
}

}  // namespace

void AskedViews::ask(const CallSite& at, const Flow& entry, Stop& stop, Visitors& visitors) {
    Footprint whole = entry.footprint();
    visitors.expand(whole, entry);
    CallSite site = at;
    // What is entered there may ask others in the middle of its own work.
    if (!at.only_asks && visitors.asks(at.hits)) {
        visitors.expand(site.before, at.hits, true, true);
        visitors.expand(site.after, at.hits, true, true);
    }
    std::vector<Entry> torn, as_before, as_after;
    for (const Entry& view : entries_of(*code_)) {
        const ir::Function& function = code_->function(view);
        if (!only_views(function)) continue;
        bool is_before = true, is_after = true, is_torn = false;
        for (Keys& keys : cases_of(*code_->contracts.at(view.contract), function, visitors.key_kind)) {
            keys.given = site.given;
            const Flow& flow = visitors.alone_by_key(view, Flow::Caller::Anybody, site.held, keys);
            if (!flow.succeeds()) continue;
            visitors.rely_on(flow);
            Footprint seen = flow.footprint();
            visitors.expand(seen, flow);
            const bool is_after_here = is_as_after(seen, site), is_before_here = is_as_before(seen, site);
            is_after &= is_after_here;
            is_before &= is_before_here;
            is_torn |= conflict(seen, stop.dropped) || (!is_after_here && !is_before_here);
            if (only_tells_lock(function, seen, site)) continue;
            note_if_torn(view, seen, site);
            stop.asked.push_back(asked_at(view, seen, site, stop));
            // The parts of a call that are calls of their own for visitors are none for who asks between them.
            const bool sees_rounds = conflict(seen, whole) || (seen.reads_balance() && (whole.sends || whole.receives));
            if (site.is_in_round && sees_rounds) stop.asked.back().later = stop.asked.back().earlier = Fit::No;
        }
        if (is_torn) torn.push_back(view);
        else {
            if (!is_after) as_before.push_back(view);
            if (!is_before) as_after.push_back(view);
        }
    }
    if (site.only_asks) return;  // who is asked there may answer anything
    odd_ones_.merge(names_of(torn));
    for (const auto& [selector, name] : odd_ones_) odd_.insert(name);
    // Anybody can ask for a balance.
    Mix mix{names_of(as_before), names_of(as_after), site.after.sends, moves_before(site)};
    if ((mix.before.empty() && !mix.is_balance_before) || (mix.after.empty() && !mix.is_balance_after)) return;
    for (const Names& names : {mix.before, mix.after})
        for (const auto& [selector, name] : names) mixed_.insert(name);
    mixes_.push_back(std::move(mix));
}

void AskedViews::move_out(const ir::Function& entry, std::vector<Stop>& stops, Fit directions) {
    std::set<Entry> views;
    for (const Stop& stop : stops)
        for (const Guest& each : stop.asked) views.insert(each.visitor.entry);
    for (const Entry& view : views) {
        bool looks_outside = false;
        std::vector<Stop> with_view = stops;
        for (Stop& stop : with_view)
            for (const Guest& each : stop.asked) {
                if (each.visitor.entry != view) continue;
                const Footprint& seen = each.visitor.footprint;
                looks_outside |= asks_others(seen) || asks_owners(seen) || asks_for_tokens(seen);
                std::erase_if(stop.lost, [&](const Area& place) { return seen.looks_at(place); });
                stop.guests.push_back(each);
            }
        const std::optional<Fit> found = directions_of(with_view);
        if (found && *found >= directions) continue;
        const std::string name = code_->function(view).name;
        open_.emplace(view.contract,
                      looks_outside
                          ? fmt::format("`{}` asks other contracts, also during `{}`", name, entry.name)
                          : fmt::format("no order of the calls may leave what `{}` answers during `{}`", name, entry.name));
    }
}

std::optional<ViewsProof::Torn> AskedViews::torn_of(std::uint32_t contract) const {
    const auto is_its = [&](const auto& torn) { return torn.first.contract == contract; };
    const auto first = std::ranges::find_if(torn_, is_its);
    if (first == torn_.end()) return std::nullopt;
    const auto& [view, torn] = *first;
    const auto others = std::ranges::count_if(torn_, is_its) - 1;
    return ViewsProof::Torn{
        fmt::format("`{}.{}` can be asked during the call at {}, where {}{}", code_->contracts.at(contract)->name,
                    code_->function(view).name, location_of(*sources_, torn.call),
                    torn.written == torn.unwritten
                        ? fmt::format("{} is written and will be written again", torn.written)
                        : fmt::format("{} is as after it and {} still as before", torn.written, torn.unwritten),
                    others == 0   ? ""
                    : others == 1 ? "; so can another view"
                                  : fmt::format("; so can {} other views", others)),
        torn.call};
}

std::string AskedViews::open_of(std::uint32_t contract) const {
    const auto found = open_.find(contract);
    return found == open_.end() ? "" : found->second;
}

// What others answer is not known to be half done.
void AskedViews::note_if_torn(const Entry& view, Footprint seen, const CallSite& site) {
    std::erase_if(seen.accesses, [](const auto& access) { return access.first.is_outside(); });
    if (is_as_before(seen, site) || is_as_after(seen, site)) return;
    const auto name = [&](const Area* area) { return area ? name_of_area(*area) : "the balance"; };
    torn_.emplace(view, Torn{site.range, name(conflict(seen, site.before)), name(conflict(seen, site.after))});
}

AskedViews::Names AskedViews::names_of(const std::vector<Entry>& views) const {
    Names names;
    for (const Entry& view : views) names.emplace(code_->function(view).selector, code_->function(view).name);
    return names;
}

std::set<std::string> AskedViews::asked_among(const Names& names, const MayAsk& may_ask) {
    std::set<std::string> asked;
    for (const auto& [selector, name] : names)
        if (may_ask(selector)) asked.insert(name);
    return asked;
}

std::set<std::string> AskedViews::asked_by(const MayAsk& may_ask) const {
    std::set<std::string> asked = asked_among(odd_ones_, may_ask);
    for (const Mix& mix : mixes_)
        for (const Names& names : {mix.before, mix.after}) asked.merge(asked_among(names, may_ask));
    return asked;
}

std::set<std::string> AskedViews::seen_by(const MayAsk& may_ask) const {
    std::set<std::string> seen = asked_among(odd_ones_, may_ask);
    for (const Mix& mix : mixes_) {
        std::set<std::string> before = asked_among(mix.before, may_ask), after = asked_among(mix.after, may_ask);
        const bool is_one = (before.empty() && !mix.is_balance_before) || (after.empty() && !mix.is_balance_after);
        if (is_one) continue;
        seen.merge(before);
        seen.merge(after);
    }
    return seen;
}

std::string AskedViews::name_of_area(const Area& area) const {
    const std::string name = name_of(*code_->contracts.at(area.contract), area);
    return name.find(' ') == std::string::npos ? "`" + name + "`" : name;
}

}  // namespace interlock::analyzer::prover
