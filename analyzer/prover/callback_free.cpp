#include "analyzer/prover/callback_free.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/callback_proof.hpp"
#include "analyzer/prover/counted_numbers.hpp"
#include "analyzer/prover/directories.hpp"
#include "analyzer/prover/guarded_sums.hpp"
#include "analyzer/prover/modules.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/owners_code.hpp"
#include "analyzer/prover/plain_clears.hpp"
#include "analyzer/prover/plain_conditions.hpp"
#include "analyzer/prover/plain_counts.hpp"
#include "analyzer/prover/plain_guards.hpp"
#include "analyzer/prover/plain_reads.hpp"
#include "analyzer/prover/plain_tokens.hpp"
#include "analyzer/prover/proxies.hpp"
#include "analyzer/prover/struct_copies.hpp"
#include "analyzer/prover/taken_in.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

namespace prover {

namespace {

// Whether somebody outside may ask the contract what it asks others.
bool passes_answers_on(const ir::Contract& contract) {
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& each = contract.functions[i];
        if (each.is_entry && !each.returns.empty() && !calls_nobody(contract, i)) return true;
    }
    return false;
}

// Tokens of the scope that may be taken for others, of which there is no source: they call nobody of the sources.
std::vector<std::size_t> plain_tokens(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                      const OfOthers& scope) {
    std::vector<std::size_t> tokens;
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (i == subject || !scope.views.contains(contracts[i]) || !is_plain_token(*contracts[i])) continue;
        const Callees callees = callees_of(*contracts[i]);
        const auto is_called = [&](const ir::Contract* other) {
            return !other->is_interface && other != contracts[i] &&
                   std::ranges::any_of(other->functions, [&](const ir::Function& each) {
                       return each.is_entry && callees.may_be(each.selector);
                   });
        };
        if (std::ranges::none_of(contracts, is_called)) tokens.push_back(i);
    }
    return tokens;
}

// In a scope of its own choice, the smallest under which it holds; who may ask in the middle of a call, and tells nobody, is
// looked at as well, if nothing else stands in the way, and tokens may do no more than tokens of which there is no source.
CallbackFreedom prove_one(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                          const lang::Sources& sources, const Deadline& deadline, OfOthers& others,
                          bool runs_elsewhere = false) {
    CallbackFreedom result = prove_in_scope(contracts, subject, sources, deadline, others, {runs_elsewhere, {}, {}, false});
    const auto holds = [&](const ScopeChoice& choice, const auto& is_enough) {
        OfOthers of_more;
        CallbackFreedom more = prove_in_scope(contracts, subject, sources, deadline, of_more, choice);
        if (!more.is_proved() || !is_enough(of_more)) return false;
        others = std::move(of_more);
        result = std::move(more);
        return true;
    };
    const auto is_proof = [](const OfOthers&) { return true; };
    if (result.is_proved()) return result;
    // Who tells what it asks must not be told anything odd.
    const auto tell_nothing_odd = [&](const OfOthers& scope) {
        return std::ranges::all_of(others.askers, [&](std::size_t asker) {
            if (!passes_answers_on(*contracts[asker])) return true;
            const auto views = scope.views.find(contracts[asker]);
            return views != scope.views.end() && !views->second.torn && views->second.blocked_by.empty();
        });
    };
    const bool is_only_asked = !others.askers.empty() && result.blocked_by.size() == others.askers.size();
    if (is_only_asked && holds({runs_elsewhere, others.askers, {}, false}, tell_nothing_odd)) return result;
    const std::vector<std::size_t> tokens = plain_tokens(contracts, subject, others);
    if (!tokens.empty() && holds({runs_elsewhere, {}, tokens, false}, is_proof)) {
        for (const std::size_t token : tokens)
            result.assumptions.push_back(assumed(Assumed::Gifts, contracts[subject]->name, contracts[token]->name));
        return result;
    }
    if (!others.may_trust) return result;
    OfOthers of_trusting;
    CallbackFreedom trusting =
        prove_in_scope(contracts, subject, sources, deadline, of_trusting, {runs_elsewhere, {}, {}, true});
    if (trusting.is_proved()) others = std::move(of_trusting);
    // Where it is not proved, what stands in the way of those that trust more is to be mended first.
    return trusting;
}

// The same of a contract that does the same, but for what only views read.
std::optional<CallbackFreedom> prove_changed(std::vector<const ir::Contract*> contracts, std::size_t subject,
                                             const ir::Contract& changed, const std::vector<std::string>& left_out,
                                             const lang::Sources& sources, const Deadline& deadline, OfOthers& others,
                                             bool runs_elsewhere) {
    const ir::Contract* original = std::exchange(contracts[subject], &changed);
    OfOthers of_others;
    CallbackFreedom result = prove_one(contracts, subject, sources, deadline, of_others, runs_elsewhere);
    if (!result.is_proved()) return std::nullopt;
    if (!left_out.empty())
        result.assumptions.push_back(
            assumed(Assumed::Directories, fmt::format("{}", fmt::join(left_out, "`, `")), original->name));
    of_others.views.erase(&changed);
    of_others.views[original].blocked_by = "the proof looks at the contract in another form";
    others = std::move(of_others);
    return result;
}

