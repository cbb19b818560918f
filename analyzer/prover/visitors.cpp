#include "analyzer/prover/visitors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/accounts.hpp"

namespace interlock::analyzer::prover {

bool only_views(const ir::Function& function) {
    return function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
}

const Flow& Visitors::alone(Entry entry, Flow::Caller caller, const Facts& facts, const Keys& keys) {
    std::unique_ptr<Flow>& flow = flows_[{entry, caller, facts, keys}];
    if (!flow) flow = std::make_unique<Flow>(code_, entry, caller, facts, nothing_survives, keys);
    take_for_granted(*flow, entry);
    return *flow;
}

const Flow& Visitors::alone_by_key(Entry entry, Flow::Caller caller, const Facts& facts, Keys keys) {
    const Flow& flow = alone(entry, caller, facts, keys);
    if (flow.hashed_again().empty()) return flow;
    for (const ir::Instruction* each : flow.hashed_again()) keys.hashes.erase(each);
    return alone_by_key(entry, caller, facts, std::move(keys));
}

void Visitors::take_for_granted(const Flow& flow, const Entry& entry) {
    const std::string& name = code_.contracts[entry.contract]->name;
    if (flow.relies_on_tellings()) assume_(assumed(Assumed::Tellings, name));
    if (flow.relies_on_enough()) assume_(assumed(Assumed::Enough));
    if (flow.relies_on_receivers()) assume_(assumed(Assumed::Receivers));
    if (flow.relies_on_origin()) assume_(assumed(Assumed::PlainOrigin));
    if (flow.relies_on_code()) assume_(assumed(Assumed::LastingCode));
    if (flow.relies_on_clones()) assume_(assumed(Assumed::Clones, name));
    for (const ir::Word& each : flow.trusted()) assume_(assumed(Assumed::Trusted, vm::to_hex(vm::to_address(each).bytes)));
    for (const Area& each : flow.trusted_roles()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::TrustedRole, name_of(contract, each), contract.name));
    }
    for (const ir::Word& each : flow.known_to_look())
        assume_(assumed(Assumed::Looks, "`" + vm::to_hex(vm::to_address(each).bytes) + "`"));
    for (const Area& each : flow.trusted_to_look()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::Looks, fmt::format("`{}` of `{}`", name_of(contract, each), contract.name)));
    }
    for (const Area& each : flow.trusted_collections()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::Collection, name_of(contract, each), contract.name));
    }
    for (const Area& each : flow.trusted_wallets()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::OwnersWallet, name_of(contract, each), contract.name));
        if (flow.elsewhere().contains(each)) assume_(assumed(Assumed::Elsewhere, name_of(contract, each), contract.name));
    }
    for (const auto& [variable, token] : flow.quiet_tokens()) {
        const ir::Contract& contract = *code_.contracts.at(variable.contract);
        assume_(assumed(Assumed::OneOfKind, fmt::format("`{}` of `{}`", name_of(contract, variable), contract.name), token));
    }
    for (const auto& held : {flow.modules(), flow.trusted_kinds()})
        for (const auto& [variable, kind] : held) {
            const ir::Contract& contract = *code_.contracts.at(variable.contract);
            const std::string where = fmt::format("`{}` of `{}`", name_of(contract, variable), contract.name);
            assume_(assumed(Assumed::OneOfKind, where, code_.contracts.at(kind)->name));
        }
}

// Whether that is so of one of these, or of what they may enter.
bool Visitors::is_of_any(const std::set<Entry>& hits, bool with_told, const std::function<bool(const Flow&)>& is_so) {
    std::vector<Entry> open(hits.begin(), hits.end());
    std::set<Entry> seen;
    while (!open.empty()) {
        const Entry entry = open.back();
        open.pop_back();
        if (!seen.insert(entry).second) continue;
        const Flow& flow = alone(entry, Flow::Caller::Anybody, {});
        if (is_so(flow)) return true;
        open.insert(open.end(), flow.hits().begin(), flow.hits().end());
        if (with_told) open.insert(open.end(), flow.told().begin(), flow.told().end());
    }
    return false;
}

// Whether something in the scope goes on after one of these, or what they may enter, failed.
bool Visitors::are_survived(const std::set<Entry>& hits) { return is_of_any(hits, true, &Flow::survives_hits); }

