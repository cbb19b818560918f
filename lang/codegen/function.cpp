#include "lang/codegen/function.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "lang/ir/walk.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::Op;
using ir::Value;

namespace {

// Whether an instruction gives the same word wherever it stands, for less gas than a copy.
bool is_fixed_in_frame(Opcode op) {
    const vm::OpcodeInfo& info = vm::info(op);
    const vm::Effects& effects = vm::effects_of(op);
    return info.stack_in == 0 && info.stack_out == 1 && op != PC && effects.has_no_effect() &&
           !effects.reads.intersects(vm::state_regions |
                                     vm::Regions(vm::Region::Memory, vm::Region::ReturnData, vm::Region::GasLeft));
}

}  // namespace

FunctionEmitter::FunctionEmitter(Unit& unit, std::uint32_t function, Mode mode)
    : unit_(unit),
      index_(function),
      source_(unit.contract.functions[function]),
      mode_(mode),
      prepared_(prepare(source_)),
      e_(unit.assembly) {
    const std::vector<ir::Block>& blocks = prepared_.function.blocks;
    free_.assign(prepared_.function.values, false);
    definitions_.assign(prepared_.function.values, nullptr);
    predecessors_.assign(blocks.size(), 0);
    for (const ir::BlockIndex b : prepared_.order) {
        for (const ir::Instruction& i : blocks[b].instructions) {
            if (!i.result) continue;
            definitions_[i.result.index] = &i;
            free_[i.result.index] = is_free(i);
        }
        ir::for_each_jump(blocks[b].terminator, [&](const ir::Jump& jump) { ++predecessors_[jump.block]; });
    }
    liveness_.emplace(prepared_, free_);
    find_ways();
    e_.set_materialize([this](Entry entry) { return make(entry); });
}

bool FunctionEmitter::is_free(const ir::Instruction& i) const {
    if (i.op == Op::Evm) return is_fixed_in_frame(i.opcode);
    return ir::info(i.op).code.kind == ir::Code::Kind::Anywhere || (i.op == Op::Literal && i.data.empty());
}

// Spills a few values at a time, so that few are spilled; spills all of them if that takes too long.
void FunctionEmitter::emit() {
    const std::size_t start = unit_.assembly.items.size();
    for (;;) {
        try {
            spill_area_ = unit_.next_reserved();
            attempt();
            improve_loops(start);
            unit_.reserve_memory(spilled_.size());
            return;
        } catch (const OutOfReach& deep) {
            spill_for(deep);
            unit_.assembly.items.resize(start);
        }
    }
}

// The end of a loop comes back with the stack that its body leaves. Where the head asked for that one, nothing has to be
// moved; but then the body does other things to the stack, so what is best is found by trying.
void FunctionEmitter::improve_loops(std::size_t start) {
    constexpr int rounds = 3;
    std::vector<Item>& items = unit_.assembly.items;
    const auto made = [&] { return std::vector<Item>(items.begin() + static_cast<std::ptrdiff_t>(start), items.end()); };
    std::vector<Item> best;
    std::uint64_t least = found_.empty() ? 0 : expected_gas();
    for (int round = 0; round < rounds && !found_.empty() && found_ != wanted_; ++round) {
        if (best.empty()) best = made();
        wanted_ = found_;
        items.resize(start);
        try {
            attempt();
        } catch (const OutOfReach&) {
            break;
        }
        if (const std::uint64_t gas = expected_gas(); gas < least) {
            least = gas;
            best = made();
        }
    }
    wanted_.clear();
    if (best.empty()) return;
    items.resize(start);
    items.insert(items.end(), best.begin(), best.end());
}

// What one attempt costs more than another one: in the gas of moving words about and of jumps.
std::uint64_t FunctionEmitter::expected_gas() const {
    constexpr unsigned deepest = 4;
    constexpr std::uint64_t rounds = 8;  // of a loop
    std::uint64_t sum = 0;
    for (std::size_t n = 0; n < items_of_.size(); ++n) {
        std::uint64_t weight = 1;
        for (unsigned depth = std::min(depth_[prepared_.order[n]], deepest); depth > 0; --depth) weight *= rounds;
        for (std::size_t i = items_of_[n].first; i < items_of_[n].second; ++i) {
            const Item& item = unit_.assembly.items[i];
            if (item.is(Item::Kind::Mark)) sum += weight;
            else if (item.is(POP)) sum += 2 * weight;
            else if (item.is(JUMP)) sum += 8 * weight;
            else sum += 3 * weight;
        }
    }
    return sum;
}

