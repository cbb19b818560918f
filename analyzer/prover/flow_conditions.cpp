// What a Flow learns from the conditions that it passes.
#include <utility>

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
    if (!end) return std::nullopt;
    for (auto each = frame_at_.lower_bound({frame, 0, 0, {}}); each != frame_at_.end(); ++each) {
        const auto& [place, called] = *each;
        const auto& [caller, block, at, entry] = place;
        if (caller != frame) break;
        if (frames_[called]->caller == frame && at > 0 && block < here.function->blocks.size() &&
            at <= here.function->blocks[block].instructions.size() &&
            &here.function->blocks[block].instructions[at - 1] == call)
            return std::pair{called, end->values.at(result->number)};
    }
    return std::nullopt;
}

namespace {

bool asks_for_code_length(const ir::Instruction& instruction) {
    return instruction.op == Op::CodeLength || is_evm(instruction, vm::Opcode::EXTCODESIZE);
}

}  // namespace

// What a condition says about bounds: i < n, and !(i > n).
void Flow::learn(std::uint32_t frame, State& state, ir::Value condition, bool holds) {
    const Frame& here = *frames_[frame];
    if (const auto answered = answer_of(frame, condition)) return learn(answered->first, state, answered->second, holds);
    const ir::Instruction* made = here.shape->made_by.at(condition.index);
    learn_word(frame, state, condition, constant_of(ir::Word{holds ? 1u : 0u}));
    while (made && made->op == Op::Not && made->type.kind == ir::TypeKind::Bool) {
        holds = !holds;
        if (const auto answered = answer_of(frame, made->operands[0]))
            return learn(answered->first, state, answered->second, holds);
        learn_word(frame, state, made->operands[0], constant_of(ir::Word{holds ? 1u : 0u}));
        made = here.shape->made_by.at(made->operands[0].index);
    }
    if (made && (made->op == Op::Or || made->op == Op::And) && made->type.kind == ir::TypeKind::Bool) {
        if (holds == (made->op == Op::Or)) return learn_either(frame, state, *made, holds);
        for (const ir::Value each : made->operands) learn(frame, state, each, holds);
        return;
    }
    if (made && made->op == Op::Evm && made->opcode == vm::Opcode::ISZERO && holds) {
        state.is_codeless |= get(here, state, frame, made->operands[0]).kind == Known::Kind::Length;
        learn_no_code(frame, state, made->operands[0]);
    }
    if (made && made->operands.size() == 2) {
        learn_sender(frame, state, *made, holds);
        learn_order(frame, state, *made, holds);
        if (made->op == (holds ? Op::NotEqual : Op::Equal)) {
            learn_not_self(frame, state, *made);
            for (const std::size_t side : {0u, 1u})
                learn_other_bit(frame, state, made->operands[side], made->operands[1 - side]);
        }
        if (made->op == (holds ? Op::Equal : Op::NotEqual)) {
            note_equal(frame, state, made->operands[0], made->operands[1]);
            for (const std::size_t side : {0u, 1u}) {
                const Known other = get(here, state, frame, made->operands[1 - side]);
                if (other.kind == Known::Kind::Caller) state.callers.insert(source_of(frame, made->operands[side]));
                learn_word(frame, state, made->operands[side], other);
                if (state.positive.contains({frame, made->operands[1 - side].index}))
                    learn_not_zero(frame, state, made->operands[side]);
            }
        }
    }
    if (!made || made->operands.size() != 2 || here.shape->types.at(made->operands[0].index).is_signed()) return;
    const bool is_below =
        holds ? made->op == Op::Less || made->op == Op::LessEqual : made->op == Op::Greater || made->op == Op::GreaterEqual;
    const bool is_strict = holds ? made->op == Op::Less : made->op == Op::GreaterEqual;
    const auto bound = bound_of(get(here, state, frame, made->operands[1]));
    const bool is_more = made->op == (holds ? Op::Greater : Op::LessEqual),
               is_other = made->op == (holds ? Op::NotEqual : Op::Equal);
    // Of two numbers the greater one is not zero, nor is one that is at least the time.
    std::optional<ir::Value> more;
    const auto is_clock = [&](std::size_t side) {
        return get(here, state, frame, made->operands[side]).kind == Known::Kind::Clock;
    };
    if (is_below && is_clock(0)) more = made->operands[1];
    if (made->op == (holds ? Op::GreaterEqual : Op::Less) && is_clock(1)) more = made->operands[0];
    if (is_more || (bound && bound->is_zero() && is_other)) more = made->operands[0];
    if (is_below && is_strict) more = made->operands[1];
    if (more) {
        learn_not_zero(frame, state, *more);
        learn_used(frame, state, *more);
    }
    const bool is_above =
        holds ? made->op == Op::Greater || made->op == Op::GreaterEqual : made->op == Op::Less || made->op == Op::LessEqual;
    if (is_below && is_strict) learn_index(frame, state, made->operands[0], made->operands[1]);
    if (is_above && made->op == (holds ? Op::Greater : Op::LessEqual))
        learn_index(frame, state, made->operands[1], made->operands[0]);
    if (!is_below || !bound || (is_strict && bound->is_zero())) return;
    note_bound(frame, state, made->operands[0], is_strict ? *bound - ir::Word{1} : *bound);
}

