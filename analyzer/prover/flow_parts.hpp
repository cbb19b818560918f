// The parts of a Flow: its frames, its nodes, and what is fixed about a function.
#pragma once

#include <algorithm>

#include "analyzer/prover/flow.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/rounds.hpp"

namespace interlock::analyzer::prover {

// std::erase_if() knows the standard's sets alone.
template <class Value>
void erase_if(boost::container::flat_set<Value>& set, const auto& is_dropped) {
    set.erase(std::remove_if(set.begin(), set.end(), is_dropped), set.end());
}

// Whether a word of the type is kept at another end of a word of storage: bytes are left-aligned.
[[nodiscard]] inline bool lies_left(const ir::Type& type) {
    constexpr unsigned word_bits = 256;
    return type.kind == ir::TypeKind::FixedBytes && type.bits < word_bits;
}

// Returns whether a failure of the call undoes the whole frame.
[[nodiscard]] bool fails_hard(const ir::Contract& contract, const ir::Function& function, const ir::ExternalCall& call);

[[nodiscard]] inline bool is_plain_entry(const ir::Function& function) {
    return function.is_entry && function.kind != ir::FunctionKind::Receive && function.kind != ir::FunctionKind::Fallback;
}

[[nodiscard]] Known any_length();
// Whether the number may be an array's length.
[[nodiscard]] bool is_length(const Known& known);

// Whether the area is one word for sure.
[[nodiscard]] bool is_place(const Area& area);

// Returns the word that says whether the call succeeded, if there is one.
[[nodiscard]] std::optional<ir::Value> success_of(const ir::Function& function, const ir::ExternalCall& call);

// Where all that the fork decides is which words are computed, or a revert, until its ways meet again: the blocks until
// there, the last of them included. Nothing otherwise.
[[nodiscard]] std::vector<std::uint32_t> blocks_until_join(const ir::Contract& contract, const ir::Function& function,
                                                           const ir::Terminator& fork);

// Returns whether all ways from there end with a revert. What is called there, and assembly, might end the run with success;
// internal calls are looked at if the contract is given.
[[nodiscard]] bool surely_reverts(const ir::Function& function, const ir::Jump& jump,
                                  const ir::Contract* contract = nullptr);

// Returns the block that leads here, if no other does, and its other way is undone; or null.
[[nodiscard]] const ir::Block* block_before(const ir::Function& function, const ir::Block& block);

// A place in a function at which it turns out whether what was read before still holds: the load `at` in `block`, and what
// is done with its result in the same block. It says so only of the last time that the values in `fixed` were computed.
struct Recheck {
    std::uint32_t block = 0, at = 0;
    std::vector<ir::Value> fixed;
    bool is_equality = false;  // it is the same word
};

// What is fixed about a function.
// Some of the bits of a slot, the lowest one being number zero.
struct BitRange {
    unsigned first = 0, bits = 0;
    friend bool operator==(const BitRange&, const BitRange&) = default;
};

// What a number must be no more than, or everything is undone, once `more` is added to it.
struct Cap {
    ir::Word limit;  // itself if it is a constant; else it stands for a variable
    std::optional<ir::Value> more;
};

// Some bits of a word: those of `value`, or the one that 1 becomes when it is shifted by that.
struct BitsOfWord {
    ir::Value value;
    bool is_shift = false;
};
// A load of a word of which all that matters is that bits of it are zero, and which may be stored again with bits set.
struct BitLoad {
    std::optional<BitsOfWord> asked;
    std::optional<bool> answer;  // the function answers whether they are, in this way
};
struct BitStore {
    BitsOfWord set;
    const ir::Instruction* load = nullptr;  // of the word without them
};

// What a store puts there.
struct PackedPart {
    BitRange range;
    ir::Value value;
};

struct Flow::Shape {
    Shape(const ir::Contract& contract, const ir::Function& function);

