#include "vm/interpreter/translator.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "vm/interpreter/block_builder.hpp"
#include "vm/interpreter/cell_forms.hpp"

namespace interlock::vm {
namespace {

// Longer code is left to the careful loop. No fork from Spurious Dragon on deploys code of a quarter of this.
constexpr std::size_t max_code_bytes = 128 << 10;

// Translating a byte of code takes the time of so much gas of plain instructions; so does each translation as such of a
// few bytes more.
constexpr std::int64_t gas_per_byte = 100;
constexpr std::int64_t further_bytes = 256;

// --- the list of cells as a table ----------------------------------------------------------------------------

struct Row {
    Opcode opcode;
    Form form;
    std::array<Operand, 3> operands;
};

constexpr auto fused_rows = [] {
    using enum Opcode;
    using enum Operand;
    return std::to_array<Row>({
#define FORM(name, opcode, a, b, c, ...) {opcode, Form::name, {a, b, c}},
#include "vm/interpreter/cell_list.hpp"
    });
}();

constexpr auto branch_rows = [] {
    using enum Opcode;
    using enum Operand;
    return std::to_array<Row>({
#define FORM(...)
#define BRANCH(name, opcode, a, b, ...) {opcode, Form::name, {a, b, None}},  // its exits' forms follow
#include "vm/interpreter/cell_list.hpp"
    });
}();

// By opcode: the number of its first row, and of the one behind its last.
constexpr auto fused_range = [] {
    std::array<std::pair<std::uint8_t, std::uint8_t>, 256> ranges{};
    for (std::size_t i = 0; i < fused_rows.size(); ++i) {
        auto& [first, last] = ranges[static_cast<std::uint8_t>(fused_rows[i].opcode)];
        if (last == 0) first = static_cast<std::uint8_t>(i);
        last = static_cast<std::uint8_t>(i + 1);
    }
    return ranges;
}();

// `is_low`: all that is wanted of it is its lowest limb.
[[nodiscard]] bool fits(Operand operand, const Value& value, bool is_low) {
    const bool is_constant = value.is_constant();
    const auto is_shift = [&](unsigned whole) {
        return is_constant && value.bits <= 8 && value.constant.low64() / 64 == whole;
    };
    switch (operand) {
        case Operand::None: return false;
        case Operand::Slot: return !is_constant;
        case Operand::Narrow: return !is_constant && (is_low || value.is_narrow());
        case Operand::Tiny: return is_constant && value.bits < 16;
        case Operand::Small: return is_constant && value.bits <= 32;
        case Operand::Limb: return is_constant && value.is_narrow();
        case Operand::Constant: return is_constant;
        case Operand::Shift0: return is_shift(0);
        case Operand::Shift1: return is_shift(1);
        case Operand::Shift2: return is_shift(2);
        case Operand::Shift3: return is_shift(3);
    }
    return false;
}

// --- where values are ----------------------------------------------------------------------------------------

// The stack's words while a block is emitted: which value each holds, and which word each value is in.
class Places {
  public:
    static constexpr ValueId nobody = std::numeric_limits<ValueId>::max();

    void reset(std::size_t values, int lowest, int highest) {
        lowest_ = lowest;
        highest_ = highest;
        holder_.assign(static_cast<std::size_t>(highest - lowest + 1), nobody);
        place_.assign(values, none);
    }
    [[nodiscard]] bool is_free(int position) const { return holder_[index(position)] == nobody; }
    [[nodiscard]] bool has(ValueId value) const { return place_[value] != none; }
    [[nodiscard]] int of(ValueId value) const { return place_[value]; }
    [[nodiscard]] bool covers(int position) const { return position >= lowest_ && position <= highest_; }

