#include "analyzer/prover/induction.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace interlock::analyzer::prover {

namespace {

std::vector<bool> writable_leaves(const ir::Contract& contract, const Layout& layout, const std::vector<Effects>& effects) {
    std::vector<bool> writable(layout.leaves().size());
    for (std::size_t i = 0; i < contract.functions.size(); ++i) {
        if (!contract.functions[i].is_entry) continue;
        for (std::size_t leaf = 0; leaf < writable.size(); ++leaf)
            writable[leaf] = writable[leaf] || effects[i].writes[leaf];
    }
    return writable;
}

bool any_hands_over(const ir::Contract& contract, const std::vector<Effects>& effects) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
        if (contract.functions[i].is_entry && effects[i].hands_over) return true;
    }
    return false;
}

}  // namespace

Induction::Induction(Session& session, const std::vector<Effects>& effects, const std::vector<Candidate>& candidates)
    : session_(session),
      effects_(effects),
      specifications_(session),
      somebody_(unknown_message(session)),
      frame_(session, writable_leaves(session.contract, session.layout, effects),
             any_hands_over(session.contract, effects) ? switches_of(session.contract, session.layout)
                                                       : std::vector<Switch>{}) {
    for (std::uint32_t i = 0; i < session.contract.invariants.size(); ++i) {
        Fact& fact = facts_.emplace_back();
        fact.invariant = i;
    }
    for (const Candidate& candidate : candidates) facts_.emplace_back().candidate = candidate;
}

// --- facts ---

z3::expr Induction::formula(const Fact& fact, const State& state) {
    if (fact.candidate) return formula_of(*fact.candidate, session_, state);
    if (!fact.is_invariant()) {
        const ir::Type& type = session_.layout.leaves()[fact.leaf].value;
        return equality(state.cells[fact.leaf].term, session_.terms.constant(fact.constant, type));
    }
    const ir::Invariant& invariant = session_.contract.invariants[fact.invariant];
    return specifications_.holds(session_.contract.functions[invariant.function], {}, state, nullptr, somebody_);
}

std::vector<z3::expr> Induction::formulas(Layer layer, const State& state) {
    std::vector<z3::expr> formulas;
    for (const Fact& fact : facts_)
        if (fact.strong.alive || (layer == Layer::Quiescent && fact.quiescent.alive))
            formulas.push_back(formula(fact, state));
    return formulas;
}

std::string Induction::name_of(const Fact& fact) const {
    if (fact.is_invariant()) return session_.contract.invariants[fact.invariant].label;
    if (fact.candidate) return condition_of(*fact.candidate, session_.layout);
    const Leaf& leaf = session_.layout.leaves()[fact.leaf];
    if (leaf.value.kind == ir::TypeKind::Bool) return leaf.name + (fact.constant.is_zero() ? " is false" : " is true");
    return leaf.name + " is " + vm::to_decimal(fact.constant);
}

const Fact& Induction::of_invariant(std::uint32_t invariant) const { return facts_.at(invariant); }

bool Induction::holds(std::uint32_t invariant) const {
    const Fact& fact = of_invariant(invariant);
    return fact.strong.alive || (fact.quiescent.alive && !session_.contract.invariants[invariant].strong);
}

std::vector<std::string> Induction::sentences() const {
    std::vector<std::string> sentences = frame_.sentences();
    for (const Fact& fact : facts_) {
        if (fact.strong.alive) sentences.push_back(name_of(fact) + ": at every external call too");
        else if (fact.quiescent.alive) sentences.push_back(name_of(fact) + ": between transactions");
    }
    return sentences;
}

// --- obligations ---

Obstacle Induction::describe(const ir::Function* where, const ir::Terminator* call, Session::Decision decision) const {
    const std::string what =
        decision == Session::Decision::Refuted ? "the invariant may be false" : "the solver could not decide the invariant";
    const std::string function = where == nullptr ? "constructor" : where->name;
    if (call != nullptr) {
        return {fmt::format("{}: {} at the external call at {}", function, what, session_.location(call->range)),
                call->range};
    }
    const lang::SourceRange range = where == nullptr ? session_.contract.range : where->range;
    return {fmt::format("{}: {} at its end ({})", function, what, session_.location(range)), range};
}

void Induction::fail(Fact& fact, Layer layer, Obstacle obstacle) {
    std::vector<Obstacle>& obstacles = fact.in(layer).obstacles;
    if (std::find(obstacles.begin(), obstacles.end(), obstacle) == obstacles.end()) obstacles.push_back(std::move(obstacle));
}

void Induction::fail_all(Layer layer, const Obstacle& obstacle) {
    for (Fact& fact : facts_) {
        if (fact.in(layer).alive) fail(fact, layer, obstacle);
    }
}

// At a call without hand-over only the facts that the user wants there are required.
bool Induction::is_required_at(const Fact& fact, const ir::Terminator* call) const {
    if (call == nullptr || hands_over(session_.contract, call->call)) return true;
    return fact.is_invariant() && session_.contract.invariants[fact.invariant].strong;
}

