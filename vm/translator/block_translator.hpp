// Block translator: turns the values and instructions of a block (block_builder.hpp) into cells (translation.hpp).
//
// A value is computed into the word where the block leaves it at the end, if that word is free by then, otherwise into
// a word above the stack. Words that belong elsewhere are moved at the block's end, all at once. Words that an exit in
// the middle wants elsewhere are moved by a stub after the block, so that staying in the block costs nothing.
#pragma once

#include "vm/translator/cell_rows.hpp"
#include "vm/translator/stack_slots.hpp"
#include "vm/translator/translation.hpp"
#include "vm/translator/word_moves.hpp"

namespace interlock::vm {

class BlockTranslator {
  public:
    // Translates the block that begins at `pc`. The draft is valid until the next call. BlockBuilder explains `copied`.
    [[nodiscard]] const BlockDraft& translate(const Code& code, Fork fork, std::uint32_t pc, std::size_t& copied);

  private:
    struct Stub {
        std::size_t exit;   // index of the exit's cell
        std::size_t begin;  // index of its first cell among the block's stubs
        std::uint32_t target;
        std::uint32_t gas;  // cost of staying in the block
    };
    static constexpr int no_slot = std::numeric_limits<int>::max();
    static constexpr std::size_t no_copy = ~std::size_t{0};

    [[nodiscard]] const Value& value(ValueId id) const { return builder_.values[id]; }
    [[nodiscard]] BlockHead head(std::uint32_t pc) const;
    void find_slots();

    [[nodiscard]] std::int16_t offset_of(int position) const;
    [[nodiscard]] std::int16_t top_offset_of(int height) const;
    void push_cell(Cell cell, Form form);
    template <class Data>
    void push_data(const Data& data) {
        draft_.cells.push_back(std::bit_cast<Cell>(data));
    }

    // --- operands and results ---
    [[nodiscard]] std::int32_t distance_of(const Word& constant);
    [[nodiscard]] std::int16_t short_distance_of(const Word& constant);
    [[nodiscard]] ValueId materialise(ValueId constant);
    void load(int position, const Word& word);
    void release(ValueId id);
    [[nodiscard]] int slot_for(ValueId result) const;
    [[nodiscard]] const Row* choose(const Node& node, const std::array<ValueId, 3>& operands) const;
    [[nodiscard]] const Row* choose_branch(const auto& branch) const;
    [[nodiscard]] const Row& choose_or_materialise(auto& branch);
    void set_operands(Cell& cell, const Row& row, const std::array<ValueId, 3>& operands, std::size_t count);
    void emit_node(const Node& node);
    void begin_segment(Form last);

    // --- endings and exits ---
    void settle();
    void arrange(int height, const auto& at);
    void emit_copy(Move move);
    void materialise_ending();
    void emit_ending();
    void emit_halt();
    void emit_branch();
    void emit_exit(Exit& exit);
    void append_stubs();
    void push_jump(const Cell& cell, Form form, std::uint32_t taken, std::uint32_t otherwise);

    BlockBuilder builder_;
    BlockDraft draft_;
    const Handlers& handlers_ = translated_handlers();
    StackSlots slots_;
    WordMoves moves_;
    CheckedVector<int> wanted_slot_;  // by value
    CheckedVector<Cell> stub_cells_;
    CheckedVector<std::size_t> stub_constants_;  // indices of the cells among them that load a constant
    CheckedVector<Stub> stubs_;
    bool is_in_stub_ = false;
    std::size_t segment_ = 0;          // the segment of the next instruction
    std::size_t lone_copy_ = no_copy;  // index of a copy that another copy may join
};

}  // namespace interlock::vm
