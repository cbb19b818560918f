// The part of a Flow that runs the instructions of a block.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/slots.hpp"
#include "analyzer/prover/uses.hpp"
#include "lang/ir/effects.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using Kind = Known::Kind;

namespace {

// Returns whether the result is the word that the operand is, where it has a key.
bool is_whole(const ir::Type& from, const ir::Type& to) {
    constexpr unsigned address_bits = 160;
    const auto bits_of = [](const ir::Type& type) -> unsigned {
        if (type.kind == ir::TypeKind::Address) return address_bits;
        return type.kind == ir::TypeKind::Uint ? type.bits : 0;
    };
    return bits_of(from) != 0 && bits_of(to) >= bits_of(from);
}

}  // namespace

// Whether it is what the compiler finds in the head of bytes that have a length.
bool Flow::is_length_of_bytes(const Frame& frame, const ir::Instruction& result) const {
    const ir::Instruction* call = frame.shape->made_by.at(result.operands[0].index);
    return call && code_.function({frame.entry.contract, call->callee}).name == "length of bytes in storage" &&
           frame.values.at(call->operands[0].index).kind == Kind::Head;
}

// Whether it asks for a flag that who called the entry, a stranger, does not have.
bool Flow::lacks_flag(std::uint32_t frame, const State& state, const ir::Instruction& load,
                      const std::vector<Known>& operands) const {
    if ((code_.members.empty() && code_.grantors.empty()) || operands.empty()) return false;
    if (operands.back().kind != Kind::Caller &&
        !state.callers.contains(source_of(frame, load.operands.data()[operands.size() - 1])))
        return false;
    const Area flags = flags_of(*code_.contracts.at(frames_[frame]->entry.contract), frames_[frame]->storage, load.place);
    const Known& first = operands.front();
    const bool is_of_role_zero = operands.size() > 1 && first.is_constant() && first.word.is_zero();
    return code_.members.contains(flags) || (is_of_role_zero && code_.grantors.contains(flags));
}

// Whether it asks for what a contract of the scope could have said of itself, and does not.
bool Flow::is_unsaid(const Frame& frame, const ir::Instruction& load, const std::vector<Known>& operands) const {
    const ir::Place& place = load.place;
    if (code_.unsaid.empty() || frame.storage != frame.entry.contract || place.steps.empty() ||
        place.steps[0].kind != ir::PlaceStep::Kind::Key ||
        type_at(*code_.contracts.at(frame.entry.contract), place).kind != ir::StorageType::Kind::Value)
        return false;
    const Known& account = operands.at(place.steps[0].operand);
    if (account.kind != Kind::Self && account.kind != Kind::Made) return false;
    return code_.unsaid.contains(
        {frame.storage, place.variable, account.kind == Kind::Self ? frame.storage : account.number});
}

// Whether the place holds nothing but zero, so that it is the same who writes it when.
bool Flow::is_always_zero(const Frame& frame, const ir::Place& place) const {
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    return frame.storage == frame.entry.contract && code_.zeros.contains({frame.storage, place.variable}) &&
           type_at(contract, place).kind == ir::StorageType::Kind::Value;
}

// Returns whether the load is one that may be found out again.
bool Flow::notes_load(Node& node, const ir::Instruction& load, const Area& area) const {
    if (!frames_[node.frame]->shape->rechecks.contains(&load) || is_survived(node.frame)) return false;
    const auto [place, is_new] = node.loads.try_emplace(&load, area);
    return is_new || place->second == area;
}

// Whether the load is of what somebody is told, who does nothing in the scope then.
bool Flow::is_only_told(std::uint32_t frame, const ir::Instruction& load) {
    const Shape& shape = *frames_[frame]->shape;
    if (!shape.told.contains(&load) || is_survived(frame)) return false;
    const bool is_told = std::ranges::all_of(shape.tellings, [&](std::uint32_t selector) { return is_of_nobody(selector); });
    relies_on_tellings_ |= is_told;
    return is_told;
}

