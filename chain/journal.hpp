// The undo journal: one record for each change of the state.
//
// A record holds the value that its change replaced. Undoing exchanges the two, so an undone record is the record of its
// own inverse: with history kept, it is appended again instead of being dropped, and undoing *that* restores the change.
#pragma once

#include <cstdint>
#include <vector>

#include "vm/word.hpp"

namespace interlock::chain {

enum class Change : std::uint8_t {
    Exists,
    Balance,
    Nonce,
    Code,
    Created,
    Destroyed,
    Touched,
    WarmAccount,  // cell: an account
    Slot,
    SlotOriginal,
    WarmSlot,   // cell: a storage slot
    Transient,  // cell: a transient slot
    BlockHash,  // cell: a block hash
    Log,
    Scope,        // the start or end of a transaction
    Transaction,  // the transaction's context and logs; cell: where the replaced ones are parked
    Block,        // the block's context; cell: where the replaced one is parked
    Reverted,     // everything from `stamp` up to here cancels out: an undone frame and its inverse
};

struct Record {
    vm::Word value;           // the replaced value
    std::uint64_t stamp = 0;  // the replaced scope, where the cell has one
    std::uint32_t cell = 0;
    Change change = Change::Exists;
    bool inverse = false;  // appended by an undo
};

using Journal = std::vector<Record>;

}  // namespace interlock::chain
