#include "vm/translator/block_translator.hpp"

#include <algorithm>

namespace interlock::vm {
namespace {

constexpr std::int32_t cells_per_word = sizeof(Word) / sizeof(Cell);

}  // namespace

const BlockDraft& BlockTranslator::translate(const Code& code, Fork fork, std::uint32_t pc, std::size_t& copied) {
    builder_.build(code, fork, pc, copied);
    draft_.clear();
    draft_.instructions = builder_.instructions();
    push_data(head(pc));
    find_slots();
    is_in_stub_ = false;
    stub_cells_.clear();
    stub_constants_.clear();
    stubs_.clear();
    segment_ = 0;
    lone_copy_ = no_copy;
    std::size_t exit = 0;
    for (std::size_t i = 0; i <= builder_.nodes.size(); ++i) {
        for (; exit < builder_.exits.size() && builder_.exits[exit].before_node == i; ++exit)
            emit_exit(builder_.exits[exit]);
        if (i == builder_.nodes.size()) break;
        const Node& node = builder_.nodes[i];
        if (!node.is_pure || node.has_result) emit_node(node);
    }
    emit_ending();
    append_stubs();
    return draft_;
}

BlockHead BlockTranslator::head(std::uint32_t pc) const {
    const int spare = BlockBuilder::max_stack - builder_.growth - builder_.need;
    if (spare < 0) return {.gas = builder_.gas[0], .need = BlockHead::never, .range = 0, .pc = pc};
    return {.gas = builder_.gas[0],
            .need = static_cast<std::uint32_t>(builder_.need) * std::uint32_t{sizeof(Word)},
            .range = static_cast<std::uint32_t>(spare) * std::uint32_t{sizeof(Word)},
            .pc = pc};
}

// Finds where the words are at the beginning, and where they must be at the end.
void BlockTranslator::find_slots() {
    slots_.reset(builder_.lowest);
    wanted_slot_.assign(builder_.values.size(), no_slot);
    for (ValueId id = 0; id < builder_.values.size(); ++id)
        if (value(id).kind == Value::Kind::Entry && value(id).uses > 0) slots_.put(id, value(id).position);
    if (!builder_.ending.keeps_stack()) return;
    for (int position = builder_.height; position >= builder_.lowest; --position)
        wanted_slot_[builder_.at(position)] = position;
}

// The code touches nothing outside the words that the head asks for and the scratch words above every stack.
std::int16_t BlockTranslator::offset_of(int position) const {
    require(position > -builder_.need && position <= builder_.growth + static_cast<int>(Core::scratch_words));
    const int offset = position * int{sizeof(Word)};
    require(offset == static_cast<std::int16_t>(offset));
    return static_cast<std::int16_t>(offset);
}

// The offset of the top when the block ends; it may be just below those words.
std::int16_t BlockTranslator::top_offset_of(int height) const {
    require(height >= -builder_.need && height <= builder_.growth);
    return static_cast<std::int16_t>(height * int{sizeof(Word)});
}

void BlockTranslator::push_cell(Cell cell, Form form) {
    cell.handler = handlers_[static_cast<std::size_t>(form)];
    draft_.cells.push_back(cell);
}

// --- operands and results ---

// Counts from the next cell.
std::int32_t BlockTranslator::distance_of(const Word& constant) {
    const auto found = std::find(draft_.constants.begin(), draft_.constants.end(), constant);
    const auto index = static_cast<std::int32_t>(found - draft_.constants.begin());
    if (found == draft_.constants.end()) draft_.constants.push_back(constant);
    return -cells_per_word * (index + 1) - static_cast<std::int32_t>(draft_.cells.size());
}

std::int16_t BlockTranslator::short_distance_of(const Word& constant) {
    const std::int32_t distance = distance_of(constant);
    require(distance == static_cast<std::int16_t>(distance));
    return static_cast<std::int16_t>(distance);
}

// Puts a constant into a word of its own for the next instruction.
ValueId BlockTranslator::materialise(ValueId constant) {
    const int position = slots_.free_above(std::max(builder_.height, 0));
    load(position, value(constant).constant);
    Value copy;
    copy.bits = value(constant).bits;
    copy.uses = 1;
    builder_.values.push_back(copy);
    const auto id = static_cast<ValueId>(builder_.values.size() - 1);
    slots_.put(id, position);
    return id;
}

void BlockTranslator::load(int position, const Word& word) {
    Cell cell;
    cell.to = offset_of(position);
    if (word.fits_u64() && word.low64() >> 32 == 0) {
        cell.rest.small = static_cast<std::uint32_t>(word.low64());
        push_cell(cell, Form::load_small);
    } else {
        cell.rest.distance = distance_of(word);
        if (is_in_stub_) stub_constants_.push_back(draft_.cells.size());
        push_cell(cell, Form::load_constant);
    }
}

void BlockTranslator::release(ValueId id) {
    if (value(id).is_constant()) return;
    require(value(id).uses > 0);
    if (--builder_.values[id].uses == 0) slots_.remove(id);
}

// Chooses the word for a result: where the block leaves it at the end if that is free, otherwise a word above.
int BlockTranslator::slot_for(ValueId result) const {
    const int wanted = wanted_slot_[result];
    if (wanted != no_slot && slots_.is_free(wanted)) return wanted;
    return slots_.free_above(std::max(builder_.height, 0));
}

// --- instructions ---

const Row* BlockTranslator::choose(const Node& node, const std::array<ValueId, 3>& operands) const {
    for (const Row& row : rows_of(node.opcode)) {
        bool matches = true, is_narrow = false;
        for (std::size_t k = 0; k < node.operand_count && matches; ++k) {
            matches = fits(row.operands[k], value(operands[k]), node.is_low);
            is_narrow |= row.operands[k] == Operand::Narrow;
        }
        // Only results that were computed from limbs are certain to be limbs.
        if (matches && (is_narrow ? value(node.result).is_narrow() : !node.is_low)) return &row;
    }
    return nullptr;
}

void BlockTranslator::emit_node(const Node& node) {
    std::array<ValueId, 3> operands = node.operands;
    const Row* row = choose(node, operands);
    for (const std::size_t k : {1, 0, 2}) {
        if (row != nullptr || k >= node.operand_count || !value(operands[k]).is_constant()) continue;
        operands[k] = materialise(operands[k]);
        row = choose(node, operands);
    }
    const Form plain = node.opcode == Opcode::GAS      ? Form::read_gas
                       : node.opcode == Opcode::SSTORE ? Form::store
                                                       : form_of(node.opcode);
    const Row in_words{node.opcode, plain, {Operand::Slot, Operand::Slot, Operand::Slot}};
    require(row != nullptr || !node.is_low);
    if (row == nullptr) row = &in_words;
    const bool divides = node.opcode == Opcode::DIV || node.opcode == Opcode::MOD;
    require(!divides || !value(operands[1]).is_constant() || !value(operands[1]).constant.is_zero());

    Cell cell;
    set_operands(cell, *row, operands, node.operand_count);
    if (node.displacement != 0) {
        require(row->operands[0] == Operand::Slot);  // a constant offset is stored where the displacement is
        cell.rest.slots.c = static_cast<std::int16_t>(node.displacement);
    }
    for (std::size_t k = 0; k < node.operand_count; ++k) release(operands[k]);
    if (node.has_result) {
        const int position = slot_for(node.result);
        cell.to = offset_of(position);
        if (value(node.result).uses > 0) slots_.put(node.result, position);
    }
    // The gas of later instructions in the segment is paid but not used yet.
    if (row->form == Form::read_gas) cell.rest.small = builder_.gas[segment_] - node.gas_so_far;
    push_cell(cell, row->form);
    if (node.ends_segment) begin_segment(row->form);
}

// Pays for the next segment. SSTORE does that itself: the amount is in the cell after it.
void BlockTranslator::begin_segment(Form last) {
    const std::uint32_t gas = builder_.gas[++segment_];
    if (last == Form::store) return push_data(BlockHead{.gas = gas});
    if (gas == 0) return;
    Cell cell;
    cell.rest.small = gas;
    push_cell(cell, Form::pay);
}

void BlockTranslator::set_operands(Cell& cell, const Row& row, const std::array<ValueId, 3>& operands, std::size_t count) {
    std::array<std::int16_t*, 3> slots{&cell.a, &cell.rest.slots.b, &cell.rest.slots.c};
    std::size_t used = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Value& operand = value(operands[k]);
        const std::uint64_t low = operand.constant.low64();
        require(row.operands[k] == Operand::None || is_slot(row.operands[k]) != operand.is_constant());
        switch (row.operands[k]) {
            case Operand::None: break;
            case Operand::Slot:
            case Operand::Narrow: *slots[used++] = offset_of(slots_.of(operands[k])); break;
            case Operand::Tiny: cell.rest.slots.b = static_cast<std::int16_t>(low); break;
            case Operand::Small: cell.rest.small = static_cast<std::uint32_t>(low); break;
            case Operand::Limb:
            case Operand::Constant:
                if (k == 2) cell.rest.slots.c = short_distance_of(operand.constant);
                else cell.rest.distance = distance_of(operand.constant);
                break;
            default: cell.rest.small = static_cast<std::uint32_t>(low % 64);
        }
    }
}