    void put(ValueId value, int position) {
        holder_[index(position)] = value;
        place_[value] = static_cast<std::int16_t>(position);
    }
    void remove(ValueId value) {
        holder_[index(place_[value])] = nobody;
        place_[value] = none;
    }
    // A free word above `position`; there always is one, since the range has one more than there are values.
    [[nodiscard]] int free_above(int position) const {
        int free = position + 1;
        while (!is_free(free)) ++free;
        return free;
    }

  private:
    static constexpr std::int16_t none = std::numeric_limits<std::int16_t>::max();
    [[nodiscard]] std::size_t index(int position) const { return static_cast<std::size_t>(position - lowest_); }

    int lowest_ = 0, highest_ = 0;
    std::vector<ValueId> holder_;      // by position
    std::vector<std::int16_t> place_;  // by value
};

[[nodiscard]] std::int16_t offset_of(int position) { return static_cast<std::int16_t>(position * int{sizeof(Word)}); }

// --- the translator ------------------------------------------------------------------------------------------

class Translator {
  public:
    Translator(const Code& code, Fork fork)
        : code_(code), builder_(code, fork), result_(std::make_unique<Translation>()) {
        result_->fork = fork;
    }

    std::unique_ptr<Translation> run() {
        result_->entries.assign(code_.size() + 1, 0);
        result_->cells.emplace_back();  // index 0 means: none
        bad_jump_ = result_->cells.size();
        push_data(BlockHead{.range = BlockBuilder::max_stack * sizeof(Word)});
        emit(Form::bad_jump);
        want(0);
        for (std::uint32_t pc = 0; pc < code_.size(); ++pc)
            if (code_.is_jump_target(pc)) want(pc);
        for (std::size_t i = 0; i < wanted_.size(); ++i) translate_block(wanted_[i]);
        for (const Fixup& fixup : fixups_) resolve(fixup);
        for (std::uint32_t pc = 0; pc < result_->entries.size(); ++pc)
            if (!code_.is_jump_target(pc)) result_->entries[pc] = -result_->entries[pc];
        result_->cells.shrink_to_fit();
        return std::move(result_);
    }

  private:
    struct Fixup {
        std::size_t cell;
        std::uint32_t taken, otherwise;  // pcs, or no_destination
        bool is_branch;
    };
    static constexpr std::uint32_t no_destination = std::numeric_limits<std::uint32_t>::max();

    // A block that begins at `pc` will be there.
    void want(std::uint32_t pc) {
        if (pc == no_destination || result_->entries[pc] != 0) return;
        result_->entries[pc] = -1;
        wanted_.push_back(pc);
    }

    template <class Data>
    void push_data(const Data& data) {
        result_->cells.push_back(std::bit_cast<Cell>(data));
    }
    Cell& emit(Form form) {
        Cell cell;
        cell.handler = handlers_[static_cast<std::size_t>(form)];
        return result_->cells.emplace_back(cell);
    }

    void translate_block(std::uint32_t pc) {
        builder_.build(pc);
        result_->entries[pc] = static_cast<std::int32_t>(result_->cells.size());
        push_data(head(pc));
        const int highest = std::max({0, builder_.growth, builder_.height}) + static_cast<int>(max_temporaries);
        places_.reset(builder_.values.size() + 4 * builder_.nodes.size() + 2 * builder_.exits.size() + 16,
                      builder_.lowest, highest);
        wanted_place_.assign(builder_.values.size(), no_place);
        for (ValueId value = 0; value < builder_.values.size(); ++value) {
            const Value& entry = builder_.values[value];
            if (entry.kind == Value::Kind::Entry && entry.uses > 0) places_.put(value, entry.position);
        }
        if (builder_.ending.keeps_stack())
            for (int position = builder_.height; position >= builder_.lowest; --position)
                wanted_place_[builder_.at(position)] = position;
        stubs_.clear();
        pending_.clear();
        std::size_t exit = 0;
        segment_ = 0;
        for (std::size_t i = 0; i <= builder_.nodes.size(); ++i) {
            for (; exit < builder_.exits.size() && builder_.exits[exit].before_node == i; ++exit)
                emit_exit(builder_.exits[exit]);
            if (i == builder_.nodes.size()) break;
            const Node& node = builder_.nodes[i];
            if (!node.is_pure || node.has_result) emit_node(node);
        }
        emit_ending();
        append_stubs();
    }

