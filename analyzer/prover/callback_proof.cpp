#include "analyzer/prover/callback_proof.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/asked_views.hpp"
#include "analyzer/prover/directions.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/modules.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/proxies.hpp"

namespace interlock::analyzer::prover {

namespace {

class CallbackProof {
  public:
    CallbackProof(const CodeInScope& code, const lang::Sources& sources)
        : code_(code), owned_(known_to_owners(code)), sources_(sources) {}

    CallbackFreedom run() {
        std::vector<Entry> entries = entries_of(code_);
        for (const Entry& entry : entries)
            if (!only_views(code_.function(entry))) check_in_parts(entry);
        if (result_.blocked_by.empty() && result_.reasons.empty())
            result_.reasons.push_back("no call lets anybody call back");
        return std::move(result_);
    }

    [[nodiscard]] const AskedViews& views() const { return views_; }

  private:
    // Who makes several calls in one may as well make them one after the other.
    void check_in_parts(Entry entry) {
        const auto before = std::pair{result_, views_};
        check_entry(entry);
        const bool is_blocked = result_.blocked_by.size() != before.first.blocked_by.size();
        if (!is_blocked || !code_.scripts.contains(entry)) return;
        std::tie(result_, views_) = before;
        const ir::Function& function = code_.function(entry);
        result_.reasons.push_back(function.name + ": it only makes calls that its caller can make one after the other");
        assume(assumed(Assumed::Scripts, function.name));
    }

    void check_entry(Entry entry) {
        const ir::Function& function = code_.function(entry);
        visitors_ = &strangers_;
        const Flow::Caller usual = stranger_at(code_, entry);
        try {
            const bool is_for_role_only =
                usual == Flow::Caller::Stranger && !strangers_.alone(entry, Flow::Caller::Stranger, {}).succeeds();
            const bool is_for_owner_only =
                is_for_role_only && !Flow(owned_, entry, stranger_at(owned_, entry), {}, nothing_survives).succeeds();
            // Who was only named in a constructor may be after the others' money, and is called in here.
            if (is_for_role_only && !is_for_owner_only) visitors_ = &all_but_owners_;
            check_calls(entry, is_for_owner_only);
        } catch (const NotCovered& hole) {
            result_.blocked_by.push_back(
                {fmt::format("{}: {} at {} is not covered", function.name, hole.what, location_of(sources_, hole.range)),
                 hole.range});
        }
        visitors_ = &strangers_;
    }

    // Without a key, and else with the first under which it holds: the sender, one of the arguments, a hash that it makes, or a
    // number that it gets.
    void check_calls(Entry entry, bool is_for_owner_only) {
        const auto now = [this] { return std::pair{result_, views_}; };
        const auto before = now();
        const auto holds = [&](std::optional<ir::TypeKind> kind, const Keys& keys) {
            std::tie(result_, views_) = before;
            visitors_->key_kind = kind;
            check_calls(entry, is_for_owner_only, keys);
            visitors_->key_kind.reset();
            return result_.blocked_by.size() == before.first.blocked_by.size();
        };
        if (holds({}, {})) return;
        auto failed = now();  // where the least stands in the way
        const auto note_failure = [&] {
            if (result_.blocked_by.size() <= failed.first.blocked_by.size()) failed = now();
        };
        for (const ir::TypeKind kind : {ir::TypeKind::Address, ir::TypeKind::Uint, ir::TypeKind::FixedBytes}) {
            for (const std::size_t word : words_of(code_.function(entry), kind)) {
                Keys keys;
                set_key(keys, word, Key::This);
                if (holds(kind, keys)) return;
                note_failure();
            }
        }
        for (const ir::Instruction* hash : hashes_of(*code_.contracts.at(entry.contract), code_.function(entry)))
            for (const ir::TypeKind kind : {ir::TypeKind::FixedBytes, ir::TypeKind::Uint}) {
                Keys keys;
                keys.hashes = {{hash, Key::This}};
                if (holds(kind, keys)) return;
                note_failure();
            }
        for (const Counter& counter : counters_of(entry)) {
            Keys keys;
            keys.own = counter;
            if (holds(ir::TypeKind::Uint, keys)) return;
        }
        std::tie(result_, views_) = failed;
    }

