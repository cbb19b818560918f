// Computes where a place is in storage once its keys are known, by Solidity's layout of state variables.
//
// A mapping's entry is at keccak(key . slot), with value keys padded to a word and bytes keys unpadded. A dynamic
// array's elements begin at keccak(slot). Small values share a slot from its low end.
#pragma once

#include <span>
#include <variant>

#include "lang/ir/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

using StorageKey = std::variant<vm::Word, vm::Bytes>;

struct StorageLocation {
    vm::Word slot;
    std::uint8_t offset = 0;  // bytes from the low end of the slot
    ir::StorageTypeIndex type = 0;
};

[[nodiscard]] vm::Word mapping_entry(const vm::Word& mapping_slot, const StorageKey& key);

// `keys` are the operands of the place's steps. An array's index is not compared with its length. The place must be valid.
[[nodiscard]] StorageLocation locate(const ir::Contract& contract, const ir::Place& place, std::span<const StorageKey> keys);

// Returns the byte within its slot, from the low end, at which the place begins; its keys do not matter. An element that
// shares its slot with others has its offset from its index instead.
[[nodiscard]] unsigned offset_in_slot(const ir::Contract& contract, const ir::Place& place);

// Returns the value of `type` at the offset in the slot's word, as a word of the machine's stack.
[[nodiscard]] vm::Word value_in_slot(const ir::Type& type, const vm::Word& slot_word, std::uint8_t offset);

}  // namespace interlock::lang
