#include "analyzer/prover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <new>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/candidates.hpp"
#include "analyzer/prover/clauses.hpp"
#include "analyzer/prover/induction.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using namespace prover;

std::string_view to_string(ProofStatus status) { return status == ProofStatus::Safe ? "SAFE" : "UNKNOWN"; }

std::string sentence_of(const FoundInvariant& found) {
    return (found.is_strong ? "invariant! " : "invariant ") + found.condition;
}

const PropertyProof* ProofReport::find(std::string_view label) const {
    const auto found =
        std::find_if(properties.begin(), properties.end(), [label](const PropertyProof& p) { return p.property == label; });
    return found == properties.end() ? nullptr : &*found;
}

namespace {

// Returns a proof that has not begun.
PropertyProof proof_of(const Property& property) {
    PropertyProof proof;
    proof.kind = property.kind;
    proof.index = property.index;
    proof.property = property.label;
    proof.range = property.range;
    return proof;
}

PropertyProof proof_of_invariant(const Property& property, const Session& session, const Induction& induction) {
    const std::uint32_t index = property.index;
    const ir::Invariant& invariant = session.contract.invariants[index];
    const Fact& fact = induction.of_invariant(index);
    PropertyProof proof = proof_of(property);
    const bool by_strong = invariant.strong || fact.strong.alive;
    const Attempt& deciding = by_strong ? fact.strong : fact.quiescent;
    proof.conditions = deciding.conditions;
    proof.proved = deciding.proved;
    if (induction.holds(index) && deciding.conditions > 0 && deciding.conditions == deciding.proved) {
        proof.status = ProofStatus::Safe;
        return proof;
    }
    proof.blocked_by = fact.strong.obstacles;
    for (const Obstacle& obstacle : fact.quiescent.obstacles) {
        if (std::find(proof.blocked_by.begin(), proof.blocked_by.end(), obstacle) == proof.blocked_by.end())
            proof.blocked_by.push_back(obstacle);
    }
    if (proof.blocked_by.empty()) proof.blocked_by.push_back(session.out_of_time());
    return proof;
}

std::vector<std::string> assumptions_of(const ir::Contract& contract, const Session& session) {
    std::vector<std::string> assumptions{assumed(Assumed::Fork), assumed(Assumed::OwnCode), assumed(Assumed::NoCollisions),
                                         assumed(Assumed::SmallWorld)};
    bool small_calls = false;
    for (const ir::Function& function : contract.functions) {
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall::Kind kind = block.terminator.call.kind;
            small_calls |= block.terminator.kind == ir::Terminator::Kind::External &&
                           (kind == ir::ExternalCall::Kind::Send || kind == ir::ExternalCall::Kind::Transfer);
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.op != ir::Op::Assume) continue;
                assumptions.push_back(assumed(Assumed::Assume, session.location(instruction.range)));
            }
        }
    }
    if (small_calls) assumptions.push_back(assumed(Assumed::StipendOfPayments));
    for (const ir::Clause& clause : contract.clauses) {
        if (clause.kind != ir::Clause::Kind::Requires) continue;
        assumptions.push_back(assumed(Assumed::Requires, contract.functions[clause.subject].name, clause.text));
    }
    return assumptions;
}

// Refuses foreign code that runs on the contract's own storage: then nothing that this contract's code shows holds, not even
// types. A library's storage is that of whoever uses it.
void refuse_foreign_code(const Session& session) {
    for (const ir::Function& function : session.contract.functions) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != ir::Op::Evm || !ir::writes_of(each).intersects(vm::state_regions)) continue;
                if (SlotAccesses::names_slot(each) && !session.contract.is_library) continue;
                const char* what = SlotAccesses::names_slot(each) ? "a write to storage by slot" : "selfdestruct";
                throw NotCovered{fmt::format("{}: {} at {}", function.name, what, session.location(each.range)), each.range};
            }
            const ir::Terminator& terminator = block.terminator;
            if (terminator.kind != ir::Terminator::Kind::External ||
                !ir::runs_foreign_code(session.contract, terminator.call))
                continue;
            throw NotCovered{fmt::format("{}: delegatecall at {}", function.name, session.location(terminator.range)),
                             terminator.range};
        }
    }
}

void prove_clauses(ProofReport& report, Session& session, Induction& induction, const std::vector<Effects>& effects) {
    Clauses clauses(session, induction, effects);
    clauses.prove();
    report.properties.insert(report.properties.end(), clauses.proofs().begin(), clauses.proofs().end());
}

// Clauses have a share of the time that a hard invariant cannot take: then they are proved without any fact.
void prove_clauses_alone(ProofReport& report, const Session& stopped, const ProverOptions& options,
                         const SlotAccesses& by_slot) {
    Session session(stopped.contract, stopped.sources, options, by_slot);
    const std::vector<Effects> effects = effects_of(session.contract, session.layout);
    Induction nothing(session, effects);
    nothing.forget();
    prove_clauses(report, session, nothing, effects);
    report.queries += session.queries;
    report.paths += session.paths;
}

