// Footprints: what a piece of code may touch, as areas of the state coarse enough to compare quickly. Two pieces whose
// footprints commute can run in either order: the state afterwards and what both did is the same.
//
// Areas rest on the layout of storage: different variables, and entries of different mappings and arrays, never share a
// slot, and no hash is a constant slot.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// What a word is to the key of the call that is looked at: the sender of the entry around it, or one of its arguments.
enum class Key : std::uint8_t { Any, This, Other };

// Whose account is the first word of the data of which a word is the hash: of no two of these the hashes are the same.
enum class Hashed : std::uint8_t { Any, OfScope, OfOthers };

// What a piece of code finds at a word that nobody sets to zero again, or everything is undone.
enum class Found : std::uint8_t {
    Any,
    Used,     // it is not zero when the piece is done with it
    Set,      // it is one, and was so when the piece came to it: a flag
    Claimed,  // it was zero when the piece came to it, and is not any more when the piece is done with it
};

struct Area {
    enum class Kind : std::uint8_t {
        Slots,         // constant slots; part of one slot if `last` is zero
        Entries,       // of the mapping or array in `variable`, with the fields on the way there
        AnyEntry,      // some slot that is a hash
        Storage,       // any slot
        Transient,     // one constant slot of transient storage
        AnyTransient,  // any
        Immutable,     // `variable`; it is never written after the construction
        Balance,       // the contract's ether
        Code,          // which addresses have code, and what
        World,         // what contracts outside of the scope remember of calls
        Tokens,        // and of it, who has how many tokens: transfers add what comes in and subtract what goes out
        Receivers,     // and of it, who was told of tokens that came
        Owners,        // what contracts of tokens that are one of a kind say of their owners
    };
    static constexpr std::uint32_t no_variable = 0xffffffff;  // Entries: of a mapping at a constant slot of its own
    Kind kind = Kind::World;
    std::uint32_t contract = 0;  // index in the scope
    std::uint32_t variable = 0;
    std::vector<std::uint32_t> fields;
    ir::Word slot, last;  // from `slot` to `slot` + `last`
    std::uint8_t offset = 0, bytes = 32;
    bool is_of_origin = false;         // Entries: the one whose key is the transaction's origin, which is one for all frames
    std::optional<ir::Word> constant;  // Entries: the one whose key this is
    Key key = Key::Any;                // Entries: what the first key is
    // Entries: who gave the piece itself, and nobody else, the account or number that is the first key; 0: nobody.
    std::uint32_t made_by = 0;
    bool is_one = false;             // Entries: a single place, if the key is This
    Found found = Found::Any;        // Entries: whatever the key is
    std::optional<ir::Word> within;  // Entries, by one key: this slot alone, counted from where the entry begins
    Hashed hashed = Hashed::Any;     // Entries: what the first key is
    bool is_of_sister = false;       // it is of another contract of the kind than the one that is looked at
    std::optional<ir::Word> cap;     // of what is added, and of numbers: all of it is at most this, or everything is undone

    friend bool operator==(const Area&, const Area&) = default;
    friend auto operator<=>(const Area&, const Area&) = default;

    [[nodiscard]] bool is_outside() const {
        return kind == Kind::World || kind == Kind::Tokens || kind == Kind::Receivers || kind == Kind::Owners;
    }
    [[nodiscard]] bool is_of_state() const { return kind != Kind::Balance && kind != Kind::Code && !is_outside(); }
    [[nodiscard]] bool is_one_number() const { return kind == Kind::Slots && last.is_zero(); }
    [[nodiscard]] bool is_transient() const { return kind == Kind::Transient || kind == Kind::AnyTransient; }
};

inline constexpr std::uint32_t by_creation = 1;  // Area::made_by: the piece made the account; greater: a counter

[[nodiscard]] Area code_area();
[[nodiscard]] Area tokens_area();
[[nodiscard]] Area owners_area();
[[nodiscard]] Area receivers_area();
[[nodiscard]] Area state_of_sister(std::uint32_t contract);  // all storage of others of the kind
[[nodiscard]] Area area_of(const ir::Contract& contract, std::uint32_t index, const ir::Place& place);
// Returns what lies there.
[[nodiscard]] ir::StorageTypeIndex type_index_at(const ir::Contract& contract, const ir::Place& place);
[[nodiscard]] const ir::StorageType& type_at(const ir::Contract& contract, const ir::Place& place);
// Returns the whole mapping of a flag that is kept under an account last, or an area that is none.
[[nodiscard]] Area flags_of(const ir::Contract& contract, std::uint32_t index, const ir::Place& place);
// Whether a slot that somebody wrote out lies where an array of the contract has its elements: behind keccak256 of one of
// the contract's slots.
[[nodiscard]] bool is_data_of_array(const ir::Contract& contract, const ir::Word& slot);
// Whether one of them begins with the other.
[[nodiscard]] bool is_prefix(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);
[[nodiscard]] bool overlap(const Area& a, const Area& b);
// Whether they are the same but for the keys, so that the same word is the same bits there.
[[nodiscard]] bool is_same_layout(const Area& a, const Area& b);
[[nodiscard]] std::string name_of(const ir::Contract& contract, const Area& area);

