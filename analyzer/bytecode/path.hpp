// One path through code on terms, instruction by instruction.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "analyzer/bytecode/terms.hpp"
#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::analyzer::bytecode {

// How a parameter is used.
struct Use {
    unsigned bits = 0;          // of the narrowest mask; zero: none
    bool is_left = false;       // the mask keeps the high bits
    bool is_signed = false;     // its sign is extended
    bool is_condition = false;  // it is made 0 or 1
    bool is_number = false;     // it is calculated with
    bool is_followed = false;   // it is an offset
    bool is_list = false;       // of words, as far as its length is used
    unsigned element_bits = 0;  // of a list
};
using Uses = std::map<std::uint32_t, Use>;  // by offset in call data

// Where a path stands.
struct Path {
    std::uint32_t pc = 0;
    std::vector<Term> stack;
    std::map<std::uint32_t, Term> memory;  // by address, as far as that is known
    bool is_empty_call = false;            // there is no call data
    bool has_no_ether = false;             // it was tested
};

// What an instruction does that is not about the stack.
enum class Step : std::uint8_t { Next, Jump, Branch, Return, Fail, Lost /* the target of a jump is unknown */ };

struct Stepped {
    Step step = Step::Next;
    std::uint32_t target = 0;  // of Jump and Branch
    Term condition;            // of Branch
    bool is_effect = false;    // the instruction may change the state
};

// Executes the instruction at the path's pc and moves the pc behind it.
[[nodiscard]] Stepped step(const vm::Code& code, Path& path, Uses& uses);

}  // namespace interlock::analyzer::bytecode