// Whether what the instruction finds out is only told, in an event or at the end of the entry.
bool Flow::is_logged(std::uint32_t frame_index, const ir::Instruction& instruction) {
    const Frame& frame = *frames_[frame_index];
    if (frame.only_tells || frame.shape->logged.contains(&instruction)) return true;
    if (frame_index != 0 || !code_.unheard.contains(frame.entry) || !frame.shape->returned.contains(&instruction))
        return false;
    relies_on_returns_ = true;
    return true;
}

bool Flow::takes_unheard(std::uint32_t frame_index, const ir::Instruction& instruction) const {
    const Frame& frame = *frames_[frame_index];
    return frame_index == 0 && code_.unheard.contains(frame.entry) && frame.shape->told_takings.contains(&instruction) &&
           !is_survived(frame_index);
}

bool Flow::takes_all(std::uint32_t frame_index, const ir::Instruction& instruction) const {
    const bool is_paid = frames_[frame_index]->shape->takings.contains(&instruction) && !is_survived(frame_index);
    return is_paid || takes_unheard(frame_index, instruction);
}

// The hash of words that are constants, or begin with an account of the scope: the same words have the same hash, and no others
// have it. Where that account is the first one, another word that nothing else has stands for it.
Known Flow::hash_of(std::uint32_t frame, const State& state, const std::vector<HashedWord>& words) const {
    const std::uint32_t storage = frames_[frame]->storage;
    vm::Bytes bytes;
    Known hash = nothing_known();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Known known =
            words[i].constant ? constant_of(*words[i].constant) : get(*frames_[frame], state, frame, words[i].word.value);
        const bool is_sister =
            caller_ == Caller::Sister && known.kind == Kind::Self && storage == frames_.front()->entry.contract;
        const bool is_of_scope = (known.kind == Kind::Self && !is_sister) || (known.kind == Kind::Made && known.is_inside);
        if (i == 0 && is_of_scope) hash.hashed = Hashed::OfScope;
        if (i == 0 && (known.kind == Kind::Caller || known.kind == Kind::Sister || is_sister))
            hash.hashed = Hashed::OfOthers;
        if (!known.is_constant() && (i != 0 || !is_of_scope)) return hash;
        if (words[i].word.is_account && known.is_constant()) return hash;
        const auto word = vm::to_big_endian(known.is_constant()        ? known.word
                                            : known.kind == Kind::Self ? ir::Word{storage}
                                                                       : ir::Word{known.number});
        bytes.insert(bytes.end(), word.begin(), word.end());
    }
    if (hash.hashed == Hashed::OfScope) bytes.push_back(0);  // no data that are hashed are so long
    const Hashed hashed = hash.hashed;
    hash = constant_of(vm::to_word(vm::keccak256(bytes)));
    hash.hashed = hashed;
    return hash;
}

// Whether no contract of the scope has a function for it.
bool Flow::is_of_nobody(std::uint32_t selector) const {
    return std::ranges::none_of(code_.contracts, [&](const ir::Contract* contract) {
        return std::ranges::any_of(contract->functions, [&](const ir::Function& each) {
            return each.kind == ir::FunctionKind::Fallback || (is_plain_entry(each) && each.selector == selector);
        });
    });
}

// What a comparison of zero with an unsigned number says that is not zero.
std::optional<bool> Flow::compared_with_zero(std::uint32_t frame, const State& state, const ir::Instruction& instruction,
                                             const std::vector<Known>& operands) const {
    const auto orders = orders_of(instruction.op);
    if (!orders || operands.size() != 2 || frames_[frame]->shape->types.at(instruction.operands[0].index).is_signed())
        return std::nullopt;
    for (const std::size_t side : {0u, 1u}) {
        const bool is_zero = operands[1 - side].is_constant() && operands[1 - side].word.is_zero();
        if (is_zero && state.positive.contains({frame, instruction.operands[side].index}))
            return ((side == 0 ? *orders : reversed(*orders)) & greater_order) != 0;
    }
    return std::nullopt;
}

