// Proofs by key: one word of an entry is looked at, its sender or an argument, and whether words of others are the same.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/prover/footprint.hpp"

namespace interlock::analyzer::prover {

// What strangers can do with the gas of a call.
enum class Gas : std::uint8_t {
    Any,
    Little,   // less than it costs to send ether along (9,000; Yellow Paper, appendix G), or to create a contract
    Stipend,  // at most 2,300: no write of storage (EIP-2200)
};

// A number that gives out others: each time one more than before (true), or what it is before (false).
using Counter = std::pair<Area, bool>;

// What the sender and the arguments of an entry are to the key that is looked at, and what gas it has.
struct Keys {
    Key sender = Key::Any;
    std::vector<Key> arguments;   // those behind the end are Any
    bool is_inside = false;       // it is called from a call that others make: by an account with code
    bool has_little_gas = false;  // it gets no ether and sends none
    std::set<Counter> given;      // those that have given out the key that is looked at
    std::optional<Counter> own;   // the key is what it gives out to the entry
    // Hashes that functions of the sources compute, as those of what identifies an operation; those that are not there are Any.
    std::map<const ir::Instruction*, Key> hashes;
    friend auto operator<=>(const Keys&, const Keys&) = default;
};

// Words of an entry are numbered: 0 is the sender, the arguments follow.

// A word of the call data of an entry that decodes them itself: where it is loaded, or taken for the address that it is
// required to be.
struct CalldataWord {
    const ir::Instruction* made = nullptr;
    std::size_t word = 0;
    ir::TypeKind kind = ir::TypeKind::Uint;
};
[[nodiscard]] std::vector<CalldataWord> calldata_words(const ir::Function& entry);

// Returns those of the kind, as far as they are looked at.
[[nodiscard]] std::vector<std::size_t> words_of(const ir::Function& entry, ir::TypeKind kind);
// Returns where the entry, or what it calls inside, hashes bytes; none if there are many such places.
[[nodiscard]] std::vector<const ir::Instruction*> hashes_of(const ir::Contract& contract, const ir::Function& entry);
void set_key(Keys& keys, std::size_t word, Key key);
// Returns everything that the words of a visitor, and the hashes that it makes, may be to a key of that kind; nothing is said of
// them without a kind.
[[nodiscard]] std::vector<Keys> cases_of(const ir::Contract& contract, const ir::Function& visitor,
                                         std::optional<ir::TypeKind> kind);

}  // namespace interlock::analyzer::prover