// The set of spilled entries only grows, so this ends; at the latest when everything is in memory.
void FunctionEmitter::spill_for(const OutOfReach& deep) {
    const std::size_t before = spilled_.size();
    const auto spill = [&](Entry entry) {
        const bool is_free_value = entry.kind == Entry::Kind::Value && free_[entry.index];
        if (entry.kind != Entry::Kind::Temporary && !is_free_value) spilled_.try_emplace(key_of(entry), spilled_.size());
    };
    constexpr std::size_t few_attempts = 16, many_attempts = 64;
    spill(deep.entry);
    if (++attempts_ > few_attempts) std::for_each(deep.above.begin(), deep.above.end(), spill);
    if (attempts_ > many_attempts)
        for (std::uint32_t value = 0; value < prepared_.function.values; ++value) spill(entry_of({value}));
    if (spilled_.size() == before) std::for_each(deep.above.begin(), deep.above.end(), spill);
    if (spilled_.size() == before)
        throw Untranslatable{no_translation, "an expression with too many intermediate results", source_.range};
}

void FunctionEmitter::attempt() {
    const std::vector<ir::Block>& blocks = prepared_.function.blocks;
    labels_.clear();
    for (std::size_t b = 0; b < blocks.size(); ++b) labels_.push_back(unit_.assembly.new_label());
    layouts_.assign(blocks.size(), std::nullopt);
    cold_.clear();
    found_.clear();
    items_of_.clear();
    uses_left_.assign(prepared_.function.values, 0);
    e_.stack.clear();
    unit_.assembly.set_range(source_.range);
    for (const ir::BlockIndex b : prepared_.order) {
        const std::size_t first = unit_.assembly.items.size();
        emit_block(b);
        items_of_.emplace_back(first, unit_.assembly.items.size());
    }
    emit_cold_paths();
}

void FunctionEmitter::emit_block(ir::BlockIndex b) {
    const ir::Block& block = prepared_.function.blocks[b];
    block_ = b;
    const auto for_each_use = [&](auto visit) {
        for (const ir::Instruction& i : block.instructions) std::for_each(i.operands.begin(), i.operands.end(), visit);
        ir::for_each_use(block.terminator, visit);
    };
    for_each_use([&](Value value) { ++uses_left_[value.index]; });
    if (b == 0) {
        settle_parameters();
    } else {
        assert(layouts_[b]);
        e_.stack = *layouts_[b];
        e_.mark(labels_[b]);
        if (block.is_loop_head) unit_.assembly.loops.push_back(labels_[b].index);
    }
    drop_dead();
    for (const ir::Instruction& i : block.instructions) emit_instruction(i);
    unit_.assembly.set_range(block.terminator.range);
    emit_terminator(block);
    for_each_use([&](Value value) { uses_left_[value.index] = 0; });
}

// Moves the arguments to where the entry block expects them: to the stack or to their spill slots.
void FunctionEmitter::settle_parameters() {
    const auto& parameters = prepared_.function.blocks[0].parameters;
    const auto on_value = [&](std::size_t i) { define(parameters[i].value); };
    if (source_.is_raw && mode_ == Mode::External) return;
    if (mode_ == Mode::External) return decode_calldata(e_, unit_.routines, source_.parameters, on_value);
    if (mode_ == Mode::Constructor) {
        if (parameters.empty()) return;
        const Entry size = e_.push_size().op(CODESIZE).op(SUB).name_top();
        const Entry base = e_.push(memory::free_pointer).op(MLOAD).name_top();
        e_.copy(size).push_size().copy(base).op(CODECOPY);
        const Entry end = e_.copy(base).copy(size).op(ADD).name_top();
        e_.copy(end);
        round_up(e_);
        e_.push(memory::free_pointer).op(MSTORE);
        if (source_.is_raw) {
            e_.copy(base);
            define(parameters[0].value);
            e_.copy(end);
            return define(parameters[1].value);
        }
        e_.copy(size);
        require_heads(e_, unit_.routines, source_.parameters);
        return decode_memory(e_, unit_.routines, source_.parameters, base, on_value);
    }
    e_.stack.push_back(return_entry);
    ir::Values values;
    for (const ir::Parameter& parameter : parameters) {
        values.push_back(parameter.value);
        e_.stack.push_back({});
        e_.name_top();
    }
    define_results(values);
    if (!is_spilled(return_entry)) return;
    const std::size_t depth = e_.depth_of(return_entry);
    e_.dup(depth).push(spill_area_ + 32 * spilled_.at(key_of(return_entry))).op(MSTORE);
    e_.stack[e_.stack.size() - 1 - depth] = {};
}