void Visitors::expand(Footprint& footprint, const std::set<Entry>& hits, bool is_survived, bool heeds, const Facts& facts) {
    const bool uses_facts = !facts.empty() && !is_survived && !are_survived(hits);
    std::vector<Entry> open(hits.begin(), hits.end());
    std::set<Entry> seen;
    bool heeds_below = heeds;
    while (!open.empty()) {
        const Entry entry = open.back();
        open.pop_back();
        if (!seen.insert(entry).second) continue;
        const Flow& flow = alone(entry, Flow::Caller::Anybody, {});
        is_survived |= flow.survives_hits();
        heeds_below |= flow.heeds_answers();
        Footprint part = is_survived ? flow.footprint().survived() : flow.footprint();
        if (is_survived) part.add(flow.undone());
        footprint.add(part.of_sister(entry.contract));  // whoever is called may be another of the kind
        const bool fails = uses_facts && !alone(entry, Flow::Caller::Anybody, facts).succeeds();
        if (!fails) footprint.add(part);
        open.insert(open.end(), flow.hits().begin(), flow.hits().end());
        if (heeds) open.insert(open.end(), flow.told().begin(), flow.told().end());
    }
    if (heeds_below && !heeds) expand(footprint, hits, is_survived, true, facts);
}

std::set<Entry> Visitors::calling(const std::set<Entry>& hits) {
    std::set<Entry> calling;
    for (const Entry& entry : hits)
        if (alone(entry, Flow::Caller::Anybody, {}).calls_out()) calling.insert(entry);
    return calling;
}

bool Visitors::asks(const std::set<Entry>& hits) { return is_of_any(hits, false, &Flow::asks_out); }

void Visitors::add_what_waits(CallSite& site, const std::set<Entry>& entered, bool heeds) {
    std::vector<Entry> open(entered.begin(), entered.end());
    std::set<Entry> seen;
    while (!open.empty()) {
        const Entry entry = open.back();
        open.pop_back();
        if (!seen.insert(entry).second) continue;
        const Flow& flow = alone(entry, Flow::Caller::Anybody, {});
        std::set<Entry> hits;
        for (const CallSite& each : flow.sites(false)) {
            site.after.add(each.after);
            expand(site.after, each.hits_after, flow.survives_hits(), heeds || flow.heeds_answers());
            site.pays |= each.pays;
            site.creates |= each.creates;
            hits.insert(each.hits.begin(), each.hits.end());
        }
        if (hits != flow.hits())
            expand(site.after, {entry}, flow.survives_hits(), heeds);  // views may be asked elsewhere, too
        open.insert(open.end(), hits.begin(), hits.end());
    }
}

bool Visitors::never_falls(const Area& area) {
    if (code_.rising.contains(area)) return true;
    return std::ranges::all_of(entries_of(code_), [&](const Entry& entry) {
        const Flow& flow = alone(entry, Flow::Caller::Anybody, {});
        return !flow.takes_back(area) && std::ranges::all_of(flow.footprint().accesses, [&](const auto& each) {
            const bool only_adds = each.first == area && (each.second == Access::Add || each.second == Access::SmallAdd);
            return only_reads(each.second) || only_adds || !overlap(each.first, area);
        });
    });
}

std::vector<Visitor> Visitors::at(const Facts& facts, Gas gas, const std::set<Counter>& given) {
    std::vector<Visitor> visitors;
    for (const Entry& entry : entries_of(code_)) {
        if (only_views(code_.function(entry)) || code_.scripts.contains(entry) || code_.starters.contains(entry)) continue;
        for (Keys& keys : cases_of(*code_.contracts.at(entry.contract), code_.function(entry), key_kind)) {
            keys.is_inside = true;
            keys.given = given;
            keys.has_little_gas = gas != Gas::Any;
            add_visitor(entry, facts, keys, gas, visitors);
        }
        add_sister(entry, facts, visitors);
    }
    return visitors;
}

