#include "analyzer/prover/flow.hpp"

#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/terms.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using Kind = Known::Kind;

namespace {

constexpr std::size_t max_flow_nodes = 4'000, max_flow_depth = 48;
constexpr std::uint64_t max_flow_steps = 2'000'000;

const ir::StorageType& type_at(const ir::Contract& contract, const ir::Place& place) {
    const ir::StorageType* type = &contract.storage_types.at(contract.state.at(place.variable).type);
    for (const ir::PlaceStep& step : place.steps)
        type = &contract.storage_types.at(step.kind == ir::PlaceStep::Kind::Field ? type->fields.at(step.operand).type
                                                                                  : type->element);
    return *type;
}

bool is_length_at(const ir::Contract& contract, const ir::Word& slot) {
    return std::ranges::any_of(contract.state, [&](const ir::StateVariable& each) {
        return !each.is_immutable && each.slot == slot &&
               contract.storage_types.at(each.type).kind == ir::StorageType::Kind::DynamicArray;
    });
}

Known any_length() { return at_most(ir::Word{~std::uint64_t{0}}); }

bool is_length(const Known& known) {
    return known.is_constant() || known.kind == Kind::Small || (known.kind == Kind::Slots && known.mask.fits_u64());
}

}  // namespace

// --- what is fixed about a function ---

Flow::Shape::Shape(const ir::Function& function) : made_by(function.values), types(function.values) {
    for (const ir::Block& block : function.blocks) {
        for (const ir::Parameter& parameter : block.parameters) types.at(parameter.value.index) = parameter.type;
        for (const ir::Instruction& instruction : block.instructions) {
            if (!instruction.result) continue;
            types.at(instruction.result.index) = instruction.type;
            made_by.at(instruction.result.index) = &instruction;
        }
    }
    find_increments(function);
    find_logged(function);
}

void Flow::Shape::find_logged(const ir::Function& function) {
    std::set<std::uint32_t> told, used;
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions)
            for (const ir::Value value : each.operands) (each.op == Op::Emit ? told : used).insert(value.index);
        const auto use = [&](ir::Value value) { used.insert(value.index); };
        ir::for_each_use(block.terminator, use);
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
    }
    for (const std::uint32_t value : told)
        if (!used.contains(value) && made_by[value] && made_by[value]->op == Op::Load) logged.insert(made_by[value]);
}

bool Flow::Shape::is_same_value(ir::Value a, ir::Value b) const {
    if (a == b) return true;
    const ir::Instruction *first = made_by.at(a.index), *second = made_by.at(b.index);
    if (!first || !second || first->op != second->op) return false;
    return first->op == Op::Caller ||
           (first->op == Op::Constant && first->word == second->word && first->type == second->type);
}

bool Flow::Shape::is_same_place(const ir::Instruction& load, const ir::Instruction& store) const {
    const std::size_t keys = load.operands.size();
    if (store.operands.size() != keys + 1 || load.op == Op::Evm)
        return load.op == Op::Evm && is_same_value(load.operands[0], store.operands[0]);
    const auto same_step = [](const ir::PlaceStep& a, const ir::PlaceStep& b) {
        return a.kind == b.kind && a.operand == b.operand;
    };
    if (load.place.variable != store.place.variable || !std::ranges::equal(load.place.steps, store.place.steps, same_step))
        return false;
    for (std::size_t i = 0; i < keys; ++i)
        if (!is_same_value(load.operands[i], store.operands[i])) return false;
    return true;
}

