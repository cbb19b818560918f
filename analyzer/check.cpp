#include "analyzer/check.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "analyzer/explorer/explorer.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "analyzer/report/warnings.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/system.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

class Checker {
  public:
    Checker(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options)
        : compilation_(std::move(compilation)), options_(options), deadline_(options.timeout_seconds, options.stop) {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i)
            properties_.push_back(properties_of(*compilation_->artifacts[i].ir, *compilation_->sources));
    }

    Report run() {
        const auto began = std::chrono::steady_clock::now();
        report_.bounds = options_.bounds;
        report_.fork = options_.fork;
        // Most attacks are found at once, and most proofs are; what neither decides gets the rest of the time.
        search_all(quick_share, is_quick);
        prove_all();
        if (!is_all_decided() && (is_theft_open() || has_open_invariant())) search_all(1, false);
        report_.is_interrupted = deadline_.is_interrupted();
        judge_all();
        report_.warnings = warnings_.all(report_);
        report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return std::move(report_);
    }

  private:
    const ir::Contract& contract(ArtifactIndex index) const {
        return *compilation_->artifacts[static_cast<std::size_t>(index)].ir;
    }

    bool is_selected(std::uint32_t index) const {
        const auto& names = options_.contracts;
        if (names.empty()) return !is_test_contract(compilation_->artifacts[index]);
        return std::ranges::count(names, compilation_->artifacts[index].name) != 0;
    }

    // Reports progress. `line` makes the text; it is called only if the text is wanted.
    template <class Line>
    void say(const Line& line) {
        constexpr std::chrono::milliseconds interval{100};
        if (!options_.progress) return;
        const auto now = std::chrono::steady_clock::now();
        if (said_ && now - *said_ < interval) return;
        said_ = now;
        options_.progress(line());
    }

    // --- the search ---

    static constexpr bool is_quick = true;
    static constexpr double quick_share = 0.1, proof_share = 0.3;  // of the time

    void search_all(double share, bool quick) {
        SearchStats sum;
        const auto run = [&](const std::set<ArtifactIndex>& off_limits) {
            report_.stats = {};
            search(share, quick, off_limits);
            const std::uint64_t sides = std::max(sum.branches, report_.stats.branches),
                                taken = std::max(sum.branches_taken, report_.stats.branches_taken);
            sum.add(report_.stats);
            sum.branches = sides;
            sum.branches_taken = taken;
        };
        if (robbed_.empty() || has_open_invariant()) run({});
        // Where a contract is robbed, others that have nothing to do with it may be robbed, too.
        for (std::size_t known = 0; known < robbed_.size() && is_theft_open() && !deadline_.has_passed();) {
            known = robbed_.size();
            run(std::set(robbed_));
        }
        report_.stats = sum;
    }

    // Returns whether there is a contract that might be robbed, and that has nothing to do with those that are.
    bool is_theft_open() const {
        const auto is_apart = [&](std::uint32_t i) {
            const ir::Contract& candidate = contract(ArtifactIndex{i});
            if (candidate.is_interface || candidate.is_library || candidate.is_opaque || !is_selected(i)) return false;
            if (i < freedom_.size() && freedom_[i].is_proved()) return false;
            return std::ranges::none_of(robbed_, [&](ArtifactIndex robbed) {
                return contract(robbed).is_opaque || &contract(robbed) == &candidate ||
                       may_call(contract(robbed), candidate) || may_call(candidate, contract(robbed));
            });
        };
        if (robbed_.empty()) return true;
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i)
            if (is_apart(i)) return true;
        return false;
    }

    void search(double share, bool quick, const std::set<ArtifactIndex>& off_limits) {
        SearchBounds bounds = options_.bounds;
        const Deadline deadline = bounds.is_counted ? deadline_ : deadline_.within(options_.timeout_seconds * share);
        if (roots_.empty()) {
            auto systems = infer_systems(compilation_, {options_.contracts, options_.fork, options_.setup}, deadline);
            if (auto* why = std::get_if<std::string>(&systems)) {
                not_searched_ = std::move(*why);
                report_.stats.end = SearchEnd::NotSearched;
                return;
            }
            roots_ = std::move(std::get<std::vector<Root>>(systems));
            note_what_is_missing();
            note_bystanders();
        }
        if (quick) {
            bounds.calls = std::min(bounds.calls, 3u);
            bounds.wide_calls = std::min(bounds.wide_calls, 3u);
            bounds.is_guided = false;
        }
        if (bounds.is_counted)
            bounds.macro_steps =
                std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(bounds.macro_steps) * share));
        ExplorerHooks hooks;
        hooks.confirm = [&](Root& root, const Purse& purse, const SuspectedAttack& suspect) {
            return confirm(root.world, purse, suspect);
        };
        hooks.progress = [&](const SearchStats& stats) {
            say([&] { return "searching for attacks: " + std::to_string(stats.macro_steps) + " steps of the VM"; });
        };
        hooks.remark = [&](Root& root, const Remark& remark) { warnings_.add(root.world, remark); };
        hooks.deadline = deadline;
        hooks.is_open = [&](const PropertyId& property) {
            return !attack_on_.contains(property) && !off_limits.contains(property.contract);
        };
        hooks.is_theft_open = robbed_.empty() || !off_limits.empty();
        hooks.off_limits = off_limits;
        std::vector<Root> roots = roots_;
        report_.stats = explore(roots, bounds, hooks);
    }

    // A contract that is part of no system was not searched.
    void note_what_is_missing() {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i) {
            const lang::Artifact& artifact = compilation_->artifacts[i];
            const auto is_it = [&](const DeployedContract& deployed) { return deployed.artifact == &artifact; };
            const auto has_it = [&](const Root& root) { return std::ranges::any_of(root.world.contracts(), is_it); };
            if (artifact.ir->is_library || is_test_contract(artifact) || std::ranges::any_of(roots_, has_it)) continue;
            std::string why = "`" + artifact.name + "` is not part of the system";
            for (const Root& root : roots_)
                if (const auto found = root.missing.find(artifact.identity); found != root.missing.end())
                    why = found->second;
            not_deployed_.emplace(ArtifactIndex{i}, std::move(why));
        }
    }

    void note_bystanders() {
        const World& world = roots_.front().world;
        for (std::uint32_t i = 0; i < world.contracts().size(); ++i)
            if (is_bystander(world, DeployedIndex{i})) report_.left_out.push_back(world.contracts()[i].name);
    }

    // Returns why no attack on the contract was searched for, or an empty text.
    std::string why_not_searched(ArtifactIndex index) const {
        if (!not_searched_.empty()) return not_searched_;
        const auto found = not_deployed_.find(index);
        return found == not_deployed_.end() ? "" : found->second;
    }

    // Returns whether every contract has an attack, or proofs of everything that it states.
    bool is_all_decided() const {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i) {
            if (compilation_->artifacts[i].ir->is_library || !is_selected(i)) continue;
            const auto is_one_decided = [&](const PropertyProof& proof) {
                return proof.status == ProofStatus::Safe || attack_on_.contains({ArtifactIndex{i}, proof.kind, proof.index});
            };
            const bool is_proved = properties_[i].empty()
                                       ? attack_on_.contains(theft_from(ArtifactIndex{i})) || freedom_[i].is_proved()
                                       : std::ranges::all_of(proofs_[i].properties, is_one_decided);
            if (!is_proved) return false;
        }
        return true;
    }

    bool has_open_invariant() const {
        for (std::uint32_t i = 0; i < properties_.size(); ++i)
            if (std::ranges::any_of(properties_[i], [&](const Property& property) {
                    const bool is_searched =
                        property.kind == PropertyKind::Invariant || property.kind == PropertyKind::StrongInvariant;
                    return is_searched && !attack_on_.contains({ArtifactIndex{i}, property.kind, property.index});
                }))
                return true;
        return false;
    }

    // Writes the attack out and replays it on the plain VM. Only the replay's result counts.
    bool confirm(World& world, const Purse& purse, const SuspectedAttack& suspect) {
        Plan plan = suspect.plan;
        drop_what_is_not_needed(world, purse, plan, suspect);
        const ArtifactIndex accused = victim(world, suspect);
        AttackScript script = make_script(world, plan);
        script.compilation = compilation_;
        const PropertyId first = suspect.broken.empty() ? theft_from(accused) : suspect.broken.front();
        script.which = first;
        script.contract = contract(first.contract).name;
        script.property = first.kind == PropertyKind::Theft ? std::string(to_string(first.kind))
                                                            : contract(first.contract).invariants[first.index].label;
        script.kind = suspect.is_reentrant() ? "reentrancy" : "invariant";
        script.id = !suspect.is_reentrant() ? finding_id::plain_violation
                    : suspect.excess        ? finding_id::reentrant_excess
                    : !suspect.has_gain()   ? finding_id::reentrant_violation
                                            : finding_id::reentrant_theft;
        if (suspect.excess) {
            const Ledger& ledger = suspect.excess->ledger;
            script.limit = {world.contract(ledger.contract).name, ledger.view, ledger.selector, suspect.excess->limit};
        }
        auto result = run_script(script);
        Trace* trace = std::get_if<Trace>(&result);
        if (!trace || !gains_as_much(*trace, suspect.gain) || (suspect.excess && !trace->passes_limit())) {
            note_unconfirmed(result);
            return false;
        }
        for (const PropertyId& property : suspect.broken) {
            const auto change = std::ranges::find(trace->invariants, property, &InvariantChange::invariant);
            if (change == trace->invariants.end() || !change->is_broken()) {
                note_unconfirmed(result);
                return false;
            }
        }
        attribute(*trace);
        if (suspect.is_theft()) {
            robbed_.insert(accused);
            attack_on_.emplace(theft_from(accused), report_.attacks.size());
        }
        report_.attacks.push_back(std::move(*trace));
        return true;
    }

    static bool gains_as_much(const Trace& trace, const Wealth& gain) {
        for (std::size_t i = 0; i < gain.size(); ++i) {
            if (gain[i].is_zero()) continue;
            if (i == 0 ? trace.gain < gain[i] : trace.tokens[i - 1].after < trace.tokens[i - 1].before + gain[i])
                return false;
        }
        return true;
    }

    void note_unconfirmed(const std::variant<Trace, std::string>& result) {
        if (!report_.unconfirmed.empty()) return;
        if (const auto* why = std::get_if<std::string>(&result)) {
            report_.unconfirmed = *why;
            return;
        }
        report_.unconfirmed = "the replay ended otherwise";
        for (const TransactionRecord& record : std::get<Trace>(result).transactions)
            if (record.status != "success") {
                report_.unconfirmed =
                    record.transaction.from + "'s transaction to " + record.transaction.to + " ended with " + record.status;
                for (const CallRecord& call : record.recording.calls)
                    if (!call.result.empty()) report_.unconfirmed += " (" + call.function + ": " + call.result + ")";
            }
    }

    // Drops transactions without which the attack works as well.
    void drop_what_is_not_needed(const World& world, const Purse& purse, Plan& plan, const SuspectedAttack& suspect) {
        for (std::size_t i = plan.size(); i-- > 0;) {
            Plan shorter = plan;
            shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
            if (!shorter.empty() && still_harms(world, purse, shorter, suspect, deadline_)) plan = std::move(shorter);
        }
    }

    // Finds the invariants that the next attack in the report stands for. An attack that gains money is preferred to
    // one that only does damage.
    void attribute(const Trace& trace) {
        const std::size_t index = report_.attacks.size();
        for (const InvariantChange& change : trace.invariants) {
            if (!change.is_broken()) continue;
            const auto [known, is_first] = attack_on_.try_emplace(change.invariant, index);
            if (!is_first && trace.has_gain() && !report_.attacks[known->second].has_gain()) known->second = index;
        }
    }

    static PropertyId theft_from(ArtifactIndex contract) { return {contract, PropertyKind::Theft, 0}; }

    // Returns the contract that the attack is about: the first one that she calls or that is called, and that is no
    // part of the environment.
    static ArtifactIndex victim(const World& world, const SuspectedAttack& suspect) {
        for (const DeployedIndex each : suspect.victims)
            if (const auto artifact = world.artifact_of(each)) return *artifact;
        return ArtifactIndex{0};
    }

    // --- the proofs ---

    // If every property has an attack, there is nothing left to prove.
    bool is_decided(std::uint32_t index) const {
        return !properties_[index].empty() && std::ranges::all_of(properties_[index], [&](const Property& property) {
            return attack_on_.contains({ArtifactIndex{index}, property.kind, property.index});
        });
    }

    void prove_all() {
        prove_freedom();
        std::set<std::string> assumptions;
        std::size_t left = compilation_->artifacts.size();
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i, --left) {
            const lang::Artifact& artifact = compilation_->artifacts[i];
            if (is_decided(i) || !is_selected(i)) {
                proofs_.push_back(unproved(*artifact.ir, *compilation_->sources,
                                           {is_selected(i) ? "an attack was found" : "it was not asked for", {}}));
                continue;
            }
            if (artifact.ir->is_opaque) {
                proofs_.push_back(unproved(*artifact.ir, *compilation_->sources, {"only its bytecode is known", {}}));
                continue;
            }
            say([&] { return "proving " + artifact.name; });
            ProverOptions options = options_.prover;
            const double seconds = std::min(deadline_.seconds_left(), options_.timeout_seconds * proof_share);
            options.deadline = deadline_.within(seconds / static_cast<double>(left));
            proofs_.push_back(prove(*artifact.ir, *compilation_->sources, options));
            const ProofReport& proof = proofs_.back();
            report_.facts.insert(report_.facts.end(), proof.facts.begin(), proof.facts.end());
            const auto take = [&](const std::vector<std::string>& more) {
                for (const std::string& assumption : more)
                    if (assumptions.insert(assumption).second) report_.assumptions.push_back(assumption);
            };
            if (properties_[i].empty() && freedom_[i].is_proved()) take(freedom_[i].assumptions);
            if (std::ranges::any_of(proof.properties, [](const auto& p) { return p.status == ProofStatus::Safe; }))
                take(proof.assumptions);
        }
    }

    // Proves that nobody gains by calling back, which no contract has to state.
    void prove_freedom() {
        std::vector<const ir::Contract*> contracts;
        for (const lang::Artifact& artifact : compilation_->artifacts) contracts.push_back(artifact.ir.get());
        const double seconds = std::min(deadline_.seconds_left(), options_.timeout_seconds * quick_share);
        freedom_ = prove_callback_freedom(contracts, *compilation_->sources, deadline_.within(seconds));
    }

    // --- the verdicts ---

    void judge_all() {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i) {
            if (!is_selected(i)) continue;
            const std::size_t first = report_.verdicts.size();
            for (const PropertyProof& proof : proofs_[i].properties)
                report_.verdicts.push_back(judge(ArtifactIndex{i}, proof));
            judge_theft(ArtifactIndex{i}, first);
        }
        drop_unused_attacks();
    }

    PropertyVerdict judge(ArtifactIndex index, const PropertyProof& proof) {
        PropertyVerdict verdict;
        verdict.which = {index, proof.kind, proof.index};
        verdict.contract = contract(index).name;
        verdict.property = proof.property;
        verdict.range = proof.range;
        if (const auto attack = attack_on_.find(verdict.which); attack != attack_on_.end()) {
            if (proof.status == ProofStatus::Safe && !proofs_[static_cast<std::size_t>(index)].assumes)
                report_.contradiction = verdict.contract + "." + proof.property + " is both proved and attacked";
            accuse(verdict, attack->second);
        } else if (proof.status == ProofStatus::Safe) {
            verdict.verdict = Verdict::Safe;
            verdict.id = finding_id::proved;
            verdict.kind = "proved";
        } else {
            const bool was_searched = why_not_searched(index).empty();
            verdict.id = was_searched ? finding_id::not_proved : finding_id::not_searched;
            verdict.kind = was_searched ? "not proved" : "not searched";
            for (const Obstacle& obstacle : proof.blocked_by) verdict.reasons.push_back(obstacle.sentence);
            add_search_reason(verdict);
        }
        return verdict;
    }

    bool is_all_free() const {
        const auto counts = [&](std::size_t i) {
            return !contract(ArtifactIndex(i)).is_interface && !contract(ArtifactIndex(i)).is_library;
        };
        for (std::size_t i = 0; i < freedom_.size(); ++i)
            if (counts(i) && !freedom_[i].is_proved()) return false;
        return !freedom_.empty();
    }

    // Theft is a property of every contract. It is reported only if it happened, or if the contract states no other
    // property.
    void judge_theft(ArtifactIndex index, std::size_t first) {
        PropertyVerdict verdict;
        verdict.which = theft_from(index);
        verdict.contract = contract(index).name;
        verdict.property = to_string(PropertyKind::Theft);
        verdict.range = contract(index).range;
        if (const auto theft = attack_on_.find(verdict.which); theft != attack_on_.end()) {
            const auto is_same = [&](const PropertyVerdict& v) { return v.attack == theft->second; };
            if (std::any_of(report_.verdicts.begin() + static_cast<std::ptrdiff_t>(first), report_.verdicts.end(), is_same))
                return;
            accuse(verdict, theft->second);
            if (is_all_free())
                report_.contradiction = verdict.contract + " is robbed, and every contract is proved callback-free";
        } else {
            if (report_.verdicts.size() != first) return;
            const CallbackFreedom& freedom = freedom_[static_cast<std::size_t>(index)];
            if (freedom.is_proved()) {
                verdict.verdict = Verdict::Safe;
                verdict.id = finding_id::proved;
                verdict.kind = "proved";
                verdict.reasons = freedom.reasons;
                report_.verdicts.push_back(std::move(verdict));
                return;
            }
            const bool was_searched = why_not_searched(index).empty();
            verdict.id = was_searched ? finding_id::nothing_to_prove : finding_id::not_searched;
            verdict.kind = was_searched ? "no attack within bounds" : "not searched";
            const bool is_opaque = contract(index).is_opaque;
            if (!contract(index).is_interface && !is_opaque)
                verdict.reasons.push_back("not callback-free: " + freedom.blocked_by.front().sentence);
            verdict.reasons.push_back(is_opaque ? "nothing is proved of bytecode"
                                                : "no property is stated: write an `invariant` for a proof");
            add_search_reason(verdict);
        }
        report_.verdicts.push_back(std::move(verdict));
    }

    void accuse(PropertyVerdict& verdict, std::size_t attack) const {
        verdict.verdict = Verdict::Exploit;
        verdict.attack = attack;
        verdict.id = report_.attacks[attack].script.id;
        verdict.kind = report_.attacks[attack].script.kind;
    }

    void add_search_reason(PropertyVerdict& verdict) const {
        if (std::string why = why_not_searched(verdict.which.contract); !why.empty()) {
            verdict.reasons.push_back("no attack was searched for: " + why);
            return;
        }
        if (std::string why = search_reason(); !why.empty()) verdict.reasons.push_back(std::move(why));
        if (report_.stats.unconfirmed)
            verdict.reasons.push_back(std::to_string(report_.stats.unconfirmed) +
                                      " suspected attack(s) did not repeat on the plain VM: " + report_.unconfirmed);
    }

    // Returns what kept the search from reaching its bounds, or an empty text.
    std::string search_reason() const {
        const auto stopped = [](const std::string& why) {
            return "the search for attacks stopped " + why + ", before its bounds";
        };
        switch (report_.stats.end) {
            case SearchEnd::Bounds: return "";
            case SearchEnd::States: return stopped("at its limit of " + std::to_string(report_.bounds.states) + " states");
            case SearchEnd::MacroSteps:
                return stopped("at its limit of " + std::to_string(report_.bounds.macro_steps) + " steps of the VM");
            case SearchEnd::Time: return stopped("when its time was up");
            case SearchEnd::Interruption: return "the search for attacks was interrupted";
            case SearchEnd::NotSearched: return "no attack was searched for: " + not_searched_;
        }
        return "";
    }

    // Drops attacks to which no verdict refers.
    void drop_unused_attacks() {
        std::vector<Trace> used;
        std::map<std::size_t, std::size_t> moved;
        for (PropertyVerdict& verdict : report_.verdicts) {
            if (!verdict.attack) continue;
            const auto [at, is_new] = moved.try_emplace(*verdict.attack, used.size());
            if (is_new) used.push_back(std::move(report_.attacks[*verdict.attack]));
            verdict.attack = at->second;
        }
        report_.attacks = std::move(used);
    }

    std::shared_ptr<const lang::Compilation> compilation_;
    const CheckOptions& options_;
    const Deadline deadline_;
    Report report_;
    std::vector<Root> roots_;                        // the systems to search, as they are before any search
    std::vector<std::vector<Property>> properties_;  // by ArtifactIndex; so are the proofs
    std::vector<ProofReport> proofs_;
    std::vector<CallbackFreedom> freedom_;         // by ArtifactIndex
    std::map<PropertyId, std::size_t> attack_on_;  // index into Report::attacks
    std::set<ArtifactIndex> robbed_;               // in whose name there is a theft
    Warnings warnings_;
    std::map<ArtifactIndex, std::string> not_deployed_;  // with the reasons
    std::string not_searched_;                           // the reason, if there was no search
    std::optional<std::chrono::steady_clock::time_point> said_;
};

}  // namespace

bool Report::has_exploit() const {
    return std::any_of(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.verdict == Verdict::Exploit; });
}

bool Report::all_safe() const {
    return std::all_of(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.verdict == Verdict::Safe; });
}

Report check(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options) {
    return Checker(std::move(compilation), options).run();
}

}  // namespace interlock::analyzer