void FunctionEmitter::emit_cold_paths() {
    for (const Cold& cold : cold_) {
        e_.stack = cold.stack;
        unit_.assembly.set_range(cold.guard->range);
        e_.mark(cold.label);
        fail(cold.guard->failure, cold.guard->operands, 1);
    }
}

std::uint64_t FunctionEmitter::key_of(Entry entry) {
    return entry.kind == Entry::Kind::Return ? ~std::uint64_t{0} : entry.index;
}

bool FunctionEmitter::make(Entry entry) {
    if (entry.kind == Entry::Kind::Temporary) return false;
    if (entry.kind == Entry::Kind::Value && free_[entry.index]) return make_free(*definitions_[entry.index]), true;
    const auto slot = spilled_.find(key_of(entry));
    if (slot == spilled_.end()) return false;
    e_.push(spill_area_ + 32 * slot->second).op(MLOAD);
    return true;
}

void FunctionEmitter::make_free(const ir::Instruction& i) {
    if (i.op == Op::Constant) e_.push(i.word);
    else if (i.op == Op::Literal) e_.push(memory::zero);
    else if (i.op == Op::Evm) e_.op(i.opcode);
    else e_.op(ir::info(i.op).code.opcode);
}

std::optional<Word> FunctionEmitter::constant(Value value) const {
    const ir::Instruction* definition = definitions_[value.index];
    return definition && definition->op == Op::Constant ? std::optional(definition->word) : std::nullopt;
}

bool FunctionEmitter::is_dead(Value value) const {
    return uses_left_[value.index] == 0 && !liveness_->live_out(block_, value);
}

bool FunctionEmitter::is_dead(Entry entry) const {
    if (entry.kind == Entry::Kind::Temporary) return true;  // no temporary is used across instructions
    return entry.kind == Entry::Kind::Value && is_dead(Value{entry.index});
}

void FunctionEmitter::fetch(Value value) {
    --uses_left_[value.index];
    e_.copy(entry_of(value));
}

std::size_t FunctionEmitter::dying_on_top(const ir::Values& values) const {
    const std::size_t height = e_.stack.size();
    const auto lie_on_top = [&](std::size_t n) {
        for (std::size_t i = 0; i < n; ++i)
            if (e_.stack[height - n + i] != entry_of(values[i]) || !is_dead(values[i])) return false;
        return true;
    };
    std::size_t count = std::min(height, values.size());
    while (count > 0 && !lie_on_top(count)) --count;
    return count;
}

// The ways to get two operands on top, where each is copied or, if nobody needs it any more, moved. A word that is not
// moved although it could be has to be removed later, unless the stack is left to itself.
FunctionEmitter::Pair FunctionEmitter::arrange(const ir::Values& values) const {
    constexpr std::size_t reach = 16, instruction = 3;
    const std::size_t left_behind = returns_[block_] || depth_[block_] > 0 ? 4 : 1;
    struct Operand {
        std::size_t depth;
        bool moves;
    };
    const auto look = [&](Value value) -> Operand {
        const Entry entry = entry_of(value);
        const std::size_t depth = e_.holds(entry) ? e_.depth_of(entry) : reach + 1;
        const bool dies = uses_left_[value.index] == 1 && !liveness_->live_out(block_, value);
        return {depth, dies && depth <= reach && !is_spilled(entry)};
    };
    const auto [depth0, moves0] = look(values[0]);
    const auto [depth1, moves1] = look(values[1]);
    const auto swap = [](std::size_t depth) { return depth == 0 ? 0 : instruction; };
    Pair best{Pair::Way::CopyBoth, 2 * instruction + left_behind * (moves0 + moves1)};
    const auto consider = [&](Pair::Way way, std::size_t cost) {
        if (cost < best.cost) best = {way, cost};
    };
    if (moves0) consider(Pair::Way::MoveFirst, swap(depth0) + instruction + left_behind * moves1);
    if (moves1) consider(Pair::Way::MoveSecond, swap(depth1) + 2 * instruction + left_behind * moves0);
    if (!moves0 || !moves1) return best;
    if (depth0 == 1) consider(Pair::Way::MoveBoth, swap(depth1));
    else if (depth0 == 0) consider(Pair::Way::MoveBoth, instruction + (depth1 == 1 ? 0 : instruction));
    else consider(Pair::Way::MoveBoth, depth1 == 1 ? 2 * instruction : 3 * instruction);
    return best;
}