// Finds x += y and x -= y of unsigned numbers, where nothing else sees x before or after.
void Flow::Shape::find_increments(const ir::Function& function) {
    std::vector<std::uint32_t> uses(function.values);
    const auto use = [&](ir::Value value) { ++uses.at(value.index); };
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& instruction : block.instructions) std::ranges::for_each(instruction.operands, use);
        const ir::Terminator& end = block.terminator;
        for (const ir::Jump* jump : {&end.then, &end.otherwise, &end.call.next}) std::ranges::for_each(jump->arguments, use);
        std::ranges::for_each(end.values, use);
        std::ranges::for_each(end.call.arguments, use);
        for (const ir::Value value : {end.condition, end.call.target, end.call.value, end.call.gas, end.call.salt})
            if (value) use(value);
    }
    for (const ir::Block& block : function.blocks) {
        for (std::size_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& store = block.instructions[at];
            const bool is_raw = store.op == Op::Evm && store.opcode == vm::Opcode::SSTORE;
            if (store.op != Op::Store && !is_raw) continue;
            const ir::Instruction* sum = made_by.at((is_raw ? store.operands[1] : store.operands.back()).index);
            if (!sum || (sum->op != Op::Add && sum->op != Op::Sub) || sum->type.kind != ir::TypeKind::Uint) continue;
            if (is_raw && sum->type.bits != 256) continue;
            if (uses.at(sum->result.index) != 1) continue;
            for (std::size_t side = 0; side < (sum->op == Op::Add ? 2u : 1u); ++side) {
                const ir::Instruction* load = made_by.at(sum->operands[side].index);
                if (!load || uses.at(load->result.index) != 1) continue;
                if (is_raw ? load->op != Op::Evm || load->opcode != vm::Opcode::SLOAD : load->op != Op::Load) continue;
                const auto begin = block.instructions.begin();
                const auto from = std::find_if(begin, begin + static_cast<std::ptrdiff_t>(at),
                                               [&](const ir::Instruction& each) { return &each == load; });
                if (from == begin + static_cast<std::ptrdiff_t>(at) || !is_same_place(*load, store)) continue;
                const bool is_alone = std::none_of(
                    from, begin + static_cast<std::ptrdiff_t>(at),
                    [](const ir::Instruction& each) { return ir::writes_of(each).intersects(vm::state_regions); });
                if (!is_alone) continue;
                const Access access = !sum->checked ? Access::Shift : sum->op == Op::Add ? Access::Add : Access::Subtract;
                increments[load] = increments[&store] = access;
                break;
            }
        }
    }
}

const Flow::Shape& Flow::shape_of(const ir::Function& function) {
    std::unique_ptr<Shape>& shape = shapes_[&function];
    if (!shape) shape = std::make_unique<Shape>(function);
    return *shape;
}

// --- the graph ---

void Flow::State::meet(const State& other) {
    for (auto fact = facts.begin(); fact != facts.end();) {
        const auto found = other.facts.find(fact->first);
        const Known known = found == other.facts.end() ? nothing_known() : common(fact->second, found->second);
        if (known.is_nothing()) {
            fact = facts.erase(fact);
        } else {
            fact->second = known;
            ++fact;
        }
    }
    std::erase_if(bounds, [&](const auto& bound) {
        const auto found = other.bounds.find(bound.first);
        return found == other.bounds.end() || found->second != bound.second;
    });
}

Flow::Flow(const CodeInScope& code, Entry entry, Caller caller, const Facts& facts, Survivors survivors)
    : code_(code), caller_(caller), survivors_(std::move(survivors)) {
    const Known sender = caller == Caller::Anybody ? nothing_known() : of_kind(Kind::Caller);
    const std::uint32_t frame = frame_of(Frame::none, 0, 0, entry, sender);
    for (const ir::Parameter& parameter : frames_[frame]->function->blocks.front().parameters)
        set(*frames_[frame], parameter.value, nothing_known());
    State state;
    state.facts = facts;
    go_to(Frame::none, frame, 0, 0, state);
    do {
        changed_ = false;
        for (std::uint32_t index = 0; index < nodes_.size(); ++index) process(index);
    } while (changed_);
    conclude();
}

Flow::~Flow() = default;

std::uint32_t Flow::frame_of(std::uint32_t caller, std::uint32_t block, std::uint32_t at, Entry entry, const Known& sender) {
    const auto [place, is_new] =
        frame_at_.try_emplace({caller, block, at, entry}, static_cast<std::uint32_t>(frames_.size()));
    if (!is_new) return place->second;
    auto frame = std::make_unique<Frame>();
    frame->entry = entry;
    frame->function = &code_.function(entry);
    frame->shape = &shape_of(*frame->function);
    frame->caller = caller;
    frame->block = block;
    frame->at = at;
    frame->sender = sender;
    frame->values.resize(frame->function->values);
    if (caller != Frame::none) frame->depth = frames_[caller]->depth + 1;
    for (std::uint32_t above = caller; above != Frame::none; above = frames_[above]->caller)
        if (frames_[above]->function == frame->function) throw NotCovered{"recursion", frame->function->range};
    if (frame->depth > max_flow_depth) throw NotCovered{"so deep a nesting of calls", frame->function->range};
    frames_.push_back(std::move(frame));
    return place->second;
}