    [[nodiscard]] BlockHead head(std::uint32_t pc) const {
        const int spare = BlockBuilder::max_stack - builder_.growth - builder_.need;
        // A block that no stack can hold: no number of bytes is in the range.
        if (spare < 0) return {.gas = builder_.gas[0], .need = 1u << 31, .range = 0, .pc = pc};
        return {.gas = builder_.gas[0],
                .need = static_cast<std::uint32_t>(builder_.need) * std::uint32_t{sizeof(Word)},
                .range = static_cast<std::uint32_t>(spare) * std::uint32_t{sizeof(Word)},
                .pc = pc};
    }

    [[nodiscard]] const Value& value(ValueId id) const { return builder_.values[id]; }

    // --- operands and results ---

    // Puts a constant into a word of its own for the instruction that comes next.
    ValueId materialise(ValueId constant) {
        const int position = places_.free_above(std::max(builder_.height, 0));
        load(position, builder_.values[constant].constant);
        Value copy;
        copy.bits = builder_.values[constant].bits;
        copy.uses = 1;
        builder_.values.push_back(copy);
        const auto id = static_cast<ValueId>(builder_.values.size() - 1);
        wanted_place_.push_back(no_place);
        places_.put(id, position);
        return id;
    }

    void load(int position, const Word& word) {
        if (word.fits_u64() && word.low64() >> 32 == 0) {
            Cell& cell = emit(Form::load_small);
            cell.to = offset_of(position);
            cell.rest.small = static_cast<std::uint32_t>(word.low64());
        } else {
            const std::uint32_t index = pooled(word);
            Cell& cell = emit(Form::load_constant);
            cell.to = offset_of(position);
            cell.rest.small = index;
        }
    }

    std::uint32_t pooled(const Word& word) {
        const auto [known, is_new] = pool_index_.try_emplace(word, static_cast<std::uint32_t>(result_->pool.size()));
        if (is_new) result_->pool.push_back(word);
        return known->second;
    }

    void release(ValueId id) {
        if (value(id).is_constant()) return;
        if (--builder_.values[id].uses == 0) places_.remove(id);
    }

    // Where the result goes: to where the block leaves it in the end, if nobody else is there, else somewhere above.
    [[nodiscard]] int place_for(ValueId result) const {
        const int wanted = wanted_place_[result];
        if (wanted != no_place && places_.is_free(wanted)) return wanted;
        return places_.free_above(std::max(builder_.height, 0));
    }

    // --- instructions ---

    [[nodiscard]] const Row* choose(const Node& node, const std::array<ValueId, 3>& operands) const {
        const auto [first, last] = fused_range[static_cast<std::uint8_t>(node.opcode)];
        for (std::size_t i = first; i < last; ++i) {
            const Row& row = fused_rows[i];
            bool matches = true, is_narrow = false;
            for (std::size_t k = 0; k < node.operand_count && matches; ++k) {
                matches = fits(row.operands[k], value(operands[k]), node.is_low);
                is_narrow |= row.operands[k] == Operand::Narrow;
            }
            if (matches && (!is_narrow || value(node.result).is_narrow()) && (node.operand_count < 3 || pool_fits()))
                return &row;
        }
        return nullptr;
    }
    // A constant as third operand has only 16 bits for its index.
    [[nodiscard]] bool pool_fits() const { return result_->pool.size() < 0x7fff; }