// --- endings ---

// Brings every word to where the block leaves it. What the ending itself reads stays readable.
void BlockTranslator::settle() {
    Ending& ending = builder_.ending;
    for (std::size_t i = 0; i < ending.operand_count; ++i) {
        const ValueId operand = ending.operands[i];
        if (value(operand).is_constant()) continue;
        const int from = slots_.of(operand);
        if (from > builder_.height || from < builder_.lowest || builder_.at(from) == operand) continue;
        // The word will be overwritten, so the ending reads a copy.
        const int to = slots_.free_above(std::max(builder_.height, 0));
        emit_copy({from, to});
        Value copy;
        copy.uses = 1;
        builder_.values.push_back(copy);
        ending.operands[i] = static_cast<ValueId>(builder_.values.size() - 1);
        slots_.put(ending.operands[i], to);
    }
    arrange(builder_.height, [&](int position) { return builder_.at(position); });
}

// Moves every word from the lowest to `height` to the place that `at` gives.
void BlockTranslator::arrange(int height, const auto& at) {
    moves_.clear();
    for (int position = builder_.lowest; position <= height; ++position) {
        const ValueId id = at(position);
        if (!value(id).is_constant() && slots_.of(id) != position) moves_.add({slots_.of(id), position});
    }
    moves_.make([&](Move move) { emit_copy(move); },
                [&](int one, int other) {
                    Cell cell;
                    cell.to = offset_of(one);
                    cell.a = offset_of(other);
                    push_cell(cell, Form::exchange);
                });
    for (int position = builder_.lowest; position <= height; ++position)
        if (value(at(position)).is_constant()) load(position, value(at(position)).constant);
}

