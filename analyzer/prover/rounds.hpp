// Rounds: loops through arrays that the caller passes, or as often as he says. Where a round depends on nothing but its elements
// and on what the function found out before the loop, the call does what calls with parts of the arrays, or for fewer rounds,
// do one after the other.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

struct Rounds {
    ir::BlockIndex head = 0;
    enum class Part : std::uint8_t { Before, Loop, Behind };
    std::vector<Part> parts;  // by block; Behind: the loop does not follow any more
    // Parameters of the function, by their place, that say how many rounds there are, and where their elements lie.
    std::set<std::size_t> numbers, arrays;
};

// Returns the loop of a function whose parameters are arrays and words, if
// - it counts from zero in steps of one to the arrays' length or to a word, from one word to another, or from a word down to
//   zero, and each round begins with the question whether it is there; it may also be left for another reason then,
// - the count is only used for taking the next element of each array, which is used for nothing else, unless it goes from one
//   word to another: then parts of the rounds count alike,
// - nothing but the state is carried from one round to the next, also by memory, or sums that are only stored behind the loop,
// - the lengths are compared with each other and the count alone, and nothing is returned but how many rounds there were.
[[nodiscard]] std::optional<Rounds> rounds_of(const ir::Contract& contract, const ir::Function& function);

// Whether the caller of a function with rounds passes on what says which there are, as it came with its own call, and does
// nothing else with that: so whoever calls it may call it for other ones.
[[nodiscard]] bool passes_on_rounds(const ir::Contract& contract, const ir::Function& caller, const ir::Instruction& call,
                                    const Rounds& rounds);

}  // namespace interlock::analyzer::prover
