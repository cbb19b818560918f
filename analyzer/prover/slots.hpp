// Slots: which variable, or which part of an entry, a computed slot belongs to. A storage pointer is a slot and the type of
// what lies there; a library that gets one reaches fields by adding to it, entries and elements by hashing.
#pragma once

#include <optional>

#include "analyzer/prover/known.hpp"

namespace interlock::analyzer::prover {

// Returns the slot of an object of that type in the area.
[[nodiscard]] Known slot_of(const Area& area, ir::StorageTypeIndex type);

// Returns the area of the slot, with the fields on the way as far as they are known.
[[nodiscard]] Area area_in(const ir::Contract& contract, const Known& slot);

// Returns the area of the bytes of the slot, if they are one field of it, or nothing.
[[nodiscard]] std::optional<Area> area_of_part(const ir::Contract& contract, const Known& slot, unsigned offset,
                                               unsigned bytes);

// Whether all of the slot is one word of its type, of which nobody writes a part.
[[nodiscard]] bool is_whole_word(const ir::Contract& contract, const Known& slot);

// Whether an array's length lies in the slot.
[[nodiscard]] bool is_slot_of_length(const ir::Contract& contract, const Known& slot);
// The same of byte strings, surely or maybe.
[[nodiscard]] bool is_slot_of_bytes(const ir::Contract& contract, const Known& slot);
[[nodiscard]] bool may_be_slot_of_bytes(const ir::Contract& contract, const Known& slot);

// Whether the word is a slot of a variable, or one that was made from it. What else is hashed, somebody may have chosen, and
// its hash may be a slot that the source has written out.
[[nodiscard]] bool is_own_slot(const ir::Contract& contract, const Known& word);

// Return what keccak256 of the slot is, as where an array's elements lie, and of a key and the slot, as where an entry of a
// mapping lies.
[[nodiscard]] Known first_behind(const ir::Contract& contract, std::uint32_t index, const Known& slot);
// `first`: as first_behind says; returns the slots of the element with this index, which is below the length.
[[nodiscard]] Known element_behind(const Known& first, Key index);
// Returns how many slots an element takes, at most 2^32, or nothing where several lie in a slot.
[[nodiscard]] std::optional<std::uint64_t> slots_of_element(const ir::Contract& contract, const Known& first);
[[nodiscard]] Known entry_behind(const ir::Contract& contract, std::uint32_t index, const Known& slot);

}  // namespace interlock::analyzer::prover
