// The cells that the state is made of: accounts, storage slots, transient slots, code.
//
// Stamps instead of sets: a cell is warm (created, destroyed, touched, ...) in this transaction when its stamp equals the
// number of the current scope. Starting a transaction therefore forgets everything by taking a new number.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/fingerprint.hpp"
#include "chain/flat_table.hpp"
#include "vm/code.hpp"

namespace interlock::chain {

using CellIndex = std::uint32_t;
inline constexpr CellIndex no_cell = std::numeric_limits<CellIndex>::max();

using Scope = std::uint64_t;  // a transaction, or the stretch between two; 0 is none

struct AccountCell {
    Address key;
    bool exists = false;
    std::uint32_t code = 0;  // CodeStore's number; 0 is no code
    std::uint64_t nonce = 0;
    Word balance;                    // wei
    CellIndex first_slot = no_cell;  // heads the list of the account's storage cells
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
    CellIndex next = no_cell;  // of the same account
    Word value;
    Word original;  // at the start of the scope `written`
    Scope written = 0, warm = 0;
    Fingerprint seed;
};

struct TransientCell {
    SlotKey key;
    Word value;  // of the scope `written`; zero in any other
    Scope written = 0;
    Fingerprint seed;
};

struct BlockHashCell {
    std::uint64_t key = 0;  // the block's number
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

// Code by hash: analysed once, shared by every account and every copy of the state that has it.
class CodeStore {
  public:
    CodeStore();
    // The number of this code; the same bytes have the same number.
    [[nodiscard]] std::uint32_t intern(ByteView code);
    [[nodiscard]] const Hash& hash(std::uint32_t number) const { return codes_[number].hash; }
    [[nodiscard]] const std::shared_ptr<const vm::Code>& code(std::uint32_t number) const { return codes_[number].code; }
    // The number here of a code of another store.
    [[nodiscard]] std::uint32_t take(const CodeStore& other, std::uint32_t number);

  private:
    struct Entry {
        Hash hash;
        std::shared_ptr<const vm::Code> code;
    };
    std::vector<Entry> codes_;
    std::unordered_map<Hash, std::uint32_t> numbers_;
};

}  // namespace interlock::chain