void Flow::go_to(std::uint32_t from, std::uint32_t frame, std::uint32_t block, std::uint32_t first, const State& state) {
    const auto [place, is_new] = node_at_.try_emplace({frame, block, first}, static_cast<std::uint32_t>(nodes_.size()));
    if (is_new) {
        if (nodes_.size() >= max_flow_nodes) throw NotCovered{"so long a function", frames_[frame]->function->range};
        auto node = std::make_unique<Node>();
        node->frame = frame;
        node->block = block;
        node->first = first;
        node->state = state;
        nodes_.push_back(std::move(node));
        changed_ = true;
    } else {
        Node& node = *nodes_[place->second];
        const State before = node.state;
        node.state.meet(state);
        changed_ = changed_ || node.state != before;
    }
    if (from != Frame::none) nodes_[from]->next.insert(place->second);
}

void Flow::set(Frame& frame, ir::Value value, const Known& known) {
    Known& held = frame.values.at(value.index);
    Known joined = common(held, known);
    if (joined == held) return;
    held = std::move(joined);
    changed_ = true;
}

Known Flow::get(const Frame& frame, const State& state, std::uint32_t index, ir::Value value) const {
    const Known& known = frame.values.at(value.index);
    if (known.kind != Kind::Bits || known.is_constant()) return known;
    const auto bound = state.bounds.find({index, value.index});
    return bound == state.bounds.end() ? known : at_most(bound->second);
}

void Flow::jump(std::uint32_t from, std::uint32_t frame, const ir::Jump& jump, const std::vector<Known>& received,
                const State& state) {
    Frame& here = *frames_[frame];
    const ir::Block& block = here.function->blocks.at(jump.block);
    std::vector<Known> arguments;
    for (const ir::Value value : jump.arguments) arguments.push_back(get(here, state, frame, value));
    arguments.insert(arguments.end(), received.begin(), received.end());
    State after = state;
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
        after.bounds.erase({frame, block.parameters[i].value.index});
        // What a loop counts is bounded by its condition, not by where it comes from.
        const Known known = arguments.at(i).kind == Kind::Small ? nothing_known() : arguments.at(i);
        set(here, block.parameters[i].value, known);
    }
    go_to(from, frame, jump.block, 0, after);
}

void Flow::process(std::uint32_t index) {
    if (code_.deadline.has_passed()) throw OutOfTime{};
    Node& node = *nodes_[index];
    State state = node.state;
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    for (std::uint32_t at = node.first; at < block.instructions.size(); ++at) {
        if (++steps_ > max_flow_steps) throw NotCovered{"so long a function", frames_[node.frame]->function->range};
        if (!step(index, state, at)) return;
    }
    leave(index, state);
}

void Flow::touch(std::uint32_t index, const Area& area, Access access) {
    nodes_[index]->footprint.accesses.emplace(area, access);
}

void Flow::write(std::uint32_t index, State& state, const Area& area, Access access, const Known& value) {
    touch(index, area, access);
    std::erase_if(state.facts, [&](const auto& fact) { return overlap(fact.first, area); });
    const bool is_exact =
        (area.kind == Area::Kind::Slots && area.last.is_zero()) || area.kind == Area::Kind::Transient || area.is_of_origin;
    if (is_exact && value.kind == Kind::Bits && !value.is_nothing()) state.facts[area] = value;
}

Known Flow::read(std::uint32_t index, const State& state, const Area& area, bool is_increment) {
    if (!is_increment) touch(index, area, Access::Read);
    if (const auto fact = state.facts.find(area); fact != state.facts.end()) return fact->second;
    if (const auto held = code_.holds.find(area); held != code_.holds.end()) {
        Known known = of_kind(Kind::Made);
        known.number = held->second;
        return known;
    }
    if (code_.roles.contains(area)) {
        Known known = of_kind(Kind::Role);
        known.area = area;
        return known;
    }
    return nothing_known();
}

Area Flow::area_of_access(const Frame& frame, const ir::Instruction& instruction, const std::vector<Known>& keys) const {
    Area area = area_of(*code_.contracts.at(frame.entry.contract), frame.entry.contract, instruction.place);
    area.is_of_origin =
        area.kind == Area::Kind::Entries && instruction.place.steps.size() == 1 && keys.at(0).kind == Kind::Origin;
    return area;
}

