// Compiles one function from SSA to instructions.
//
// Blocks are emitted in reverse postorder. Each has a canonical stack on entry: the return label, the live-in values,
// its parameters. A block with one predecessor takes the stack as that predecessor leaves it. A block with several
// predecessors takes the order of the one that is emitted first, and the others shuffle theirs to match. Inside a
// block, an operand that dies is used in place if it is in the right position, and copied otherwise; dead words are
// popped when they come to the top. Constants, and operations that read the call's environment, are computed again at
// each use.
//
// A value that is deeper than the machine reaches is *spilled*: it gets a word of memory of its own, and the function
// is emitted again. Spill slots are static, so a recursive function saves its live ones on the stack around the call.
#pragma once

#include <map>
#include <optional>

#include "lang/codegen/abi_coding.hpp"
#include "lang/codegen/liveness.hpp"
#include "lang/codegen/unit.hpp"

namespace interlock::lang::codegen {

class FunctionEmitter {
  public:
    enum class Mode : std::uint8_t {
        Internal,     // called with a return label and arguments on the stack
        External,     // decodes its arguments from the call data, ends with RETURN or STOP
        Constructor,  // decodes its arguments, which follow the creation code, ends at Unit::deploy
    };

    FunctionEmitter(Unit& unit, std::uint32_t function, Mode mode);
    void emit();

  private:
    // A failure whose data needs code of its own, which is moved out of the successful path.
    struct Cold {
        Label label;
        std::vector<Entry> stack;
        const ir::Instruction* guard;
    };

    // --- whole function (function.cpp) ---
    void attempt();
    void improve_loops(std::size_t start);
    [[nodiscard]] std::uint64_t expected_gas() const;
    void spill_for(const OutOfReach& deep);
    void settle_parameters();
    void emit_block(ir::BlockIndex block);
    void emit_cold_paths();
    bool make(Entry entry);  // pushes a free or spilled entry
    void make_free(const ir::Instruction& definition);
    [[nodiscard]] bool is_free(const ir::Instruction& instruction) const;

    // --- values (function.cpp) ---
    [[nodiscard]] ir::Type type_of(ir::Value value) const { return prepared_.types[value.index]; }
    [[nodiscard]] ir::Type operand_type(const ir::Instruction& i, std::size_t n = 0) const {
        return prepared_.operand_types[prepared_.first_operand_type[i.result.index] + n];
    }
    [[nodiscard]] bool is_dead(ir::Value value) const;
    [[nodiscard]] bool is_dead(Entry entry) const;
    [[nodiscard]] bool is_spilled(Entry entry) const { return spilled_.contains(key_of(entry)); }
    [[nodiscard]] static std::uint64_t key_of(Entry entry);
    void fetch(ir::Value value);              // copies the value to the top
    void operands(const ir::Values& values);  // arranges them on top, the last topmost; call it first in an instruction
    struct Pair {                             // how two operands get on top
        enum class Way : std::uint8_t { CopyBoth, MoveFirst, MoveSecond, MoveBoth };
        Way way;
        std::size_t cost;  // in gas, with what the words that stay behind will cost
    };
    [[nodiscard]] Pair arrange(const ir::Values& values) const;
    void put(const ir::Values& values, Pair::Way way);
    // Returns how many of the first values are on top, in order, and not needed any more.
    [[nodiscard]] std::size_t dying_on_top(const ir::Values& values) const;
    void define(ir::Value value);                   // names the top as the value
    void define_results(const ir::Values& values);  // names the results on top, in order; unused results have no value
    void drop_dead();
    void compact();
    [[nodiscard]] std::vector<Entry> entries_of(const ir::Values& values, std::size_t from = 0) const;
    std::optional<Word> constant(ir::Value value) const;

    // --- flow (flow.cpp) ---
    void emit_terminator(const ir::Block& block);
    void emit_branch(const ir::Terminator& terminator);
    void emit_return(const ir::Values& values);
    void return_words(const ir::Values& values);
    // Jumps to the block. `results` are the values of the parameters that follow the arguments.
    void go_to(const ir::Jump& jump, const std::vector<Entry>& results = {});
    [[nodiscard]] bool is_direct(const ir::Jump& jump) const;
    void find_ways();
    void find_loops();
    [[nodiscard]] bool may_leave_words(ir::BlockIndex to) const;
    void shuffle_above_words(const std::vector<Entry>& target);
    [[nodiscard]] std::vector<Entry> choose_layout(const ir::Jump& jump, const std::map<std::uint32_t, Entry>& sources);