    void emit_node(const Node& node) {
        std::array<ValueId, 3> operands = node.operands;
        const Row* row = choose(node, operands);
        for (const std::size_t k : {1, 0, 2}) {
            if (row != nullptr || k >= node.operand_count || !value(operands[k]).is_constant()) continue;
            operands[k] = materialise(operands[k]);
            row = choose(node, operands);
        }
        const Row in_words{node.opcode, plain_form(node), {Operand::Slot, Operand::Slot, Operand::Slot}};
        if (row == nullptr) row = &in_words;

        Cell cell;
        cell.handler = handlers_[static_cast<std::size_t>(row->form)];
        set_operands(cell, *row, operands, node.operand_count);
        if (node.displacement != 0) cell.rest.slots.c = static_cast<std::int16_t>(node.displacement);
        for (std::size_t k = 0; k < node.operand_count; ++k) release(operands[k]);
        if (node.has_result) {
            const int position = place_for(node.result);
            cell.to = offset_of(position);
            if (value(node.result).uses > 0) places_.put(node.result, position);
        }
        if (row->form == Form::read_gas) cell.rest.small = builder_.gas[segment_] - node.gas_so_far;
        result_->cells.push_back(cell);
        if (row->form == Form::store) push_data(BlockHead{.gas = builder_.gas[segment_] - node.gas_so_far});
    }

    [[nodiscard]] static Form plain_form(const Node& node) {
        if (node.opcode == Opcode::GAS) return Form::read_gas;
        return node.opcode == Opcode::SSTORE ? Form::store : form_of(node.opcode);
    }

    void set_operands(Cell& cell, const Row& row, const std::array<ValueId, 3>& operands, std::size_t count) {
        std::array<std::int16_t*, 3> slots{&cell.a, &cell.rest.slots.b, &cell.rest.slots.c};
        std::size_t used = 0;
        for (std::size_t k = 0; k < count; ++k) {
            const Value& operand = value(operands[k]);
            const std::uint64_t low = operand.constant.low64();
            switch (row.operands[k]) {
                case Operand::None: break;
                case Operand::Slot:
                case Operand::Narrow: *slots[used++] = offset_of(places_.of(operands[k])); break;
                case Operand::Tiny: cell.rest.slots.b = static_cast<std::int16_t>(low); break;
                case Operand::Small: cell.rest.small = static_cast<std::uint32_t>(low); break;
                case Operand::Limb:
                case Operand::Constant:
                    if (k == 2)
                        cell.rest.slots.c = static_cast<std::int16_t>(pooled(operand.constant));
                    else
                        cell.rest.small = pooled(operand.constant);
                    break;
                default: cell.rest.small = static_cast<std::uint32_t>(low % 64);
            }
        }
    }

    // --- endings ---

    struct Move {
        int from, to;
    };

    // Brings every word to where the block leaves it. What the ending itself looks at stays readable.
    void settle() {
        Ending& ending = builder_.ending;
        for (std::size_t i = 0; i < ending.operand_count; ++i) {
            const ValueId operand = ending.operands[i];
            if (value(operand).is_constant()) continue;
            const int from = places_.of(operand);
            if (from > builder_.height || from < builder_.lowest || builder_.at(from) == operand) continue;
            // The word will be overwritten, so the ending looks at a copy.
            const int to = places_.free_above(std::max(builder_.height, 0));
            emit_move({from, to});
            Value copy;
            copy.uses = 1;
            builder_.values.push_back(copy);
            ending.operands[i] = static_cast<ValueId>(builder_.values.size() - 1);
            places_.put(ending.operands[i], to);
        }
        arrange(builder_.height, [&](int position) { return builder_.at(position); });
    }

    // Moves every word from the lowest to `height` to where `at` says that it is to be.
    void arrange(int height, const auto& at) {
        moves_.clear();
        for (int position = builder_.lowest; position <= height; ++position) {
            const ValueId id = at(position);
            if (!value(id).is_constant() && places_.of(id) != position) moves_.push_back({places_.of(id), position});
        }
        move_all();
        for (int position = builder_.lowest; position <= height; ++position)
            if (value(at(position)).is_constant()) load(position, value(at(position)).constant);
    }

