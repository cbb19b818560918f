#include "analyzer/prover/clauses.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace interlock::analyzer::prover {

namespace {

void block(PropertyProof& proof, Obstacle obstacle) {
    if (std::find(proof.blocked_by.begin(), proof.blocked_by.end(), obstacle) == proof.blocked_by.end()) {
        proof.blocked_by.push_back(std::move(obstacle));
    }
}

}  // namespace

Clauses::Clauses(Session& session, Induction& induction, const std::vector<Effects>& effects)
    : session_(session),
      induction_(induction),
      effects_(effects),
      specifications_(session),
      called_inside_(session.contract.functions.size()),
      runs_at_creation_(session.contract.functions.size()) {
    for (const Property& property : properties_of(session.contract, session.sources)) {
        if (property.kind != PropertyKind::Ensures && property.kind != PropertyKind::Check) continue;
        PropertyProof& proof = proofs_.emplace_back();
        proof.kind = property.kind;
        proof.index = property.index;
        proof.property = property.label;
        proof.range = property.range;
        if (property.kind == PropertyKind::Check) {
            checks_.push_back(property.range);
            continue;
        }
        const ir::Clause& clause = session.contract.clauses[property.index];
        if (clause.function == ir::Contract::none)
            block(proof, {fmt::format("{}: {}", clause.label, clause.text), clause.range});
        clause_of_.push_back(property.index);
    }
    find_internal_calls();
}

void Clauses::find_internal_calls() {
    for (const ir::Function& function : session_.contract.functions) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.op == ir::Op::InternalCall) called_inside_[instruction.callee] = true;
            }
        }
    }
    if (session_.contract.constructor == ir::Contract::none) return;
    std::vector<std::uint32_t> open{session_.contract.constructor};
    while (!open.empty()) {
        const std::uint32_t function = open.back();
        open.pop_back();
        if (runs_at_creation_[function]) continue;
        runs_at_creation_[function] = true;
        for (const ir::Block& block : session_.contract.functions[function].blocks)
            for (const ir::Instruction& instruction : block.instructions)
                if (instruction.op == ir::Op::InternalCall) open.push_back(instruction.callee);
    }
}

// Nothing is known of the arguments of a function that decodes them itself.
std::vector<z3::expr> Clauses::arguments_of(const ir::Function& specification, const ir::Function& subject,
                                            const Start& start) {
    if (!subject.is_raw) return start.arguments;
    std::vector<z3::expr> arguments;
    for (const ir::NamedType& parameter : specification.parameters) {
        arguments.push_back(session_.terms.fresh(parameter.type, parameter.name.c_str()));
        session_.assume(session_.terms.in_range(arguments.back(), parameter.type));
    }
    return arguments;
}

PropertyProof* Clauses::check_at(lang::SourceRange range) {
    const auto found = std::find(checks_.begin(), checks_.end(), range);
    return found == checks_.end() ? nullptr
                                  : &proofs_[clause_of_.size() + static_cast<std::size_t>(found - checks_.begin())];
}

bool Clauses::concerns(std::uint32_t function) const {
    const ir::Function& subject = session_.contract.functions[function];
    const bool starts_here = subject.is_entry || function == session_.contract.constructor;
    if (starts_here && !effects_[function].checks.empty()) return true;
    return std::any_of(clause_of_.begin(), clause_of_.end(),
                       [&](std::uint32_t clause) { return session_.contract.clauses[clause].subject == function; });
}

void Clauses::discharge(PropertyProof& proof, const z3::expr& goal, const std::string& where, lang::SourceRange range) {
    ++proof.conditions;
    switch (session_.prove(goal)) {
        case Session::Decision::Proved: ++proof.proved; return;
        case Session::Decision::Refuted: return block(proof, {fmt::format("{}: it may be false", where), range});
        case Session::Decision::Undecided:
            return block(proof, {fmt::format("{}: the solver could not decide it", where), range});
    }
}

void Clauses::discharge_clauses(std::uint32_t function, const Start& start, const State& end,
                                const std::vector<z3::expr>& results) {
    for (std::size_t i = 0; i < clause_of_.size(); ++i) {
        const ir::Clause& clause = session_.contract.clauses[clause_of_[i]];
        if (clause.subject != function || clause.function == ir::Contract::none) continue;
        const ir::Function& specification = session_.contract.functions[clause.function];
        const ir::Function& subject = session_.contract.functions[function];
        const std::vector<z3::expr> arguments = arguments_of(specification, subject, start);
        if (clause.kind == ir::Clause::Kind::RevertsIf) {
            const z3::expr met = specifications_.holds(specification, arguments, start.entry, &start.entry, start.message);
            discharge(proofs_[i], negation(met), clause.label, clause.range);
        } else {
            std::vector<z3::expr> all = arguments;
            if (!subject.is_raw) all.insert(all.end(), results.begin(), results.end());
            discharge(proofs_[i], specifications_.holds(specification, all, end, &start.entry, start.message), clause.label,
                      clause.range);
        }
    }
}