    // --- instructions (instructions.cpp) ---
    void emit_instruction(const ir::Instruction& i);
    void emit_operation(const ir::Instruction& i);
    void emit_own(const ir::Instruction& i);
    void emit_opcode(const ir::Instruction& i, vm::Opcode opcode);
    void emit_arithmetic(const ir::Instruction& i);
    void emit_precompiled(const ir::Instruction& i);
    bool emit_with_constant(const ir::Instruction& i);
    bool emit_power_of_constant(const ir::Instruction& i);
    bool emit_division_by_constant(const ir::Instruction& i);
    void emit_select(const ir::Instruction& i);
    void emit_internal_call(const ir::Instruction& i);
    std::size_t push_return_below_arguments(Label back, const ir::Values& arguments);
    [[nodiscard]] std::uint64_t immutable_address(const ir::Instruction& i) const;  // valid while the constructor runs
    void emit_literal(const ir::Instruction& i);
    void emit_bytes_at(const ir::Instruction& i);
    void emit_event(const ir::Instruction& i);

    // --- failures (failures.cpp) ---
    void emit_guard(const ir::Instruction& i);
    void fail(const ir::Failure& failure, const ir::Values& arguments, std::size_t from);
    [[nodiscard]] std::optional<Label> shared_failure(const ir::Failure& failure);

    // --- storage (places.cpp) ---
    void push_slot(const ir::Instruction& i);
    void hash_word_key(ir::Value key);
    void hash_string_key(ir::Value key);

    // --- calls (calls.cpp) ---
    void emit_external(ir::BlockIndex block, const ir::ExternalCall& call);
    void emit_method_call(ir::BlockIndex block, const ir::ExternalCall& call);
    void emit_low_level_call(ir::BlockIndex block, const ir::ExternalCall& call);
    void emit_payment(ir::BlockIndex block, const ir::ExternalCall& call);
    [[nodiscard]] const Artifact& other_contract(std::uint32_t number);
    void emit_contract_code(const ir::Instruction& i);
    void emit_creation(ir::BlockIndex block, const ir::ExternalCall& call);
    std::vector<Entry> decode_results(const ir::Method& method, Entry base);
    void finish_try(ir::BlockIndex block, const ir::ExternalCall& call, Entry base);
    void push_return_data(ir::BlockIndex block);
    void push_or_zero(ir::Value value);
    void push_call(const ir::ExternalCall& call);
    void finish_call(ir::BlockIndex block, const ir::Jump& next, const std::vector<Entry>& results);

    Unit& unit_;
    const std::uint32_t index_;
    const ir::Function& source_;
    const Mode mode_;
    Prepared prepared_;
    std::vector<bool> free_;
    std::vector<const ir::Instruction*> definitions_;  // by value; null for parameters
    std::optional<Liveness> liveness_;
    std::vector<std::size_t> predecessors_;                // by block: number of edges to it
    std::vector<std::uint32_t> loop_;                      // by block: blocks with the same number reach each other
    std::vector<bool> returns_;                            // by block: whether a way from it leads to the caller
    std::vector<unsigned> depth_;                          // by block: in how many loops it is
    std::map<ir::BlockIndex, std::vector<Entry>> wanted_;  // by head of a loop: the stack that its end would like there
    std::map<std::uint64_t, std::size_t> spilled_;         // by key_of: number of the spill slot
    std::uint64_t spill_area_ = 0;
    std::size_t attempts_ = 0;

    // State of the current attempt.
    Emitter e_;
    std::vector<Label> labels_;                               // by block
    std::vector<std::optional<std::vector<Entry>>> layouts_;  // by block: the stack on entry
    std::vector<Cold> cold_;
    std::map<ir::BlockIndex, std::vector<Entry>> found_;         // what the next attempt may take for wanted_
    std::vector<std::pair<std::size_t, std::size_t>> items_of_;  // by place in the order: where a block's items are
    ir::BlockIndex block_ = 0;
    std::vector<std::size_t> uses_left_;     // by value: in the rest of the current block
    std::vector<std::size_t> operand_uses_;  // of the current instruction's operands, before it is emitted
};

// Returns whether internal calls may call `from` again while it waits for its call of `callee`.
[[nodiscard]] bool is_recursive_call(const ir::Contract& contract, std::uint32_t from, std::uint32_t callee);

}  // namespace interlock::lang::codegen
