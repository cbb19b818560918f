// Keccak preimages that were seen while contracts ran. They tell which storage slot is which entry of which mapping.
//
// A mapping's entry lies at keccak256(key ++ slot of the mapping). The hash cannot be inverted, but the contract itself
// hashed every entry that was ever used, on this machine. A preimage stays true for ever, so nothing here is undone
// when a search goes back.
#pragma once

#include <unordered_map>
#include <vector>

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

class Preimages {
  public:
    struct Entry {
        vm::Bytes key;     // 32 bytes for value keys, any length for string keys
        vm::Word mapping;  // slot of the mapping
        vm::Word slot;     // of the entry
    };

    // Takes any hashed input; its last word may be a mapping's slot.
    void observe(vm::ByteView input, const vm::Hash& hash);

    [[nodiscard]] const Entry* find(const vm::Word& slot) const;
    // Returns the entry that `slot` belongs to, looking up to `reach` slots back (for fields of a struct).
    [[nodiscard]] const Entry* find_near(const vm::Word& slot, std::uint64_t reach) const;
    // Returns the slots of one mapping's entries, in the order in which they were first seen.
    [[nodiscard]] std::vector<vm::Word> entries(const vm::Word& mapping) const;
    [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }

  private:
    std::vector<Entry> entries_;
    std::unordered_map<vm::Word, std::uint32_t> by_slot_;
    std::unordered_map<vm::Word, std::vector<std::uint32_t>> by_mapping_;
};

}  // namespace interlock::analyzer
