#include "analyzer/check.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "analyzer/attack_log.hpp"
#include "analyzer/bases.hpp"
#include "analyzer/explorer/explorer.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "analyzer/report/warnings.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/crowds.hpp"
#include "analyzer/system/system.hpp"
#include "analyzer/unstated.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

class Checker {
  public:
    Checker(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options)
        : compilation_(std::move(compilation)),
          options_(options),
          deadline_(options.timeout_seconds, options.stop),
          attacks_(compilation_, deadline_) {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i)
            properties_.push_back(properties_of(*compilation_->artifacts[i].ir, *compilation_->sources));
        if (options.contracts.empty()) only_bases_ = only_bases(*compilation_);
        for (const std::uint32_t each : only_bases_) report_.left_out.push_back(compilation_->artifacts[each].name);
    }

    Report run() {
        const auto began = std::chrono::steady_clock::now();
        report_.bounds = options_.bounds;
        report_.fork = options_.fork;
        // Most attacks are found at once, and most proofs are; what neither decides gets the rest of the time.
        search_all(share_of_quick_search(), is_quick);
        prove_all();
        if (!is_all_decided() && (is_theft_open() || has_open_invariant())) search_all(1, false);
        report_.is_interrupted = deadline_.is_interrupted();
        report_.attacks = attacks_.take_attacks();
        report_.unconfirmed = attacks_.unconfirmed();
        judge_all();
        report_.warnings = warnings_.all(report_);
        for (std::uint32_t i = 0; i < proofs_.size(); ++i)
            if (is_selected(i))
                judge_unstated(report_, {ArtifactIndex{i}, contract(ArtifactIndex{i}), freedom_[i], proofs_[i],
                                         report_.is_interrupted});
        std::ranges::stable_sort(report_.warnings, {}, &Warning::id);
        report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return std::move(report_);
    }

  private:
    const ir::Contract& contract(ArtifactIndex index) const {
        return *compilation_->artifacts[static_cast<std::size_t>(index)].ir;
    }

    bool is_selected(std::uint32_t index) const {
        const auto& names = options_.contracts;
        if (names.empty()) return !is_test_contract(compilation_->artifacts[index]) && !only_bases_.contains(index);
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
    static constexpr double quick_share = 0.1, freedom_share = 0.15, proof_share = 0.3;  // of the time

    // Where there is little time, the quick search gets more of it: what it would find the other one finds much later.
    [[nodiscard]] double share_of_quick_search() const {
        constexpr double least_seconds = 2, most = 0.25;
        return std::clamp(least_seconds / std::max(options_.timeout_seconds, least_seconds), quick_share, most);
    }

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
        if (attacks_.robbed().empty() || has_open_invariant()) run({});
        // Where a contract is robbed, others that have nothing to do with it may be robbed, too.
        for (std::size_t known = 0; known < attacks_.robbed().size() && is_theft_open() && !deadline_.has_passed();) {
            known = attacks_.robbed().size();
            run(std::set(attacks_.robbed()));
        }
        report_.stats = sum;
    }

    // Returns whether there is a contract that might be robbed, and that has nothing to do with those that are.
    bool is_theft_open() const {
        const auto is_apart = [&](std::uint32_t i) {
            const ir::Contract& candidate = contract(ArtifactIndex{i});
            if (candidate.is_interface || candidate.is_library || candidate.is_opaque || !is_selected(i)) return false;
            if (i < freedom_.size() && freedom_[i].is_proved()) return false;
            return std::ranges::none_of(attacks_.robbed(), [&](ArtifactIndex robbed) {
                return contract(robbed).is_opaque || &contract(robbed) == &candidate ||
                       may_call(contract(robbed), candidate) || may_call(candidate, contract(robbed));
            });
        };
        if (attacks_.robbed().empty()) return true;
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
        if (!quick && !std::exchange(is_crowd_tried_, true)) add_crowded(deadline);
        if (quick) {
            bounds.calls = std::min(bounds.calls, 3u);
            bounds.wide_calls = std::min(bounds.wide_calls, 3u);
            bounds.is_guided = false;
            bounds.climbs_once = true;
        }
        if (bounds.is_counted)
            bounds.macro_steps =
                std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(bounds.macro_steps) * share));
        ExplorerHooks hooks;
        hooks.confirm = [&](Root& root, const Purse& purse, const SuspectedAttack& suspect) {
            return attacks_.confirm(root.world, purse, suspect);
        };
        hooks.progress = [&](const SearchStats& stats) {
            say([&] { return "searching for attacks: " + std::to_string(stats.macro_steps) + " steps of the VM"; });
        };
        hooks.collude = with_colluder;
        hooks.remark = [&](Root& root, const Remark& remark) { warnings_.add(root.world, remark); };
        hooks.deadline = deadline;
        hooks.is_open = [&](const PropertyId& property) {
            return !attacks_.on(property) && !off_limits.contains(property.contract);
        };
        hooks.is_theft_open = attacks_.robbed().empty() || !off_limits.empty();
        hooks.off_limits = off_limits;
        std::vector<Root> roots = roots_;
        report_.stats = explore(roots, bounds, hooks);
    }

    void add_crowded(const Deadline& deadline) {
        for (std::size_t i = 0; i < roots_.size() && i < most_crowds_tried && !deadline.has_passed(); ++i)
            if (auto more = crowded(roots_[i], deadline)) {
                roots_.insert(roots_.end() - 1, std::move(*more));  // the last one has the fewest contracts
                return;
            }
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
                return proof.status == ProofStatus::Safe || attacks_.on({ArtifactIndex{i}, proof.kind, proof.index});
            };
            const bool is_proved = properties_[i].empty()
                                       ? attacks_.on(theft_from(ArtifactIndex{i})) || freedom_[i].is_proved()
                                       : std::ranges::all_of(proofs_[i].properties, is_one_decided);
            if (!is_proved || has_open_question(i)) return false;
        }
        return true;
    }

    bool has_open_invariant() const {
        for (std::uint32_t i = 0; i < properties_.size(); ++i)
            if (std::ranges::any_of(
                    properties_[i],
                    [&](const Property& property) {
                        const bool is_searched =
                            property.kind == PropertyKind::Invariant || property.kind == PropertyKind::StrongInvariant;
                        return is_searched && !attacks_.on({ArtifactIndex{i}, property.kind, property.index});
                    }) ||
                has_open_question(i))
                return true;
        return false;
    }

    [[nodiscard]] bool has_open_question(std::uint32_t index) const {
        return std::ranges::any_of(asked_invariants_of(contract(ArtifactIndex{index})), [&](const Property& property) {
            return !attacks_.on({ArtifactIndex{index}, property.kind, property.index});
        });
    }

    // --- the proofs ---

    // If every property has an attack, there is nothing left to prove.
    bool is_decided(std::uint32_t index) const {
        return !properties_[index].empty() && std::ranges::all_of(properties_[index], [&](const Property& property) {
            return attacks_.on({ArtifactIndex{index}, property.kind, property.index}).has_value();
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
            options.infers = true;
            proofs_.push_back(prove(*artifact.whole, *compilation_->sources, options));
            const ProofReport& proof = proofs_.back();
            report_.facts.insert(report_.facts.end(), proof.facts.begin(), proof.facts.end());
            for (const FoundInvariant& each : proof.found)
                if (!each.is_solvency && !is_all_said(i)) report_.found.push_back(artifact.name + ": " + sentence_of(each));
            const auto take = [&](const std::vector<std::string>& more) {
                for (const std::string& assumption : more)
                    if (assumptions.insert(assumption).second) report_.assumptions.push_back(assumption);
            };
            if (properties_[i].empty() && freedom_[i].is_proved()) take(freedom_[i].assumptions);
            if (std::ranges::any_of(proof.properties, [](const auto& p) { return p.status == ProofStatus::Safe; }))
                take(proof.assumptions);
        }
    }

    // Nothing is stated that was found might help with.
    bool is_all_said(std::uint32_t index) const { return properties_[index].empty() && freedom_[index].is_proved(); }

    // Proves that nobody gains by calling back, which no contract has to state.
    void prove_freedom() {
        const double seconds = std::min(deadline_.seconds_left(), options_.timeout_seconds * freedom_share);
        freedom_ = prove_callback_freedom(*compilation_, only_bases_, deadline_.within(seconds));
    }

    // --- the verdicts ---

    void judge_all() {
        for (std::uint32_t i = 0; i < compilation_->artifacts.size(); ++i) {
            if (!is_selected(i)) continue;
            const std::size_t first = report_.verdicts.size();
            for (const PropertyProof& proof : proofs_[i].properties)
                report_.verdicts.push_back(judge(ArtifactIndex{i}, proof));
            judge_theft(ArtifactIndex{i}, first);
            for (const Property& property : asked_invariants_of(contract(ArtifactIndex{i})))
                report_.verdicts.push_back(judge(ArtifactIndex{i}, by_asking(property)));
        }
        drop_unused_attacks();
    }

    PropertyVerdict judge(ArtifactIndex index, const PropertyProof& proof) {
        PropertyVerdict verdict;
        verdict.which = {index, proof.kind, proof.index};
        verdict.contract = contract(index).name;
        verdict.property = proof.property;
        verdict.range = proof.range;
        if (const auto attack = attacks_.on(verdict.which)) {
            if (proof.status == ProofStatus::Safe && !proofs_[static_cast<std::size_t>(index)].assumes)
                report_.contradiction = verdict.contract + "." + proof.property + " is both proved and attacked";
            accuse(verdict, *attack);
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

    static PropertyProof by_asking(const Property& property) {
        PropertyProof proof;
        proof.kind = property.kind;
        proof.index = property.index;
        proof.property = property.label;
        proof.range = property.range;
        proof.blocked_by.push_back({"what a function answers is not proved", property.range});
        return proof;
    }

    bool is_all_free() const {
        const auto counts = [&](std::size_t i) {
            return !contract(ArtifactIndex(i)).is_interface && !contract(ArtifactIndex(i)).is_library &&
                   !only_bases_.contains(static_cast<std::uint32_t>(i));
        };
        for (std::size_t i = 0; i < freedom_.size(); ++i)
            if (counts(i) && !freedom_[i].is_proved()) return false;
        return !freedom_.empty();
    }

    // Whether it is a library that others here run as their own code.
    bool is_taken_in(const ir::Contract& library) const {
        return library.is_library && std::ranges::any_of(compilation_->artifacts, [&](const lang::Artifact& each) {
                   return std::ranges::find(each.ir->libraries, library.qualified_name) != each.ir->libraries.end();
               });
    }

    // Theft is a property of every contract. It is reported only if it happened, or if the contract states no other
    // property.
    void judge_theft(ArtifactIndex index, std::size_t first) {
        PropertyVerdict verdict;
        verdict.which = theft_from(index);
        verdict.contract = contract(index).name;
        verdict.property = to_string(PropertyKind::Theft);
        verdict.range = contract(index).range;
        if (const auto theft = attacks_.on(verdict.which)) {
            const auto is_same = [&](const PropertyVerdict& v) { return v.attack == *theft; };
            if (std::any_of(report_.verdicts.begin() + static_cast<std::ptrdiff_t>(first), report_.verdicts.end(), is_same))
                return;
            accuse(verdict, *theft);
            if (is_all_free())
                report_.contradiction = verdict.contract + " is robbed, and every contract is proved callback-free";
        } else {
            if (report_.verdicts.size() != first || is_taken_in(contract(index))) return;
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
    std::vector<Root> roots_;                            // the systems to search, as they are before any search
    std::vector<std::vector<Property>> properties_;      // by ArtifactIndex; so are the proofs
    static constexpr std::size_t most_crowds_tried = 8;  // of roots
    bool is_crowd_tried_ = false;
    std::set<std::uint32_t> only_bases_;  // artifacts of which nothing is said by themselves
    std::vector<ProofReport> proofs_;
    std::vector<CallbackFreedom> freedom_;  // by ArtifactIndex
    AttackLog attacks_;
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
    return std::all_of(verdicts.begin(), verdicts.end(),
                       [](const auto& v) { return v.verdict == Verdict::Safe || v.which.kind == PropertyKind::Views; });
}

Report check(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options) {
    return Checker(std::move(compilation), options).run();
}

}  // namespace interlock::analyzer