// Every fact of the layer that is still alive must hold in this state.
void Induction::check(Layer layer, const State& state, const ir::Function* where, const ir::Terminator* call) {
    if (watches_every_call_) {
        for (Fact& fact : facts_) {
            if (is_required_at(fact, call) || !fact.strong.alive || !fact.is_of_every_call) continue;
            fact.is_of_every_call = session_.prove(formula(fact, state)) == Session::Decision::Proved;
        }
        return;
    }
    for (Fact& fact : facts_) {
        Attempt& attempt = fact.in(layer);
        if (!attempt.alive || attempt.is_undecided || !is_required_at(fact, call)) continue;
        ++attempt.conditions;
        const Session::Decision decision = session_.prove(formula(fact, state));
        attempt.is_undecided = decision == Session::Decision::Undecided;
        if (decision == Session::Decision::Proved) ++attempt.proved;
        else fail(fact, layer, describe(where, call, decision));
    }
}

class Induction::Creation final : public Observer {
  public:
    Creation(Induction& induction, Layer layer, const ir::Function& constructor)
        : induction_(induction), layer_(layer), constructor_(constructor) {}

    void at_call(const State&, const ir::Terminator&) override {}
    State after_strangers(const State& leaving) override { return induction_.after_constructor_call(leaving); }
    void at_end(const State& end, const std::vector<z3::expr>&) override {
        if (!induction_.creation_succeeds_) induction_.creation_succeeds_ = induction_.session_.satisfiable();
        induction_.check(layer_, end, &constructor_, nullptr);
    }
    void at_check(const ir::Instruction&, const z3::expr&) override {}
    std::vector<z3::expr> loop_candidates(const State& state) override { return induction_.formulas(layer_, state); }

  private:
    Induction& induction_;
    Layer layer_;
    const ir::Function& constructor_;
};

class Induction::Obligations final : public Observer {
  public:
    Obligations(Induction& induction, Layer layer, const ir::Function& function, const Start& start)
        : induction_(induction), layer_(layer), function_(function), start_(start) {}

    void at_call(const State& leaving, const ir::Terminator& call) override {
        if (layer_ == Layer::Strong) induction_.check(layer_, leaving, &function_, &call);
    }
    State after_strangers(const State& leaving) override { return induction_.after_strangers(leaving); }
    void at_end(const State& end, const std::vector<z3::expr>&) override {
        if (wants_an_end && !has_an_end) has_an_end = induction_.session_.satisfiable();
        induction_.check(layer_, end, &function_, nullptr);
        if (layer_ == Layer::Strong && !induction_.watches_every_call_) induction_.frame_.weaken_by(start_.outside, end);
    }
    void at_check(const ir::Instruction&, const z3::expr&) override {}
    std::vector<z3::expr> loop_candidates(const State& state) override { return induction_.formulas(layer_, state); }

    bool wants_an_end = false;  // an `assume` may have excluded every run
    bool has_an_end = false;

  private:
    Induction& induction_;
    Layer layer_;
    const ir::Function& function_;
    const Start& start_;
};

void Induction::check_creation(Layer layer) {
    const Scope scope(session_);
    const ir::Contract& contract = session_.contract;
    if (contract.constructor == ir::Contract::none) {
        creation_succeeds_ = true;
        check(layer, start_at_creation(nullptr).entry, nullptr, nullptr);
        return;
    }
    const ir::Function& constructor = contract.functions[contract.constructor];
    try {
        Creation creation(*this, layer, constructor);
        const Start start = start_at_creation(&constructor);
        Execution(session_, creation, effects_).run(constructor, start);
    } catch (const NotCovered& hole) {
        fail_all(layer, {fmt::format("constructor: {} at {} is not covered", hole.what, session_.location(hole.range)),
                         hole.range});
        return;
    }
    if (!creation_succeeds_) {
        fail_all(layer, {"constructor: no run of it that succeeds could be found", constructor.range});
    }
}

// Ether can be forced into an account, and time passes, without a call of any function.
void Induction::check_environment(Layer layer) {
    const Scope scope(session_);
    const State before = unknown_state(session_);
    assume_strong_facts(before);
    for (const Fact& fact : facts_) {
        if (layer == Layer::Quiescent && fact.quiescent.alive) session_.assume(formula(fact, before));
    }
    const State other = unknown_state(session_);
    State after = before;
    after.balance = other.balance;
    after.timestamp = other.timestamp;
    after.block_number = other.block_number;
    for (LeafIndex leaf = 0; leaf < after.cells.size(); ++leaf)  // a new transaction begins
        if (session_.layout.leaves()[leaf].is_transient()) after.cells[leaf] = cell_of_zeros(session_, leaf);
    session_.assume(after.balance >= before.balance && after.timestamp >= before.timestamp &&
                    after.block_number >= before.block_number);
    for (Fact& fact : facts_) {
        Attempt& attempt = fact.in(layer);
        if (!attempt.alive) continue;
        ++attempt.conditions;
        if (session_.prove(formula(fact, after)) == Session::Decision::Proved) {
            ++attempt.proved;
        } else {
            fail(fact, layer,
                 {"the invariant may break when ether is forced in or time passes",
                  fact.is_invariant() ? session_.contract.invariants[fact.invariant].range : session_.contract.range});
        }
    }
}