    Makers made_by;
    std::vector<ir::Type> types;                          // by value
    std::map<const ir::Instruction*, Access> increments;  // loads and stores that together are x += y or x -= y
    std::map<const ir::Instruction*, ir::Value> addends;  // by store of these: y
    std::map<const ir::Instruction*, ir::Word> capped;    // stores of these of which the sum is at most this
    std::map<const ir::Instruction*, Cap> caps;           // by load of which nothing else matters
    std::map<const ir::Instruction*, BitLoad> bit_loads;
    std::map<const ir::Instruction*, BitStore> bit_stores;
    std::set<const ir::Instruction*> takings;       // loads and stores that together take all, which is paid
    std::set<const ir::Instruction*> told_takings;  // the same, and the function gives it back as well
    std::set<const ir::Instruction*> counts;        // stores that add a constant, checked, which is not zero
    // Loads, also of balances, and internal calls, of what only events tell, or what the entry gives back at its end; and loads
    // that only decide whether the same place is overwritten.
    std::set<const ir::Instruction*> logged, returned;
    std::set<const ir::Instruction*> told;  // loads of what somebody is told, and no more than that
    std::set<std::uint32_t> tellings;       // the selectors with which it is told
    // Lengths of code, and calls of functions that test one, which only decide whether an account is told of what it gets.
    std::set<const ir::Instruction*> receiver_checks;
    std::set<const ir::Instruction*> needed;                   // results of calls that are not zero, or everything is undone
    std::set<const ir::Instruction*> asks;                     // loads of what must be at least something
    std::map<const ir::Instruction*, ir::Value> below_length;  // by load of what must be above it, and no more: this
    std::map<const ir::Instruction*, BitRange> parts_seen;     // loads by a slot, of which only that is looked at
    std::map<const ir::Instruction*, PackedPart> parts_written;  // stores by a slot that leave the rest of it as it was
    std::map<const ir::Instruction*, BitRange> kept_parts;       // loads of that rest, which is all but this
    std::map<const ir::Instruction*, Access> part_sums;          // of both, if together they are x += y or x -= y
    // Loads and stores of elements, by the variable of their array, of which the index is below a length that was found before,
    // and loads of lengths that must be above such an index, and no more.
    std::map<const ir::Instruction*, std::uint32_t> old_elements;
    // By load: what a later load of the same place finds out again, or everything is undone.
    std::map<const ir::Instruction*, std::vector<Recheck>> rechecks;
    // By hash of one word, or of two, that were just put into memory: the last one.
    std::map<const ir::Instruction*, ir::Value> hashed_word, hashed_pair;
    std::map<const ir::Instruction*, ir::Value> hashed_key;                 // of these two the first one
    std::map<const ir::Instruction*, std::vector<HashedWord>> hashed_data;  // by hash of bytes, if they are these words
    std::vector<FreshValue> fresh;                                          // numbers that a counter gives out
    std::vector<FreshValue> reserved;                                       // of those that it gave out together
    std::set<const ir::Instruction*> numbering;                             // loads and stores of its that give them out
    std::set<const ir::Instruction*> accepted;     // copies of an answer of which the type is known, and their sizes
    std::set<const ir::ExternalCall*> followed;    // calls of which the whole answer is loaded in words, by
    std::set<const ir::Instruction*> taken_words;  // these, or is none
    std::map<const ir::Instruction*, ir::Value> balance_asked;  // reads of it that only ask whether it is at least that
    std::map<const ir::Instruction*, Access> weighed;           // reads of it, or of numbers: Ask, AskMost or Read
    std::map<const ir::ExternalCall*, Access> weighed_tokens;   // the same of calls that ask how many tokens somebody has
    std::map<const ir::ExternalCall*, ir::Value> tokens_asked;  // those that only ask whether it is at least that
    // Of calls in assembly: what they write to memory right before and send, or the bytes that they send whole.
    std::map<const ir::ExternalCall*, CallData> written_data;
    std::map<const ir::ExternalCall*, ir::Value> sent_bytes;
    std::map<const ir::Instruction*, CallData> encodings;  // by what makes bytes of them
    std::set<const ir::Instruction*> peeks;                // ask where bytes lie, and leave them as they are
    std::set<const ir::Instruction*> copies;               // where a copy of an answer lies
    std::set<const ir::Instruction*> empties;              // bytes that are made without any

    [[nodiscard]] Access access_of(const ir::Instruction& load) const {
        return asks.contains(&load) ? Access::Ask : Access::Read;
    }
    [[nodiscard]] bool is_made_of(ir::Value value, ir::Value of, int depth = 0) const;  // or it may be
    // Whether they are the same, as long as those are that are added to `from`.
    [[nodiscard]] bool is_same_value(ir::Value a, ir::Value b, std::vector<ir::Value>* from = nullptr, int depth = 0) const;
    [[nodiscard]] bool is_same_load(const ir::Instruction& a, const ir::Instruction& b, std::vector<ir::Value>& from) const;