// Also of what the function was given as this argument.
void Flow::note_bound(std::uint32_t frame, State& state, ir::Value value, const ir::Word& bound) const {
    while (true) {
        state.bounds[{frame, value.index}] = bound;
        const Frame& here = *frames_[frame];
        const std::vector<ir::Parameter>& parameters = here.function->blocks.front().parameters;
        const auto found = std::ranges::find(parameters, value, &ir::Parameter::value);
        if (found == parameters.end() || here.is_outer || here.caller == Frame::none || !here.again.empty()) return;
        const ir::Instruction& call = frames_[here.caller]->function->blocks.at(here.block).instructions.at(here.at - 1);
        value = call.operands[static_cast<std::size_t>(found - parameters.begin())];
        frame = here.caller;
    }
}

// One of the two is so: what is known is what either tells.
void Flow::learn_either(std::uint32_t frame, State& state, const ir::Instruction& either, bool holds) {
    const Values before = found_used_;
    State other = state;
    learn(frame, state, either.operands[0], holds);
    Values used = std::exchange(found_used_, before);
    learn(frame, other, either.operands[1], holds);
    erase_if(used, [&](const ValueInFrame& each) { return !found_used_.contains(each); });
    found_used_ = before;
    found_used_.merge(used);
    state.meet(other);
}

// Whether the instruction cuts an account out of its operand: an address is what its low 160 bits are.
namespace {

bool cuts_account(const Makers& made_by, const ir::Instruction& each) {
    constexpr unsigned other_bits = 256 - 160;
    const bool is_and = each.op == Op::And || is_evm(each, vm::Opcode::AND);
    return is_and && constant_in(made_by, each.operands[1]) == vm::all_ones >> other_bits;
}

}  // namespace

// Neither is the word that an account was cut out of.
void Flow::learn_not_zero(std::uint32_t frame, State& state, ir::Value value) const {
    const Makers& made_by = frames_[frame]->shape->made_by;
    bool is_account = frames_[frame]->shape->types.at(value.index).kind == ir::TypeKind::Address;
    for (ir::Value each = value;;) {
        state.positive.insert({frame, each.index});
        const auto origin = state.origins.find({frame, each.index});
        if (origin != state.origins.end() && !code_.most.contains(origin->second))
            state.facts.try_emplace(origin->second, of_kind(Known::Kind::NotZero));
        if (is_account) state.accounts.insert({frame, each.index});
        const ir::Instruction* made = made_by.at(each.index);
        if (!made || (made->op != Op::Reinterpret && !cuts_account(made_by, *made))) return;
        is_account |= made->op != Op::Reinterpret;
        each = made->operands[0];
    }
}

void Flow::keep_not_zero(std::uint32_t frame, State& state, const ir::Instruction& instruction) const {
    if (instruction.op == Op::Reinterpret)
        return pass_not_zero(state, {frame, instruction.operands[0]}, {frame, instruction.result});
    if (instruction.op == Op::Result)
        if (const auto answer = answer_of(frame, instruction.result))
            return pass_not_zero(state, *answer, {frame, instruction.result});
    // No hash is zero.
    if (instruction.op == Op::Keccak || is_evm(instruction, vm::Opcode::KECCAK256))
        state.positive.insert({frame, instruction.result.index});
    // Who is called has code, but for its constructor.
    const bool is_length = asks_for_code_length(instruction);
    if (is_length) state.lengths_of_code.insert({frame, instruction.result.index});
    if (is_length && code_.function(frames_.front()->entry).kind != ir::FunctionKind::Constructor &&
        get(*frames_[frame], state, frame, instruction.operands[0]).kind == Known::Kind::Self)
        state.positive.insert({frame, instruction.result.index});
    const auto is_not_zero = [&](ir::Value value) {
        const Known known = get(*frames_[frame], state, frame, value);
        return state.positive.contains({frame, value.index}) || (known.is_constant() && !known.word.is_zero());
    };
    if (instruction.op == Op::Mul && instruction.checked && std::ranges::all_of(instruction.operands, is_not_zero))
        state.positive.insert({frame, instruction.result.index});
    if (!cuts_account(frames_[frame]->shape->made_by, instruction)) return;
    if (!state.accounts.contains({frame, instruction.operands[0].index})) return;
    state.positive.insert({frame, instruction.result.index});
    state.accounts.insert({frame, instruction.result.index});
}