class Clauses::Obligations final : public Observer {
  public:
    Obligations(Clauses& clauses, std::uint32_t function, const Start& start)
        : clauses_(clauses), function_(function), start_(start) {}

    void at_call(const State&, const ir::Terminator&) override {}
    State after_strangers(const State& leaving) override {
        Induction& induction = clauses_.induction_;
        if (function_ == clauses_.session_.contract.constructor) return induction.after_constructor_call(leaving);
        return clauses_.runs_at_creation_[function_] ? induction.after_strangers_of_creation(leaving)
                                                     : induction.after_strangers_of_every_call(leaving);
    }
    void at_end(const State& end, const std::vector<z3::expr>& results) override {
        if (!has_an_end) has_an_end = clauses_.session_.satisfiable();
        clauses_.discharge_clauses(function_, start_, end, results);
    }
    void at_check(const ir::Instruction& check, const z3::expr& condition) override {
        PropertyProof* proof = clauses_.check_at(check.range);
        if (proof == nullptr) return;
        const std::string& name = clauses_.session_.contract.functions[function_].name;
        clauses_.discharge(*proof, condition, fmt::format("{}: {}", name, proof->property), check.range);
    }

    std::vector<z3::expr> loop_candidates(const State& state) override {
        return clauses_.induction_.formulas(Layer::Strong, state);
    }

    bool has_an_end = false;

  private:
    Clauses& clauses_;
    std::uint32_t function_;
    const Start& start_;
};

void Clauses::assume_requirements(std::uint32_t function, const Start& start) {
    for (const ir::Clause& clause : session_.contract.clauses) {
        if (clause.kind != ir::Clause::Kind::Requires || clause.subject != function) continue;
        const ir::Function& subject = session_.contract.functions[function];
        if (subject.is_raw) continue;  // its arguments are not known
        session_.assume(specifications_.holds(session_.contract.functions[clause.function], start.arguments, start.entry,
                                              &start.entry, start.message));
    }
}

void Clauses::fail_function(std::uint32_t function, const Obstacle& obstacle) {
    for (std::size_t i = 0; i < clause_of_.size(); ++i) {
        if (session_.contract.clauses[clause_of_[i]].subject == function) block(proofs_[i], obstacle);
    }
    for (const lang::SourceRange check : effects_[function].checks) {
        if (PropertyProof* proof = check_at(check)) block(*proof, obstacle);
    }
}

// A function that is called only from outside starts with the facts of every call; any other may be called while they
// do not hold, and with a value that was credited before.
void Clauses::prove_function(std::uint32_t index) {
    const ir::Function& function = session_.contract.functions[index];
    const Scope scope(session_);
    try {
        const bool is_constructor = index == session_.contract.constructor;
        const bool is_from_outside = function.is_entry && !called_inside_[index];
        const auto caller = is_from_outside ? Induction::Caller::Outside : Induction::Caller::Anybody;
        const Start start = is_constructor ? induction_.start_at_creation(&function) : induction_.start(function, caller);
        if (is_from_outside && !is_constructor) induction_.assume_facts_of_every_call(start.outside);
        assume_requirements(index, start);
        Obligations obligations(*this, index, start);
        Execution(session_, obligations, effects_).run(function, start);
        if (!obligations.has_an_end) {
            fail_function(index,
                          {fmt::format("{}: no run could be found that succeeds under its assumptions", function.name),
                           function.range});
        }
    } catch (const NotCovered& hole) {
        fail_function(index,
                      {fmt::format("{}: {} at {} is not covered", function.name, hole.what, session_.location(hole.range)),
                       hole.range});
    }
}

void Clauses::prove() {
    if (proofs_.empty()) return;
    std::uint32_t function = 0;
    try {
        for (; function < session_.contract.functions.size(); ++function) {
            if (concerns(function)) prove_function(function);
        }
    } catch (const OutOfTime&) {
        for (; function < session_.contract.functions.size(); ++function) {
            fail_function(function, session_.out_of_time());
        }
    }
    conclude();
}

void Clauses::conclude() {
    for (PropertyProof& proof : proofs_) {
        if (proof.conditions == 0 && proof.blocked_by.empty()) block(proof, {"no path leads there", proof.range});
        proof.status =
            proof.blocked_by.empty() && proof.proved == proof.conditions ? ProofStatus::Safe : ProofStatus::Unknown;
    }
}

}  // namespace interlock::analyzer::prover