void fill(ProofReport& report, const ir::Contract& contract, const lang::Sources& sources, const ProverOptions& options,
          const SlotAccesses& by_slot, const std::vector<Candidate>& candidates = {}) {
    constexpr double share_of_facts = 0.7;
    const Deadline whole = options.deadline.within(options.timeout_ms / 1000.0);
    ProverOptions for_facts = options;
    for_facts.deadline = whole.within(share_of_facts * whole.seconds_left());
    for_facts.rlimit = static_cast<std::uint64_t>(share_of_facts * static_cast<double>(options.rlimit));
    Session session(contract, sources, for_facts, by_slot);
    refuse_foreign_code(session);
    const std::vector<Effects> effects = effects_of(contract, session.layout);
    Induction induction(session, effects, candidates);
    bool is_settled = true;
    try {
        induction.find_strong_facts();
        induction.find_quiescent_facts();
    } catch (const OutOfTime&) {  // what was settled before counts; the rest is reported as Unknown
        is_settled = false;
    }
    for (const Property& property : properties_of(contract, session.sources)) {
        const bool is_invariant = property.kind == PropertyKind::Invariant || property.kind == PropertyKind::StrongInvariant;
        if (is_invariant) report.properties.push_back(proof_of_invariant(property, session, induction));
    }
    report.queries = session.queries;
    report.paths = session.paths;
    if (is_settled) {
        session.allow(whole, options.rlimit);
        prove_clauses(report, session, induction, effects);
        report.queries = session.queries;
        report.paths = session.paths;
    } else {
        ProverOptions rest = options;
        rest.deadline = whole;
        rest.rlimit = options.rlimit - std::min(options.rlimit, session.units());
        prove_clauses_alone(report, session, rest, by_slot);
    }
    report.facts = induction.sentences();
    report.assumptions = assumptions_of(contract, session);
    report.assumes = std::ranges::any_of(effects, &Effects::assumes);
}

// Which of the candidates hold. Throws OutOfTime.
std::vector<FoundCandidate> inferred(Session& session, const std::vector<Candidate>& candidates) {
    const std::vector<Effects> effects = effects_of(session.contract, session.layout);
    Induction induction(session, effects, candidates);
    induction.find_strong_facts();
    induction.find_quiescent_facts();
    std::vector<FoundCandidate> found;
    for (const Fact& fact : induction.facts()) {
        const Attempt& deciding = fact.strong.alive ? fact.strong : fact.quiescent;
        if (fact.candidate && deciding.alive && deciding.conditions > 0 && deciding.conditions == deciding.proved)
            found.push_back({*fact.candidate, fact.strong.alive, deciding.conditions});
    }
    return found;
}

// Looks for what holds though nobody stated it, in Houdini's manner, and proves what is left of it once more, alone. Stated
// properties that could not be proved are tried again with it.
void infer(ProofReport& report, const ir::Contract& contract, const lang::Sources& sources, const ProverOptions& options,
           const SlotAccesses& by_slot) {
    constexpr double most_seconds = 2;
    ProverOptions shared = options;
    shared.infers = true;
    shared.rlimit_per_query = std::min(options.rlimit_per_query, 500'000U);
    shared.deadline = options.deadline.within(most_seconds);
    try {
        std::vector<Candidate> candidates;
        {
            Session session(contract, sources, shared, by_slot);
            refuse_foreign_code(session);
            candidates = without_repetition(inferred(session, candidates_of(session)));
        }
        if (candidates.empty()) return;
        Session session(contract, sources, shared, by_slot);
        const std::vector<FoundCandidate> found = inferred(session, candidates);
        candidates.clear();
        for (const FoundCandidate& each : found) {
            candidates.push_back(each.candidate);
            report.found.push_back({condition_of(each.candidate, session.layout), each.is_strong, each.conditions,
                                    is_solvency(each.candidate, session.layout)});
        }
        if (report.assumptions.empty()) report.assumptions = assumptions_of(contract, session);
        const auto is_open = [](const PropertyProof& each) { return each.status != ProofStatus::Safe; };
        if (candidates.empty() || std::ranges::none_of(report.properties, is_open)) return;
        ProofReport again;
        shared.rlimit_per_query = options.rlimit_per_query;
        shared.deadline = options.deadline;
        fill(again, contract, sources, shared, by_slot, candidates);
        bool helped = false;
        for (std::size_t i = 0; i < report.properties.size(); ++i) {
            if (!is_open(report.properties[i]) || is_open(again.properties[i])) continue;
            report.properties[i] = again.properties[i];
            helped = true;
        }
        if (helped) report.facts = again.facts;
    } catch (const NotCovered&) {
    } catch (const OutOfTime&) {
    } catch (const z3::exception& failure) {
        if (is_out_of_memory(failure.msg())) throw std::bad_alloc();
    }
}

}  // namespace

ProofReport unproved(const ir::Contract& contract, const lang::Sources& sources, const Obstacle& obstacle) {
    ProofReport report;
    for (const Property& property : properties_of(contract, sources)) {
        report.properties.push_back(proof_of(property));
        report.properties.back().blocked_by.push_back(obstacle);
    }
    return report;
}

ProofReport prove(const ir::Contract& contract, const lang::Sources& sources, const ProverOptions& options) {
    const auto began = std::chrono::steady_clock::now();
    ProofReport report;
    const SlotAccesses by_slot(contract, options.deadline.within(options.timeout_ms / 1000.0));
    const bool is_deployed = !contract.is_interface && !contract.is_library;
    if (!contract.is_interface && !properties_of(contract, sources).empty()) {
        try {
            fill(report, contract, sources, options, by_slot);
        } catch (const NotCovered& hole) {
            report = unproved(contract, sources, {fmt::format("{} is not covered", hole.what), hole.range});
        } catch (const z3::exception& failure) {
            if (is_out_of_memory(failure.msg())) throw std::bad_alloc();
            report = unproved(contract, sources, {fmt::format("the solver failed: {}", failure.msg()), contract.range});
        }
    }
    const auto is_open = [](const PropertyProof& each) { return each.status != ProofStatus::Safe; };
    const bool is_any_open = report.properties.empty() || std::ranges::any_of(report.properties, is_open);
    if (options.infers && is_deployed && is_any_open) infer(report, contract, sources, options, by_slot);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return report;
}

}  // namespace interlock::analyzer
