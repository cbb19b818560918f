// What is known of a word without asking a solver: some of its bits, a bound, or where it comes from.
#pragma once

#include "analyzer/prover/footprint.hpp"

namespace interlock::analyzer::prover {

// No key and no creation gives an address that small but by a collision of 144 bits: precompiles have them (EIP-1352).
inline constexpr ir::Word last_reserved{0xffff};

struct Known {
    enum class Kind : std::uint8_t {
        Never,    // no run computes it
        Bits,     // the bits of `word` where `mask` is set; with an empty mask nothing is known
        Small,    // at most `word`
        NotZero,  // of places, in facts; if `number` is one, at the number that the place `area` holds
        Slots,    // from `word` to `word` + `mask`
        Entry,    // a slot in the entry `area`: `word` slots behind where an object of the type `number` - 1 begins, which
                  // is not known if `number` is zero; in an array's data, where no lengths lie, if `is_element`; where an
                  // array's first element lies, of the type `elements` - 1, if that is not zero
        Hash,     // a hash, or a slot near it
        Head,     // of bytes in storage: their length is one of at most 64 bits
        Origin,   // of the transaction
        Actor,    // an account that calls: none of those up to 0xffff, which precompiles have (EIP-1352)
        Caller,   // who called from outside: neither the contract itself nor anybody with a role
        Sister,   // another contract of the kind `number` of the scope than the one that variables hold
        Fresh,    // an account that the entry has just made: of the kind `number` - 1 of the scope, if that is not zero; or
                  // zero where that failed, which `word` stands for
        Offspring,  // one that an entry made, of the kind `number` - 1 of the scope, or a minimal proxy if that is zero; or
                    // zero, unless `word` says that it is surely there
        Self,       // this contract
        Role,       // the account in the variable `area`, which strangers cannot set
        AnyRole,    // the account in one of several such variables of the contract that `area` names
        Made,       // a contract of the scope, `number` in it
        Text,       // the constant bytes of `text`
        Length,     // of the code of who called the entry
        Clock,      // the time of the block, or its number if `number` is one
        Timed,      // a number of which it is known how it compares, with the orders in `word`: with that clock, with the
                    // number in the place `area` if `number` is `by_place`, with `mask` if it is `by_constant`
        Coded,      // bytes that begin with the selector `number`, as `maker` wrote them
    };
    static constexpr std::uint32_t by_place = 2, by_constant = 3;
    Kind kind = Kind::Never;
    bool is_element = false;
    bool is_flat = false;        // Entry: one key, or one index, led there
    bool is_by_index = false;    // Entry: the area's key is the index of the element
    bool is_clone = false;       // Fresh: a minimal proxy
    bool is_answer = false;      // it depends on what a call answered
    bool is_in_memory = false;   // an address in free memory, where objects lie
    bool is_inside = false;      // Caller, Actor, Made: of an account with code, which did not begin the transaction
    bool is_who_called = false;  // Caller, Actor: it is the one who called the entry
    Key key = Key::Any;          // what the whole word is
    Hashed hashed = Hashed::Any;
    ir::Word word, mask;
    Area area;
    std::uint32_t number = 0, elements = 0;
    const std::string* text = nullptr;
    const ir::Instruction* maker = nullptr;

    friend bool operator==(const Known&, const Known&) = default;
    friend auto operator<=>(const Known&, const Known&) = default;

    [[nodiscard]] bool is_constant() const { return kind == Kind::Bits && mask == vm::all_ones; }
    [[nodiscard]] bool is_nothing() const { return kind == Kind::Bits && mask.is_zero(); }
    [[nodiscard]] bool is_measured_as(const Known& other) const {
        return kind == Kind::Timed && other.kind == kind && number == other.number && area == other.area &&
               mask == other.mask;
    }
    [[nodiscard]] bool is_measured_by_place() const { return kind == Kind::Timed && number == by_place; }
    // Whether it is said of the entry whose key is the number in the place `area`.
    [[nodiscard]] bool is_by_number() const { return kind == Kind::NotZero && number == 1; }
    [[nodiscard]] bool is_account() const { return kind == Kind::Caller || kind == Kind::Self || kind == Kind::Role; }
};

[[nodiscard]] Known nothing_known();
[[nodiscard]] Known constant_of(const ir::Word& word);
[[nodiscard]] Known of_kind(Known::Kind kind);
[[nodiscard]] Known at_most(const ir::Word& bound);

// Returns the offspring that it is, or nothing. Zero is any.
[[nodiscard]] std::optional<Known> offspring_in(const Known& known);

// Returns what holds of both.
[[nodiscard]] Known common(const Known& a, const Known& b);

// Returns the most that the value can be, or nothing.
[[nodiscard]] std::optional<ir::Word> bound_of(const Known& known);
[[nodiscard]] std::optional<bool> truth_of(const Known& known);

// How two words may compare, as a set of bits.
inline constexpr std::uint8_t less_order = 1, equal_order = 2, greater_order = 4, any_order = 7;
// Returns the orders in which a comparison holds; nothing if it is none.
[[nodiscard]] std::optional<std::uint8_t> orders_of(ir::Op op);
// The same with the sides exchanged.
[[nodiscard]] std::uint8_t reversed(std::uint8_t orders);

// Whether one of two words is the account that began the transaction, and the other one surely is not.
[[nodiscard]] bool tells_from_origin(const std::vector<Known>& operands);

// Returns what is known of an operation on words and Booleans.
[[nodiscard]] Known outcome_of(const ir::Instruction& instruction, const std::vector<Known>& operands);

}  // namespace interlock::analyzer::prover
