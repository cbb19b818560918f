// Where a contract raises a counter, and loops that count up with it: see counted_numbers.hpp.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Where an instruction stands.
struct Spot {
    ir::BlockIndex block = 0;
    std::size_t at = 0;
    friend bool operator==(const Spot&, const Spot&) = default;
};

// What counts up, and what each of its rounds does.
struct CountingLoop {
    ir::BlockIndex head = 0;
    bool goes_in_if = true;           // what its condition is if a round comes
    std::set<ir::BlockIndex> blocks;  // of all rounds, the head too, and those that fail
    std::size_t counted = 0;          // the parameter of its head that counts up
    bool is_counted_itself = false;   // that parameter is the number
    Spot number, raise, owner;        // where the number is computed, the counter rises, and the number gets an owner
    std::uint32_t owners = 0;         // the mapping
    ir::Word offset;                  // the number less what the counter holds then
    std::optional<std::size_t>
        quantity;  // the argument of the entry that tells how many rounds there are: none if it is zero
};

// Returns the loops, by function, that give out numbers as a counter does. Nothing if somebody raises the counter otherwise, or
// without giving the number to somebody.
[[nodiscard]] std::optional<std::map<std::uint32_t, CountingLoop>> counting_loops(const CodeInScope& code,
                                                                                  std::uint32_t counter);

// Whether it loads or stores the variable.
[[nodiscard]] inline bool is_at_variable(const ir::Instruction& each, ir::Op op, std::uint32_t variable) {
    return each.op == op && each.place.steps.empty() && each.place.variable == variable && !each.at_entry;
}

}  // namespace interlock::analyzer::prover