bool Flow::step(std::uint32_t index, State& state, std::uint32_t at) {
    Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame;
    Frame& frame = *frames_[frame_index];
    const ir::Instruction& instruction = frame.function->blocks[node.block].instructions[at];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    std::vector<Known> operands;
    for (const ir::Value value : instruction.operands) operands.push_back(get(frame, state, frame_index, value));
    if (instruction.op != Op::Guard &&
        std::ranges::any_of(operands, [](const Known& each) { return each.kind == Kind::Never; }))
        return false;  // not reached yet
    if ((instruction.op == Op::Reinterpret || instruction.op == Op::Evm) && !frame.shape->peeks.contains(&instruction))
        for (const Known& each : operands) {
            if (each.kind == Kind::Text) changed_ |= spoilt_.insert(each.text).second;
            if (each.kind == Kind::Coded) changed_ |= spoilt_codes_.insert(each.maker).second;
        }
    std::vector<Known> looked_at = operands;
    const bool is_of_answer = reads_answer(state, frame_index, instruction);
    if (is_of_answer) {
        looked_at.push_back(nothing_known());
        looked_at.back().is_answer = true;
    }
    heed_answer(index, instruction, looked_at);
    pass_memory(state, frame_index, instruction, std::ranges::any_of(looked_at, &Known::is_answer));
    relies_on_origin_ |= tells_from_origin(operands);
    const auto increment = frame.shape->increments.find(&instruction);
    const bool is_increment = increment != frame.shape->increments.end() && !is_survived(frame_index);
    const bool is_taking = takes_all(frame_index, instruction);
    relies_on_returns_ |= takes_unheard(frame_index, instruction);
    Known result = nothing_known();
    Key key = Key::Any;
    if (instruction.result) redefine(state, {frame_index, instruction.result.index});
    switch (instruction.op) {
        case Op::Guard:
            if (operands.at(0).kind == Kind::Never) return false;
            if (truth_of(operands[0]) == false) {
                end_undone(index);
                return false;
            }
            learn(frame_index, state, instruction.operands[0], true);
            return true;
        case Op::InternalCall: {
            const Entry callee{frame.entry.contract, instruction.callee};
            const std::uint32_t called =
                frame_of(frame_index, node.block, at + 1, callee, frame.storage, frame.sender, false);
            Frame& inner = *frames_[called];
            inner.only_tells = is_logged(frame_index, instruction) && always_answers(contract, instruction.callee);
            const auto& parameters = inner.function->blocks.front().parameters;
            State inside = state;
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                set(inner, parameters[i].value, operands.at(i));
                pass_not_zero(inside, {frame_index, instruction.operands.data()[i]}, {called, parameters[i].value});
            }
            enter(index, called, inside);
            return false;
        }
        case Op::Result: {
            const auto found = frame.results.find(instruction.operands[0].index);
            if (found == frame.results.end()) return false;
            result = found->second.at(instruction.number);
            if (!result.is_constant() && is_length_of_bytes(frame, instruction)) result = any_length();
            key = result.key;
            break;
        }
        case Op::Load: {
            if (is_always_zero(frame, instruction.place) || is_unsaid(frame, instruction, operands)) {
                result = constant_of(ir::Word{});
                break;
            }
            Area area = area_of_access(frame, state, instruction, operands);
            mark_own(frame_index, state, instruction, area);
            const bool is_told = is_only_told(frame_index, instruction) || is_logged(frame_index, instruction) ||
                                 code_.saving.contains(&instruction);
            const bool is_next_number = !is_told && is_numbering(frame_index, instruction);
            if (is_next_number) touch(index, area, Access::Number);
            const bool is_marked = area.found == Found::Any && !is_told;
            const std::optional<Area> field = is_marked ? kept_field(frame_index, instruction) : std::nullopt;
            if (field) mark_load(index, state, instruction, area, *field);
            const bool is_one =
                is_marked && !field && area.kind == Area::Kind::Entries && has_to_be_one(frame_index, instruction);
            if (is_one) {
                Area found = area;
                found.found = Found::Set;
                touch(index, found, Access::Read);
            }
            const bool is_noted = is_one || field || is_increment || is_taking || is_next_number || is_told ||
                                  notes_load(node, instruction, area) || notes_cap(node, instruction, area) ||
                                  notes_bits(node, instruction, area);
            const Access weight = weighed(frame_index, instruction);
            const bool is_limited = !is_noted && weight == Access::AskMost;
            if (is_limited) touch(index, area, Access::AskMost);
            result = read(index, state, area, is_noted || is_limited,
                          frame.shape->asks.contains(&instruction) || weight == Access::Ask);
            if (result.is_nothing() && type_at(contract, instruction.place).kind == ir::StorageType::Kind::DynamicArray)
                result = length_in(area);
            if (result.is_nothing() && is_untouched(state, area)) result = constant_of(ir::Word{});
            if (!code_.grants.empty() && code_.grants.contains(area_of(contract, frame.storage, instruction.place)))
                result = constant_of(ir::Word{});
            if (result.is_nothing() && !code_.unset.empty()) {
                Area whole = area_of(contract, frame.storage, instruction.place);
                whole.is_one = false;
                if (code_.unset.contains(whole)) result = constant_of(ir::Word{});
            }
            if (result.is_nothing() && lacks_flag(frame_index, state, instruction, operands))
                result = constant_of(ir::Word{});
            if (is_place(area) && !instruction.type.is_signed() && !lies_left(instruction.type))
                state.origins[{frame_index, instruction.result.index}] = area;
            break;
        }
        case Op::Store: store(index, state, instruction, operands); return true;
        case Op::Clear: clear(index, state, instruction, operands); return true;
        case Op::LoadImmutable: {
            Area area{Area::Kind::Immutable, frame.entry.contract, instruction.place.variable, {}, {}, {}, 0, 32};
            result = read(index, state, area, true);
            if (code_.selves.contains(area)) {
                result = of_kind(frame.storage == area.contract ? Kind::Self : Kind::Made);
                if (result.kind == Kind::Made) result.number = area.contract;
            }
            if (!instruction.type.is_signed()) state.origins[{frame_index, instruction.result.index}] = area;
            break;
        }
        case Op::StoreImmutable: {
            const Area area{Area::Kind::Immutable, frame.entry.contract, instruction.place.variable, {}, {}, {}, 0, 32};
            Known& written = written_[area];
            written = common(written, operands.back());
            state.forget(area);
            return true;
        }
        case Op::SlotOf: {
            Area area = area_of_access(frame, state, instruction, operands);
            area.is_of_origin = area.is_one = false;
            area.made_by = 0;
            area.constant.reset();
            if (area.kind == Area::Kind::Entries) {
                result = slot_of(area, type_index_at(contract, instruction.place));
                result.is_flat = area.fields.empty() && instruction.place.steps.size() == 1;
            } else if (operands.empty()) {
                result = constant_of(area.slot);
            } else {
                result = of_kind(Kind::Slots);
                result.word = area.slot;
                result.mask = area.last;
            }
            break;
        }
        case Op::Literal:
            if (spoilt_.contains(&instruction.data)) break;
            result = of_kind(Kind::Text);
            result.text = &instruction.data;
            break;
        case Op::Keccak:
            // Of bytes that somebody chooses it may be any constant of the source that was made in the same way.
            if (operands.at(0).kind == Kind::Text) {
                const std::string& text = *operands[0].text;
                const vm::Bytes bytes(text.begin(), text.end());
                result = constant_of(vm::to_word(vm::keccak256(bytes)));
            }
            if (const auto data = frame.shape->hashed_data.find(&instruction); data != frame.shape->hashed_data.end())
                result = hash_of(frame_index, state, data->second);
            break;
        case Op::Caller:
            result = frame.sender;
            key = result.key;
            break;
        case Op::CallValue:
            if (has_little_gas_) result = constant_of(ir::Word{});
            break;
        case Op::CallSelector: {
            const ir::Function& entry = *frames_.front()->function;
            const bool is_alone = frames_.size() == 1 || std::ranges::none_of(frames_, [&](const auto& each) {
                                      return each->is_outer && each->function != &entry;
                                  });
            constexpr unsigned above = 256 - 32;
            if (is_alone && is_plain_entry(entry)) result = constant_of(ir::Word{entry.selector} << above);
            break;
        }
        case Op::Origin: result = of_kind(Kind::Origin); break;
        case Op::Timestamp: result = of_kind(Kind::Clock); break;
        case Op::BlockNumber:
            result = of_kind(Kind::Clock);
            result.number = 1;
            break;
        case Op::This: result = of_kind(Kind::Self); break;
        case Op::CodeLength:
            if (!is_only_told(frame_index, instruction)) result = code_length(index, at, instruction, operands.at(0));
            break;
        case Op::CodeHash: touch(index, code_area(), Access::Read); break;
        case Op::SelfBalance:
        case Op::Balance:
            if (is_logged(frame_index, instruction)) break;
            if (instruction.op == Op::SelfBalance) node.footprint.purses.seen.insert(frame.storage);
            else node.footprint.purses.add({every_purse().seen, {}, {}});
            if (const auto asked = frame.shape->balance_asked.find(&instruction);
                asked != frame.shape->balance_asked.end()) {
                const Known least = get(frame, state, frame_index, asked->second);
                const bool is_given = !frame.shape->made_by.at(asked->second.index);
                if (is_given && least.is_constant() && least.word.is_zero()) break;  // there is always as much as nothing
                if (!is_survived(frame_index)) node.balance_asked.emplace(at, asked->second);
                else node.footprint.balance.insert(Access::Read);
            } else {
                node.footprint.balance.insert(weighed(frame_index, instruction));
            }
            break;
        case Op::Evm:
            if (vm::effects_of(instruction.opcode).halts() && !vm::effects_of(instruction.opcode).changes_state()) {
                const bool succeeds = instruction.opcode == vm::Opcode::STOP || instruction.opcode == vm::Opcode::RETURN;
                if (succeeds) end_call(index, state);
                else end_undone(index);
                return false;
            }
            if (instruction.opcode == vm::Opcode::SELFDESTRUCT) {
                // All ether goes, maybe to a contract of the scope, without a call. The code goes at the end of the transaction.
                Footprint& all = node.footprint;
                all.sends = all.sends_soft = all.receives = true;
                all.balance.insert(Access::Read);
                all.purses.add(every_purse());
                end_call(index, state);
                return false;
            }
            result = machine(index, state, at, operands);
            break;
        case Op::Convert: {
            const ir::Type& from = frame.shape->types.at(instruction.operands[0].index);
            const bool is_moved = from.is_signed() || lies_left(from);
            result = is_moved ? nothing_known() : outcome_of(instruction, operands);
            break;
        }
        case Op::Sub: {
            result = outcome_of(instruction, operands);
            if (instruction.operands[0] == instruction.operands[1]) result = constant_of(ir::Word{});
            const bool is_less_one = operands.at(1).is_constant() && operands[1].word == ir::Word{1};
            const auto bound = bound_of(operands.at(0));
            if (is_less_one && bound && !instruction.type.is_signed() && result.is_nothing() &&
                state.positive.contains({frame_index, instruction.operands[0].index}))
                result = at_most(*bound);
            break;
        }
        case Op::Reinterpret:
            result = outcome_of(instruction, operands);
            if (frame.shape->empties.contains(&instruction) && !spoilt_.contains(&instruction.data)) {
                result = of_kind(Kind::Text);
                result.text = &instruction.data;
            }
            if (!instruction.selector || spoilt_codes_.contains(&instruction)) break;
            note_encoding(frame_index, state, instruction);
            result = of_kind(Kind::Coded);
            result.number = *instruction.selector;
            result.maker = &instruction;
            break;
        default:
            if (ir::writes_of(instruction).intersects(vm::state_regions))
                throw NotCovered{"this instruction", instruction.range};
            result = outcome_of(instruction, operands);
            if (!result.is_nothing()) break;
            auto truth = compared_with_zero(frame_index, state, instruction, operands);
            if (!truth) truth = compared_as_before(frame_index, state, instruction);
            if (truth) result = constant_of(ir::Word{*truth ? 1u : 0u});
    }
    if (is_evm(instruction, vm::Opcode::CALLDATALOAD)) {
        const Known given = word_given(frame_index, operands.at(0));
        if (result.is_nothing()) result = given;
        key = given.key;
    }
    if (const auto element = element_at(frame_index, state, instruction, operands)) result = *element;
    if (instruction.result) {
        result.is_in_memory |= leads_to_free_memory(frame_index, instruction, operands);
        result.is_in_memory &= result.kind == Kind::Bits;
        result.is_answer |= is_of_answer || std::ranges::any_of(operands, &Known::is_answer);
        const bool is_conversion = instruction.op == Op::Convert || instruction.op == Op::Reinterpret;
        if (is_conversion && is_whole(frame.shape->types.at(instruction.operands[0].index), instruction.type))
            key = operands[0].key;
        // Where the entry calls itself, its call data are others.
        const auto argument = argument_keys_.find(&instruction);
        if (argument != argument_keys_.end() && frame_index == 0 && frame.again.empty()) key = argument->second;
        if (const auto hash = hashes_.find(&instruction); hash != hashes_.end()) key = key_of_hash(frame_index, *hash);
        if (const auto number = key_of_number(frame_index, instruction)) {
            key = *number;
            // What is reserved was given out by then.
            const bool is_reserved =
                std::ranges::count(frame.shape->reserved, instruction.result.index, &FreshValue::value) != 0;
            if (own_ && key == Key::This && !is_reserved) state.given.erase(*own_);
        }
        if (is_later_length(frame_index, state, instruction)) key = Key::Other;
        result.key = key;
        state.bounds.erase({frame_index, instruction.result.index});
        state.positive.erase({frame_index, instruction.result.index});
        state.accounts.erase({frame_index, instruction.result.index});
        keep_not_zero(frame_index, state, instruction);
        note_own(frame_index, state, instruction);
        const bool is_load = instruction.op == Op::Load || instruction.op == Op::LoadImmutable ||
                             is_evm(instruction, vm::Opcode::SLOAD) || is_evm(instruction, vm::Opcode::TLOAD);
        if (!is_load) state.origins.erase({frame_index, instruction.result.index});
        if (is_conversion && is_whole(frame.shape->types.at(instruction.operands[0].index), instruction.type))
            state.copy_origin({frame_index, instruction.operands[0].index}, {frame_index, instruction.result.index});
        if (const auto origin = state.origins.find({frame_index, instruction.result.index});
            is_load && origin != state.origins.end() && state.facts.contains(origin->second) &&
            state.facts.at(origin->second).kind == Kind::NotZero)
            learn_not_zero(frame_index, state, instruction.result);
        if (is_load && is_known_at_number(frame_index, state, instruction))
            learn_not_zero(frame_index, state, instruction.result);
        set(frame, instruction.result, result);
    }
    return true;
}

