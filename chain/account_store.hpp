// The cells that the state is made of: accounts, storage slots, transient slots, code.
//
// Cells carry stamps instead of being listed in sets: a cell is warm (created, destroyed, touched, ...) in this
// transaction when its stamp equals the number of the current scope. Starting a transaction therefore resets all of
// them by taking a new number.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/fingerprint.hpp"
#include "chain/flat_table.hpp"
#include "vm/code.hpp"

namespace interlock::chain {

using CellIndex = std::uint32_t;
inline constexpr CellIndex no_cell = std::numeric_limits<CellIndex>::max();

using Scope = std::uint64_t;  // a transaction, or the stretch between two transactions; 0 means none

struct AccountCell {
    Address key;
    bool exists = false;
    std::uint32_t code = 0;  // the number that CodeStore gave the code; 0 means no code
    std::uint64_t nonce = 0;
    Word balance;                    // wei
    CellIndex first_slot = no_cell;  // head of the list of the account's storage cells
    std::uint32_t nonzero_slots = 0;
    Scope warm = 0, created = 0, destroyed = 0, touched = 0;
    Fingerprint seed;
};

struct SlotKey {
    CellIndex account = no_cell;
    Word slot;
    friend bool operator==(const SlotKey&, const SlotKey&) = default;
};

struct SlotCell {
    SlotKey key;
    CellIndex next = no_cell;  // next cell of the same account
    Word value;
    Word original;  // value at the start of the scope `written`
    Scope written = 0, warm = 0;
    Fingerprint seed;
};

struct TransientCell {
    SlotKey key;
    Word value;  // valid in the scope `written`; the slot is zero in any other scope
    Scope written = 0;
    Fingerprint seed;
};

struct BlockHashCell {
    std::uint64_t key = 0;  // block number
    Hash hash;
};

struct CellHasher {
    std::uint64_t operator()(const Address& address) const { return std::hash<Address>{}(address); }
    std::uint64_t operator()(std::uint64_t number) const { return step(0, number); }
    std::uint64_t operator()(const SlotKey& key) const {
        std::uint64_t h = key.account + 1;
        for (const std::uint64_t limb : key.slot.limbs) h = step(h, limb);
        return h;
    }

  private:
    static std::uint64_t step(std::uint64_t h, std::uint64_t bits) {
        h = (h ^ bits) * 0x9e3779b97f4a7c15ULL;
        return h ^ (h >> 32);
    }
};

using AccountTable = FlatTable<AccountCell, Address, CellHasher>;
using SlotTable = FlatTable<SlotCell, SlotKey, CellHasher>;
using TransientTable = FlatTable<TransientCell, SlotKey, CellHasher>;
using BlockHashTable = FlatTable<BlockHashCell, std::uint64_t, CellHasher>;

// Stores code by its hash. Each code is analysed once and shared by every account and every copy of the state that has it.
class CodeStore {
  public:
    CodeStore();
    // Returns the number of this code. The same bytes always have the same number.
    [[nodiscard]] std::uint32_t intern(ByteView code);
    [[nodiscard]] const Hash& hash(std::uint32_t number) const { return codes_[number].hash; }
    [[nodiscard]] const std::shared_ptr<const vm::Code>& code(std::uint32_t number) const { return codes_[number].code; }
    // Returns the number that a code of another store has in this one, and adds the code if it is missing.
    [[nodiscard]] std::uint32_t take(const CodeStore& other, std::uint32_t number);
    // The same for a store of one thread, which counts its references to the code apart: two threads that count references
    // to one code in turns take longer for that than for running a token's transfer.
    [[nodiscard]] std::uint32_t take_apart(const CodeStore& other, std::uint32_t number);

  private:
    struct Entry {
        Hash hash;
        std::shared_ptr<const vm::Code> code;
    };
    std::vector<Entry> codes_;
    std::unordered_map<Hash, std::uint32_t> numbers_;
};

}  // namespace interlock::chain