enum class Access : std::uint8_t {
    Read,
    Ask,      // all that matters of the number is that it is at least something, or everything is undone
    AskMost,  // or at most
    Write,
    Add,           // x += y, checked, of an unsigned number: two of them commute, since only the largest sum can overflow
    Subtract,      // x -= y, checked
    SubtractSeen,  // the same, where y is what x was found to be, and nothing else was done to it
    Shift,         // x += y or x -= y, unchecked
    SmallAdd,      // the first two of numbers of less than 128 bits, whose sums are not so surely below the largest
    SmallSubtract,
    LooseAdd,  // x += y, unchecked, of a number of 128 bits or more, where y was added or subtracted before, checked
    Append,    // to a list that only views read
    Grow,      // the length of an array that never falls
    Number,    // the next number is taken from a counter, and any other one would do as well
    Take,      // all of it, which is paid, so that zero is left
    // Writes of one word, which is the same in all of a transaction: two of them to one place commute.
    WriteZero,
    WriteOne,
    WriteTime,    // of the block
    WriteNumber,  // of the block
    WriteKey,     // that which is looked at
    Leave,        // any word at a place that only views read; of the world, what was decided apart
    Tally,        // x += y, of a number that only views read, and that nobody sets
    Restore,      // what is set back before the entry ends
    Lend,         // x += y, checked, of which the entry takes back the same, checked, before it ends
    Repay,        // that
    Claim,        // bits of a word that had to be zero are set
    GiveOne,      // of tokens: one that is one of a kind goes out
};

[[nodiscard]] constexpr bool only_adds(Access access) {
    return access == Access::Add || access == Access::SmallAdd || access == Access::LooseAdd || access == Access::Shift;
}
// In a record of the contract's own.
[[nodiscard]] inline bool only_leaves(const std::pair<Area, Access>& each) {
    return (each.second == Access::Leave || each.second == Access::Tally) && each.first.is_of_state();
}
[[nodiscard]] constexpr bool only_reads(Access access) {
    return access == Access::Read || access == Access::Ask || access == Access::AskMost;
}
// Writes that do not look at what was there, and never fail.
[[nodiscard]] constexpr bool only_writes(Access access) {
    return access == Access::Write || (access >= Access::WriteZero && access <= Access::Restore);
}

// Contracts of the scope of which the ether is looked at, or where ether comes from or goes to.
struct Purses {
    std::set<std::uint32_t> seen, paying, paid;

    void add(const Purses& other);
    [[nodiscard]] std::set<std::uint32_t> all() const;
};

struct Footprint {
    std::set<std::pair<Area, Access>> accesses;
    Purses purses;
    bool receives = false;         // ether from outside
    bool sends = false;            // ether to outside
    bool sends_soft = false;       // and goes on if that fails
    std::set<Access> balance;      // how it looks at the contract's ether: Read, Ask or AskMost
    bool asks_for_caller = false;  // whether the account that called the entry has code
    bool counts_others = false;    // how many tokens others than the contract have
    bool makes_tokens = false;     // has contracts of tokens make some, or destroy some
    bool lends = false;            // something is added meanwhile, and taken back

    [[nodiscard]] bool reads_balance() const { return !balance.empty(); }
    // Whether all that matters of the ether is that it is at least something, or, for AskMost, at most.
    [[nodiscard]] bool only_weighs_balance(Access access) const { return balance == std::set{access}; }

    void add(const Footprint& other);
    void take_loans_out();  // what is lent, and taken back
    // The same of another contract of the kind: what is its own.
    [[nodiscard]] Footprint of_sister(std::uint32_t contract) const;
    // The same of a part of which somebody survives the failure: what may fail looks at what it changes.
    [[nodiscard]] Footprint survived() const;
    [[nodiscard]] bool writes(const Area& area) const;
    [[nodiscard]] bool looks_at(const Area& area) const;    // at more than that it adds there
    [[nodiscard]] bool adds_to(const Area& area) const;     // checked, which fails where the sum does not fit
    [[nodiscard]] bool overwrites(const Area& area) const;  // writes there otherwise
    [[nodiscard]] bool passes_on(const Area& area) const;  // what it takes there it may give to another entry; no ether goes
    [[nodiscard]] bool writes_anything() const;
    [[nodiscard]] bool changes_anything() const;  // that is no record
    [[nodiscard]] bool moves_tokens() const;
    [[nodiscard]] std::optional<Access> only_move()
        const;  // of tokens, if it does nothing else outside: Add, Subtract or GiveOne
    [[nodiscard]] bool tells_receivers() const;
};

// Returns an area on which the order of the two matters, or null.
[[nodiscard]] const Area* conflict(const Footprint& a, const Footprint& b);

// Whether something comes out the same in another order. Each but the last needs what those behind it need, too.
enum class Fit : std::uint8_t {
    No,
    IfCovered,         // if no payment fails because the contract has too little
    IfAtHand,          // if what is paid in the middle of a call needs nothing that comes in meanwhile
    IfNoSumOverflows,  // what was subtracted first, or asked for, can be after something was added
    Yes,
};
// Of what runs in the order `first`, `second` and is to run the other way round. Nobody will see what they leave in `lost`.
[[nodiscard]] Fit fit_of_swap(const Footprint& first, const Footprint& second, const std::set<Area>& lost = {});

}  // namespace interlock::analyzer::prover