void Flow::leave(std::uint32_t index, State& state) {
    const Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame;
    Frame& frame = *frames_[frame_index];
    const ir::Terminator& terminator = frame.function->blocks[node.block].terminator;
    switch (terminator.kind) {
        case ir::Terminator::Kind::Jump: return jump(index, frame_index, terminator.then, {}, state);
        case ir::Terminator::Kind::Branch: {
            const auto [asked, taken] = condition_of(node);
            const Known condition = get(frame, state, frame_index, asked);
            if (condition.kind == Kind::Never) return;
            const auto truth = taken ? taken : truth_of(condition);
            if (condition.is_answer && !truth) heed_answer(index, terminator);
            for (const bool holds : {true, false}) {
                if (truth == !holds) continue;
                State there = state;
                const ir::Jump& way = holds ? terminator.then : terminator.otherwise;
                found_used_.clear();
                learn(frame_index, there, asked, holds);
                if (terminator.then.block != terminator.otherwise.block) nodes_[index]->used_ways[way.block] = found_used_;
                jump(index, frame_index, way, {}, there);
            }
            return;
        }
        case ir::Terminator::Kind::Return: {
            std::vector<Known> results;
            for (const ir::Value value : terminator.values) {
                results.push_back(get(frame, state, frame_index, value));
                results.back().is_answer |= frame.shape->copies.contains(frame.shape->made_by.at(value.index));
            }
            return end_frame(index, state, results);
        }
        case ir::Terminator::Kind::External: state.origins.clear(); return call_out(index, state, terminator);
        case ir::Terminator::Kind::Revert:
        case ir::Terminator::Kind::Unreachable: return end_undone(index);
    }
}

}  // namespace interlock::analyzer::prover