Area Flow::area_at(std::uint32_t contract, const Known& slot) const {
    Area area{Area::Kind::Storage, contract, 0, {}, {}, {}, 0, 32};
    if (slot.is_constant() || slot.kind == Kind::Slots) {
        area.kind = Area::Kind::Slots;
        area.slot = slot.word;
        if (slot.kind == Kind::Slots) area.last = slot.mask;
        else if (is_data_of_array(*code_.contracts.at(contract), slot.word)) area.kind = Area::Kind::Storage;
    } else if (slot.kind == Kind::Entry) {
        area = slot.area;
    } else if (slot.kind == Kind::Hash) {
        area.kind = Area::Kind::AnyEntry;
    }
    return area;
}

// What a condition says about bounds: i < n, and !(i > n).
void Flow::learn(std::uint32_t frame, State& state, ir::Value condition, bool holds) {
    const Frame& here = *frames_[frame];
    const ir::Instruction* made = here.shape->made_by.at(condition.index);
    while (made && made->op == Op::Not && made->type.kind == ir::TypeKind::Bool) {
        holds = !holds;
        made = here.shape->made_by.at(made->operands[0].index);
    }
    if (!made || made->operands.size() != 2 || here.shape->types.at(made->operands[0].index).is_signed()) return;
    const bool is_below =
        holds ? made->op == Op::Less || made->op == Op::LessEqual : made->op == Op::Greater || made->op == Op::GreaterEqual;
    const bool is_strict = holds ? made->op == Op::Less : made->op == Op::GreaterEqual;
    const auto bound = bound_of(get(here, state, frame, made->operands[1]));
    if (!is_below || !bound || (is_strict && bound->is_zero())) return;
    state.bounds[{frame, made->operands[0].index}] = is_strict ? *bound - ir::Word{1} : *bound;
}