    // All at once: a word is overwritten when nobody waits for it any more; what is left then is rings.
    void move_all() {
        const auto slot = [&](int position) { return static_cast<std::size_t>(position - builder_.lowest); };
        const std::size_t positions =
            slot(std::max({0, builder_.growth, builder_.height}) + static_cast<int>(max_temporaries)) + 1;
        waiting_.assign(positions, 0);
        move_into_.assign(positions, -1);
        for (std::size_t i = 0; i < moves_.size(); ++i) {
            ++waiting_[slot(moves_[i].from)];
            move_into_[slot(moves_[i].to)] = static_cast<int>(i);
        }
        ready_.clear();
        for (std::size_t i = 0; i < moves_.size(); ++i)
            if (waiting_[slot(moves_[i].to)] == 0) ready_.push_back(static_cast<int>(i));
        while (!ready_.empty()) {
            const Move move = moves_[static_cast<std::size_t>(ready_.back())];
            ready_.pop_back();
            emit_move(move);
            move_into_[slot(move.to)] = -1;
            if (--waiting_[slot(move.from)] == 0 && move_into_[slot(move.from)] >= 0)
                ready_.push_back(move_into_[slot(move.from)]);
        }
        // A ring of n words takes n - 1 exchanges: each puts one word right.
        for (const Move& first : moves_) {
            int into = first.to;
            while (move_into_[slot(into)] >= 0) {
                const int from = moves_[static_cast<std::size_t>(move_into_[slot(into)])].from;
                move_into_[slot(into)] = -1;
                if (move_into_[slot(from)] < 0) break;
                Cell& cell = emit(Form::exchange);
                cell.to = offset_of(into);
                cell.a = offset_of(from);
                into = from;
            }
        }
    }

    // Two copies share a cell.
    void emit_move(Move move) {
        std::vector<Cell>& cells = result_->cells;
        if (lone_copy_ != 0 && lone_copy_ + 1 == cells.size()) {
            Cell& cell = cells.back();
            lone_copy_ = 0;
            cell.handler = handlers_[static_cast<std::size_t>(Form::copy_two)];
            cell.rest.slots.b = offset_of(move.to);
            cell.rest.slots.c = offset_of(move.from);
            return;
        }
        lone_copy_ = cells.size();
        Cell& cell = emit(Form::copy);
        cell.to = offset_of(move.to);
        cell.a = offset_of(move.from);
    }

    void emit_ending() {
        Ending& ending = builder_.ending;
        switch (ending.kind) {
            case Ending::Kind::Undefined: emit(Form::undefined); return;
            case Ending::Kind::Bad: emit(Form::bad_jump); return;
            case Ending::Kind::Halt: return emit_halt();
            case Ending::Kind::Branch: return emit_branch();
            default: break;
        }
        for (std::size_t i = 0; i < ending.operand_count; ++i)
            if (value(ending.operands[i]).is_constant()) ending.operands[i] = materialise(ending.operands[i]);
        settle();
        Cell cell;
        cell.to = offset_of(builder_.height);
        if (ending.operand_count > 0) cell.a = offset_of(places_.of(ending.operands[0]));
        if (ending.operand_count > 1) cell.rest.slots.b = offset_of(places_.of(ending.operands[1]));
        switch (ending.kind) {
            case Ending::Kind::Jump: push_jump(cell, Form::jump, {0, ending.target, 0, false}); break;
            case Ending::Kind::JumpToValue: push_cell(cell, Form::jump_to_value); break;
            case Ending::Kind::BranchToValue:
                push_jump(cell, Form::branch_to_value, {0, ending.otherwise, ending.otherwise, true});
                break;
            default: push_jump(cell, form_of(ending.opcode), {0, ending.otherwise, ending.otherwise, true});
        }
    }