    // Counters of which the entry may get a number.
    [[nodiscard]] std::set<Counter> counters_of(const Entry& entry) const {
        const ir::Contract& contract = *code_.contracts.at(entry.contract);
        std::set<Counter> counters;
        for (const ir::Function& function : contract.functions)
            for (const FreshValue& each : fresh_values(contract, function)) {
                const Area counter = area_of(contract, entry.contract, {each.counter, {}});
                if (code_.rising.contains(counter)) counters.insert({counter, each.is_after});
            }
        return counters;
    }

    void check_calls(Entry entry, bool is_for_owner_only, const Keys& keys) {
        const ir::Function& function = code_.function(entry);
        const Flow flow(
            code_, entry, Flow::Caller::Anybody, {},
            [this](const Facts& facts, Gas gas, const std::set<Entry>& hits, const std::set<Counter>& given) {
                return visitors_->survivors(facts, gas, hits, given);
            },
            keys);
        if (!flow.succeeds()) return;
        if (keys.own && !flow.takes_own_number())
            return block(function, function.range, "it may take several numbers, or none");
        if (!flow.hashed_again().empty()) return block(function, function.range, "it may hash several times");
        visitors_->take_for_granted(flow, entry);
        std::vector<CallSite> sites = flow.sites(strangers_.alone(entry, Flow::Caller::Stranger, {}).succeeds(), true);
        std::vector<Stop> stops(sites.size());
        for (std::size_t i = 0; i < sites.size(); ++i) {
            stops[i].following = sites[i].later;
            if (!sites[i].only_asks && !is_quiet(sites[i], is_for_owner_only))
                stops[i].visitors = visitors_of(sites[i], flow);
        }
        drop_what_is_lost(sites, stops);
        if (flow.relies_on_returns() && !sites.empty())
            assume(assumed(Assumed::Returns, function.name, code_.contracts[entry.contract]->name));
        const std::size_t obstacles = result_.blocked_by.size();
        for (std::size_t i = 0; i < sites.size(); ++i) check_site(entry, flow, sites[i], is_for_owner_only, i, stops);
        if (result_.blocked_by.size() != obstacles) return;
        const std::optional<Fit> directions = directions_of(stops);
        if (!directions)
            return block(function, function.range,
                         "of what strangers do during its calls, some had to come first, and what they did before, last");
        if (lists_change_places(sites, stops)) assume(assumed(Assumed::OrderOfLists, code_.contracts[entry.contract]->name));
        if (records_change_places(sites, stops)) assume(assumed(Assumed::Records, code_.contracts[entry.contract]->name));
        if (numbers_change_places(sites, stops))
            assume(assumed(Assumed::NumbersAlike, code_.contracts[entry.contract]->name));
        if (takings_change_places(sites, stops)) assume(assumed(Assumed::TakenAgain, code_.contracts[entry.contract]->name));
        if (tokens_change_places(stops)) assume(assumed(Assumed::Tokens));
        if (receivers_change_places(stops)) assume(assumed(Assumed::ToldInOrder));
        if (*directions <= Fit::IfNoSumOverflows) assume(assumed(Assumed::NoSumOverflows));
        if (*directions <= Fit::IfAtHand) assume(assumed(Assumed::AtHand, function.name));
        if (loans_are_used(sites, stops)) assume(assumed(Assumed::Lent, function.name));
        if (*directions <= Fit::IfCovered) assume(assumed(Assumed::Covered, function.name));
        views_.move_out(function, stops, *directions);
    }

    // Whether only the owner is paid there, or called what he names, or an account that stands in the source is paid.
    [[nodiscard]] bool is_quiet(const CallSite& site, bool is_for_owner_only) const {
        return site.written_out || ((site.is_named || only_asks_outside(site)) && is_for_owner_only) ||
               (site.is_of_role && code_.owners.contains(site.role) && is_for_owner_only);
    }