void Visitors::add_visitor(Entry entry, const Facts& facts, const Keys& keys, Gas gas, std::vector<Visitor>& visitors) {
    const Flow& flow = alone_by_key(entry, stranger_at(code_, entry), facts, keys);
    if (flow.succeeds()) {
        Visitor visitor{entry, flow.whole_footprint(), flow.counted()};
        if (flow.hits().empty() && flow.told().empty()) visitor.written = flow.written();
        rely_on(flow);
        expand(visitor.footprint, flow, facts);
        // The stipend pays for no write of storage, but for one of transient storage.
        const bool can_pay = gas != Gas::Stipend || std::ranges::any_of(visitor.footprint.accesses, [](const auto& each) {
                                 return !only_reads(each.second) && each.first.is_transient();
                             });
        if (can_pay && visitor.footprint.writes_anything()) visitors.push_back(std::move(visitor));
    }
    if (!flow.succeeds() && stranger_at(code_, entry) == Flow::Caller::Stranger &&
        alone(entry, Flow::Caller::Anybody, facts, keys).succeeds())
        assume_(assumed(Assumed::Rights, code_.contracts[entry.contract]->name));
}

namespace {

bool acts_outside(const Footprint& footprint) {
    const auto is_out = [](const auto& access) {
        return access.first.is_outside() || access.first.kind == Area::Kind::Code;
    };
    return footprint.sends || footprint.receives || footprint.reads_balance() ||
           std::ranges::any_of(footprint.accesses, is_out);
}

}  // namespace

// Another contract of the same kind has its own storage, and may share the contracts that it calls. Those may ask any of the
// kind, as one that adds up what somebody has in several markets does.
void Visitors::add_sister(Entry entry, const Facts& facts, std::vector<Visitor>& visitors) {
    if (code_.contracts.size() == 1) return;
    Facts shared = facts;
    std::erase_if(shared, [&](const auto& fact) {
        const bool is_by_place = fact.second.is_measured_by_place();
        return fact.first.contract == entry.contract || (is_by_place && fact.second.area.contract == entry.contract);
    });
    const bool is_lent = code_.lent.contains(entry);
    const Flow& flow = alone(entry, is_lent ? Flow::Caller::Anybody : Flow::Caller::Sister, shared);
    if (!flow.succeeds()) return;
    Visitor visitor{entry, flow.footprint(), {}};
    const auto is_elsewhere = [&](const auto& each) {
        return !each.first.is_outside() && each.first.kind != Area::Kind::Code && each.first.contract != entry.contract;
    };
    std::erase_if(visitor.footprint.accesses, [&](const auto& each) { return !is_elsewhere(each); });
    Footprint asked;
    expand(asked, flow, facts);
    for (const Entry& its : flow.apart()) {
        const Flow& there = alone(its, Flow::Caller::Anybody, {});
        Footprint beyond = there.footprint();
        std::erase_if(beyond.accesses, [&](const auto& each) { return each.first.contract == its.contract; });
        expand(beyond, there, facts);
        asked.add(beyond);
    }
    // What it does outside is not looked at.
    visitor.is_outside = acts_outside(flow.footprint()) || acts_outside(asked);
    for (const auto& [area, access] : asked.accesses)
        if (is_elsewhere(std::pair{area, access}) || (area.is_of_state() && only_reads(access)))
            visitor.footprint.accesses.emplace(area, access);
    if (is_asked(entry.contract)) visitor.footprint.add(flow.footprint().of_sister(entry.contract));
    if (visitor.footprint.accesses.empty()) return;
    visitors.push_back(std::move(visitor));
}

// Whether somebody of the scope calls contracts of the kind that may be others than the one that is looked at.
bool Visitors::is_asked(std::uint32_t contract) {
    if (const auto known = asked_kinds_.find(contract); known != asked_kinds_.end()) return known->second;
    const bool is_asked = std::ranges::any_of(entries_of(code_), [&](const Entry& entry) {
        return std::ranges::any_of(alone(entry, Flow::Caller::Anybody, {}).hits(),
                                   [&](const Entry& hit) { return hit.contract == contract; });
    });
    return asked_kinds_[contract] = is_asked;
}

// Whoever had an entry make one of the kind may have any part in it, but for that of who made it.
Flow::Caller Visitors::stranger_to_offspring(std::uint32_t kind) const {
    const auto accounts = accounts_of(code_);
    const bool is_for_maker = std::ranges::all_of(accounts, [&](const auto& account) {
        const ir::Contract& contract = *code_.contracts.at(account.first.contract);
        const auto variable = static_cast<std::uint32_t>(account.second - contract.state.data());
        return account.first.contract != kind || !code_.roles.contains(account.first) || holds_creator(contract, variable);
    });
    return is_for_maker && code_.members.empty() ? Flow::Caller::Stranger : Flow::Caller::Anybody;
}