    void push_cell(Cell cell, Form form) {
        cell.handler = handlers_[static_cast<std::size_t>(form)];
        result_->cells.push_back(cell);
    }

    void push_jump(const Cell& cell, Form form, Fixup fixup) {
        fixup.cell = result_->cells.size();
        push_cell(cell, form);
        if (fixup.is_branch) push_data(BranchTargets{});
        want(fixup.taken);
        if (fixup.is_branch) want(fixup.otherwise);
        fixups_.push_back(fixup);
    }

    void emit_halt() {
        Ending& ending = builder_.ending;
        for (std::size_t i = 0; i < ending.operand_count; ++i)
            if (value(ending.operands[i]).is_constant()) ending.operands[i] = materialise(ending.operands[i]);
        Cell cell;
        if (ending.operand_count > 0) cell.a = offset_of(places_.of(ending.operands[0]));
        if (ending.operand_count > 1) cell.rest.slots.b = offset_of(places_.of(ending.operands[1]));
        push_cell(cell, form_of(ending.opcode));
    }

    void emit_branch() {
        Ending& ending = builder_.ending;
        const Row* row = choose_branch(ending);
        if (row == nullptr) {
            for (std::size_t i = 0; i < ending.operand_count; ++i)
                if (value(ending.operands[i]).is_constant()) ending.operands[i] = materialise(ending.operands[i]);
            row = choose_branch(ending);
        }
        settle();
        Cell cell;
        std::array<ValueId, 3> operands{ending.operands[0], ending.operands[1], 0};
        set_operands(cell, *row, operands, ending.operand_count);
        cell.to = offset_of(builder_.height);
        const std::uint32_t target = ending.is_bad_target ? no_destination : ending.target;
        push_jump(cell, row->form,
                  ending.sense ? Fixup{0, target, ending.otherwise, true} : Fixup{0, ending.otherwise, target, true});
    }

    // --- exits ---

    // Leaving a block, its words are brought into place by a stub behind the block, so that staying costs nothing.
    void emit_exit(Exit& exit) {
        const Row* row = choose_branch(exit);
        if (row == nullptr) {
            for (std::size_t i = 0; i < exit.operand_count; ++i)
                if (value(exit.operands[i]).is_constant()) exit.operands[i] = materialise(exit.operands[i]);
            row = choose_branch(exit);
        }
        Cell cell;
        set_operands(cell, *row, {exit.operands[0], exit.operands[1], 0}, exit.operand_count);
        const Stub stub{result_->cells.size(), stubs_.size(), exit.is_bad_target ? no_destination : exit.target,
                        builder_.gas[segment_ + 1]};
        push_cell(cell, static_cast<Form>(static_cast<int>(row->form) + (exit.sense ? 1 : 2)));
        push_data(BranchTargets{});
        for (std::size_t i = 0; i < exit.operand_count; ++i) release(exit.operands[i]);

        std::swap(result_->cells, stubs_);
        lone_copy_ = 0;
        if (stubs_.empty()) result_->cells.reserve(64);
        arrange(exit.height,
                [&](int position) { return exit.stack[static_cast<std::size_t>(position - builder_.lowest)]; });
        cell = {};
        cell.to = offset_of(exit.height);
        push_cell(cell, Form::leave);
        push_data(BlockHead{.gas = stub.gas, .pc = exit.next});
        lone_copy_ = 0;
        std::swap(result_->cells, stubs_);
        for (const ValueId id : exit.stack) release(id);
        pending_.push_back(stub);
        ++segment_;
    }

    void append_stubs() {
        std::vector<Cell>& cells = result_->cells;
        const std::size_t base = cells.size();
        cells.insert(cells.end(), stubs_.begin(), stubs_.end());
        for (std::size_t i = 0; i < pending_.size(); ++i) {
            const Stub& stub = pending_[i];
            const std::size_t end = i + 1 < pending_.size() ? pending_[i + 1].begin : stubs_.size();
            cells[stub.exit + 1] =
                std::bit_cast<Cell>(BranchTargets{distance(stub.exit, base + stub.begin), 0, stub.gas});
            fixups_.push_back({base + end - 2, stub.target, 0, false});
            want(stub.target);
        }
    }

