// Block: a straight run of bytecode as values and the instructions that compute them. The stack is reduced to names for
// values.
//
// The builder performs the stack movements itself, computes what has constant operands, and continues through jumps
// with a known target and through jump destinations that control falls into, so a block is as long as control flow is
// certain. Then it goes backwards from the results: of a value that is masked in the end, only the masked bits are computed.
//
// A block is paid for in segments, each before its first instruction. A segment ends at an exit, and after an
// instruction that can fail for a reason other than lack of gas. So if the gas for a segment is missing, or runs out in
// its middle, the frame fails for lack of gas exactly as it would without translation.
#pragma once

#include <array>
#include <vector>

#include "vm/code.hpp"
#include "vm/interpreter/core.hpp"
#include "vm/translator/checked.hpp"

namespace interlock::vm {

using ValueId = std::uint32_t;

[[nodiscard]] inline bool is_power_of_two(const Word& word) { return !word.is_zero() && has_at_most_one_bit(word); }

struct Value {
    enum class Kind : std::uint8_t { Entry, Constant, Result };
    Kind kind = Kind::Result;
    std::uint16_t bits = 256;   // the value is below 2^bits
    std::int16_t position = 0;  // Entry: its place when the block begins; 0 is the top, negative is below
    std::uint32_t uses = 0;     // as operand, and on the stack that the block leaves
    std::uint32_t node = 0;     // Result: the node that computes it
    Word constant;

    [[nodiscard]] bool is_constant() const { return kind == Kind::Constant; }
    [[nodiscard]] bool is_narrow() const { return bits <= 64; }
};

struct Node {
    Opcode opcode{};
    std::uint8_t operand_count = 0;
    bool has_result = false;
    bool is_pure = false;               // has no effect besides its result
    bool is_low = false;                // only the lowest limb of the result is wanted; the others must be zero
    std::uint16_t displacement = 0;     // MLOAD, MSTORE: bytes to add to the offset
    bool ends_segment = false;          // what follows is paid for after this instruction
    std::uint32_t gas_so_far = 0;       // of its segment, up to and including this instruction
    std::array<ValueId, 3> operands{};  // in the opcode's order: the stack's top first
    ValueId result = 0;
};

// How a block ends.
struct Ending {
    enum class Kind : std::uint8_t {
        Jump,           // to `target`
        JumpToValue,    // to operands[0]
        Branch,         // to `target` if condition(operands) is `sense`, else to `otherwise`
        BranchToValue,  // to operands[1] if operands[0] is not zero, else to `otherwise`
        Bad,            // the jump has no valid destination
        Halt,           // `opcode` ends the frame and reads only its operands
        Call,           // `opcode` finds its operands on the stack; the next instruction is at `otherwise`
        Undefined,      // a byte that the fork does not define
    };
    Kind kind = Kind::Undefined;
    Opcode opcode{};  // for Branch the condition: LT, SLT or EQ of two values, NOT (!) ISZERO of one is JUMPI
    bool sense = true;
    std::uint8_t operand_count = 0;
    std::array<ValueId, 2> operands{};
    std::uint32_t target = 0, otherwise = 0;  // pcs
    bool is_bad_target = false;               // Branch: its target is no valid destination

    // Returns whether the stack is read afterwards.
    [[nodiscard]] bool keeps_stack() const { return kind != Kind::Halt && kind != Kind::Bad && kind != Kind::Undefined; }
};

// A branch inside a block. Control leaves if condition(operands) is `sense`, with the stack as it is at that point.
struct Exit {
    std::size_t before_node = 0;  // its position among the nodes
    Opcode opcode{};
    bool sense = true;
    std::uint8_t operand_count = 0;
    std::array<ValueId, 2> operands{};
    std::uint32_t target = 0;  // pc where it leaves to
    std::uint32_t next = 0;    // pc where the block continues
    bool is_bad_target = false;
    int height = 0;
    CheckedVector<ValueId> stack;  // from the block's lowest position to `height`
};

class BlockBuilder {
  public:
    static constexpr std::size_t max_instructions = 256;  // per block
    static constexpr std::size_t max_exits = 24;          // per block
    static constexpr std::size_t max_exit_words = 600;    // on the stacks of all its exits
    static constexpr int max_stack = static_cast<int>(Core::max_stack);

    // Reads the block that begins at `pc`. The result is valid until the next call. `copied` counts, over all blocks of
    // a code, the instructions that other blocks may contain as well; if there are too many, blocks end where others begin.
    void build(const Code& code, Fork fork, std::uint32_t pc, std::size_t& copied);
    [[nodiscard]] std::size_t instructions() const { return instructions_; }

    CheckedVector<Value> values;
    CheckedVector<Node> nodes;
    CheckedVector<Exit> exits;
    Ending ending;
    CheckedVector<std::uint32_t> gas;  // cost of each segment's instructions
    int need = 0;                      // words that the stack must have
    int growth = 0;                    // highest number of words above them
    int height = 0;                    // words more (or fewer) at the end than at the beginning
    int lowest = 1;                    // the lowest position that the block reads

    // Returns the value at a position when the block ends. `position` is from `lowest` to `height`.
    [[nodiscard]] ValueId at(int position) const { return stack_[static_cast<std::size_t>(position + max_stack)]; }

  private:
    [[nodiscard]] ValueId& slot(int position);
    void push(ValueId value) { slot(++height) = value; }
    [[nodiscard]] ValueId pop() { return slot(height--); }
    [[nodiscard]] ValueId constant(const Word& word);

    [[nodiscard]] bool step();  // returns false when the block is over
    [[nodiscard]] bool may_cross(std::uint32_t target);
    [[nodiscard]] bool jump();
    [[nodiscard]] bool branch();
    void end(Ending::Kind kind, Opcode opcode = {});
    void set_condition(ValueId value);
    [[nodiscard]] bool may_go_on() const;
    void add_exit(bool leaves_if, std::uint32_t target, std::uint32_t next);
    void complete_exits();
    void compute(Opcode opcode);
    [[nodiscard]] bool fold(Opcode opcode, const std::array<ValueId, 3>& operands, std::size_t count);
    [[nodiscard]] bool simplify(Opcode& opcode, std::array<ValueId, 3>& operands);
    void add_node(Opcode opcode, const std::array<ValueId, 3>& operands);
    [[nodiscard]] unsigned result_bits(const Node& node) const;
    void find_demands();
    void want_bits(ValueId value, unsigned bits);
    void narrow();
    void fuse_offsets();
    void replace_operand(Node& node, ValueId value);
    void count_uses();

    const Code* code_ = nullptr;
    Fork fork_{};
    const BaseGas* base_gas_ = nullptr;
    std::size_t* copied_ = nullptr;
    CheckedArray<ValueId, 2 * Core::max_stack + max_instructions + 2> stack_;
    CheckedVector<std::uint16_t> demand_;  // by value: how many of its low bits matter
    CheckedVector<ValueId> same_;          // by value: another value that is always equal
    std::vector<std::uint32_t> visited_;   // jump destinations in this block
    std::uint32_t last_visited_ = 0;       // the greatest of them
    std::size_t instructions_ = 0;         // in this block
    std::size_t exit_words_ = 0;
    std::uint32_t pc_ = 0;
    bool has_jumped_ = false;  // the next instruction is the destination of a jump in this block
};

}  // namespace interlock::vm