  private:
    void find_increments(const ir::Function& function);
    void find_caps(const ir::Contract& contract, const ir::Function& function);
    void find_bits(const ir::Contract& contract, const ir::Function& function);
    void find_takings(const ir::Contract& contract, const ir::Function& function);
    void find_logged(const ir::Function& function);
    [[nodiscard]] std::vector<bool> used_values(const ir::Function& function, bool returning_tells) const;
    [[nodiscard]] std::set<const ir::Instruction*> find_last_indices(const ir::Function& function) const;
    void find_old_elements(const ir::Function& function);
    void find_packed(const ir::Function& function);
    void find_needed(const ir::Function& function);
    void find_tellings(const ir::Contract& contract, const ir::Function& function);
    void find_receiver_checks(const ir::Contract& contract, const ir::Function& function);
    void find_rechecks(const ir::Function& function);
    void find_stamps(const ir::Function& function);
    void find_balance_asked(const ir::Function& function);
    void find_tokens_asked(const ir::Contract& contract, const ir::Function& function);
    void find_weighed(const ir::Contract& contract, const ir::Function& function);
    void find_hashed_words(const ir::Function& function);
    void find_accepted(const ir::Contract& contract, const ir::Function& function);
    void find_hashed_data(const ir::Function& function);
    void find_call_data(const ir::Function& function);
    void find_peeks(const ir::Function& function);
    void find_copies(const ir::Contract& contract, const ir::Function& function);
    void find_given_back(const ir::Function& function);
    void find_empties(const ir::Contract& contract, const ir::Function& function);
    [[nodiscard]] bool is_backed(const ir::Function& function, const ir::Instruction& store) const;
    [[nodiscard]] bool is_same_place(const ir::Instruction& load, const ir::Instruction& store) const;
    // Whether both read the same place, as far as the values are the same that are added to `from`.
};

// A round of a loop that is as good as a call of its own.
struct Flow::Round {
    std::vector<bool> heads;  // by node: where a round begins, and the one before ends
    Footprint before;         // what is read before the loop
    bool is_counted = false;  // the call leaves a record of itself, or of all its rounds
};

// One activation of a function. Each place in the graph that calls has its own, but for a function that calls itself: all
// of its activations inside of each other are one, which goes back to several places.
struct Flow::Frame {
    static constexpr std::uint32_t none = 0xffffffff;
    struct Place {
        std::uint32_t frame = none;       // none: whoever called from outside
        std::uint32_t block = 0, at = 0;  // where it continues; `at` counts instructions
        friend bool operator==(const Place&, const Place&) = default;
    };
    Entry entry;
    std::uint32_t storage = 0;  // the contract that runs it: another one than that of the entry if it runs foreign code
    const ir::Function* function = nullptr;
    const Shape* shape = nullptr;
    std::uint32_t caller = none;      // the frame
    std::uint32_t block = 0, at = 0;  // where it continues in the caller; `at` counts instructions
    std::vector<Place> again;         // where it continues in what it called itself
    bool is_outer = true;             // an entry, not an internal call
    bool only_tells = false;          // what it gives back is only told, and it cannot fail
    Known sender;
    std::uint32_t depth = 0;
    std::vector<Known> values;
    std::vector<Known> words;  // of the call data, behind the selector, if it is an entry that the scope calls
    std::map<std::uint32_t, std::vector<Known>> results;  // of internal calls, by their value

    // All places at which it continues; the first is that of the call around all others.
    [[nodiscard]] std::vector<Place> places() const {
        std::vector<Place> all{{caller, block, at}};
        all.insert(all.end(), again.begin(), again.end());
        return all;
    }
};

// A stretch of a block without calls.
struct Flow::Node {
    std::uint32_t frame = 0, block = 0, first = 0;
    State state;
    std::set<std::uint32_t> next;
    bool ends = false;             // the whole run succeeds here
    bool forks_by_answer = false;  // of which not all that follows is undone at once
    bool tells_answer = false;     // what others answered goes into memory, or to whoever called
    bool writes_constants = true;  // what it writes to the state, it does not compute
    Footprint footprint;           // of its instructions, without `loads`
    // Accesses of kept fields, and the loads that may show that a store claims its word; for a load itself, if it is one.
    std::map<const ir::Instruction*, std::pair<std::set<std::pair<Area, Access>>, Values>> marked;
    std::map<const ir::Instruction*, Values> given_by;  // by access: loads under the same number, which may tell of it
    std::map<std::uint32_t, Values> used_ways;          // by block that may follow: loads that are not zero there
    std::map<const ir::Instruction*, Area> loads;       // of what may be found out again later
    std::map<const ir::Instruction*, Area> stamps;      // stores of it
    // Stores of x += y and x -= y, checked, and loads that only ask whether a number is at most something.
    std::map<const ir::Instruction*, std::pair<Area, Access>> sums;
    std::map<const ir::Instruction*, Area> capped;
    std::map<const ir::Instruction*, Area> bits;  // and of words of which only bits matter
    std::set<Area> counted;                       // to which it adds at least one
    std::set<Area> seen, set;                     // what it looks at, and single places that it writes without that
    Facts found, left;                            // what is in places where it first writes them, and at the run's end
    std::map<std::uint32_t, Access> codes;        // instructions that ask how long somebody's code is: Read, or Ask for some
    std::map<std::uint32_t, ir::Value> balance_asked;  // instructions that only ask whether the balance is at least that
    std::optional<Tokens> tokens_asked;                // its call at the end only asks whether there are so many
    std::optional<Tokens> tokens_moved;                // or moves so many, of that account
    Footprint call_footprint;                          // of the call at its end
    std::set<Area> elsewhere;                          // variables with the called account, which is not this contract
    std::set<Area> asked;                              // by it: accounts of which the answers are steady
    bool may_go_on = false;                            // after the call failed, as far as it is seen at once
    bool is_site = false;                              // strangers may call back there
    CallSite site;                                     // `only_asks`: they may ask
};

}  // namespace interlock::analyzer::prover
