// Numbers that a counter gives out: id = ++count, or id = count++. What is found at a number that was given out before is not
// touched by who gets the next one.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Nobody adds numbers of so few bits so often that a word of 128 bits or more begins anew.
inline constexpr unsigned few_bits = 32;

// Whether the place is a variable that holds a word, and may be written after the construction.
[[nodiscard]] bool is_number(const ir::Contract& contract, const ir::Place& place);

// Values of a function that a counter gives out.
struct FreshValue {
    std::uint32_t value = 0, counter = 0;    // the variable
    bool is_after = false;                   // ++count rather than count++
    const ir::Instruction* taken = nullptr;  // where it is taken: all values of one taking are one number
};
[[nodiscard]] std::vector<FreshValue> fresh_values(const ir::Contract& contract, const ir::Function& function);

// Returns the numbers of those that were reserved together, first = count; count += n, where a loop comes to each of them once
// and nothing else does; and the stores that reserve numbers.
[[nodiscard]] std::vector<FreshValue> reserved_values(const ir::Contract& contract, const ir::Function& function);
[[nodiscard]] std::vector<const ir::Instruction*> reserving_stores(const ir::Contract& contract,
                                                                   const ir::Function& function);

// Returns loads and stores of counters of which a number is used otherwise than to count on.
[[nodiscard]] std::set<const ir::Instruction*> numbering_accesses(const ir::Contract& contract,
                                                                  const ir::Function& function);

// Returns the stores that add a constant of at least one to a variable, checked.
[[nodiscard]] std::vector<const ir::Instruction*> rising_stores(const ir::Contract& contract, const ir::Function& function);

// Returns fields of mappings that are zero at every number which their counter has not given out: they are written
// - where a number was just given out, always in the same manner,
// - where they, or other such fields there, were found not to be zero before in the same function,
// - or with zero,
// and the counter only rises. Throws NotCovered and OutOfTime.
[[nodiscard]] std::map<Area, Counter> find_given(const CodeInScope& code);

// Returns the counters that only rise, and are not set by a constructor that calls functions. Throws the same.
[[nodiscard]] std::set<Counter> find_counters(const CodeInScope& code);

// Returns those of the counters of which all numbers are taken in one manner, and nobody computes with one when it is taken;
// where two places take them, nobody compares them either.
[[nodiscard]] std::set<Counter> find_numbering(const CodeInScope& code, const std::set<Counter>& counters);

// Returns those of the counters of which numbers are reserved together, and all are taken in one manner. Who reserved some
// writes there when it comes to them, and nobody else does.
[[nodiscard]] std::set<Counter> find_reserved(const CodeInScope& code, const std::set<Counter>& counters);

// Adds slots of entries, by one key, of which the same is so as a Flow sees them, also through storage pointers. All words in
// such a slot are zero at a number that was not given out. Throws the same.
void add_given_slots(const CodeInScope& code, const std::set<Counter>& counters, std::map<Area, Counter>& given);

// Returns the slot of an entry, by one key, in which all of the area lies, whatever the key is; nothing if there is none.
[[nodiscard]] std::optional<Area> slot_in_entry(const CodeInScope& code, const Area& area);

// Returns the numbers that entries make greater, checked, and nothing else. Throws the same.
[[nodiscard]] std::set<Area> find_rising(const CodeInScope& code);

// Returns fields of mappings of which every write in an entry writes something else than zero. Throws the same.
[[nodiscard]] std::set<Area> find_kept(const CodeInScope& code);

// Returns mappings of which every write, also in a constructor, is where the first key is not zero. Throws the same.
[[nodiscard]] std::set<Area> find_with_keys(const CodeInScope& code);

// Returns the lengths of arrays in variables that no entry ever makes less: nothing but push writes them. Throws the same.
[[nodiscard]] std::set<Area> find_growing(const CodeInScope& code);

}  // namespace interlock::analyzer::prover
