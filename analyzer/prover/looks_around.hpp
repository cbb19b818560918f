// What pieces of code look at beside the state and what they are given: call data, memory and answers that others may have left.
// A piece that looks at none of these does the same whatever ran before it in the call.
#pragma once

#include <cstdint>
#include <set>

#include "analyzer/prover/memory_words.hpp"

namespace interlock::analyzer::prover {

// Whether the instruction looks at what was passed, or at memory or answers that may be of others, or leaves something there by
// assembly. Of a call of a function: see below.
[[nodiscard]] bool looks_around(const ir::Instruction& instruction);

// The same of a function and all that it calls. What it has written to scratch memory, or asked for, is its own.
// `seen`: functions that do not, or are looked at now; what is found is added.
[[nodiscard]] bool looks_around(const ir::Contract& contract, std::uint32_t function, std::set<std::uint32_t>& seen);

// Follows words that a block puts into scratch memory to hash them, as compilers do for places in storage.
class HashedWords {
  public:
    explicit HashedWords(const Makers& made_by) : made_by_(made_by) {}

    // Whether all that the next instruction does to memory is to write such a word, or to hash what the block wrote there.
    bool pass(const ir::Instruction& each);

  private:
    const Makers& made_by_;
    std::set<ir::Word> written_;
};

}  // namespace interlock::analyzer::prover
