#include "analyzer/prover/specification.hpp"

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

// Adds conditions to the formula. Definitions of fresh values hold only if the evaluation gets that far.
class Collected final : public Conditions {
  public:
    Collected(Session& session, z3::expr guard)
        : defined(session.terms.truth(true)), session_(session), guard_(std::move(guard)) {}

    void require(const z3::expr& condition) override { defined = both(defined, condition); }
    void define(const z3::expr& definition) override { session_.assume(implication(both(guard_, defined), definition)); }

    z3::expr defined;

  private:
    Session& session_;
    z3::expr guard_;
};

}  // namespace

z3::expr Specifications::holds(const ir::Function& specification, const std::vector<z3::expr>& arguments, const State& now,
                               const State* before, const Message& message) {
    steps_ = 0;
    Context context{now, before, message};
    const Outcome outcome = run(interpreter_.enter(specification, arguments), session_.terms.truth(true), context, 0);
    if (outcome.results.empty()) return session_.terms.truth(false);
    return both(outcome.defined, outcome.results.front());
}

Specifications::Outcome Specifications::run(Invocation invocation, z3::expr guard, Context& context, std::uint32_t depth) {
    if (depth > max_depth) throw NotCovered{"so deep a specification", invocation.function->range};
    Collected conditions(session_, guard);
    const ir::Block& block = invocation.function->blocks[invocation.block];
    for (const ir::Instruction& instruction : block.instructions) {
        if (steps_ % 256 == 0) session_.check_time();
        if (++steps_ > max_steps) throw NotCovered{"so long a specification", instruction.range};
        if (instruction.op != ir::Op::InternalCall) {
            if (ir::writes_of(instruction).intersects(vm::state_regions))
                throw NotCovered{"a specification that writes", instruction.range};
            interpreter_.execute(instruction, invocation, {context.now, context.before, context.message, conditions});
            continue;
        }
        std::vector<z3::expr> arguments;
        for (const ir::Value operand : instruction.operands) arguments.push_back(invocation.value(operand));
        const ir::Function& callee = session_.contract.functions.at(instruction.callee);
        Outcome inner = run(interpreter_.enter(callee, arguments), both(guard, conditions.defined), context, depth + 1);
        if (inner.results.size() != callee.returns.size()) throw NotCovered{"a call that never returns", instruction.range};
        conditions.require(inner.defined);
        invocation.results[instruction.result.index] = std::move(inner.results);
    }
    return finish(invocation, conditions.defined, both(guard, conditions.defined), context, depth);
}

Specifications::Outcome Specifications::finish(Invocation& invocation, const z3::expr& defined, const z3::expr& guard,
                                               Context& context, std::uint32_t depth) {
    const ir::Terminator& terminator = invocation.function->blocks[invocation.block].terminator;
    const auto follow = [&](Invocation next, const ir::Jump& jump, const z3::expr& condition) {
        interpreter_.jump(next, jump);
        return run(std::move(next), both(guard, condition), context, depth + 1);
    };
    switch (terminator.kind) {
        case ir::Terminator::Kind::Return: {
            Outcome outcome{defined, {}};
            for (const ir::Value value : terminator.values) outcome.results.push_back(invocation.value(value));
            return outcome;
        }
        case ir::Terminator::Kind::Jump: {
            Outcome outcome = follow(std::move(invocation), terminator.then, session_.terms.truth(true));
            outcome.defined = both(defined, outcome.defined);
            return outcome;
        }
        case ir::Terminator::Kind::Branch: {
            const z3::expr condition = invocation.value(terminator.condition);
            if (condition.is_true() || condition.is_false()) {
                Outcome outcome = follow(std::move(invocation), condition.is_true() ? terminator.then : terminator.otherwise,
                                         session_.terms.truth(true));
                outcome.defined = both(defined, outcome.defined);
                return outcome;
            }
            const Outcome then = follow(invocation, terminator.then, condition);
            const Outcome otherwise = follow(std::move(invocation), terminator.otherwise, negation(condition));
            Outcome outcome{both(defined, choice(condition, then.defined, otherwise.defined)), {}};
            for (std::size_t i = 0; i < then.results.size() && i < otherwise.results.size(); ++i) {
                outcome.results.push_back(choice(condition, then.results[i], otherwise.results[i]));
            }
            if (then.results.empty()) outcome.results = otherwise.results;
            if (otherwise.results.empty()) outcome.results = then.results;
            return outcome;
        }
        case ir::Terminator::Kind::Revert:
        case ir::Terminator::Kind::Unreachable: return {session_.terms.truth(false), {}};
        case ir::Terminator::Kind::External: break;
    }
    throw NotCovered{"an external call in a specification", terminator.range};
}

}  // namespace interlock::analyzer::prover