    // Of contracts of the scope it is known what they do when they are asked.
    static bool only_asks_outside(const CallSite& site) { return site.only_looks && site.hits.empty(); }

    std::vector<Visitor> visitors_of(const CallSite& site, const Flow& flow) {
        std::vector<Visitor> all = visitors_->at(site.held, site.gas, site.given);
        if (site.gas != Gas::Stipend) visitors_->add_offspring(flow, all);
        // Who adds to a counter that never falls, and has to be as it was, undoes everything.
        std::erase_if(all, [&](const Visitor& each) {
            return std::ranges::any_of(site.unchanged, [&](const Area& area) {
                return each.counted.contains(area) && visitors_->never_falls(area);
            });
        });
        return all;
    }

    void check_site(Entry entry, const Flow& flow, CallSite& site, bool is_for_owner_only, std::size_t number,
                    std::vector<Stop>& stops) {
        Stop& stop = stops[number];
        const ir::Function& function = code_.function(entry);
        if (site.written_out) {
            const std::string name = vm::to_hex(vm::to_address(*site.written_out).bytes);
            note(function, site.range, fmt::format("only `{}`, which stands in the source, is paid", name));
            return assume(assumed(Assumed::WrittenOut, name));
        }
        if (only_asks_outside(site) && is_for_owner_only) {
            note(function, site.range, "only the owner can call it, and asks somebody");
            return assume(assumed(Assumed::Looks, fmt::format("whom the owner asks in `{}`", function.name)));
        }
        if (site.is_named && is_for_owner_only) {
            note(function, site.range, "only the owner can call it, and says who is called there");
            return assume(assumed(Assumed::Named, function.name, code_.contracts[entry.contract]->name));
        }
        if (is_quiet(site, is_for_owner_only)) {
            const std::string name = name_of(*code_.contracts.at(site.role.contract), site.role);
            note(function, site.range, fmt::format("only `{}` can call it, and is paid", name));
            assume(assumed(Assumed::QuietOwner, name, code_.contracts.at(site.role.contract)->name));
            return;
        }
        visitors_->rely_on(flow);
        if (site.only_asks) {
            visitors_->expand(site.before, site.hits_before, flow.survives_hits(), flow.heeds_answers());
            visitors_->expand(site.after, site.hits_after, flow.survives_hits(), flow.heeds_answers());
            return views_.ask(site, flow, stop, *visitors_);
        }
        const std::set<Entry> open = visitors_->calling(site.hits);
        visitors_->expand(site.before, site.hits_before, flow.survives_hits(), flow.heeds_answers());
        visitors_->expand(site.before, open, flow.survives_hits(), flow.heeds_answers());
        visitors_->expand(site.after, site.hits_after, flow.survives_hits(), flow.heeds_answers());
        visitors_->add_what_waits(site, open, flow.heeds_answers());
        const std::vector<Visitor>& all = stop.visitors;
        if (site.gas != Gas::Any) assume(assumed(Assumed::StipendOfCallee));
        if (site.is_in_round && !all.empty()) assume(assumed(Assumed::Parts, function.name));
        if (site.is_counted && !all.empty()) assume(assumed(Assumed::Records, code_.contracts[entry.contract]->name));
        std::vector<Visitor> at_once_or_later = all;
        for (const std::uint32_t later : stop.following)
            if (later != number) std::ranges::copy(stops[later].visitors, std::back_inserter(at_once_or_later));
        for (const Visitor& each : all) stop.guests.push_back(guest_at(each, site, at_once_or_later));
        const bool is_owner_asked =
            std::ranges::any_of(all, [](const Visitor& each) { return asks_owners(each.footprint); });
        if (site.has_data && is_owner_asked) assume(assumed(Assumed::ToldAfterwards));
        const bool is_counted =
            std::ranges::any_of(all, [](const Visitor& each) { return asks_for_tokens(each.footprint); });
        if (site.has_data && is_counted) assume(assumed(Assumed::MovedAtOnce));
        stop.tells_receivers = site.before.tells_receivers() || site.after.tells_receivers();
        stop.moves_tokens = site.before.moves_tokens() || site.after.moves_tokens();
        views_.ask(site, flow, stop, *visitors_);
        const bool is_balance_seen =
            std::ranges::any_of(all, [](const Visitor& each) { return each.footprint.reads_balance(); });
        // The stipend does not pay for selfdestruct.
        if (site.gas != Gas::Stipend && is_balance_seen) {
            if (site.after.sends_soft) assume(assumed(Assumed::Covered, function.name));
            else if (site.after.sends) assume(assumed(Assumed::AtHand, function.name));
        }
        // Whoever fails to pay, and goes on, would be paid behind ether that was forced in after it.
        const bool may_fail_to_pay = std::ranges::any_of(all, [](const Visitor& each) { return each.footprint.sends_soft; });
        if (site.gas != Gas::Stipend && may_fail_to_pay && site.after.sends) assume(assumed(Assumed::AtHand, function.name));
        if (site.gas != Gas::Stipend && (asks_others(site.before) || site.before.counts_others) &&
            acts_on_others(site.after))
            block(function, site.range, "what others do in contracts that are not looked at here changes what follows");
        std::set<Area> asked_twice;
        std::ranges::set_intersection(site.asked_before, site.asked_after, std::inserter(asked_twice, asked_twice.end()));
        for (const Area& each : asked_twice)
            block(function, site.range,
                  fmt::format("`{}` is asked before it and behind it", name_of(*code_.contracts.at(each.contract), each)));
        if (all.empty())
            return note(function, site.range,
                        site.gas == Gas::Stipend ? "2,300 gas change nothing" : "nothing that writes can be entered there");
        const auto all_fit = [&](Fit Guest::*direction) {
            return std::ranges::all_of(stop.guests, [&](const Guest& each) { return each.*direction != Fit::No; });
        };
        if (all_fit(&Guest::later))
            return note(function, site.range, "what can be entered there might as well come afterwards");
        if (all_fit(&Guest::earlier))
            return note(function, site.range, "what can be entered there might as well have come before");
        const auto stuck = std::ranges::find_if(
            stop.guests, [](const Guest& each) { return each.later == Fit::No && each.earlier == Fit::No; });
        if (stuck == stop.guests.end())
            return note(function, site.range,
                        "some of what can be entered there might as well have come before, and the rest afterwards");
        const Visitor* late = &stuck->visitor;
        const Area* area = conflict(late->footprint, site.after);
        const ir::Function& visitor = code_.function(late->entry);
        if ((asks_others(late->footprint) || asks_for_tokens(late->footprint)) &&
            (site.has_data || both_look_outside(late->footprint, site.after)))
            return block(function, site.range,
                         fmt::format("{}, which can be called there, asks other contracts", visitor.name));
        block(function, site.range,
              area
                  ? fmt::format("what follows concerns {}, as does {}, which can be called there",
                                name_of(*code_.contracts.at(area->contract), *area), visitor.name)
                  : fmt::format("what follows depends on the balance, as does {}, which can be called there", visitor.name));
    }