// Two copies share one cell.
void BlockTranslator::emit_copy(Move move) {
    CheckedVector<Cell>& cells = draft_.cells;
    if (lone_copy_ != no_copy && lone_copy_ + 1 == cells.size()) {
        Cell& cell = cells.back();
        lone_copy_ = no_copy;
        cell.handler = handlers_[static_cast<std::size_t>(Form::copy_two)];
        cell.rest.slots.b = offset_of(move.to);
        cell.rest.slots.c = offset_of(move.from);
        return;
    }
    lone_copy_ = cells.size();
    Cell cell;
    cell.to = offset_of(move.to);
    cell.a = offset_of(move.from);
    push_cell(cell, Form::copy);
}

void BlockTranslator::materialise_ending() {
    Ending& ending = builder_.ending;
    for (std::size_t i = 0; i < ending.operand_count; ++i)
        if (value(ending.operands[i]).is_constant()) ending.operands[i] = materialise(ending.operands[i]);
}

void BlockTranslator::emit_ending() {
    constexpr std::uint32_t none = BlockDraft::no_destination;
    Ending& ending = builder_.ending;
    switch (ending.kind) {
        case Ending::Kind::Undefined: return push_cell({}, Form::undefined);
        case Ending::Kind::Bad: return push_cell({}, Form::bad_jump);
        case Ending::Kind::Halt: return emit_halt();
        case Ending::Kind::Branch: return emit_branch();
        default: break;
    }
    materialise_ending();
    settle();
    Cell cell;
    cell.to = top_offset_of(builder_.height);
    if (ending.operand_count > 0) cell.a = offset_of(slots_.of(ending.operands[0]));
    if (ending.operand_count > 1) cell.rest.slots.b = offset_of(slots_.of(ending.operands[1]));
    switch (ending.kind) {
        case Ending::Kind::Jump: return push_jump(cell, Form::jump, ending.target, none);
        case Ending::Kind::JumpToValue: return push_cell(cell, Form::jump_to_value);
        case Ending::Kind::BranchToValue: return push_jump(cell, Form::branch_to_value, none, ending.otherwise);
        default: push_jump(cell, form_of(ending.opcode), none, ending.otherwise);
    }
}

