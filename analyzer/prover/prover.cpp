#include "analyzer/prover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "analyzer/prover/clauses.hpp"
#include "analyzer/prover/induction.hpp"
#include "lang/ir_walk.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using namespace prover;

std::string_view to_string(ProofStatus status) { return status == ProofStatus::Safe ? "SAFE" : "UNKNOWN"; }

std::string_view to_string(PropertyKind kind) {
    switch (kind) {
        case PropertyKind::Invariant: return "invariant";
        case PropertyKind::StrongInvariant: return "invariant!";
        case PropertyKind::Ensures: return "ensures";
        case PropertyKind::Check: return "check";
    }
    return "";
}

const PropertyProof* ProofReport::find(std::string_view property) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [property](const PropertyProof& p) { return p.property == property; });
    return found == properties.end() ? nullptr : &*found;
}

namespace {

bool has_properties(const ir::Contract& contract) {
    return !contract.invariants.empty() || !contract.clauses.empty() || !checks_of(contract).empty();
}

PropertyProof proof_of_invariant(const ir::Contract& contract, const Induction& induction, std::uint32_t index) {
    const ir::Invariant& invariant = contract.invariants[index];
    const Fact& fact = induction.of_invariant(index);
    PropertyProof proof;
    proof.property = invariant.label;
    proof.kind = invariant.strong ? PropertyKind::StrongInvariant : PropertyKind::Invariant;
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
    if (proof.blocked_by.empty()) proof.blocked_by.push_back({"the proof was not finished", invariant.range});
    return proof;
}

std::vector<std::string> assumptions_of(const ir::Contract& contract, const Session& session) {
    std::vector<std::string> assumptions{
        "the fork is Cancun",
        "the code that runs is what the compiler makes of this source",
        "distinct mapping keys and variables never share a storage slot (keccak256 has no collisions)",
        "all ether in existence is less than 2^256 wei, timestamps and block numbers less than 2^64",
    };
    bool small_calls = false;
    for (const ir::Function& function : contract.functions) {
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall::Kind kind = block.terminator.call.kind;
            small_calls |= block.terminator.kind == ir::Terminator::Kind::External &&
                           (kind == ir::ExternalCall::Kind::Send || kind == ir::ExternalCall::Kind::Transfer);
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.op != ir::Op::Assume) continue;
                assumptions.push_back(fmt::format("the assume at {} holds", session.place(instruction.range)));
            }
        }
    }
    if (small_calls) {
        assumptions.push_back(
            "a callee of transfer or send has 2,300 gas, which at Cancun's prices pays for no storage write and no "
            "call with value");
    }
    for (const ir::Clause& clause : contract.clauses) {
        if (clause.kind != ir::Clause::Kind::Requires) continue;
        assumptions.push_back(fmt::format("callers of {} keep its requires ({}), for its own ensures and checks",
                                          contract.functions[clause.subject].name, clause.text));
    }
    return assumptions;
}

// Everything is Unknown for one reason.
void give_up(const ir::Contract& contract, const lang::Sources& sources, ProofReport& report, const Obstacle& obstacle) {
    report.properties.clear();
    const auto add = [&](const std::string& label, PropertyKind kind) {
        PropertyProof& proof = report.properties.emplace_back();
        proof.property = label;
        proof.kind = kind;
        proof.blocked_by.push_back(obstacle);
    };
    for (const ir::Invariant& invariant : contract.invariants) {
        add(invariant.label, invariant.strong ? PropertyKind::StrongInvariant : PropertyKind::Invariant);
    }
    for (const ir::Clause& clause : contract.clauses) {
        if (clause.kind != ir::Clause::Kind::Requires) add(clause.label, PropertyKind::Ensures);
    }
    for (const lang::SourceRange check : checks_of(contract)) {
        add(fmt::format("check at {}", place_name(sources, check)), PropertyKind::Check);
    }
}

bool is_foreign(const ir::ExternalCall& call) {
    if (call.kind == ir::ExternalCall::Kind::Raw)
        return call.opcode == vm::Opcode::DELEGATECALL || call.opcode == vm::Opcode::CALLCODE;
    return call.kind == ir::ExternalCall::Kind::LowLevelDelegate;
}

// Foreign code on the contract's own storage, or storage written by slot: nothing that is read off this contract's code
// holds then, not even types.
void refuse_foreign_code(const Session& session) {
    for (const ir::Function& function : session.contract.functions) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != ir::Op::Evm || !ir::reaches_state(each.opcode)) continue;
                throw NotCovered{
                    fmt::format("{}: a write to storage by slot at {}", function.name, session.place(each.range)),
                    each.range};
            }
            const ir::Terminator& terminator = block.terminator;
            if (terminator.kind != ir::Terminator::Kind::External || !is_foreign(terminator.call)) continue;
            throw NotCovered{fmt::format("{}: delegatecall at {}", function.name, session.place(terminator.range)),
                             terminator.range};
        }
    }
}

void fill(ProofReport& report, Session& session) {
    const ir::Contract& contract = session.contract;
    refuse_foreign_code(session);
    const std::vector<Effects> effects = effects_of(contract, session.layout);
    Induction induction(session, effects);
    Clauses clauses(session, induction, effects);
    try {
        induction.find_strong_facts();
        induction.find_quiescent_facts();
    } catch (const OutOfTime&) {  // what was settled before counts; the rest says so itself
    }
    clauses.prove();
    for (std::uint32_t i = 0; i < contract.invariants.size(); ++i) {
        report.properties.push_back(proof_of_invariant(contract, induction, i));
    }
    report.properties.insert(report.properties.end(), clauses.proofs().begin(), clauses.proofs().end());
    report.facts = induction.sentences();
    report.assumptions = assumptions_of(contract, session);
    report.queries = session.queries;
    report.paths = session.paths;
}

}  // namespace

ProofReport prove(const ir::Contract& contract, const lang::Sources& sources, const ProverOptions& options) {
    const auto began = std::chrono::steady_clock::now();
    ProofReport report;
    if (!contract.is_interface && has_properties(contract)) {
        try {
            Session session(contract, sources, options);
            fill(report, session);
        } catch (const NotCovered& hole) {
            give_up(contract, sources, report, {fmt::format("{} is not covered", hole.what), hole.place});
        } catch (const z3::exception& failure) {
            give_up(contract, sources, report, {fmt::format("the solver failed: {}", failure.msg()), contract.range});
        }
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return report;
}

}  // namespace interlock::analyzer
