#include "analyzer/check.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using Property = std::pair<std::uint32_t, std::uint32_t>;  // contract, invariant

namespace {

class Checker {
  public:
    Checker(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options)
        : compilation_(std::move(compilation)), options_(options) {}

    Report run() {
        const auto began = std::chrono::steady_clock::now();
        report_.bounds = options_.bounds;
        search();
        prove_all();
        judge();
        report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return std::move(report_);
    }

  private:
    void say(const std::string& line) const {
        if (options_.progress) options_.progress(line);
    }

    static bool has_checks(const ir::Contract& contract) {
        for (const ir::Function& function : contract.functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& instruction : block.instructions)
                    if (instruction.op == ir::Op::Check) return true;
        return false;
    }

    // Where every property has its attack there is nothing left to prove.
    bool is_decided(std::uint32_t c) const {
        const ir::Contract& contract = *compilation_->artifacts[c].ir;
        if (contract.invariants.empty() || !contract.clauses.empty() || has_checks(contract)) return false;
        for (std::uint32_t i = 0; i < contract.invariants.size(); ++i)
            if (!attack_on_.contains({c, i})) return false;
        return true;
    }

    // The invariants as properties that nobody tried to prove.
    static ProofReport unproved(const ir::Contract& contract) {
        ProofReport report;
        for (const ir::Invariant& invariant : contract.invariants) {
            PropertyProof proof;
            proof.property = invariant.label;
            proof.kind = invariant.strong ? PropertyKind::StrongInvariant : PropertyKind::Invariant;
            report.properties.push_back(std::move(proof));
        }
        return report;
    }

    void prove_all() {
        std::set<std::string> assumptions;
        for (std::uint32_t c = 0; c < compilation_->artifacts.size(); ++c) {
            const lang::Artifact& artifact = compilation_->artifacts[c];
            if (is_decided(c)) {
                proofs_.push_back(unproved(*artifact.ir));
                continue;
            }
            say("proving " + artifact.name);
            proofs_.push_back(prove(*artifact.ir, *compilation_->sources, options_.prover));
            const ProofReport& proof = proofs_.back();
            report_.facts.insert(report_.facts.end(), proof.facts.begin(), proof.facts.end());
            const bool any_safe = std::any_of(proof.properties.begin(), proof.properties.end(),
                                              [](const PropertyProof& p) { return p.status == ProofStatus::Safe; });
            if (!any_safe) continue;
            for (const std::string& assumption : proof.assumptions)
                if (assumptions.insert(assumption).second) report_.assumptions.push_back(assumption);
        }
    }

    void search() {
        auto world = World::deploy(compilation_);
        if (auto* why = std::get_if<std::string>(&world)) {
            not_searched_ = std::move(*why);
            report_.stats.exhausted = false;
            return;
        }
        const auto began = std::chrono::steady_clock::now();
        ExplorerHooks hooks;
        hooks.confirm = [&](const Candidate& candidate) { return confirm(std::get<World>(world), candidate); };
        hooks.progress = [&](const SearchStats& stats) {
            say("searching for attacks: " + std::to_string(stats.macro_steps) + " steps of the VM");
            const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
            return spent.count() < options_.timeout_seconds;
        };
        report_.stats = explore(std::get<World>(world), options_.bounds, hooks);
    }

    // Writes the attack out and replays it on the plain VM. Only what happens there counts.
    bool confirm(World& world, const Candidate& candidate) {
        Scenario scenario = make_scenario(world, candidate.plan);
        scenario.compilation = compilation_;
        const Property first = candidate.broken.empty() ? Property{victim(candidate), 0} : candidate.broken.front();
        const ir::Contract& contract = *compilation_->artifacts[first.first].ir;
        scenario.contract = contract.name;
        scenario.property = candidate.broken.empty() ? "reentrancy" : contract.invariants[first.second].label;
        scenario.kind = candidate.is_reentrant() ? "reentrancy" : "invariant";
        scenario.id = !candidate.is_reentrant()  ? finding_id::plain_violation
                      : candidate.gain.is_zero() ? finding_id::reentrant_violation
                                                 : finding_id::reentrant_theft;
        auto result = run_scenario(scenario);
        Trace* trace = std::get_if<Trace>(&result);
        if (!trace || trace->gain < candidate.gain) return false;
        for (const Property& property : candidate.broken) {
            const auto change =
                std::find_if(trace->invariants.begin(), trace->invariants.end(), [&](const InvariantChange& c) {
                    return Property{c.contract_index, c.invariant_index} == property;
                });
            if (change == trace->invariants.end() || change->holds_after) return false;
        }
        attribute(*trace, candidate);
        report_.attacks.push_back(std::move(*trace));
        return true;
    }

    // Which properties the next attack in the report stands for: those it broke, and theft. An attack that pays is
    // shown rather than one that only does damage.
    void attribute(const Trace& trace, const Candidate& candidate) {
        const std::size_t index = report_.attacks.size();
        for (const InvariantChange& change : trace.invariants) {
            if (!change.held_before || change.holds_after) continue;
            const auto [known, is_first] = attack_on_.try_emplace({change.contract_index, change.invariant_index}, index);
            if (!is_first && !trace.gain.is_zero() && report_.attacks[known->second].gain.is_zero()) known->second = index;
        }
        if (!candidate.gain.is_zero()) theft_on_.emplace(victim(candidate), index);
    }