void FunctionEmitter::put(const ir::Values& values, Pair::Way way) {
    const Entry first = entry_of(values[0]), second = entry_of(values[1]);
    for (const Value value : values) --uses_left_[value.index];
    switch (way) {
        case Pair::Way::CopyBoth: e_.copy(first).copy(second); break;
        case Pair::Way::MoveFirst: e_.swap(e_.depth_of(first)).copy(second); break;
        case Pair::Way::MoveSecond: e_.swap(e_.depth_of(second)).copy(first).swap(1); break;
        case Pair::Way::MoveBoth:
            if (e_.depth_of(first) != 1) {
                e_.swap(e_.depth_of(first));
                e_.swap(1);
            }
            e_.swap(e_.depth_of(second));
            break;
    }
}

void FunctionEmitter::operands(const ir::Values& values) {
    if (values.size() == 2 && values[0] != values[1]) return put(values, arrange(values).way);
    for (const Value value : values) --uses_left_[value.index];
    const std::size_t height = e_.stack.size();
    const auto is_consumable = [&](Value value) { return is_dead(value) && e_.holds(entry_of(value)); };
    std::size_t placed = dying_on_top(values);
    const auto lies_at = [&](std::size_t depth, std::size_t n) {  // operand n is there and not needed any more
        return n < values.size() && depth < height && e_.stack[height - 1 - depth] == entry_of(values[n]) &&
               is_dead(values[n]);
    };
    if (placed == 1 && values.size() == 2 && lies_at(1, 1) && values[0] != values[1]) {
        e_.swap(1);
        placed = 2;
    } else if (placed == 0 && lies_at(0, 1)) {
        e_.copy(entry_of(values[0])).swap(1);
        placed = 2;
    } else if (placed == 0 && !values.empty() && is_consumable(values[0])) {
        e_.swap(e_.depth_of(entry_of(values[0])));
        placed = 1;
    }
    for (; placed < values.size(); ++placed) e_.copy(entry_of(values[placed]));
}

void FunctionEmitter::define(Value value) { define_results({value}); }

void FunctionEmitter::define_results(const ir::Values& values) {
    const std::size_t base = e_.stack.size() - values.size();
    for (std::size_t n = values.size(); n-- > 0;) {
        const Value value = values[n];
        const bool wanted = value && prepared_.needed[value.index] && !is_dead(value);
        const bool on_top = e_.stack.size() == base + n + 1;
        if (wanted && is_spilled(entry_of(value))) {
            if (!on_top) e_.dup(e_.stack.size() - 1 - (base + n));
            e_.push(spill_area_ + 32 * spilled_.at(key_of(entry_of(value)))).op(MSTORE);
        } else if (wanted) {
            e_.stack[base + n] = entry_of(value);
        } else if (on_top) {
            e_.pop();
        }
    }
}

void FunctionEmitter::drop_dead() {
    while (!e_.stack.empty() && is_dead(e_.stack.back())) e_.pop();
    constexpr std::size_t comfortable_height = 12;
    if (e_.stack.size() > comfortable_height) compact();
}

// Removes dead words from the middle of the stack, before they push live ones out of reach.
void FunctionEmitter::compact() {
    constexpr std::size_t reach = 16;
    for (std::size_t depth = 1; depth <= reach && depth < e_.stack.size();) {
        if (is_dead(e_.stack[e_.stack.size() - 1 - depth])) {
            e_.swap(depth).pop();
            depth = 1;
            while (!e_.stack.empty() && is_dead(e_.stack.back())) e_.pop();
        } else {
            ++depth;
        }
    }
}

std::vector<Entry> FunctionEmitter::entries_of(const ir::Values& values, std::size_t from) const {
    std::vector<Entry> list;
    for (std::size_t i = from; i < values.size(); ++i) list.push_back(entry_of(values[i]));
    return list;
}

bool is_recursive_call(const ir::Contract& contract, std::uint32_t from, std::uint32_t callee) {
    std::set<std::uint32_t> reached{callee};
    std::vector<std::uint32_t> pending{callee};
    while (!pending.empty()) {
        const std::uint32_t function = pending.back();
        pending.pop_back();
        if (function == from) return true;
        for (const ir::Block& block : contract.functions[function].blocks)
            for (const ir::Instruction& i : block.instructions)
                if (i.op == Op::InternalCall && reached.insert(i.callee).second) pending.push_back(i.callee);
    }
    return false;
}

}  // namespace interlock::lang::codegen
