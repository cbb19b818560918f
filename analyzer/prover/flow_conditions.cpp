// What a Flow learns from the conditions that it passes.
#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// Returns what an internal function of one end returned as this value, and in which frame.
std::optional<std::pair<std::uint32_t, ir::Value>> Flow::answer_of(std::uint32_t frame, ir::Value value) const {
    const Frame& here = *frames_[frame];
    const ir::Instruction* result = here.shape->made_by.at(value.index);
    if (!result || result->op != Op::Result) return std::nullopt;
    const ir::Instruction* call = here.shape->made_by.at(result->operands[0].index);
    if (!call || call->op != Op::InternalCall) return std::nullopt;
    const ir::Terminator* end = nullptr;
    for (const ir::Block& block : code_.function({here.entry.contract, call->callee}).blocks) {
        if (block.terminator.kind != ir::Terminator::Kind::Return) continue;
        if (end) return std::nullopt;
        end = &block.terminator;
    }
    for (const auto& [place, called] : frame_at_) {
        const auto& [caller, block, at, entry] = place;
        if (end && caller == frame && frames_[called]->caller == frame && at > 0 && block < here.function->blocks.size() &&
            at <= here.function->blocks[block].instructions.size() &&
            &here.function->blocks[block].instructions[at - 1] == call)
            return std::pair{called, end->values.at(result->number)};
    }
    return std::nullopt;
}

// What a condition says about bounds: i < n, and !(i > n).
void Flow::learn(std::uint32_t frame, State& state, ir::Value condition, bool holds) {
    const Frame& here = *frames_[frame];
    if (const auto answered = answer_of(frame, condition)) return learn(answered->first, state, answered->second, holds);
    const ir::Instruction* made = here.shape->made_by.at(condition.index);
    while (made && made->op == Op::Not && made->type.kind == ir::TypeKind::Bool) {
        holds = !holds;
        if (const auto answered = answer_of(frame, made->operands[0]))
            return learn(answered->first, state, answered->second, holds);
        made = here.shape->made_by.at(made->operands[0].index);
    }
    if (made && made->operands.size() == 2) learn_time(frame, state, *made, holds);
    if (!made || made->operands.size() != 2 || here.shape->types.at(made->operands[0].index).is_signed()) return;
    const bool is_below =
        holds ? made->op == Op::Less || made->op == Op::LessEqual : made->op == Op::Greater || made->op == Op::GreaterEqual;
    const bool is_strict = holds ? made->op == Op::Less : made->op == Op::GreaterEqual;
    const auto bound = bound_of(get(here, state, frame, made->operands[1]));
    if (bound && bound->is_zero() && made->op == (holds ? Op::Greater : Op::LessEqual))
        state.positive.insert({frame, made->operands[0].index});
    if (!is_below || !bound || (is_strict && bound->is_zero())) return;
    state.bounds[{frame, made->operands[0].index}] = is_strict ? *bound - ir::Word{1} : *bound;
}

// The clock stands still in a transaction: as long as nobody writes the number, it stays before or behind it.
void Flow::learn_time(std::uint32_t frame, State& state, const ir::Instruction& comparison, bool holds) {
    const auto orders = orders_of(comparison.op);
    if (!orders) return;
    for (const bool is_first : {true, false}) {
        const ir::Value clock = comparison.operands[is_first ? 0 : 1], number = comparison.operands[is_first ? 1 : 0];
        const Known known = get(*frames_[frame], state, frame, clock);
        const auto origin = state.origins.find({frame, number.index});
        if (known.kind != Known::Kind::Clock || origin == state.origins.end() || code_.most.contains(origin->second))
            continue;
        const std::uint8_t passed = holds ? *orders : static_cast<std::uint8_t>(any_order & ~*orders);
        Known fact = of_kind(Known::Kind::Timed);
        fact.number = known.number;
        fact.word = ir::Word{is_first ? passed : reversed(passed)};
        const auto before = state.facts.find(origin->second);
        if (before != state.facts.end()) {
            if (before->second.kind != Known::Kind::Timed || before->second.number != fact.number) continue;
            fact.word = fact.word & before->second.word;
        }
        state.facts[origin->second] = fact;
    }
}

}  // namespace interlock::analyzer::prover