    // Leaves out attacks that no verdict names.
    void drop_unused_attacks() {
        std::vector<Trace> used;
        std::map<std::size_t, std::size_t> moved;
        for (PropertyVerdict& verdict : report_.verdicts) {
            if (!verdict.attack) continue;
            const auto [place, is_new] = moved.try_emplace(*verdict.attack, used.size());
            if (is_new) used.push_back(std::move(report_.attacks[*verdict.attack]));
            verdict.attack = place->second;
        }
        report_.attacks = std::move(used);
    }

    // The contract that the attack is about: the first one that the attacker calls.
    static std::uint32_t victim(const Candidate& candidate) {
        for (const Step& step : candidate.plan)
            for (const Activation& activation : step.activations)
                if (!activation.calls.empty()) return activation.calls.front().contract;
        return candidate.plan.back().call.contract;
    }

    void judge() {
        for (std::uint32_t c = 0; c < compilation_->artifacts.size(); ++c) {
            const ir::Contract& contract = *compilation_->artifacts[c].ir;
            const std::size_t first = report_.verdicts.size();
            for (const PropertyProof& proof : proofs_[c].properties) report_.verdicts.push_back(judge(c, contract, proof));
            judge_theft(c, contract, first);
        }
        drop_unused_attacks();
    }

    PropertyVerdict judge(std::uint32_t c, const ir::Contract& contract, const PropertyProof& proof) {
        PropertyVerdict verdict;
        verdict.contract = contract.name;
        verdict.property = proof.property;
        for (std::uint32_t i = 0; i < contract.invariants.size(); ++i) {
            if (contract.invariants[i].label != proof.property) continue;
            verdict.place = contract.invariants[i].range;
            if (const auto attack = attack_on_.find({c, i}); attack != attack_on_.end()) verdict.attack = attack->second;
        }
        for (const ir::Clause& clause : contract.clauses)
            if (clause.label == proof.property) verdict.place = clause.range;
        if (verdict.attack) {
            if (proof.status == ProofStatus::Safe)
                report_.contradiction = contract.name + "." + proof.property + " is both proved and attacked";
            verdict.verdict = Verdict::Exploit;
            verdict.id = report_.attacks[*verdict.attack].scenario.id;
            verdict.kind = report_.attacks[*verdict.attack].scenario.kind;
        } else if (proof.status == ProofStatus::Safe) {
            verdict.verdict = Verdict::Safe;
            verdict.id = finding_id::proved;
            verdict.kind = "proved";
        } else {
            verdict.id = not_searched_.empty() ? finding_id::not_proved : finding_id::not_searched;
            verdict.kind = not_searched_.empty() ? "not proved" : "not searched";
            for (const Obstacle& obstacle : proof.blocked_by) verdict.reasons.push_back(obstacle.sentence);
            add_search_reason(verdict);
        }
        return verdict;
    }

    // Theft is a property of every contract. It is only spoken of where it happened, or where nothing else was stated.
    void judge_theft(std::uint32_t c, const ir::Contract& contract, std::size_t first) {
        PropertyVerdict verdict;
        verdict.contract = contract.name;
        verdict.property = "reentrancy";
        verdict.place = contract.range;
        if (const auto theft = theft_on_.find(c); theft != theft_on_.end()) {
            const auto is_same = [&](const PropertyVerdict& v) { return v.attack == theft->second; };
            if (std::any_of(report_.verdicts.begin() + static_cast<std::ptrdiff_t>(first), report_.verdicts.end(), is_same))
                return;
            verdict.verdict = Verdict::Exploit;
            verdict.attack = theft->second;
            verdict.id = report_.attacks[theft->second].scenario.id;
            verdict.kind = report_.attacks[theft->second].scenario.kind;
        } else {
            if (report_.verdicts.size() != first) return;
            verdict.id = not_searched_.empty() ? finding_id::nothing_to_prove : finding_id::not_searched;
            verdict.kind = not_searched_.empty() ? "no attack within bounds" : "not searched";
            verdict.reasons.push_back("no property is stated: write an `invariant` for a proof");
            add_search_reason(verdict);
        }
        report_.verdicts.push_back(std::move(verdict));
    }

    void add_search_reason(PropertyVerdict& verdict) const {
        if (!not_searched_.empty()) verdict.reasons.push_back("no attack was searched for: " + not_searched_);
        else if (!report_.stats.exhausted)
            verdict.reasons.push_back("the search for attacks stopped at its limit, before its bounds");
        if (report_.stats.unconfirmed)
            verdict.reasons.push_back(std::to_string(report_.stats.unconfirmed) +
                                      " suspected attack(s) did not repeat on the plain VM");
    }

    std::shared_ptr<const lang::Compilation> compilation_;
    const CheckOptions& options_;
    Report report_;
    std::vector<ProofReport> proofs_;            // parallel to the artifacts
    std::map<Property, std::size_t> attack_on_;  // index into Report::attacks
    std::map<std::uint32_t, std::size_t> theft_on_;
    std::string not_searched_;  // why
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