void Induction::check_function(Layer layer, std::uint32_t index) {
    const ir::Function& function = session_.contract.functions[index];
    const Scope scope(session_);
    try {
        const Start start = this->start(function, Caller::Outside);
        assume_strong_facts(start.outside);
        if (layer == Layer::Quiescent) {
            session_.assume(start.message.sender != session_.self);  // no call is under way
            for (const Fact& fact : facts_) {
                if (fact.quiescent.alive) session_.assume(formula(fact, start.outside));
            }
        }
        Obligations obligations(*this, layer, function, start);
        obligations.wants_an_end = effects_[index].assumes;
        Execution(session_, obligations, effects_).run(function, start);
        if (obligations.wants_an_end && !obligations.has_an_end) {
            fail_all(layer,
                     {fmt::format("{}: no run could be found that its assumptions allow", function.name), function.range});
        }
    } catch (const NotCovered& hole) {
        fail_all(layer, {fmt::format("{}: {} at {} is not covered", function.name, hole.what, session_.location(hole.range)),
                         hole.range});
        if (layer == Layer::Strong) frame_.give_up();
    }
}

// --- the two fixpoints ---

bool Induction::still_wanted(Layer layer) const {
    return std::any_of(facts_.begin(), facts_.end(), [layer](const Fact& fact) {
        return (fact.is_invariant() || fact.candidate) && fact.in(layer).alive;
    });
}

void Induction::check_all(Layer layer) {
    check_creation(layer);
    check_environment(layer);
    for (std::uint32_t i = 0; i < session_.contract.functions.size(); ++i) {
        if (session_.contract.functions[i].is_entry && !effects_[i].only_reads()) check_function(layer, i);
    }
}

bool Induction::drop_failed(Layer layer) {
    bool dropped = false;
    for (Fact& fact : facts_) {
        Attempt& attempt = fact.in(layer);
        if (!attempt.alive || attempt.obstacles.empty()) continue;
        attempt.alive = false;
        dropped = true;
    }
    return dropped;
}

void Induction::find_fixpoint(Layer layer) {
    bool changed = true;
    while (changed && (layer == Layer::Strong || still_wanted(layer))) {
        frame_.start_round();
        for (Fact& fact : facts_) {
            if (fact.in(layer).alive) fact.in(layer).conditions = fact.in(layer).proved = 0;
        }
        try {
            check_all(layer);
        } catch (const OutOfTime&) {
            fail_all(layer, session_.out_of_time());
            static_cast<void>(drop_failed(layer));
            if (layer == Layer::Strong) frame_.give_up();
            throw;
        }
        changed = drop_failed(layer);
        changed = frame_.weakened() || changed;
    }
}

void Induction::find_strong_facts() {
    for (Fact& fact : facts_) {
        const Scope scope(session_);
        try {
            static_cast<void>(formula(fact, unknown_state(session_)));
            fact.strong.alive = true;
        } catch (const NotCovered& hole) {
            fact.is_covered = false;
            fail(fact, Layer::Strong,
                 {fmt::format("{} at {} is not covered", hole.what, session_.location(hole.range)), hole.range});
        }
    }
    find_fixpoint(Layer::Strong);
    find_facts_of_every_call();
}

// A run that can write is never inside of a static frame, so the strong facts may be assumed at its beginning and after
// its calls. Static frames see a state in which such a run made its call.
void Induction::find_facts_of_every_call() {
    bool is_any = false;
    for (Fact& fact : facts_) {
        fact.is_of_every_call = fact.strong.alive;
        is_any |= fact.is_of_every_call && !(fact.is_invariant() && session_.contract.invariants[fact.invariant].strong);
    }
    if (!is_any) return;
    watches_every_call_ = true;
    try {
        for (std::uint32_t i = 0; i < session_.contract.functions.size(); ++i) {
            if (session_.contract.functions[i].is_entry && !effects_[i].only_reads()) check_function(Layer::Strong, i);
        }
    } catch (const OutOfTime&) {
        for (Fact& fact : facts_) fact.is_of_every_call = false;
        watches_every_call_ = false;
        throw;
    }
    watches_every_call_ = false;
}

void Induction::forget() {
    for (Fact& fact : facts_) fact.strong.alive = fact.quiescent.alive = fact.is_of_every_call = false;
    frame_.give_up();
}

void Induction::find_quiescent_facts() {
    for (Fact& fact : facts_) fact.quiescent.alive = fact.is_covered && !fact.strong.alive;
    if (!still_wanted(Layer::Quiescent)) return;
    for (const Switch& each : switches_of(session_.contract, session_.layout)) {
        for (const ir::Word& constant : each.constants) {
            Fact& fact = facts_.emplace_back();
            fact.leaf = each.leaf;
            fact.constant = constant;
            fact.quiescent.alive = true;
        }
    }
    find_fixpoint(Layer::Quiescent);
}

}  // namespace interlock::analyzer::prover