// The same, where need be without what the contract keeps for views alone, and as if it did all by itself that it has internal
// functions do.
CallbackFreedom prove_freely(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                             const lang::Sources& sources, const Deadline& deadline, OfOthers& others,
                             bool runs_elsewhere = false) {
    CallbackFreedom result = prove_one(contracts, subject, sources, deadline, others, runs_elsewhere);
    if (result.is_proved()) return result;
    try {
        if (const auto without = without_directories(contracts, subject, deadline, runs_elsewhere))
            if (auto proof = prove_changed(contracts, subject, without->contract, without->names, sources, deadline, others,
                                           runs_elsewhere))
                return std::move(*proof);
        std::vector<const ir::Contract*> changed = contracts;
        const ir::Contract taken = with_plain_guards(with_plain_conditions(with_calls_taken_in(*contracts[subject])));
        changed[subject] = &taken;
        const ir::Contract live = without_dead_ways(changed, subject, deadline, runs_elsewhere);
        changed[subject] = &live;
        const auto without = without_directories(changed, subject, deadline, runs_elsewhere);
        const std::vector<std::string> left_out = without ? without->names : std::vector<std::string>{};
        const auto proves = [&](const ir::Contract& plain) {
            changed[subject] = &plain;
            const WithoutDirectories noteless = without_notes(changed, subject, deadline, runs_elsewhere);
            std::vector<std::string> names = left_out;
            names.insert(names.end(), noteless.names.begin(), noteless.names.end());
            auto proof =
                prove_changed(contracts, subject, noteless.contract, names, sources, deadline, others, runs_elsewhere);
            if (proof) result = std::move(*proof);
            return proof.has_value();
        };
        const ir::Contract plain = with_plain_reads(without ? without->contract : live);
        if (proves(plain)) return result;
        changed[subject] = &plain;
        if (const auto counted = with_counted_numbers(changed, subject, deadline, runs_elsewhere))
            if (proves(with_plain_reads(*counted))) return result;
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {}
    return result;
}

// Whether there is something to ask, and somebody who could.
bool has_views_and_calls(const ir::Contract& contract) {
    if (contract.is_interface || contract.is_library || contract.is_opaque) return false;
    const auto is_asked = [](const ir::Function& each) {
        return each.is_entry && each.mutability == ir::Mutability::View && !each.returns.empty();
    };
    const auto calls = [](const ir::Function& each) {
        return std::ranges::any_of(
            each.blocks, [](const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; });
    };
    return std::ranges::any_of(contract.functions, is_asked) && std::ranges::any_of(contract.functions, calls);
}

// What all proofs say of the views of one contract: others that call it may wait for strangers between two of these calls.
ViewsProof views_of(const ir::Contract& contract, bool is_free, const std::vector<OfOthers>& proofs) {
    ViewsProof all{has_views_and_calls(contract), {}, is_free ? "" : "the contract is not callback-free"};
    for (const OfOthers& proof : proofs) {
        const auto found = proof.views.find(&contract);
        if (found == proof.views.end()) continue;
        if (!all.torn) all.torn = found->second.torn;
        if (all.blocked_by.empty()) all.blocked_by = found->second.blocked_by;
    }
    return all;
}

// Whether strangers can write where a proxy keeps whose code it runs, by that code.
bool may_replace_code(const std::vector<const ir::Contract*>& contracts, std::size_t code, const Deadline& deadline,
                      const std::set<ir::Word>& slots) {
    try {
        const ScopeOfProof scope = scope_of(contracts, code, deadline, {true, {}, {}, false});
        return std::ranges::any_of(entries_of(scope.code), [&](const Entry& entry) {
            if (entry.contract != 0 || scope.code.starters.contains(entry)) return false;
            const Flow flow(scope.code, entry, Flow::Caller::Stranger, {}, nothing_survives);
            return std::ranges::any_of(slots, [&](const ir::Word& slot) {
                return flow.footprint().writes({Area::Kind::Slots, 0, 0, {}, slot, {}, 0, 32});
            });
        });
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {}
    return true;
}

// Whether strangers can write where a router finds what it runs.
bool may_change_modules(const std::vector<const ir::Contract*>& contracts, std::size_t router, const Deadline& deadline) {
    try {
        const ScopeOfProof scope = scope_of(contracts, router, deadline, {});
        const std::vector<Entry> entries = entries_of(scope.code);
        std::set<Area> found;
        for (const Entry& entry : entries) {
            if (entry.contract != 0 || scope.code.function(entry).kind != ir::FunctionKind::Fallback) continue;
            const Flow flow(scope.code, entry, Flow::Caller::Anybody, {}, nothing_survives);
            for (const auto& [area, access] : flow.undone().accesses) found.insert(area);
        }
        return std::ranges::any_of(entries, [&](const Entry& entry) {
            const Flow flow(scope.code, entry, Flow::Caller::Stranger, {}, nothing_survives);
            return flow.succeeds() && std::ranges::any_of(found, [&](const Area& each) {
                       return each.kind != Area::Kind::Immutable && flow.footprint().writes(each);
                   });
        });
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {}
    return true;
}

// What a router and its modules do, it does as if it had all their functions.
std::optional<CallbackFreedom> prove_by_modules(const std::vector<const ir::Contract*>& contracts, std::size_t router,
                                                const lang::Sources& sources, const Deadline& deadline) {
    if (!routes_to_modules(*contracts[router])) return std::nullopt;
    const std::vector<std::size_t> modules = modules_of(contracts, router);
    std::vector<const ir::Contract*> of_it, others;
    for (const std::size_t each : modules) of_it.push_back(contracts[each]);
    const auto whole = modules.empty() ? std::nullopt : with_modules(*contracts[router], of_it);
    if (!whole) return std::nullopt;
    others.push_back(&*whole);
    for (std::size_t i = 0; i < contracts.size(); ++i)
        if (i != router && std::ranges::find(modules, i) == modules.end()) others.push_back(contracts[i]);
    OfOthers of_others;
    CallbackFreedom behind = prove_freely(others, 0, sources, deadline, of_others);
    if (!behind.is_proved() || !of_others.privileged.empty() || may_change_modules(others, 0, deadline)) return std::nullopt;
    std::vector<std::string> names;
    for (const ir::Contract* each : of_it) names.push_back(fmt::format("`{}`", each->name));
    behind.assumptions.push_back(
        assumed(Assumed::Modules, contracts[router]->name, fmt::format("{}", fmt::join(names, ", "))));
    return behind;
}

// Whether strangers can change what a proxy runs by functions of its own, or anything but slots that no variable lies in.
bool may_be_managed(const ir::Contract& proxy, const Deadline& deadline) {
    const auto manager = manager_of(proxy);
    if (!manager) return false;
    constexpr unsigned bits_of_variables = 64;
    const auto is_apart = [](const Area& area) {
        return area.is_one_number() && vm::bit_length(area.slot) > bits_of_variables;
    };
    try {
        const ScopeOfProof scope = scope_of({&*manager}, 0, deadline, {});
        return std::ranges::any_of(entries_of(scope.code), [&](const Entry& entry) {
            if (only_views(scope.code.function(entry))) return false;
            if (Flow(scope.code, entry, Flow::Caller::Stranger, {}, nothing_survives).succeeds()) return true;
            const Flow flow(scope.code, entry, Flow::Caller::Anybody, {}, nothing_survives);
            return std::ranges::any_of(flow.footprint().accesses,
                                       [&](const auto& each) { return !only_reads(each.second) && !is_apart(each.first); });
        });
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {}
    return true;
}

// Whose owner has code run as the contract's own, as if that did nothing: it is hers, who knows what she has run.
std::optional<CallbackFreedom> prove_without_owners_code(std::vector<const ir::Contract*> contracts, std::size_t subject,
                                                         const lang::Sources& sources, const Deadline& deadline) {
    try {
        const auto without = without_owners_code(contracts, subject, deadline);
        if (!without) return std::nullopt;
        const std::string& name = contracts[subject]->name;
        contracts[subject] = &without->contract;
        OfOthers of_others;
        CallbackFreedom proof = prove_freely(contracts, subject, sources, deadline, of_others);
        if (!proof.is_proved() || !of_others.privileged.empty()) return std::nullopt;
        for (const std::string& each : without->functions)
            proof.assumptions.push_back(assumed(Assumed::OwnersCode, each, name));
        return proof;
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {}
    return std::nullopt;
}

// What only runs the code of another contract does what that does, with storage of its own, which is zero at first.
std::optional<CallbackFreedom> prove_by_code_behind(const std::vector<const ir::Contract*>& contracts, std::size_t proxy,
                                                    const lang::Sources& sources, const Deadline& deadline) {
    const auto code = only_delegates(*contracts[proxy]) ? code_behind(contracts, proxy) : std::nullopt;
    if (!code || keeps_what_it_makes(*contracts[*code])) return std::nullopt;
    // The proxy stands in the place of its code, for which others may have rights.
    std::vector<const ir::Contract*> others = contracts;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(proxy));
    OfOthers of_others;
    const std::size_t its_place = *code - (*code > proxy ? 1 : 0);
    CallbackFreedom behind = prove_freely(others, its_place, sources, deadline, of_others, true);
    if (!behind.is_proved() || !of_others.privileged.empty()) return std::nullopt;
    if (may_replace_code(others, its_place, deadline, *slots_of_code(*contracts[proxy]))) return std::nullopt;
    if (may_be_managed(*contracts[proxy], deadline)) return std::nullopt;
    const std::string &its = contracts[*code]->name, &name = contracts[proxy]->name;
    behind.reasons = {fmt::format("it only runs the code of `{}`, with storage of its own", its)};
    behind.assumptions.push_back(assumed(Assumed::CodeBehind, name, its));
    return behind;
}

}  // namespace

}  // namespace prover

std::vector<CallbackFreedom> prove_callback_freedom(const std::vector<const lang::ir::Contract*>& given,
                                                    const lang::Sources& sources, const Deadline& deadline) {
    std::deque<lang::ir::Contract> changed;
    std::vector<const lang::ir::Contract*> contracts;
    for (const lang::ir::Contract* each : given) {
        changed.push_back(prover::with_plain_counts(prover::with_plain_guards(prover::with_plain_conditions(
            prover::with_guarded_sums(prover::with_plain_clears(prover::without_struct_copies(*each)))))));
        contracts.push_back(&changed.back());
    }
    std::vector<CallbackFreedom> results(contracts.size());
    std::vector<prover::OfOthers> others(contracts.size());
    const auto opaque = std::ranges::find_if(contracts, &lang::ir::Contract::is_opaque);
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (contracts[i]->is_library && prover::calls_nobody(*contracts[i]))
            results[i].reasons.push_back("it calls nobody, and runs in the calls of whoever uses it");
        else if (contracts[i]->is_interface || contracts[i]->is_library)
            results[i].blocked_by.push_back({"it is not deployed alone", contracts[i]->range});
        else if (opaque != contracts.end())
            results[i].blocked_by.push_back(
                {fmt::format("`{}` is bytecode, of which nothing is proved", (*opaque)->name), contracts[i]->range});
        else results[i] = prover::prove_freely(contracts, i, sources, deadline, others[i]);
    }
    for (std::size_t i = 0; i < contracts.size(); ++i)
        if (!results[i].is_proved())
            if (auto behind = prover::prove_by_code_behind(contracts, i, sources, deadline)) results[i] = std::move(*behind);
    for (std::size_t i = 0; i < contracts.size(); ++i)
        if (!results[i].is_proved())
            if (auto whole = prover::prove_by_modules(contracts, i, sources, deadline)) results[i] = std::move(*whole);
    for (std::size_t i = 0; i < contracts.size(); ++i)
        if (!results[i].is_proved())
            if (auto proof = prover::prove_without_owners_code(contracts, i, sources, deadline))
                results[i] = std::move(*proof);
    // A contract relies on those that have rights in it.
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < contracts.size(); ++i) {
            if (!results[i].is_proved()) continue;
            const auto rely = [&](const std::vector<std::size_t>& those, const char* sentence) {
                const auto open = std::ranges::find_if(those, [&](std::size_t each) { return !results[each].is_proved(); });
                if (open == those.end()) return;
                results[i].blocked_by.push_back(
                    {fmt::format(fmt::runtime(sentence), contracts[*open]->name), contracts[i]->range});
                changed = true;
            };
            rely(others[i].privileged, "`{}`, which has rights in it, is not proved");
            rely(others[i].tokens, "`{}`, a token that it may move, is not proved");
        }
    }
    for (std::size_t i = 0; i < contracts.size(); ++i)
        results[i].views = prover::views_of(*contracts[i], results[i].is_proved(), others);
    return results;
}

std::vector<CallbackFreedom> prove_callback_freedom(const lang::Compilation& compilation,
                                                    const std::set<std::uint32_t>& without, const Deadline& deadline) {
    std::vector<const lang::ir::Contract*> contracts;
    for (std::uint32_t i = 0; i < compilation.artifacts.size(); ++i)
        if (!without.contains(i)) contracts.push_back(compilation.artifacts[i].whole.get());
    for (const auto& each : compilation.codeless)
        if (each->is_interface) contracts.push_back(each.get());
    std::vector<CallbackFreedom> proved = prove_callback_freedom(contracts, *compilation.sources, deadline), all;
    for (std::uint32_t i = 0, next = 0; i < compilation.artifacts.size(); ++i) {
        if (!without.contains(i)) all.push_back(std::move(proved[next++]));
        else all.emplace_back().blocked_by.push_back({"it was left out", compilation.artifacts[i].ir->range});
    }
    return all;
}

}  // namespace interlock::analyzer