void BlockTranslator::push_jump(const Cell& cell, Form form, std::uint32_t taken, std::uint32_t otherwise) {
    draft_.links.push_back({draft_.cells.size(), taken, otherwise, false});
    push_cell(cell, form);
    push_data(Cell{});
}

void BlockTranslator::emit_halt() {
    materialise_ending();
    const Ending& ending = builder_.ending;
    Cell cell;
    if (ending.operand_count > 0) cell.a = offset_of(slots_.of(ending.operands[0]));
    if (ending.operand_count > 1) cell.rest.slots.b = offset_of(slots_.of(ending.operands[1]));
    push_cell(cell, form_of(ending.opcode));
}

void BlockTranslator::emit_branch() {
    Ending& ending = builder_.ending;
    const Row& row = choose_or_materialise(ending);
    settle();
    Cell cell;
    set_operands(cell, row, {ending.operands[0], ending.operands[1], 0}, ending.operand_count);
    cell.to = top_offset_of(builder_.height);
    const std::uint32_t target = ending.is_bad_target ? BlockDraft::no_destination : ending.target;
    if (ending.sense) push_jump(cell, row.form, target, ending.otherwise);
    else push_jump(cell, row.form, ending.otherwise, target);
}

const Row* BlockTranslator::choose_branch(const auto& branch) const {
    for (const Row& row : branch_rows()) {
        bool matches = row.opcode == branch.opcode;
        for (std::size_t k = 0; k < branch.operand_count && matches; ++k)
            matches = fits(row.operands[k], value(branch.operands[k]), false);
        if (matches) return &row;
    }
    return nullptr;
}

// There is always a row for words, so this finds one.
const Row& BlockTranslator::choose_or_materialise(auto& branch) {
    if (const Row* const row = choose_branch(branch)) return *row;
    for (std::size_t i = 0; i < branch.operand_count; ++i)
        if (value(branch.operands[i]).is_constant()) branch.operands[i] = materialise(branch.operands[i]);
    return *choose_branch(branch);
}

// --- exits ---

void BlockTranslator::emit_exit(Exit& exit) {
    const Row& row = choose_or_materialise(exit);
    Cell cell;
    set_operands(cell, row, {exit.operands[0], exit.operands[1], 0}, exit.operand_count);
    const std::uint32_t target = exit.is_bad_target ? BlockDraft::no_destination : exit.target;
    stubs_.push_back({draft_.cells.size(), stub_cells_.size(), target, builder_.gas[segment_ + 1]});
    push_cell(cell, static_cast<Form>(static_cast<int>(row.form) + (exit.sense ? 1 : 2)));
    push_data(Cell{});
    for (std::size_t i = 0; i < exit.operand_count; ++i) release(exit.operands[i]);

    std::swap(draft_.cells, stub_cells_);
    is_in_stub_ = true;
    lone_copy_ = no_copy;
    arrange(exit.height, [&](int position) { return exit.stack[static_cast<std::size_t>(position - builder_.lowest)]; });
    cell = {};
    cell.to = top_offset_of(exit.height);
    push_cell(cell, Form::leave);
    push_data(BlockHead{.gas = stubs_.back().gas, .pc = exit.next});
    lone_copy_ = no_copy;
    is_in_stub_ = false;
    std::swap(draft_.cells, stub_cells_);
    for (const ValueId id : exit.stack) release(id);
    ++segment_;
}

void BlockTranslator::append_stubs() {
    CheckedVector<Cell>& cells = draft_.cells;
    const std::size_t base = cells.size();
    cells.insert(cells.end(), stub_cells_.begin(), stub_cells_.end());
    for (const std::size_t loads : stub_constants_) cells[base + loads].rest.distance -= static_cast<std::int32_t>(base);
    for (std::size_t i = 0; i < stubs_.size(); ++i) {
        const Stub& stub = stubs_[i];
        const std::size_t end = i + 1 < stubs_.size() ? stubs_[i + 1].begin : stub_cells_.size();
        cells[stub.exit + 1] =
            std::bit_cast<Cell>(ExitStub{static_cast<std::int32_t>(base + stub.begin - stub.exit), stub.gas});
        draft_.links.push_back({base + end - 2, stub.target, 0, true});
    }
}

}  // namespace interlock::vm