void Flow::pass_not_zero(State& state, std::pair<std::uint32_t, ir::Value> from,
                         std::pair<std::uint32_t, ir::Value> to) const {
    for (Values* each : {&state.positive, &state.accounts}) {
        each->erase({to.first, to.second.index});
        if (each->contains({from.first, from.second.index})) each->insert({to.first, to.second.index});
    }
}

void Flow::learn_not_self(std::uint32_t frame, State& state, const ir::Instruction& comparison) const {
    for (const std::size_t side : {0u, 1u})
        if (get(*frames_[frame], state, frame, comparison.operands[side]).kind == Known::Kind::Self)
            state.not_self.insert(source_of(frame, comparison.operands[1 - side]));
}

// Whether the account was found to be another one, or is read from the same call data as one that was.
bool Flow::is_not_self(std::uint32_t frame, const State& state, ir::Value account) const {
    const auto [at, value] = source_of(frame, account);
    return std::ranges::any_of(state.not_self, [&](const ValueInFrame& each) {
        if (frames_[each.first]->storage != frames_[frame]->storage) return false;
        return each.first == at && frames_[at]->shape->is_same_value(ir::Value{each.second}, ir::Value{value});
    });
}

// The word is not zero, nor are those that were found to be the same, nor the keys under which it can only be so.
void Flow::learn_used(std::uint32_t frame, State& state, ir::Value value) {
    Values seen;
    std::vector<ValueInFrame> open{{frame, value.index}};
    while (!open.empty()) {
        const ValueInFrame each = open.back();
        open.pop_back();
        if (!seen.insert(each).second) continue;
        learn_given(each.first, state, ir::Value{each.second});
        find_mark(each.first, state, ir::Value{each.second}, false);
        learn_registered(each.first, state, ir::Value{each.second});
        if (const auto told = told_as(each)) open.push_back(*told);
        if (const auto key = key_of_used(each.first, ir::Value{each.second})) open.push_back(*key);
        const ValueInFrame source = source_of(each.first, ir::Value{each.second});
        for (const auto& [one, other] : state.equal)
            if (one == source) open.push_back(other);
    }
}

// What is known to be used, the other one is, too.
void Flow::note_equal(std::uint32_t frame, State& state, ir::Value a, ir::Value b) {
    const ValueInFrame first = source_of(frame, a), second = source_of(frame, b);
    const bool is_of_place = state.origins.contains(first) || state.origins.contains(second);
    if (code_.given.empty() && !has_marks() && !is_of_place) return;
    state.equal.insert({{first, second}, {second, first}});
    if (is_surely_used(first.first, state, ir::Value{first.second})) learn_used(frame, state, b);
    if (is_surely_used(second.first, state, ir::Value{second.second})) learn_used(frame, state, a);
}

// The place that a word was read from still holds it.
void Flow::learn_word(std::uint32_t frame, State& state, ir::Value value, const Known& known) {
    const bool is_account = known.kind == Known::Kind::Actor || known.kind == Known::Kind::Caller;
    const bool is_used = is_account || (known.is_constant() && !known.word.is_zero());
    if (is_used) learn_used(frame, state, value);
    else if (known.is_constant()) find_mark(frame, state, value, true);
    if (is_account) learn_not_zero(frame, state, value);
    if (known.is_constant()) learn_bits(frame, state, value, known.word);
    if (known.is_constant()) learn_sums(frame, state, value, known.word);
    const auto origin = state.origins.find({frame, value.index});
    if (origin == state.origins.end() || !known.is_constant()) return;
    if (lies_left(frames_[frame]->shape->types.at(value.index))) return;
    state.facts[origin->second] = constant_of(known.word);
}

// What a place holds to which a constant more than the number was written: `require(depth++ == 0)`.
void Flow::learn_sums(std::uint32_t frame, State& state, ir::Value value, const ir::Word& word) const {
    const Makers& made_by = frames_[frame]->shape->made_by;
    for (const auto& [id, place] : state.origins) {
        const ir::Instruction* sum = id.first == frame ? made_by.at(id.second) : nullptr;
        if (!sum || sum->op != Op::Add || sum->type.kind != ir::TypeKind::Uint || sum->operands[0] != value) continue;
        const auto more = constant_in(made_by, sum->operands[1]);
        const bool fits = more && word.fits_u64() && more->fits_u64() && vm::bit_length(word + *more) <= sum->type.bits;
        if (fits) state.facts[place] = constant_of(word + *more);
    }
}