    [[nodiscard]] const Row* choose_branch(const auto& ending) const {
        for (const Row& row : branch_rows) {
            bool matches = row.opcode == ending.opcode;
            for (std::size_t k = 0; k < ending.operand_count && matches; ++k)
                matches = fits(row.operands[k], value(ending.operands[k]), false);
            if (matches) return &row;
        }
        return nullptr;
    }

    [[nodiscard]] std::int32_t distance(std::size_t from, std::size_t to) const {
        return static_cast<std::int32_t>((static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from)) *
                                         std::int64_t{sizeof(Cell)});
    }

    void resolve(const Fixup& fixup) {
        const auto index = [&](std::uint32_t pc) {
            return pc == no_destination ? bad_jump_ : static_cast<std::size_t>(result_->entries[pc]);
        };
        const std::int32_t taken = distance(fixup.cell, index(fixup.taken));
        if (!fixup.is_branch) {
            result_->cells[fixup.cell].rest.small = static_cast<std::uint32_t>(taken);
            return;
        }
        result_->cells[fixup.cell + 1] =
            std::bit_cast<Cell>(BranchTargets{taken, distance(fixup.cell, index(fixup.otherwise)), fixup.otherwise});
    }

    struct Stub {
        std::size_t exit;   // index of the exit's cell
        std::size_t begin;  // index of its first cell among the block's stubs
        std::uint32_t target;
        std::uint32_t gas;  // what staying in the block costs
    };

    static constexpr std::size_t max_temporaries = 2 * BlockBuilder::max_instructions;
    static constexpr int no_place = std::numeric_limits<int>::max();

    const Code& code_;
    BlockBuilder builder_;
    std::unique_ptr<Translation> result_;
    const Handlers& handlers_ = translated_handlers();
    Places places_;
    std::vector<int> wanted_place_;      // by value
    std::vector<std::uint32_t> wanted_;  // pcs where blocks begin
    std::vector<Fixup> fixups_;
    std::unordered_map<Word, std::uint32_t> pool_index_;
    std::vector<Cell> stubs_;
    std::vector<Stub> pending_;
    std::size_t segment_ = 0;  // of the block: how many exits are behind
    std::vector<Move> moves_;
    std::vector<int> waiting_, move_into_, ready_;
    std::size_t bad_jump_ = 0;   // index of the head of the block that is one
    std::size_t lone_copy_ = 0;  // index of a copy that may be joined by another
};

std::atomic<Tiering> tiering = [] {
    const char* const chosen = std::getenv("INTERLOCK_TRANSLATE");
    const std::string_view word = chosen == nullptr ? "" : chosen;
    return word == "always" ? Tiering::Always : word == "never" ? Tiering::Never : Tiering::Adaptive;
}();

const Translation* make(const Code& code, Fork fork) {
    return code.size() > max_code_bytes ? nullptr : code.keep(translate(code, fork));
}

}  // namespace

std::unique_ptr<Translation> translate(const Code& code, Fork fork) { return Translator(code, fork).run(); }

void set_tiering(Tiering chosen) { tiering = chosen; }

const Translation* worthwhile_translation(const Code& code, Fork fork) {
    const Tiering chosen = tiering.load(std::memory_order_relaxed);
    if (chosen == Tiering::Never) return nullptr;
    if (const Translation* const known = code.translation(fork)) return known;
    const std::int64_t price = gas_per_byte * (static_cast<std::int64_t>(code.size()) + further_bytes);
    return chosen == Tiering::Always || code.heat() >= price ? make(code, fork) : nullptr;
}

}  // namespace interlock::vm