    void block(const ir::Function& function, lang::SourceRange range, const std::string& why) {
        Obstacle obstacle{fmt::format("{}, call at {}: {}", function.name, location_of(sources_, range), why), range};
        if (std::ranges::find(result_.blocked_by, obstacle) == result_.blocked_by.end())
            result_.blocked_by.push_back(std::move(obstacle));
    }
    void note(const ir::Function& function, lang::SourceRange range, const std::string& why) {
        std::string text = fmt::format("{}, call at {}: {}", function.name, location_of(sources_, range), why);
        if (std::ranges::find(result_.reasons, text) == result_.reasons.end()) result_.reasons.push_back(std::move(text));
    }
    void assume(std::string what) {
        if (std::ranges::find(result_.assumptions, what) == result_.assumptions.end())
            result_.assumptions.push_back(std::move(what));
    }

    const CodeInScope& code_;
    CodeInScope owned_;  // the same, where only owners are known
    const lang::Sources& sources_;
    Visitors strangers_{code_, [this](const std::string& what) { assume(what); }};
    Visitors all_but_owners_{owned_, [this](const std::string& what) { assume(what); }};
    Visitors* visitors_ = &strangers_;  // who may call back in the entry that is looked at
    AskedViews views_{code_, sources_};
    CallbackFreedom result_;
};

// Whether the contract may act by itself, and so ask somebody.
bool may_ask(const ir::Contract& contract) { return !contract.is_interface && !only_delegates(contract); }

}  // namespace

CallbackFreedom prove_in_scope(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                               const lang::Sources& sources, const Deadline& deadline, OfOthers& others,
                               const ScopeChoice& choice) {
    CallbackFreedom result;
    const ir::Contract& contract = *contracts[subject];
    try {
        const ScopeOfProof scope = scope_of(contracts, subject, deadline, choice);
        others.privileged = privileged_callers(scope.code, contracts);
        others.tokens = choice.without;
        CallbackProof proof(scope.code, sources);
        result = proof.run();
        others.may_trust = scope.code.calls_trusted;
        const AskedViews& views = proof.views();
        for (std::uint32_t i = 0; i < scope.code.contracts.size(); ++i) {
            ViewsProof& of_kind = others.views[scope.code.contracts[i]];
            of_kind.is_of_any = true;
            if (!of_kind.torn) of_kind.torn = views.torn_of(i);
            if (of_kind.blocked_by.empty()) of_kind.blocked_by = views.open_of(i);
        }
        result.assumptions.insert(result.assumptions.end(), scope.assumptions.begin(), scope.assumptions.end());
        const auto is_outside = [&](const ir::Contract* each) {
            return may_ask(*each) && std::ranges::find(scope.code.contracts, each) == scope.code.contracts.end();
        };
        // What one asks, another one may hear of.
        const std::set<std::string> seen = views.seen_by([&](std::uint32_t selector) {
            return std::ranges::any_of(contracts, [&](const ir::Contract* each) {
                return is_outside(each) && callees_of(*each, routes_to_modules(*each)).may_be(selector);
            });
        });
        for (std::size_t other = 0; other < contracts.size(); ++other) {
            // What the modules of a router ask, they ask by themselves.
            const Callees callees = callees_of(*contracts[other], routes_to_modules(*contracts[other]));
            std::set<std::string> names = views.asked_by([&](std::uint32_t selector) { return callees.may_be(selector); });
            std::erase_if(names, [&](const std::string& name) { return !seen.contains(name); });
            if (!is_outside(contracts[other]) || names.empty()) continue;
            others.askers.push_back(other);
            result.blocked_by.push_back(
                {fmt::format("`{}` may ask {} in the middle of a call", contracts[other]->name, fmt::join(names, ", ")),
                 contract.range});
        }
        result.assumptions.insert(result.assumptions.begin(), {assumed(Assumed::OwnCode), assumed(Assumed::NoCollisions)});
        const auto rely_on_nobody_asking = [&](Assumed what, const std::set<std::string>& names) {
            if (!result.is_proved() || names.empty()) return;
            result.assumptions.push_back(assumed(what, contract.name, fmt::format("{}", fmt::join(names, ", "))));
        };
        rely_on_nobody_asking(Assumed::OddViews, views.odd());
        rely_on_nobody_asking(Assumed::MixedViews, views.mixed());
    } catch (const NotCovered& hole) {
        result.blocked_by.push_back(
            {fmt::format("{} at {} is not covered", hole.what, location_of(sources, hole.range)), hole.range});
    } catch (const OutOfTime&) {
        result.blocked_by.push_back({"the time for the proof ran out", contract.range});
    }
    return result;
}

}  // namespace interlock::analyzer::prover