// Some bits of a number are these: whether it is odd.
void Flow::learn_bits(std::uint32_t frame, State& state, ir::Value part, const ir::Word& word) const {
    const Frame& here = *frames_[frame];
    const ir::Instruction* made = here.shape->made_by.at(part.index);
    if (!made || (made->op != Op::And && !is_evm(*made, vm::Opcode::AND)) || made->type.is_signed()) return;
    for (const std::size_t side : {0u, 1u}) {
        const Known mask = get(here, state, frame, made->operands[1 - side]);
        const auto origin = state.origins.find({frame, made->operands[side].index});
        if (!mask.is_constant() || origin == state.origins.end() || code_.most.contains(origin->second)) continue;
        Known fact = of_kind(Known::Kind::Bits);
        fact.word = word & mask.word;
        fact.mask = mask.word;
        const auto before = state.facts.find(origin->second);
        if (before == state.facts.end() || before->second.kind == Known::Kind::NotZero) state.facts[origin->second] = fact;
    }
}

// Of a word of which one bit is not known, it is the other one.
void Flow::learn_other_bit(std::uint32_t frame, State& state, ir::Value value, ir::Value denied) {
    const Known known = get(*frames_[frame], state, frame, value), word = get(*frames_[frame], state, frame, denied);
    const ir::Word open = ~known.mask;
    if (known.kind != Known::Kind::Bits || !word.is_constant() || open.is_zero() || !(open & (open - ir::Word{1})).is_zero())
        return;
    if ((word.word & known.mask) == known.word) learn_word(frame, state, value, constant_of(word.word ^ open));
}

// Who called has no code if its length is zero, and if that account began the transaction. It does not get any before the
// entry ends: not even a contract in its constructor, which waits for that.
void Flow::learn_sender(std::uint32_t frame, State& state, const ir::Instruction& comparison, bool holds) {
    const auto orders = orders_of(comparison.op);
    if (!orders) return;
    for (const bool is_first : {true, false}) {
        const Known known = get(*frames_[frame], state, frame, comparison.operands[is_first ? 0 : 1]),
                    other = get(*frames_[frame], state, frame, comparison.operands[is_first ? 1 : 0]);
        const std::uint8_t passed = holds ? *orders : static_cast<std::uint8_t>(any_order & ~*orders);
        if (known.is_who_called && other.kind == Known::Kind::Origin && passed == equal_order)
            state.is_codeless = relies_on_origin_ = true;
        if (!other.is_constant()) continue;
        const std::uint8_t possible = is_first ? passed : reversed(passed);
        const bool is_none =
            other.word.is_zero() ? (possible & greater_order) == 0 : other.word == ir::Word{1} && possible == less_order;
        state.is_codeless |= is_none && known.kind == Known::Kind::Length;
        if (is_none) learn_no_code(frame, state, comparison.operands[is_first ? 0 : 1]);
    }
}

// An account has no code if its length is zero, until somebody makes a contract there: not before control is handed over.
void Flow::learn_no_code(std::uint32_t frame, State& state, ir::Value length) const {
    const auto [at, value] = source_of(frame, length);
    const ir::Instruction* made = frames_[at]->shape->made_by.at(value);
    if (made && asks_for_code_length(*made) && state.lengths_of_code.contains({at, value}))
        state.codeless.insert(source_of(at, made->operands[0]));
}

bool Flow::has_no_code(std::uint32_t frame, const State& state, ir::Value account) const {
    const auto [at, value] = source_of(frame, account);
    return std::ranges::any_of(state.codeless, [&](const ValueInFrame& each) {
        if (each.first != at) return false;
        const Shape& shape = *frames_[at]->shape;
        if (shape.is_same_value(ir::Value{each.second}, ir::Value{value})) return true;
        // Read twice, with no write between.
        const ir::Instruction *first = shape.made_by.at(each.second), *second = shape.made_by.at(value);
        std::vector<ir::Value> from;
        const bool is_read_again = first && second && first->op == Op::Load && shape.is_same_load(*first, *second, from);
        if (!is_read_again) return false;
        const Area area = area_of(*code_.contracts.at(frames_[at]->entry.contract), frames_[at]->storage, first->place);
        return area.kind == Area::Kind::Entries && !state.written.contains(Area::no_variable) &&
               !state.written.contains(first->place.variable);
    });
}

}  // namespace interlock::analyzer::prover
