// Block translator: the values and instructions of a block (block_builder.hpp) become cells (translation.hpp).
//
// A value is computed into the word where the block leaves it in the end, if that is free by then, else into one above
// the stack. Words that are wanted elsewhere are moved at the block's end, all at once; those that an exit in the
// middle wants elsewhere are moved by a stub behind the block, so that staying costs nothing.
#pragma once

#include "vm/translator/cell_rows.hpp"
#include "vm/translator/stack_slots.hpp"
#include "vm/translator/translation.hpp"
#include "vm/translator/word_moves.hpp"

namespace interlock::vm {

class BlockTranslator {
  public:
    // Translates the block that begins at `pc`. The draft is valid until the next call; `copied` is as BlockBuilder's.
    [[nodiscard]] const BlockDraft& translate(const Code& code, Fork fork, std::uint32_t pc, std::size_t& copied);

  private:
    struct Stub {
        std::size_t exit;   // index of the exit's cell
        std::size_t begin;  // index of its first cell among the block's stubs
        std::uint32_t target;
        std::uint32_t gas;  // what staying in the block costs
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

    // Operands and results.
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

    // Endings and exits.
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
    CheckedVector<std::size_t> stub_constants_;  // indices of those among them that load one
    CheckedVector<Stub> stubs_;
    bool is_in_stub_ = false;
    std::size_t segment_ = 0;          // of the block's gas: which one the next instruction is in
    std::size_t lone_copy_ = no_copy;  // index of a copy that may be joined by another
};

}  // namespace interlock::vm