void Visitors::add_offspring(const Flow& flow, std::vector<Visitor>& visitors) {
    const auto& accesses = flow.footprint().accesses;
    for (const Entry& entry : entries_of(code_)) {
        const Area state = state_of_sister(entry.contract);
        const bool is_touched = std::ranges::any_of(accesses, [&](const auto& each) { return overlap(each.first, state); });
        if (!is_touched || only_views(code_.function(entry))) continue;
        const Flow& there = alone(entry, stranger_to_offspring(entry.contract), {});
        if (!there.succeeds() || !there.footprint().changes_anything()) continue;
        Visitor visitor{entry, there.footprint().of_sister(entry.contract), {}};
        visitor.is_outside = acts_outside(there.footprint());
        visitors.push_back(std::move(visitor));
    }
}

void Visitors::rely_on(const Flow& flow) {
    for (const Area& each : flow.oracles()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::SteadyAnswers, name_of(contract, each), contract.name));
    }
    for (const Area& each : flow.elsewhere()) {
        const ir::Contract& contract = *code_.contracts.at(each.contract);
        assume_(assumed(Assumed::Elsewhere, name_of(contract, each), contract.name));
    }
}

namespace {

bool breaks(const Footprint& footprint, const Facts::value_type& fact) {
    return std::ranges::any_of(footprint.accesses, [&](const auto& access) {
        return !only_reads(access.second) && is_broken_by(fact, access.first);
    });
}

// The same of how a number compares with the block's time or number, where all that is written is that.
Known weakened_order(const Visitor& visitor, const Facts::value_type& fact) {
    const auto& [place, known] = fact;
    Known all = known;
    bool is_any = false;
    for (const auto& [written, value] : visitor.written) {
        if (!overlap(written, place)) continue;
        if (written != place || value.kind != Known::Kind::Clock || value.number != known.number) return nothing_known();
        all.word = all.word | ir::Word{equal_order};
        is_any = true;
    }
    const bool tells = is_any && all.word != ir::Word{any_order};
    return tells ? all : nothing_known();
}

// What is known of the place before and after the visitor, if it writes there; nothing if that may be any word.
Known weakened(const Visitor& visitor, const Facts::value_type& fact) {
    const auto& [place, known] = fact;
    if (known.kind == Known::Kind::Timed && known.number < Known::by_place) return weakened_order(visitor, fact);
    const auto is_told = [](const Known& each) {
        return each.kind == Known::Kind::Bits || each.kind == Known::Kind::NotZero;
    };
    if (!is_told(known) || known.is_by_number() || visitor.written.empty()) return nothing_known();
    Known all = known;
    bool is_any = false, is_never_zero = truth_of(known) == true;
    for (const auto& [written, value] : visitor.written) {
        if (!overlap(written, place)) continue;
        all = written == place ? common(all, value) : nothing_known();
        is_never_zero &= written == place && truth_of(value) == true;
        is_any = true;
    }
    if (!is_any) return nothing_known();
    // Of several words, as those of an enum, this tells more than the bits that they have in common.
    if (is_never_zero && truth_of(all) != true) return of_kind(Known::Kind::NotZero);
    return is_told(all) ? all : nothing_known();
}

}  // namespace

Facts Visitors::survivors(Facts facts, Gas gas, const std::set<Entry>& hits, const std::set<Counter>& given) {
    while (true) {
        const std::vector<Visitor> visitors = at(facts, gas, given);
        std::vector<Footprint> all;
        for (const Entry& entry : hits) {
            const Flow& flow = alone(entry, Flow::Caller::Anybody, facts);
            if (!flow.succeeds()) continue;
            expand(all.emplace_back(flow.footprint()), flow, facts);
        }
        bool is_changed = false;
        for (auto fact = facts.begin(); fact != facts.end();) {
            Known known = fact->second;
            const auto is_broken = [&](const Footprint& each) { return breaks(each, *fact); };
            if (std::ranges::any_of(all, is_broken)) known = nothing_known();
            for (const Visitor& each : visitors)
                if (!known.is_nothing() && is_broken(each.footprint)) known = weakened(each, {fact->first, known});
            is_changed |= !(known == fact->second);
            fact->second = known;
            fact = known.is_nothing() ? facts.erase(fact) : std::next(fact);
        }
        if (!is_changed) return facts;
    }
}

}  // namespace interlock::analyzer::prover
