// What the instructions of a block have put into memory, as far as they name their places: at constant distances from where
// memory begins, or from one address that is not known.
#pragma once

#include <optional>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// By value, what makes it; null for parameters of blocks.
using Makers = std::vector<const ir::Instruction*>;

[[nodiscard]] inline bool is_evm(const ir::Instruction& instruction, vm::Opcode opcode) {
    return instruction.op == ir::Op::Evm && instruction.opcode == opcode;
}

// Returns what makes each value of the function, null for parameters of blocks.
[[nodiscard]] Makers makers_of(const ir::Function& function);

// Low bits of a word.
struct Cut {
    ir::Value value;
    unsigned bits = 256;
};
// Whether the instruction does no more than to keep some, and what of.
[[nodiscard]] std::optional<Cut> cut_in(const Makers& made_by, const ir::Instruction& made);

// Returns the word if the value is one that is written out.
[[nodiscard]] std::optional<ir::Word> constant_in(const Makers& made_by, ir::Value value);

struct MemoryAddress {
    ir::Value base;  // none: where memory begins
    ir::Word offset;
};
[[nodiscard]] MemoryAddress address_in(const Makers& made_by, ir::Value value);

[[nodiscard]] bool is_free_memory_pointer(const Makers& made_by, const ir::Instruction* made);

// Whether the address is one behind the free-memory pointer, where objects lie and no scratch space.
[[nodiscard]] bool is_in_free_memory(const Makers& made_by, ir::Value address);

// Whether free memory of the contract's functions is above scratch space, and bytes and strings lie there: the pointer is only
// moved from where it is, and no number is taken for their address.
[[nodiscard]] bool keeps_free_memory(const ir::Contract& contract);

// Whether all that the function does is to move the free-memory pointer, of which it returns what it was.
[[nodiscard]] bool only_allocates(const ir::Function& function);

// Returns the call of such a function of which the value is the new memory, or null.
[[nodiscard]] const ir::Instruction* allocation_of(const ir::Contract& contract, const Makers& made_by, ir::Value value);

// A word that was read from what was written.
struct WordInMemory {
    ir::Value value;
    bool is_account = false;  // its low 160 bits alone, the rest is zero
};

// One of several that are hashed: the constant, if it is one, also where that is the distance of two addresses.
struct HashedWord {
    WordInMemory word;
    std::optional<ir::Word> constant;
};

class MemoryWords {
  public:
    explicit MemoryWords(const Makers& made_by) : made_by_(made_by) {}

    // Call this for each instruction of the block, in order.
    void pass(const ir::Instruction& instruction);

    [[nodiscard]] std::optional<WordInMemory> word_at(const MemoryAddress& address) const;
    // Four bytes.
    [[nodiscard]] std::optional<std::uint32_t> selector_at(const MemoryAddress& address) const;

  private:
    struct Byte {
        ir::Value value;
        unsigned at = 0;  // of its 32, the highest first
    };
    [[nodiscard]] std::optional<Byte> byte_at(const MemoryAddress& address, unsigned offset) const;
    [[nodiscard]] std::optional<std::uint8_t> constant_byte(const Byte& byte) const;

    struct Write {
        MemoryAddress to;
        ir::Value value;
    };
    const Makers& made_by_;
    std::vector<Write> writes_;  // the last one is at the end
};

// Call data that the block of a call, or of an encoding, writes itself.
struct CallData {
    std::optional<std::uint32_t> selector;
    std::vector<std::optional<WordInMemory>> arguments;  // behind the selector
};
[[nodiscard]] CallData call_data_at(const MemoryWords& words, const MemoryAddress& start);

}  // namespace interlock::analyzer::prover