Known Flow::machine(std::uint32_t index, State& state, const ir::Instruction& instruction,
                    const std::vector<Known>& operands) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const auto increment = frame.shape->increments.find(&instruction);
    const bool is_increment = increment != frame.shape->increments.end();
    switch (instruction.opcode) {
        case vm::Opcode::SLOAD: {
            const Known value = read(index, state, area_at(frame.entry.contract, operands.at(0)), is_increment);
            const bool is_of_length = (operands[0].kind == Kind::Entry && operands[0].is_length) ||
                                      (operands[0].is_constant() && is_length_at(contract, operands[0].word));
            return is_of_length && value.is_nothing() ? any_length() : value;
        }
        case vm::Opcode::SSTORE: {
            const bool is_of_length = (operands.at(0).kind == Kind::Entry && operands[0].is_length) ||
                                      (operands[0].is_constant() && is_length_at(contract, operands[0].word));
            // Behind a length that assembly wrote, an element may be any slot.
            const Known slot = is_of_length && !is_length(operands.at(1)) ? nothing_known() : operands[0];
            write(index, state, area_at(frame.entry.contract, slot), is_increment ? increment->second : Access::Write,
                  operands.at(1));
            return {};
        }
        case vm::Opcode::TLOAD:
        case vm::Opcode::TSTORE: {
            Area area{Area::Kind::AnyTransient, frame.entry.contract, 0, {}, {}, {}, 0, 32};
            if (operands.at(0).is_constant()) {
                area.kind = Area::Kind::Transient;
                area.slot = operands[0].word;
            }
            if (instruction.opcode == vm::Opcode::TLOAD) return read(index, state, area, false);
            write(index, state, area, Access::Write, operands.at(1));
            return {};
        }
        case vm::Opcode::SELFBALANCE:
        case vm::Opcode::BALANCE: node.footprint.reads_balance = true; return nothing_known();
        case vm::Opcode::EXTCODESIZE:
        case vm::Opcode::EXTCODEHASH:
        case vm::Opcode::EXTCODECOPY: touch(index, code_area(), Access::Read); return nothing_known();
        case vm::Opcode::CALLER: return frame.sender;
        case vm::Opcode::ADDRESS: return of_kind(Kind::Self);
        default: break;
    }
    if (ir::writes_of(instruction).intersects(vm::state_regions)) throw NotCovered{"selfdestruct", instruction.range};
    return outcome_of(instruction, operands);
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
    if (instruction.op == Op::Reinterpret || instruction.op == Op::Evm)
        for (const Known& each : operands)
            if (each.kind == Kind::Text) changed_ |= spoilt_.insert(each.text).second;
    const auto increment = frame.shape->increments.find(&instruction);
    const bool is_increment = increment != frame.shape->increments.end();
    Known result = nothing_known();
    switch (instruction.op) {
        case Op::Guard:
            if (operands.at(0).kind == Kind::Never || truth_of(operands[0]) == false) return false;
            learn(frame_index, state, instruction.operands[0], true);
            return true;
        case Op::InternalCall: {
            const Entry callee{frame.entry.contract, instruction.callee};
            const std::uint32_t called = frame_of(frame_index, node.block, at + 1, callee, frame.sender);
            Frame& inner = *frames_[called];
            inner.is_outer = false;
            const auto& parameters = inner.function->blocks.front().parameters;
            for (std::size_t i = 0; i < parameters.size(); ++i) set(inner, parameters[i].value, operands.at(i));
            go_to(index, called, 0, 0, state);
            return false;
        }
        case Op::Result: {
            const auto found = frame.results.find(instruction.operands[0].index);
            if (found == frame.results.end()) return false;
            result = found->second.at(instruction.number);
            break;
        }
        case Op::Load:
            result = read(index, state, area_of_access(frame, instruction, operands),
                          is_increment || frame.shape->logged.contains(&instruction));
            if (result.is_nothing() && type_at(contract, instruction.place).kind == ir::StorageType::Kind::DynamicArray)
                result = any_length();
            break;
        case Op::Store: {
            const Known& value = operands.back();
            write(index, state, area_of_access(frame, instruction, operands),
                  is_increment ? increment->second : Access::Write, value);
            return true;
        }
        case Op::Clear: {
            const bool is_value = type_at(contract, instruction.place).kind == ir::StorageType::Kind::Value;
            write(index, state, area_of(contract, frame.entry.contract, instruction.place), Access::Write,
                  is_value ? constant_of(ir::Word{}) : nothing_known());
            return true;
        }
        case Op::LoadImmutable: {
            Area area{Area::Kind::Immutable, frame.entry.contract, instruction.place.variable, {}, {}, {}, 0, 32};
            result = read(index, state, area, true);
            break;
        }
        case Op::SlotOf: {
            const Area area = area_of(contract, frame.entry.contract, instruction.place);
            if (area.kind == Area::Kind::Entries) {
                result = of_kind(Kind::Entry);
                result.area = area;
                result.is_length = type_at(contract, instruction.place).kind == ir::StorageType::Kind::DynamicArray;
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
            break;
        case Op::Caller: result = frame.sender; break;
        case Op::Origin: result = of_kind(Kind::Origin); break;
        case Op::This: result = of_kind(Kind::Self); break;
        case Op::CodeLength:
        case Op::CodeHash: touch(index, code_area(), Access::Read); break;
        case Op::SelfBalance:
        case Op::Balance: node.footprint.reads_balance = true; break;
        case Op::Evm:
            if (vm::effects_of(instruction.opcode).halts() && !vm::effects_of(instruction.opcode).changes_state()) {
                const bool succeeds = instruction.opcode == vm::Opcode::STOP || instruction.opcode == vm::Opcode::RETURN;
                if (succeeds) end_call(index, state);
                return false;
            }
            result = machine(index, state, instruction, operands);
            break;
        case Op::Convert: {
            const ir::Type& from = frame.shape->types.at(instruction.operands[0].index);
            const bool is_moved = from.is_signed() || (from.kind == ir::TypeKind::FixedBytes && from.bits < 256);
            result = is_moved ? nothing_known() : outcome_of(instruction, operands);
            break;
        }
        default:
            if (ir::writes_of(instruction).intersects(vm::state_regions))
                throw NotCovered{"this instruction", instruction.range};
            result = outcome_of(instruction, operands);
    }
    if (instruction.result) set(frame, instruction.result, result);
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
            const Known condition = get(frame, state, frame_index, terminator.condition);
            if (condition.kind == Kind::Never) return;
            const auto truth = truth_of(condition);
            for (const bool holds : {true, false}) {
                if (truth == !holds) continue;
                State there = state;
                learn(frame_index, there, terminator.condition, holds);
                jump(index, frame_index, holds ? terminator.then : terminator.otherwise, {}, there);
            }
            return;
        }
        case ir::Terminator::Kind::Return: {
            std::vector<Known> results;
            for (const ir::Value value : terminator.values) results.push_back(get(frame, state, frame_index, value));
            return end_frame(index, state, results);
        }
        case ir::Terminator::Kind::External: return call_out(index, state, terminator);
        case ir::Terminator::Kind::Revert:
        case ir::Terminator::Kind::Unreachable: return;
    }
}

}  // namespace interlock::analyzer::prover
